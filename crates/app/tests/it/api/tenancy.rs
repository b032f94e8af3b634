//! What is another shop's, or another buyer's, is as if it were not there: the same bytes.

use super::{Call, Reply};
use crate::world::{Database, SHOP, World, return_of_one};
use app::{access::people::Office, onboarding};
use domain::{actor::Actor, id::ShopId};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// Opens another shop and answers with its owner's token.
pub async fn open_shop(world: &World, id: &str) -> String {
    let (shop_id, at) = (ShopId::parse(id).unwrap(), world.app.desk.now());
    let opened = onboarding::open_shop(&world.app.registry, &shop_id, id, &Actor::System, at);
    opened.await.unwrap().unwrap()
}

/// Routes that name an order or a case, with a body that the route can read.
fn calls() -> Vec<(&'static str, String, Value)> {
    let application = json!({"type": "refund_only", "reason": "other", "description": "x"});
    let verb = |verb: &str| format!("/api/v1/cases/CASE/{verb}");
    let money = |verb: &str| format!("/api/v1/cases/CASE/refunds/REFUND/{verb}");
    let parcel = json!({"carrier": "顺丰速运", "waybill": "SF1234567890123"});
    let yuan = json!({"amount_minor": 100, "currency": "CNY"});
    let terms = json!({"amount": yuan, "route": "original", "goods": "keep"});
    vec![
        ("GET", "/api/v1/orders/ORDER".into(), Value::Null),
        ("POST", "/api/v1/orders/ORDER/check".into(), application.clone()),
        ("POST", "/api/v1/orders/ORDER/cases".into(), application.clone()),
        ("GET", "/api/v1/cases/CASE".into(), Value::Null),
        ("GET", verb("timeline"), Value::Null),
        ("POST", verb("amend"), application),
        ("POST", verb("withdraw"), json!({})),
        ("POST", verb("accept-offer"), json!({})),
        ("POST", verb("decline-offer"), json!({})),
        ("POST", verb("ship-return"), parcel.clone()),
        ("POST", verb("confirm-replacement"), json!({})),
        ("POST", verb("messages"), json!({"text": "你好"})),
        ("POST", verb("request-evidence"), json!({"text": "照片"})),
        ("POST", verb("approve"), json!({})),
        ("POST", verb("offer"), json!({"terms": terms, "note": "可以"})),
        ("POST", verb("reject"), json!({"reason": "不行"})),
        ("POST", verb("receive"), json!({})),
        ("POST", verb("inspect"), json!({"result": "accepted"})),
        ("POST", verb("send-replacement"), parcel),
        ("POST", verb("confirm-proposal"), json!({})),
        ("POST", verb("decline-proposal"), json!({})),
        ("POST", verb("escalate"), json!({"reason": "争议"})),
        ("POST", verb("tickets"), json!({"refund_no": "REFUND"})),
        ("POST", verb("tickets/1/close"), json!({})),
        ("POST", money("replace"), json!({"route": "original"})),
        ("POST", money("name-account"), json!({"holder": "贼", "bank": "贼", "account": "1"})),
        ("GET", money("account"), Value::Null),
        ("POST", money("approve-payout"), json!({})),
        ("POST", money("mark-paid"), json!({"voucher": "V1"})),
    ]
}

/// The names put in place of `ORDER`, `CASE` and `REFUND`.
struct Names {
    order: String,
    case: String,
    refund: String,
}

impl Names {
    fn none() -> Self {
        Self {
            order: "3799999".into(),
            case: "01890000-0000-7000-8000-00000000dead".into(),
            refund: format!("WB{}", "0".repeat(28)),
        }
    }

    fn put(&self, text: &str) -> String {
        let text = text.replace("ORDER", &self.order).replace("CASE", &self.case);
        text.replace("REFUND", &self.refund)
    }
}

