//! Which way money goes: several payments, what lies above them, third parties, one a minute.

use super::{BUYER, asked_for, assert_books_equal, case_of, until_closed, verb_of, yuan};
use crate::world::{Database, World, facts, payment, transaction_of};
use app::access::people::Office;
use domain::moment::Span;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// An order paid in the given ways: channel, account and amount of each.
async fn order_paid(world: &World, order_id: &str, tenders: &[(&str, &str, i64)]) {
    let total: i64 = tenders.iter().map(|(_, _, fen)| fen).sum();
    let mut facts = facts(world, order_id, BUYER, total - 1_000, 1);
    let paid_at = facts["tenders"][0]["paid_at"].clone();
    let tenders = tenders.iter().enumerate().map(|(n, (channel, account, fen))| {
        let id = format!("{}{n}", transaction_of(order_id));
        if *channel == "wechat_pay" {
            world.sandbox.put_transaction(payment(&id, *fen, world)).unwrap();
        }
        json!({"transaction_id": id, "channel": channel, "account": account,
            "amount": yuan(*fen), "paid_at": paid_at})
    });
    facts["tenders"] = tenders.collect();
    let path = format!("/api/v1/orders/{order_id}");
    let (status, answer) = world.send(Method::PUT, &world.owner, &path, &facts).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
}

/// An order of four items, paid at once.
async fn order_of_four(world: &World, order_id: &str) {
    let mut facts = facts(world, order_id, BUYER, 1_000, 1);
    let item = facts["items"][0].clone();
    for n in 2..=4 {
        let mut item = item.clone();
        item["item_id"] = format!("A{n}").into();
        facts["items"].as_array_mut().unwrap().push(item);
    }
    facts["tenders"][0]["amount"] = yuan(5_000);
    let payment = payment(&transaction_of(order_id), 5_000, world);
    world.sandbox.put_transaction(payment).unwrap();
    let path = format!("/api/v1/orders/{order_id}");
    let (status, answer) = world.send(Method::PUT, &world.owner, &path, &facts).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
}

/// Asks for all of it and gets `fen`.
async fn approved(world: &World, order_id: &str, fen: i64) -> Value {
    let case_id = world.open(&world.buyer(BUYER).await, order_id, asked_for("A1")).await;
    let terms = json!({"amount": yuan(fen), "goods": "keep"});
    world.act(&world.owner, &case_id, "approve", terms).await
}

fn ways(case: &Value) -> Vec<(String, i64)> {
    let refunds = case["refunds"].as_array().unwrap().iter();
    refunds
        .map(|refund| {
            let way = refund["path"].as_object().and_then(|path| path.keys().next().cloned());
            let way = way.unwrap_or_else(|| refund["path"].as_str().unwrap().to_owned());
            (way, refund["amount"]["amount_minor"].as_i64().unwrap())
        })
        .collect()
}

/// Names an account, approves as finance and carries out what is designated.
async fn pay_out(world: &World, case: &Value, n: usize) -> Value {
    let case_id = case["case_id"].as_str().unwrap();
    let finance = world.person(&format!("cash{n}"), Office::Finance).await;
    let refund = &case["refunds"][n];
    let account = json!({"holder": "张三", "bank": "招商银行", "account": "6225880137654321"});
    world.act(&world.owner, case_id, &verb_of(refund, "name-account"), account).await;
    world.act(&finance, case_id, &verb_of(refund, "approve-payout"), json!({})).await;
    let voucher = json!({"voucher": "V-2026-1"});
    world.act(&finance, case_id, &verb_of(refund, "mark-paid"), voucher).await
}

async fn money_goes_back_to_each_payment_and_the_rest_to_an_account(database: Database) {
    let world = World::new(database).await;
    let tenders = [("wechat_pay", "balance", 7_001), ("wechat_pay", "debit_card", 2_999)];
    order_paid(&world, "3800001", &tenders).await;

    let case = approved(&world, "3800001", 10_500).await;
    world.settle().await;
    pay_out(&world, &case, 2).await;
    let case = until_closed(&world, case["case_id"].as_str().unwrap(), 30).await;

    let expected = [("original", 7_001), ("original", 2_999), ("designated", 500)];
    assert_eq!(ways(&case), expected.map(|(way, fen)| (way.to_owned(), fen)));
    assert_eq!(case["outcome"], "refunded");
    assert_books_equal(&world).await;
}

