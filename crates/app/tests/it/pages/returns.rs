//! The returns desk: parcels scanned, received, and written down when nobody knows them.

use super::visitor::Visitor;
use crate::world::{Database, World};
use app::access::people::Office;
use reqwest::StatusCode;
use serde_json::json;

const WAYBILL: &str = "SF1234567890123";

/// A case whose goods are on their way back.
async fn sent_back(world: &World) -> String {
    let case_id = crate::money::case_of(world, "oB1", "3900001", 5_900).await;
    world.act(&world.owner, &case_id, "approve", json!({})).await;
    let parcel = json!({"carrier": "顺丰速运", "waybill": WAYBILL});
    world.act(&world.buyer("oB1").await, &case_id, "ship-return", parcel).await;
    case_id
}

#[tokio::test]
async fn a_scanned_parcel_is_found_and_received() {
    let world = World::new(Database::Sqlite).await;
    let case_id = sent_back(&world).await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;

    let found = agent.get("/m/returns?waybill=sf1234567890123").await;
    assert!(found.html.contains(&format!("data-match=\"{case_id}\"")), "{}", found.html);
    let (once, version) = (found.field("once"), found.field("version"));
    let fields = [("once", once.as_str()), ("version", &version), ("waybill", WAYBILL)];
    let path = format!("/m/returns/{case_id}/receive");
    let finance = Visitor::person(&world, "qian", Office::Finance).await;
    assert_eq!(finance.post(&path, &fields).await.status, StatusCode::FORBIDDEN);
    for _ in 0..2 {
        let sent = agent.post(&path, &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    }

    assert_eq!(world.case(&case_id).await["stage"], "inspecting");
    let page = agent.get("/m/returns").await.html;
    assert!(page.contains(&format!("/m/cases/{case_id}/inspect")), "{page}");
}

#[tokio::test]
async fn an_unknown_parcel_is_recorded_once_and_settled() {
    let world = World::new(Database::Sqlite).await;
    let case_id = sent_back(&world).await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let other = "SF9999999999999";
    let scanned = agent.get(&format!("/m/returns?waybill={other}")).await.html;
    assert!(scanned.contains("登记无主件") && !scanned.contains("data-match"));

    let unfit = agent.post("/m/returns/parcels", &[("waybill", "坏"), ("note", "一<b>")]).await;
    assert_eq!(unfit.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unfit.html.contains("一&#60;b&#62;"), "{}", unfit.html);
    let fields = [("waybill", other), ("note", "一只杯子")];
    for _ in 0..2 {
        let sent = agent.post("/m/returns/parcels", &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    }
    let page = agent.get("/m/returns").await.html;
    assert_eq!(page.matches("data-parcel=").count(), 1);
    assert!(page.contains("一只杯子") && page.contains("顺丰速运"), "{page}");

    let path = "/m/returns/parcels/SF0%00";
    assert_eq!(agent.post(path, &[("state", "sent_back")]).await.status, StatusCode::NOT_FOUND);
    let path = format!("/m/returns/parcels/{other}");
    let wrong = agent.post(&path, &[("state", "claimed"), ("case_id", "nowhere")]).await;
    assert!(!wrong.status.is_redirection());
    let sent = agent.post(&path, &[("state", "claimed"), ("case_id", &case_id)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    assert!(!agent.get("/m/returns").await.html.contains("data-parcel="));
}

#[tokio::test]
async fn a_case_of_another_shop_is_not_there() {
    let world = World::new(Database::Sqlite).await;
    let case_id = super::queue::elsewhere(&world).await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;

    let sent = agent.post(&format!("/m/returns/{case_id}/receive"), &[]).await;
    assert_eq!(sent.status, StatusCode::NOT_FOUND);
    agent.post("/m/returns/parcels", &[("waybill", "SF9999999999999")]).await;
    let fields = [("state", "claimed"), ("case_id", case_id.as_str())];
    agent.post("/m/returns/parcels/SF9999999999999", &fields).await;
    assert!(agent.get("/m/returns").await.html.contains("data-parcel="), "it is still open");
}
