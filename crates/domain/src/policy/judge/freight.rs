//! S1, F9: the delivery fee, return freight, and the carrier's trace.

use super::{Judge, amount};
use crate::{
    application::{CaseType, Fault},
    money::Money,
    policy::catalogue::Code,
};

impl Judge<'_> {
    /// F9 (退款失败原因 9): goods on their way back need a full trace.
    pub(super) fn check_tracking(&mut self) {
        if self.case_type().returns_goods() {
            self.find(Code::ReturnNeedsTracking, []);
        }
    }

    /// S1 (特殊场景 ①): limited to the freight paid, with the reason in words, plus return
    /// freight where the seller is at fault.
    pub(super) fn check_freight(&mut self) {
        let application = self.question.application;
        let claimed = application.declared.return_freight.filter(|claimed| !claimed.is_zero());
        if self.case_type() == CaseType::ShippingFee {
            let freight = self.question.facts.freight;
            if freight.is_zero() && claimed.is_none() {
                self.find(Code::FreightNotPaid, []);
            } else {
                self.find(Code::FreightLimited, [amount("freight", freight)]);
            }
            if application.description.trim().is_empty() {
                self.find(Code::FreightReasonMissing, []);
            }
        }
        if let Some(claimed) = claimed {
            self.check_return_freight(claimed);
        }
    }

    fn check_return_freight(&mut self, claimed: Money) {
        let Some(fault) = self.fault() else { return };
        let goes_back = match self.case_type() {
            CaseType::ReturnAndRefund | CaseType::Exchange | CaseType::ShippingFee => true,
            CaseType::RefundOnly | CaseType::PriceDifference | CaseType::Cancellation => false,
        };
        let limit = self.policy.money.return_freight_claim;
        if fault != Fault::Seller || !goes_back {
            self.find(Code::ReturnFreightNotDue, [amount("claimed", claimed)]);
        } else if claimed.minus_at_most(limit).map_or(true, |above| !above.is_zero()) {
            self.find(Code::ReturnFreightAbove, [amount("claimed", claimed)]);
        }
    }
}
