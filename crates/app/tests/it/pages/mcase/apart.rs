//! What stays apart: notes of the shop, files and cases of another.

use super::{BUYER, ORDER, world};
use crate::{
    pages::visitor::Visitor,
    world::{SHOP, World},
};
use app::{access::people::Office, onboarding};
use domain::{actor::Actor, id::ShopId};
use reqwest::StatusCode;

/// Somebody of another shop.
async fn neighbour(world: &World) -> Visitor {
    use app::access::{member::Member, session};
    let (app, shop_id) = (&world.app, ShopId::parse("cups").unwrap());
    let opened =
        onboarding::open_shop(&app.registry, &shop_id, "瓷", &Actor::System, app.desk.now());
    opened.await.unwrap().unwrap();
    let member = Member::named("cups", "owner").unwrap();
    let token = session::open(app, &member, "Firefox", app.desk.now()).await.unwrap();
    Visitor { cookie: format!("wanbi_m={}", token.unwrap()), ..Visitor::stranger(world) }
}

#[tokio::test]
async fn a_note_is_for_colleagues_and_a_message_for_the_buyer() {
    let (world, case_id) = world().await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    for (part, text) in [("notes", "这位买家上月也退过"), ("messages", "您好，请稍等")]
    {
        let fields = [("once", part), ("text", text)];
        let sent = agent.post(&format!("/m/cases/{case_id}/{part}"), &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
    }

    let page = agent.get(&format!("/m/cases/{case_id}")).await;
    assert!(page.html.contains("这位买家上月也退过") && page.html.contains("您好，请稍等"));
    let buyer = Visitor::buyer(&world, BUYER).await;
    for path in [format!("/b/cases/{case_id}"), format!("/b/orders/{ORDER}"), "/b".to_owned()] {
        assert!(!buyer.get(&path).await.html.contains("上月也退过"), "{path}");
    }
    let (_, seen) = world.get(&world.buyer(BUYER).await, &format!("/api/v1/cases/{case_id}")).await;
    assert!(!seen.to_string().contains("上月也退过") && seen.to_string().contains("请稍等"));
}

#[tokio::test]
async fn an_empty_message_is_said_to_be_empty() {
    let (world, case_id) = world().await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let sent = agent.post(&format!("/m/cases/{case_id}/messages"), &[("text", " ")]).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn what_is_another_shops_is_not_there() {
    let (world, case_id) = world().await;
    assert_eq!(SHOP, "tea");
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let picture: &[u8] = include_bytes!("../../../fixtures/evidence/photo.png");
    let path = format!("/m/cases/{case_id}/evidence");
    let sent =
        agent.attach(&path, &[("once", "1"), ("note", "出库照")], &[("出库.png", picture)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    let case = world.case(&case_id).await;
    let file_id = case["exhibits"][0]["file_id"].as_str().unwrap();

    let (file, viewer) = (format!("/m/files/{file_id}"), format!("{path}/{file_id}"));
    assert_eq!(agent.get(&viewer).await.status, StatusCode::OK);
    let bytes = agent.bytes(&file).await;
    assert_eq!(bytes, picture);
    let neighbour = neighbour(&world).await;
    for path in [file, viewer, format!("/m/cases/{case_id}"), format!("/m/cases/{case_id}/approve")]
    {
        assert_eq!(neighbour.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn two_pictures_stand_side_by_side() {
    let (world, case_id) = world().await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let picture: &[u8] = include_bytes!("../../../fixtures/evidence/photo.png");
    let path = format!("/m/cases/{case_id}/evidence");
    agent.attach(&path, &[("once", "1")], &[("a.png", picture), ("b.png", picture)]).await;
    let case = world.case(&case_id).await;
    let id = |n: usize| case["exhibits"][n]["file_id"].as_str().unwrap().to_owned();

    let both = agent.get(&format!("{path}/{}?with={}", id(0), id(1))).await;

    assert_eq!(both.html.matches("<figure").count(), 2);
    assert!(both.html.contains(&format!("data-key=\"ArrowRight\" href=\"{path}/{}", id(1))));
}

#[tokio::test]
async fn what_is_no_picture_is_refused_by_name() {
    let (world, case_id) = world().await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let path = format!("/m/cases/{case_id}/evidence");
    let sent =
        agent.attach(&path, &[("once", "1")], &[("坏.png", b"<script>alert(1)</script>")]).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(sent.html.contains("坏.png"), "{}", sent.html);
}
