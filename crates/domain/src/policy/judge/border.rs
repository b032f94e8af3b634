//! S3, K3, Q4: goods from abroad: who bears duty and return freight, and service at home.

use super::{Judge, amount};
use crate::{
    application::{CaseType, Fault},
    facts::Category,
    money::Money,
    policy::catalogue::Code,
};

impl Judge<'_> {
    /// S3 (特殊场景 ③): tax, duty and return freight, shown before the buyer submits.
    pub(super) fn check_border(&mut self) {
        let concerned = match self.case_type() {
            CaseType::RefundOnly | CaseType::ReturnAndRefund | CaseType::Exchange => true,
            CaseType::ShippingFee | CaseType::PriceDifference | CaseType::Cancellation => false,
        };
        if !concerned || self.line_of(Category::CrossBorder).is_none() {
            return;
        }
        let Some(fault) = self.fault() else { return };
        let duty = amount("duty", self.duty());
        match fault {
            Fault::Buyer => {
                let freight = if self.case_type().returns_goods() {
                    self.policy.money.cross_border_return_freight
                } else {
                    Money::zero(self.question.facts.currency)
                };
                self.find(Code::BorderBuyerBears, [duty, amount("return_freight", freight)]);
            }
            Fault::Seller | Fault::Carrier => self.find(Code::BorderSellerBears, [duty]),
        }
    }

    /// K3 (案例 3): who bears the duty was published with the import process.
    pub(super) fn check_duty(&mut self) {
        let duty = self.duty();
        if !duty.is_zero() && self.case_type() != CaseType::Cancellation {
            self.find(Code::DutyPublished, [amount("duty", duty)]);
        }
    }

    /// Q4: some goods are repaired or taken back at home.
    pub(super) fn check_local_service(&mut self) {
        if self.case_type().returns_goods() && self.line_of(Category::CrossBorder).is_some() {
            self.find(Code::LocalAfterSale, []);
        }
    }

    /// Tax and duty paid for the whole of the lines concerned.
    fn duty(&self) -> Money {
        let currency = self.question.facts.currency;
        let abroad = self.lines().filter(|line| line.item.category == Category::CrossBorder);
        let duties = abroad.filter_map(|line| line.item.duty);
        Money::sum(currency, duties).unwrap_or(Money::zero(currency))
    }
}
