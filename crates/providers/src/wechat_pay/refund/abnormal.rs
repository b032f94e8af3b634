//! Sends an abnormal refund another way: to a card of the buyer, or back to the merchant.
//!
//! WeChat Pay API v3, abnormal refund: only while the refund is `ABNORMAL`, and the only refund to
//! a named account there is.

use http::HeaderValue;
use serde::{Deserialize, Serialize};

use super::checks::{self, Invalid, OutRefundNo};
use crate::{
    http::Request,
    wechat_pay::{credentials::Credentials, private::Private, seal},
};

/// Where the money shall go.
#[derive(Clone, Debug)]
pub enum Route {
    /// To a debit card of the buyer.
    UserBankCard { bank: Bank, account: Private, name: Private },
    /// To a debit card that was encrypted when it was named; nobody but WeChat Pay can read it.
    Sealed(SealedBankCard),
    /// To the merchant's own account; the merchant then settles with the buyer itself.
    MerchantBankCard,
}

/// The fifteen banks whose debit cards WeChat Pay can refund to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Bank {
    IcbcDebit,
    AbcDebit,
    BocDebit,
    CcbDebit,
    CommDebit,
    CmbDebit,
    PsbcDebit,
    CiticDebit,
    CebDebit,
    CmbcDebit,
    CibDebit,
    GdbDebit,
    PabDebit,
    SpdbDebit,
    NbcbDebit,
}

impl Bank {
    /// Their names as WeChat Pay writes them, in the order in which they are offered to choose.
    pub const NAMES: [&str; 15] = [
        "ICBC_DEBIT",
        "ABC_DEBIT",
        "BOC_DEBIT",
        "CCB_DEBIT",
        "COMM_DEBIT",
        "CMB_DEBIT",
        "PSBC_DEBIT",
        "CITIC_DEBIT",
        "CEB_DEBIT",
        "CMBC_DEBIT",
        "CIB_DEBIT",
        "GDB_DEBIT",
        "PAB_DEBIT",
        "SPDB_DEBIT",
        "NBCB_DEBIT",
    ];

    /// The bank of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
    }
}

/// A debit card of the buyer, encrypted for the key named; safe to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedBankCard {
    /// One of the fifteen banks.
    pub bank: Bank,
    /// The card number, encrypted, in Base64.
    pub account: String,
    /// The holder's name, encrypted, in Base64.
    pub name: String,
    /// The id of the key that opens both.
    pub key_id: String,
}

impl SealedBankCard {
    /// Encrypts a card for WeChat Pay.
    pub fn seal(
        credentials: &Credentials,
        (bank, account, name): (Bank, &Private, &Private),
        now_s: i64,
    ) -> Result<Self, SealedRequestError> {
        let no_key = SealedRequestError::NoKey;
        let (key_id, spki) = credentials.platform().encrypting(now_s).ok_or(no_key)?;
        Ok(Self {
            bank,
            account: seal::encrypt(account.reveal(), spki)?,
            name: seal::encrypt(name.reveal(), spki)?,
            key_id: key_id.to_owned(),
        })
    }
}

/// A checked application for an abnormal refund.
#[derive(Clone, Debug)]
pub struct ApplyAbnormal {
    refund_id: String,
    out_refund_no: OutRefundNo,
    route: Route,
}

#[derive(Serialize)]
struct Body<'a> {
    out_refund_no: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bank_type: Option<Bank>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bank_account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    real_name: Option<String>,
}

/// Why the request could not be made; nothing left.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealedRequestError {
    #[error("no key of WeChat Pay to encrypt with is known; refresh the certificates")]
    NoKey,
    #[error(transparent)]
    Seal(#[from] seal::SealError),
    #[error("the request cannot be written as JSON")]
    Unwritable,
}

impl ApplyAbnormal {
    /// `refund_id` is WeChat's number of the refund, `out_refund_no` ours.
    pub fn new(refund_id: &str, out_refund_no: &str, route: Route) -> Result<Self, Invalid> {
        checks::id("refund_id", refund_id)?;
        if let Route::UserBankCard { account, name, .. } = &route {
            let fits = |text: &str| (1..=PAYEE_BYTES_MAX).contains(&text.len());
            if !fits(account.reveal()) || !fits(name.reveal()) {
                return Err(Invalid::Payee);
            }
        }
        let out_refund_no = OutRefundNo::new(out_refund_no)?;
        Ok(Self { refund_id: refund_id.to_owned(), out_refund_no, route })
    }

