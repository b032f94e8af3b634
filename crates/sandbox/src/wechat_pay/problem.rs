//! Error bodies, worded as real ones were seen to be.
//!
//! `{"code":…,"detail":…,"message":…}` in this order; the number ends `Request-ID`.

use serde::Serialize;
use serde_json::{Value, json};

use crate::books::rules::{AbnormalRefusal, Refusal};

/// An answer that is not a success.
#[derive(Debug)]
pub(super) struct Problem {
    pub status: u16,
    /// WeChat Pay's internal error number.
    pub number: u32,
    pub body: ErrorBody,
}

#[derive(Debug, Serialize)]
pub(super) struct ErrorBody {
    pub code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<Value>,
    pub message: String,
}

const PARAMETER: u32 = 268_435_461;
const RANGE: u32 = 268_435_464;
const EXTRA_PARAMETERS: u32 = 270_924_358;
const SIGNATURE: u32 = 268_443_699;
const RATE: u32 = 268_447_840;
const REENTRY: u32 = 268_498_688;
const ABSENT: u32 = 268_512_771;

impl Problem {
    fn new(status: u16, code: &'static str, number: u32, message: &str) -> Self {
        let body = ErrorBody { code, detail: None, message: message.to_owned() };
        Self { status, number, body }
    }

    /// A parameter that breaks its rule; `value` is its length for a text.
    pub(super) fn parameter(location: &str, value: Value, message: &str) -> Self {
        let mut problem = Self::new(400, "PARAM_ERROR", PARAMETER, message);
        problem.body.detail = Some(json!({ "location": location, "value": value }));
        problem
    }

    pub(super) fn unknown_keys(paths: &[String]) -> Self {
        let message = "请求中含有未在API文档中定义的参数";
        let mut problem = Self::new(400, "PARAM_ERROR", EXTRA_PARAMETERS, message);
        problem.body.detail = Some(json!({ "location": null, "value": paths }));
        problem
    }

    pub(super) fn headers(message: &str) -> Self {
        Self::new(400, "PARAM_ERROR", PARAMETER, message)
    }

    pub(super) fn too_large() -> Self {
        Self::new(400, "PARAM_ERROR", RANGE, "请求体过大")
    }

    pub(super) fn authorization(message: &str) -> Self {
        Self::new(401, "SIGN_ERROR", SIGNATURE, message)
    }

    /// The signature does not fit; the answer shows the beginning of what should be signed.
    pub(super) fn signature(method: &str, url: &str, message: &[u8]) -> Self {
        let text = String::from_utf8_lossy(message);
        let head: String = text.split_inclusive('\n').take(4).collect();
        let start: String = text.chars().skip(head.chars().count()).take(8).collect();
        let mut problem = Self::authorization("错误的签名，验签失败");
        problem.body.detail = Some(json!({
            "detail": { "issue": "sign not match" },
            "field": "signature",
            "location": "authorization",
            "sign_information": {
                "method": method,
                "sign_message_length": message.len(),
                "truncated_sign_message": format!("{head}{start}\n"),
                "url": url,
            },
        }));
        problem
    }

    pub(super) fn no_such_merchant() -> Self {
        Self::new(404, "MCH_NOT_EXISTS", ABSENT, "商户号不存在")
    }

    pub(super) fn no_such_refund() -> Self {
        Self::new(404, "RESOURCE_NOT_EXISTS", ABSENT, "退款单不存在")
    }

    pub(super) fn no_such_order() -> Self {
        Self::new(404, "ORDER_NOT_EXIST", ABSENT, "订单不存在")
    }

    pub(super) fn no_certificates() -> Self {
        let message = "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。";
        Self::new(404, "RESOURCE_NOT_EXISTS", ABSENT, message)
    }

    pub(super) fn frequency_limited() -> Self {
        Self::new(429, "FREQUENCY_LIMITED", RATE, "频率超限，请降低请求接口频率")
    }

    pub(super) fn system_error() -> Self {
        Self::new(500, "SYSTEM_ERROR", RANGE, "系统异常，请稍后重试")
    }

    pub(super) fn user_account_abnormal() -> Self {
        Self::new(403, "USER_ACCOUNT_ABNORMAL", RANGE, "用户账户异常")
    }

    fn invalid(number: u32, message: &str) -> Self {
        Self::new(400, "INVALID_REQUEST", number, message)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::AnotherAmount => {
                Self::invalid(REENTRY, "订单金额或退款金额与之前请求不一致，请核实后再试")
            }
            Refusal::AnotherOrder => Self::invalid(REENTRY, "您的请求参数与订单信息不一致"),
            Refusal::NoSuchOrder => Self::new(404, "RESOURCE_NOT_EXISTS", ABSENT, "订单不存在"),
            Refusal::TooLate => Self::invalid(RANGE, "订单已超过可退款的最大期限"),
            Refusal::FullyRefunded => Self::invalid(RANGE, "订单已全额退款"),
            Refusal::TooMuch => Self::invalid(RANGE, "refund_fee大于可退金额"),
            Refusal::TooManyParts => Self::invalid(RANGE, "订单的部分退款次数已达上限"),
            Refusal::TooSoon => Self::frequency_limited(),
            Refusal::NotEnough => {
                Self::new(403, "NOT_ENOUGH", RANGE, "基本账户余额不足，请充值后重新发起")
            }
        }
    }
}

impl From<AbnormalRefusal> for Problem {
    fn from(refusal: AbnormalRefusal) -> Self {
        match refusal {
            AbnormalRefusal::NoSuchRefund => Self::no_such_refund(),
            AbnormalRefusal::AnotherRefund => {
                Self::invalid(REENTRY, "您的请求参数与订单信息不一致")
            }
            AbnormalRefusal::NotAbnormal => Self::invalid(RANGE, "退款单状态不是退款异常"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authorization_problem_is_125_bytes_as_observed() {
        let problem = Problem::authorization(
            "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》",
        );

        assert_eq!(serde_json::to_string(&problem.body).unwrap().len(), 125);
    }

    #[test]
    fn a_signature_problem_has_the_observed_form() {
        let message =
            b"POST\n/v3/refund/domestic/refunds\n1634317966\nNONCE\n{\"transaction_id\":1}\n";
        let problem = Problem::signature("POST", "/v3/refund/domestic/refunds", message);

        assert_eq!(
            serde_json::to_string(&problem.body).unwrap(),
            concat!(
                r#"{"code":"SIGN_ERROR","detail":{"detail":{"issue":"sign not match"},"#,
                r#""field":"signature","location":"authorization","sign_information":"#,
                r#"{"method":"POST","sign_message_length":71,"truncated_sign_message":"#,
                r#""POST\n/v3/refund/domestic/refunds\n1634317966\nNONCE\n{\"transa\n","#,
                r#""url":"/v3/refund/domestic/refunds"}},"message":"错误的签名，验签失败"}"#,
            )
        );
    }
}
