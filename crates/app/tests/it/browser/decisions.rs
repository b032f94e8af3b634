//! Decisions on a case in the browser: two people who look at the same one.

use super::window::Window;
use crate::world::{Database, World};
use app::access::people::Office;
use serde_json::json;

/// A world with a case of ¥59.00: one of two cups is to be sent back.
async fn world() -> (World, String) {
    let world = World::new(Database::Sqlite).await;
    world.order("3700001", "oB1", 5_900, 2).await;
    let buyer = world.buyer("oB1").await;
    let asked = json!({"type": "return_and_refund", "reason": "unwanted_seven_days",
        "items": [{"item_id": "A1", "quantity": 1}], "description": "颜色不喜欢"});
    let case_id = world.open(&buyer, "3700001", asked).await;
    (world, case_id)
}

#[tokio::test]
async fn two_people_on_one_case_do_not_overwrite_each_other() {
    let (world, case_id) = world().await;
    let one = Window::desk(&world).await.of_person(&world, "he", Office::Supervisor).await;
    let other = Window::desk(&world).await.of_person(&world, "lin", Office::Agent).await;
    one.open(&format!("/m/cases/{case_id}/approve")).await;
    one.sees("确认同意").await;

    other.open(&format!("/m/cases/{case_id}")).await;
    other.fill("text", "您好，我先看一下照片。").await;
    other.click_until("发送", "已发送").await;
    one.click("确认同意").await;

    one.sees("这一单有了变化").await;
    one.sees("您好，我先看一下照片").await;
    assert_eq!(world.case(&case_id).await["stage"], "under_review");
    one.click_until("确认同意", "已同意，").await;
    assert_eq!(world.case(&case_id).await["stage"], "awaiting_return");
}
