//! A template filled with what a case says. Values are plain text and are not read for braces
//! again, so nothing that a buyer writes can name anything.

use super::variable::{Piece, Variable, pieces};
use crate::{
    bulletin::{Contacts, Shipping},
    pages::{parts::refunds, text::Texts},
};
use domain::{
    actor::Side,
    case::Case,
    facts::Facts,
    money::Money,
    policy::{Language, Policy, money, time_in_china},
};
use std::collections::BTreeMap;

/// What a case says, by what names it.
pub type Values = BTreeMap<Variable, String>;

/// All that values come from.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// The case.
    pub case: &'a Case,
    /// Its order's facts.
    pub facts: &'a Facts,
    /// The policy that judges it.
    pub policy: &'a Policy,
    /// What the shop tells every buyer.
    pub shop: &'a ShopSays,
}

/// What a shop tells every buyer.
#[derive(Clone, Debug, Default)]
pub struct ShopSays {
    /// What it is called.
    pub name: String,
    /// How it is reached.
    pub contacts: Contacts,
    /// Where goods go back.
    pub shipping: Shipping,
}

impl ShopSays {
    /// What of it a template may name.
    #[must_use]
    pub fn values(&self) -> Values {
        let mut values = Values::new();
        let address = self.shipping.return_address.clone();
        put(&mut values, Variable::Address, Some(address));
        put(&mut values, Variable::Shop, Some(self.name.clone()));
        put(&mut values, Variable::Hotline, Some(self.contacts.hotline.clone()));
        put(&mut values, Variable::Hours, Some(self.contacts.hours.clone()));
        put(&mut values, Variable::Service, Some(self.contacts.service_url.clone()));
        values
    }
}

/// What a case says, in a language.
#[must_use]
pub fn values(ground: Ground<'_>, texts: Texts) -> Values {
    let Ground { case, facts, policy, shop } = ground;
    let mut values = shop.values();
    let reason = policy.reason(&case.application.reason);
    let kind = crate::pages::page::name_of(&case.application.case_type);
    let refunds = refunds::of_case(case, facts, texts);
    let zone = |deadline: domain::case::Deadline| {
        texts.t1("reply-deadline", "time", time_in_china(deadline.due_at))
    };
    let named = [
        (Variable::Order, Some(facts.order_id.to_string())),
        (Variable::Case, Some(case.case_id.to_string())),
        (Variable::Type, Some(texts.word_of("case-type", &kind))),
        (Variable::Reason, reason.map(|reason| reason.name(texts.0).to_owned())),
        (Variable::Goods, goods(case, facts, texts)),
        (Variable::Asked, Some(money(case.asked()))),
        (Variable::Offered, case.offer.as_ref().map(|offer| money(offer.terms.amount))),
        (Variable::Approved, case.approved.as_ref().map(|terms| money(terms.amount))),
        (Variable::Refund, refunded(case, facts)),
        (Variable::Arrival, refunds.into_iter().find_map(|refund| refund.expected)),
        (Variable::Deadline, case.deadline.map(zone)),
        (Variable::Evidence, case.evidence_request.clone()),
        (Variable::Remark, case.remark.clone()),
        (Variable::Waybill, case.returned.as_ref().map(|parcel| parcel.waybill.clone())),
        (Variable::Replacement, case.replacement.as_ref().map(|parcel| parcel.waybill.clone())),
    ];
    for (variable, value) in named {
        put(&mut values, variable, value);
    }
    values
}

/// What is blank is no value.
fn put(values: &mut Values, variable: Variable, value: Option<String>) {
    let value = value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
    if let Some(value) = value {
        values.insert(variable, value);
    }
}

/// The first of the goods, and how many more.
fn goods(case: &Case, facts: &Facts, texts: Texts) -> Option<String> {
    let pieces = &case.application.items;
    let asked = |item: &&domain::facts::Item| {
        pieces.is_empty() || pieces.iter().any(|piece| piece.item_id == item.item_id)
    };
    let mut items = facts.items.iter().filter(asked);
    let first = items.next()?;
    let count = items.count().saturating_add(1);
    if count == 1 {
        return Some(first.title.clone());
    }
    Some(texts.t2("reply-goods", ("title", &first.title), ("n", &count)))
}

/// What goes back, or has gone.
fn refunded(case: &Case, facts: &Facts) -> Option<String> {
    let counted = case.refunds.iter().filter(|refund| refund.state.counts());
    let sum = Money::sum(facts.currency, counted.map(|refund| refund.amount)).ok()?;
    (!sum.is_zero()).then(|| money(sum))
}

