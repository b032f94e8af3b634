//! Arbitrary orders and applications: a judgement is total, deterministic, and always told whole.

use crate::desk::{Desk, item_id, reason, yuan};
use domain::{
    application::{CaseType, Pieces},
    facts::{Account, Category, Item, Progress, Tender},
    id::FileId,
    moment::Moment,
    money::{Currency, Money},
    policy::{EvidenceKind, FINDINGS, ItemHistory, Language, Policy},
};
use proptest::{
    collection::vec,
    option,
    prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest},
    sample::select,
};
use std::{hint::black_box, time::Instant};

const TYPES: &[CaseType] = &[
    CaseType::RefundOnly,
    CaseType::ReturnAndRefund,
    CaseType::Exchange,
    CaseType::ShippingFee,
    CaseType::PriceDifference,
    CaseType::Cancellation,
];
const CATEGORIES: &[Category] = &[
    Category::Ordinary,
    Category::Fresh,
    Category::MadeToOrder,
    Category::Virtual,
    Category::CrossBorder,
];
const PROGRESS: &[Progress] = &[
    Progress::AwaitingPayment,
    Progress::AwaitingShipment,
    Progress::PartlyShipped,
    Progress::Shipped,
    Progress::Completed,
    Progress::Cancelled,
];
const ACCOUNTS: &[Account] =
    &[Account::Balance, Account::DebitCard, Account::CreditCard, Account::ThirdParty];
const KINDS: &[EvidenceKind] = &[
    EvidenceKind::Photo,
    EvidenceKind::Video,
    EvidenceKind::Document,
    EvidenceKind::LogisticsScreenshot,
];

fn amount() -> impl Strategy<Value = Money> {
    let minor = prop_oneof![Just(0), 0i64..100_000, 0i64..=10_000_000_000_000];
    let currency = prop_oneof![9 => Just("CNY"), 1 => Just("USD")];
    (minor, currency)
        .prop_map(|(minor, code)| Money::new(minor, Currency::parse(code).unwrap()).unwrap())
}

fn moment() -> impl Strategy<Value = Moment> {
    prop_oneof![
        any::<i64>().prop_map(Moment::from_ms),
        (0i64..200_000_000).prop_map(|seconds| Moment::from_seconds(1_700_000_000 + seconds)),
    ]
}

fn item() -> impl Strategy<Value = Item> {
    let flags = (option::of(any::<bool>()), any::<bool>(), option::of(moment()));
    let numbers = (0usize..4, amount(), any::<u32>(), option::of(amount()));
    (select(CATEGORIES), flags, numbers).prop_map(|(category, flags, numbers)| {
        let mut desk = Desk::with(|desk| desk.sells(category));
        if flags.1 {
            desk.accepts_clause();
        }
        let item = desk.item();
        item.item_id = item_id(numbers.0);
        (item.seven_day_right, item.activated_at) = (flags.0, flags.2);
        (item.unit_price, item.quantity, item.duty) = (numbers.1, numbers.2, numbers.3);
        item.clone()
    })
}

fn order() -> impl Strategy<Value = Desk> {
    let payments = vec((select(ACCOUNTS), amount()), 0..4);
    let times = (option::of(moment()), moment());
    (select(PROGRESS), vec(item(), 0..5), payments, times, amount()).prop_map(
        |(progress, items, payments, times, freight)| {
            let mut desk = Desk::default();
            let tender = desk.facts.tenders[0].clone();
            let tenders = payments.into_iter();
            desk.facts.tenders = tenders
                .map(|(account, amount)| Tender { account, amount, ..tender.clone() })
                .collect();
            (desk.facts.progress, desk.facts.items) = (progress, items);
            (desk.facts.signed_at, desk.at) = times;
            desk.facts.freight = freight;
            desk
        },
    )
}

fn desk() -> impl Strategy<Value = Desk> {
    let codes: Vec<String> =
        Policy::default_policy().reasons().iter().map(|reason| reason.code.to_string()).collect();
    let code = prop_oneof![9 => select(codes), 1 => Just("unknown".to_owned())];
    let asked = vec((0usize..5, any::<u32>()), 0..6);
    let amounts = (option::of(amount()), amount(), amount(), amount(), option::of(amount()));
    let history = vec((0usize..4, any::<u32>(), any::<u32>(), any::<bool>()), 0..4);
    let flags = (option::of(any::<bool>()), any::<bool>(), any::<bool>(), any::<bool>());
    let rest = (vec(select(KINDS), 0..4), any::<u32>(), option::of(moment()), flags);
    (order(), (select(TYPES), code, asked), amounts, history, rest).prop_map(
        |(mut desk, (case_type, code, asked), amounts, history, rest)| {
            desk.asks(case_type, &code);
            let asked = asked.into_iter();
            desk.application.items =
                asked.map(|(n, quantity)| Pieces { item_id: item_id(n), quantity }).collect();
            (desk.application.amount, desk.entitled, desk.original_left) =
                (amounts.0, amounts.1, amounts.2);
            desk.standing.refunded_this_year = amounts.3;
            desk.application.declared.return_freight = amounts.4;
            let history = history.into_iter();
            desk.history = history
                .map(|(n, pieces_settled, applications, open_case)| ItemHistory {
                    item_id: item_id(n),
                    pieces_settled,
                    applications,
                    open_case,
                })
                .collect();
            let (kinds, cases, lifted, (opened, proven, verified, described)) = rest;
            (desk.kinds, desk.standing.cases_in_window) = (kinds, cases);
            desk.standing.restriction_lifted_until = lifted;
            desk.application.declared.opened = opened;
            desk.shop.account_verified = verified;
            if proven {
                desk.application.declared.proof_of_no_use = vec![FileId::parse("F").unwrap()];
            }
            if !described {
                desk.application.description.clear();
            }
            desk
        },
    )
}

proptest! {
    #[test]
    fn a_judgement_is_total_and_deterministic_and_told_whole(desk in desk()) {
        let policy = Policy::default_policy();

        let judgement = desk.judge(&policy);

        prop_assert_eq!(&judgement, &desk.judge(&policy));
        for finding in &judgement.findings {
            let entry = FINDINGS.iter().find(|entry| entry.code == finding.code);
            prop_assert!(entry.is_some_and(|entry| entry.verdicts.contains(&finding.verdict)));
            for language in [Language::Zh, Language::En] {
                let sentence = policy.sentence(finding, language);
                let whole = !format!("{sentence:?}").contains(['—', '�']);
                prop_assert!(whole && !sentence.text.contains('{'), "{:?}", sentence);
            }
        }
    }
}

/// Prints how fast judgements are; run with `--release -- --nocapture`. Nothing is asserted.
#[test]
#[expect(clippy::disallowed_methods, reason = "a measurement for people, not a decision")]
fn a_judgement_takes_less_than_it_costs_to_ask() {
    let policy = Policy::default_policy();
    let desk = Desk::with(|desk| desk.application.amount = Some(yuan(9_000)));
    let rounds: u32 = if cfg!(debug_assertions) { 10_000 } else { 1_000_000 };
    assert_eq!(desk.application.reason, reason("unwanted_seven_days"));

    let start = Instant::now();
    for _ in 0..rounds {
        black_box(desk.judge(black_box(&policy)));
    }

    println!("{rounds} judgements in {:?}", start.elapsed());
}
