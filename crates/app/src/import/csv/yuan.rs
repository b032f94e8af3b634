//! Amounts in yuan as people write them, read exactly: digits are counted, never rounded.

use super::text;
use crate::import::fault::value::{ValueFlaw, Yuan};
use domain::money::Money;

/// Digits behind the point: fen.
const DECIMALS: usize = 2;

/// Digits between two commas.
const GROUP: usize = 3;

/// Reads `1,234.50`, `￥12.30`, `12元`; nothing for a blank cell.
///
/// # Errors
/// [`ValueFlaw::Yuan`] if it is no amount, negative, too large, or finer than a fen.
pub(super) fn parse(cell: &str) -> Result<Option<Money>, ValueFlaw> {
    let plain = text::plain(cell);
    if plain.is_empty() {
        return Ok(None);
    }
    let fen = fen(&plain).map_err(|trouble| ValueFlaw::Yuan { text: plain.clone(), trouble })?;
    let large = |_| ValueFlaw::Yuan { text: plain, trouble: Yuan::Large };
    Money::cny(fen).map(Some).map_err(large)
}

fn fen(text: &str) -> Result<i64, Yuan> {
    let text = undressed(text);
    if text.starts_with(['-', '−', '(']) {
        return Err(Yuan::Negative);
    }
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let yuan = number(&grouped(whole)?)?;
    if decimals.is_empty() || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Yuan::Form);
    }
    if decimals.bytes().skip(DECIMALS).any(|byte| byte != b'0') {
        return Err(Yuan::Fine);
    }
    let cents: String = decimals.chars().chain("00".chars()).take(DECIMALS).collect();
    let fen = yuan.checked_mul(100).and_then(|yuan| yuan.checked_add(number(&cents).ok()?));
    fen.ok_or(Yuan::Large)
}

/// The number without the sign of the currency.
fn undressed(text: &str) -> &str {
    let signs = ["¥", "￥", "CNY", "RMB", "cny", "rmb"];
    let text = signs.iter().find_map(|sign| text.strip_prefix(sign)).unwrap_or(text);
    let text = ["元", "CNY", "RMB"].iter().find_map(|sign| text.strip_suffix(sign)).unwrap_or(text);
    text.trim()
}

/// The digits of a whole number; commas only where they part thousands, since `12,30` may be
/// twelve yuan and thirty fen to its writer.
fn grouped(whole: &str) -> Result<String, Yuan> {
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let is_grouped = rest.iter().all(|group| group.len() == GROUP)
        && (rest.is_empty() || (1..=GROUP).contains(&first.len()));
    if is_grouped { Ok(format!("{first}{}", rest.concat())) } else { Err(Yuan::Form) }
}

fn number(digits: &str) -> Result<i64, Yuan> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Yuan::Form);
    }
    digits.parse().map_err(|_| Yuan::Large)
}

#[cfg(test)]
mod tests {
    use super::{ValueFlaw, Yuan, parse};
    use domain::money::AMOUNT_MINOR_MAX;
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    fn fen(cell: &str) -> i64 {
        parse(cell).unwrap().unwrap().minor()
    }

    fn trouble(cell: &str) -> Yuan {
        match parse(cell) {
            Err(ValueFlaw::Yuan { trouble, .. }) => trouble,
            other => panic!("{cell} gives {other:?}"),
        }
    }

    #[test]
    fn amounts_are_read_as_they_are_written() {
        for (cell, want) in [
            ("12", 1_200),
            ("12.3", 1_230),
            ("12.30", 1_230),
            ("12.3000", 1_230),
            ("0.01", 1),
            ("1,234.50", 123_450),
            ("1,234,567", 123_456_700),
            ("￥12.30", 1_230),
            ("¥ 12.30", 1_230),
            ("12.30元", 1_230),
            ("'12.30", 1_230),
            ("１，２３４．５０", 123_450),
            ("007", 700),
        ] {
            assert_eq!(fen(cell), want, "{cell}");
        }
        assert_eq!(parse(" \u{3000}"), Ok(None));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for cell in
            ["abc", "12.", ".5", "1.2.3", "12,30", "1,23,456", "1e3", "1 2", ",", "+5", "12.3x"]
        {
            assert_eq!(trouble(cell), Yuan::Form, "{cell}");
        }
        assert_eq!(trouble("12.345"), Yuan::Fine);
        assert_eq!(trouble("-1"), Yuan::Negative);
        assert_eq!(trouble("(12.00)"), Yuan::Negative);
        assert_eq!(trouble("100000000000.01"), Yuan::Large);
        assert_eq!(trouble("99999999999999999999"), Yuan::Large);
    }

    proptest! {
        #[test]
        fn every_fen_comes_back(fen_in in 0..=AMOUNT_MINOR_MAX) {
            let (yuan, cents) = (fen_in / 100, fen_in % 100);
            prop_assert_eq!(fen(&format!("{yuan}.{cents:02}")), fen_in);
            let digits = yuan.to_string();
            let mut dressed = String::from("￥");
            for (at, digit) in digits.chars().enumerate() {
                if at > 0 && (digits.len() - at) % 3 == 0 {
                    dressed.push(',');
                }
                dressed.push(digit);
            }
            prop_assert_eq!(fen(&format!("{dressed}.{cents:02}")), fen_in);
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>(), digits in "[0-9,.￥¥-]{0,24}") {
            for cell in [text, digits] {
                if let Ok(Some(money)) = parse(&cell) {
                    prop_assert!((0..=AMOUNT_MINOR_MAX).contains(&money.minor()));
                }
            }
        }
    }
}
