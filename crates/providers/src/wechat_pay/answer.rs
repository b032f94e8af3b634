//! What an answer of WeChat Pay means for us: known, declined, not found, or unknown.
//!
//! The one rule behind all rows: only what carries a good signature is knowledge. WeChat Pay API
//! v3 does not say whether answers other than 2xx are signed, so an unsigned error is kept apart by
//! its [`Standing`]: it is enough to stop, to ask again or to send the same number again. The buyer
//! is paid another way only when minutes after the refusal the number is not known
//! (`crates/providers/src/channel.rs`).

use super::{
    credentials::Credentials,
    error_body::ErrorBody,
    verify::{VerifyError, verify},
};
use crate::{client::Fault, http::Response};

/// The answer to a question of type `T`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<T> {
    /// A signed 200: this is how it stands.
    Known(Box<T>),
    /// WeChat Pay refused; nothing was started by this request.
    Declined(Declined),
    /// What was asked about does not exist.
    NotFound(Declined),
    /// Nobody can say whether it was done: ask, or send the same number and the same body again.
    Unknown(Unknown),
}

/// A refusal as WeChat Pay worded it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declined {
    pub http_status: u16,
    pub code: String,
    /// For people. No decision may depend on its text.
    pub message: String,
    pub retry: Retry,
    pub standing: Standing,
    /// `Request-ID`, which WeChat's support asks for.
    pub request_id: Option<String>,
}

/// When the same refund number may be sent again after a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// A business rule said no (`INVALID_REQUEST` and every code we do not know): a person reads
    /// the message.
    Never,
    /// `NOT_ENOUGH`: the same number and body once the merchant has topped up.
    AfterTopUp,
    /// Our program, key or permission is wrong: the same number and body once it is put right.
    AfterRepair,
    /// `USER_ACCOUNT_ABNORMAL`: the buyer's account is gone.
    AnotherWay,
}

/// Whether a refusal is proven to come from WeChat Pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Signed,
    /// It carried no signature; anybody between could have said it.
    Unsigned,
}

/// An answer that decides nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    pub why: Why,
    pub request_id: Option<String>,
}

/// Why nothing is known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// The only row where it is certain that nothing was done.
    #[error("the request never left: {0}")]
    NeverLeft(String),
    #[error("there was no answer: {0}")]
    NoAnswer(String),
    /// 429: whether the request was accepted is not known.
    #[error("too many requests ({code})")]
    TooMany { code: String },
    /// 5xx, or `SYSTEM_ERROR` under any status.
    #[error("trouble at WeChat Pay (HTTP {http_status})")]
    ServerError { http_status: u16 },
    #[error("the answer is not proven to be WeChat Pay's: {0}")]
    Unverified(#[from] VerifyError),
    #[error("the answer cannot be read: {0}")]
    Unreadable(String),
    /// A status that no page of WeChat Pay explains for this request.
    #[error("unexpected HTTP status {http_status}")]
    Unexpected { http_status: u16 },
    /// Signed, but about something else than what was asked.
    #[error("the answer is about another number than the one asked")]
    AnotherSubject,
}

impl Why {
    /// Whether this is WeChat Pay's signature probe, so nobody need be woken.
    pub fn is_probe(&self) -> bool {
        matches!(self, Self::Unverified(error) if error.is_probe())
    }

    /// Whether it is certain that WeChat Pay did not receive the request.
    pub fn never_left(&self) -> bool {
        matches!(self, Self::NeverLeft(_))
    }
}

impl<T> Answer<T> {
    /// The same answer about something else.
    pub(super) fn and_then<U>(
        self,
        read: impl FnOnce(T, Option<String>) -> Answer<U>,
        request_id: Option<String>,
    ) -> Answer<U> {
        match self {
            Self::Known(value) => read(*value, request_id),
            Self::Declined(declined) => Answer::Declined(declined),
            Self::NotFound(declined) => Answer::NotFound(declined),
            Self::Unknown(unknown) => Answer::Unknown(unknown),
        }
    }

