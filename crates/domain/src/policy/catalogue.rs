//! Every finding the policy can make: its clause, its verdict, its facts and its remedy. The
//! document gives each its sentences and may change a verdict only within what is listed here.

use crate::finding::{
    Remedy,
    Verdict::{self, Blocks, Doubts, Notes, Supports},
};

/// A finding by name; the order is that of [`FINDINGS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(crate) enum Code {
    OrderUnpaid,
    OrderCancelled,
    OrderNotShipped,
    OrderAlreadyShipped,
    AmountCurrency,
    AmountNeeded,
    NothingLeft,
    AmountAboveEntitled,
    AmountAbovePercent,
    AmountAboveYear,
    DesignatedAccount,
    RouteUnconfirmed,
    ThirdPartyRoute,
    ShopAccountIncomplete,
    OpenedUnproven,
    OpenedReduced,
    OpenedProven,
    WindowOpen,
    WindowNotStarted,
    WindowClosed,
    NoSevenDayRight,
    RiskRestricted,
    RiskLifted,
    ReturnNeedsTracking,
    FreightNotPaid,
    FreightReasonMissing,
    FreightLimited,
    ReturnFreightNotDue,
    ReturnFreightAbove,
    NoItems,
    UnknownItem,
    ItemTwice,
    NoPieces,
    TooManyPieces,
    ItemHasOpenCase,
    TooManyApplications,
    BorderBuyerBears,
    BorderSellerBears,
    SpoilageUnproven,
    QualityReportPresent,
    QualityReportAbsent,
    ClauseAccepted,
    ClauseNotAccepted,
    ClauseInProduction,
    DutyPublished,
    FeeFree,
    FeeCharged,
    VirtualActivated,
    VirtualNotActivated,
    LocalAfterSale,
    ReasonUnknown,
    TypeNotAllowed,
    EvidenceMissing,
    DescriptionMissing,
}

/// One finding of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The clause that speaks.
    pub clause: &'static str,
    /// The stable code.
    pub code: &'static str,
    /// The verdict where the document says nothing; first of what it may say.
    pub verdicts: &'static [Verdict],
    /// The facts it always carries, for its sentence.
    pub facts: &'static [&'static str],
    /// What is offered.
    pub remedy: Option<Remedy>,
}

const fn entry(
    clause: &'static str,
    code: &'static str,
    verdicts: &'static [Verdict],
    facts: &'static [&'static str],
    remedy: Option<Remedy>,
) -> Entry {
    Entry { clause, code, verdicts, facts, remedy }
}

impl Entry {
    /// The verdict where the document says nothing.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.verdicts.first().copied().unwrap_or(Notes)
    }
}

const ALWAYS: &[Verdict] = &[Blocks];
const BLOCKS_OR_DOUBTS: &[Verdict] = &[Blocks, Doubts];
const DOUBTS_OR_ANY: &[Verdict] = &[Doubts, Notes, Blocks];
const NOTES_OR_DOUBTS: &[Verdict] = &[Notes, Doubts];
const SUPPORTS_OR_NOTES: &[Verdict] = &[Supports, Notes];
const ONLY_NOTES: &[Verdict] = &[Notes];

