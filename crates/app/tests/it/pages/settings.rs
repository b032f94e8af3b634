//! The shop's settings, and the audit log, without script.

use super::visitor::{Shown, Visitor};
use crate::world::{Database, SHOP, World};
use app::{
    access::{member::Member, people::Office, session},
    pages::log::ACTS,
};
use reqwest::{Method, StatusCode};
use serde_json::Value;

/// The owner of the shop, who has signed in.
async fn owner(world: &World) -> Visitor {
    let (app, member) = (&world.app, Member::named(SHOP, "owner").unwrap());
    let token = session::open(app, &member, "Firefox", app.desk.now()).await.unwrap().unwrap();
    Visitor { cookie: format!("wanbi_m={token}"), ..Visitor::stranger(world) }
}

fn version(shown: &Shown) -> String {
    let rest = shown.html.split("name=\"version\" value=\"").nth(1).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// What is shown once after something was made.
fn shown_once(shown: &Shown) -> String {
    let rest = shown.html.split("<code class=\"token\">").nth(1).unwrap();
    rest.split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn every_page_of_the_settings_is_shown_in_both_languages() {
    let world = World::new(Database::Sqlite).await;
    world.person("li", Office::Agent).await;
    let paths = ["shop", "contacts", "shipping", "people", "keys", "audit"];
    for language in ["zh-CN", "en"] {
        let owner = owner(&world).await.reading(language);
        for path in paths {
            let shown = owner.get(&format!("/m/settings/{path}")).await;
            assert_eq!(shown.status, StatusCode::OK, "{path}");
            for other in paths {
                assert!(shown.html.contains(&format!("/m/settings/{other}\"")), "{path} {other}");
            }
        }
    }
    let first = owner(&world).await.get("/m/settings").await;
    assert_eq!(first.location.as_deref(), Some("/m/settings/shop"));
}

#[tokio::test]
async fn whoever_is_not_the_owner_sees_less_and_changes_nothing() {
    let world = World::new(Database::Sqlite).await;
    let agent = Visitor::person(&world, "li", Office::Agent).await;
    let shop = agent.get("/m/settings/shop").await;
    assert!(shop.html.contains("只有店主可以修改") && shop.html.contains("<fieldset disabled>"));
    assert!(!shop.html.contains("/m/settings/people"));
    for path in ["/m/settings/people", "/m/settings/keys", "/m/settings/audit"] {
        let refused = agent.get(path).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        assert!(refused.html.contains("problem-page") && refused.html.contains("role_forbidden"));
    }
    let fields = [("name", "贼铺"), ("version", "1")];
    assert_eq!(agent.post("/m/settings/shop", &fields).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_shop_is_changed_by_one_at_a_time() {
    let world = World::new(Database::Sqlite).await;
    let owner = owner(&world).await;
    let seen = version(&owner.get("/m/settings/shop").await);
    let save = async |name: &str, limit: &str| {
        let fields = [("name", name), ("limit", limit), ("version", &seen), ("verified", "1")];
        owner.post("/m/settings/shop", &fields).await
    };

    let unread = save("老茶铺", "很多").await;
    assert_eq!(unread.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unread.html.contains("value=\"老茶铺\"") && unread.html.contains("value=\"很多\""));
    let done = save("老茶铺", "1,200.5").await;
    assert_eq!(done.location.as_deref(), Some("/m/settings/shop?done=saved"));
    assert_eq!(save("另一个", "").await.status, StatusCode::CONFLICT);

    let shown = owner.get("/m/settings/shop").await;
    assert!(shown.html.contains("value=\"老茶铺\"") && shown.html.contains("value=\"1200.50\""));
    let (_, shop) = world.get(&world.owner, "/api/v1/shop").await;
    assert_eq!(shop["approval_limit"]["amount_minor"], 120_050);
}

#[tokio::test]
async fn contact_channels_and_returns_are_kept() {
    let world = World::new(Database::Sqlite).await;
    let owner = owner(&world).await;
    let url = "https://work.weixin.qq.com/kfid/kfc1";
    let fields = [("version", "0"), ("service_url", "javascript:x"), ("hotline", "400-1")];
    let unfit = owner.post("/m/settings/contacts", &fields).await;
    assert_eq!(unfit.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unfit.html.contains("value=\"javascript:x\""), "{}", unfit.html);
    let fields = [("version", "0"), ("service_url", url), ("hotline", "400-123-4567")];
    assert_eq!(owner.post("/m/settings/contacts", &fields).await.status, StatusCode::SEE_OTHER);
    assert!(owner.get("/m/settings/contacts").await.html.contains(url));
    assert_eq!(owner.post("/m/settings/contacts", &fields).await.status, StatusCode::CONFLICT);

    let address = "茶铺 400-123-4567 杭州市西湖区";
    let fields = [("version", "0"), ("return_address", address), ("carriers", "顺丰速运\r\n中通")];
    assert_eq!(owner.post("/m/settings/shipping", &fields).await.status, StatusCode::SEE_OTHER);
    let shown = owner.get("/m/settings/shipping").await;
    assert!(shown.html.contains(address) && shown.html.contains("顺丰速运\n中通"));
}

#[tokio::test]
async fn a_key_is_shown_once_works_and_is_revoked() {
    let world = World::new(Database::Sqlite).await;
    let owner = owner(&world).await;
    let none = owner.post("/m/settings/keys", &[("name", "ERP")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.html.contains("value=\"ERP\""));
    let fields = [("name", "ERP"), ("scopes", "read"), ("scopes", "orders")];
    let token = shown_once(&owner.post("/m/settings/keys", &fields).await);
    let listed = async || world.send(Method::GET, &token, "/api/v1/orders", &Value::Null).await.0;
    assert_eq!(listed().await, StatusCode::OK);
    let page = owner.get("/m/settings/keys").await;
    assert!(!page.html.contains(&token));

    let action = page.html.split("action=\"/m/settings/keys/").nth(1).unwrap();
    let path = format!("/m/settings/keys/{}", action.split('"').next().unwrap());
    let revoked = owner.post(&path, &[]).await;
    assert_eq!(revoked.location.as_deref(), Some("/m/settings/keys?done=key-revoked"));
    assert_eq!(listed().await, StatusCode::UNAUTHORIZED);
    assert_eq!(owner.post("/m/settings/keys/none/revoke", &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn somebody_is_invited_given_another_office_and_shut_out() {
    let world = World::new(Database::Sqlite).await;
    let owner = owner(&world).await;
    let fields = [("person_id", "li.mei"), ("name", "李梅"), ("office", "agent")];
    let link = shown_once(&owner.post("/m/settings/people", &fields).await);
    let path = link.strip_prefix(&world.base).unwrap();
    let stranger = Visitor::stranger(&world);
    let password = [("password", "李梅自己的密码"), ("again", "李梅自己的密码")];
    assert_eq!(stranger.post(path, &password).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let password = [("password", "李梅自己想的密码"), ("again", "李梅自己想的密码")];
    assert_eq!(stranger.post(path, &password).await.status, StatusCode::SEE_OTHER);
    let taken = owner.post("/m/settings/people", &fields).await;
    assert!(taken.html.contains("已经有人用了") && taken.html.contains("value=\"李梅\""));

    let fields = [("shop", SHOP), ("person", "li.mei"), ("password", "李梅自己想的密码")];
    let signed_in = stranger.post("/m/sign-in", &fields).await;
    let cookie = signed_in.cookies[0].split(';').next().unwrap().to_owned();
    let mei = Visitor { cookie, ..Visitor::stranger(&world) };
    assert_eq!(mei.get("/m/settings/people").await.status, StatusCode::FORBIDDEN);
    let promoted = owner.post("/m/settings/people/li.mei/office", &[("office", "owner")]).await;
    assert_eq!(promoted.status, StatusCode::SEE_OTHER);
    assert_eq!(mei.get("/m/settings/people").await.status, StatusCode::OK);

    for path in ["/m/settings/people/owner/end", "/m/settings/people/owner/second-factor"] {
        assert_eq!(owner.post(path, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let ended = owner.post("/m/settings/people/li.mei/end", &[]).await;
    assert_eq!(ended.location.as_deref(), Some("/m/settings/people?done=person-ended"));
    assert_eq!(mei.get("/m/settings/people").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_audit_log_tells_the_owner_and_the_platform() {
    let world = World::new(Database::Sqlite).await;
    let owner = owner(&world).await;
    for n in 0..60 {
        world.person(&format!("p{n}"), Office::Agent).await;
    }
    let first = owner.get("/m/settings/audit").await;
    assert!(first.html.contains("新增成员") && first.html.contains("<code>p59</code>"));
    assert!(!first.html.contains("<code>p0</code>"));
    let next = first.html.split("/m/settings/audit?before=").nth(1).unwrap();
    let next = next.split('"').next().unwrap();
    let second = owner.get(&format!("/m/settings/audit?before={next}")).await;
    assert!(second.html.contains("<code>p0</code>") && second.html.contains("开店"));
    let wrong = owner.get("/m/settings/audit?before=x").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);

    let operator = Visitor::person(&world, "ops", Office::Operator).await;
    let own = operator.get("/p/audit").await;
    assert!(own.html.contains("店铺入驻") && !own.html.contains("<code>p59</code>"));
    let of_shop = operator.get("/p/audit?shop=tea").await;
    assert!(of_shop.html.contains("<code>p59</code>"), "{}", of_shop.html);
    assert!(ACTS.contains(&"shop.opened"));
}
