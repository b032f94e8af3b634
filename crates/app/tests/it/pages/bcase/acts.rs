//! Each action at its stage: shown where it is allowed, refused where it is not.

use super::{attach, buyer_with_case, do_it, exchange, look, offers, send};
use crate::{
    pages::visitor::Visitor,
    world::{Database, World},
};
use app::access::people::Office;
use reqwest::{StatusCode, header};
use serde_json::{Value, json};

const VERBS: [&str; 11] = [
    "withdraw",
    "accept-offer",
    "decline-offer",
    "ship-return",
    "confirm-replacement",
    "escalate",
    "evidence",
    "messages",
    "tickets",
    "name-card",
    "name-account",
];

#[tokio::test]
async fn what_happens_now_stands_on_top_with_who_acts_until_when_and_what_then() {
    let world = World::new(Database::Sqlite).await;
    let (buyer, case_id) = buyer_with_case(&world).await;

    let page = look(&buyer, &case_id).await;
    assert!(page.html.contains("商家正在处理您的申请") && page.html.contains("待商家处理，剩余"));
    assert!(page.html.contains("系统自动同意，您即可寄回商品"), "{}", page.html);
    assert!(page.html.contains("data-countdown") && page.html.contains("北京时间"));
    assert!(page.html.contains("aria-current=\"step\"") && page.html.contains("¥59.00"));
    let english = Visitor::buyer(&world, "oB1").await.reading("en");
    let page = look(&english, &case_id).await;
    assert!(page.html.contains("The shop is looking at your application"));

    let list = buyer.get("/b/cases").await;
    assert!(list.html.contains(&case_id) && list.html.contains("商家处理中"));
    let other = Visitor::buyer(&world, "oB2").await.get("/b/cases").await;
    assert!(other.html.contains("还没有售后"));
}

#[tokio::test]
async fn what_is_not_allowed_is_not_shown_and_refused_when_sent() {
    let world = World::new(Database::Sqlite).await;
    let (buyer, case_id) = buyer_with_case(&world).await;
    let page = look(&buyer, &case_id).await;
    let open = ["withdraw", "evidence", "messages"];
    for verb in VERBS {
        assert_eq!(offers(&page, verb), open.contains(&verb), "{verb}");
    }
    let typed = [("reason", "理由"), ("waybill", "SF1234567890123")];
    for verb in VERBS.iter().filter(|verb| !open.contains(verb)) {
        let shown = send(&buyer, (&case_id, verb), &page, &typed).await;
        assert!(shown.status.is_client_error(), "{verb} {}", shown.status);
        assert_eq!(world.case(&case_id).await["stage"], "under_review", "{verb}");
    }
}

#[tokio::test]
async fn anothers_case_is_not_there() {
    let world = World::new(Database::Sqlite).await;
    let (buyer, case_id) = buyer_with_case(&world).await;
    let other = Visitor::buyer(&world, "oB2").await;
    let page = look(&buyer, &case_id).await;
    for path in ["", "/version"] {
        let shown = other.get(&format!("/b/cases/{case_id}{path}")).await;
        assert_eq!(shown.status, StatusCode::NOT_FOUND, "{path}");
    }
    for verb in VERBS {
        let shown = send(&other, (&case_id, verb), &page, &[("text", "x")]).await;
        assert_eq!(shown.status, StatusCode::NOT_FOUND, "{verb}");
        assert!(!shown.html.contains("手工陶瓷杯"));
    }
}

#[tokio::test]
async fn a_buyer_withdraws_and_reads_how_it_ended() {
    let world = World::new(Database::Sqlite).await;
    let (buyer, case_id) = buyer_with_case(&world).await;
    let page = look(&buyer, &case_id).await;
    for _ in 0..2 {
        let done = send(&buyer, (&case_id, "withdraw"), &page, &[]).await;
        assert_eq!(done.location, Some(format!("/b/cases/{case_id}?done=withdraw")));
    }
    let page = buyer.get(&format!("/b/cases/{case_id}?done=withdraw")).await;
    assert!(page.html.contains("已撤销申请。") && page.html.contains("您已撤销申请"));
    assert!(page.html.contains("接下来") && !offers(&page, "withdraw"));
}

