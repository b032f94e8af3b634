//! The chunks of a PNG (ISO 15948), each with its checksum, from signature to `IEND`.

use super::{fault::Fault, foreign::refuse_markup, pixels::Pixels, reader::Reader, trailer};

/// The first eight bytes.
pub(super) const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";
/// Some programs write data in pieces of a few hundred bytes.
const CHUNKS_MAX: usize = 100_000;

/// A file that is a PNG, with nothing unknown behind it.
pub(super) fn read(bytes: &[u8]) -> Result<Pixels, Fault> {
    let mut reader = Reader::new(bytes);
    if reader.take(SIGNATURE.len())? != SIGNATURE {
        return Err(Fault::Broken("png signature"));
    }
    let (kind, body) = chunk(&mut reader)?;
    if &kind != b"IHDR" {
        return Err(Fault::Broken("png without a header"));
    }
    let header = header(body)?;
    let mut seen = Seen::default();
    for _ in 0..CHUNKS_MAX {
        let (kind, body) = chunk(&mut reader)?;
        if &kind == b"IEND" {
            seen.complete(&header, body)?;
            trailer::check(reader.rest())?;
            return Ok(header.pixels);
        }
        seen.note(kind, body)?;
    }
    Err(Fault::TooElaborate("png chunks"))
}

#[derive(Debug)]
struct Header {
    pixels: Pixels,
    indexed: bool,
}

fn header(body: &[u8]) -> Result<Header, Fault> {
    let mut reader = Reader::new(body);
    let (width, height) = (reader.be32()?, reader.be32()?);
    let [depth, colour, packing, filter, interlace] = reader.array()?;
    let coloured = match colour {
        0 => matches!(depth, 1 | 2 | 4 | 8 | 16),
        3 => matches!(depth, 1 | 2 | 4 | 8),
        2 | 4 | 6 => matches!(depth, 8 | 16),
        _ => false,
    };
    if !coloured || packing != 0 || filter != 0 || interlace > 1 || !reader.rest().is_empty() {
        return Err(Fault::Broken("png header"));
    }
    Ok(Header { pixels: Pixels::new(width, height)?, indexed: colour == 3 })
}

#[derive(Debug, Default)]
struct Seen {
    palette: bool,
    data_bytes: usize,
    data_over: bool,
}

impl Seen {
    fn note(&mut self, kind: [u8; 4], body: &[u8]) -> Result<(), Fault> {
        if &kind != b"IDAT" && self.data_bytes > 0 {
            self.data_over = true;
        }
        match &kind {
            b"IDAT" if self.data_over => Err(Fault::Broken("png data in two places")),
            b"IDAT" => {
                self.data_bytes = self.data_bytes.saturating_add(body.len());
                Ok(())
            }
            b"PLTE" if self.palette || self.data_bytes > 0 => Err(Fault::Broken("png palette")),
            b"PLTE" => {
                self.palette = true;
                Ok(())
            }
            b"acTL" | b"fcTL" | b"fdAT" => Err(Fault::Animated),
            [first, ..] if first.is_ascii_uppercase() => Err(Fault::Broken("png chunk")),
            _ => refuse_markup(body),
        }
    }

    fn complete(&self, header: &Header, end: &[u8]) -> Result<(), Fault> {
        let palette = self.palette || !header.indexed;
        let whole = self.data_bytes > 0 && palette && end.is_empty();
        if whole { Ok(()) } else { Err(Fault::Broken("png without its data")) }
    }
}

fn chunk<'a>(reader: &mut Reader<'a>) -> Result<([u8; 4], &'a [u8]), Fault> {
    let length = usize::try_from(reader.be32()?).map_err(|_| Fault::Truncated)?;
    let kind: [u8; 4] = reader.array()?;
    if !kind.iter().all(u8::is_ascii_alphabetic) {
        return Err(Fault::Broken("png chunk"));
    }
    let body = reader.take(length)?;
    let checksum = reader.be32()?;
    let crc = crc(body, crc(&kind, u32::MAX)) ^ u32::MAX;
    if crc == checksum { Ok((kind, body)) } else { Err(Fault::Broken("png checksum")) }
}

#[cfg(test)]
pub(crate) fn checksum(bytes: &[u8]) -> u32 {
    crc(bytes, u32::MAX) ^ u32::MAX
}

/// The checksum of PNG, ISO 3309: begin with all ones, end with all bits turned.
fn crc(bytes: &[u8], begin: u32) -> u32 {
    bytes.iter().fold(begin, |crc, byte| {
        let [low, ..] = crc.to_le_bytes();
        crc.wrapping_shr(8) ^ TABLE.get(usize::from(low ^ byte)).copied().unwrap_or_default()
    })
}

const TABLE: [u32; 256] = table();

#[expect(clippy::indexing_slicing, reason = "evaluated at compile time, where it cannot fail")]
const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut entry = 0_u32;
    while entry < 256 {
        let mut bits = entry;
        let mut turn = 0;
        while turn < 8 {
            bits = if bits & 1 == 1 { 0xedb8_8320 ^ (bits >> 1) } else { bits >> 1 };
            turn += 1;
        }
        table[entry as usize] = bits;
        entry += 1;
    }
    table
}
