//! What stands in a template while it is only looked at: the shop's own name, address and
//! channels, and a case that does not exist.

use super::{
    fill::{ShopSays, Values},
    variable::Variable,
};
use crate::pages::text::Texts;
use domain::{
    moment::{Moment, Span},
    policy::time_in_china,
};

/// A case that does not exist, in a language.
#[must_use]
pub fn values(shop: &ShopSays, now: Moment, texts: Texts) -> Values {
    let mut values = shop.values();
    let deadline = time_in_china(now.after(Span::hours(48)));
    let said = |key: &str| texts.t(&format!("reply-sample-{key}"));
    let amount = || "¥128.00".to_owned();
    values.extend([
        (Variable::Order, "3712345678901234567".to_owned()),
        (Variable::Case, "019ac0de-0000-7000-8000-000000000001".to_owned()),
        (Variable::Type, texts.word_of("case-type", "return_and_refund")),
        (Variable::Reason, said("reason")),
        (Variable::Goods, said("goods")),
        (Variable::Asked, amount()),
        (Variable::Offered, "¥60.00".to_owned()),
        (Variable::Approved, amount()),
        (Variable::Refund, amount()),
        (Variable::Arrival, texts.t("expected-balance")),
        (Variable::Deadline, texts.t1("reply-deadline", "time", deadline)),
        (Variable::Evidence, said("evidence")),
        (Variable::Remark, said("remark")),
        (Variable::Waybill, "SF1234567890123".to_owned()),
        (Variable::Replacement, "YT9876543210987".to_owned()),
    ]);
    values
}
