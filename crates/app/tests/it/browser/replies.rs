//! Templates of replies in the browser: chosen into the message and written in their form, with
//! the mouse or by the keys alone.

use super::window::Window;
use crate::world::{Database, World, return_of_one};
use app::access::people::Office;
use thirtyfour::{Key, TypingData};

/// The message to the buyer.
const MESSAGE: &str = "#talk-text";

/// A case that waits for the shop, opened at its page by a supervisor.
async fn at_a_case() -> (World, Window) {
    let world = World::new(Database::Sqlite).await;
    world.order("3700001", "oB1", 5_900, 1).await;
    let buyer = world.buyer("oB1").await;
    let asked = return_of_one("不想要了");
    let case_id = world.open(&buyer, "3700001", asked).await;
    let window = Window::desk(&world).await.of_person(&world, "he", Office::Supervisor).await;
    window.open(&format!("/m/cases/{case_id}")).await;
    (world, window)
}

/// What stands in a field.
async fn written(window: &Window, css: &str) -> String {
    window.find(css).await.value().await.unwrap().unwrap_or_default()
}

/// Waits until a field says something, and answers with all of it.
async fn comes_to_say(window: &Window, css: &str, part: &str) -> String {
    for _ in 0..200 {
        let text = written(window, css).await;
        if text.contains(part) {
            return text;
        }
        tokio::time::sleep(std::time::Duration::from_millis(40)).await;
    }
    panic!("{css} does not come to say {part:?}: {:?}", written(window, css).await);
}

/// The id of what has the focus.
async fn focus(window: &Window) -> String {
    let focused = window.driver.web.active_element().await.unwrap();
    focused.id().await.unwrap().unwrap_or_default()
}

/// Presses a key where the focus is.
async fn press(window: &Window, key: impl Into<TypingData>) {
    window.driver.web.active_element().await.unwrap().send_keys(key).await.unwrap();
}

#[tokio::test]
async fn a_chosen_template_fills_the_message_and_leaves_what_was_written() {
    let (_world, window) = at_a_case().await;

    window.choose("template", "shipped.received").await;
    let filled = comes_to_say(&window, MESSAGE, "3700001").await;
    assert!(filled.starts_with("您好，") && !filled.contains('{'), "{filled}");

    // Another takes its place; what a person wrote stays.
    window.choose("template", "shipped.evidence").await;
    let other = comes_to_say(&window, MESSAGE, "还需要您补充").await;
    assert!(!other.contains("已收到您的"), "{other}");
    window.sees("请补上或删掉再发送").await;
    window.fill("text", "照片收到了。").await;
    window.choose("template", "shipped.received").await;
    let both = comes_to_say(&window, MESSAGE, "3700001").await;
    assert!(both.starts_with("照片收到了。\n\n您好，"), "{both}");
    window.choose("lang", "en").await;
    let english = comes_to_say(&window, MESSAGE, "Hello").await;
    assert!(english.starts_with("照片收到了。\n\nHello") && !english.contains("您好"), "{english}");

    window.click_until("发送", "已发送").await;
    window.sees("has received your application").await;
    window.judge().await;
}

#[tokio::test]
async fn the_keys_go_through_the_templates_and_on_to_the_message() {
    let (_world, window) = at_a_case().await;

    window
        .driver
        .web
        .execute("document.querySelector('#pick-template').focus()", Vec::new())
        .await
        .unwrap();
    press(&window, Key::Down).await;
    let first = comes_to_say(&window, MESSAGE, "您好").await;
    assert_eq!(focus(&window).await, "pick-template", "the next key is for the list");
    press(&window, Key::Down).await;
    for _ in 0..100 {
        if written(&window, MESSAGE).await != first {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(40)).await;
    }
    let second = written(&window, MESSAGE).await;
    assert!(second != first && !second.contains(first.trim()), "{second}");

    press(&window, Key::Tab).await;
    press(&window, Key::Tab).await;
    press(&window, Key::Enter).await;
    for _ in 0..100 {
        if focus(&window).await == "talk-text" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(40)).await;
    }
    assert_eq!(focus(&window).await, "talk-text", "the message is what one goes on with");
    assert_eq!(written(&window, MESSAGE).await, second, "filled in once");
    window.judge().await;
}

#[tokio::test]
async fn a_variable_goes_where_the_cursor_stood() {
    let world = World::new(Database::Sqlite).await;
    let window = Window::desk(&world).await.of_person(&world, "he", Office::Supervisor).await;
    window.open("/m/settings/templates/new").await;
    window.fill("name", "查一下").await;
    window.fill("zh", "单号已查").await;
    press(&window, Key::Left).await;
    press(&window, Key::Left).await;

    window.click("插入 {订单号}").await;
    assert_eq!(written(&window, "#zh").await, "单号{订单号}已查");
    assert_eq!(focus(&window).await, "zh");

    // By the keys: the button keeps its place in the order, and one goes on writing after it.
    window.fill("en", "Order ").await;
    let there = "document.querySelector('[data-insert=\"{订单号}\"]').focus()";
    window.driver.web.execute(there, Vec::new()).await.unwrap();
    press(&window, Key::Enter).await;
    press(&window, "!").await;
    assert_eq!(written(&window, "#en").await, "Order {订单号}!");
    assert_eq!(focus(&window).await, "en");

    window.click("保存").await;
    window.sees("查一下").await;
    window.judge().await;
}
