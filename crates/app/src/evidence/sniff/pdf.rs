//! A PDF (ISO 32000) that only shows pages: no scripts, attachments, forms that send, actions on
//! opening. Objects packed in object streams are unpacked, under a limit, and looked through too.
//!
//! Readers mend broken files each in their own way, so this lowers the risk and is not the wall:
//! PDFs are also never shown inside our pages, only downloaded.

use super::{
    fault::Fault,
    name::names,
    packed,
    reader::{find, find_last},
};

/// After the end mark come a line end, or zeros up to the size of a disk block.
const AFTER_END_BYTES_MAX: usize = 4_096;
/// A line that names where the index begins stands so near the end.
const INDEX_WITHIN_BYTES: usize = 2_048;

/// A file has one catalogue, and one for each time it was added to.
const OPENINGS_MAX: usize = 16;
/// A dictionary that turns to a page is short.
const DICTIONARY_BYTES_MAX: usize = 1_024;

/// Names that no page needs: what acts, attaches, sends or plays.
const ACTIVE: [&[u8]; 13] = [
    b"JavaScript",
    b"Launch",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"RichMedia",
    b"RichMediaContent",
    b"Rendition",
    b"SubmitForm",
    b"ImportData",
    b"GoToE",
    b"GoToR",
    b"XFA",
    b"FileAttachment",
];
/// The same, but so short that compressed bytes hold them by chance; looked for outside streams.
const ACTIVE_SHORT: [&[u8]; 2] = [b"JS", b"AA"];

/// A file that is a harmless PDF.
pub(super) fn read(bytes: &[u8]) -> Result<(), Fault> {
    frame(bytes)?;
    let packed = look_through(bytes)?;
    let objects = if packed { packed::unpack(bytes)? } else { Vec::new() };
    for part in &objects {
        look_through(part)?;
        refuse_short(part)?;
    }
    outside_streams(bytes, |part| {
        let encrypted = names(part).any(|name| name.is(b"Encrypt"));
        if encrypted { Err(Fault::Encrypted) } else { refuse_short(part) }
    })?;
    let parts: Vec<&[u8]> =
        std::iter::once(bytes).chain(objects.iter().map(Vec::as_slice)).collect();
    parts.iter().try_for_each(|part| on_opening(part, &parts))
}

/// Header, index and end stand where they belong, and nothing follows.
fn frame(bytes: &[u8]) -> Result<(), Fault> {
    let version = bytes.get(5..8).unwrap_or_default();
    let known = matches!(version, [b'1', b'.', b'0'..=b'7'] | b"2.0");
    if !bytes.starts_with(b"%PDF-") || !known {
        return Err(Fault::Broken("pdf header"));
    }
    let end = find_last(bytes, b"%%EOF").ok_or(Fault::Truncated)?;
    let after = bytes.get(end.saturating_add(5)..).unwrap_or_default();
    let blank = after.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0));
    if !blank || after.len() > AFTER_END_BYTES_MAX {
        return Err(Fault::TrailingBytes);
    }
    let before = bytes.get(end.saturating_sub(INDEX_WITHIN_BYTES)..end).unwrap_or_default();
    let index = find_last(before, b"startxref").ok_or(Fault::Broken("pdf without an index"))?;
    let digits = before.get(index.saturating_add(9)..).unwrap_or_default();
    let offset = number(digits.trim_ascii_start()).ok_or(Fault::Broken("pdf index"))?;
    let inside = usize::try_from(offset).is_ok_and(|offset| offset < end);
    if inside { Ok(()) } else { Err(Fault::Broken("pdf index")) }
}

/// Refuses active names anywhere, in streams as well: an index may point into them. Tells whether
/// there are object streams.
fn look_through(bytes: &[u8]) -> Result<bool, Fault> {
    let mut packed = false;
    for name in names(bytes) {
        if ACTIVE.iter().any(|active| name.is(active)) {
            return Err(Fault::ActiveContent("action in a pdf"));
        }
        packed = packed || name.is(packed::OBJECT_STREAM);
    }
    Ok(packed)
}

fn refuse_short(bytes: &[u8]) -> Result<(), Fault> {
    let active = names(bytes).any(|name| ACTIVE_SHORT.iter().any(|short| name.is(short)));
    if active { Err(Fault::ActiveContent("action in a pdf")) } else { Ok(()) }
}

/// Hands over the parts of a file that are not the bodies of streams.
fn outside_streams(
    bytes: &[u8],
    mut look: impl FnMut(&[u8]) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut rest = bytes;
    while let Some(begin) = find(rest, b"stream") {
        let (before, body) = rest.split_at_checked(begin.saturating_add(6)).unwrap_or((rest, &[]));
        look(before)?;
        let follows_dictionary = before.trim_ascii_end().len() >= 6
            && before.get(..begin).unwrap_or_default().trim_ascii_end().ends_with(b">>");
        rest = body;
        if follows_dictionary && matches!(body.first(), Some(b'\r' | b'\n')) {
            let end = find(body, b"endstream").ok_or(Fault::Broken("pdf stream"))?;
            rest = body.get(end.saturating_add(9)..).unwrap_or_default();
        }
    }
    look(rest)
}

/// What happens when the file is opened: it may turn to a page, nothing else.
fn on_opening(part: &[u8], parts: &[&[u8]]) -> Result<(), Fault> {
    let openings = names(part).filter(|name| name.is(b"OpenAction"));
    for (number, opening) in openings.enumerate() {
        if number >= OPENINGS_MAX {
            return Err(Fault::TooElaborate("actions on opening a pdf"));
        }
        let value = part.get(opening.end..).unwrap_or_default().trim_ascii_start();
        let harmless = match value.first() {
            Some(b'[') => true,
            Some(b'<') => turns_to_page(value),
            Some(b'0'..=b'9') => refers_to_page(value, parts),
            _ => false,
        };
        if !harmless {
            return Err(Fault::ActiveContent("action on opening a pdf"));
        }
    }
    Ok(())
}

/// `<< /S /GoTo … >>`
fn turns_to_page(dictionary: &[u8]) -> bool {
    let dictionary = dictionary.get(..DICTIONARY_BYTES_MAX).unwrap_or(dictionary);
    let end = find(dictionary, b">>").unwrap_or(dictionary.len());
    let mut kind = names(dictionary.get(..end).unwrap_or_default());
    kind.by_ref().any(|name| name.is(b"S")) && kind.next().is_some_and(|name| name.is(b"GoTo"))
}

/// `12 0 R`: the object must lie open in the file and turn to a page, or be a place in it.
fn refers_to_page(value: &[u8], parts: &[&[u8]]) -> bool {
    let (Some(object), Some(whole)) = (number(value), parts.first()) else { return false };
    let mark = format!("{object} 0 obj");
    let (mut rest, mut found) = (*whole, false);
    // Every object of that number counts: later ones replace earlier ones, or the other way round.
    while let Some(at) = find(rest, mark.as_bytes()) {
        let before = rest.get(..at).unwrap_or_default();
        let own = !before.last().is_some_and(u8::is_ascii_digit);
        rest = rest.get(at.saturating_add(mark.len())..).unwrap_or_default();
        let body = rest.trim_ascii_start();
        if own && !body.starts_with(b"[") && !turns_to_page(body) {
            return false;
        }
        found = found || own;
    }
    // In an object stream it has no such mark; then no link in the file may lead outside either.
    found || !parts.iter().any(|part| names(part).any(|name| name.is(b"URI")))
}

fn number(bytes: &[u8]) -> Option<u64> {
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(bytes.get(..digits)?).ok()?.parse().ok()
}