/// A template filled for a person to look over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The text; where there is no value, a mark that cannot be overlooked.
    pub text: String,
    /// What has no value.
    pub missing: Vec<Variable>,
}

/// Fills a template for a person, who sees what has no value.
#[must_use]
pub fn filled(text: &str, values: &Values, texts: Texts) -> Filled {
    let mut missing = Vec::new();
    let mut out = String::new();
    for piece in pieces(text).unwrap_or_else(|_| vec![Piece::Words(text.to_owned())]) {
        match piece {
            Piece::Words(words) => out.push_str(&words),
            Piece::Named(variable) => match values.get(&variable) {
                Some(value) => out.push_str(value),
                None => {
                    out.push_str(&mark(variable, texts));
                    if !missing.contains(&variable) {
                        missing.push(variable);
                    }
                }
            },
        }
    }
    Filled { text: out, missing }
}

/// What stands where there is no value: `【请填写：退货地址】`.
fn mark(variable: Variable, texts: Texts) -> String {
    texts.t1("reply-blank", "name", variable.name(texts.0))
}

/// The first name in a text that a buyer would read as it stands, or as a mark.
#[must_use]
pub fn blank_left(text: &str) -> Option<Variable> {
    let named = pieces(text).unwrap_or_default().into_iter().find_map(|piece| match piece {
        Piece::Named(variable) => Some(variable),
        Piece::Words(_) => None,
    });
    let marked = || {
        Variable::ALL.into_iter().find(|variable| {
            [Language::Zh, Language::En]
                .iter()
                .any(|language| text.contains(&mark(*variable, Texts(*language))))
        })
    };
    named.or_else(marked)
}

/// Fills a template that nobody looks over: a line that names what has no value is left out.
/// Nothing if nothing is left.
#[must_use]
pub fn filled_alone(text: &str, values: &Values, texts: Texts) -> Option<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = filled(line.trim_end(), values, texts);
        let twice_blank = line.text.is_empty() && lines.last().is_none_or(String::is_empty);
        if line.missing.is_empty() && !twice_blank {
            lines.push(line.text);
        }
    }
    let whole = lines.join("\n").trim().to_owned();
    (!whole.is_empty()).then_some(whole)
}

/// The language a buyer writes in; Chinese where the buyer wrote nothing.
#[must_use]
pub fn language_of(case: &Case) -> Language {
    let said = case.messages.iter().filter(|message| message.side == Side::Buyer);
    let words = said.map(|message| message.text.as_str());
    let words: Vec<&str> =
        std::iter::once(case.application.description.as_str()).chain(words).collect();
    let any = |is: fn(char) -> bool| words.iter().any(|text| text.chars().any(is));
    let chinese = any(|c| ('\u{3400}'..='\u{9fff}').contains(&c));
    if !chinese && any(|c| c.is_ascii_alphabetic()) { Language::En } else { Language::Zh }
}

#[cfg(test)]
mod tests {
    use super::{Values, blank_left, filled, filled_alone};
    use crate::{pages::text::Texts, replies::variable::Variable};
    use domain::policy::Language;

    const ZH: Texts = Texts(Language::Zh);

    fn values() -> Values {
        let order = "{商品} <b>".to_owned();
        Values::from([(Variable::Order, order), (Variable::Shop, "茶铺".to_owned())])
    }

    #[test]
    fn a_value_is_not_read_for_names_again() {
        let filled = filled("单号 {order}，{店铺名}", &values(), ZH);
        assert_eq!(filled.text, "单号 {商品} <b>，茶铺");
        assert!(filled.missing.is_empty());
    }

    #[test]
    fn what_has_no_value_is_shown_and_cannot_be_sent() {
        let filled = filled("寄到 {退货地址}", &values(), ZH);
        assert_eq!(filled.text, "寄到 【请填写：退货地址】");
        assert_eq!(filled.missing, [Variable::Address]);
        assert_eq!(blank_left(&filled.text), Some(Variable::Address));
        assert_eq!(blank_left("call {hotline}"), Some(Variable::Hotline));
        assert_eq!(blank_left("{ 你好 }，明天到"), None);
    }

    #[test]
    fn alone_a_line_without_its_value_is_left_out() {
        let text = "您好，{店铺名}已收到。\n\n客服电话：{客服电话}\n\n谢谢！";
        assert_eq!(filled_alone(text, &values(), ZH).unwrap(), "您好，茶铺已收到。\n\n谢谢！");
        assert_eq!(filled_alone("{客服电话}", &values(), ZH), None);
    }
}
