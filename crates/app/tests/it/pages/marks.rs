//! How a case is sorted on its page (I3).

use super::visitor::Visitor;
use crate::world::{Database, World};
use app::access::people::Office;
use reqwest::StatusCode;

#[tokio::test]
async fn a_case_is_assigned_tagged_and_graded_on_its_page() {
    let world = World::new(Database::Sqlite).await;
    let case_id = crate::money::case_of(&world, "oB1", "3900001", 5_900).await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let page = format!("/m/cases/{case_id}");
    let shown = agent.get(&page).await;
    assert!(shown.html.contains("未分派"), "{}", shown.html);

    let (once, version) = (shown.field("once"), shown.field("version"));
    let typed = [
        ("once", once.as_str()),
        ("version", version.as_str()),
        ("assignee", "li"),
        ("tier", "difficult"),
        ("tags", "老客户， 生鲜,老客户"),
    ];
    let sent = agent.post(&format!("{page}/mark"), &typed).await;
    let again = agent.post(&format!("{page}/mark"), &typed).await;

    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.html);
    let shown = agent.get(&page).await;
    let head = shown.html.split("mc-marks").nth(1).unwrap().split("</p>").next().unwrap();
    assert!(head.contains("处理人：") && head.contains("疑难"), "{head}");
    assert_eq!(head.matches("老客户").count(), 1, "{head}");
    assert!(head.contains("生鲜"), "{head}");
}

#[tokio::test]
async fn a_stranger_is_not_assigned_and_what_was_typed_stays() {
    let world = World::new(Database::Sqlite).await;
    let case_id = crate::money::case_of(&world, "oB1", "3900001", 5_900).await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;

    let at = format!("/m/cases/{case_id}/mark");
    let typed = [("assignee", "nobody"), ("tier", "legal"), ("tags", "急件")];
    let sent = agent.post(&at, &typed).await;

    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(sent.html.contains("请选择本店的处理人和级别"), "{}", sent.html);
    assert!(sent.html.contains("急件"));
    let case = world.case(&case_id).await;
    assert!(!case.to_string().contains("急件"), "{case}");
}
