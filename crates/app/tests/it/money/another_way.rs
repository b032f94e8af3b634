//! Refunds that cannot go the way they were sent: another card, another number, another account.

use super::{assert_books_equal, refund_of, refunding, trouble, until_closed, verb_of, yuan};
use crate::world::{Database, MCHID, World};
use app::access::people::Office;
use domain::moment::Span;
use reqwest::StatusCode;
use sandbox::faults::{Call, Kind};
use serde_json::json;

async fn an_abnormal_refund_goes_to_another_card(database: Database) {
    let world = World::new(database).await;
    trouble(&world, Kind::RefundAbnormal, Call::Any);
    let case_id = refunding(&world, "3800001", 5_900).await;
    world.settle().await;
    world.pass(Span::seconds(120)).await;
    let refund = refund_of(&world, &case_id, 0).await;
    assert_eq!(refund["state"], "abnormal");
    assert_books_equal(&world).await;

    let buyer = world.buyer("oB1").await;
    let card = json!({"bank_type": "CMB_DEBIT", "bank_account": "6225880137654321",
        "real_name": "张三"});
    let named = world.act(&buyer, &case_id, &verb_of(&refund, "name-card"), card).await;
    let case = until_closed(&world, &case_id, 30).await;

    assert_eq!(named["refunds"][0]["account_masked"], "CMB_DEBIT ****4321");
    assert_eq!(case["outcome"], "refunded");
    assert!(!case.to_string().contains("6225880137654321"), "no card number is kept");
    assert_books_equal(&world).await;
}

async fn a_refund_closed_for_want_of_money_is_ordered_anew(database: Database) {
    let world = World::new(database).await;
    trouble(&world, Kind::RefundShort, Call::Any);
    let case_id = refunding(&world, "3800001", 5_900).await;
    world.sandbox.set_balance(MCHID, 0).unwrap();
    world.settle().await;
    for _ in 0..8 {
        world.pass(Span::days(1)).await;
    }
    let closed = refund_of(&world, &case_id, 0).await;
    assert_eq!(closed["state"], "closed_by_channel", "{closed}");
    assert_books_equal(&world).await;

    world.sandbox.set_balance(MCHID, 1_000_000).unwrap();
    let again = json!({"route": "original"});
    world.act(&world.owner, &case_id, &verb_of(&closed, "replace"), again).await;
    let case = until_closed(&world, &case_id, 30).await;

    assert_eq!(case["refunds"][0]["state"], "replaced");
    assert_eq!(case["refunds"][1]["state"], "succeeded");
    assert_ne!(case["refunds"][0]["refund_no"], case["refunds"][1]["refund_no"]);
    let given: i64 =
        world.sandbox.books().refunds().filter(|r| !r.is_closed()).map(|r| r.refund_fen).sum();
    assert_eq!(given, 5_900);
    assert_books_equal(&world).await;
}

/// A payer whose account is closed: the money goes to an account agreed on, approved by one who
/// neither decided the case nor had a hand in where it goes, and carried out with a voucher.
/// Another account needs another approval.
async fn a_declined_refund_goes_to_a_designated_account(database: Database) {
    let world = World::new(database).await;
    trouble(&world, Kind::UserAccountAbnormal, Call::Any);
    let case_id = refunding(&world, "3800001", 5_900).await;
    world.settle().await;
    let refused = refund_of(&world, &case_id, 0).await;
    assert_eq!(refused["state"], "uncertain", "a no is looked into before it is believed");
    world.pass(Span::seconds(400)).await;
    let declined = refund_of(&world, &case_id, 0).await;
    assert_eq!(declined["state"], "declined");
    assert_eq!(declined["code"], "USER_ACCOUNT_ABNORMAL");
    let (finance, buyer) = (world.person("cash", Office::Finance).await, world.buyer("oB1").await);

    let designated = json!({"route": "designated"});
    world.act(&finance, &case_id, &verb_of(&declined, "replace"), designated).await;
    let payout = refund_of(&world, &case_id, 1).await;
    let (approve, paid) = (verb_of(&payout, "approve-payout"), verb_of(&payout, "mark-paid"));
    let try_to = async |token: &str, verb: &str, body| {
        let path = format!("/api/v1/cases/{case_id}/{verb}");
        let (status, answer) = world.post(token, &path, &body).await;
        (status, answer["code"].as_str().unwrap_or("").to_owned())
    };
    let unnamed = try_to(&finance, &approve, json!({})).await;
    let account = json!({"holder": "张三", "bank": "招商银行", "account": "6225880137654321"});
    let name_account = verb_of(&payout, "name-account");
    world.act(&buyer, &case_id, &name_account, account.clone()).await;
    let decider = try_to(&world.owner, &approve, json!({})).await;
    let replacer = try_to(&finance, &approve, json!({})).await;
    let early = try_to(&finance, &paid, json!({"voucher": "V-1"})).await;
    let second = world.person("cash2", Office::Finance).await;
    world.act(&second, &case_id, &approve, json!({})).await;
    let renamed = world.act(&buyer, &case_id, &name_account, account).await;
    let unapproved = try_to(&finance, &paid, json!({"voucher": "V-1"})).await;
    world.act(&second, &case_id, &approve, json!({})).await;
    let voucherless = try_to(&finance, &paid, json!({"voucher": " "})).await;
    let case = world.act(&finance, &case_id, &paid, json!({"voucher": "V-1"})).await;
    let twice = try_to(&finance, &paid, json!({"voucher": "V-2"})).await;

    assert_eq!(unnamed, (StatusCode::UNPROCESSABLE_ENTITY, "account_missing".into()));
    assert_eq!(decider, (StatusCode::FORBIDDEN, "second_person_must_differ".into()));
    assert_eq!(replacer, decider);
    assert_eq!(early, (StatusCode::CONFLICT, "not_now".into()));
    assert_eq!(renamed["refunds"][1]["state"], "awaiting_approval");
    assert_eq!(unapproved, early);
    assert_eq!(voucherless, (StatusCode::UNPROCESSABLE_ENTITY, "reason_missing".into()));
    assert_eq!(twice, (StatusCode::CONFLICT, "not_now".into()));
    assert_eq!((&case["stage"], &case["refunds"][1]["voucher"]), (&"closed".into(), &"V-1".into()));
    assert_eq!(case["refunds"][1]["amount"], yuan(5_900));
    assert_books_equal(&world).await;
}

async fn a_refund_that_may_still_arrive_is_not_replaced(database: Database) {
    let world = World::new(database).await;
    trouble(&world, Kind::SilenceAfter, Call::Apply);
    let case_id = refunding(&world, "3800001", 5_900).await;
    world.settle().await;
    let uncertain = refund_of(&world, &case_id, 0).await;
    assert_eq!(uncertain["state"], "uncertain");

    for route in ["original", "designated"] {
        let path = format!("/api/v1/cases/{case_id}/{}", verb_of(&uncertain, "replace"));
        let (status, answer) = world.post(&world.owner, &path, &json!({"route": route})).await;
        assert_eq!(status, StatusCode::CONFLICT, "{answer}");
    }

    until_closed(&world, &case_id, 30).await;
    assert_books_equal(&world).await;
}

crate::on_both! {
    an_abnormal_refund_goes_to_another_card,
    a_refund_closed_for_want_of_money_is_ordered_anew,
    a_declined_refund_goes_to_a_designated_account,
    a_refund_that_may_still_arrive_is_not_replaced,
}
