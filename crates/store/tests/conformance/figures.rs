//! Figures: written by stretches of the log, summed by days.

use super::{
    fixture::{case as case_row, case_id, commit, key, key_of, moment, open_case, search, shop},
    ground::Ground,
};
use domain::{
    actor::Side,
    application::{CaseType, Fault},
    case::Outcome,
    id::{CaseId, ReasonCode},
    moment::Span,
    money::{Currency, Money},
};
use engine::{
    figures::{
        Amounts, CaseFigure, CaseText, Day, Days, Decided, Grouping, OPEN_COUNTED_MAX, OrderDay,
        OrderFigure, Refusing, Ruled, Scope, Settled, Slice, Stretch,
    },
    ports::Store,
    rows::{CaseRow, Commit},
};
use std::sync::Arc;

pub const DAY: i32 = 20_000;

fn yuan(yuan: i64) -> Money {
    Money::cny(yuan * 100).unwrap()
}

pub fn figure(n: u128) -> CaseFigure {
    CaseFigure {
        key: key("o"),
        case_id: case_id(n),
        version: 2,
        opened_on: Day::new(DAY),
        case_type: CaseType::RefundOnly,
        reason: ReasonCode::parse("broken").unwrap(),
        fault: Fault::Seller,
        product: "SKU-1".into(),
        title: "杯子 '\"%".into(),
        batch: "B1".into(),
        amounts: Amounts {
            asked: yuan(10),
            refunded: yuan(9),
            succeeded: yuan(5),
            paid_out: yuan(1),
            failed: yuan(3),
        },
        outcome: Some(Outcome::Refunded),
        decided: Some(Decided::Merchant),
        answered_after: Some(Span::hours(3)),
        ruled: None,
        refusing: Refusing::Never,
    }
}

pub fn text(n: u128, text: &str) -> CaseText {
    CaseText { key: key("o"), case_id: case_id(n), version: 2, text: text.into() }
}

pub fn stretch(after: i64, until: i64) -> Stretch {
    let (orders, cases, texts) = (Vec::new(), Vec::new(), Vec::new());
    Stretch { shop_id: shop(), after, until, orders, cases, texts }
}

pub fn all() -> Slice {
    Slice::default()
}

pub fn days(count: i32) -> Scope {
    let days = Days::until(Day::new(DAY), count);
    Scope { shop_id: shop(), days, currency: Currency::CNY }
}

async fn write(store: &dyn Store, cases: Vec<CaseFigure>) {
    let texts = cases.iter().map(|case| CaseText {
        key: case.key.clone(),
        case_id: case.case_id,
        version: case.version,
        text: "x".into(),
    });
    let texts = texts.collect();
    assert!(store.write_stretch(&Stretch { cases, texts, ..stretch(0, 9) }).await.unwrap());
}

pub async fn figures_come_out_as_they_went_in(ground: Arc<Ground>) {
    let bare = CaseFigure {
        outcome: None,
        decided: None,
        answered_after: None,
        batch: String::new(),
        ..figure(2)
    };
    let ruled = CaseFigure {
        outcome: Some(Outcome::RuledForMerchant),
        decided: Some(Decided::Ruling),
        ruled: Some(Ruled::ForMerchant),
        refusing: Refusing::Refused,
        ..figure(3)
    };
    let cases = vec![figure(1), bare, ruled];
    let texts = vec![text(1, "一"), text(2, "二"), text(3, "三")];
    let written = Stretch { cases: cases.clone(), texts: texts.clone(), ..stretch(0, 5) };
    assert!(ground.store.write_stretch(&written).await.unwrap());

    for (case, text) in cases.into_iter().zip(texts) {
        let found = ground.store.case_figure(&shop(), case.case_id).await.unwrap();
        assert_eq!(found, Some((case, text)));
    }
    assert_eq!(ground.store.case_figure(&shop(), case_id(9)).await.unwrap(), None);
}

pub async fn a_stretch_is_written_only_where_it_begins(ground: Arc<Ground>) {
    let store = &ground.store;
    assert!(store.write_stretch(&stretch(0, 5)).await.unwrap());

    let again = Stretch { cases: vec![figure(1)], ..stretch(0, 5) };
    assert!(!store.write_stretch(&again).await.unwrap());
    assert!(!store.write_stretch(&Stretch { after: 4, until: 6, ..again.clone() }).await.unwrap());
    assert_eq!(store.case_figures(&days(9), &all(), None, 9).await.unwrap(), []);

    assert!(store.write_stretch(&Stretch { after: 5, until: 6, ..again }).await.unwrap());
    assert_eq!(store.case_figures(&days(9), &all(), None, 9).await.unwrap(), [figure(1)]);
}

