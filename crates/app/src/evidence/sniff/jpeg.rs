//! The segments of a JPEG (ITU-T T.81), from its first marker to its end.

use super::{fault::Fault, foreign::refuse_markup, pixels::Pixels, reader::Reader, trailer};

/// Metadata comes in pieces of 64 KiB; no honest picture has more than a few hundred.
const SEGMENTS_MAX: usize = 2_000;
/// A progressive picture has about ten; thousands only keep a decoder busy.
const SCANS_MAX: usize = 128;

/// One picture, walked through.
#[derive(Clone, Copy, Debug)]
pub(super) struct Picture {
    pub(super) pixels: Pixels,
    /// How many bytes it takes.
    pub(super) length: usize,
}

/// A file that is a JPEG, with nothing unknown behind it.
pub(super) fn read(bytes: &[u8]) -> Result<Pixels, Fault> {
    let picture = walk(bytes)?;
    trailer::check(bytes.get(picture.length..).unwrap_or_default())?;
    Ok(picture.pixels)
}

/// Walks the first picture in `bytes`.
pub(super) fn walk(bytes: &[u8]) -> Result<Picture, Fault> {
    let mut reader = Reader::new(bytes);
    if reader.take(2)? != b"\xff\xd8" {
        return Err(Fault::Broken("jpeg does not begin"));
    }
    let mut seen = Seen::default();
    for _ in 0..SEGMENTS_MAX {
        let marker = next_marker(&mut reader)?;
        if marker == END {
            let pixels = seen.complete()?;
            return Ok(Picture { pixels, length: reader.position() });
        }
        segment(marker, &mut reader, &mut seen)?;
    }
    Err(Fault::TooElaborate("jpeg segments"))
}

const END: u8 = 0xd9;
const SCAN: u8 = 0xda;

#[derive(Debug, Default)]
struct Seen {
    pixels: Option<Pixels>,
    quantisation: bool,
    huffman: bool,
    scans: usize,
}

impl Seen {
    fn complete(&self) -> Result<Pixels, Fault> {
        let pixels = self.pixels.ok_or(Fault::Broken("jpeg without a frame"))?;
        if self.scans == 0 { Err(Fault::Broken("jpeg without a scan")) } else { Ok(pixels) }
    }
}

fn segment(marker: u8, reader: &mut Reader<'_>, seen: &mut Seen) -> Result<(), Fault> {
    let length = usize::from(reader.be16()?);
    let body = length.checked_sub(2).ok_or(Fault::Broken("jpeg segment"))?;
    let body = reader.take(body)?;
    match marker {
        // Baseline, extended and progressive, Huffman coded: what browsers show.
        0xc0..=0xc2 => frame(body, seen),
        0xc4 => {
            seen.huffman = true;
            Ok(())
        }
        0xdb => {
            seen.quantisation = true;
            Ok(())
        }
        0xdd => Ok(()),
        0xe0..=0xef | 0xfe => refuse_markup(body),
        SCAN => scan(reader, seen),
        _ => Err(Fault::Broken("jpeg marker")),
    }
}

fn frame(body: &[u8], seen: &mut Seen) -> Result<(), Fault> {
    let mut reader = Reader::new(body);
    let (precision, height, width) = (reader.byte()?, reader.be16()?, reader.be16()?);
    let components = reader.byte()?;
    let fits = reader.rest().len() == usize::from(components).saturating_mul(3);
    if seen.pixels.is_some() || precision != 8 || !matches!(components, 1 | 3 | 4) || !fits {
        return Err(Fault::Broken("jpeg frame"));
    }
    seen.pixels = Some(Pixels::new(width.into(), height.into())?);
    Ok(())
}

fn scan(reader: &mut Reader<'_>, seen: &mut Seen) -> Result<(), Fault> {
    if seen.pixels.is_none() || !seen.quantisation || !seen.huffman {
        return Err(Fault::Broken("jpeg scan before its tables"));
    }
    seen.scans = seen.scans.saturating_add(1);
    if seen.scans > SCANS_MAX {
        return Err(Fault::TooElaborate("jpeg scans"));
    }
    let coded = coded_length(reader.rest())?;
    reader.take(coded).map(drop)
}

/// Coded data ends at a marker; a zero after `ff` is stuffing, restarts belong to the data.
fn coded_length(bytes: &[u8]) -> Result<usize, Fault> {
    let mut from = 0_usize;
    loop {
        let rest = bytes.get(from..).ok_or(Fault::Truncated)?;
        let step = rest.iter().position(|byte| *byte == 0xff).ok_or(Fault::Truncated)?;
        let at = from.saturating_add(step);
        match bytes.get(at.saturating_add(1)).ok_or(Fault::Truncated)? {
            0x00 | 0xd0..=0xd7 => from = at.saturating_add(2),
            0xff => from = at.saturating_add(1),
            _ => return Ok(at),
        }
    }
}

fn next_marker(reader: &mut Reader<'_>) -> Result<u8, Fault> {
    if reader.byte()? != 0xff {
        return Err(Fault::Broken("jpeg marker"));
    }
    // Any number of fill bytes may stand before a marker.
    let fill = reader.rest().iter().take_while(|byte| **byte == 0xff).count();
    reader.take(fill)?;
    reader.byte()
}
