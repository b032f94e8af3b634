//! What people list: every filter, every order, pages without loss or repetition.

use super::{
    fixture::{
        accept, all_cases, all_orders, case, case_id, commit, key, key_of, moment, open_case,
        order_row, shop,
    },
    ground::Ground,
};
use domain::{
    actor::Side,
    application::CaseType,
    id::{BuyerId, OrderId, ReasonCode},
    money::Money,
};
use engine::rows::{CaseFilter, CaseOrder, CaseRow, Commit, LIMIT_MAX, OrderFilter, OrderRow};
use std::sync::Arc;

/// The numbers of the cases that a filter gives.
async fn found(ground: &Ground, filter: CaseFilter) -> Vec<u128> {
    let page = ground.store.cases(&filter).await.unwrap();
    page.rows.iter().map(|row| row.case_id.uuid().as_u128()).collect()
}

/// Four cases that differ from case 1 in one thing each.
async fn open_some(ground: &Ground) {
    let mut other_buyer = case("o2", 2);
    other_buyer.buyer_id = BuyerId::parse("other").unwrap();
    let mut waits = case("o3", 3);
    waits.waits_for = Some(Side::Buyer);
    waits.stage = "awaiting_return".into();
    let mut closed = case("o4", 4);
    closed.waits_for = None;
    closed.due_at = None;
    closed.stage = "closed".into();
    closed.case_type = CaseType::Exchange;
    closed.reason = ReasonCode::parse("wrong").unwrap();
    for row in [case("o1", 1), other_buyer, waits, closed] {
        open_case(ground.store.as_ref(), row).await;
    }
    let mut elsewhere = case("o1", 9);
    elsewhere.key = key_of("elsewhere", "o1");
    open_case(ground.store.as_ref(), elsewhere).await;
}

pub async fn every_filter_of_cases_filters(ground: Arc<Ground>) {
    open_some(&ground).await;
    let all = all_cases;
    let buyer_id = Some(BuyerId::parse("other").unwrap());
    let filters = [
        (all(), vec![4, 3, 2, 1]),
        (CaseFilter { buyer_id: buyer_id.clone(), ..all() }, vec![2]),
        (CaseFilter { order_id: Some(key("o3").order_id), ..all() }, vec![3]),
        (CaseFilter { waits_for: Some(Side::Merchant), ..all() }, vec![2, 1]),
        (CaseFilter { waits_for: Some(Side::Buyer), ..all() }, vec![3]),
        (CaseFilter { waits_for: Some(Side::Platform), ..all() }, vec![]),
        (CaseFilter { stage: Some("closed".into()), ..all() }, vec![4]),
        (CaseFilter { stage: Some("under_review".into()), ..all() }, vec![2, 1]),
        (CaseFilter { case_type: Some(CaseType::Exchange), ..all() }, vec![4]),
        (CaseFilter { reason: ReasonCode::parse("broken").ok(), ..all() }, vec![3, 2, 1]),
        (CaseFilter { order: CaseOrder::Deadline, ..all() }, vec![1, 2, 3]),
        (CaseFilter { order: CaseOrder::Deadline, buyer_id, ..all() }, vec![2]),
    ];
    for (filter, expected) in filters {
        assert_eq!(found(&ground, filter.clone()).await, expected, "{filter:?}");
    }
}

