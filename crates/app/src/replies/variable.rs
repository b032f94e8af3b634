//! What a template may name: a fixed small set, all of which a buyer may read. Written in braces,
//! in Chinese or in English: `{订单号}` or `{order}`.

use domain::policy::Language;

/// The longest name looked for between braces, in characters.
const NAME_CHARS_MAX: usize = 30;

/// What a template may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variable {
    /// The order's number.
    Order,
    /// The case's number.
    Case,
    /// What kind of case.
    Type,
    /// Why the buyer applies.
    Reason,
    /// What it is about.
    Goods,
    /// What the buyer asks for.
    Asked,
    /// What was offered.
    Offered,
    /// What was approved.
    Approved,
    /// What goes back.
    Refund,
    /// When money usually arrives.
    Arrival,
    /// Until when somebody must act.
    Deadline,
    /// What evidence was asked for.
    Evidence,
    /// Why it was refused, or the remark with a decision.
    Remark,
    /// Where goods go back.
    Address,
    /// Under which number they went back.
    Waybill,
    /// Under which number other goods were sent.
    Replacement,
    /// The shop's name.
    Shop,
    /// Its telephone.
    Hotline,
    /// When somebody answers.
    Hours,
    /// Its WeChat customer service.
    Service,
}

impl Variable {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Self; 20] = [
        Self::Order,
        Self::Case,
        Self::Type,
        Self::Reason,
        Self::Goods,
        Self::Asked,
        Self::Offered,
        Self::Approved,
        Self::Refund,
        Self::Arrival,
        Self::Deadline,
        Self::Evidence,
        Self::Remark,
        Self::Address,
        Self::Waybill,
        Self::Replacement,
        Self::Shop,
        Self::Hotline,
        Self::Hours,
        Self::Service,
    ];

    /// Its names, in Chinese and in English.
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Order => ("订单号", "order"),
            Self::Case => ("售后单号", "case"),
            Self::Type => ("售后类型", "type"),
            Self::Reason => ("申请原因", "reason"),
            Self::Goods => ("商品", "goods"),
            Self::Asked => ("申请金额", "asked"),
            Self::Offered => ("协商金额", "offered"),
            Self::Approved => ("同意金额", "approved"),
            Self::Refund => ("退款金额", "refund"),
            Self::Arrival => ("到账时间", "arrival"),
            Self::Deadline => ("截止时间", "deadline"),
            Self::Evidence => ("需补充的凭证", "evidence"),
            Self::Remark => ("处理说明", "remark"),
            Self::Address => ("退货地址", "address"),
            Self::Waybill => ("退货单号", "waybill"),
            Self::Replacement => ("换货单号", "replacement"),
            Self::Shop => ("店铺名", "shop"),
            Self::Hotline => ("客服电话", "hotline"),
            Self::Hours => ("服务时间", "hours"),
            Self::Service => ("客服链接", "service"),
        }
    }

    /// Its name in a language.
    #[must_use]
    pub const fn name(self, language: Language) -> &'static str {
        let (zh, en) = self.names();
        match language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    /// The one of that name, in whichever language.
    #[must_use]
    pub fn read(name: &str) -> Option<Self> {
        let name = name.trim();
        Self::ALL.into_iter().find(|variable| {
            let (zh, en) = variable.names();
            name == zh || name.eq_ignore_ascii_case(en)
        })
    }

    /// All names in a language, one after the other, for a sentence.
    #[must_use]
    pub fn listed(language: Language) -> String {
        let names = Self::ALL.map(|variable| format!("{{{}}}", variable.name(language)));
        names.join(" ")
    }
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// To be taken as it is.
    Words(String),
    /// To be filled in.
    Named(Variable),
}

/// A template names what there is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown(pub String);

/// Cuts a text at what it names. A brace that is never closed, or closed too far away, is a brace.
///
/// # Errors
/// [`Unknown`] with the first name that is none.
pub fn pieces(text: &str) -> Result<Vec<Piece>, Unknown> {
    // A Chinese keyboard writes wide braces.
    let text = text.replace('｛', "{").replace('｝', "}");
    let mut pieces = Vec::new();
    let mut words = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        words.push_str(before);
        match named(after) {
            Some((name, beyond)) => {
                let variable = Variable::read(name).ok_or_else(|| Unknown(name.to_owned()))?;
                if !words.is_empty() {
                    pieces.push(Piece::Words(std::mem::take(&mut words)));
                }
                pieces.push(Piece::Named(variable));
                rest = beyond;
            }
            None => {
                words.push('{');
                rest = after;
            }
        }
    }
    words.push_str(rest);
    if !words.is_empty() {
        pieces.push(Piece::Words(words));
    }
    Ok(pieces)
}

/// The name before the closing brace, and what stands behind it.
fn named(after: &str) -> Option<(&str, &str)> {
    let (name, beyond) = after.split_once('}')?;
    let short = name.chars().count() <= NAME_CHARS_MAX;
    let plain = !name.trim().is_empty() && !name.contains(['{', '\n']);
    (short && plain).then_some((name, beyond))
}

#[cfg(test)]
mod tests {
    use super::{Piece, Unknown, Variable, pieces};
    use domain::policy::Language;

    #[test]
    fn both_names_are_read_and_wide_braces_too() {
        let words = |text: &str| Piece::Words(text.to_owned());
        let order = Piece::Named(Variable::Order);
        assert_eq!(pieces("单号{订单号}。").unwrap(), [words("单号"), order.clone(), words("。")]);
        assert_eq!(pieces("{ Order }").unwrap(), std::slice::from_ref(&order));
        assert_eq!(pieces("｛订单号｝").unwrap(), [order]);
    }

    #[test]
    fn what_is_unknown_is_named_and_a_lone_brace_is_a_brace() {
        assert_eq!(pieces("{order} {快递费}"), Err(Unknown("快递费".to_owned())));
        for text in ["{", "}", "{}", "{{", "{\n}", "a { b", "{ }"] {
            assert_eq!(pieces(text).unwrap(), [Piece::Words(text.to_owned())], "{text}");
        }
        assert_eq!(pieces("").unwrap(), []);
    }

    #[test]
    fn every_name_stands_once() {
        for variable in Variable::ALL {
            for language in [Language::Zh, Language::En] {
                assert_eq!(Variable::read(variable.name(language)), Some(variable));
            }
        }
    }
}
