//! What is long and much: names without a break as long as they may be, two hundred pictures, a
//! hundred messages, on the narrowest phone. No page breaks, and none takes long.

use super::{
    apply::PHOTO,
    driver::Script,
    window::{Size, Window},
};
use crate::{
    pages::visitor::Visitor,
    world::{Database, SHOP, World, facts, payment, return_of_one},
};
use app::access::people::Office;
use reqwest::{Method, StatusCode};
use serde_json::json;

/// Pictures of the case, and how many go in one form.
const PICTURES: usize = 200;
const AT_ONCE: usize = 20;
/// Words of both sides.
const MESSAGES: usize = 100;

/// A case about which there is much to see.
async fn crowded(world: &World, buyer_id: &str) -> String {
    let mut order = facts(world, "3700001", buyer_id, 5_900, 2);
    order["items"][0]["title"] = "瓷".repeat(200).into();
    order["items"][0]["sku"] = "S".repeat(60).into();
    let transaction = order["tenders"][0]["transaction_id"].as_str().unwrap().to_owned();
    world.sandbox.put_transaction(payment(&transaction, 12_800, world)).unwrap();
    let path = "/api/v1/orders/3700001";
    let (status, told) = world.send(Method::PUT, &world.owner, path, &order).await;
    assert!(status.is_success(), "{told}");
    let asked = return_of_one(&"W".repeat(1_500));
    let case_id = world.open(&world.buyer(buyer_id).await, "3700001", asked).await;
    let buyer = Visitor::buyer(world, buyer_id).await;
    let photo = std::fs::read(PHOTO).unwrap();
    for round in 0..PICTURES / AT_ONCE {
        let names: Vec<String> = (0..AT_ONCE).map(|n| format!("{round}-{n}.jpg")).collect();
        let files: Vec<(&str, &[u8])> = names.iter().map(|name| (&**name, &*photo)).collect();
        let sent = buyer.attach(&format!("/b/cases/{case_id}/evidence"), &[], &files).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    }
    for n in 0..MESSAGES {
        let said = json!({"text": format!("{n} {}", "https://example.invalid/".repeat(8))});
        world.act(&world.owner, &case_id, "messages", said).await;
    }
    case_id
}

#[tokio::test]
async fn two_hundred_pictures_and_endless_names_break_no_page() {
    let world = World::new(Database::Sqlite).await;
    let buyer_id = "o".repeat(128);
    let case_id = crowded(&world, &buyer_id).await;
    let window = Window::open_on(&world.base, Size::Narrow, Script::On).await;
    let window = window.of_buyer(&world, &buyer_id).await;
    let window = window.of_person(&world, "boss", Office::Owner).await;
    let window = window.of_person(&world, "zhao", Office::Arbiter).await;

    let mut wrong = Vec::new();
    for path in [
        "/b".to_owned(),
        "/b/orders/3700001".to_owned(),
        "/b/cases".to_owned(),
        format!("/b/cases/{case_id}"),
        "/m/cases".to_owned(),
        format!("/m/cases/{case_id}"),
        format!("/m/cases/{case_id}/reject"),
        format!("/p/cases/{SHOP}/{case_id}"),
    ] {
        for size in [Size::Narrow, Size::Desk] {
            window.resize(size).await;
            window.open(&path).await;
            let wide = window.overflow().await;
            wrong.extend((wide > 0).then(|| format!("{path} sticks out by {wide} ({size:?})")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    window.open(&format!("/m/cases/{case_id}")).await;
    window.sees("200").await;
    window.judge().await;
}
