//! Words to search cases by. A text is cut into grams: two characters of Chinese, three letters or
//! digits. Whoever has a piece of a text has grams of it, so an index of grams finds it; the text
//! itself then has the last word. Both databases index the same grams, so they find the same.

use crate::{figures::CaseText, rows::StreamKey};
use domain::{
    case::{Audience, Case},
    id::{CaseId, ShopId},
    order::Order,
    policy::Policy,
};
use sha2::{Digest, Sha256};
use std::{collections::BTreeSet, sync::Arc};

/// The longest text searched for, in characters; what is beyond is not looked at.
pub const QUERY_CHARS_MAX: usize = 100;
/// The most words of it.
pub const QUERY_WORDS_MAX: usize = 10;
/// The longest text kept of a case, in characters.
pub const TEXT_CHARS_MAX: usize = 8_000;
/// The deepest reason: a group, a reason, a sub-reason.
const REASON_DEPTH_MAX: usize = 4;
/// So many texts are looked at for one answer: those that have the grams that are wanted, or any,
/// where every word is too short for the index.
pub const LOOKED_AT_MAX: i64 = 2_000;
/// A gram of letters, digits and what joins them has so many; fewer would be in nearly every
/// number.
const LETTERS: usize = 3;
/// A gram of other characters: most Chinese words have two.
const CHARACTERS: usize = 2;

/// The words of each case of an order, as they are searched.
#[must_use]
pub fn case_texts(
    key: &StreamKey,
    order: &Order,
    policy: impl Fn(u32) -> Option<Arc<Policy>>,
) -> Vec<CaseText> {
    let text = |case: &Case| CaseText {
        key: key.clone(),
        case_id: case.case_id,
        version: order.version,
        text: words_of(key, order, case, policy(case.policy_version).as_deref()),
    };
    order.cases.iter().map(text).collect()
}

/// Names first, then what was said, the newest before the older: what is beyond the limit is the
/// oldest of a long conversation. Internal notes are not in it.
fn words_of(key: &StreamKey, order: &Order, case: &Case, policy: Option<&Policy>) -> String {
    let mut words = vec![key.order_id.to_string(), case.case_id.to_string()];
    let facts = order.facts.as_ref();
    words.extend(facts.map(|facts| facts.buyer_id.to_string()));
    for item in facts.iter().flat_map(|facts| &facts.items) {
        let wanted = &case.application.items;
        if wanted.is_empty() || wanted.iter().any(|pieces| pieces.item_id == item.item_id) {
            words.push(item.title.clone());
            words.extend(item.sku.clone());
        }
    }
    words.extend(facts.iter().flat_map(|facts| &facts.shipments).map(|sent| sent.waybill.clone()));
    words.extend(
        [&case.returned, &case.replacement]
            .into_iter()
            .flatten()
            .map(|parcel| format!("{} {}", parcel.carrier, parcel.waybill)),
    );
    let mut reason = policy.and_then(|policy| policy.reason(&case.application.reason));
    // With the headings it stands under: a fault of quality is looked for by that word too.
    for _ in 0..REASON_DEPTH_MAX {
        let Some(named) = reason else { break };
        words.push(format!("{} {}", named.zh, named.en));
        reason = policy.zip(named.parent.as_ref()).and_then(|(policy, code)| policy.reason(code));
    }
    words.extend(case.marks.tags.iter().cloned());
    words.push(case.application.description.clone());
    words.extend(case.remark.clone());
    let said = case.messages.iter().rev();
    let heard = said.filter(|message| message.audience == Audience::Everyone);
    words.extend(heard.map(|message| message.text.clone()));
    plain(&words.join(" "))
}

/// A text as it is compared: small letters, narrow letters and digits, single blanks, no NUL.
#[must_use]
pub fn plain(text: &str) -> String {
    let narrow = text.chars().map(|c| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c).saturating_sub(0xfee0)).unwrap_or(c),
        c if c.is_whitespace() || c.is_control() => ' ',
        c => c,
    });
    let small: String = narrow.flat_map(char::to_lowercase).collect();
    let mut plain = String::with_capacity(small.len());
    for word in small.split(' ').filter(|word| !word.is_empty()) {
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.push_str(word);
    }
    plain.chars().take(TEXT_CHARS_MAX).collect()
}

/// The grams of a text that is [`plain`].
#[must_use]
pub fn grams(text: &str) -> BTreeSet<String> {
    let mut grams = BTreeSet::new();
    let mut run: Vec<char> = Vec::new();
    let mut kind = None;
    // A blank at the end closes the last run.
    for c in text.chars().chain([' ']) {
        let joins = matches!(c, '-' | '_');
        let of = (joins || c.is_alphanumeric()).then_some(c.is_ascii());
        if of != kind {
            let length = if kind == Some(true) { LETTERS } else { CHARACTERS };
            grams.extend(run.windows(length).map(String::from_iter));
            run.clear();
            kind = of;
        }
        if of.is_some() {
            run.push(joining(c));
        }
    }
    grams
}

