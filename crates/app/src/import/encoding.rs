//! In which encoding a file is: UTF-8, or GB18030, which Chinese spreadsheets still write.
//!
//! Lines and cells can be cut before decoding: no byte of a character of several bytes in
//! GB18030 is a line end, comma, tab, semicolon or quotation mark (GB 18030-2022: second bytes
//! are 0x30-0x39 or from 0x40 on).

use crate::import::fault::{
    LineFault,
    file::{FileFlaw, LineFlaw},
};
use encoding_rs::GB18030;
use std::{borrow::Cow, str::FromStr};

/// The mark at the start of UTF-8 files of some programs, Excel above all.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Which encoding the caller says the file has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// To be found out.
    #[default]
    Auto,
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// GB18030, with GBK and GB2312 in it.
    Gb18030,
}

impl FromStr for Encoding {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.to_ascii_lowercase().as_str() {
            "auto" => Ok(Self::Auto),
            "utf-8" | "utf8" => Ok(Self::Utf8),
            "gb18030" | "gbk" | "gb2312" => Ok(Self::Gb18030),
            _ => Err("one of auto, utf-8, gb18030"),
        }
    }
}

/// Turns lines into text. What was found out holds to the end of the file: a later line that
/// does not fit is a fault, never guessed into another encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decoder {
    /// Only ASCII so far: the first other line decides.
    Undecided,
    /// UTF-8, told or found.
    Utf8,
    /// GB18030, found: a line that is UTF-8 makes the finding doubtful.
    Gb18030Found,
    /// GB18030, told.
    Gb18030Told,
}

impl Decoder {
    /// Looks at the beginning of a file.
    ///
    /// # Errors
    /// [`LineFault`] if it is no text file at all.
    pub(crate) fn sniff(asked: Encoding, head: &[u8]) -> Result<Self, LineFault> {
        let foreign = [
            (&b"PK\x03\x04"[..], FileFlaw::Workbook),
            (b"\xD0\xCF\x11\xE0", FileFlaw::Workbook),
            (b"\x1F\x8B", FileFlaw::Compressed),
            (b"\xFF\xFE", FileFlaw::Utf16),
            (b"\xFE\xFF", FileFlaw::Utf16),
        ];
        for (magic, flaw) in foreign {
            if head.starts_with(magic) {
                return Err(LineFault::new(1, "", flaw));
            }
        }
        if head.iter().all(u8::is_ascii_whitespace) {
            return Err(LineFault::new(1, "", FileFlaw::Empty));
        }
        Ok(match asked {
            Encoding::Utf8 => Self::Utf8,
            Encoding::Gb18030 => Self::Gb18030Told,
            Encoding::Auto if head.starts_with(BYTE_ORDER_MARK) => Self::Utf8,
            Encoding::Auto => Self::by_majority(head),
        })
    }

    /// What most lines with Chinese in them are: one broken byte must not turn a UTF-8 file
    /// into another. The last line may be cut and is asked only if it is the only one.
    fn by_majority(head: &[u8]) -> Self {
        let whole = head
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(head, |at| head.get(..at).unwrap_or_default());
        let mut utf8: usize = 0;
        let mut other: usize = 0;
        for line in whole.split(|byte| *byte == b'\n').filter(|line| !line.is_ascii()) {
            match std::str::from_utf8(line) {
                Ok(_) => utf8 = utf8.saturating_add(1),
                Err(error) if error.error_len().is_none() => utf8 = utf8.saturating_add(1),
                Err(_) => other = other.saturating_add(1),
            }
        }
        match (utf8, other) {
            (0, 0) => Self::Undecided,
            (utf8, other) if utf8 >= other => Self::Utf8,
            _ => Self::Gb18030Found,
        }
    }

    /// The text of a line.
    ///
    /// # Errors
    /// [`LineFlaw::Encoding`] if the line is not in the file's encoding.
    pub(crate) fn decode<'a>(&mut self, bytes: &'a [u8]) -> Result<Cow<'a, str>, LineFlaw> {
        if bytes.is_ascii() {
            return std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| utf8_flaw());
        }
        let text = std::str::from_utf8(bytes);
        if *self == Self::Undecided {
            *self = if text.is_ok() { Self::Utf8 } else { Self::Gb18030Found };
        }
        match (*self, text) {
            (Self::Undecided | Self::Utf8, text) => {
                text.map(Cow::Borrowed).map_err(|_| utf8_flaw())
            }
            (Self::Gb18030Found, Ok(_)) => Err(gb18030_flaw()),
            (Self::Gb18030Found | Self::Gb18030Told, _) => GB18030
                .decode_without_bom_handling_and_without_replacement(bytes)
                .ok_or_else(gb18030_flaw),
        }
    }
}

const fn utf8_flaw() -> LineFlaw {
    LineFlaw::Encoding("UTF-8")
}

const fn gb18030_flaw() -> LineFlaw {
    LineFlaw::Encoding("GB18030")
}

#[cfg(test)]
mod tests {
    use super::{Decoder, Encoding};
    use encoding_rs::GB18030;

    fn gb(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    #[test]
    fn the_encoding_is_found_by_the_lines_with_chinese() {
        let sniff = |head: &[u8]| Decoder::sniff(Encoding::Auto, head).unwrap();
        assert_eq!(sniff("订单号\n".as_bytes()), Decoder::Utf8);
        assert_eq!(sniff(&gb("订单号,买家\n1,2\n")), Decoder::Gb18030Found);
        assert_eq!(sniff(b"order_id\n"), Decoder::Undecided);
        assert_eq!(sniff(b"\xEF\xBB\xBForder_id\n"), Decoder::Utf8);
        assert_eq!(sniff("订单号".as_bytes().get(..7).unwrap()), Decoder::Utf8);
    }

    #[test]
    fn one_broken_byte_does_not_make_a_file_gb18030() {
        let mut head = "订单号,商品名称\n1,雨伞\n".as_bytes().to_vec();
        head.extend(b"2,\xE9\x9B\n");
        let mut decoder = Decoder::sniff(Encoding::Auto, &head).unwrap();
        assert_eq!(decoder, Decoder::Utf8);
        assert!(decoder.decode(b"2,\xE9\x9B").is_err());
    }

    #[test]
    fn the_first_line_that_is_not_ascii_decides_for_the_rest() {
        let mut decoder = Decoder::Undecided;
        assert_eq!(decoder.decode(&gb("雨伞")).unwrap(), "雨伞");
        assert_eq!(decoder.decode(b"plain").unwrap(), "plain");
        assert!(decoder.decode("雨伞".as_bytes()).is_err());
    }

    #[test]
    fn what_is_no_text_is_named() {
        let code = |head: &[u8]| Decoder::sniff(Encoding::Auto, head).unwrap_err().code;
        assert_eq!(code(b"PK\x03\x04rest"), "import_file_workbook");
        assert_eq!(code(b"\xFF\xFEa\0"), "import_file_utf16");
        assert_eq!(code(b"\x1F\x8B\x08"), "import_file_compressed");
        assert_eq!(code(b" \r\n"), "import_file_empty");
    }
}
