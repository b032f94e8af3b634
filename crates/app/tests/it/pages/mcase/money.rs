//! Refunds that need people: an account named, approved by finance, paid, with a voucher.

use super::{decide, done, said, world};
use crate::pages::visitor::Visitor;
use app::access::people::Office;
use reqwest::StatusCode;
use serde_json::json;

#[tokio::test]
async fn a_payout_goes_from_the_account_to_the_voucher_by_several_hands() {
    let (world, case_id) = world().await;
    let buyer = world.buyer(super::BUYER).await;
    let terms = json!({"terms": {"amount": {"amount_minor": 5_900, "currency": "CNY"},
        "route": "designated", "goods": "keep"}, "note": "退到您指定的账户"});
    world.act(&world.owner, &case_id, "offer", terms).await;
    let case = world.act(&buyer, &case_id, "accept-offer", json!({})).await;
    let refund_no = case["refunds"][0]["refund_no"].as_str().unwrap();
    let at = |form: &str| format!("/m/cases/{case_id}/refunds/{refund_no}/{form}");
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let finance = Visitor::person(&world, "qian", Office::Finance).await;

    let typed = [("holder", "张三"), ("bank", "招商银行"), ("account", "6225880137654321")];
    done(&agent, &decide(&agent, &at("name-account"), &typed).await).await;
    assert_eq!(agent.get(&at("approve-payout")).await.status, StatusCode::FORBIDDEN);
    let shown = finance.get(&at("approve-payout")).await;
    assert!(shown.html.contains("6225880137654321") && shown.html.contains("张三"));
    let page = done(&finance, &decide(&finance, &at("approve-payout"), &[]).await).await;
    assert!(!page.contains("6225880137654321"), "an account is shown to whoever pays alone");
    let empty = decide(&finance, &at("mark-paid"), &[("voucher", "")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", said(&empty.html));
    done(&finance, &decide(&finance, &at("mark-paid"), &[("voucher", "V-1")]).await).await;

    let case = world.case(&case_id).await;
    assert_eq!(
        (&case["outcome"], &case["refunds"][0]["voucher"]),
        (&"refunded".into(), &"V-1".into())
    );
}

/// F8: asked by the shop, answered by the channel, closed by a person.
#[tokio::test]
async fn a_ticket_is_opened_and_closed() {
    let (world, case_id) = world().await;
    let terms = json!({"goods": "keep"});
    let case = world.act(&world.owner, &case_id, "approve", terms).await;
    let refund_no = case["refunds"][0]["refund_no"].as_str().unwrap();
    app_pumps(&world).await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let page = agent.get(&format!("/m/cases/{case_id}")).await;
    let path = format!("/m/cases/{case_id}/refunds/{refund_no}/ticket");
    assert!(page.html.contains(&path), "{}", page.html);

    done(&agent, &decide(&agent, &path, &[]).await).await;
    let close = format!("/m/cases/{case_id}/tickets/1/close");
    done(&agent, &decide(&agent, &close, &[]).await).await;

    assert!(!world.case(&case_id).await["tickets"][0]["closed_at"].is_null());
}

/// The channel accepts, and does not yet carry out.
async fn app_pumps(world: &crate::world::World) {
    engine::pump::pump_once(&world.app.desk, &world.app.channel, 8).await.unwrap();
}
