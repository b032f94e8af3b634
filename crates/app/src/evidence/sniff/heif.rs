//! HEIC and HEIF pictures (ISO 23008-12): the boxes that say what is in them and how large it is.

use super::{
    boxes::{Budget, Kind, after_version, child, children},
    fault::Fault,
    foreign::refuse_markup,
    pixels::Pixels,
    reader::Reader,
};

/// A file that is a HEIF picture coded in HEVC, with nothing behind it.
pub(super) fn read(bytes: &[u8]) -> Result<Pixels, Fault> {
    let mut budget = Budget::new();
    let top = children(bytes, &mut budget)?;
    let metas = top.iter().filter(|(kind, _)| kind == b"meta").count();
    let data = top.iter().any(|(kind, body)| kind == b"mdat" && !body.is_empty());
    for (kind, body) in &top {
        if !holds_media(kind) {
            refuse_markup(body)?;
        }
    }
    let meta = child(&top, b"meta").ok_or(Fault::Broken("heif without meta"))?;
    let meta = children(after_version(meta)?, &mut budget)?;
    let inside = child(&meta, b"idat").is_some_and(|body| !body.is_empty());
    if metas != 1 || !(data || inside) {
        return Err(Fault::Broken("heif without its data"));
    }
    is_picture(&meta)?;
    pixels(&meta, &mut budget)
}

/// Coded pictures, and the video that Samsung adds to a motion photo.
const fn holds_media(kind: &Kind) -> bool {
    matches!(kind, b"mdat" | b"mpvd" | b"sefd")
}

fn is_picture(meta: &[(Kind, &[u8])]) -> Result<(), Fault> {
    let handler = child(meta, b"hdlr").ok_or(Fault::Broken("heif without a handler"))?;
    let picture = handler.get(8..12) == Some(b"pict");
    let placed = [b"pitm", b"iloc", b"iinf"].iter().all(|kind| child(meta, kind).is_some());
    if picture && placed { Ok(()) } else { Err(Fault::Broken("heif without a picture")) }
}

/// The largest size named: a picture made of tiles names its own and that of its tiles. Every
/// size must be one that may be shown.
fn pixels(meta: &[(Kind, &[u8])], budget: &mut Budget) -> Result<Pixels, Fault> {
    let properties = child(meta, b"iprp").ok_or(Fault::Broken("heif without properties"))?;
    let properties = children(properties, budget)?;
    let container = child(&properties, b"ipco").ok_or(Fault::Broken("heif without properties"))?;
    let container = children(container, budget)?;
    if child(&container, b"hvcC").is_none() {
        return Err(Fault::TypeNotAllowed);
    }
    let mut largest: Option<Pixels> = None;
    for (_, body) in container.iter().filter(|(kind, _)| kind == b"ispe") {
        let mut reader = Reader::new(after_version(body)?);
        let size = Pixels::new(reader.be32()?, reader.be32()?)?;
        if largest.is_none_or(|known| known.area() < size.area()) {
            largest = Some(size);
        }
    }
    largest.ok_or(Fault::Broken("heif without a size"))
}
