//! What must not hide in a file of another type: markup and scripts, archives, a second header.

use super::{
    fault::Fault,
    reader::{Reader, find},
};

/// Readers of PDF look for its header, and browsers for markup, in so many first bytes.
const HEAD_BYTES: usize = 1_500;
/// The directory of a ZIP archive ends in the last 22 bytes plus a comment of at most 65,535.
pub(super) const TAIL_BYTES: usize = 22 + 65_535;
/// Where a tape archive names itself.
const TAR_MARK: std::ops::Range<usize> = 257..262;

/// Openings of markup that a browser would run or that only a script has.
const MARKUP: [&[u8]; 11] = [
    b"<script",
    b"<html",
    b"<svg",
    b"<iframe",
    b"<object",
    b"<embed",
    b"<body",
    b"<head",
    b"<!doctype",
    b"<?php",
    b"<foreignobject",
];

/// Whether there is an opening of active markup, in capitals or not.
pub(super) fn has_markup(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == b'<') {
        rest = rest.get(at..).unwrap_or_default();
        if MARKUP.iter().any(|mark| opens_with(rest, mark)) {
            return true;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    false
}

/// A mark counts only with its delimiter, so that compressed bytes do not look like one by chance.
fn opens_with(bytes: &[u8], mark: &[u8]) -> bool {
    let named = bytes.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
    let next = bytes.get(mark.len());
    named && next.is_none_or(|byte| b" \t\r\n\x0c>/:".contains(byte))
}

/// Refuses a picture's or video's text and metadata that has markup.
pub(super) fn refuse_markup(bytes: &[u8]) -> Result<(), Fault> {
    if has_markup(bytes) { Err(Fault::ActiveContent("markup in metadata")) } else { Ok(()) }
}

/// Looks at the beginning of a file whose own type is known.
pub(super) fn check_head(bytes: &[u8], is_pdf: Own) -> Result<(), Fault> {
    let head = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    if has_markup(head) {
        return Err(Fault::Disguised);
    }
    let second_pdf = match is_pdf {
        Own::Pdf => false,
        Own::Other => find(head, b"%PDF-").is_some(),
    };
    let tape = bytes.get(TAR_MARK) == Some(b"ustar");
    if second_pdf || tape { Err(Fault::Disguised) } else { Ok(()) }
}

/// Whether the file is a PDF itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Own {
    Pdf,
    Other,
}

/// Looks at the end of a file for the directory of a ZIP archive (also JAR, APK, DOCX).
pub(super) fn check_tail(tail: &[u8]) -> Result<(), Fault> {
    let mut rest = tail.get(tail.len().saturating_sub(TAIL_BYTES)..).unwrap_or(tail);
    while let Some(at) = find(rest, b"PK\x05\x06") {
        rest = rest.get(at..).unwrap_or_default();
        if is_directory_end(rest) {
            return Err(Fault::Disguised);
        }
        rest = rest.get(4..).unwrap_or_default();
    }
    Ok(())
}

/// Whether a ZIP reader would take this as the end of its directory: one disk, the comment fits.
fn is_directory_end(bytes: &[u8]) -> bool {
    let mut reader = Reader::new(bytes);
    let fields = || -> Result<(u32, u16, usize), Fault> {
        reader.take(4)?;
        let disks = reader.le32()?;
        reader.take(12)?;
        let comment = reader.le16()?;
        Ok((disks, comment, reader.rest().len()))
    };
    let mut fields = fields;
    fields().is_ok_and(|(disks, comment, left)| disks == 0 && usize::from(comment) <= left)
}

/// Refuses an archive that unpackers find anywhere in a file.
pub(super) fn check_archives(bytes: &[u8]) -> Result<(), Fault> {
    let marks: [&[u8]; 2] = [b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c"];
    let hidden = marks.iter().any(|mark| find(bytes, mark).is_some());
    if hidden { Err(Fault::Disguised) } else { Ok(()) }
}
