//! The doors, opened by a browser.

use super::{
    axe::violations,
    window::{Size, Window},
};
use crate::world::{Database, World, facts};
use app::access::people::Office;
use reqwest::Method;

#[tokio::test]
async fn a_buyer_comes_in_on_the_phone_in_both_languages() {
    let world = World::new(Database::Sqlite).await;
    let order = facts(&world, "3700001", "oB1", 5_900, 2);
    let path = "/api/v1/orders/3700001";
    assert!(world.send(Method::PUT, &world.owner, path, &order).await.0.is_success());

    let window = Window::phone(&world).await.of_buyer(&world, "oB1").await;

    window.sees("手工陶瓷杯").await;
    window.click("English").await;
    window.sees("¥128.00").await;
    assert_eq!(window.path().await, "/b");
    window.resize(Size::Narrow).await;
    assert_eq!(window.overflow().await, 0);
    assert_eq!(violations(&window).await, [""; 0]);
    window.judge().await;
}

#[tokio::test]
async fn pages_are_read_without_script() {
    let world = World::new(Database::Sqlite).await;
    let window = Window::phone_without_script(&world).await.reading("en").await;

    window.open("/b").await;

    assert_eq!(window.path().await, "/b/welcome?next=%2Fb");
    window.sees("Wanbi").await;
    window.judge().await;
}

#[tokio::test]
async fn people_come_in_at_their_desks() {
    let world = World::new(Database::Sqlite).await;
    let window = Window::desk(&world).await;
    let window = window.of_person(&world, "lin", Office::Supervisor).await;
    let window = window.of_person(&world, "an", Office::Arbiter).await;

    window.open("/m").await;
    window.sees("茶铺").await;
    window.open("/p").await;
    window.sees("平台").await;
    window.judge().await;
}
