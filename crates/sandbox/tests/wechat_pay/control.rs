//! The sandbox's own API, as the demo and people with curl use it.

use serde_json::{Value, json};

use providers::wechat_pay::{answer::Why, refund::Status};

use crate::harness::{Bench, MCHID, known, unknown};

async fn call(bench: &Bench, method: &str, path: &str, body: Value) -> (u16, Value) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/sandbox{path}", bench.sandbox.base_url);
    let mut request = http.request(method.parse().unwrap(), url);
    if !body.is_null() {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default())
}

#[tokio::test]
async fn a_whole_story_can_be_told_over_http() {
    let bench = Bench::new().await;
    let payment = json!({
        "out_trade_no": "ORDER-1", "mchid": MCHID, "total_fen": 9_900,
        "payer_account": { "credit_card": { "bank": "招商银行", "last_four": "0403" } },
    });

    let (status, registered) = call(&bench, "PUT", "/transactions", payment).await;
    assert_eq!(status, 200);
    let id = registered["transaction_id"].as_str().unwrap();
    let fault = json!({ "kind": "silence_after", "scope": { "next": 1 }, "call": "apply" });
    assert_eq!(call(&bench, "POST", "/faults", fault).await.0, 204);
    let why = unknown(bench.apply(id, "R-1", 9_900, 9_900).await);
    assert!(matches!(why, Why::NoAnswer(_)));
    let (_, state) = call(&bench, "PUT", "/clock", json!({ "advance_seconds": 60 })).await;
    assert_eq!(state["offset_seconds"], 60);

    assert_eq!(known(bench.query("R-1").await).status, Status::Success);
    let (_, refunds) = call(&bench, "GET", "/refunds", Value::Null).await;
    assert_eq!(refunds[0]["received_account"], "招商银行信用卡0403");
    let (_, state) = call(&bench, "GET", "/state", Value::Null).await;
    assert_eq!(state["notices"][0]["acknowledged"], true);
    assert_eq!(state["faults"], json!([]));
    assert_eq!((&state["transactions"], &state["refunds"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn faults_and_balances_are_set_and_cleared() {
    let bench = Bench::new().await;
    let fault = json!({ "kind": "refund_delayed", "seconds": 5, "scope": "always" });

    call(&bench, "POST", "/faults", fault.clone()).await;
    let (_, state) = call(&bench, "GET", "/state", Value::Null).await;
    call(&bench, "DELETE", "/faults", Value::Null).await;
    let (_, cleared) = call(&bench, "GET", "/state", Value::Null).await;
    let path = format!("/merchants/{MCHID}/balance");
    let set = call(&bench, "PUT", &path, json!({ "balance_fen": 7 })).await;
    let nobody = call(&bench, "PUT", "/merchants/1/balance", json!({ "balance_fen": 7 })).await;

    assert_eq!(state["faults"][0]["kind"], "refund_delayed");
    assert_eq!(cleared["faults"], json!([]));
    assert_eq!((set.0, nobody.0), (204, 404));
    assert_eq!(bench.sandbox.books().balance_fen(MCHID), 7);
}

#[tokio::test]
async fn an_impossible_payment_is_not_put() {
    let bench = Bench::new().await;
    let payment = |total: i64, payer: i64| {
        let total = json!({ "out_trade_no": "ORDER-1", "mchid": MCHID, "total_fen": total });
        let mut payment = total;
        payment["payer_total_fen"] = payer.into();
        payment
    };

    for (total_fen, payer_fen) in [(0, 0), (100, 101), (100, 0)] {
        let (status, _) = call(&bench, "PUT", "/transactions", payment(total_fen, payer_fen)).await;
        assert_eq!(status, 422);
    }
    let unknown_key = json!({ "out_trade_no": "O", "mchid": MCHID, "total": 1 });
    assert_eq!(call(&bench, "PUT", "/transactions", unknown_key).await.0, 422);
}
