//! Who comes in at which door, and who does not.

use super::visitor::Visitor;
use crate::world::{Database, World, facts};
use app::access::people::Office;
use reqwest::{Method, StatusCode};

#[tokio::test]
async fn a_buyer_comes_in_by_the_link_and_sees_the_orders() {
    let world = World::new(Database::Sqlite).await;
    let order = facts(&world, "3700001", "oB1", 5_900, 2);
    let path = "/api/v1/orders/3700001";
    assert!(world.send(Method::PUT, &world.owner, path, &order).await.0.is_success());
    let token = world.buyer("oB1").await;

    let entered = Visitor::stranger(&world).get(&format!("/b/enter/{token}")).await;

    assert_eq!(entered.location.as_deref(), Some("/b"));
    let cookie = &entered.cookies[0];
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let orders = Visitor::buyer(&world, "oB1").await.get("/b").await;
    assert_eq!(orders.status, StatusCode::OK);
    assert!(orders.html.contains("手工陶瓷杯") && orders.html.contains("¥128.00"));
    let other = Visitor::buyer(&world, "oB2").await.get("/b").await;
    assert!(!other.html.contains("手工陶瓷杯"));
}

#[tokio::test]
async fn whoever_is_not_known_is_sent_to_where_they_can_be() {
    let world = World::new(Database::Sqlite).await;
    let stranger = Visitor::stranger(&world);
    for (path, to) in [
        ("/b", "/b/welcome?next=%2Fb"),
        ("/m", "/m/sign-in?next=%2Fm"),
        ("/p", "/p/sign-in?next=%2Fp"),
    ] {
        assert_eq!(stranger.get(path).await.location.as_deref(), Some(to));
    }
    let buyer = Visitor::buyer(&world, "oB1").await;
    assert_eq!(buyer.get("/m").await.status, StatusCode::SEE_OTHER);
    let over = stranger.get("/b/enter/wb_x.y").await;
    assert_eq!(over.location.as_deref(), Some("/b/welcome?over=1"));
}

#[tokio::test]
async fn people_come_in_at_their_own_door_by_their_session() {
    let world = World::new(Database::Sqlite).await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let arbiter = Visitor::person(&world, "wang", Office::Arbiter).await;
    assert_eq!(agent.get("/m").await.status, StatusCode::OK);
    assert_eq!(arbiter.get("/p/disputes").await.status, StatusCode::OK);
    for (cookie, path) in [
        (agent.cookie.replace("wanbi_m", "wanbi_p"), "/p/disputes"),
        (arbiter.cookie.replace("wanbi_p", "wanbi_m"), "/m"),
        (format!("wanbi_m={}", world.owner), "/m"),
    ] {
        let other = Visitor { cookie, ..Visitor::stranger(&world) };
        assert_eq!(other.get(path).await.status, StatusCode::SEE_OTHER, "{path}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_said_in_the_readers_language() {
    let world = World::new(Database::Sqlite).await;
    let stranger = Visitor::stranger(&world).reading("en");
    let nowhere = stranger.get("/m/nowhere").await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    assert!(nowhere.html.contains("<html lang=\"en\"") && nowhere.html.contains("not_found"));
}

#[tokio::test]
async fn preferences_are_kept_and_lead_nowhere_else() {
    let world = World::new(Database::Sqlite).await;
    let stranger = Visitor::stranger(&world);
    let kept = stranger.get("/preferences?lang=en&scheme=dark&back=%2F%2Fevil.example").await;
    assert_eq!(kept.location.as_deref(), Some("/"));
    assert!(kept.cookies[0].starts_with("wanbi_lang=en;"));
    assert!(kept.cookies[1].starts_with("wanbi_scheme=dark;"));
}

#[tokio::test]
async fn the_address_of_a_form_leads_to_its_page() {
    let world = World::new(Database::Sqlite).await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    for (form, page) in [
        ("/m/cases/bulk/do", "/m/cases/bulk"),
        ("/m/cases/bulk", "/m/cases"),
        (
            "/m/cases/01890000-0000-7000-8000-000000000001/messages",
            "/m/cases/01890000-0000-7000-8000-000000000001",
        ),
        ("/m/settings/templates/adopt", "/m/settings/templates"),
        ("/b/appeal/nothing", ""),
    ] {
        let shown = agent.get(form).await;
        assert_eq!(shown.location.unwrap_or_default(), page, "{form}");
    }
}
