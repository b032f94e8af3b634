//! Every finding of the catalogue, made to happen: row, code, verdict, remedy and the story.

use crate::desk::{Desk, item_id, pieces, signed_at, yuan};
use domain::{
    application::CaseType::{
        self, Cancellation, Exchange, PriceDifference, RefundOnly, ReturnAndRefund, ShippingFee,
    },
    facts::{
        Account::{CreditCard, ThirdParty},
        Category::{CrossBorder, Fresh, MadeToOrder, Virtual},
        Progress,
    },
    finding::{
        Remedy::{
            self, AddEvidence, ChooseOtherItems, ChooseOtherReason, ContactShop, LowerAmount,
            NegotiateAmount,
        },
        Verdict::{self, Blocks, Doubts, Notes, Supports},
    },
    moment::Span,
    money::{Currency, Money},
    policy::{EvidenceKind, FINDINGS, Language, Policy},
};

type Row = (&'static str, &'static str, Verdict, Option<Remedy>, fn(&mut Desk));

const fn row(
    clause: &'static str,
    code: &'static str,
    verdict: Verdict,
    remedy: Option<Remedy>,
    story: fn(&mut Desk),
) -> Row {
    (clause, code, verdict, remedy, story)
}

fn unshipped(desk: &mut Desk, case_type: CaseType, code: &str) {
    desk.facts.progress = Progress::AwaitingShipment;
    desk.facts.shipments.clear();
    desk.facts.signed_at = None;
    desk.asks(case_type, code);
}

fn later(desk: &mut Desk, days: u32) {
    desk.at = signed_at().after(Span::days(days));
}

