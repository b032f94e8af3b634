//! The shop's people at work: many cases at once, and the policy anew.

use super::window::Window;
use crate::world::{Database, World, return_of_one};
use app::access::people::Office;

/// A world with two cases that wait for the shop.
async fn world() -> (World, [String; 2]) {
    let world = World::new(Database::Sqlite).await;
    let mut cases = Vec::new();
    for (order_id, buyer_id) in [("3700001", "oB1"), ("3700002", "oB2")] {
        world.order(order_id, buyer_id, 5_900, 1).await;
        let buyer = world.buyer(buyer_id).await;
        let asked = return_of_one("不想要了");
        cases.push(world.open(&buyer, order_id, asked).await);
    }
    let [one, other] = [cases.remove(0), cases.remove(0)];
    (world, [one, other])
}

#[tokio::test]
async fn cases_are_approved_together_after_a_look_at_what_will_happen() {
    let (world, [one, other]) = world().await;
    let window = Window::desk(&world).await.of_person(&world, "he", Office::Supervisor).await;

    window.open("/m/cases").await;
    window.choose("case", &one).await;
    window.choose("case", &other).await;
    window.click("批量同意").await;
    window.sees("共选中 2 单，其中 2 单可以执行").await;
    assert_eq!(world.case(&one).await["stage"], "under_review", "nothing happened yet");
    window.click_until("确认执行 2 单", "共 2 单，成功 2 单").await;

    for case_id in [&one, &other] {
        assert_eq!(world.case(case_id).await["stage"], "awaiting_return");
    }
    window.judge().await;
}

#[tokio::test]
async fn the_owner_publishes_another_time_limit_and_buyers_read_it() {
    let world = World::new(Database::Sqlite).await;
    let window = Window::desk(&world).await.of_person(&world, "boss", Office::Owner).await;

    window.open("/m/settings/policy").await;
    window.fill("deadlines.merchant_decides_hours", "24").await;
    window.click("预览改动").await;
    window.sees("+ merchant_decides_hours = 24").await;
    window.click_until("发布为新版本", "新版政策已发布并生效").await;

    window.open("/policy/tea").await;
    window.sees("商家在 24 小时内处理售后申请").await;
    window.judge().await;
}