pub async fn a_row_of_an_older_version_is_left_out(ground: Arc<Ground>) {
    let store = &ground.store;
    write(store.as_ref(), vec![CaseFigure { version: 7, ..figure(1) }]).await;
    let older = CaseFigure {
        version: 6,
        amounts: Amounts { refunded: yuan(0), ..figure(1).amounts },
        ..figure(1)
    };
    let newer = CaseFigure { version: 8, batch: "B2".into(), ..figure(1) };

    store.write_stretch(&Stretch { cases: vec![older], ..stretch(9, 10) }).await.unwrap();
    let found = store.case_figures(&days(1), &all(), None, 9).await.unwrap();
    assert_eq!(found, [CaseFigure { version: 7, ..figure(1) }]);

    store.write_stretch(&Stretch { cases: vec![newer.clone()], ..stretch(10, 11) }).await.unwrap();
    assert_eq!(store.case_figures(&days(1), &all(), None, 9).await.unwrap(), [newer]);
}

pub async fn a_day_is_the_sum_of_its_orders_whatever_changes(ground: Arc<Ground>) {
    let store = &ground.store;
    let order = |name: &str, version, day: i32, paid| OrderFigure {
        key: key(name),
        version,
        placed_on: Day::new(day),
        paid: yuan(paid),
    };
    let orders = async |after, orders: Vec<OrderFigure>| {
        let stretch = Stretch { orders, ..stretch(after, after + 1) };
        assert!(store.write_stretch(&stretch).await.unwrap());
        store.order_days(&days(5)).await.unwrap()
    };
    let day =
        |day, orders, yuan: i64| OrderDay { day: Day::new(day), orders, paid_minor: yuan * 100 };

    let all = vec![order("a", 1, DAY, 0), order("b", 1, DAY, 30), order("c", 1, DAY - 1, 5)];
    assert_eq!(orders(0, all).await, [day(DAY - 1, 1, 5), day(DAY, 1, 30)]);
    // Paid now; told to have been placed earlier; an old version that changes nothing.
    let news = vec![order("a", 2, DAY, 7), order("b", 2, DAY - 1, 31), order("c", 1, DAY, 99)];
    assert_eq!(orders(1, news).await, [day(DAY - 1, 2, 36), day(DAY, 1, 7)]);
    assert_eq!(orders(2, vec![order("d", 1, DAY - 5, 1)]).await.len(), 2, "out of the days asked");
}

pub async fn cases_are_summed_by_day(ground: Arc<Ground>) {
    let store = &ground.store;
    let usd = Currency::parse("USD").unwrap();
    let dollars = Money::new(9, usd).unwrap();
    let amounts = Amounts {
        asked: dollars,
        refunded: dollars,
        succeeded: dollars,
        paid_out: dollars,
        failed: dollars,
    };
    let early =
        CaseFigure { opened_on: Day::new(DAY - 3), decided: Some(Decided::FastLane), ..figure(1) };
    let automatic = CaseFigure { decided: Some(Decided::Deadline), ..figure(2) };
    let wrong = CaseFigure {
        ruled: Some(Ruled::ForBuyer),
        refusing: Refusing::Wrongly,
        decided: Some(Decided::Ruling),
        ..figure(3)
    };
    let open = CaseFigure {
        decided: None,
        amounts: Amounts { refunded: yuan(0), ..figure(4).amounts },
        ..figure(4)
    };
    let foreign = CaseFigure { amounts, ..figure(5) };
    let too_early = CaseFigure { opened_on: Day::new(DAY - 9), ..figure(6) };
    write(store.as_ref(), vec![early, automatic, wrong, open, foreign, too_early]).await;

    let found = store.days(&days(5)).await.unwrap();

    assert_eq!(found.len(), 2);
    assert_eq!((found[0].day, found[0].cases, found[0].fast), (Day::new(DAY - 3), 1, 1));
    let today = found[1];
    assert_eq!((today.cases, today.decided, today.automatic, today.fast), (3, 2, 1, 0));
    assert_eq!((today.refunds, today.ruled, today.wrongly_refused), (2, 1, 1));
    assert_eq!((today.refunded_minor, today.automatic_minor), (1_800, 900));
    assert_eq!((today.succeeded_minor, today.paid_out_minor), (1_500, 300));
    assert_eq!(today.failed_minor, 900);
    let other = Scope { shop_id: key_of("other", "o").shop_id, ..days(5) };
    assert_eq!(store.days(&other).await.unwrap(), []);
}

