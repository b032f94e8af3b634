//! What the sandbox refuses, asked with requests no careful client would send.

use providers::{
    http::{Request, Response},
    wechat_pay::sign,
};
use sandbox::config::KeyMode;
use serde_json::Value;

use crate::harness::{Bench, client, credentials, nonce};

const APPLY: &str = "/v3/refund/domestic/refunds";

async fn send(bench: &Bench, request: Request) -> (Response, Value) {
    let response = client(&bench.sandbox.base_url).send(&request).await.unwrap();
    let body = serde_json::from_slice(&response.body).unwrap();
    (response, body)
}

fn signed(bench: &Bench, request: Request) -> Request {
    let nonce = nonce();
    sign::signed(request, &credentials(KeyMode::PublicKey), bench.stamp(&nonce)).unwrap()
}

#[tokio::test]
async fn a_body_outside_the_document_is_refused() {
    let bench = Bench::new().await;
    let body = |extra: &str| {
        format!(
            r#"{{"transaction_id":"4200","out_refund_no":"R-1"{extra},"amount":{{"refund":1,"total":1,"currency":"CNY"}}}}"#
        )
    };
    for (extra, message) in [
        (r#","attach":"x""#, "请求中含有未在API文档中定义的参数"),
        (r#","reason":null"#, "输入源“/body/reason”的值不允许为null"),
        (r#","reason":"😀""#, "输入源“/body/reason”含有不支持的字符"),
        (r#","notify_url":"https://a.example/?x""#, "输入源“/body/notify_url”不是合法的通知地址"),
        (r#","out_trade_no":"ORDER-1""#, "微信支付订单号与商户订单号二选一"),
    ] {
        let request = Request::post_json(APPLY, body(extra).into_bytes());

        let (response, error) = send(&bench, signed(&bench, request)).await;

        assert_eq!(response.status, 400, "{extra}");
        assert_eq!(error["code"], "PARAM_ERROR", "{extra}");
        assert_eq!(error["message"], message);
    }
    assert_eq!(bench.sandbox.books().refunds().count(), 0);
}

#[tokio::test]
async fn a_changed_body_or_path_breaks_the_signature() {
    let bench = Bench::new().await;
    let mut body = signed(&bench, Request::post_json(APPLY, b"{}".to_vec()));
    body.body = b"{ }".to_vec();
    let mut path = signed(&bench, Request::get(format!("{APPLY}/R-1")));
    path.path_and_query = format!("{APPLY}/R-2");

    for request in [body, path] {
        let (response, error) = send(&bench, request).await;

        assert_eq!(response.status, 401);
        assert_eq!(error["code"], "SIGN_ERROR");
        assert_eq!(error["detail"]["detail"]["issue"], "sign not match");
    }
}

#[tokio::test]
async fn a_clock_five_minutes_off_is_refused() {
    let bench = Bench::new().await;
    for (skew_s, status) in [(-300, 404), (300, 404), (-301, 401), (301, 401)] {
        let nonce = nonce();
        let stamp = sign::Stamp { now_s: bench.sandbox.now_s() + skew_s, nonce: &nonce };
        let request = Request::get(format!("{APPLY}/R-1"));
        let request = sign::signed(request, &credentials(KeyMode::PublicKey), stamp).unwrap();

        let (response, _) = send(&bench, request).await;

        assert_eq!(response.status, status, "{skew_s}");
    }
}

#[tokio::test]
async fn headers_a_careless_client_forgets_are_missed() {
    let bench = Bench::new().await;
    for (header, status, message) in [
        (
            "authorization",
            401,
            "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》",
        ),
        ("user-agent", 400, "Http头缺少Accept或User-Agent"),
    ] {
        let mut request = signed(&bench, Request::get(format!("{APPLY}/R-1")));
        request.headers.remove(header);

        let (response, error) = send(&bench, request).await;

        assert_eq!((response.status, &error["message"]), (status, &message.into()));
    }
}

#[tokio::test]
async fn an_answer_wears_the_headers_seen_in_the_wild() {
    let bench = Bench::new().await;
    let id = bench.paid(100);
    let order = Request::get(format!("/v3/pay/transactions/id/{id}?mchid=1900000001"));

    let (found, _) = send(&bench, signed(&bench, order)).await;
    let (absent, _) = send(&bench, signed(&bench, Request::get(format!("{APPLY}/R-1")))).await;

    for (name, value) in [
        ("server", "nginx"),
        ("content-type", "application/json; charset=utf-8"),
        ("cache-control", "no-cache, must-revalidate"),
        ("x-content-type-options", "nosniff"),
        ("content-language", "zh-CN"),
        ("wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048"),
    ] {
        assert_eq!(found.header(name), Some(value));
    }
    assert!(found.header("request-id").unwrap().ends_with("-0"));
    assert_eq!(found.header("wechatpay-nonce").unwrap().len(), 32);
    assert!(absent.header("request-id").unwrap().ends_with("-268512771"));
    assert_eq!(absent.header("wechatpay-signature"), None);
}