async fn ask(
    world: &World,
    token: &str,
    (method, path, body): &(&'static str, String, Value),
    names: &Names,
) -> Reply {
    let path = names.put(path);
    let mut call = Call::new(method, &path).by(token);
    if !body.is_null() {
        call = call.body(names.put(&body.to_string()));
    }
    call.send(world).await
}

/// A case of buyer `oB1` whose money goes to a designated account.
async fn victim(world: &World) -> Names {
    world.order("3700001", "oB1", 20_000, 1).await;
    let buyer = world.buyer("oB1").await;
    let asked = return_of_one("不想要了");
    let case = world.open(&buyer, "3700001", asked).await;
    let amount = json!({"amount_minor": 20_000, "currency": "CNY"});
    let terms = json!({"amount": amount, "route": "designated", "goods": "keep"});
    world.act(&world.owner, &case, "offer", json!({"terms": terms, "note": "打到卡里"})).await;
    let refunding = world.act(&buyer, &case, "accept-offer", json!({})).await;
    let refund = refunding["refunds"][0]["refund_no"].as_str().unwrap().to_owned();
    Names { order: "3700001".into(), case, refund }
}

async fn what_is_anothers_is_not_there(database: Database) {
    let world = World::new(database).await;
    let (theirs, none) = (victim(&world).await, Names::none());
    let silk = open_shop(&world, "silk").await;
    let link = json!({"expires_in_seconds": 3_600});
    let (_, namesake) = world.post(&silk, "/api/v1/buyers/oB1/links", &link).await;
    let strangers = [
        ("another shop's owner", silk.clone()),
        ("another buyer", world.buyer("oB2").await),
        ("the buyer's namesake in another shop", namesake["token"].as_str().unwrap().into()),
    ];
    let before = world.case(&theirs.case).await;

    for (who, token) in &strangers {
        for call in calls() {
            let foreign = ask(&world, token, &call, &theirs).await;
            let absent = ask(&world, token, &call, &none).await;
            let line = format!("{} {} by {who}", call.0, call.1);
            assert_eq!(foreign.status, absent.status, "{line}");
            assert_eq!(foreign.bytes, absent.bytes, "{line}");
            let refused = [StatusCode::NOT_FOUND, StatusCode::FORBIDDEN];
            assert!(refused.contains(&foreign.status), "{line}: {}", foreign.status);
        }
    }

    assert_eq!(world.case(&theirs.case).await, before, "nothing happened to the case");
}

async fn lists_hold_only_what_is_ones_own(database: Database) {
    let world = World::new(database).await;
    victim(&world).await;
    let silk = open_shop(&world, "silk").await;
    let other = world.buyer("oB2").await;
    for token in [&silk, &other] {
        for path in [
            "/api/v1/orders",
            "/api/v1/orders?buyer_id=oB1",
            "/api/v1/cases",
            "/api/v1/cases?buyer_id=oB1",
            "/api/v1/cases?order_id=3700001",
            "/api/v1/cases?stage=refunding&sort=deadline",
        ] {
            let list = Call::new("GET", path).by(token).send(&world).await;
            assert_eq!(list.json()["items"], json!([]), "{path}");
        }
    }
    let own = Call::new("GET", "/api/v1/cases").by(&world.owner).send(&world).await;
    assert_eq!(own.json()["items"].as_array().unwrap().len(), 1);
}

/// A buyer who guesses or learns another buyer's refund number names it under a case of their own.
async fn a_refund_is_reached_only_through_its_own_case(database: Database) {
    let world = World::new(database).await;
    let theirs = victim(&world).await;
    let victim = world.buyer("oB1").await;
    let finance = world.person("cash", Office::Finance).await;
    let path = format!("refunds/{}/name-account", theirs.refund);
    let honest = json!({"holder": "张三", "bank": "招商银行", "account": "6225880137654321"});
    world.act(&victim, &theirs.case, &path, honest.clone()).await;
    world.order("3700002", "oB2", 5_000, 1).await;
    let thief = world.buyer("oB2").await;
    let asked = return_of_one("不想要了");
    let own = world.open(&thief, "3700002", asked).await;

    let stolen = json!({"holder": "贼", "bank": "招商银行", "account": "6225880000004321"});
    let tried = format!("/api/v1/cases/{own}/{path}");
    let (status, answer) = world.post(&thief, &tried, &stolen).await;

    assert!(status.is_client_error(), "{status} {answer}");
    let shown = format!("/api/v1/cases/{}/refunds/{}/account", theirs.case, theirs.refund);
    let (status, account) = world.get(&finance, &shown).await;
    assert_eq!(status, StatusCode::OK, "{account}");
    assert_eq!(account, honest, "the account that the buyer named still stands");
}

/// What a refused request names must not take the place of what stands.
async fn an_account_named_too_late_changes_nothing(database: Database) {
    let world = World::new(database).await;
    let theirs = victim(&world).await;
    let victim = world.buyer("oB1").await;
    let finance = world.person("cash", Office::Finance).await;
    let at = |verb: &str| format!("refunds/{}/{verb}", theirs.refund);
    let honest = json!({"holder": "张三", "bank": "招商银行", "account": "6225880137654321"});
    world.act(&victim, &theirs.case, &at("name-account"), honest.clone()).await;
    world.act(&finance, &theirs.case, &at("approve-payout"), json!({})).await;
    world.act(&finance, &theirs.case, &at("mark-paid"), json!({"voucher": "V-1"})).await;

    let late = json!({"holder": "贼", "bank": "招商银行", "account": "6225880000004321"});
    let path = format!("/api/v1/cases/{}/{}", theirs.case, at("name-account"));
    let (status, answer) = world.post(&victim, &path, &late).await;

    assert_eq!(status, StatusCode::CONFLICT, "{answer}");
    let shown = format!("/api/v1/cases/{}/{}", theirs.case, at("account"));
    let (_, account) = world.get(&finance, &shown).await;
    assert_eq!(account, honest, "the books show the account that was paid");
}

/// A file belongs to its order: whoever does not see the order does not see it, and it is no
/// evidence of another.
async fn a_file_is_seen_by_those_of_its_order_only(database: Database) {
    let world = World::new(database).await;
    let theirs = victim(&world).await;
    let (victim, thief) = (world.buyer("oB1").await, world.buyer("oB2").await);
    let silk = open_shop(&world, "silk").await;
    let photo = include_bytes!("../../fixtures/evidence/photo.png");
    let put = Call::new("POST", "/api/v1/orders/3700001/files?name=a.png").by(&victim);
    let stored = put.body(photo.to_vec()).send(&world).await;
    assert_eq!(stored.status, StatusCode::CREATED, "{}", stored.json());
    let file_id = stored.json()["file_id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/files/{file_id}");
    let own = Call::new("GET", &path).by(&world.owner).send(&world).await;
    assert_eq!((own.status, own.bytes.len()), (StatusCode::OK, photo.len()));

    for token in [&thief, &silk] {
        let foreign = Call::new("GET", &path).by(token).send(&world).await;
        let absent = Call::new("GET", "/api/v1/files/none").by(token).send(&world).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND);
        assert_eq!(foreign.bytes, absent.bytes);
        let put = Call::new("POST", "/api/v1/orders/3700001/files").by(token);
        let refused = put.body(photo.to_vec()).send(&world).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
    }
    world.order("3700002", "oB2", 5_000, 1).await;
    let own = world.open(&thief, "3700002", crate::money::asked_for("A1")).await;
    for (token, case) in [(&thief, &own), (&world.owner, &own)] {
        let path = format!("/api/v1/cases/{case}/evidence");
        let (status, answer) = world.post(token, &path, &json!({"files": [file_id]})).await;
        assert_eq!((status.as_u16(), &answer["code"]), (422, &"file_not_found".into()));
    }
    let body = json!({"files": [file_id]});
    world.act(&victim, &theirs.case, "evidence", body).await;
}

async fn one_shops_key_opens_no_other_shop(database: Database) {
    let world = World::new(database).await;
    let silk = open_shop(&world, "silk").await;
    let body = json!({"name": "erp", "scopes": ["read"]});
    let (_, made) = world.post(&silk, "/api/v1/keys", &body).await;
    let token = made["token"].as_str().unwrap();
    let moved = token.replace("wk_silk_", &format!("wk_{SHOP}_"));

    let reply = Call::new("GET", "/api/v1/shop").by(&moved).send(&world).await;

    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
}

crate::on_both! {
    what_is_anothers_is_not_there,
    lists_hold_only_what_is_ones_own,
    a_refund_is_reached_only_through_its_own_case,
    an_account_named_too_late_changes_nothing,
    a_file_is_seen_by_those_of_its_order_only,
    one_shops_key_opens_no_other_shop,
}
