//! Coming in with a password, going out, and seeing to one's own account, without script.

use super::visitor::{Shown, Visitor};
use crate::world::{Database, SHOP, World};
use app::access::{invitation, member::Member, people::Office};
use domain::{actor::Actor, moment::Span};
use reqwest::StatusCode;
use totp_rs::Totp;

const PASSWORD: &str = "茶铺的后门在左边 ";

/// The page of an invitation of a new person.
async fn invited(world: &World, id: &str, office: Office) -> String {
    world.person(id, office).await;
    let shop = if office.role().is_some() { SHOP } else { "platform" };
    let (member, at) = (Member::named(shop, id).unwrap(), world.app.desk.now());
    let token = invitation::make(&world.app.registry, &member, &Actor::System, at).await;
    let address = invitation::address(&world.base, &member, &token.unwrap().unwrap());
    address.strip_prefix(&world.base).unwrap().to_owned()
}

async fn joined(world: &World, id: &str, office: Office) -> Visitor {
    let page = invited(world, id, office).await;
    let stranger = Visitor::stranger(world);
    let done = stranger.post(&page, &[("password", PASSWORD), ("again", PASSWORD)]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
    stranger
}

async fn sign_in(visitor: &Visitor, password: &str) -> Shown {
    let fields = [("shop", SHOP), ("person", "li"), ("password", password), ("next", "/m/account")];
    visitor.post("/m/sign-in", &fields).await
}

/// A browser that kept the cookie of an answer.
fn with_cookie(world: &World, shown: &Shown) -> Visitor {
    let cookie = shown.cookies[0].split(';').next().unwrap().to_owned();
    Visitor { cookie, ..Visitor::stranger(world) }
}

async fn li(world: &World) -> Visitor {
    let stranger = joined(world, "li", Office::Agent).await;
    with_cookie(world, &sign_in(&stranger, PASSWORD).await)
}

/// A value of a hidden field.
fn hidden<'a>(html: &'a str, name: &str) -> &'a str {
    let start = format!("name=\"{name}\" value=\"");
    html.split(&start).nth(1).unwrap().split('"').next().unwrap()
}

