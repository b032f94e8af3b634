//! The index of a video (`moov`): its tracks, its size, its length; and no orders to fetch things.

use super::{
    boxes::{Budget, Kind, after_version, child, children},
    fault::Fault,
    pixels::Pixels,
    reader::Reader,
};

/// A phone writes about six.
const TRACKS_MAX: usize = 64;

/// What a video says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Film {
    pub(super) pixels: Pixels,
    /// Absent where the file does not know, as in a live recording.
    pub(super) duration_ms: Option<u64>,
}

/// Reads the body of `moov`.
pub(super) fn read(index: &[u8]) -> Result<Film, Fault> {
    let mut budget = Budget::new();
    let index = children(index, &mut budget)?;
    // A reference movie fetches its data from elsewhere; a packed index cannot be read.
    if child(&index, b"rmra").is_some() || child(&index, b"cmov").is_some() {
        return Err(Fault::ActiveContent("reference movie"));
    }
    let head = child(&index, b"mvhd").ok_or(Fault::Broken("video without a header"))?;
    let duration_ms = duration_ms(head)?;
    let tracks = index.iter().filter(|(kind, _)| kind == b"trak");
    let mut largest: Option<Pixels> = None;
    for (number, (_, track)) in tracks.enumerate() {
        if number >= TRACKS_MAX {
            return Err(Fault::TooElaborate("tracks"));
        }
        if let Some(size) = picture_of(track, &mut budget)?
            && largest.is_none_or(|known| known.area() < size.area())
        {
            largest = Some(size);
        }
    }
    let pixels = largest.ok_or(Fault::TypeNotAllowed)?;
    Ok(Film { pixels, duration_ms })
}

fn duration_ms(head: &[u8]) -> Result<Option<u64>, Fault> {
    let mut reader = Reader::new(head);
    let [version, ..] = reader.array::<4>()?;
    let (scale, units) = if version == 0 {
        reader.take(8)?;
        let (scale, units) = (reader.be32()?, reader.be32()?);
        (scale, (units != u32::MAX).then_some(u64::from(units)))
    } else {
        reader.take(16)?;
        let (scale, units) = (reader.be32()?, reader.be64()?);
        (scale, (units != u64::MAX).then_some(units))
    };
    if scale == 0 {
        return Err(Fault::Broken("video without a clock"));
    }
    let ms = |units: u64| units.saturating_mul(1_000).checked_div(u64::from(scale));
    Ok(units.filter(|units| *units > 0).and_then(ms))
}

/// The size of a track's picture, if it is a track of pictures.
fn picture_of(track: &[u8], budget: &mut Budget) -> Result<Option<Pixels>, Fault> {
    let track = children(track, budget)?;
    let media = child(&track, b"mdia").ok_or(Fault::Broken("track without media"))?;
    let media = children(media, budget)?;
    let handler = child(&media, b"hdlr").ok_or(Fault::Broken("track without a handler"))?;
    let handler: Kind = Reader::new(handler.get(8..).unwrap_or_default()).array()?;
    let info = child(&media, b"minf").ok_or(Fault::Broken("track without information"))?;
    let info = children(info, budget)?;
    refuse_references(&info, budget)?;
    match &handler {
        b"vide" => {
            let head = child(&track, b"tkhd").ok_or(Fault::Broken("track without a header"))?;
            track_size(head).map(Some)
        }
        // Sprites, Flash, scenes: what once ran inside a player.
        b"sprt" | b"flsh" | b"sdsm" | b"odsm" | b"ocsm" | b"qd3d" => {
            Err(Fault::ActiveContent("scene in a video"))
        }
        _ => Ok(None),
    }
}

/// Width and height are the last two fields, in 65,536ths of a pixel.
fn track_size(head: &[u8]) -> Result<Pixels, Fault> {
    let start = head.len().checked_sub(8).ok_or(Fault::Truncated)?;
    let mut reader = Reader::new(head.get(start..).unwrap_or_default());
    let (width, height) = (reader.be32()? >> 16, reader.be32()? >> 16);
    Pixels::new(width, height)
}

/// The data of every track must lie in the file itself.
fn refuse_references(info: &[(Kind, &[u8])], budget: &mut Budget) -> Result<(), Fault> {
    let data = child(info, b"dinf").ok_or(Fault::Broken("track without data"))?;
    let data = children(data, budget)?;
    let list = child(&data, b"dref").ok_or(Fault::Broken("track without data"))?;
    let entries = after_version(list)?.get(4..).ok_or(Fault::Truncated)?;
    for (_, entry) in children(entries, budget)? {
        let [_, _, _, flags] = Reader::new(entry).array()?;
        let in_this_file = flags & 1 == 1;
        if !in_this_file {
            return Err(Fault::ActiveContent("reference to another file"));
        }
    }
    Ok(())
}
