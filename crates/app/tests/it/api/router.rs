//! The router and the table of routes are the same list.

use super::{Call, filled};
use crate::world::{Database, World};
use app::{
    access::{page_routes::PAGES, routes::ROUTES},
    api,
};
use reqwest::StatusCode;
use std::{collections::BTreeSet, sync::Arc};

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

/// The paths that the router holds, by its own account.
fn paths(world: &World) -> BTreeSet<String> {
    let router = api::router(Arc::clone(&world.app));
    let told = format!("{router:?}");
    let texts = told.split('"').skip(1).step_by(2);
    texts.filter(|text| text.starts_with('/')).map(str::to_owned).collect()
}

/// The answer to what is nowhere stands below the root.
fn is_fallback(path: &str) -> bool {
    path.contains("{*")
}

#[tokio::test]
async fn the_router_has_the_paths_of_the_table_and_no_other() {
    let world = World::new(Database::Sqlite).await;

    let routed: BTreeSet<String> =
        paths(&world).into_iter().filter(|path| !is_fallback(path)).collect();

    let both = ROUTES.iter().chain(PAGES);
    let table: BTreeSet<String> = both.map(|route| route.path.to_owned()).collect();
    let missing: Vec<&String> = table.difference(&routed).collect();
    let stray: Vec<&String> = routed.difference(&table).collect();
    assert!(missing.is_empty() && stray.is_empty(), "missing {missing:?}, stray {stray:?}");
}

#[tokio::test]
async fn every_path_takes_the_methods_of_the_table_and_no_other() {
    let world = World::new(Database::Sqlite).await;
    for path in ROUTES.iter().map(|route| route.path).collect::<BTreeSet<_>>() {
        let taken: BTreeSet<&str> =
            ROUTES.iter().filter(|route| route.path == path).map(|route| route.method).collect();
        for method in METHODS {
            let reply = Call::new(method, &filled(path)).send(&world).await;
            let refused = reply.status == StatusCode::METHOD_NOT_ALLOWED;
            assert_eq!(refused, !taken.contains(method), "{method} {path}: {}", reply.status);
            if refused {
                assert_eq!(reply.problem(), "method_not_allowed");
                let allow = reply.headers["allow"].to_str().unwrap();
                let allow: BTreeSet<&str> = allow.split(',').map(str::trim).collect();
                assert!(taken.is_subset(&allow), "{method} {path}: {allow:?}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_nowhere_is_not_found_in_the_callers_language() {
    let world = World::new(Database::Sqlite).await;
    let strange = ["/api", "/api/v2/orders", "/api/v1/", "/api/v1/orders/", "//api/v1/orders"];
    let strange = strange.iter().copied().chain([
        "/api/v1/../../etc/passwd",
        "/api/v1/orders/a/b/c",
        "/API/V1/ORDERS",
        "/healthz/",
    ]);
    for path in strange {
        for (language, word) in [("en-GB", "nothing"), ("zh", "没有")] {
            let headers = [("accept-language", language)];
            let reply = Call::new("GET", path).by(&world.owner).with(&headers).send(&world).await;
            assert_eq!((reply.status.as_u16(), reply.problem().as_str()), (404, "not_found"));
            let detail = reply.json()["detail"].as_str().unwrap().to_owned();
            assert!(detail.contains(word), "{path} {language}: {detail}");
        }
    }
}

#[tokio::test]
async fn a_head_is_a_get_without_its_body() {
    let world = World::new(Database::Sqlite).await;
    for path in ["/healthz", "/api/v1/openapi.json", "/api/v1/shop", "/api/v1/cases"] {
        let head = Call::new("HEAD", path).by(&world.owner).send(&world).await;
        assert_eq!(head.status, StatusCode::OK, "{path}");
        assert!(head.bytes.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn what_a_demo_shows_is_nowhere_else() {
    let world = World::new(Database::Sqlite).await;
    for path in ["/demo/enter", "/demo/time", "/demo/trouble", "/demo/clock", "/demo/faults"] {
        let reply = Call::new("POST", path).send(&world).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
    }
    let start = Call::new("GET", "/").send(&world).await;
    assert_eq!(start.status, StatusCode::OK);
    let html = String::from_utf8(start.bytes.to_vec()).unwrap();
    assert!(!html.contains("demo-bar") && html.contains("href=\"/m\""), "{html}");
}
