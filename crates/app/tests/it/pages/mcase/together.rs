//! Several people on one case: roles, four eyes, nobody overwrites another, twice is once.

use super::{decide, done, path, said, stage, with, world};
use crate::{money::set_shop, pages::visitor::Visitor};
use app::access::people::Office;
use reqwest::StatusCode;
use serde_json::json;

#[tokio::test]
async fn each_role_sees_its_own_forms() {
    let (world, case_id) = world().await;
    let forms = ["approve", "offer", "reject", "confirm-proposal"];
    for (office, may) in [
        (Office::Agent, [true, true, true, false]),
        (Office::Supervisor, [true, true, true, true]),
        (Office::Finance, [false, false, false, false]),
        (Office::Owner, [true, true, true, true]),
    ] {
        let visitor = Visitor::person(&world, &format!("{office:?}"), office).await;
        let page = visitor.get(&format!("/m/cases/{case_id}")).await;
        for (form, may) in forms.into_iter().zip(may) {
            let shown = visitor.get(&path(&case_id, form)).await;
            let expected = if may { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(shown.status, expected, "{office:?} {form}");
            let tab = page.html.contains(&format!("data-act=\"{form}\""));
            assert_eq!(tab, may && form != "confirm-proposal", "{office:?} {form}");
        }
    }
}

/// Above the shop's limit a second person confirms, and never the same.
#[tokio::test]
async fn four_eyes_see_what_is_above_the_limit() {
    let (world, case_id) = world().await;
    set_shop(&world, true, Some(5_000)).await;
    let first = Visitor::person(&world, "zhang", Office::Supervisor).await;
    let second = Visitor::person(&world, "wang", Office::Supervisor).await;
    let typed = [("amount", "59"), ("goods", "keep"), ("note", "")];
    let at = path(&case_id, "approve-part");
    let looked = first.post(&at, &with(&first.get(&at).await.html, &typed)).await;
    assert!(looked.html.contains("超过本店 ¥50.00 的复核线") && looked.html.contains("提交复核"));

    let page = done(&first, &decide(&first, &at, &typed).await).await;
    assert!(page.contains("等另一位同事确认"));
    let confirm = path(&case_id, "confirm-proposal");
    let own = decide(&first, &confirm, &[]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN, "{}", said(&own.html));
    assert_eq!(stage(&world, &case_id).await, "under_review");

    let shown = second.get(&confirm).await;
    assert!(shown.html.contains("zhang") && shown.html.contains("立即退 ¥59.00"));
    done(&second, &decide(&second, &confirm, &[]).await).await;
    assert_eq!(stage(&world, &case_id).await, "refunding");
}

#[tokio::test]
async fn a_declined_proposal_goes_back_to_be_decided_anew() {
    let (world, case_id) = world().await;
    set_shop(&world, true, Some(5_000)).await;
    world.act(&world.owner, &case_id, "approve", json!({})).await;
    let second = Visitor::person(&world, "wang", Office::Supervisor).await;

    let typed = [("note", "金额再核对")];
    done(&second, &decide(&second, &path(&case_id, "decline-proposal"), &typed).await).await;

    assert!(world.case(&case_id).await["proposal"].is_null());
}

/// Whoever comes second reads what the first did, and what they typed is still there.
#[tokio::test]
async fn nobody_overwrites_a_colleague() {
    let (world, case_id) = world().await;
    let first = Visitor::person(&world, "li", Office::Agent).await;
    let second = Visitor::person(&world, "zhao", Office::Agent).await;
    let at = path(&case_id, "reject");
    let open = second.get(&at).await;
    done(&first, &decide(&first, &path(&case_id, "approve"), &[]).await).await;

    let mut fields = with(&open.html, &[("note", "我打的字还在")]);
    fields.push(("sure", "yes"));
    let late = second.post(&at, &fields).await;

    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    assert!(late.html.contains("我打的字还在") && late.html.contains("li · 同意售后"));
    assert_eq!(stage(&world, &case_id).await, "awaiting_return");
}

#[tokio::test]
async fn a_double_click_decides_once() {
    let (world, case_id) = world().await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let at = path(&case_id, "approve-part");
    let typed = [("amount", "30"), ("goods", "keep"), ("note", "")];
    let looked = agent.post(&at, &with(&agent.get(&at).await.html, &typed)).await;
    let mut fields = with(&looked.html, &typed);
    fields.push(("sure", "yes"));

    let (one, two) = tokio::join!(agent.post(&at, &fields), agent.post(&at, &fields));

    assert_eq!((one.status, two.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    assert_eq!(world.case(&case_id).await["refunds"].as_array().unwrap().len(), 1);
}
