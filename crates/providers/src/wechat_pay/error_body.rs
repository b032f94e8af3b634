//! The body of an answer that is not a success: `{"code":…,"message":…,"detail":…}`.

use serde::Deserialize;

/// WeChat Pay API v3, error information; `detail` varies in form and is for people only, so it is
/// not read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ErrorBody {
    pub code: String,
    pub message: String,
}

impl ErrorBody {
    /// Nothing when the body is not WeChat Pay's: a proxy's page must not pass for a decision.
    pub fn parse(body: &[u8]) -> Option<Self> {
        serde_json::from_slice(body).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_observed_body_is_read_whatever_its_detail() {
        let body = r#"{"code":"PARAM_ERROR","detail":{"location":null,"value":["/body/payer"]},"message":"请求中含有未在API文档中定义的参数"}"#;

        let error = ErrorBody::parse(body.as_bytes()).unwrap();

        assert_eq!(error.code, "PARAM_ERROR");
        assert_eq!(error.message, "请求中含有未在API文档中定义的参数");
    }

    #[test]
    fn a_gateways_page_is_not_an_error_body() {
        assert_eq!(ErrorBody::parse(b"<html><h1>502 Bad Gateway</h1></html>"), None);
        assert_eq!(ErrorBody::parse(b""), None);
        assert_eq!(ErrorBody::parse(br#"{"error":"forbidden"}"#), None);
    }
}
