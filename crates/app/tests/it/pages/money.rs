//! Money on its way: what needs a hand, by whom, and tried again.

use super::visitor::Visitor;
use crate::{
    money::{refund_of, refunding, trouble, verb_of},
    world::{Database, World},
};
use app::access::people::Office;
use domain::moment::Span;
use reqwest::StatusCode;
use sandbox::faults::{Call, Kind};
use serde_json::json;

#[tokio::test]
async fn what_was_given_up_is_tried_again_by_finance_alone() {
    let world = World::new(Database::Sqlite).await;
    trouble(&world, Kind::RefundAbnormal, Call::Any);
    let case_id = refunding(&world, "3800001", 5_900).await;
    world.settle().await;
    world.pass(Span::seconds(120)).await;
    let abnormal = refund_of(&world, &case_id, 0).await;
    trouble(&world, Kind::CardRefused, Call::Any);
    let card = json!({"bank_type": "CMB_DEBIT", "real_name": "张三",
        "bank_account": "6225880137651111"});
    world.act(&world.owner, &case_id, &verb_of(&abnormal, "name-card"), card).await;
    world.settle().await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let finance = Visitor::person(&world, "qian", Office::Finance).await;

    let page = finance.get("/m/money").await.html;
    let effect = page.split("data-effect=\"").nth(1).expect("it is buried");
    let path = format!("/m/money/effects/{}/retry", effect.split('"').next().unwrap());
    assert!(page.contains(&path) && !page.contains("622588013765"));
    assert!(!agent.get("/m/money").await.html.contains(&path));
    assert_eq!(agent.post(&path, &[]).await.status, StatusCode::FORBIDDEN);
    let sent = finance.post(&path, &[]).await;

    assert_eq!(sent.location.as_deref(), Some("/m/money?done=effect-retried"));
}

#[tokio::test]
async fn a_payout_is_shown_to_finance_with_what_to_do() {
    let world = World::new(Database::Sqlite).await;
    let case_id = crate::money::case_of(&world, "oB1", "3900001", 5_900).await;
    let terms = json!({"terms": {"amount": {"amount_minor": 5_900, "currency": "CNY"},
        "route": "designated", "goods": "keep"}, "note": "退到您指定的账户"});
    world.act(&world.owner, &case_id, "offer", terms).await;
    let buyer = world.buyer("oB1").await;
    let case = world.act(&buyer, &case_id, "accept-offer", json!({})).await;
    let verb = verb_of(&case["refunds"][0], "name-account");
    let account = json!({"holder": "张三", "bank": "招商银行", "account": "6225880137654321"});
    world.act(&world.owner, &case_id, &verb, account).await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let finance = Visitor::person(&world, "qian", Office::Finance).await;

    let approve = verb_of(&case["refunds"][0], "approve-payout");
    let page = finance.get("/m/money?tab=payouts").await.html;

    assert!(page.contains(&approve) && page.contains("¥59.00"), "{page}");
    assert!(!page.contains("6225880137654321"));
    assert!(!agent.get("/m/money?tab=payouts").await.html.contains(&approve));
    for tab in ["look", "moving", "tickets"] {
        let page = finance.get(&format!("/m/money?tab={tab}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.html.contains("data-refund") && page.html.contains("empty-title"), "{tab}");
    }
}