const ROWS: &[Row] = &[
    row("F1", "order_unpaid", Blocks, Some(Remedy::NothingPaid), |desk| {
        desk.facts.progress = Progress::AwaitingPayment
    }),
    row("F1", "order_cancelled", Blocks, Some(ContactShop), |desk| {
        desk.facts.progress = Progress::Cancelled
    }),
    row("F1", "order_not_shipped", Blocks, Some(Remedy::CancelOrder), |desk| {
        unshipped(desk, RefundOnly, "unwanted_dislike")
    }),
    row("F1", "order_already_shipped", Blocks, Some(ChooseOtherReason), |desk| {
        desk.asks(Cancellation, "cancel_unwanted")
    }),
    row("F2", "amount_currency", Blocks, Some(LowerAmount), |desk| {
        desk.application.amount = Money::new(1, Currency::parse("USD").unwrap()).ok();
    }),
    row("F2", "amount_needed", Blocks, Some(LowerAmount), |desk| {
        desk.asks(PriceDifference, "difference_agreed")
    }),
    row("F2", "nothing_left", Blocks, Some(ContactShop), |desk| desk.entitled = yuan(0)),
    row("F2", "amount_above_entitled", Blocks, Some(LowerAmount), |desk| {
        desk.application.amount = Some(yuan(10_001))
    }),
    row("F2", "amount_above_percent", Blocks, Some(LowerAmount), |desk| {
        desk.application.amount = Some(yuan(22_051))
    }),
    row("F2", "amount_above_year", Blocks, Some(LowerAmount), |desk| {
        desk.standing.refunded_this_year = yuan(49_990_001)
    }),
    row("F2", "designated_account", Notes, Some(Remedy::UseDesignatedAccount), |desk| {
        desk.original_left = yuan(9_999)
    }),
    row("F3", "route_unconfirmed", Blocks, Some(Remedy::ConfirmRoute), |desk| {
        desk.paid_by(CreditCard)
    }),
    row("F3", "third_party_route", Notes, Some(Remedy::AwaitPlatformApproval), |desk| {
        desk.paid_by(ThirdParty)
    }),
    row("F4", "shop_account_incomplete", Notes, Some(Remedy::CompleteShopAccount), |desk| {
        desk.shop.account_verified = false
    }),
    row("F5", "opened_unproven", Doubts, Some(Remedy::ProveNoUse), Desk::opens),
    row("F5", "opened_reduced", Notes, Some(NegotiateAmount), Desk::opens),
    row("F5", "opened_proven", Supports, None, |desk| {
        desk.opens();
        desk.proves_no_use();
    }),
    row("F6", "window_open", Supports, None, |_| {}),
    row("F6", "window_not_started", Supports, None, |desk| desk.facts.signed_at = None),
    row("F6", "window_closed", Blocks, Some(ChooseOtherReason), |desk| later(desk, 16)),
    row("F6", "no_seven_day_right", Doubts, Some(NegotiateAmount), |desk| {
        desk.item().seven_day_right = Some(false)
    }),
    row("F7", "risk_restricted", Blocks, Some(Remedy::Appeal), |desk| {
        desk.standing.cases_in_window = 10
    }),
    row("F7", "risk_lifted", Notes, None, |desk| {
        desk.standing.cases_in_window = 10;
        desk.standing.restriction_lifted_until = Some(desk.at);
    }),
    row("F9", "return_needs_tracking", Notes, Some(Remedy::AddLogistics), |_| {}),
    row("S1", "freight_not_paid", Blocks, Some(ChooseOtherReason), |desk| {
        desk.asks(ShippingFee, "freight_overcharged");
        desk.facts.freight = yuan(0);
    }),
    row("S1", "freight_reason_missing", Blocks, Some(AddEvidence), |desk| {
        desk.asks(ShippingFee, "freight_overcharged");
        desk.application.description = " ".into();
    }),
    row("S1", "freight_limited", Notes, None, |desk| desk.asks(ShippingFee, "freight_overcharged")),
    row("S1", "return_freight_not_due", Blocks, Some(LowerAmount), |desk| {
        desk.application.declared.return_freight = Some(yuan(1))
    }),
    row("S1", "return_freight_above", Blocks, Some(LowerAmount), |desk| {
        desk.asks(ReturnAndRefund, "quality_defect");
        desk.application.declared.return_freight = Some(yuan(2_501));
    }),
    row("S2", "no_items", Blocks, Some(ChooseOtherItems), |desk| desk.application.items.clear()),
    row("S2", "unknown_item", Blocks, Some(ChooseOtherItems), |desk| {
        desk.application.items = vec![pieces(7, 1)]
    }),
    row("S2", "item_twice", Blocks, Some(ChooseOtherItems), |desk| {
        desk.application.items.push(pieces(0, 1))
    }),
    row("S2", "no_pieces", Blocks, Some(ChooseOtherItems), |desk| {
        desk.application.items = vec![pieces(0, 0)]
    }),
    row("S2", "too_many_pieces", Blocks, Some(ChooseOtherItems), |desk| {
        desk.application.items = vec![pieces(0, 2)];
        desk.remembers(1, 1, false);
    }),
    row("S2", "item_has_open_case", Blocks, Some(ChooseOtherItems), |desk| {
        desk.remembers(0, 1, true)
    }),
    row("S2", "too_many_applications", Blocks, Some(ContactShop), |desk| {
        desk.remembers(0, 5, false)
    }),
    row("S3", "border_buyer_bears", Notes, None, |desk| desk.sells(CrossBorder)),
    row("S3", "border_seller_bears", Notes, None, |desk| {
        desk.sells(CrossBorder);
        desk.asks(ReturnAndRefund, "mismatch_look");
    }),
    row("K1", "spoilage_unproven", Blocks, Some(AddEvidence), |desk| {
        desk.sells(Fresh);
        desk.asks(RefundOnly, "quality_spoiled");
    }),
    row("K1", "quality_report_present", Notes, None, |desk| {
        desk.sells(Fresh);
        desk.asks(RefundOnly, "quality_spoiled");
        desk.facts.shipments[0].quality_report = Some("合格".into());
    }),
    row("K1", "quality_report_absent", Supports, None, |desk| {
        desk.sells(Fresh);
        desk.asks(RefundOnly, "quality_spoiled");
    }),
    row("K2", "clause_accepted", Blocks, Some(ChooseOtherReason), |desk| {
        desk.sells(MadeToOrder);
        desk.accepts_clause();
    }),
    row("K2", "clause_not_accepted", Supports, None, |desk| desk.sells(MadeToOrder)),
    row("K2", "clause_in_production", Doubts, Some(NegotiateAmount), |desk| {
        unshipped(desk, Cancellation, "cancel_unwanted");
        desk.sells(MadeToOrder);
        desk.accepts_clause();
    }),
    row("K3", "duty_published", Notes, None, |desk| {
        desk.sells(CrossBorder);
        desk.item().duty = Some(yuan(1_300));
    }),
    row("Q2", "fee_free", Notes, None, |_| {}),
    row("Q2", "fee_charged", Notes, None, |desk| desk.asks(RefundOnly, "missing_piece")),
    row("Q3", "virtual_activated", Blocks, Some(ContactShop), |desk| {
        desk.asks(RefundOnly, "unwanted_dislike");
        desk.sells(Virtual);
        desk.item().activated_at = Some(signed_at());
    }),
    row("Q3", "virtual_not_activated", Doubts, Some(NegotiateAmount), |desk| {
        desk.asks(RefundOnly, "unwanted_dislike");
        desk.sells(Virtual);
    }),
    row("Q4", "local_after_sale", Notes, Some(ContactShop), |desk| desk.sells(CrossBorder)),
    row("B2", "reason_unknown", Blocks, Some(ChooseOtherReason), |desk| {
        desk.asks(ReturnAndRefund, "boredom")
    }),
    row("B2", "type_not_allowed", Blocks, Some(ChooseOtherReason), |desk| {
        desk.asks(Exchange, "missing_piece")
    }),
    row("B3", "evidence_missing", Blocks, Some(AddEvidence), |desk| {
        desk.asks(RefundOnly, "missing_piece")
    }),
    row("B3", "description_missing", Blocks, Some(AddEvidence), |desk| {
        desk.asks(RefundOnly, "other_unlisted");
        desk.application.description.clear();
    }),
];

