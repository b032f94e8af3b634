//! K1, K2, Q3: fresh food, goods made to order, virtual goods.

use super::{Judge, item, moment};
use crate::{
    application::{CaseType, Fault},
    facts::{Category, Item},
    policy::{catalogue::Code, reason::EvidenceKind},
};

impl Judge<'_> {
    /// K1 (案例 1): the quality report at dispatch beside the evidence of spoilage at signing.
    pub(super) fn check_fresh(&mut self) {
        let Some(line) = self.spoiled_line() else { return };
        if !self.shows_spoilage() {
            self.find(Code::SpoilageUnproven, [item(line)]);
        }
        let shipments = &self.question.facts.shipments;
        match shipments.iter().find(|shipment| shipment.quality_report.is_some()) {
            Some(shipment) => {
                let shipped_at = moment("shipped_at", shipment.shipped_at);
                self.find(Code::QualityReportPresent, [shipped_at]);
            }
            None => self.find(Code::QualityReportAbsent, []),
        }
    }

    /// The fresh goods said to be spoiled.
    pub(super) fn spoiled_line(&self) -> Option<&Item> {
        if !self.reason.is_some_and(|reason| reason.spoilage) {
            return None;
        }
        self.line_of(Category::Fresh).map(|line| line.item)
    }

    /// Whether a picture or video is attached.
    pub(super) fn shows_spoilage(&self) -> bool {
        self.question
            .evidence_kinds
            .iter()
            .any(|kind| matches!(kind, EvidenceKind::Photo | EvidenceKind::Video))
    }

    /// K2 (案例 2; 消费者权益保护法 art. 25): goods made to order are not taken back without a
    /// reason where the buyer accepted that clause before buying. Where the merchant did not show
    /// it, the ordinary rules hold.
    pub(super) fn check_made_to_order(&mut self) {
        let bound =
            |item: &Item| item.category == Category::MadeToOrder && !item.has_seven_day_right();
        let cancels = self.case_type() == CaseType::Cancellation;
        let mut lines = self.lines().filter(|line| bound(line.item));
        if cancels {
            let accepted = lines.find_map(|line| Some((line, line.item.clause_accepted.as_ref()?)));
            if let Some((line, clause)) = accepted {
                let facts = [item(line.item), moment("accepted_at", clause.accepted_at)];
                self.find(Code::ClauseInProduction, facts);
            }
            return;
        }
        if !self.is_no_reason() {
            return;
        }
        for line in lines {
            match &line.item.clause_accepted {
                Some(clause) => {
                    let facts = [item(line.item), moment("accepted_at", clause.accepted_at)];
                    self.find(Code::ClauseAccepted, facts);
                }
                None => self.find(Code::ClauseNotAccepted, [item(line.item)]),
            }
        }
    }

    /// Q3: virtual goods once activated are not taken back; before that by agreement, unless the
    /// seller is at fault.
    pub(super) fn check_virtual(&mut self) {
        let goods = self.lines().filter(|line| line.item.category == Category::Virtual);
        let by_agreement = self.fault() == Some(Fault::Buyer)
            && self.case_type() != CaseType::Cancellation
            && self.case_type() != CaseType::ShippingFee;
        for line in goods {
            match line.item.activated_at {
                Some(activated_at) => {
                    let facts = [item(line.item), moment("activated_at", activated_at)];
                    self.find(Code::VirtualActivated, facts);
                }
                None if by_agreement => self.find(Code::VirtualNotActivated, [item(line.item)]),
                None => {}
            }
        }
    }
}
