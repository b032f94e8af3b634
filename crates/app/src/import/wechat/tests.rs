//! WeChat's orders: the mapping, amount by amount.

use super::facts;
use domain::{
    facts::{Account, Category, Channel, Facts, Progress},
    money::Money,
};

const ORDERS: &str = include_str!("../../../tests/fixtures/import/wechat.jsonl");

fn order(n: usize) -> Facts {
    *facts(ORDERS.lines().nth(n).unwrap()).unwrap()
}

fn refused(from: &str, to: &str) -> (String, String) {
    let line = ORDERS.lines().next().unwrap();
    let bad = line.replacen(from, to, 1);
    assert_ne!(bad, line, "{from} is not in the sample");
    let flaw = facts(&bad).unwrap_err();
    (flaw.words.code.into_owned(), flaw.key)
}

#[test]
fn items_discount_coupon_freight_and_parcels_come_over() {
    let order = order(0);

    assert_eq!(order.progress, Progress::PartlyShipped);
    assert_eq!(order.items.len(), 3);
    assert_eq!(order.items[0].item_id.as_str(), "10000000000001-500001");
    assert_eq!(order.items[0].title, "纯棉短袖 T 恤 黑色 M");
    assert_eq!(order.items[0].discount, Some(Money::cny(1_000).unwrap()));
    assert_eq!(order.items[0].seven_day_right, Some(true));
    assert_eq!(order.items[1].item_id.as_str(), "U-77");
    assert_eq!(order.items[1].discount, None);
    assert_eq!(order.items[2].item_id.as_str(), "10000000000001-500001-2");
    assert_eq!(order.items[2].before_coupons().unwrap(), Money::cny(0).unwrap());
    assert_eq!(order.freight, Money::cny(1_200).unwrap());
    assert_eq!(order.coupons[0].amount, Money::cny(1_500).unwrap());
    assert_eq!(order.tenders[0].amount, Money::cny(23_400).unwrap());
    assert_eq!(order.tenders[0].channel, Channel::WechatPay);
    assert_eq!(order.tenders[0].account, Account::Balance);
    assert_eq!(order.shipments.len(), 1);
    assert_eq!(order.shipments[0].carrier, "顺丰速运");
    assert_eq!(order.signed_at, None);
}

#[test]
fn an_inner_order_with_numbers_for_ids_is_read() {
    let order = order(1);
    assert_eq!(order.order_id.as_str(), "3700000000000000012");
    assert_eq!(order.items[0].category, Category::Fresh);
    assert_eq!(order.items[0].item_id.as_str(), "10000000000003-500003");
    assert!(order.signed_at.is_some());
}

#[test]
fn a_raised_price_still_adds_up() {
    let order = order(2);
    assert_eq!(order.items[0].unit_price, Money::cny(3_334).unwrap());
    assert_eq!(order.items[0].before_coupons().unwrap(), Money::cny(10_000).unwrap());
    assert_eq!(order.items[0].category, Category::MadeToOrder);
}

#[test]
fn virtual_goods_and_points_are_told_apart() {
    let order = order(3);
    assert_eq!(order.items[0].category, Category::Virtual);
    assert_eq!(order.tenders[0].channel, Channel::Other);
    assert_eq!(order.tenders[0].transaction_id.as_str(), order.order_id.as_str());
}

#[test]
fn an_unpaid_order_has_no_tender() {
    let order = order(4);
    assert_eq!(order.progress, Progress::Cancelled);
    assert!(order.tenders.is_empty());
}

#[test]
fn what_matters_is_missed_by_its_path() {
    let code = |code: &str, key: &str| (code.to_owned(), key.to_owned());
    assert_eq!(
        refused(r#""real_price":18800,"#, ""),
        code("import_json_value", "order.order_detail.product_infos[0]")
    );
    assert_eq!(
        refused(r#""status":21"#, r#""status":77"#),
        code("import_status_unknown", "order.status")
    );
    assert_eq!(
        refused(r#""order_price":23400"#, r#""order_price":93400"#),
        code("import_paid_more_than_due", "order.order_detail.price_info.order_price")
    );
    assert_eq!(
        refused("4200000000000000000000000011", ""),
        code("import_payment_missing", "order.order_detail.pay_info.transaction_id")
    );
    assert_eq!(
        refused(r#""errcode":0"#, r#""errcode":40097"#),
        code("import_wechat_error", "errcode")
    );
    assert_eq!(
        refused(r#""3700000000000000011""#, "3.7e18"),
        code("import_json_value", "order.order_id")
    );
    assert_eq!(
        refused(r#""real_price":18800"#, r#""real_price":-1"#),
        code("order_amount_invalid", "order.order_detail.product_infos[0].real_price")
    );
}
