//! The table of role × page against the router.

use super::visitor::Visitor;
use crate::world::{Database, World};
use app::access::{page_routes::PAGES, routes::Who};
use reqwest::StatusCode;

#[tokio::test]
async fn every_page_of_the_table_is_there_and_asks_who_comes() {
    let world = World::new(Database::Sqlite).await;
    let stranger = Visitor::stranger(&world);
    for page in PAGES {
        let names = page.path.split('/').map(|part| if part.starts_with('{') { "x" } else { part });
        let path = names.collect::<Vec<_>>().join("/");
        let shown = match page.method {
            "GET" => stranger.get(&path).await,
            "POST" => stranger.post(&path, &[]).await,
            "PUT" => stranger.put(&path, b"x").await,
            other => panic!("{other}"),
        };
        assert_ne!(shown.status, StatusCode::METHOD_NOT_ALLOWED, "{page:?}");
        if page.who == Who::ANYONE {
            assert!(!shown.status.is_server_error(), "{page:?} {shown:?}");
        } else {
            let sent = shown.location.unwrap_or_default();
            assert!(sent.contains("/welcome?") || sent.contains("/sign-in?"), "{page:?} {sent}");
        }
    }
}

#[tokio::test]
async fn what_changes_something_must_come_from_here() {
    let world = World::new(Database::Sqlite).await;
    let stranger = Visitor::stranger(&world);
    for page in PAGES.iter().filter(|page| page.method == "POST") {
        let shown = stranger.post_from("cross-site", page.path, &[]).await;
        assert_eq!(shown.status, StatusCode::FORBIDDEN, "{page:?}");
    }
}