#[tokio::test]
async fn an_offer_says_its_terms_and_what_comes_of_either_answer() {
    let world = World::new(Database::Sqlite).await;
    let (buyer, case_id) = buyer_with_case(&world).await;
    let offer = json!({"terms": {"amount": {"amount_minor": 3_000, "currency": "CNY"},
        "route": "original", "goods": "keep"}, "note": "杯子您留着"});
    world.act(&world.owner, &case_id, "offer", offer.clone()).await;

    let page = look(&buyer, &case_id).await;
    for text in ["¥30.00", "比可退金额少 ¥29.00", "杯子您留着", "接受后立即退款 ¥30.00", "48 小时"]
    {
        assert!(page.html.contains(text), "{text} {}", page.html);
    }
    do_it(&buyer, &case_id, "decline-offer", &[("note", "太少了")]).await;
    assert_eq!(world.case(&case_id).await["stage"], "under_review");
    world.act(&world.owner, &case_id, "offer", offer).await;
    do_it(&buyer, &case_id, "accept-offer", &[]).await;
    crate::money::until_closed(&world, &case_id, 30).await;

    let page = look(&buyer, &case_id).await;
    assert!(page.html.contains("已退款 ¥30.00，售后完结"), "{}", page.html);
    assert!(page.html.contains("感谢") && page.html.contains("接下来"));
}

