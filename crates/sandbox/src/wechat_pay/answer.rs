//! An answer, and the headers a real one was seen to wear.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Response, StatusCode, header},
};
use serde::Serialize;

use super::problem::Problem;
use crate::{books::notice::Spoil, random, world::World};

/// An answer before its headers.
pub(super) struct Answer {
    status: u16,
    /// The number that ends `Request-ID`; 0 for a success.
    number: u32,
    body: Vec<u8>,
}

/// How an answer is signed, rightly or not.
#[derive(Clone, Default)]
pub(super) struct Dress {
    /// `Wechatpay-Serial` of the request.
    pub request_serial: Option<String>,
    pub spoil: Option<Spoil>,
    /// Changed after it was signed.
    pub tampered: bool,
}

impl Answer {
    pub(super) fn ok(body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => Self { status: 200, number: 0, body },
            Err(_) => Self::from(Problem::system_error()),
        }
    }

    /// Puts the headers on, in the order seen; every 2xx is signed, and nothing else is.
    pub(super) fn dress(self, world: &World, dress: &Dress) -> Response<Body> {
        let mut body = self.body;
        let signed = (200..300).contains(&self.status).then(|| {
            let signer = world.platform.for_answer(dress.request_serial.as_deref());
            signer.sign(&body, random::hex::<32>(), world.clock.now_ms() / 1_000, dress.spoil)
        });
        if dress.tampered {
            body.push(b' ');
        }
        let mut pairs = vec![
            ("server", "nginx".to_owned()),
            ("content-type", "application/json; charset=utf-8".to_owned()),
            ("connection", "keep-alive".to_owned()),
            ("keep-alive", "timeout=8".to_owned()),
            ("cache-control", "no-cache, must-revalidate".to_owned()),
            ("x-content-type-options", "nosniff".to_owned()),
            ("request-id", random::request_id(self.number)),
            ("content-language", "zh-CN".to_owned()),
        ];
        if let Some(signature) = signed {
            pairs.extend([
                ("wechatpay-nonce", signature.nonce),
                ("wechatpay-signature", signature.signature),
                ("wechatpay-timestamp", signature.timestamp),
                ("wechatpay-serial", signature.serial),
                ("wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048".to_owned()),
            ]);
        }
        let mut response = Response::new(Body::from(body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in pairs {
            if let Ok(value) = HeaderValue::try_from(value) {
                response.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
        response
    }
}

impl From<Problem> for Answer {
    fn from(problem: Problem) -> Self {
        let body = serde_json::to_vec(&problem.body).unwrap_or_default();
        Self { status: problem.status, number: problem.number, body }
    }
}

/// What a gateway says when it cannot reach WeChat Pay.
pub(super) fn bad_gateway() -> Response<Body> {
    const PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
        <center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n\
        </html>\r\n";
    let mut response = Response::new(Body::from(PAGE));
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    let html = HeaderValue::from_static("text/html");
    response.headers_mut().insert(header::CONTENT_TYPE, html);
    response
}
