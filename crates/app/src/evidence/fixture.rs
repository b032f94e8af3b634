//! Bytes for tests: the sample files, and builders for what must be refused.

use super::sniff::Media;

macro_rules! sample {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/evidence/", $name))
    };
}

pub(crate) const JPEG: &[u8] = sample!("photo.jpg");
pub(crate) const PNG: &[u8] = sample!("photo.png");
pub(crate) const WEBP: &[u8] = sample!("photo.webp");
pub(crate) const HEIC: &[u8] = sample!("photo.heic");
pub(crate) const MP4: &[u8] = sample!("film.mp4");
pub(crate) const MOV: &[u8] = sample!("film.mov");
pub(crate) const PDF: &[u8] = sample!("paper.pdf");
pub(crate) const PACKED_PDF: &[u8] = sample!("paper_packed.pdf");

/// A file, what it is and how large.
type Sample = (&'static [u8], Media, Option<(u32, u32)>);

/// Every sample.
pub(crate) const SAMPLES: [Sample; 13] = [
    (JPEG, Media::Jpeg, Some((32, 24))),
    (sample!("photo_progressive.jpg"), Media::Jpeg, Some((32, 24))),
    (PNG, Media::Png, Some((32, 24))),
    (sample!("photo_palette.png"), Media::Png, Some((32, 24))),
    (WEBP, Media::Webp, Some((32, 24))),
    (sample!("photo_lossless.webp"), Media::Webp, Some((32, 24))),
    (sample!("photo_alpha.webp"), Media::Webp, Some((32, 24))),
    (HEIC, Media::Heic, Some((64, 64))),
    (MP4, Media::Mp4, Some((64, 48))),
    (sample!("film_fragments.mp4"), Media::Mp4, Some((64, 48))),
    (MOV, Media::Mov, Some((64, 48))),
    (PDF, Media::Pdf, None),
    (PACKED_PDF, Media::Pdf, None),
];

pub(crate) fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

/// `bytes` with the first `from` replaced by `to`.
pub(crate) fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|part| part == from).unwrap();
    joined(&[&bytes[..at], to, &bytes[at + from.len()..]])
}

/// A box of an ISO file.
pub(crate) fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 8).unwrap().to_be_bytes();
    joined(&[&length, kind, body])
}

/// A chunk of a PNG, checksum and all.
pub(crate) fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    let crc = super::sniff::png_crc(&joined(&[kind, body])).to_be_bytes();
    joined(&[&length, kind, body, &crc])
}

/// A PNG that says it has so many pixels.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let sides = joined(&[&width.to_be_bytes(), &height.to_be_bytes(), &[8, 2, 0, 0, 0]]);
    let (head, data, end) = (chunk(b"IHDR", &sides), chunk(b"IDAT", b"data"), chunk(b"IEND", b""));
    joined(&[b"\x89PNG\r\n\x1a\n", &head, &data, &end])
}

/// A PDF of one page with these entries in its catalogue and these objects besides.
pub(crate) fn pdf(entries: &str, objects: &[u8]) -> Vec<u8> {
    let head = format!(
        "%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R {entries} >>\nendobj\n\
         2 0 obj\n<< /Type /Pages /Count 0 /Kids [] >>\nendobj\n"
    );
    let start = head.len() + objects.len();
    let end = format!(
        "\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 3 /Root 1 0 R >>\n\
         startxref\n{start}\n%%EOF\n"
    );
    joined(&[head.as_bytes(), objects, end.as_bytes()])
}

/// An empty ZIP archive's only record, with a comment.
pub(crate) fn zip_end(comment: &[u8]) -> Vec<u8> {
    let length = u16::try_from(comment.len()).unwrap().to_le_bytes();
    joined(&[b"PK\x05\x06", &[0; 16], &length, comment])
}