#[tokio::test]
async fn an_invitation_leads_to_signing_in_and_then_to_where_one_wanted_to_go() {
    let world = World::new(Database::Sqlite).await;
    let page = invited(&world, "li", Office::Agent).await;
    let stranger = Visitor::stranger(&world);
    let form = stranger.get(&page).await;
    assert!(form.html.contains("客服") && form.html.contains("<code>li</code>"), "{}", form.html);

    let differ = stranger.post(&page, &[("password", PASSWORD), ("again", "x")]).await;
    assert_eq!(differ.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(differ.html.contains("两次输入的密码不一样"), "{}", differ.html);
    let weak = stranger.post(&page, &[("password", "12345678"), ("again", "12345678")]).await;
    assert!(weak.html.contains("太容易被猜到"), "{}", weak.html);
    let done = stranger.post(&page, &[("password", PASSWORD), ("again", PASSWORD)]).await;
    assert_eq!(done.location.as_deref(), Some("/m/sign-in?shop=tea&person=li&done=joined"));
    let again = stranger.get(&page).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert!(again.html.contains("invitation_gone"), "{}", again.html);

    let signed_in = sign_in(&stranger, PASSWORD).await;
    assert_eq!(signed_in.location.as_deref(), Some("/m/account"));
    let cookie = &signed_in.cookies[0];
    assert!(cookie.contains("HttpOnly") && cookie.contains("Path=/m;"), "{cookie}");
    let account = with_cookie(&world, &signed_in).get("/m/account").await;
    assert!(account.html.contains("tea / li") && account.html.contains("本机"), "{}", account.html);
}

#[tokio::test]
async fn people_of_the_platform_sign_in_at_their_door() {
    let world = World::new(Database::Sqlite).await;
    let page = invited(&world, "wang", Office::Arbiter).await;
    assert!(page.starts_with("/p/join/"));
    let stranger = Visitor::stranger(&world).reading("en");
    let wrong_door = stranger.get(&page.replace("/p/", "/m/")).await;
    assert_eq!(wrong_door.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.get(&page).await.status, StatusCode::OK);
    stranger.post(&page, &[("password", PASSWORD), ("again", PASSWORD)]).await;

    let fields = [("shop", "platform"), ("person", "wang"), ("password", PASSWORD)];
    let refused = stranger.post("/m/sign-in", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let signed_in = stranger.post("/p/sign-in", &fields[1..]).await;

    assert_eq!(signed_in.location.as_deref(), Some("/p"));
    let account = with_cookie(&world, &signed_in).get("/p/account").await;
    assert_eq!(account.status, StatusCode::OK);
}

#[tokio::test]
async fn a_wrong_password_says_nothing_more_and_five_lock_the_name() {
    let world = World::new(Database::Sqlite).await;
    let stranger = joined(&world, "li", Office::Agent).await;

    let wrong = sign_in(&stranger, "茶铺的后门在右边").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.html.contains("value=\"li\"") && wrong.html.contains("value=\"tea\""));
    assert!(wrong.html.contains("value=\"/m/account\"") && !wrong.html.contains("右边"));
    let fields = [("shop", SHOP), ("person", "nobody"), ("password", PASSWORD)];
    let nobody = stranger.post("/m/sign-in", &fields).await;
    let said = |shown: &Shown| shown.html.split("role=\"alert\"").nth(1).unwrap()[..80].to_owned();
    assert_eq!(said(&wrong), said(&nobody));

    for _ in 0..3 {
        sign_in(&stranger, "x").await;
    }
    assert_eq!(sign_in(&stranger, "x").await.status, StatusCode::TOO_MANY_REQUESTS);
    let locked = sign_in(&stranger, PASSWORD).await;
    assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(locked.html.contains("前不能再试"), "{}", locked.html);
    world.clock.move_forward(Span::seconds(900));
    assert_eq!(sign_in(&stranger, PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn whoever_signed_out_or_was_signed_out_elsewhere_is_out() {
    let world = World::new(Database::Sqlite).await;
    let one = li(&world).await;
    let there = with_cookie(&world, &sign_in(&Visitor::stranger(&world), PASSWORD).await);

    let ended = there.post("/m/account/sessions/end-others", &[]).await;
    assert_eq!(ended.location.as_deref(), Some("/m/account?done=session-ended"));
    assert_eq!(one.get("/m/account").await.status, StatusCode::SEE_OTHER);

    let out = there.post("/m/sign-out", &[]).await;
    assert!(out.cookies[0].starts_with("wanbi_m=;") && out.cookies[0].contains("Max-Age=0"));
    assert_eq!(there.get("/m/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn another_site_can_neither_sign_in_nor_out() {
    let world = World::new(Database::Sqlite).await;
    let li = li(&world).await;
    let fields = [("shop", SHOP), ("person", "li"), ("password", PASSWORD)];
    for (path, fields) in [("/m/sign-in", &fields[..]), ("/m/sign-out", &[])] {
        let refused = li.post_from("cross-site", path, fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        assert!(refused.html.contains("cross_origin"), "{}", refused.html);
    }
    assert_eq!(li.get("/m/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_second_factor_is_set_up_used_once_and_ended() {
    let world = World::new(Database::Sqlite).await;
    let here = li(&world).await;
    let unproven = here.post("/m/account/second-factor", &[("password", "x")]).await;
    assert!(unproven.html.contains("当前密码不对"), "{}", unproven.html);
    let begun = here.post("/m/account/second-factor", &[("password", PASSWORD)]).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER);
    let shown = here.get("/m/account").await.html;
    assert!(shown.contains("<svg ") && !shown.contains(" style="));
    let secret = shown.split("<code>").nth(2).unwrap().split('<').next().unwrap();
    let totp = Totp::from_url(format!("otpauth://totp/Wanbi:x?secret={secret}&issuer=Wanbi"));
    let totp = totp.unwrap();
    let now = u64::try_from(world.app.desk.now().ms() / 1_000).unwrap();
    let path = "/m/account/second-factor/confirm";
    let wrong = here.post(path, &[("code", "abc")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let confirmed = here.post(path, &[("code", &totp.generate(now).to_string())]).await;
    assert_eq!(confirmed.html.matches("<li class=\"col\"><code>").count(), 10);
    assert!(!here.get("/m/account").await.html.contains("<li class=\"col\"><code>"));

    let asked = sign_in(&Visitor::stranger(&world), PASSWORD).await;
    assert!(asked.cookies.is_empty() && asked.html.contains("两步验证"), "{}", asked.html);
    let stamp = hidden(&asked.html, "stamp").to_owned();
    let code = totp.generate(now + 30).to_string();
    let stranger = Visitor::stranger(&world);
    let fields = [("stamp", stamp.as_str()), ("code", &code), ("next", "/m/account")];
    let signed_in = stranger.post("/m/sign-in/code", &fields).await;
    assert_eq!(signed_in.location.as_deref(), Some("/m/account"));
    let again = stranger.post("/m/sign-in/code", &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);

    let ended = here.post("/m/account/second-factor/end", &[("password", PASSWORD)]).await;
    assert_eq!(ended.location.as_deref(), Some("/m/account?done=second-factor-ended"));
    assert_eq!(sign_in(&stranger, PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_new_password_is_the_only_one() {
    let world = World::new(Database::Sqlite).await;
    let here = li(&world).await;
    let new = "后门改到右边去了";
    let change = async |old: &str, new: &str, again: &str| {
        let fields = [("password", old), ("new", new), ("again", again)];
        here.post("/m/account/password", &fields).await
    };
    assert!(change(PASSWORD, new, "x").await.html.contains("两次输入的密码不一样"));
    assert!(change("x", new, new).await.html.contains("当前密码不对"));
    let done = change(PASSWORD, new, new).await;
    assert_eq!(done.location.as_deref(), Some("/m/account?done=password-changed"));
    assert_eq!(here.get("/m/account").await.status, StatusCode::OK);
    let stranger = Visitor::stranger(&world);
    assert_eq!(sign_in(&stranger, PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(sign_in(&stranger, new).await.status, StatusCode::SEE_OTHER);
}
