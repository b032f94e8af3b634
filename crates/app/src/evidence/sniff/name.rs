//! The names in a PDF: `/Word`, where any letter may be written as `#` and two hex digits.

/// The longest name that is compared; names of the standard are shorter.
const LETTERS_MAX: usize = 32;

/// A name as it stands in the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name<'a> {
    letters: &'a [u8],
    /// Where the slash stands.
    pub(super) start: usize,
    /// Where the name ends.
    pub(super) end: usize,
}

impl Name<'_> {
    /// Whether it reads as `word`.
    pub(super) fn is(&self, word: &[u8]) -> bool {
        let mut letters = self.letters.iter().copied();
        let mut spelt = word.iter().copied();
        loop {
            match (next_letter(&mut letters), spelt.next()) {
                (None, None) => return true,
                (read, wanted) if read == wanted => {}
                _ => return false,
            }
        }
    }
}

fn next_letter(letters: &mut (impl Iterator<Item = u8> + Clone)) -> Option<u8> {
    let letter = letters.next()?;
    if letter != b'#' {
        return Some(letter);
    }
    let mut ahead = letters.clone();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pair = ahead.next().and_then(digit).zip(ahead.next().and_then(digit));
    match pair {
        None => Some(letter),
        Some((high, low)) => {
            *letters = ahead;
            Some(high << 4 | low)
        }
    }
}

/// All names in `bytes`, streams and strings included.
pub(super) fn names(bytes: &[u8]) -> impl Iterator<Item = Name<'_>> {
    let mut from = 0_usize;
    std::iter::from_fn(move || {
        let rest = bytes.get(from..)?;
        let start = from.saturating_add(rest.iter().position(|byte| *byte == b'/')?);
        let letters = bytes.get(start.saturating_add(1)..).unwrap_or_default();
        // Each letter may take three bytes.
        let length = letters.iter().take(3 * LETTERS_MAX).take_while(|byte| is_regular(**byte));
        let letters = letters.get(..length.count()).unwrap_or_default();
        from = start.saturating_add(1).saturating_add(letters.len());
        Some(Name { letters, start, end: from })
    })
}

/// Not white space, not a delimiter.
fn is_regular(byte: u8) -> bool {
    !matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ') && !b"()<>[]{}/%".contains(&byte)
}