/// In proportion to what is left of each payment, and not a fen is lost in the rounding.
async fn a_part_is_split_over_the_payments_to_the_fen(database: Database) {
    let world = World::new(database).await;
    let tenders = [
        ("wechat_pay", "balance", 3_333),
        ("wechat_pay", "balance", 3_333),
        ("wechat_pay", "balance", 3_334),
    ];
    order_paid(&world, "3800001", &tenders).await;

    let case = approved(&world, "3800001", 1_000).await;
    until_closed(&world, case["case_id"].as_str().unwrap(), 30).await;

    let parts: Vec<i64> = ways(&case).iter().map(|(_, fen)| *fen).collect();
    assert_eq!(parts.iter().sum::<i64>(), 1_000);
    assert!(parts.iter().all(|part| (333..=334).contains(part)), "{parts:?}");
    assert_books_equal(&world).await;
}

async fn a_third_partys_payment_waits_for_the_platform(database: Database) {
    let world = World::new(database).await;
    order_paid(&world, "3800001", &[("other", "third_party", 10_000)]).await;
    let case = approved(&world, "3800001", 9_000).await;
    world.settle().await;
    let case_id = case["case_id"].as_str().unwrap();
    let approve = verb_of(&case["refunds"][0], "approve-payout");
    let operator = world.person("op", Office::Operator).await;
    let finance = world.person("cash", Office::Finance).await;

    let path = format!("/api/v1/cases/{case_id}/{approve}");
    let (by_finance, answer) = world.post(&finance, &path, &json!({})).await;
    assert_eq!(by_finance, StatusCode::CONFLICT, "{answer}");
    assert_eq!(world.case(case_id).await["waits_for"], "platform");
    world.act(&operator, case_id, &approve, json!({})).await;
    let voucher = json!({"voucher": "ALIPAY-1"});
    world.act(&finance, case_id, &verb_of(&case["refunds"][0], "mark-paid"), voucher).await;

    let case = world.case(case_id).await;
    assert_eq!(ways(&case), [("third_party".to_owned(), 9_000)]);
    assert_eq!(case["outcome"], "refunded");
    assert_books_equal(&world).await;
}

/// WeChat Pay takes one refund of a payment a minute; we do not even try sooner.
async fn refunds_of_one_payment_keep_a_minute_apart(database: Database) {
    let world = World::new(database).await;
    let buyer = world.buyer(BUYER).await;
    order_of_four(&world, "3800001").await;
    let mut cases = Vec::new();
    for item in ["A1", "A2", "A3", "A4"] {
        let case_id = world.open(&buyer, "3800001", asked_for(item)).await;
        world.act(&world.owner, &case_id, "approve", json!({"goods": "keep"})).await;
        cases.push(case_id);
    }
    for _ in 0..8 {
        world.pass(Span::seconds(40)).await;
    }
    for case_id in &cases {
        until_closed(&world, case_id, 10).await;
    }

    let books = world.sandbox.books();
    let payment = transaction_of("3800001");
    let times: Vec<i64> = books.refunds_of(&payment).map(|refund| refund.created_ms).collect();
    assert_eq!(times.len(), 4);
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= 60_000), "{times:?}");
    assert_books_equal(&world).await;
}

/// Two clicks without a key: the second is told that it is too late, and there is one refund.
async fn a_double_click_refunds_once(database: Database) {
    let world = World::new(database).await;
    let case_id = case_of(&world, BUYER, "3800001", 5_900).await;
    let path = format!("/api/v1/cases/{case_id}/approve");
    let body = json!({"goods": "keep"});

    let (one, two) = tokio::join!(
        world.post(&world.owner, &path, &body),
        world.post(&world.owner, &path, &body)
    );

    let (won, lost) = if one.0.is_success() { (one, two) } else { (two, one) };
    assert_eq!(won.0, StatusCode::OK, "{}", won.1);
    assert_eq!((lost.0, &lost.1["code"]), (StatusCode::CONFLICT, &"not_now".into()));
    let case = until_closed(&world, &case_id, 10).await;
    assert_eq!(case["refunds"].as_array().unwrap().len(), 1);
    assert_eq!(world.sandbox.books().refunds().count(), 1);
    assert_books_equal(&world).await;
}

crate::on_both! {
    money_goes_back_to_each_payment_and_the_rest_to_an_account,
    a_part_is_split_over_the_payments_to_the_fen,
    a_third_partys_payment_waits_for_the_platform,
    refunds_of_one_payment_keep_a_minute_apart,
    a_double_click_refunds_once,
}