#[test]
fn every_row_is_found_with_its_verdict_facts_and_remedy() {
    let policy = Policy::default_policy();
    for (clause, code, verdict, remedy, story) in ROWS {
        let desk = Desk::with(story);

        let judgement = desk.judge(&policy);

        let found = judgement.findings.iter().find(|finding| finding.code == *code);
        let finding = found.unwrap_or_else(|| panic!("{clause} {code}: {judgement:?}"));
        assert_eq!(finding.clause.as_str(), *clause, "{code}");
        assert_eq!(finding.verdict, *verdict, "{code}");
        assert_eq!(finding.remedy, *remedy, "{code}");
        let entry = FINDINGS.iter().find(|entry| entry.code == *code).unwrap();
        let names: Vec<&str> = finding.facts.iter().map(|fact| fact.name.as_str()).collect();
        assert_eq!(names, entry.facts, "{code}");
    }
}

#[test]
fn every_finding_of_the_catalogue_has_a_row_and_a_whole_sentence_in_both_languages() {
    let policy = Policy::default_policy();
    for entry in FINDINGS {
        let rows = ROWS.iter().filter(|row| row.0 == entry.clause && row.1 == entry.code);
        let [row] = rows.collect::<Vec<_>>()[..] else { panic!("{}", entry.code) };
        let finding = Desk::with(row.4).finds(entry.code).unwrap();

        for language in [Language::Zh, Language::En] {
            let sentence = policy.sentence(&finding, language);
            let all = format!("{}{}{:?}", sentence.title, sentence.text, sentence.remedy);
            assert!(!all.contains(['{', '}', '—']), "{}: {all}", entry.code);
            assert!(!sentence.title.is_empty() && !sentence.text.is_empty(), "{}", entry.code);
            assert_eq!(sentence.remedy.is_some(), entry.remedy.is_some(), "{}", entry.code);
        }
    }
}

#[test]
fn an_ordinary_return_within_the_window_is_justified() {
    let judgement = Desk::default().judge(&Policy::default_policy());

    assert!(judgement.may_submit() && judgement.is_justified(), "{judgement:?}");
}

#[test]
fn evidence_of_the_right_kind_lifts_the_block() {
    let mut desk = Desk::with(|desk| desk.asks(RefundOnly, "logistics_lost"));
    assert!(desk.finds("evidence_missing").is_some());

    desk.kinds = vec![EvidenceKind::Photo];

    assert_eq!(desk.finds("evidence_missing"), None, "a photo may show the carrier's trace");
    desk.kinds = vec![EvidenceKind::Document];
    assert!(desk.finds("evidence_missing").is_some());
}

#[test]
fn the_limits_are_met_exactly() {
    let at_the_limit = |desk: &mut Desk| {
        desk.entitled = yuan(22_050);
        desk.application.amount = Some(yuan(22_050));
        desk.standing.refunded_this_year = yuan(50_000_000 - 22_050);
        desk.standing.cases_in_window = 9;
        desk.at = signed_at().after(Span::days(15));
        desk.remembers(1, 4, false);
    };

    let judgement = Desk::with(at_the_limit).judge(&Policy::default_policy());

    assert!(judgement.may_submit(), "{judgement:?}");
}

