//! Money that has not arrived after 48 hours is looked into (F8).

use super::{assert_books_equal, refunding, trouble, until_closed};
use crate::world::{Database, World};
use domain::moment::Span;
use sandbox::faults::{Call, Kind};
use serde_json::json;

async fn money_not_there_after_two_days_opens_a_ticket_with_the_channels_answer(
    database: Database,
) {
    let world = World::new(database).await;
    trouble(&world, Kind::RefundDelayed { seconds: 3 * 86_400 }, Call::Any);
    let case_id = refunding(&world, "3800001", 5_900).await;
    world.settle().await;

    world.pass(Span::hours(47)).await;
    assert_eq!(world.case(&case_id).await["tickets"], json!([]));
    world.pass(Span::hours(2)).await;

    let ticket = world.case(&case_id).await["tickets"][0].clone();
    assert_eq!(ticket["opened_by"], "system", "{ticket}");
    assert_eq!(ticket["answer"]["refund_status"], "PROCESSING", "{ticket}");
    assert!(ticket["answer"]["trade_state"].is_string(), "{ticket}");

    world.pass(Span::hours(24)).await;
    let case = until_closed(&world, &case_id, 60).await;
    assert!(case["tickets"][0]["closed_at"].is_string(), "it closes with the money: {case:#}");
    assert_books_equal(&world).await;
}

async fn a_buyer_need_not_wait_to_ask(database: Database) {
    let world = World::new(database).await;
    trouble(&world, Kind::RefundDelayed { seconds: 3_600 }, Call::Any);
    let case_id = refunding(&world, "3800001", 5_900).await;
    world.settle().await;
    let buyer = world.buyer("oB1").await;
    let case = world.case(&case_id).await;
    let asked = json!({"refund_no": case["refunds"][0]["refund_no"]});

    world.act(&buyer, &case_id, "tickets", asked.clone()).await;
    let path = format!("/api/v1/cases/{case_id}/tickets");
    let (again, answer) = world.post(&buyer, &path, &asked).await;
    world.settle().await;

    assert_eq!((again.as_u16(), &answer["code"]), (422, &"nothing_due".into()));
    let ticket = world.case(&case_id).await["tickets"][0].clone();
    assert_eq!(ticket["opened_by"], "buyer");
    assert_eq!(ticket["answer"]["refund_status"], "PROCESSING");
    let closed = world.act(&world.owner, &case_id, "tickets/1/close", json!({})).await;
    assert!(closed["tickets"][0]["closed_at"].is_string());
    world.pass(Span::hours(2)).await;
    until_closed(&world, &case_id, 30).await;
    assert_books_equal(&world).await;
}

crate::on_both! {
    money_not_there_after_two_days_opens_a_ticket_with_the_channels_answer,
    a_buyer_need_not_wait_to_ask,
}
