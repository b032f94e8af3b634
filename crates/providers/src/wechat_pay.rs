//! WeChat Pay API v3, spoken as a direct merchant.
//!
//! Every file but this one is pure: a request value, a response value, what it means. Here the two
//! meet a [`Transport`]. Clock and randomness are arguments, so the same code runs in a simulator.

pub mod answer;
pub mod certificates;
pub mod credentials;
mod error_body;
pub mod notice;
pub mod platform_keys;
pub mod private;
pub mod refund;
pub mod seal;
pub mod sign;
pub mod time;
pub mod transaction;
pub mod verify;

#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod hostile;

use std::sync::{Arc, PoisonError, RwLock};

use http::HeaderMap;

use self::{
    answer::{Answer, Why},
    certificates::CertificatesError,
    credentials::Credentials,
    notice::{Notice, NoticeError},
    refund::{Refund, checks::OutRefundNo},
    sign::Stamp,
    transaction::Transaction,
};
use crate::{
    client::Transport,
    http::{Request, Response},
};

/// One merchant's line to WeChat Pay.
///
/// Answers are verified against the moment the request was stamped: an exchange lasts at most
/// half a minute, the rule allows five.
#[derive(Debug)]
pub struct WechatPay {
    transport: Arc<dyn Transport>,
    credentials: RwLock<Credentials>,
}

impl WechatPay {
    /// Joins a connection and the merchant's credentials.
    pub fn new(transport: impl Transport + 'static, credentials: Credentials) -> Self {
        let transport = Arc::new(transport);
        Self { transport, credentials: RwLock::new(credentials) }
    }

    /// The credentials with the platform keys believed at present.
    pub fn credentials(&self) -> Credentials {
        self.credentials.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Applies for a refund, or finds out how the one with the same number stands.
    pub async fn apply_refund(
        &self,
        apply: &refund::apply::Apply,
        stamp: Stamp<'_>,
    ) -> Answer<Refund> {
        let about = (refund::Call::Apply, apply.out_refund_no());
        self.ask_about_refund(apply.request(), about, stamp).await
    }

    /// Asks how a refund stands.
    pub async fn query_refund(&self, query: &refund::Query, stamp: Stamp<'_>) -> Answer<Refund> {
        let about = (refund::Call::Query, query.out_refund_no());
        self.ask_about_refund(query.request(), about, stamp).await
    }

    /// Sends an abnormal refund another way.
    pub async fn apply_abnormal_refund(
        &self,
        apply: &refund::abnormal::ApplyAbnormal,
        stamp: Stamp<'_>,
    ) -> Answer<Refund> {
        let request = match apply.request(&self.credentials(), stamp.now_s) {
            Ok(request) => request,
            Err(error) => return Answer::unknown(Why::NeverLeft(error.to_string()), None),
        };
        let about = (refund::Call::ApplyAbnormal, apply.out_refund_no());
        self.ask_about_refund(request, about, stamp).await
    }

    /// Asks about a payment.
    pub async fn query_transaction(
        &self,
        query: &transaction::Query,
        stamp: Stamp<'_>,
    ) -> Answer<Transaction> {
        let credentials = self.credentials();
        match self.send(query.request(&credentials), &credentials, stamp).await {
            Ok(response) => query.outcome(&response, &credentials, stamp.now_s),
            Err(why) => Answer::unknown(why, None),
        }
    }

    /// Fetches the platform certificates, believes them from now on, and returns the credentials
    /// that do. On an error the ones known before stay.
    pub async fn refresh_certificates(
        &self,
        stamp: Stamp<'_>,
    ) -> Result<Credentials, CertificatesError> {
        let before = self.credentials();
        let response = self.send(certificates::request(), &before, stamp).await?;
        let certificates = certificates::outcome(&response, &before, stamp.now_s)?;
        let after = before.with_platform_keys(before.platform().renewed(certificates));
        *self.credentials.write().unwrap_or_else(PoisonError::into_inner) = after.clone();
        Ok(after)
    }

    /// Opens a notice with the credentials believed at present.
    pub fn open_notice(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now_s: i64,
    ) -> Result<Notice, NoticeError> {
        notice::open(headers, body, &self.credentials(), now_s)
    }

    async fn ask_about_refund(
        &self,
        request: Request,
        (call, out_refund_no): (refund::Call, &OutRefundNo),
        stamp: Stamp<'_>,
    ) -> Answer<Refund> {
        let credentials = self.credentials();
        match self.send(request, &credentials, stamp).await {
            Ok(response) => {
                refund::outcome(&response, call, out_refund_no, &credentials, stamp.now_s)
            }
            Err(why) => Answer::unknown(why, None),
        }
    }

    async fn send(
        &self,
        request: Request,
        credentials: &Credentials,
        stamp: Stamp<'_>,
    ) -> Result<Response, Why> {
        let request = sign::signed(request, credentials, stamp)
            .map_err(|error| Why::NeverLeft(error.to_string()))?;
        self.transport.send(&request).await.map_err(Why::from)
    }
}
