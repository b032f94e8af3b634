//! Object streams of a PDF: objects packed together and deflated. Unpacked under a limit only to
//! be looked through; nothing of it is kept.

use super::{
    fault::Fault,
    name::names,
    reader::{find, find_last},
};
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

/// What such a stream calls itself.
pub(super) const OBJECT_STREAM: &[u8] = b"ObjStm";
/// Of one file, all together: far more than the objects of a document of 20 MiB.
const UNPACKED_BYTES_MAX: usize = 48 * 1024 * 1024;
/// Attempts at streams in one file. Usual programs pack a hundred objects or more into one.
const STREAMS_MAX: usize = 512;
/// Of one stream as it is packed. Together with the number it bounds the work on one file.
const PACKED_BYTES_MAX: usize = 1024 * 1024;
/// A stream begins so near the name of its type: in between are a few entries of a dictionary.
const STREAM_WITHIN_BYTES: usize = 16 * 1024;
/// A dictionary is looked for so far before the name of the type.
const DICTIONARY_BYTES: usize = 1_024;

/// The contents of every object stream.
pub(super) fn unpack(bytes: &[u8]) -> Result<Vec<Vec<u8>>, Fault> {
    let mut limit = Limit { bytes: UNPACKED_BYTES_MAX, streams: STREAMS_MAX };
    let mut contents = Vec::new();
    for name in names(bytes).filter(|name| name.is(OBJECT_STREAM)) {
        let before = bytes.get(name.start.saturating_sub(DICTIONARY_BYTES)..name.start);
        let before = before.unwrap_or_default();
        let own =
            find_last(before, b"obj").map_or(before, |at| before.get(at..).unwrap_or_default());
        let after = bytes.get(name.end..).unwrap_or_default();
        let after = after.get(..find(after, b"stream").unwrap_or(after.len())).unwrap_or_default();
        let foreseen = |part: &[u8]| names(part).any(|name| name.is(b"Predictor"));
        if foreseen(own) || foreseen(after) {
            return Err(Fault::Opaque("object stream with a predictor"));
        }
        contents.push(unpack_after(bytes.get(name.end..).unwrap_or_default(), &mut limit)?);
    }
    Ok(contents)
}

struct Limit {
    bytes: usize,
    streams: usize,
}

/// The first stream that follows and unpacks. A word `stream` inside a string does not.
fn unpack_after(bytes: &[u8], limit: &mut Limit) -> Result<Vec<u8>, Fault> {
    let mut from = 0_usize;
    let near = bytes.get(..STREAM_WITHIN_BYTES).unwrap_or(bytes);
    while let Some(at) = near.get(from..).and_then(|rest| find(rest, b"stream")) {
        from = from.saturating_add(at).saturating_add(6);
        let body = match bytes.get(from..).unwrap_or_default() {
            [b'\r', b'\n', body @ ..] | [b'\n' | b'\r', body @ ..] => body,
            _ => continue,
        };
        let body = body.get(..PACKED_BYTES_MAX).unwrap_or(body);
        limit.streams = limit.streams.checked_sub(1).ok_or(Fault::TooElaborate("pdf streams"))?;
        match decompress_to_vec_zlib_with_limit(body, limit.bytes) {
            Ok(content) => {
                limit.bytes = limit.bytes.saturating_sub(content.len());
                return Ok(content);
            }
            Err(error) => limit.bytes = limit.bytes.saturating_sub(error.output.len()),
        }
        if limit.bytes == 0 {
            return Err(Fault::TooElaborate("pdf streams"));
        }
    }
    Err(Fault::Opaque("object stream that does not unpack"))
}
