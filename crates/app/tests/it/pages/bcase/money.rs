//! Money that is on its way, does not arrive, or needs another way.

use super::{do_it, look, offers, send};
use crate::{
    money::{refund_of, refunding, trouble, until_closed, verb_of},
    pages::visitor::Visitor,
    world::{Database, World},
};
use app::access::people::Office;
use domain::moment::Span;
use reqwest::StatusCode;
use sandbox::faults::{Call, Kind};
use serde_json::json;

const NUMBER: &str = "6225880137654321";

#[tokio::test]
async fn a_buyer_asks_where_the_money_is_and_reads_the_answer() {
    let world = World::new(Database::Sqlite).await;
    trouble(&world, Kind::RefundDelayed { seconds: 3_600 }, Call::Any);
    let case_id = refunding(&world, "3800001", 5_900).await;
    world.settle().await;
    let buyer = Visitor::buyer(&world, "oB1").await;
    let page = look(&buyer, &case_id).await;
    assert!(
        page.html.contains("退款 ¥59.00 已发出") && page.html.contains("退回零钱，通常即时到账")
    );
    let refund_no = page.field("refund_no");

    do_it(&buyer, &case_id, "tickets", &[("refund_no", &refund_no)]).await;
    let page = look(&buyer, &case_id).await;
    assert!(page.html.contains("工单 1") && page.html.contains("正在向支付渠道查询"));
    assert!(!offers(&page, "tickets"));
    world.settle().await;

    let page = look(&buyer, &case_id).await;
    assert!(page.html.contains("支付渠道答复：退款处理中"), "{}", page.html);
    until_closed(&world, &case_id, 90).await;
    assert!(look(&buyer, &case_id).await.html.contains("退款成功"));
}

#[tokio::test]
async fn another_card_takes_a_refund_that_cannot_go_back_and_no_number_is_shown_again() {
    let world = World::new(Database::Sqlite).await;
    trouble(&world, Kind::RefundAbnormal, Call::Any);
    let case_id = refunding(&world, "3800001", 5_900).await;
    world.settle().await;
    world.pass(Span::seconds(120)).await;
    let buyer = Visitor::buyer(&world, "oB1").await;
    let page = look(&buyer, &case_id).await;
    assert!(page.html.contains("请提供银行卡") && page.html.contains("招商银行"));
    let refund_no = page.field("refund_no");
    let card = |bank, number| {
        [
            ("refund_no", refund_no.as_str()),
            ("bank_type", bank),
            ("bank_account", number),
            ("real_name", "张三"),
        ]
    };

    for (bank, number) in [("CMB_CREDIT", NUMBER), ("CMB_DEBIT", "62258801x7654321")] {
        let shown = send(&buyer, (&case_id, "name-card"), &page, &card(bank, number)).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(shown.html.contains("张三") && !shown.html.contains(number), "{bank}");
    }
    do_it(&buyer, &case_id, "name-card", &card("CMB_DEBIT", "6225 8801 3765 4321")).await;

    let page = look(&buyer, &case_id).await;
    assert!(page.html.contains("****4321") && !page.html.contains(NUMBER));
    until_closed(&world, &case_id, 30).await;
}

#[tokio::test]
async fn an_account_is_named_for_a_payout_and_may_be_changed_until_it_is_paid() {
    let world = World::new(Database::Sqlite).await;
    trouble(&world, Kind::UserAccountAbnormal, Call::Any);
    let case_id = refunding(&world, "3800001", 5_900).await;
    world.settle().await;
    let buyer = Visitor::buyer(&world, "oB1").await;
    assert!(look(&buyer, &case_id).await.html.contains("的结果正在核实"));
    world.pass(Span::seconds(400)).await;
    let page = look(&buyer, &case_id).await.html;
    assert!(page.contains("退款未成功，商家正在重新办理"), "{page}");
    assert!(
        page.contains("付款账户已注销或异常") && !page.contains("USER_ACCOUNT_ABNORMAL"),
        "{page}"
    );
    let declined = refund_of(&world, &case_id, 0).await;
    let finance = world.person("cash", Office::Finance).await;
    let designated = json!({"route": "designated"});
    world.act(&finance, &case_id, &verb_of(&declined, "replace"), designated).await;

    let page = look(&buyer, &case_id).await;
    assert!(page.html.contains("请提供收款账户"), "{}", page.html);
    let refund_no = page.field("refund_no");
    let account = |bank| {
        [("refund_no", refund_no.as_str()), ("holder", "张三"), ("bank", bank), ("account", NUMBER)]
    };
    let shown = send(&buyer, (&case_id, "name-account"), &page, &account("")).await;
    assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!shown.html.contains(NUMBER));
    do_it(&buyer, &case_id, "name-account", &account("招商银行")).await;

    let page = look(&buyer, &case_id).await;
    assert!(page.html.contains("招商银行 ****4321") && page.html.contains("更改收款账户"));
    let payout = refund_of(&world, &case_id, 1).await;
    let second = world.person("cash2", Office::Finance).await;
    world.act(&second, &case_id, &verb_of(&payout, "approve-payout"), json!({})).await;
    let paid = json!({"voucher": "V-20261128"});
    world.act(&finance, &case_id, &verb_of(&payout, "mark-paid"), paid).await;
    let page = look(&buyer, &case_id).await;
    assert!(page.html.contains("V-20261128") && page.html.contains("售后完结"));
    assert!(!offers(&page, "name-account") && !page.html.contains(NUMBER));
}