/// Every finding, in the order in which judgements give them.
#[rustfmt::skip]
pub const FINDINGS: &[Entry] = &[
    entry("F1", "order_unpaid", ALWAYS, &["placed_at"], Some(Remedy::NothingPaid)),
    entry("F1", "order_cancelled", ALWAYS, &[], Some(Remedy::ContactShop)),
    entry("F1", "order_not_shipped", ALWAYS, &[], Some(Remedy::CancelOrder)),
    entry("F1", "order_already_shipped", ALWAYS, &[], Some(Remedy::ChooseOtherReason)),
    entry("F2", "amount_currency", ALWAYS, &["requested", "currency"], Some(Remedy::LowerAmount)),
    entry("F2", "amount_needed", ALWAYS, &[], Some(Remedy::LowerAmount)),
    entry("F2", "nothing_left", ALWAYS, &["paid"], Some(Remedy::ContactShop)),
    entry("F2", "amount_above_entitled", ALWAYS, &["requested", "entitled"], Some(Remedy::LowerAmount)),
    entry("F2", "amount_above_percent", ALWAYS, &["requested", "paid", "limit"], Some(Remedy::LowerAmount)),
    entry("F2", "amount_above_year", ALWAYS, &["requested", "refunded_this_year", "left"], Some(Remedy::LowerAmount)),
    entry("F2", "designated_account", ONLY_NOTES, &["requested", "original_left", "rest"], Some(Remedy::UseDesignatedAccount)),
    entry("F3", "route_unconfirmed", &[Blocks, Doubts, Notes], &["card_amount"], Some(Remedy::ConfirmRoute)),
    entry("F3", "third_party_route", NOTES_OR_DOUBTS, &["third_party_amount"], Some(Remedy::AwaitPlatformApproval)),
    entry("F4", "shop_account_incomplete", ONLY_NOTES, &[], Some(Remedy::CompleteShopAccount)),
    entry("F5", "opened_unproven", DOUBTS_OR_ANY, &[], Some(Remedy::ProveNoUse)),
    entry("F5", "opened_reduced", ONLY_NOTES, &[], Some(Remedy::NegotiateAmount)),
    entry("F5", "opened_proven", SUPPORTS_OR_NOTES, &["files"], None),
    entry("F6", "window_open", SUPPORTS_OR_NOTES, &["item", "signed_at", "window_hours", "closes_at"], None),
    entry("F6", "window_not_started", SUPPORTS_OR_NOTES, &["item", "window_hours"], None),
    entry("F6", "window_closed", BLOCKS_OR_DOUBTS, &["item", "signed_at", "window_hours", "closes_at"], Some(Remedy::ChooseOtherReason)),
    entry("F6", "no_seven_day_right", DOUBTS_OR_ANY, &["item"], Some(Remedy::NegotiateAmount)),
    entry("F7", "risk_restricted", BLOCKS_OR_DOUBTS, &["cases"], Some(Remedy::Appeal)),
    entry("F7", "risk_lifted", ONLY_NOTES, &["cases", "lifted_until"], None),
    entry("F9", "return_needs_tracking", ONLY_NOTES, &[], Some(Remedy::AddLogistics)),
    entry("S1", "freight_not_paid", ALWAYS, &[], Some(Remedy::ChooseOtherReason)),
    entry("S1", "freight_reason_missing", BLOCKS_OR_DOUBTS, &[], Some(Remedy::AddEvidence)),
    entry("S1", "freight_limited", ONLY_NOTES, &["freight"], None),
    entry("S1", "return_freight_not_due", ALWAYS, &["claimed"], Some(Remedy::LowerAmount)),
    entry("S1", "return_freight_above", ALWAYS, &["claimed"], Some(Remedy::LowerAmount)),
    entry("S2", "no_items", ALWAYS, &[], Some(Remedy::ChooseOtherItems)),
    entry("S2", "unknown_item", ALWAYS, &["item_id"], Some(Remedy::ChooseOtherItems)),
    entry("S2", "item_twice", ALWAYS, &["item"], Some(Remedy::ChooseOtherItems)),
    entry("S2", "no_pieces", ALWAYS, &["item"], Some(Remedy::ChooseOtherItems)),
    entry("S2", "too_many_pieces", ALWAYS, &["item", "asked", "left"], Some(Remedy::ChooseOtherItems)),
    entry("S2", "item_has_open_case", ALWAYS, &["item"], Some(Remedy::ChooseOtherItems)),
    entry("S2", "too_many_applications", BLOCKS_OR_DOUBTS, &["item", "applications"], Some(Remedy::ContactShop)),
    entry("S3", "border_buyer_bears", ONLY_NOTES, &["duty", "return_freight"], None),
    entry("S3", "border_seller_bears", ONLY_NOTES, &["duty"], None),
    entry("K1", "spoilage_unproven", BLOCKS_OR_DOUBTS, &["item"], Some(Remedy::AddEvidence)),
    entry("K1", "quality_report_present", ONLY_NOTES, &["shipped_at"], None),
    entry("K1", "quality_report_absent", SUPPORTS_OR_NOTES, &[], None),
    entry("K2", "clause_accepted", BLOCKS_OR_DOUBTS, &["item", "accepted_at"], Some(Remedy::ChooseOtherReason)),
    entry("K2", "clause_not_accepted", SUPPORTS_OR_NOTES, &["item"], None),
    entry("K2", "clause_in_production", DOUBTS_OR_ANY, &["item", "accepted_at"], Some(Remedy::NegotiateAmount)),
    entry("K3", "duty_published", ONLY_NOTES, &["duty"], None),
    entry("Q2", "fee_free", ONLY_NOTES, &[], None),
    entry("Q2", "fee_charged", ONLY_NOTES, &["fee"], None),
    entry("Q3", "virtual_activated", BLOCKS_OR_DOUBTS, &["item", "activated_at"], Some(Remedy::ContactShop)),
    entry("Q3", "virtual_not_activated", DOUBTS_OR_ANY, &["item"], Some(Remedy::NegotiateAmount)),
    entry("Q4", "local_after_sale", ONLY_NOTES, &[], Some(Remedy::ContactShop)),
    entry("B2", "reason_unknown", ALWAYS, &["reason"], Some(Remedy::ChooseOtherReason)),
    entry("B2", "type_not_allowed", ALWAYS, &["reason", "case_type"], Some(Remedy::ChooseOtherReason)),
    entry("B3", "evidence_missing", BLOCKS_OR_DOUBTS, &["kinds", "needed", "given"], Some(Remedy::AddEvidence)),
    entry("B3", "description_missing", BLOCKS_OR_DOUBTS, &["reason"], Some(Remedy::AddEvidence)),
];

const _: () = assert!(
    FINDINGS.len() == Code::DescriptionMissing as usize + 1,
    "the catalogue names every finding once"
);

/// Clauses that judge nothing here but answer on the help page and bind other parts (F8, B4, C4,
/// Q1, Q5).
pub(crate) const CLAUSES_WITHOUT_FINDINGS: &[&str] = &["F8", "B4", "C4", "Q1", "Q5"];
