//! The types that may be put on record, and how large files of each may be.

use super::png::SIGNATURE;
use domain::policy::EvidenceKind;
use serde::{Deserialize, Serialize};

/// The largest picture or PDF: 20 MiB.
pub const PICTURE_BYTES_MAX: u64 = 20 * 1024 * 1024;
/// The largest video: 200 MiB.
pub const VIDEO_BYTES_MAX: u64 = 200 * 1024 * 1024;
/// So many first bytes tell the type; the list of brands of a video is short.
pub(super) const HEAD_BYTES: usize = 4_096;

/// A type of file. New ones are added at the end; a name once stored never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Media {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
    /// HEIC and HEIF coded in HEVC.
    Heic,
    /// MP4.
    Mp4,
    /// QuickTime.
    Mov,
    /// PDF.
    Pdf,
}

impl Media {
    /// Every type.
    pub const ALL: [Self; 7] =
        [Self::Jpeg, Self::Png, Self::Webp, Self::Heic, Self::Mp4, Self::Mov, Self::Pdf];

    /// What the first bytes claim.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        if head.starts_with(b"\xff\xd8\xff") {
            return Some(Self::Jpeg);
        }
        if head.starts_with(SIGNATURE) {
            return Some(Self::Png);
        }
        if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
            return Some(Self::Webp);
        }
        if head.starts_with(b"%PDF-") {
            return Some(Self::Pdf);
        }
        (head.get(4..8) == Some(b"ftyp")).then(|| by_brands(head))?
    }

    /// What it is served as.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Heic => "image/heic",
            Self::Mp4 => "video/mp4",
            Self::Mov => "video/quicktime",
            Self::Pdf => "application/pdf",
        }
    }

    /// How its files end, without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Heic => "heic",
            Self::Mp4 => "mp4",
            Self::Mov => "mov",
            Self::Pdf => "pdf",
        }
    }

    /// As what kind of evidence it counts. That a picture shows the carrier's trace is said by
    /// people, not seen in its bytes.
    #[must_use]
    pub const fn kind(self) -> EvidenceKind {
        match self {
            Self::Jpeg | Self::Png | Self::Webp | Self::Heic => EvidenceKind::Photo,
            Self::Mp4 | Self::Mov => EvidenceKind::Video,
            Self::Pdf => EvidenceKind::Document,
        }
    }

    /// The most bytes a file of this type may have.
    #[must_use]
    pub const fn bytes_max(self) -> u64 {
        match self {
            Self::Mp4 | Self::Mov => VIDEO_BYTES_MAX,
            Self::Jpeg | Self::Png | Self::Webp | Self::Heic | Self::Pdf => PICTURE_BYTES_MAX,
        }
    }
}

/// Of the boxes of ISO 14496-12: the major brand decides; where it is general, the others.
fn by_brands(head: &[u8]) -> Option<Media> {
    let length: [u8; 4] = head.get(..4)?.try_into().ok()?;
    let length = usize::try_from(u32::from_be_bytes(length)).ok()?;
    // The list must lie in the head whole: it has no honest reason to be long.
    let list = head.get(8..length)?;
    let major = list.get(..4)?;
    let others = || list.get(8..).unwrap_or_default().chunks_exact(4);
    match major {
        b"qt  " => Some(Media::Mov),
        b"heic" | b"heix" | b"heim" | b"heis" => Some(Media::Heic),
        b"mif1" => others().any(|brand| matches!(brand, b"heic" | b"heix")).then_some(Media::Heic),
        b"isom" | b"iso2" | b"iso3" | b"iso4" | b"iso5" | b"iso6" | b"iso7" | b"iso8" | b"iso9"
        | b"mp41" | b"mp42" | b"avc1" | b"hvc1" | b"M4V " | b"M4VH" | b"MSNV" | b"dash"
        | b"3gp4" | b"3gp5" | b"3gp6" | b"3gp7" | b"XAVC" => Some(Media::Mp4),
        _ => None,
    }
}
