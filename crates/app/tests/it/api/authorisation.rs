//! Every row of the table of routes with every kind of caller: let in or not exactly as the
//! table says.

use super::{Call, filled};
use crate::world::{Database, SHOP, World};
use app::access::{
    people::{Office, Scope},
    routes::{ROUTES, Route, Who},
};
use domain::moment::Span;
use reqwest::StatusCode;
use serde_json::json;

const OFFICES: [Office; 6] = [
    Office::Agent,
    Office::Supervisor,
    Office::Finance,
    Office::Owner,
    Office::Arbiter,
    Office::Operator,
];
const SCOPES: [Scope; 4] = [Scope::Read, Scope::Orders, Scope::Cases, Scope::Manage];

/// A caller, and who they are by the table; nobody if their token opens nothing.
struct Caller {
    name: String,
    token: Option<String>,
    who: Option<Who>,
}

/// Every kind of caller there is.
async fn callers(world: &World) -> Vec<Caller> {
    let expired = world.buyer("oLate").await;
    let mut callers = strangers(world, expired).await;
    world.clock.move_forward(Span::days(31));
    let known = |name: String, token, who| Caller { name, token: Some(token), who: Some(who) };
    callers.push(known("a buyer".into(), world.buyer("oB1").await, Who::buyer()));
    for office in OFFICES {
        let id = format!("an_{office:?}").to_lowercase();
        let token = world.person(&id, office).await;
        callers.push(known(id, token, Who::person(office)));
    }
    for scope in SCOPES {
        let token = key(world, scope).await.1;
        callers.push(known(format!("a key to {scope:?}"), token, Who::key(scope)));
    }
    callers
}

/// Callers whose token opens nothing (any more).
async fn strangers(world: &World, expired: String) -> Vec<Caller> {
    let (key_id, revoked) = key(world, Scope::Manage).await;
    let path = format!("/api/v1/keys/{key_id}");
    let gone = Call::new("DELETE", &path).by(&world.owner).send(world).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let ended = world.person("leaver", Office::Owner).await;
    let gone = Call::new("DELETE", "/api/v1/people/leaver").by(&world.owner).send(world).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let forged = format!("wp_{SHOP}_owner_{}", "0".repeat(64));
    let elsewhere = world.owner.replace("wp_tea_", "wp_platform_");
    let tampered = format!("{}x", world.buyer("oB1").await);
    let tokens = [
        ("nobody", None),
        ("garbage", Some("Zm9v.bar".to_owned())),
        ("a forged token", Some(forged)),
        ("an owner who claims the platform", Some(elsewhere)),
        ("a tampered link", Some(tampered)),
        ("an expired link", Some(expired)),
        ("a revoked key", Some(revoked)),
        ("a person who has left", Some(ended)),
    ];
    let strangers = tokens.into_iter();
    strangers.map(|(name, token)| Caller { name: name.into(), token, who: None }).collect()
}