/// What the shop sorts its work by stands in the summary; the amount and the deadline are columns.
pub async fn cases_are_narrowed_by_marks_and_amount_and_ordered_by_risk(ground: Arc<Ground>) {
    let marked = |order_id: &str, n: u128, (fen, due_ms): (i64, i64), summary: &str| CaseRow {
        amount: Money::cny(fen).unwrap(),
        due_at: Some(moment(due_ms)),
        summary: summary.to_owned(),
        ..case(order_id, n)
    };
    let hour = 3_600_000;
    let mut closed = marked("o4", 4, (900, 50 * hour), r#"{"tier":"legal"}"#);
    (closed.stage, closed.waits_for, closed.due_at) = ("closed".into(), None, None);
    for row in [
        marked(
            "o1",
            1,
            (1_000, 40 * hour),
            r#"{"assignee":"Li","tags":["加急","vip"],"tier":"difficult"}"#,
        ),
        marked("o2", 2, (90_000, 48 * hour), r#"{"tags":[],"tier":"ordinary"}"#),
        marked(
            "o3",
            3,
            (2_000, 10 * hour + 60_000),
            r#"{"assignee":"Wu","tags":["vip"],"tier":"ordinary"}"#,
        ),
        closed,
    ] {
        open_case(ground.store.as_ref(), row).await;
    }
    let all = all_cases;
    let risk = CaseOrder::Risk;
    let among = Some(vec![case_id(3), case_id(1), case_id(99)]);
    for (filter, expected) in [
        (CaseFilter { assignee: Some("Li".into()), ..all() }, vec![1]),
        (CaseFilter { assignee: Some(String::new()), ..all() }, vec![4, 2]),
        (CaseFilter { tag: Some("vip".into()), ..all() }, vec![3, 1]),
        (CaseFilter { tag: Some("加急".into()), ..all() }, vec![1]),
        (CaseFilter { tag: Some("' or 1=1 --".into()), ..all() }, vec![]),
        (CaseFilter { tier: Some("ordinary".into()), ..all() }, vec![3, 2]),
        (CaseFilter { open_only: true, ..all() }, vec![3, 2, 1]),
        (CaseFilter { amount_min: Some(1_000), amount_max: Some(2_000), ..all() }, vec![3, 1]),
        (CaseFilter { among: among.clone(), ..all() }, vec![3, 1]),
        (CaseFilter { among: Some(Vec::new()), ..all() }, vec![]),
        (CaseFilter { among, tag: Some("加急".into()), ..all() }, vec![1]),
        // 90,000 fen are six doublings of 1,000: 36 hours sooner, and 2,000 are 36 hours nearer.
        (CaseFilter { order: risk, ..all() }, vec![3, 2, 1]),
        (CaseFilter { order: risk, tag: Some("vip".into()), ..all() }, vec![3, 1]),
        (CaseFilter { order: risk, stage: Some("under_review".into()), ..all() }, vec![3, 2, 1]),
        (
            CaseFilter { order: risk, open_only: true, waits_for: Some(Side::Buyer), ..all() },
            vec![],
        ),
    ] {
        assert_eq!(found(&ground, filter.clone()).await, expected, "{filter:?}");
    }
}

/// The beginning is in, the end is not.
pub async fn cases_are_narrowed_by_when_they_were_opened(ground: Arc<Ground>) {
    for (order_id, n, opened_ms) in [("o1", 1, 100), ("o2", 2, 200), ("o3", 3, 300)] {
        let row = CaseRow { opened_at: moment(opened_ms), ..case(order_id, n) };
        open_case(ground.store.as_ref(), row).await;
    }
    let between = |since: Option<i64>, until: Option<i64>| CaseFilter {
        opened_since: since.map(moment),
        opened_until: until.map(moment),
        ..all_cases()
    };
    for (filter, expected) in [
        (between(Some(200), None), vec![3, 2]),
        (between(None, Some(200)), vec![1]),
        (between(Some(200), Some(300)), vec![2]),
        (between(Some(300), Some(200)), vec![]),
        (CaseFilter { order: CaseOrder::Deadline, ..between(Some(101), None) }, vec![2, 3]),
        (CaseFilter { stage: Some("under_review".into()), ..between(Some(300), None) }, vec![3]),
    ] {
        assert_eq!(found(&ground, filter.clone()).await, expected, "{filter:?}");
    }
}

pub async fn filters_are_combined(ground: Arc<Ground>) {
    open_some(&ground).await;
    for order in [CaseOrder::Newest, CaseOrder::Deadline] {
        let all_of_one = CaseFilter {
            shop_id: Some(shop()),
            buyer_id: BuyerId::parse("buyer").ok(),
            order_id: OrderId::parse("o1").ok(),
            waits_for: Some(Side::Merchant),
            stage: Some("under_review".into()),
            case_type: Some(CaseType::RefundOnly),
            reason: ReasonCode::parse("broken").ok(),
            order,
            ..CaseFilter::all(None, 10)
        };
        assert_eq!(found(&ground, all_of_one.clone()).await, [1]);
        let other_stage = CaseFilter { stage: Some("closed".into()), ..all_of_one };
        assert_eq!(found(&ground, other_stage).await, [0; 0]);
    }
}

/// All pages of a list, each checked for its length, and how each goes on.
async fn pages(ground: &Ground, mut filter: CaseFilter) -> Vec<CaseRow> {
    let mut rows: Vec<CaseRow> = Vec::new();
    loop {
        let page = ground.store.cases(&filter).await.unwrap();
        let full = page.rows.len() == filter.limit as usize;
        assert!(full || !page.more, "only the last page is short");
        let next = page.next(filter.order);
        rows.extend(page.rows);
        if !page.more {
            return rows;
        }
        filter.after = next;
    }
}

pub async fn newest_cases_come_first_and_pages_go_on(ground: Arc<Ground>) {
    for n in 1..=7 {
        open_case(ground.store.as_ref(), case(&format!("o{n}"), n)).await;
    }
    for limit in [1, 2, 3, 7, 8] {
        let rows = pages(&ground, CaseFilter { limit, ..all_cases() }).await;
        let ids: Vec<_> = rows.iter().map(|row| row.case_id).collect();
        assert_eq!(ids, [7, 6, 5, 4, 3, 2, 1].map(case_id), "limit {limit}");
        let stage = Some("under_review".into());
        let staged = pages(&ground, CaseFilter { limit, stage, ..all_cases() }).await;
        assert_eq!(staged, rows);
    }
}

pub async fn cases_with_one_deadline_are_paged_without_loss(ground: Arc<Ground>) {
    for n in 1..=9 {
        let mut row = case(&format!("o{n}"), n);
        // Three deadlines, three cases each, in no order.
        row.due_at = Some(moment(100 - i64::try_from(n % 3).unwrap()));
        open_case(ground.store.as_ref(), row).await;
    }
    for limit in [1, 2, 4, 9, 20] {
        let filter = CaseFilter { order: CaseOrder::Deadline, limit, ..all_cases() };
        let rows = pages(&ground, filter).await;
        let ids: Vec<_> = rows.iter().map(|row| row.case_id).collect();
        assert_eq!(ids, [2, 5, 8, 1, 4, 7, 3, 6, 9].map(case_id), "limit {limit}");
    }
}

/// What waits for somebody is in several stretches of an index; the list is one all the same.
pub async fn lists_of_work_are_paged_without_loss_in_every_order(ground: Arc<Ground>) {
    let stages = ["under_review", "inspecting", "rejected", "disputed", "awaiting_return"];
    let sides = [Side::Merchant, Side::Buyer, Side::Platform];
    let row = |n: u128| {
        let (at, fen) = (i64::try_from(n * 7 % 11).unwrap(), i64::try_from(n * n % 13).unwrap());
        CaseRow {
            stage: stages[usize::try_from(n % 5).unwrap()].into(),
            waits_for: Some(sides[usize::try_from(n % 3).unwrap()]),
            due_at: Some(moment(at * 3_600_000)),
            amount: Money::cny(fen * fen * 700).unwrap(),
            ..case(&format!("o{n}"), n)
        }
    };
    let rows: Vec<CaseRow> = (1..=40).map(row).collect();
    for row in &rows {
        open_case(ground.store.as_ref(), row.clone()).await;
    }

    for order in [CaseOrder::Newest, CaseOrder::Deadline, CaseOrder::Risk] {
        for (waits_for, stage) in [
            (Some(Side::Buyer), None),
            (None, Some("inspecting")),
            (Some(Side::Merchant), Some("under_review")),
            (None, None),
        ] {
            let is_in = |row: &&CaseRow| {
                waits_for.is_none_or(|side| row.waits_for == Some(side))
                    && stage.is_none_or(|stage| row.stage == stage)
            };
            let mut expected: Vec<CaseRow> = rows.iter().filter(is_in).cloned().collect();
            expected.sort_by_key(|row| row.place(order).unwrap());
            if order == CaseOrder::Newest {
                expected.sort_by_key(|row| std::cmp::Reverse(row.case_id));
            }
            for limit in [1, 3, 40] {
                let stage = stage.map(str::to_owned);
                let filter = CaseFilter { waits_for, stage, order, limit, ..all_cases() };
                assert_eq!(pages(&ground, filter.clone()).await, expected, "{filter:?}");
            }
        }
    }
}

/// One case in three thousand fits; a page looks at some of them and says from where to look on.
pub async fn a_narrowed_list_looks_at_so_many_and_goes_on(ground: Arc<Ground>) {
    let row = |n: u128| {
        let mut row = CaseRow { due_at: Some(moment(1_000)), ..case(&format!("o{n}"), n) };
        let one = if n == 1_500 { "{\"tags\":[\"vip\"]}" } else { "{}" };
        row.summary = one.into();
        row
    };
    for first in [1, 1_001, 2_001] {
        let rows = (first..first + 1_000).map(row);
        let commits = rows
            .map(|row| Commit { cases: vec![row.clone()], ..commit(row.key.order_id.as_str(), 0) });
        ground.store.commit(&commits.collect::<Vec<_>>()).await.unwrap();
    }

    let tag = Some("vip".to_owned());
    let buyer_id = BuyerId::parse("buyer").ok();
    for order in [CaseOrder::Newest, CaseOrder::Deadline, CaseOrder::Risk] {
        for (waits_for, buyer_id) in
            [(None, None), (Some(Side::Merchant), None), (None, buyer_id.clone())]
        {
            let (mut found, mut pages) = (Vec::new(), 0);
            let mut filter =
                CaseFilter { tag: tag.clone(), waits_for, buyer_id, order, ..all_cases() };
            loop {
                let page = ground.store.cases(&filter).await.unwrap();
                pages += 1;
                filter.after = page.next(order);
                found.extend(page.rows.into_iter().map(|row| row.case_id));
                if filter.after.is_none() {
                    break;
                }
            }
            assert_eq!((found, pages), (vec![case_id(1_500)], 2), "{filter:?}");
        }
    }
    // More of one buyer than are sorted.
    let filter = CaseFilter { buyer_id, order: CaseOrder::Risk, limit: 2, ..all_cases() };
    let page = ground.store.cases(&filter).await.unwrap();
    let first: Vec<_> = page.rows.iter().map(|row| row.case_id).collect();
    assert_eq!((first, page.more), (vec![case_id(1), case_id(2)], true));
}

pub async fn the_platform_sees_disputes_of_all_shops(ground: Arc<Ground>) {
    for (n, shop, stage, due_at) in [
        (1, "a", "disputed", Some(30)),
        (2, "b", "disputed", Some(10)),
        (3, "b", "under_review", Some(5)),
        (4, "c", "disputed", None),
    ] {
        let mut row = case("o", n);
        row.key = key_of(shop, &format!("o{n}"));
        row.stage = stage.into();
        row.due_at = due_at.map(moment);
        open_case(ground.store.as_ref(), row).await;
    }
    let platform = CaseFilter { shop_id: None, ..all_cases() };
    assert_eq!(found(&ground, platform.clone()).await, [4, 2, 1]);
    let by_deadline = CaseFilter { order: CaseOrder::Deadline, ..platform.clone() };
    assert_eq!(found(&ground, by_deadline).await, [2, 1]);
    let other = CaseFilter { stage: Some("under_review".into()), ..platform.clone() };
    assert_eq!(found(&ground, other).await, [0; 0]);
    let merchant = CaseFilter { waits_for: Some(Side::Buyer), ..platform };
    assert_eq!(found(&ground, merchant).await, [0; 0]);
}

pub async fn orders_are_listed_last_placed_first(ground: Arc<Ground>) {
    for (order, placed_at, buyer) in
        [("a", 10, "x"), ("b", 30, "y"), ("c", 20, "x"), ("d", 20, "x"), ("e", 20, "y")]
    {
        let mut row = order_row(order, placed_at);
        row.buyer_id = BuyerId::parse(buyer).unwrap();
        accept(ground.store.as_ref(), Commit { order: Some(row), ..commit(order, 0) }).await;
    }
    let mut filter = OrderFilter { limit: 2, ..all_orders() };
    let mut rows: Vec<OrderRow> = Vec::new();
    loop {
        let page = ground.store.orders(&filter).await.unwrap();
        rows.extend(page.rows);
        if !page.more {
            break;
        }
        filter.after = rows.last().map(|row| (row.placed_at, row.key.order_id.clone()));
    }
    let names = |rows: &[OrderRow]| -> String {
        rows.iter().map(|row| row.key.order_id.as_str().to_owned()).collect()
    };
    assert_eq!(names(&rows), "bedca");
    let of_buyer = OrderFilter { buyer_id: BuyerId::parse("x").ok(), ..all_orders() };
    assert_eq!(names(&ground.store.orders(&of_buyer).await.unwrap().rows), "dca");
}

pub async fn limits_are_held_between_one_and_the_most(ground: Arc<Ground>) {
    let batch: Vec<_> = (0..u128::from(LIMIT_MAX) + 1)
        .map(|n| {
            let order = format!("o{n}");
            let row = Some(order_row(&order, 1));
            Commit { cases: vec![case(&order, n)], order: row, ..commit(&order, 0) }
        })
        .collect();
    ground.store.commit(&batch).await.unwrap();
    let most = LIMIT_MAX as usize;
    let store = &ground.store;
    for (limit, length) in [(0, 1), (1, 1), (u32::MAX, most)] {
        let page = store.cases(&CaseFilter { limit, ..all_cases() }).await.unwrap();
        assert_eq!((page.rows.len(), page.more), (length, true));
        let page = store.orders(&OrderFilter { limit, ..all_orders() }).await.unwrap();
        assert_eq!((page.rows.len(), page.more), (length, true));
        assert_eq!(store.export(&shop(), 0, limit).await.unwrap().len(), length);
        assert_eq!(store.streams(&shop(), "", limit).await.unwrap().len(), length);
    }
}