pub async fn the_largest_groups_come_first(ground: Arc<Ground>) {
    let store = &ground.store;
    let late = CaseFigure { reason: ReasonCode::parse("late").unwrap(), ..figure(1) };
    let other = CaseFigure { product: "SKU-2".into(), batch: String::new(), ..figure(2) };
    let ruled = CaseFigure { ruled: Some(Ruled::ForBuyer), batch: "B2".into(), ..figure(3) };
    let lost = CaseFigure { ruled: Some(Ruled::ForMerchant), ..figure(4) };
    write(store.as_ref(), vec![late, other, ruled, lost]).await;
    let named = async |grouping| {
        let shares = store.shares(&days(1), grouping).await.unwrap();
        let names = shares.iter().map(|s| format!("{} {} {}", s.name, s.batch, s.cases));
        names.collect::<Vec<_>>()
    };

    assert_eq!(named(Grouping::Reason).await, ["broken  3", "late  1"]);
    assert_eq!(named(Grouping::Product).await, ["SKU-1  3", "SKU-2  1"]);
    assert_eq!(named(Grouping::Batch).await, ["SKU-1 B1 2", "SKU-1 B2 1"]);
    let reasons = store.shares(&days(1), Grouping::Reason).await.unwrap();
    assert_eq!((reasons[0].ruled, reasons[0].ruled_for_buyer), (2, 1));
    assert_eq!(reasons[0].refunded_minor, 2_700);
}

pub async fn first_answers_are_counted_by_whole_hours(ground: Arc<Ground>) {
    let store = &ground.store;
    let after = |n, ms| CaseFigure { answered_after: Some(Span::from_ms(ms)), ..figure(n) };
    let none = CaseFigure { answered_after: None, ..figure(4) };
    let hour = 3_600_000;
    write(store.as_ref(), vec![after(1, 1), after(2, hour - 1), after(3, hour * 30), none]).await;

    let hours = store.hours(&days(1)).await.unwrap();

    let hours: Vec<_> = hours.iter().map(|figure| (figure.hours, figure.cases)).collect();
    assert_eq!(hours, [(0, 2), (30, 1)]);
}

pub async fn cases_in_figures_are_paged(ground: Arc<Ground>) {
    let store = &ground.store;
    let on = |n, day| CaseFigure { opened_on: Day::new(day), ..figure(n) };
    write(store.as_ref(), vec![on(3, DAY), on(1, DAY), on(2, DAY - 1), on(9, DAY - 8)]).await;
    let (mut after, mut seen) = (None, Vec::new());

    while let Some(last) = store.case_figures(&days(5), &all(), after, 1).await.unwrap().pop() {
        after = Some((last.opened_on, last.case_id));
        seen.push(last.case_id);
    }

    assert_eq!(seen, [3, 1, 2].map(case_id));
}

pub async fn cases_in_figures_are_cut_by_what_is_named(ground: Arc<Ground>) {
    let store = &ground.store;
    let late = CaseFigure { reason: ReasonCode::parse("late").unwrap(), ..figure(1) };
    let other = CaseFigure { product: "P'2".into(), batch: "B2".into(), ..figure(2) };
    let wrong = CaseFigure {
        decided: Some(Decided::Ruling),
        refusing: Refusing::Wrongly,
        amounts: Amounts { succeeded: yuan(8), ..figure(3).amounts },
        ..figure(3)
    };
    write(store.as_ref(), vec![late, other, wrong]).await;
    let cut = async |slice: Slice| {
        let cases = store.case_figures(&days(1), &slice, None, 9).await.unwrap();
        cases.iter().map(|case| case.case_id.uuid().as_u128()).collect::<Vec<_>>()
    };

    assert_eq!(cut(all()).await, [3, 2, 1]);
    let reason = ReasonCode::parse("late").ok();
    assert_eq!(cut(Slice { reason, ..all() }).await, [1]);
    assert_eq!(cut(Slice { product: Some("P'2".into()), ..all() }).await, [2]);
    assert_eq!(cut(Slice { batch: Some("B1".into()), ..all() }).await, [3, 1]);
    assert_eq!(cut(Slice { decided: Some(Decided::Ruling), ..all() }).await, [3]);
    assert_eq!(cut(Slice { refusing: Some(Refusing::Never), ..all() }).await, [2, 1]);
    assert_eq!(cut(Slice { settled: Some(Settled::Whole), ..all() }).await, [3]);
    assert_eq!(cut(Slice { settled: Some(Settled::InPart), ..all() }).await, [2, 1]);
}

