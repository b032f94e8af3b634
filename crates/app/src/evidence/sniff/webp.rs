//! The chunks of a WebP (RFC 9649): one still picture, lossy or lossless.

use super::{fault::Fault, foreign::refuse_markup, pixels::Pixels, reader::Reader};

/// A still picture has at most seven.
const CHUNKS_MAX: usize = 64;
/// Bit 1 of the extended header: animation.
const ANIMATION: u8 = 0b10;

/// A file that is a WebP, with nothing behind it.
pub(super) fn read(bytes: &[u8]) -> Result<Pixels, Fault> {
    let mut reader = Reader::new(bytes);
    let riff = reader.take(4)?;
    let size = usize::try_from(reader.le32()?).map_err(|_| Fault::Truncated)?;
    if riff != b"RIFF" || reader.take(4)? != b"WEBP" {
        return Err(Fault::Broken("webp header"));
    }
    let body = size.checked_sub(4).ok_or(Fault::Broken("webp length"))?;
    let body = reader.take(body)?;
    if !reader.rest().is_empty() {
        return Err(Fault::TrailingBytes);
    }
    chunks(body)
}

fn chunks(body: &[u8]) -> Result<Pixels, Fault> {
    let mut reader = Reader::new(body);
    let (mut canvas, mut picture) = (None, None);
    for _ in 0..CHUNKS_MAX {
        if reader.rest().is_empty() {
            return agree(canvas, picture);
        }
        let kind: [u8; 4] = reader.array()?;
        let size = usize::try_from(reader.le32()?).map_err(|_| Fault::Truncated)?;
        let chunk = reader.take(size)?;
        reader.take(size & 1)?;
        match &kind {
            b"VP8X" if canvas.is_none() && picture.is_none() => canvas = Some(extended(chunk)?),
            b"VP8 " if picture.is_none() => picture = Some(lossy(chunk)?),
            b"VP8L" if picture.is_none() => picture = Some(lossless(chunk)?),
            b"VP8X" | b"VP8 " | b"VP8L" => return Err(Fault::Broken("webp with two pictures")),
            b"ANIM" | b"ANMF" => return Err(Fault::Animated),
            b"ALPH" => {}
            _ => refuse_markup(chunk)?,
        }
    }
    Err(Fault::TooElaborate("webp chunks"))
}

fn agree(canvas: Option<Pixels>, picture: Option<Pixels>) -> Result<Pixels, Fault> {
    let picture = picture.ok_or(Fault::Broken("webp without a picture"))?;
    let agrees = canvas.is_none_or(|canvas| canvas == picture);
    if agrees { Ok(picture) } else { Err(Fault::Broken("webp canvas")) }
}

fn extended(chunk: &[u8]) -> Result<Pixels, Fault> {
    let mut reader = Reader::new(chunk);
    let flags = reader.byte()?;
    reader.take(3)?;
    let (width, height) = (reader.le24()?, reader.le24()?);
    if flags & ANIMATION != 0 {
        return Err(Fault::Animated);
    }
    Pixels::new(width.saturating_add(1), height.saturating_add(1))
}

fn lossy(chunk: &[u8]) -> Result<Pixels, Fault> {
    let mut reader = Reader::new(chunk);
    let tag = reader.le24()?;
    let key_frame = tag & 1 == 0;
    if !key_frame || reader.take(3)? != b"\x9d\x01\x2a" {
        return Err(Fault::Broken("webp frame"));
    }
    // The upper two bits say how to scale.
    let (width, height) = (reader.le16()? & 0x3fff, reader.le16()? & 0x3fff);
    Pixels::new(width.into(), height.into())
}

fn lossless(chunk: &[u8]) -> Result<Pixels, Fault> {
    let mut reader = Reader::new(chunk);
    let signature = reader.byte()?;
    let bits = reader.le32()?;
    let version = bits >> 29;
    if signature != 0x2f || version != 0 {
        return Err(Fault::Broken("webp frame"));
    }
    let side = |bits: u32| (bits & 0x3fff).saturating_add(1);
    Pixels::new(side(bits), side(bits >> 14))
}