#[test]
fn a_confirmed_card_or_an_exchange_needs_no_route() {
    let mut desk = Desk::with(|desk| desk.paid_by(CreditCard));
    desk.application.declared.route_confirmed = true;
    assert_eq!(desk.finds("route_unconfirmed"), None);

    desk.application.declared.route_confirmed = false;
    desk.asks(Exchange, "unwanted_size");

    assert_eq!(desk.finds("route_unconfirmed"), None);
}

#[test]
fn opening_does_not_matter_where_the_seller_is_at_fault() {
    let desk = Desk::with(|desk| {
        desk.asks(ReturnAndRefund, "quality_defect");
        desk.opens();
    });

    assert_eq!(desk.finds("opened_unproven"), None);
}

#[test]
fn windows_differ_by_category_and_reason() {
    let closed = |category, case_type, code: &str, days| {
        let desk = Desk::with(|desk| {
            desk.sells(category);
            desk.asks(case_type, code);
            later(desk, days);
        });
        desk.finds("window_closed").is_some()
    };

    assert!(!closed(Fresh, RefundOnly, "quality_spoiled", 2));
    assert!(closed(Fresh, RefundOnly, "quality_spoiled", 3));
    assert!(!closed(Fresh, ShippingFee, "freight_overcharged", 15));
    assert!(!closed(CrossBorder, RefundOnly, "counterfeit_suspected", 90));
    assert!(closed(CrossBorder, RefundOnly, "counterfeit_suspected", 91));
    assert!(closed(MadeToOrder, RefundOnly, "quality_defect", 16));
}

#[test]
fn several_items_are_judged_by_the_one_that_closes_first() {
    let desk = Desk::with(|desk| {
        let mut second = desk.facts.items[0].clone();
        second.item_id = item_id(1);
        second.title = "鲜荔枝".into();
        second.category = Fresh;
        desk.facts.items.push(second);
        desk.application.items = vec![pieces(0, 1), pieces(1, 1)];
        later(desk, 3);
    });

    let finding = desk.finds("window_closed").unwrap();

    let sentence = Policy::default_policy().sentence(&finding, Language::Zh);
    assert_eq!(
        sentence.text,
        "“鲜荔枝”于 2026-11-22 12:00 签收，售后时限 48 小时，已于 2026-11-24 12:00 截止。"
    );
}

#[test]
fn a_quality_problem_of_made_to_order_goods_is_not_bound_by_the_clause() {
    let desk = Desk::with(|desk| {
        desk.sells(MadeToOrder);
        desk.accepts_clause();
        desk.asks(ReturnAndRefund, "quality_defect");
        desk.kinds = vec![EvidenceKind::Video];
    });

    assert!(desk.judge(&Policy::default_policy()).is_justified());
}

#[test]
fn a_made_to_order_item_without_the_clause_follows_the_ordinary_rules() {
    let desk = Desk::with(|desk| desk.sells(MadeToOrder));

    assert!(desk.judge(&Policy::default_policy()).is_justified());
}

#[test]
fn a_cancellation_of_an_order_not_sent_may_be_submitted_without_naming_items() {
    let desk = Desk::with(|desk| {
        unshipped(desk, Cancellation, "cancel_wrong_order");
        desk.application.items.clear();
        desk.entitled = yuan(21_000);
    });

    assert!(desk.judge(&Policy::default_policy()).is_justified());
}

#[test]
fn return_freight_is_granted_up_to_the_limit_where_the_seller_is_at_fault() {
    let desk = Desk::with(|desk| {
        desk.asks(ReturnAndRefund, "quality_defect");
        desk.kinds = vec![EvidenceKind::Photo];
        desk.application.declared.return_freight = Some(yuan(2_500));
    });

    assert!(desk.judge(&Policy::default_policy()).is_justified());
}

#[test]
fn a_claim_for_the_delivery_fee_does_not_wait_for_another_case() {
    let desk = Desk::with(|desk| {
        desk.asks(ShippingFee, "freight_overcharged");
        desk.remembers(2, 9, true);
    });

    assert!(desk.judge(&Policy::default_policy()).is_justified());
}
