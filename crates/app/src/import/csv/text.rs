//! Cells as a person or a spreadsheet leaves them, brought to plain text: blanks around them,
//! full-width characters, the marks that force a number to be text.

use crate::import::fault::value::{Damage, ValueFlaw};
use domain::id::IdError;

/// Digits a spreadsheet keeps of a number; it holds numbers as binary floating point.
const DIGITS_KEPT: usize = 15;

/// From this length on, zeros behind the kept digits are taken as damage: shorter numbers end
/// in zeros by chance too often.
const DIGITS_SUSPECT: usize = 18;

/// Marks by which a spreadsheet user says that a number is text.
const TEXT_MARKS: &[char] = &['\'', '`', '‘', '’', '′', '＇'];

/// The text without blanks around it, whatever kind of blanks they are.
pub(super) fn trimmed(cell: &str) -> &str {
    let blank = |char: char| {
        char.is_whitespace() || "\u{feff}\u{200b}\u{200c}\u{200d}\u{202c}\u{202d}".contains(char)
    };
    cell.trim_matches(blank)
}

/// Full-width letters, digits and signs as half-width ones: `１，２３４` is `1,234`.
pub(super) fn narrow(text: &str) -> String {
    text.chars()
        .map(|char| match char {
            '\u{ff01}'..='\u{ff5e}' => {
                u32::from(char).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(char)
            }
            '\u{3000}' => ' ',
            other => other,
        })
        .collect()
}

/// A number, time or word: trimmed, narrowed, without a text mark in front.
pub(super) fn plain(cell: &str) -> String {
    unmarked(cell).0
}

/// A title or name: trimmed, on one line.
pub(super) fn line(cell: &str) -> String {
    let cell = trimmed(cell);
    if cell.chars().any(char::is_control) {
        let words = cell.split(char::is_control).map(trimmed).filter(|word| !word.is_empty());
        return words.collect::<Vec<_>>().join(" ");
    }
    cell.to_owned()
}

/// An id.
///
/// # Errors
/// [`ValueFlaw`] if it is blank, damaged by a spreadsheet, or no id.
pub(super) fn id<T>(cell: &str, parse: fn(&str) -> Result<T, IdError>) -> Result<T, ValueFlaw> {
    let text = whole_number(cell)?;
    if text.is_empty() {
        return Err(ValueFlaw::Missing);
    }
    parse(&text).map_err(|error| ValueFlaw::Id { text, chars_max: error.max })
}

/// A text that may be a long number, such as a waybill; may be blank.
///
/// # Errors
/// [`ValueFlaw::Damaged`] if a spreadsheet has taken digits from it.
pub(super) fn whole_number(cell: &str) -> Result<String, ValueFlaw> {
    let (text, marked) = unmarked(cell);
    if is_scientific(&text) {
        return Err(ValueFlaw::Damaged { text, damage: Damage::Scientific });
    }
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let zeroed = text.bytes().skip(DIGITS_KEPT).all(|byte| byte == b'0');
    if is_number && zeroed && text.len() >= DIGITS_SUSPECT && marked == Marked::No {
        return Err(ValueFlaw::Damaged { text, damage: Damage::Zeroed });
    }
    Ok(text)
}

/// Whether a cell says that it is text and no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Marked {
    Yes,
    No,
}

/// Takes off a mark in front (`'123`, `` `123 ``) and Excel's formula around a text (`="123"`).
fn unmarked(cell: &str) -> (String, Marked) {
    let cell = trimmed(cell);
    let formula = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let inner = formula.unwrap_or(cell);
    let bare = trimmed(inner.trim_start_matches(TEXT_MARKS));
    let marked = if bare.len() == cell.len() { Marked::No } else { Marked::Yes };
    let text = if bare.is_ascii() { bare.to_owned() } else { trimmed(&narrow(bare)).to_owned() };
    (text, marked)
}

/// `3.70E+18`: what a spreadsheet shows of a long number.
fn is_scientific(text: &str) -> bool {
    let Some((digits, exponent)) = text.split_once(['E', 'e']) else { return false };
    let signed = exponent.strip_prefix(['+', '-']);
    let exponent = signed.unwrap_or(exponent);
    let is_exponent = (1..=3).contains(&exponent.len());
    // Without point and sign it could be an id such as 12E4.
    let is_shaped = digits.contains('.') || signed.is_some();
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_shaped && is_exponent && !digits.is_empty() && number(digits) && number(exponent)
}

#[cfg(test)]
mod tests {
    use super::{ValueFlaw, id, is_scientific, line, plain, whole_number};
    use domain::id::OrderId;

    #[test]
    fn scars_of_spreadsheets_are_taken_off() {
        for cell in
            ["'370012", "`370012", "\t370012", "=\"370012\"", "３７００１２", " 370012\u{a0}"]
        {
            assert_eq!(id(cell, OrderId::parse).unwrap().as_str(), "370012", "{cell}");
        }
        assert_eq!(plain("\u{3000}１，２３４．５０ "), "1,234.50");
        assert_eq!(line(" 折叠\r\n雨伞 "), "折叠 雨伞");
    }

    #[test]
    fn damaged_numbers_are_refused_and_can_be_sworn_to() {
        for cell in ["3.70E+18", "3.7e18", "3E+18", "'3.70E+18", "3700000000000000000"] {
            assert!(matches!(whole_number(cell), Err(ValueFlaw::Damaged { .. })), "{cell}");
        }
        for cell in ["3700000000000000001", "'3700000000000000000", "12E4", "SF1000000000000000000"]
        {
            assert!(whole_number(cell).is_ok(), "{cell}");
        }
        assert!(!is_scientific("E+1"));
    }

    #[test]
    fn blanks_and_names_are_no_ids() {
        assert_eq!(id("  ", OrderId::parse), Err(ValueFlaw::Missing));
        assert!(matches!(id("王小姐", OrderId::parse), Err(ValueFlaw::Id { .. })));
    }
}