    /// The answer to a question that could not be put.
    pub fn never_left(why: &str) -> Self {
        Self::unknown(Why::NeverLeft(why.to_owned()), None)
    }

    pub(super) fn unknown(why: Why, request_id: Option<String>) -> Self {
        Self::Unknown(Unknown { why, request_id })
    }
}

impl From<Fault> for Why {
    fn from(fault: Fault) -> Self {
        match &fault {
            Fault::NeverLeft { .. } => Self::NeverLeft(fault.to_string()),
            Fault::Unknown { .. } => Self::NoAnswer(fault.to_string()),
        }
    }
}

/// Verifies, then classifies: the body of a signed 200, or what the error means. `absent` are the
/// error codes that say that the thing asked about does not exist.
pub(super) fn classify(
    response: &Response,
    credentials: &Credentials,
    now_s: i64,
    absent: &[&str],
) -> Answer<Vec<u8>> {
    let request_id = request_id(response);
    let verified = || verify(&response.headers, &response.body, credentials.platform(), now_s);
    let why = match response.status {
        200 => match verified() {
            Ok(()) => return Answer::Known(Box::new(response.body.clone())),
            Err(error) => Why::Unverified(error),
        },
        400..=499 => return refusal(response, verified, absent),
        500..=599 => Why::ServerError { http_status: response.status },
        other => Why::Unexpected { http_status: other },
    };
    Answer::unknown(why, request_id)
}

fn refusal(
    response: &Response,
    verified: impl FnOnce() -> Result<(), VerifyError>,
    absent: &[&str],
) -> Answer<Vec<u8>> {
    let http_status = response.status;
    let request_id = request_id(response);
    // A signature that is there must be good; only its absence is tolerated.
    let standing = if response.headers.contains_key("wechatpay-signature") {
        match verified() {
            Ok(()) => Standing::Signed,
            Err(error) => return Answer::unknown(Why::Unverified(error), request_id),
        }
    } else {
        Standing::Unsigned
    };
    let error = ErrorBody::parse(&response.body);
    if http_status == 429 {
        let code = error.map(|error| error.code).unwrap_or_default();
        return Answer::unknown(Why::TooMany { code }, request_id);
    }
    let Some(ErrorBody { code, message }) = error else {
        let why = Why::Unreadable(format!("HTTP {http_status} without an error body"));
        return Answer::unknown(why, request_id);
    };
    let retry = match code.as_str() {
        "FREQUENCY_LIMITED" | "RATELIMIT_EXCEEDED" | "FREQUENCY_LIMIT_EXCEED" => {
            return Answer::unknown(Why::TooMany { code }, request_id);
        }
        "SYSTEM_ERROR" | "SERVICE_UNAVAILABLE" => {
            return Answer::unknown(Why::ServerError { http_status }, request_id);
        }
        "NOT_ENOUGH" => Retry::AfterTopUp,
        "USER_ACCOUNT_ABNORMAL" => Retry::AnotherWay,
        "PARAM_ERROR" | "SIGN_ERROR" | "NO_AUTH" | "MCH_NOT_EXISTS" => Retry::AfterRepair,
        _ => Retry::Never,
    };
    let found = !(http_status == 404 && absent.contains(&code.as_str()));
    let declined = Declined { http_status, code, message, retry, standing, request_id };
    if found { Answer::Declined(declined) } else { Answer::NotFound(declined) }
}

/// Where a text broke; serde's own message may quote values, and those can be the buyer's.
pub(super) fn breakage(error: &serde_json::Error) -> String {
    format!("{:?} error in line {} column {}", error.classify(), error.line(), error.column())
}