    /// Our number of the refund.
    pub fn out_refund_no(&self) -> &OutRefundNo {
        &self.out_refund_no
    }

    /// The request, its secrets encrypted for the key named in `Wechatpay-Serial`. Encryption is
    /// random, so two requests of the same application differ in bytes and mean the same.
    pub fn request(
        &self,
        credentials: &Credentials,
        now_s: i64,
    ) -> Result<Request, SealedRequestError> {
        let card = match &self.route {
            Route::UserBankCard { bank, account, name } => {
                Some(SealedBankCard::seal(credentials, (*bank, account, name), now_s)?)
            }
            Route::Sealed(card) => Some(card.clone()),
            Route::MerchantBankCard => None,
        };
        let known = credentials.platform().encrypting(now_s).map(|(id, _)| id.to_owned());
        let serial = card.as_ref().map(|card| card.key_id.clone()).or(known);
        let serial = serial.ok_or(SealedRequestError::NoKey)?;
        let kind = if card.is_some() { "USER_BANK_CARD" } else { "MERCHANT_BANK_CARD" };
        let body = Body {
            out_refund_no: self.out_refund_no.as_str(),
            kind,
            bank_type: card.as_ref().map(|card| card.bank),
            bank_account: card.as_ref().map(|card| card.account.clone()),
            real_name: card.map(|card| card.name),
        };
        let body = serde_json::to_vec(&body).map_err(|_| SealedRequestError::Unwritable)?;
        let path = format!("/v3/refund/domestic/refunds/{}/apply-abnormal-refund", self.refund_id);
        let mut request = Request::post_json(path, body);
        let serial = HeaderValue::from_str(&serial).map_err(|_| SealedRequestError::Unwritable)?;
        request.headers.insert("wechatpay-serial", serial);
        Ok(request)
    }
}

/// What OAEP with a 2048-bit key and SHA-1 can hold.
const PAYEE_BYTES_MAX: usize = 214;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat_pay::fixtures::{self, NOW_S};

    fn to_card(account: &str) -> Result<ApplyAbnormal, Invalid> {
        let route = Route::UserBankCard {
            bank: Bank::IcbcDebit,
            account: Private::new(account),
            name: Private::new("张三"),
        };
        ApplyAbnormal::new("50000000382019052709732678859", "R-1", route)
    }

    #[test]
    fn every_bank_is_offered_once_under_the_name_that_is_sent() {
        for name in Bank::NAMES {
            let bank = Bank::named(name).unwrap_or_else(|| panic!("{name} is no bank"));
            assert_eq!(serde_json::to_value(bank).unwrap(), name);
        }
        let names = std::collections::BTreeSet::from(Bank::NAMES);
        assert_eq!(names.len(), Bank::NAMES.len());
        assert_eq!(Bank::named("ICBC_CREDIT"), None);
    }

    #[test]
    fn card_and_name_leave_encrypted_and_the_key_is_named() {
        let credentials = fixtures::certificate_credentials();

        let request = to_card("6222020000000000000").unwrap().request(&credentials, NOW_S).unwrap();

        assert_eq!(
            request.path_and_query,
            "/v3/refund/domestic/refunds/50000000382019052709732678859/apply-abnormal-refund"
        );
        assert_eq!(request.headers["wechatpay-serial"], fixtures::CERTIFICATE_SERIAL);
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(body["bank_type"], "ICBC_DEBIT");
        assert_eq!(body["bank_account"].as_str().unwrap().len(), 344);
        assert_eq!(body["real_name"].as_str().unwrap().len(), 344);
    }

    #[test]
    fn back_to_the_merchant_needs_no_card() {
        let apply = ApplyAbnormal::new("5000", "R-1", Route::MerchantBankCard).unwrap();

        let request = apply.request(&fixtures::public_key_credentials(), NOW_S).unwrap();

        assert_eq!(request.body, br#"{"out_refund_no":"R-1","type":"MERCHANT_BANK_CARD"}"#);
    }

    #[test]
    fn a_card_never_shows_and_never_is_empty() {
        let shown = format!("{:?}", to_card("6222020000000000000").unwrap());

        assert!(!shown.contains("6222") && !shown.contains("张三"), "{shown}");
        assert_eq!(to_card("").unwrap_err(), Invalid::Payee);
        assert_eq!(to_card(&"6".repeat(215)).unwrap_err(), Invalid::Payee);
    }
}
