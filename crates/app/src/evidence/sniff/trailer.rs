//! What honest cameras write after the end of a picture: further JPEGs (gain map, depth), the
//! video of a motion photo, notes of the maker. Anything else behind a picture is refused.

use super::{boxes, fault::Fault, foreign::has_markup, jpeg};

/// A gain map, a depth map, a video, a note: more is no photo.
const PARTS_MAX: usize = 16;
/// How the notes of known makers end: Samsung, older Samsung, vivo.
const MAKER_ENDS: [&[u8]; 3] = [b"SEFT", b"QDIOBS", b"\xff\xff\xff\xff\x1b*9HWfu\x84\x93\xa2\xb1"];
/// OPPO's and OnePlus's notes end so, with three bytes of length and a zero behind.
const JXRS_END: (&[u8], usize) = (b"jxrs", 4);

/// Checks all that follows a picture.
pub(super) fn check(bytes: &[u8]) -> Result<(), Fault> {
    let mut rest = bytes;
    for _ in 0..PARTS_MAX {
        let padding = rest.iter().take_while(|byte| **byte == 0).count();
        let part = rest.get(padding..).unwrap_or_default();
        if part.is_empty() {
            return Ok(());
        }
        rest = if part.starts_with(b"\xff\xd8\xff") {
            part.get(jpeg::walk(part)?.length..).unwrap_or_default()
        } else if let Some(video) = video(rest, padding) {
            video.get(boxes::span(video)?..).unwrap_or_default()
        } else if is_makers_note(part) && !has_markup(part) {
            return Ok(());
        } else {
            return Err(Fault::TrailingBytes);
        };
    }
    Err(Fault::TooElaborate("parts after a picture"))
}

/// Where a video begins: its first box starts with its length, whose first bytes are zeros too.
fn video(bytes: &[u8], padding: usize) -> Option<&[u8]> {
    let starts = padding.saturating_sub(3)..=padding;
    let mut found = starts.filter_map(|start| bytes.get(start..));
    found.find(|part| part.get(4..8) == Some(b"ftyp"))
}

fn is_makers_note(part: &[u8]) -> bool {
    let before_length = part.len().checked_sub(JXRS_END.1).and_then(|end| part.get(..end));
    MAKER_ENDS.iter().any(|end| part.ends_with(end))
        || before_length.is_some_and(|part| part.ends_with(JXRS_END.0))
}
