//! The name a file had on its owner's device: shown to people, never part of a path, and never
//! able to play tricks with direction or invisible letters.

use super::sniff::Media;
use serde::{Deserialize, Deserializer, Serialize};

/// The most letters kept.
pub const NAME_CHARS_MAX: usize = 120;

/// A name fit to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FileName(String);

impl FileName {
    /// Takes what is fit to be shown of a name; nothing if nothing is.
    #[must_use]
    pub fn tidy(text: &str) -> Option<Self> {
        let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
        let shown = last.chars().filter(|letter| !is_hidden(*letter));
        // Bounded before it is put together: the text may be long.
        let shown: String = shown.take(4 * NAME_CHARS_MAX).collect();
        let words: Vec<&str> = shown.split_whitespace().collect();
        let joined: String = words.join(" ").chars().take(NAME_CHARS_MAX).collect();
        let name = joined.trim_matches([' ', '.']);
        (!name.is_empty()).then(|| Self(name.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name under which a file of this type is handed out: it ends as the type does, so that
    /// a PDF called `receipt.exe` does not become a program on somebody's desk.
    #[must_use]
    pub fn as_media(&self, media: Media) -> String {
        let ending = media.extension();
        let known = self.0.rsplit_once('.').is_some_and(|(_, last)| {
            let last = last.to_ascii_lowercase();
            last == ending || matches!((media, last.as_str()), (Media::Jpeg, "jpeg"))
        });
        if known { self.0.clone() } else { format!("{}.{ending}", self.0) }
    }
}

impl<'de> Deserialize<'de> for FileName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::tidy(&text).ok_or_else(|| serde::de::Error::custom("a name with nothing to show"))
    }
}

/// Controls, marks of direction, letters of no width, line separators, private use and tags.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffd}' | '\u{e0000}'..='\u{10ffff}'
        )
}

#[cfg(test)]
mod tests {
    use super::{FileName, Media, NAME_CHARS_MAX};

    #[track_caller]
    fn check(text: &str, shown: &str) {
        assert_eq!(FileName::tidy(text).unwrap().as_str(), shown);
    }

    #[test]
    fn a_name_keeps_only_what_can_be_seen() {
        check("破损照片.jpg", "破损照片.jpg");
        check("../../etc/passwd", "passwd");
        check("C:\\photos\\a.png", "a.png");
        check("bill\u{202e}gpj.exe", "billgpj.exe");
        check("a\u{200b}b\0c\r\nd\u{feff}.pdf", "abcd.pdf");
        check("  many   spaces .. ", "many spaces");
        check(&"长".repeat(500), &"长".repeat(NAME_CHARS_MAX));
        for nothing in ["", "...", "\u{202e}", "a/", "\0"] {
            assert_eq!(FileName::tidy(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn a_file_is_handed_out_under_the_ending_of_its_type() {
        let name = |text: &str, media| FileName::tidy(text).unwrap().as_media(media);
        assert_eq!(name("receipt.exe", Media::Pdf), "receipt.exe.pdf");
        assert_eq!(name("photo.JPG", Media::Jpeg), "photo.JPG");
        assert_eq!(name("photo.jpeg", Media::Jpeg), "photo.jpeg");
        assert_eq!(name("photo.html", Media::Png), "photo.html.png");
    }
}
