//! Buyers who come in by WeChat, over real HTTP, with WeChat's stand-in.

use super::visitor::{Shown, Visitor};
use crate::world::{Database, World, facts};
use domain::moment::Span;
use reqwest::{Method, StatusCode};
use sandbox::wechat_login::{Mood, Phone};
use std::time::Duration;

const OPENID: &str = "ob8F-wFENFWw7_FR6Gx8KbPacFEw";

fn at_the_phone(world: &World, openid: &str, mood: Mood) {
    world.sandbox.set_phone(Phone { openid: openid.to_owned(), mood });
}

/// A browser that was sent to WeChat, and the way back that WeChat named.
async fn sent(world: &World) -> (Visitor, String) {
    let out = Visitor::stranger(world).get("/b/tea/wechat?next=%2Fb%3Fpage%3D1").await;
    assert_eq!(out.status, StatusCode::SEE_OTHER, "{out:?}");
    let cookie = out.cookies[0].split(';').next().unwrap().to_owned();
    assert!(out.cookies[0].contains("HttpOnly") && out.cookies[0].contains("Max-Age=600"));
    let browser = Visitor { cookie, ..Visitor::stranger(world) };
    let there = browser.http.get(out.location.unwrap()).send().await.unwrap();
    assert_eq!(there.status(), StatusCode::FOUND);
    let back = there.headers()["location"].to_str().unwrap();
    let path = back.strip_prefix(&world.base).unwrap().to_owned();
    (browser, path)
}

fn cookie_of_buyer(shown: &Shown) -> String {
    let kept = shown.cookies.iter().find(|cookie| cookie.starts_with("wanbi_b=")).unwrap();
    kept.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_buyer_known_by_wechat_sees_their_orders() {
    let world = World::new(Database::Sqlite).await;
    let order = facts(&world, "3700001", OPENID, 5_900, 2);
    let put = world.send(Method::PUT, &world.owner, "/api/v1/orders/3700001", &order).await;
    assert!(put.0.is_success());
    at_the_phone(&world, OPENID, Mood::Allow);

    let (browser, path) = sent(&world).await;
    let back = browser.get(&path).await;

    assert_eq!(back.location.as_deref(), Some("/b?page=1"), "{back:?}");
    assert!(back.cookies.iter().any(|cookie| cookie.starts_with("wanbi_wx=;")));
    let buyer = Visitor { cookie: cookie_of_buyer(&back), ..Visitor::stranger(&world) };
    assert!(buyer.get("/b").await.html.contains("手工陶瓷杯"));
}

#[tokio::test]
async fn neither_a_state_nor_a_code_is_good_twice() {
    let world = World::new(Database::Sqlite).await;
    let (browser, path) = sent(&world).await;
    assert_eq!(browser.get(&path).await.status, StatusCode::SEE_OTHER);
    let again = browser.get(&path).await;
    assert_eq!(again.status, StatusCode::FORBIDDEN);
    assert!(again.html.contains("wechat_over"), "{}", again.html);

    // The used code with a fresh state: now it is WeChat that says no.
    let (browser, fresh) = sent(&world).await;
    let code =
        |path: &str| path.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let replayed = fresh.replace(&code(&fresh), &code(&path));
    assert!(browser.get(&replayed).await.html.contains("wechat_over"));
}

#[tokio::test]
async fn a_state_belongs_to_one_browser_one_shop_and_ten_minutes() {
    let world = World::new(Database::Sqlite).await;
    let (browser, path) = sent(&world).await;
    let (other, _) = sent(&world).await;
    for visitor in [&Visitor::stranger(&world), &other] {
        assert_eq!(visitor.get(&path).await.status, StatusCode::FORBIDDEN);
    }
    let elsewhere = browser.get(&path.replace("/tea/", "/silk/")).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
    let forged = path.replace("state=", "state=0");
    assert_eq!(browser.get(&forged).await.status, StatusCode::FORBIDDEN);
    world.clock.move_forward(Span::seconds(600));
    assert_eq!(browser.get(&path).await.status, StatusCode::FORBIDDEN);
    let nowhere = browser.get("/b/silk/wechat").await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn whoever_says_no_or_is_nobody_is_not_let_in() {
    let world = World::new(Database::Sqlite).await;
    for (mood, status, code) in [
        (Mood::Deny, StatusCode::FORBIDDEN, "wechat_denied"),
        (Mood::Snapshot, StatusCode::FORBIDDEN, "wechat_snapshot"),
        (Mood::Silent, StatusCode::SERVICE_UNAVAILABLE, "wechat_unavailable"),
        (Mood::Busy, StatusCode::SERVICE_UNAVAILABLE, "wechat_unavailable"),
    ] {
        at_the_phone(&world, OPENID, mood);
        let (browser, path) = sent(&world).await;
        let back = browser.get(&path).await;
        assert_eq!(back.status, status, "{mood:?}");
        assert!(back.html.contains(code) && back.cookies.is_empty(), "{mood:?} {back:?}");
    }
    at_the_phone(&world, OPENID, Mood::Allow);
    let (browser, path) = sent(&world).await;
    world.sandbox.advance(Duration::from_secs(300));
    assert!(browser.get(&path).await.html.contains("wechat_over"));
}
