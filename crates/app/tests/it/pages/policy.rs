//! The policy editor: parameters by form, what would change, a new version, nobody overwritten.

use super::visitor::Visitor;
use crate::world::{Database, World, return_of_one};
use app::access::people::Office;
use reqwest::StatusCode;

const PATH: &str = "/m/settings/policy";

fn hours(hours: &str) -> [(&str, &str); 4] {
    [
        ("parameters", "1"),
        ("base", "0"),
        ("deadlines.merchant_decides_hours-sent", "1"),
        ("deadlines.merchant_decides_hours", hours),
    ]
}

/// The text of the page's preview, as the browser would send it on.
fn text_of(html: &str) -> String {
    let (_, rest) = html.split_once("name=\"text\"").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    let text = rest.split("</textarea>").next().unwrap();
    text.replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
}

#[tokio::test]
async fn an_owner_changes_a_parameter_sees_the_difference_and_publishes() {
    let world = World::new(Database::Sqlite).await;
    let owner = Visitor::person(&world, "boss", Office::Owner).await;
    let page = owner.get(PATH).await;
    assert!(page.html.contains("商家处理时限") && page.html.contains("value=\"48\""));

    let preview = owner.post(PATH, &hours("24")).await;

    assert_eq!(preview.status, StatusCode::OK, "{}", preview.html);
    assert!(preview.html.contains("- merchant_decides_hours = 48"));
    assert!(preview.html.contains("+ merchant_decides_hours = 24"));
    let text = text_of(&preview.html);
    let publish = [("text", text.as_str()), ("base", "0"), ("note", "24 小时"), ("do", "publish")];
    let done = owner.post(PATH, &publish).await;
    assert_eq!(done.location.as_deref(), Some("/m/settings/policy?done=policy-published"));
    let (_, policy) = world.get(&world.owner, "/api/v1/policy").await;
    assert_eq!(policy["version"], 1);
    assert!(owner.get(PATH).await.html.contains("24 小时"));

    world.order("3700001", "oB1", 5_900, 1).await;
    let buyer = world.buyer("oB1").await;
    let application = return_of_one("不想要了");
    let case_id = world.open(&buyer, "3700001", application).await;
    assert_eq!(world.case(&case_id).await["policy_version"], 1);

    let late = owner.post(PATH, &publish).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "published on what is no longer in force");
}

#[tokio::test]
async fn a_policy_with_mistakes_is_shown_again_with_their_lines() {
    let world = World::new(Database::Sqlite).await;
    let owner = Visitor::person(&world, "boss", Office::Owner).await;
    let wrong = owner.post(PATH, &hours("soon")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.html.contains("deadlines.merchant_decides_hours"), "{}", wrong.html);
    let broken = [("text", "name = ["), ("base", "0"), ("do", "publish")];
    let broken = owner.post(PATH, &broken).await;
    assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(broken.html.contains("name = ["));
}

#[tokio::test]
async fn an_agent_reads_the_policy_and_does_not_change_it() {
    let world = World::new(Database::Sqlite).await;
    let agent = Visitor::person(&world, "li", Office::Agent).await.reading("en");
    let page = agent.get(PATH).await;
    assert!(page.html.contains("Only the owner") || page.html.contains("owner"), "{}", page.html);
    assert!(!page.html.contains("value=\"preview\""));
    assert_eq!(agent.post(PATH, &hours("24")).await.status, StatusCode::FORBIDDEN);
}