/// What joins letters and digits, as it is written in a gram: an index takes the narrow form for
/// the end of a word. [`plain`] leaves none of the wide ones.
const fn joining(c: char) -> char {
    match c {
        '-' => '－',
        '_' => '＿',
        other => other,
    }
}

/// The grams of a text, each with the mark of the shop before it, so that one shop's words are not
/// read in search of another's. The mark is six letters and digits made from the shop's id.
#[must_use]
pub fn marked(shop_id: &ShopId, text: &str) -> Vec<String> {
    mark(shop_id, &grams(text))
}

fn mark(shop_id: &ShopId, grams: &BTreeSet<String>) -> Vec<String> {
    let hash: [u8; 32] = Sha256::digest(shop_id.as_str()).into();
    let mark: String = hash.iter().take(3).map(|byte| format!("{byte:02x}")).collect();
    grams.iter().map(|gram| format!("{mark}{gram}")).collect()
}

/// What was found for a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The cases, last opened first.
    pub cases: Vec<CaseId>,
    /// Before which case to go on; none if there is no older one to look at.
    pub older: Option<CaseId>,
}

impl Found {
    /// Out of what was found, of which one more was asked for than is wanted. `looked_at` is the
    /// last case of those that were looked at, where there were too many.
    #[must_use]
    pub fn of(mut cases: Vec<CaseId>, limit: usize, looked_at: Option<CaseId>) -> Self {
        let more = cases.len() > limit;
        cases.truncate(limit);
        let older = if more { cases.last().copied() } else { looked_at };
        cases.sort_unstable_by(|a, b| b.cmp(a));
        Self { cases, older }
    }
}

/// What somebody searches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Each of them is in the text.
    pub words: Vec<String>,
    /// Their grams; none if every word is too short.
    pub grams: BTreeSet<String>,
}

impl Wanted {
    /// Reads what was typed; nothing if there is no word in it.
    #[must_use]
    pub fn read(typed: &str) -> Option<Self> {
        let typed: String = typed.chars().take(QUERY_CHARS_MAX).collect();
        let plain = plain(&typed);
        let words: Vec<String> =
            plain.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        let words: Vec<String> = words.into_iter().take(QUERY_WORDS_MAX).collect();
        let grams = words.iter().flat_map(|word| grams(word)).collect();
        (!words.is_empty()).then_some(Self { words, grams })
    }

    /// Its grams as they are in the index of a shop.
    #[must_use]
    pub fn marked(&self, shop_id: &ShopId) -> Vec<String> {
        mark(shop_id, &self.grams)
    }
}

#[cfg(test)]
mod tests {
    use super::{Wanted, grams, plain};
    use std::collections::BTreeSet;

    fn set(text: &str) -> BTreeSet<String> {
        text.split(' ').filter(|gram| !gram.is_empty()).map(str::to_owned).collect()
    }

    #[test]
    fn a_text_is_compared_in_small_narrow_letters() {
        assert_eq!(plain("  ＳＦ１２３\t Ａbc\0快递 "), "sf123 abc 快递");
        assert_eq!(plain(""), "");
    }

    #[test]
    fn chinese_is_cut_by_two_and_letters_by_three() {
        assert_eq!(grams("快递问题 sf1234"), set("快递 递问 问题 sf1 f12 123 234"));
        assert_eq!(grams("t恤 xl"), set(""));
        assert_eq!(grams("a%_'\"b"), set(""));
    }

    #[test]
    fn what_joins_letters_is_part_of_a_gram() {
        assert_eq!(grams("ob-77 a_b"), set("ob－ b－7 －77 a＿b"));
    }

    #[test]
    fn a_piece_of_a_text_has_grams_of_the_text() {
        let text = plain("订单20261123-A7 顺丰SF1234567890 快递破损，外箱被压");
        for piece in ["破损", "1123-a7", "-a7", "sf123", "外箱被", "丰sf12"] {
            assert!(text.contains(piece), "{piece}");
            assert!(grams(piece).is_subset(&grams(&text)), "{piece}");
        }
    }

    #[test]
    fn what_was_typed_is_cut_to_its_limits() {
        assert_eq!(Wanted::read(" \t "), None);
        let wanted = Wanted::read(&"快递 ".repeat(100)).unwrap();
        assert_eq!(wanted.words.len(), 10);
        assert_eq!(Wanted::read("%").unwrap().grams, set(""));
    }
}