#[tokio::test]
async fn goods_go_back_under_a_carrier_that_is_recognised_chosen_or_corrected() {
    let world = World::new(Database::Sqlite).await;
    let (buyer, case_id) = buyer_with_case(&world).await;
    world.act(&world.owner, &case_id, "approve", json!({})).await;
    let page = look(&buyer, &case_id).await;
    assert!(page.html.contains("请寄回商品") && page.html.contains("到时未寄回，售后关闭"));

    let ship = async |typed: &[(&str, &str)]| {
        let page = look(&buyer, &case_id).await;
        send(&buyer, (&case_id, "ship-return"), &page, typed).await
    };
    let unknown = ship(&[("waybill", "123456789012"), ("carrier", "")]).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unknown.html.contains("没能认出快递公司") && unknown.html.contains("123456789012"));
    assert_eq!(ship(&[("waybill", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ship(&[("waybill", "短1"), ("carrier", "sf")]).await.status.as_u16(), 422);

    do_it(&buyer, &case_id, "ship-return", &[("waybill", "sf1234567890123")]).await;
    let sent = world.case(&case_id).await["returned"].clone();
    assert_eq!(
        (&sent["carrier"], &sent["waybill"]),
        (&"顺丰速运".into(), &"SF1234567890123".into())
    );
    let page = look(&buyer, &case_id).await;
    assert!(page.html.contains("更正运单") && page.html.contains("系统自动退款 ¥59.00"));
    let other = [("waybill", "SF1234567890123"), ("carrier", "other"), ("other", "跨越速运")];
    do_it(&buyer, &case_id, "ship-return", &other).await;
    assert_eq!(world.case(&case_id).await["returned"]["carrier"], "跨越速运");
    let guess = buyer.get("/b/carriers?waybill=yt8812345678901").await;
    assert_eq!(guess.html, "\"yto\"");
}

#[tokio::test]
async fn a_refusal_is_explained_and_taken_to_the_platform_with_a_reason() {
    let world = World::new(Database::Sqlite).await;
    world.order("3700002", "oB1", 60_000, 1).await;
    let buyer = Visitor::buyer(&world, "oB1").await;
    let token = world.buyer("oB1").await;
    let case_id = world.open(&token, "3700002", crate::money::asked_for("A1")).await;
    world.act(&world.owner, &case_id, "reject", json!({"reason": "已经<用>过"})).await;

    let page = look(&buyer, &case_id).await;
    assert!(page.html.contains("拒绝原因") && page.html.contains("已经&#60;用&#62;过"));
    assert!(page.html.contains("3 个工作日") && page.html.contains("微信小法庭"));
    let empty = send(&buyer, (&case_id, "escalate"), &page, &[("reason", "  ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    do_it(&buyer, &case_id, "escalate", &[("reason", "我没有用过")]).await;

    let page = look(&buyer, &case_id).await;
    assert!(page.html.contains("平台已介入") && page.html.contains("我没有用过"));
    assert!(!offers(&page, "escalate"));
}

#[tokio::test]
async fn evidence_and_pictures_come_with_a_plain_form() {
    let world = World::new(Database::Sqlite).await;
    let (buyer, case_id) = buyer_with_case(&world).await;
    let asked = json!({"text": "请拍杯底"});
    world.act(&world.owner, &case_id, "request-evidence", asked).await;
    let page = look(&buyer, &case_id).await;
    assert!(page.html.contains("请拍杯底") && page.html.contains("multipart/form-data"));
    let none = send(&buyer, (&case_id, "evidence"), &page, &[("note", "看这里")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.html.contains("看这里"));

    let once = page.field("once");
    for _ in 0..2 {
        let fields = [("once", once.as_str()), ("note", "杯底的裂纹")];
        let done = attach(&buyer, (&case_id, "evidence"), &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
    }
    let said = [("once", "m1"), ("text", "照片补上了")];
    let done = attach(&buyer, (&case_id, "messages"), &said).await;
    assert_eq!(done.location, Some(format!("/b/cases/{case_id}?done=messages")));

    let case = world.case(&case_id).await;
    assert_eq!(case["stage"], "under_review", "evidence answers the request");
    let exhibits = case["exhibits"].as_array().unwrap().len();
    assert_eq!(exhibits, 1, "a double click adds one: {case:#}");
    let page = look(&buyer, &case_id).await;
    assert!(page.html.contains("照片补上了") && page.html.contains("杯底的裂纹"));
    let said = case["messages"].as_array().unwrap();
    let file = said.iter().find_map(|message| message["files"][0].as_str()).unwrap();
    assert_eq!(picture(&buyer, file).await, StatusCode::OK);
    let other = Visitor::buyer(&world, "oB2").await;
    assert_eq!(picture(&other, file).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_empty_file_is_refused_by_its_name_and_the_words_stay() {
    let world = World::new(Database::Sqlite).await;
    let (buyer, case_id) = buyer_with_case(&world).await;
    let path = format!("/b/cases/{case_id}/messages");

    let sent = buyer.attach(&path, &[("text", "看这里")], &[("photo.jpg", b"")]).await;
    let plain = buyer.attach(&path, &[("text", "没有图片")], &[("", b"")]).await;

    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", sent.html);
    assert!(sent.html.contains("photo.jpg") && sent.html.contains("看这里"), "{}", sent.html);
    assert_eq!(plain.status, StatusCode::SEE_OTHER, "{}", plain.html);
}

/// Looks at a file; its bytes are no text.
async fn picture(buyer: &Visitor, file: &str) -> StatusCode {
    let asked = buyer.http.get(format!("{}/b/files/{file}", buyer.base));
    asked.header(header::COOKIE, &buyer.cookie).send().await.unwrap().status()
}

#[tokio::test]
async fn a_replacement_is_confirmed() {
    let world = World::new(Database::Sqlite).await;
    world.order("3700003", "oB1", 5_900, 1).await;
    let token = world.buyer("oB1").await;
    let case_id = world.open(&token, "3700003", exchange()).await;
    let buyer = Visitor::buyer(&world, "oB1").await;
    let parcel = |waybill: &str| json!({"carrier": "中通快递", "waybill": waybill});
    let acts: [(&str, Value); 4] = [
        ("approve", json!({})),
        ("ship-return", parcel("78123456789012")),
        ("inspect", json!({"result": "accepted"})),
        ("send-replacement", parcel("78123456789099")),
    ];
    for (verb, body) in acts {
        let who = if verb == "ship-return" { &token } else { &world.owner };
        world.act(who, &case_id, verb, body).await;
        if verb == "approve" {
            let page = look(&buyer, &case_id).await.html;
            assert!(
                page.contains("商家验货后寄出换货") && !page.contains("商家验货后退款"),
                "{page}"
            );
        }
    }

    let page = look(&buyer, &case_id).await;
    assert!(page.html.contains("78123456789099") && offers(&page, "escalate"));
    do_it(&buyer, &case_id, "confirm-replacement", &[]).await;
    assert!(look(&buyer, &case_id).await.html.contains("换货完成，售后完结"));
}

#[tokio::test]
async fn the_channels_of_the_shop_are_shown_where_they_help() {
    let world = World::new(Database::Sqlite).await;
    let (buyer, case_id) = buyer_with_case(&world).await;
    assert!(!look(&buyer, &case_id).await.html.contains("客服电话"));
    let owner = Visitor::person(&world, "boss", Office::Owner).await;
    let contacts = [("version", "0"), ("hotline", "400-123-4567"), ("hours", "9:00-21:00")];
    let saved = owner.post("/m/settings/contacts", &contacts).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.html);
    let shipping = [("version", "0"), ("return_address", "杭州市西湖区龙井路 1 号 李收")];
    let saved = owner.post("/m/settings/shipping", &shipping).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.html);

    let page = look(&buyer, &case_id).await;
    assert!(page.html.contains("tel:4001234567") && !page.html.contains("龙井路"));
    world.act(&world.owner, &case_id, "approve", json!({})).await;
    assert!(look(&buyer, &case_id).await.html.contains("龙井路 1 号"));
}
