//! A case from side to side, each at its own door: offers, returns, disputes, and two people who
//! look at the same one.

use super::window::{Size, Window};
use crate::world::{Database, SHOP, World, return_of_one};
use app::access::people::Office;
use domain::moment::Span;

/// A world with a case of ¥59.00: one of two cups is to be sent back.
async fn world() -> (World, String) {
    let world = World::new(Database::Sqlite).await;
    world.order("3700001", "oB1", 5_900, 2).await;
    let buyer = world.buyer("oB1").await;
    let asked = return_of_one("颜色不喜欢");
    let case_id = world.open(&buyer, "3700001", asked).await;
    (world, case_id)
}

/// A browser in which the buyer, a supervisor and an arbiter are known, each at their own door.
async fn window(world: &World) -> Window {
    let window = Window::desk(world).await.of_buyer(world, "oB1").await;
    let window = window.of_person(world, "he", Office::Supervisor).await;
    window.of_person(world, "zhao", Office::Arbiter).await
}

/// The money that went back, in fen.
fn refunds(world: &World) -> Vec<i64> {
    world.sandbox.books().refunds().map(|refund| refund.refund_fen).collect()
}

/// Takes the case up at a door.
async fn at(window: &Window, door: &str, case_id: &str, page: &str) {
    window.resize(if door == "b" { Size::Phone } else { Size::Desk }).await;
    let shop = if door == "p" { format!("{SHOP}/") } else { String::new() };
    window.open(&format!("/{door}/cases/{shop}{case_id}{page}")).await;
}

#[tokio::test]
async fn an_offer_is_made_and_accepted() {
    let (world, case_id) = world().await;
    let window = window(&world).await;

    at(&window, "m", &case_id, "/offer").await;
    window.fill("amount", "30").await;
    window.choose("goods", "keep").await;
    window.fill("note", "补偿您 30 元，商品不用寄回，可以吗？").await;
    window.click_until("发出方案", "方案已发给买家").await;
    at(&window, "b", &case_id, "").await;
    window.sees("补偿您 30 元").await;
    window.click_until("接受方案", "已接受方案").await;
    world.settle().await;

    assert_eq!(refunds(&world), [3_000]);
    window.judge().await;
}

#[tokio::test]
async fn goods_come_back_are_inspected_and_paid_for() {
    let (world, case_id) = world().await;
    let window = window(&world).await;

    at(&window, "m", &case_id, "/approve").await;
    window.click_until("确认同意", "已同意，").await;
    at(&window, "b", &case_id, "").await;
    window.fill("waybill", "SF1234567890123").await;
    window.click_until("提交运单", "运单已提交").await;
    at(&window, "m", &case_id, "/receive").await;
    window.click_until("确认已收货", "已确认收货，").await;
    at(&window, "m", &case_id, "/inspect").await;
    window.choose("result", "accepted").await;
    window.click_until("提交验货结果", "验货结果已提交").await;
    world.settle().await;
    world.pass(Span::seconds(120)).await;

    assert_eq!(refunds(&world), [5_900]);
    at(&window, "b", &case_id, "").await;
    window.sees("已退款 ¥59.00").await;
    window.judge().await;
}

#[tokio::test]
async fn a_refusal_is_taken_to_the_platform_and_overruled() {
    let (world, case_id) = world().await;
    let window = window(&world).await;

    at(&window, "m", &case_id, "/reject").await;
    window.sees("拒绝很可能被平台改判").await;
    window.fill("note", "商品没有质量问题，不予支持。").await;
    window.click_until("确认拒绝", "已拒绝，原因已告知买家").await;
    at(&window, "b", &case_id, "").await;
    window.sees("商品没有质量问题").await;
    window.fill("reason", "七天内，未使用，应当支持。").await;
    window.click_until("申请平台介入", "已申请平台介入").await;
    at(&window, "p", &case_id, "").await;
    window.fill("reason", "符合七天无理由退货。").await;
    window.click("下一步：核对裁决").await;
    window.click_until("确认并执行", "裁决已生效").await;
    world.settle().await;

    assert_eq!(refunds(&world), [5_900]);
    at(&window, "b", &case_id, "").await;
    window.sees("符合七天无理由退货").await;
    window.judge().await;
}

#[tokio::test]
async fn two_people_on_one_case_do_not_overwrite_each_other() {
    let (world, case_id) = world().await;
    let one = window(&world).await;
    at(&one, "m", &case_id, "/approve").await;
    one.sees("确认同意").await;

    let other = Window::desk(&world).await.of_person(&world, "wang", Office::Agent).await;
    at(&other, "m", &case_id, "").await;
    one.sees("wang 也在看这个售后单").await;
    other.sees("也在看这个售后单").await;
    other.fill("text", "您好，我先看一下照片。").await;
    other.click("发送").await;
    other.sees("已发送").await;

    // It is shown where the other looks, and the form in which they are is left alone.
    one.sees("您好，我先看一下照片").await;
    one.sees("刚有新进展").await;
    one.click("确认同意").await;
    one.sees("这一单有了变化").await;
    one.sees("您好，我先看一下照片").await;
    assert_eq!(world.case(&case_id).await["stage"], "under_review");
    one.click_until("确认同意", "已同意，").await;
    assert_eq!(world.case(&case_id).await["stage"], "awaiting_return");
}
