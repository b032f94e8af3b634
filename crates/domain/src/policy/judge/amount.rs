//! F2, F3, F4, Q2: how much, by which channel, to what account, at what fee.

use super::{Judge, amount, text};
use crate::{
    application::{CaseType, Fault},
    facts::Account,
    money::Money,
    policy::catalogue::Code,
};

impl Judge<'_> {
    /// F2 (退款失败原因 2): at most what the working allows, 105 % of what was paid, and what is
    /// left of the year; what cannot go the original route is split off.
    pub(super) fn check_amount(&mut self) {
        if !self.refunds_money() || !self.amount_is_stated() {
            return;
        }
        let question = self.question;
        let (requested, entitled) = (self.requested, question.entitled);
        if requested.exceeds(entitled) {
            let facts = [amount("requested", requested), amount("entitled", entitled)];
            self.find(Code::AmountAboveEntitled, facts);
        }
        self.check_percent();
        self.check_year();
        let original_left = question.original_left;
        if let Ok(rest) = requested.minus_at_most(original_left)
            && !rest.is_zero()
        {
            let facts = [
                amount("requested", requested),
                amount("original_left", original_left),
                amount("rest", rest),
            ];
            self.find(Code::DesignatedAccount, facts);
        }
    }

    fn amount_is_stated(&mut self) -> bool {
        let question = self.question;
        let currency = question.facts.currency;
        if self.requested.currency() != currency {
            let facts = [amount("requested", self.requested), text("currency", currency.as_str())];
            self.find(Code::AmountCurrency, facts);
            return false;
        }
        let asks_nothing = question.application.amount.is_some_and(Money::is_zero);
        let names_nothing = question.application.amount.is_none();
        if asks_nothing || (names_nothing && self.case_type() == CaseType::PriceDifference) {
            self.find(Code::AmountNeeded, []);
            return false;
        }
        // Freight never paid is S1's to say, unknown items are S2's.
        let said_elsewhere =
            self.case_type() == CaseType::ShippingFee || self.lines().next().is_none();
        if question.entitled.is_zero() {
            if !said_elsewhere {
                let paid = self.paid.unwrap_or(Money::zero(currency));
                self.find(Code::NothingLeft, [amount("paid", paid)]);
            }
            return false;
        }
        true
    }

    fn check_percent(&mut self) {
        let Some(paid) = self.paid else { return };
        let percent = i64::from(self.policy.limits.refund_percent);
        let Ok(limit) = paid.share(percent, 100) else { return };
        if self.requested.exceeds(limit) {
            let facts =
                [amount("requested", self.requested), amount("paid", paid), amount("limit", limit)];
            self.find(Code::AmountAbovePercent, facts);
        }
    }

    /// Amounts of another currency than the limit's are not counted against it.
    fn check_year(&mut self) {
        let refunded = self.question.standing.refunded_this_year;
        let Ok(left) = self.policy.limits.yearly.minus_at_most(refunded) else { return };
        if self.requested.exceeds(left) {
            let facts = [
                amount("requested", self.requested),
                amount("refunded_this_year", refunded),
                amount("left", left),
            ];
            self.find(Code::AmountAboveYear, facts);
        }
    }

    /// F3 (退款失败原因 3) and F4 (退款失败原因 4): credit cards are confirmed with the bank, third
    /// parties need the platform, and the shop's account must be in order.
    pub(super) fn check_channels(&mut self) {
        if !self.refunds_money() {
            return;
        }
        let question = self.question;
        if !question.application.declared.route_confirmed
            && let Some(card_amount) = self.paid_from(Account::CreditCard)
        {
            self.find(Code::RouteUnconfirmed, [amount("card_amount", card_amount)]);
        }
        if let Some(third) = self.paid_from(Account::ThirdParty) {
            self.find(Code::ThirdPartyRoute, [amount("third_party_amount", third)]);
        }
        if !question.shop.account_verified {
            self.find(Code::ShopAccountIncomplete, []);
        }
    }

    fn paid_from(&self, account: Account) -> Option<Money> {
        let tenders = self.question.facts.tenders.iter();
        let mut amounts = tenders.filter(|tender| tender.account == account).peekable();
        amounts.peek()?;
        let currency = self.question.facts.currency;
        Money::sum(currency, amounts.map(|tender| tender.amount)).ok()
    }

    /// Q2: the platform's fee, which the merchant bears where the seller is at fault.
    pub(super) fn check_fee(&mut self) {
        let Some(fault) = self.fault().filter(|_| self.refunds_money()) else { return };
        match fault {
            Fault::Seller => {
                let rate = i64::from(self.policy.money.fee_basis_points);
                let fee = self.requested.share(rate, 10_000);
                let fee = fee.unwrap_or(Money::zero(self.requested.currency()));
                self.find(Code::FeeCharged, [amount("fee", fee)]);
            }
            Fault::Carrier | Fault::Buyer => self.find(Code::FeeFree, []),
        }
    }
}
