//! What WeChat Pay accepts in a refund request, checked before anything is signed.
//!
//! Its JSON knows no `null` and no character of four bytes in UTF-8 (no emoji, no rare Han).

use std::fmt;

use crate::client::is_this_machine;

/// Bytes of `reason`, counted in UTF-8.
pub const REASON_BYTES_MAX: usize = 80;

/// Fewest and most bytes of `notify_url`.
const NOTIFY_URL_BYTES: std::ops::RangeInclusive<usize> = 8..=256;

/// Which rule a request breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    #[error("out_refund_no is not 1 to 64 of [0-9A-Za-z_-|*@]")]
    OutRefundNo,
    #[error("out_trade_no is not 6 to 32 of [0-9A-Za-z_-|*@]")]
    OutTradeNo,
    #[error("{0} is not 1 to 32 letters or digits")]
    Id(&'static str),
    #[error(
        "a refund of {refund_fen} fen is not between 1 fen and the {total_fen} fen of the order"
    )]
    Amount { refund_fen: i64, total_fen: i64 },
    #[error("notify_url is not an https address of 8 to 256 bytes without query, fragment or user")]
    NotifyUrl,
    #[error("the accounts paid from are repeated, empty or do not add up to the refund")]
    From,
    #[error("a line of goods has no number, no quantity or a negative amount")]
    Goods,
    #[error("the card number or name is empty or too long to be encrypted")]
    Payee,
    #[error("the request cannot be written as JSON")]
    Unwritable,
}

/// The merchant's own refund number: the same number, however often sent, refunds once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OutRefundNo(String);

impl OutRefundNo {
    /// 1 to 64 of `[0-9A-Za-z_-|*@]`.
    pub fn new(text: &str) -> Result<Self, Invalid> {
        let good = (1..=64).contains(&text.len()) && text.bytes().all(is_number_byte);
        if good { Ok(Self(text.to_owned())) } else { Err(Invalid::OutRefundNo) }
    }

    /// The number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As one segment of a path; `|` is the one character that must be escaped there.
    pub(super) fn in_path(&self) -> String {
        self.0.replace('|', "%7C")
    }
}

impl fmt::Display for OutRefundNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// 6 to 32 of `[0-9A-Za-z_-|*@]`.
pub(super) fn out_trade_no(text: &str) -> Result<(), Invalid> {
    let good = (6..=32).contains(&text.len()) && text.bytes().all(is_number_byte);
    if good { Ok(()) } else { Err(Invalid::OutTradeNo) }
}

/// WeChat Pay's own numbers: 1 to 32 letters or digits.
pub(in crate::wechat_pay) fn id(name: &'static str, text: &str) -> Result<(), Invalid> {
    let good = (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if good { Ok(()) } else { Err(Invalid::Id(name)) }
}

/// 1 fen at least, the order's total at most.
pub(super) fn amount(refund_fen: i64, total_fen: i64) -> Result<(), Invalid> {
    let good = 1 <= refund_fen && refund_fen <= total_fen;
    if good { Ok(()) } else { Err(Invalid::Amount { refund_fen, total_fen }) }
}

/// WeChat Pay API v3: https, no query, at most 256 characters. Plain http is let through to this
/// machine only, where the sandbox lives.
pub(super) fn notify_url(text: &str) -> Result<(), Invalid> {
    let wrong = || Invalid::NotifyUrl;
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic());
    if !NOTIFY_URL_BYTES.contains(&text.len()) || !plain || text.contains(['?', '#', '@']) {
        return Err(wrong());
    }
    let (scheme, rest) = text.split_once("://").ok_or_else(wrong)?;
    let authority = rest.split('/').next().unwrap_or_default();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => host,
        Some((_, _)) if !authority.ends_with(']') => return Err(wrong()),
        _ => authority,
    };
    let reachable = match scheme {
        "https" => !host.is_empty(),
        "http" => is_this_machine(host),
        _ => false,
    };
    if reachable { Ok(()) } else { Err(wrong()) }
}

/// Text WeChat Pay can take: no character of four bytes, no control character, no more bytes than
/// the limit, cut where a character ends. Nothing when nothing is left.
pub(super) fn text(raw: &str, bytes_max: usize) -> Option<String> {
    let mut out = String::new();
    for character in raw.trim().chars() {
        let character = if character.is_control() { ' ' } else { character };
        if character.len_utf8() == 4 {
            continue;
        }
        if out.len() + character.len_utf8() > bytes_max {
            break;
        }
        out.push(character);
    }
    let out = out.trim();
    (!out.is_empty()).then(|| out.to_owned())
}

fn is_number_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-|*@".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refund_number_has_its_alphabet_and_its_length() {
        assert!(OutRefundNo::new("aZ09_-|*@").is_ok());
        assert!(OutRefundNo::new(&"R".repeat(64)).is_ok());
        for bad in ["", "R 1", "R/1", "R#1", "退款", &"R".repeat(65)] {
            assert_eq!(OutRefundNo::new(bad), Err(Invalid::OutRefundNo), "{bad:?}");
        }
    }

    #[test]
    fn a_notice_address_is_https_or_this_machine() {
        for good in [
            "https://shop.example/notices/wechat-pay",
            "https://shop.example:8443/n",
            "http://127.0.0.1:8080/n",
            "http://[::1]:8080/n",
            "http://localhost/n",
        ] {
            assert_eq!(notify_url(good), Ok(()), "{good}");
        }
        for bad in [
            "http://shop.example/n",
            "https://shop.example/n?shop=1",
            "https://shop.example/n#x",
            "https://user@shop.example/n",
            "https://shop.example:port/n",
            "https:///n",
            "ftp://shop.example/n",
            "https://店.example/n",
            "http://127.0.0.1.shop.example/n",
            &format!("https://shop.example/{}", "n".repeat(256)),
        ] {
            assert_eq!(notify_url(bad), Err(Invalid::NotifyUrl), "{bad}");
        }
    }

    #[test]
    fn a_reason_is_cut_at_80_bytes_where_a_character_ends() {
        let reason = text(&"退".repeat(40), REASON_BYTES_MAX).unwrap();

        assert_eq!(reason.chars().count(), 26);
        assert_eq!(reason.len(), 78);
        assert_eq!(text(&"a".repeat(81), REASON_BYTES_MAX).unwrap().len(), 80);
    }

    #[test]
    fn a_reason_loses_what_wechat_pay_cannot_read() {
        assert_eq!(text("坏了😀\u{20BB7}\n速退", REASON_BYTES_MAX).unwrap(), "坏了 速退");
        assert_eq!(text(" 😀 ", REASON_BYTES_MAX), None);
    }
}
