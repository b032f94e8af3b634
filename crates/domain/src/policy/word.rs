//! The words of a policy document for the domain's own enums.

use crate::{
    application::{CaseType, Fault},
    facts::Category,
    finding::{Remedy, Verdict},
    policy::{
        document::Placed,
        mistake::{Mistakes, Problem},
        reason::EvidenceKind,
    },
};

/// An enum that documents write as a word.
pub(crate) trait Word: Copy + PartialEq + 'static {
    /// Every word and what it means.
    const WORDS: &'static [(&'static str, Self)];

    /// The word for it.
    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, value)| *value == self).map_or("", |(word, _)| word)
    }
}

/// Reads a word; writes down what would have been allowed.
pub(crate) fn read<W: Word>(placed: &Placed, mistakes: &mut Mistakes<'_>) -> Option<W> {
    let found = W::WORDS.iter().find(|(word, _)| *word == placed.text).map(|(_, value)| *value);
    if found.is_none() {
        let words: Vec<&str> = W::WORDS.iter().map(|(word, _)| *word).collect();
        let problem = Problem::NotOneOf(words.join(", "));
        mistakes.add(placed.at.clone(), placed.key.as_str(), &problem);
    }
    found
}

impl Word for CaseType {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("refund_only", Self::RefundOnly),
        ("return_and_refund", Self::ReturnAndRefund),
        ("exchange", Self::Exchange),
        ("shipping_fee", Self::ShippingFee),
        ("price_difference", Self::PriceDifference),
        ("cancellation", Self::Cancellation),
    ];
}

impl Word for Fault {
    const WORDS: &'static [(&'static str, Self)] =
        &[("seller", Self::Seller), ("carrier", Self::Carrier), ("buyer", Self::Buyer)];
}

impl Word for Category {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("ordinary", Self::Ordinary),
        ("fresh", Self::Fresh),
        ("made_to_order", Self::MadeToOrder),
        ("virtual", Self::Virtual),
        ("cross_border", Self::CrossBorder),
    ];
}

impl Word for EvidenceKind {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("photo", Self::Photo),
        ("video", Self::Video),
        ("document", Self::Document),
        ("logistics_screenshot", Self::LogisticsScreenshot),
    ];
}

impl Word for Verdict {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("supports", Self::Supports),
        ("notes", Self::Notes),
        ("doubts", Self::Doubts),
        ("blocks", Self::Blocks),
    ];
}

impl Word for Remedy {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("cancel_order", Self::CancelOrder),
        ("nothing_paid", Self::NothingPaid),
        ("lower_amount", Self::LowerAmount),
        ("use_designated_account", Self::UseDesignatedAccount),
        ("confirm_route", Self::ConfirmRoute),
        ("await_platform_approval", Self::AwaitPlatformApproval),
        ("complete_shop_account", Self::CompleteShopAccount),
        ("prove_no_use", Self::ProveNoUse),
        ("negotiate_amount", Self::NegotiateAmount),
        ("choose_other_reason", Self::ChooseOtherReason),
        ("appeal", Self::Appeal),
        ("open_ticket", Self::OpenTicket),
        ("add_logistics", Self::AddLogistics),
        ("add_evidence", Self::AddEvidence),
        ("choose_other_items", Self::ChooseOtherItems),
        ("contact_shop", Self::ContactShop),
    ];
}