pub(super) fn request_id(response: &Response) -> Option<String> {
    response.header("request-id").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat_pay::fixtures::{self, NOW_S};

    fn answer(response: &Response) -> Answer<Vec<u8>> {
        classify(response, &fixtures::public_key_credentials(), NOW_S, &["RESOURCE_NOT_EXISTS"])
    }

    fn error(status: u16, code: &str) -> Response {
        fixtures::response(status, &format!(r#"{{"code":"{code}","message":"说明"}}"#))
    }

    #[test]
    fn each_error_code_has_its_row() {
        let rows = [
            (400, "PARAM_ERROR", Retry::AfterRepair),
            (400, "INVALID_REQUEST", Retry::Never),
            (401, "SIGN_ERROR", Retry::AfterRepair),
            (403, "NO_AUTH", Retry::AfterRepair),
            (403, "NOT_ENOUGH", Retry::AfterTopUp),
            (403, "USER_ACCOUNT_ABNORMAL", Retry::AnotherWay),
            (404, "MCH_NOT_EXISTS", Retry::AfterRepair),
            (400, "NEVER_SEEN_BEFORE", Retry::Never),
        ];
        for (status, code, retry) in rows {
            let Answer::Declined(declined) = answer(&error(status, code)) else {
                panic!("{code} is not declined")
            };
            assert_eq!(declined.http_status, status);
            assert_eq!((declined.code.as_str(), declined.retry), (code, retry));
            assert_eq!(declined.standing, Standing::Unsigned);
        }
        assert!(matches!(answer(&error(404, "RESOURCE_NOT_EXISTS")), Answer::NotFound(_)));
    }

    #[test]
    fn a_refusal_with_a_wrong_signature_is_no_refusal() {
        let mut response = fixtures::signed(error(403, "USER_ACCOUNT_ABNORMAL"));
        response.body = error(400, "INVALID_REQUEST").body;

        assert_eq!(why(&response), Why::Unverified(VerifyError::Mismatch));
    }

    #[test]
    fn limits_and_server_trouble_decide_nothing() {
        let limited = |code: &str| Why::TooMany { code: code.into() };

        assert_eq!(why(&error(429, "FREQUENCY_LIMITED")), limited("FREQUENCY_LIMITED"));
        assert_eq!(why(&error(429, "RATELIMIT_EXCEEDED")), limited("RATELIMIT_EXCEEDED"));
        assert_eq!(why(&error(403, "FREQUENCY_LIMITED")), limited("FREQUENCY_LIMITED"));
        assert_eq!(why(&fixtures::response(429, "slow down")), limited(""));
        for status in [500, 502, 503] {
            let expected = Why::ServerError { http_status: status };
            assert_eq!(why(&error(status, "SYSTEM_ERROR")), expected);
            assert_eq!(why(&fixtures::response(status, "<html></html>")), expected);
        }
    }

    #[test]
    fn a_page_of_something_between_is_no_refusal() {
        let page = fixtures::response(403, "<html>Forbidden</html>");

        assert!(matches!(why(&page), Why::Unreadable(_)));
        for status in [101, 202, 204, 302] {
            let expected = Why::Unexpected { http_status: status };
            assert_eq!(why(&fixtures::response(status, "")), expected);
        }
    }

    #[test]
    fn a_success_without_a_good_signature_decides_nothing() {
        let unsigned = fixtures::response(200, "{}");
        let mut tampered = fixtures::signed(unsigned.clone());
        tampered.body = b"{ }".to_vec();
        let mut probe = fixtures::signed(unsigned.clone());
        let value = "WECHATPAY/SIGNTEST/AAAA".parse().unwrap();
        probe.headers.insert("wechatpay-signature", value);

        assert_eq!(why(&unsigned), Why::Unverified(VerifyError::Header("wechatpay-signature")));
        assert_eq!(why(&tampered), Why::Unverified(VerifyError::Mismatch));
        assert!(why(&probe).is_probe());
        assert!(matches!(answer(&fixtures::signed(unsigned)), Answer::Known(_)));
    }

    fn why(response: &Response) -> Why {
        let answer = answer(response);
        let Answer::Unknown(unknown) = answer else { panic!("{answer:?}") };
        unknown.why
    }
}