pub async fn open_work_is_counted_by_stage_and_side(ground: Arc<Ground>) {
    let store = ground.store.as_ref();
    let row = |n: u128, stage: &str, waits_for| CaseRow {
        stage: stage.into(),
        waits_for,
        ..case_row(&format!("o{n}"), n)
    };
    for row in [
        row(1, "under_review", Some(Side::Merchant)),
        row(2, "under_review", Some(Side::Merchant)),
        row(3, "refunding", Some(Side::System)),
        row(4, "refunding", Some(Side::Merchant)),
        row(5, "closed", None),
        CaseRow { key: key_of("other", "o"), ..row(6, "under_review", Some(Side::Merchant)) },
    ] {
        open_case(store, row).await;
    }

    let work = store.open_work(&shop()).await.unwrap();

    let work: Vec<_> = work.iter().map(|w| (w.stage.as_str(), w.waits_for, w.cases)).collect();
    let (merchant, system) = (Some(Side::Merchant), Some(Side::System));
    assert_eq!(
        work,
        [("refunding", merchant, 1), ("refunding", system, 1), ("under_review", merchant, 2)]
    );
    assert_eq!(moment(1).ms(), 1);
}

pub async fn open_work_is_counted_up_to_a_limit(ground: Arc<Ground>) {
    let most = u128::from(OPEN_COUNTED_MAX);
    for (stage, first, count) in [("offered", 1, most + 1), ("disputed", 5_000, most - 1)] {
        let commits = (first..first + count).map(|n| Commit {
            cases: vec![CaseRow { stage: stage.into(), ..case_row(&format!("o{n}"), n) }],
            ..commit(&format!("o{n}"), 0)
        });
        ground.store.commit(&commits.collect::<Vec<_>>()).await.unwrap();
    }

    let work = ground.store.open_work(&shop()).await.unwrap();

    let work: Vec<_> = work.iter().map(|work| (work.stage.as_str(), work.cases)).collect();
    assert_eq!(work, [("disputed", 999), ("offered", 1_000)]);
}

pub async fn what_is_forgotten_is_made_anew(ground: Arc<Ground>) {
    let store = &ground.store;
    let other = Stretch {
        shop_id: key_of("other", "o").shop_id,
        cases: vec![CaseFigure { key: key_of("other", "o"), ..figure(1) }],
        texts: vec![CaseText { key: key_of("other", "o"), ..text(1, "快递问题") }],
        ..stretch(0, 3)
    };
    store.write_stretch(&other).await.unwrap();
    let order = OrderFigure { key: key("o"), version: 1, placed_on: Day::new(DAY), paid: yuan(1) };
    let whole = Stretch {
        orders: vec![order],
        cases: vec![figure(1)],
        texts: vec![text(1, "快递问题")],
        ..stretch(0, 5)
    };
    store.write_stretch(&whole).await.unwrap();

    store.forget_figures(&shop()).await.unwrap();

    assert_eq!(store.case_figures(&days(1), &all(), None, 9).await.unwrap(), []);
    assert_eq!(store.order_days(&days(1)).await.unwrap(), []);
    assert_eq!(search(store.as_ref(), &shop(), "快递", 9).await, [] as [CaseId; 0]);
    assert_eq!(search(store.as_ref(), &other.shop_id, "快递", 9).await, [case_id(1)]);
    assert!(store.write_stretch(&whole).await.unwrap(), "from the beginning");
    assert_eq!(search(store.as_ref(), &shop(), "快递", 9).await, [case_id(1)]);
    assert_eq!(store.order_days(&days(1)).await.unwrap()[0].orders, 1);
}
