//! F5, F7: what the buyer did with the goods, and how often the buyer asks.

use super::{Judge, count, moment};
use crate::{
    application::{CaseType, Fault},
    policy::catalogue::Code,
};

impl Judge<'_> {
    /// F5 (退款失败原因 5): goods opened so that they cannot be sold again, without the seller's
    /// fault: proof of no use, or a reduced refund by agreement.
    pub(super) fn check_opened(&mut self) {
        let declared = &self.question.application.declared;
        let concerns_goods = match self.case_type() {
            CaseType::RefundOnly | CaseType::ReturnAndRefund | CaseType::Exchange => true,
            CaseType::ShippingFee | CaseType::PriceDifference | CaseType::Cancellation => false,
        };
        let opened = declared.opened == Some(true);
        if !opened || !concerns_goods || self.fault() != Some(Fault::Buyer) {
            return;
        }
        let files = declared.proof_of_no_use.len();
        if files > 0 {
            let files = i64::try_from(files).unwrap_or(i64::MAX);
            self.find(Code::OpenedProven, [count("files", files)]);
        } else {
            self.find(Code::OpenedUnproven, []);
            self.find(Code::OpenedReduced, []);
        }
    }

    /// F7 (退款失败原因 7): many cases in the window of days start the risk control, until a
    /// reviewer lifts it.
    pub(super) fn check_risk(&mut self) {
        let standing = self.question.standing;
        if standing.cases_in_window < self.policy.limits.risk_cases {
            return;
        }
        let cases = count("cases", standing.cases_in_window);
        let lifted = standing.restriction_lifted_until.filter(|until| *until >= self.question.at);
        match lifted {
            Some(until) => self.find(Code::RiskLifted, [cases, moment("lifted_until", until)]),
            None => self.find(Code::RiskRestricted, [cases]),
        }
    }
}
