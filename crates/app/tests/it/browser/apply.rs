//! The buyer applies on the phone, with a photo, and gets the money back because nobody says no:
//! with script and without, in both languages.

use super::window::Window;
use crate::world::{Database, World};
use domain::moment::Span;
use std::path::Path;

/// A photo as a phone takes it.
pub const PHOTO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/evidence/photo.jpg");

/// How the pages call what is clicked.
struct Words {
    apply: &'static str,
    kind: &'static str,
    group: &'static str,
    next: &'static str,
    send: &'static str,
    sent: &'static str,
    paid: &'static str,
}

const CHINESE: Words = Words {
    apply: "申请售后",
    kind: "仅退款",
    group: "质量问题",
    next: "下一步",
    send: "提交申请",
    sent: "您的申请已提交",
    paid: "已退款 ¥64.00",
};

const ENGLISH: Words = Words {
    apply: "Apply for after-sale",
    kind: "Refund only",
    group: "Quality problem",
    next: "Next",
    send: "Submit",
    sent: "Your application is in",
    paid: "¥64.00 refunded",
};

/// A world with one order of two cups.
pub async fn world() -> World {
    let world = World::new(Database::Sqlite).await;
    world.order("3700001", "oB1", 5_900, 2).await;
    world
}

/// From the list of orders to the last step, with everything but the photo filled in.
async fn fill_in(window: &Window, words: &Words, reason: &str) {
    window.open("/b").await;
    window.click("手工陶瓷杯").await;
    window.click(words.apply).await;
    window.click(words.kind).await;
    window.fill("quantity-A1", "1").await;
    window.click(words.group).await;
    window.choose("reason", reason).await;
    window.choose("received", "yes").await;
    window.click(words.next).await;
    window.fill("description", "杯口有一道裂纹").await;
}

/// Nobody answers for two days: the case is approved, and the money goes back.
async fn silence(world: &World, window: &Window, words: &Words) {
    window.sees(words.sent).await;
    let path = window.path().await;
    let case_id = path.trim_start_matches("/b/cases/").split('?').next().unwrap();
    world.pass(Span::hours(48)).await;
    world.pass(Span::seconds(120)).await;
    assert_eq!(world.case(case_id).await["stage"], "closed");
    window.open(&format!("/b/cases/{case_id}")).await;
    window.sees(words.paid).await;
    window.judge().await;
    assert_eq!(world.sandbox.books().refunds().count(), 1);
}

#[tokio::test]
async fn a_buyer_applies_with_a_photo_and_is_refunded_by_silence() {
    let world = world().await;
    let window = Window::phone(&world).await.of_buyer(&world, "oB1").await;

    fill_in(&window, &CHINESE, "quality_defect").await;
    window.upload("file", Path::new(PHOTO)).await;
    window.find(".files .file img").await;
    window.click(CHINESE.send).await;

    silence(&world, &window, &CHINESE).await;
}

#[tokio::test]
async fn the_whole_way_is_open_without_script() {
    let world = world().await;
    let window = Window::phone_without_script(&world).await.of_buyer(&world, "oB1").await;

    fill_in(&window, &CHINESE, "quality_defect").await;
    window.upload("file", Path::new(PHOTO)).await;
    window.click("上传所选文件").await;
    window.find(".files .file img").await;
    window.click(CHINESE.send).await;

    silence(&world, &window, &CHINESE).await;
}

#[tokio::test]
async fn the_whole_way_is_open_in_english() {
    let world = world().await;
    let window = Window::phone(&world).await.reading("en").await.of_buyer(&world, "oB1").await;

    fill_in(&window, &ENGLISH, "quality_defect").await;
    window.upload("file", Path::new(PHOTO)).await;
    window.find(".files .file img").await;
    window.click(ENGLISH.send).await;

    silence(&world, &window, &ENGLISH).await;
}
