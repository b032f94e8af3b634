//! S2: do the items asked for exist, and are so many pieces still there to ask for?

use super::{Judge, Line, count, item, text};
use crate::{
    application::{CaseType, Pieces},
    policy::catalogue::Code,
};

/// The most items that are named one by one; more would hide what matters.
const ITEMS_NAMED_MAX: usize = 10;

impl Judge<'_> {
    /// S2 (特殊场景 ②): some items, some pieces, never more than are left, one open case an item.
    pub(super) fn check_items(&mut self) {
        let asked = &self.question.application.items;
        if asked.is_empty() {
            match self.case_type() {
                CaseType::ShippingFee => {}
                CaseType::Cancellation => self.check_whole_order(),
                CaseType::RefundOnly
                | CaseType::ReturnAndRefund
                | CaseType::Exchange
                | CaseType::PriceDifference => self.find(Code::NoItems, []),
            }
            return;
        }
        let most = self.question.facts.items.len().saturating_add(1);
        let mut named = 0;
        for (index, pieces) in asked.iter().take(most).enumerate() {
            if named == ITEMS_NAMED_MAX {
                return;
            }
            let twice = asked.iter().take(index).any(|other| other.item_id == pieces.item_id);
            if !self.piece_fits(pieces, twice) {
                named += 1;
            }
        }
    }

    fn check_whole_order(&mut self) {
        let open = self
            .lines()
            .find(|line| self.history(&line.item.item_id).is_some_and(|history| history.open_case));
        if let Some(line) = open {
            self.find(Code::ItemHasOpenCase, [item(line.item)]);
        }
    }

    /// Names the first thing that is wrong with one entry.
    fn piece_fits(&mut self, pieces: &Pieces, twice: bool) -> bool {
        let Some(found) = self.question.facts.item(&pieces.item_id) else {
            self.find(Code::UnknownItem, [text("item_id", pieces.item_id.as_str())]);
            return false;
        };
        let line = Line { item: found, quantity: pieces.quantity };
        if twice {
            self.find(Code::ItemTwice, [item(found)]);
        } else if line.quantity == 0 {
            self.find(Code::NoPieces, [item(found)]);
        } else {
            return self.line_is_free(line);
        }
        false
    }

    fn line_is_free(&mut self, line: Line<'_>) -> bool {
        let history = self.history(&line.item.item_id);
        // A claim for the delivery fee alone stands in nobody's way, and nothing in its.
        let goods = self.case_type() != CaseType::ShippingFee;
        let settled = history.map_or(0, |history| history.pieces_settled);
        let gone = if self.case_type().settles_pieces() { settled } else { 0 };
        let left = line.item.quantity.saturating_sub(gone);
        let applications = history.map_or(0, |history| history.applications);
        if goods && history.is_some_and(|history| history.open_case) {
            self.find(Code::ItemHasOpenCase, [item(line.item)]);
        } else if line.quantity > left {
            let facts = [item(line.item), count("asked", line.quantity), count("left", left)];
            self.find(Code::TooManyPieces, facts);
        } else if goods && applications >= self.policy.limits.applications_per_item {
            let facts = [item(line.item), count("applications", applications)];
            self.find(Code::TooManyApplications, facts);
        } else {
            return true;
        }
        false
    }
}
