//! A case that changed while somebody was typing, and what is typed twice.

use super::{buyer_with_case, look, send};
use crate::world::{Database, World};
use reqwest::StatusCode;
use serde_json::json;

#[tokio::test]
async fn what_changed_meanwhile_is_shown_and_what_was_typed_is_kept() {
    let world = World::new(Database::Sqlite).await;
    let (buyer, case_id) = buyer_with_case(&world).await;
    world.act(&world.owner, &case_id, "reject", json!({"reason": "已经用过"})).await;
    let page = look(&buyer, &case_id).await;
    let more = json!({"text": "我们可以再谈谈", "audience": "everyone"});
    world.act(&world.owner, &case_id, "messages", more).await;

    let typed = [("reason", "我没有用过，照片可以证明")];
    let shown = send(&buyer, (&case_id, "escalate"), &page, &typed).await;

    assert_eq!(shown.status, StatusCode::PRECONDITION_FAILED);
    assert!(shown.html.contains("内容已被更改") && shown.html.contains("您填写期间的新进展"));
    assert!(shown.html.contains("我没有用过，照片可以证明</textarea>"), "{}", shown.html);
    assert_eq!(world.case(&case_id).await["stage"], "rejected");
    let again = send(&buyer, (&case_id, "escalate"), &shown, &typed).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_eq!(world.case(&case_id).await["stage"], "disputed");
}

#[tokio::test]
async fn what_is_over_meanwhile_is_said_so() {
    let world = World::new(Database::Sqlite).await;
    let (buyer, case_id) = buyer_with_case(&world).await;
    let page = look(&buyer, &case_id).await;
    world.act(&world.owner, &case_id, "approve", json!({"goods": "keep"})).await;

    let shown = send(&buyer, (&case_id, "withdraw"), &page, &[]).await;

    assert_eq!(shown.status, StatusCode::PRECONDITION_FAILED);
    assert!(shown.html.contains("同意售后") && shown.html.contains("已发出，正在到账"));
}

#[tokio::test]
async fn a_double_click_says_a_thing_once_and_words_wait_for_nobody() {
    let world = World::new(Database::Sqlite).await;
    let (buyer, case_id) = buyer_with_case(&world).await;
    let page = look(&buyer, &case_id).await;
    let typed = [("text", "请尽快处理")];
    for _ in 0..2 {
        let done = send(&buyer, (&case_id, "messages"), &page, &typed).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
    }
    // A form filled in anew on the page as it was is a new message, whatever came between.
    let more = send(&buyer, (&case_id, "messages"), &page, &[("text", "谢谢")]).await;
    assert_eq!(more.status, StatusCode::SEE_OTHER, "{}", more.html);

    let messages = world.case(&case_id).await["messages"].clone();
    assert_eq!(messages.as_array().unwrap().len(), 2, "{messages:#}");
}

#[tokio::test]
async fn a_page_that_looks_again_learns_the_version() {
    let world = World::new(Database::Sqlite).await;
    let (buyer, case_id) = buyer_with_case(&world).await;
    let path = format!("/b/cases/{case_id}/version");
    assert_eq!(buyer.get(&path).await.html, "{\"version\":2}");
    world.act(&world.owner, &case_id, "reject", json!({"reason": "不行"})).await;
    assert_eq!(buyer.get(&path).await.html, "{\"version\":3}");
}