async fn key(world: &World, scope: Scope) -> (String, String) {
    let body = json!({"name": "erp", "scopes": [scope]});
    let (status, made) = world.post(&world.owner, "/api/v1/keys", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    (made["id"].as_str().unwrap().to_owned(), made["token"].as_str().unwrap().to_owned())
}

/// What the table says of a caller: the status and code of a refusal, or nothing.
fn refusal(route: &Route, caller: &Caller) -> Option<(StatusCode, &'static str)> {
    match (&caller.token, caller.who) {
        _ if route.who == Who::ANYONE => None,
        (None, _) => Some((StatusCode::UNAUTHORIZED, "token_missing")),
        (Some(_), None) => Some((StatusCode::UNAUTHORIZED, "token_invalid")),
        (Some(_), Some(who)) if route.who.includes(who) => None,
        (Some(_), Some(_)) => Some((StatusCode::FORBIDDEN, "role_forbidden")),
    }
}

#[tokio::test]
async fn every_caller_is_let_in_where_the_table_says_and_nowhere_else() {
    let world = World::new(Database::Sqlite).await;
    let callers = callers(&world).await;

    let mut wrong = Vec::new();
    for route in ROUTES {
        let path = filled(route.path);
        for caller in &callers {
            let headers = [("wanbi-shop", SHOP)];
            let mut call = Call::new(route.method, &path).with(&headers).body("{}");
            call.token = caller.token.as_deref();
            let reply = call.send(&world).await;
            let said = (reply.status, reply.json()["code"].as_str().unwrap_or("").to_owned());
            let right = match refusal(route, caller) {
                Some((status, code)) => said == (status, code.to_owned()),
                None => {
                    !matches!(reply.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
                        && !reply.status.is_server_error()
                }
            };
            if !right {
                wrong.push(format!("{} {} by {}: {said:?}", route.method, route.path, caller.name));
            }
        }
    }

    assert!(wrong.is_empty(), "{} calls went wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn a_key_may_do_what_any_of_its_scopes_may() {
    let world = World::new(Database::Sqlite).await;
    let body = json!({"name": "erp", "scopes": ["read", "manage"]});
    let (_, made) = world.post(&world.owner, "/api/v1/keys", &body).await;
    let token = made["token"].as_str().unwrap();

    let lists = Call::new("GET", "/api/v1/cases").by(token).send(&world).await;
    let people = Call::new("GET", "/api/v1/people").by(token).send(&world).await;
    let approves = format!("/api/v1/cases/{}/approve", uuid::Uuid::nil());
    let approves = Call::new("POST", &approves).by(token).send(&world).await;

    assert_eq!((lists.status, people.status), (StatusCode::OK, StatusCode::OK));
    assert_eq!(approves.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn only_a_bearer_token_in_its_header_is_one() {
    let world = World::new(Database::Sqlite).await;
    let owner = world.owner.clone();
    let wrong = [
        format!("Basic {owner}"),
        owner.clone(),
        format!("Bearer{owner}"),
        "Bearer".into(),
        "Bearer ".into(),
        format!("Bearer {owner} {owner}"),
        format!("Bearer {}", owner.to_uppercase()),
        format!("Bearer {}", "x".repeat(20_000)),
        "Bearer \u{e9}\u{e9}".into(),
    ];
    for value in wrong {
        let headers = [("authorization", value.as_str())];
        let reply = Call::new("GET", "/api/v1/shop").with(&headers).send(&world).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{value}");
        assert!(reply.problem().starts_with("token_"), "{value}");
    }
    let in_query = format!("/api/v1/shop?token={owner}&access_token={owner}");
    let reply = Call::new("GET", &in_query).send(&world).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "a token in the address opens nothing");

    let lower = format!("bearer  {owner}");
    let headers = [("authorization", lower.as_str())];
    let reply = Call::new("GET", "/api/v1/shop").with(&headers).send(&world).await;
    assert_eq!(reply.status, StatusCode::OK, "the scheme is read in any case of letters");
}

#[tokio::test]
async fn people_of_the_platform_must_name_a_shop() {
    let world = World::new(Database::Sqlite).await;
    let operator = world.person("op", Office::Operator).await;
    for path in ["/api/v1/shop", "/api/v1/orders", "/api/v1/outbox", "/api/v1/policy"] {
        let unnamed = Call::new("GET", path).by(&operator).send(&world).await;
        assert_eq!(unnamed.status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(unnamed.problem(), "shop_missing");
        let headers = [("wanbi-shop", "a b")];
        let absurd = Call::new("GET", path).by(&operator).with(&headers).send(&world).await;
        assert_eq!((absurd.status.as_u16(), absurd.problem().as_str()), (400, "shop_missing"));
        let headers = [("wanbi-shop", SHOP)];
        let named = Call::new("GET", path).by(&operator).with(&headers).send(&world).await;
        assert_eq!(named.status, StatusCode::OK, "{path}");
    }
    let shops = Call::new("GET", "/api/v1/platform/shops").by(&operator).send(&world).await;
    assert_eq!(shops.status, StatusCode::OK, "the list of shops belongs to none");
}

#[tokio::test]
async fn people_of_a_shop_stay_in_it_whatever_they_name() {
    let world = World::new(Database::Sqlite).await;
    let silk = super::tenancy::open_shop(&world, "silk").await;
    let headers = [("wanbi-shop", SHOP)];

    let shown = Call::new("GET", "/api/v1/shop").by(&silk).with(&headers).send(&world).await;

    assert_eq!(shown.json()["name"], "silk");
}
