//! MP4 and QuickTime videos, box by box as the bytes arrive; media data is passed over, not kept.

use super::{
    boxes::{Budget, HEADER_BYTES_MAX, Kind, header},
    fault::Fault,
    foreign::refuse_markup,
    track::{self, Film},
};

/// An hour of video has an index of about 2 MiB.
const INDEX_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// So much of every other box is looked through.
const LOOK_BYTES_MAX: u64 = 64 * 1024;

/// A walk through the boxes of a video.
#[derive(Debug)]
pub(super) struct Movie {
    size: u64,
    passed: u64,
    budget: Budget,
    inside: Inside,
    index: Option<Vec<u8>>,
    media_bytes: u64,
}

#[derive(Debug)]
enum Inside {
    Header(Vec<u8>),
    Body { kind: Kind, left: u64, kept: Vec<u8>, keep: u64 },
}

impl Movie {
    /// A walk through a video of `size` bytes.
    pub(super) const fn new(size: u64) -> Self {
        Self {
            size,
            passed: 0,
            budget: Budget::new(),
            inside: Inside::Header(Vec::new()),
            index: None,
            media_bytes: 0,
        }
    }

    /// Takes the next bytes.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let used = match &mut self.inside {
                Inside::Header(_) => self.header(rest)?,
                Inside::Body { .. } => self.body(rest)?,
            };
            rest = rest.get(used..).unwrap_or_default();
        }
        Ok(())
    }

    /// What the video says of itself, after all bytes.
    pub(super) fn finish(self) -> Result<Film, Fault> {
        let between = matches!(&self.inside, Inside::Header(begun) if begun.is_empty());
        if !between || self.passed != self.size {
            return Err(Fault::Truncated);
        }
        let index = self.index.ok_or(Fault::Broken("video without an index"))?;
        if self.media_bytes == 0 {
            return Err(Fault::Broken("video without media"));
        }
        track::read(&index)
    }

    fn header(&mut self, bytes: &[u8]) -> Result<usize, Fault> {
        let Inside::Header(begun) = &mut self.inside else { return Ok(0) };
        let wanted = if begun.len() < 8 { 8 } else { HEADER_BYTES_MAX };
        let used = wanted.saturating_sub(begun.len()).min(bytes.len());
        begun.extend_from_slice(bytes.get(..used).unwrap_or_default());
        let found = match header(begun) {
            Ok(found) => found,
            Err(Fault::Truncated) if begun.len() < HEADER_BYTES_MAX => return Ok(used),
            Err(fault) => return Err(fault),
        };
        self.budget.spend()?;
        let start = self.passed.saturating_add(found.length);
        let to_end = self.size.checked_sub(start).ok_or(Fault::Truncated)?;
        let left = found.body.unwrap_or(to_end);
        if left > to_end {
            return Err(Fault::Truncated);
        }
        let keep = match &found.kind {
            b"mdat" => 0,
            b"moov" if self.index.is_some() => return Err(Fault::Broken("video with two indexes")),
            b"moov" if left > INDEX_BYTES_MAX => {
                return Err(Fault::TooElaborate("index of a video"));
            }
            b"moov" => INDEX_BYTES_MAX,
            _ => LOOK_BYTES_MAX,
        };
        self.passed = start;
        self.inside = Inside::Body { kind: found.kind, left, kept: Vec::new(), keep };
        if left == 0 {
            self.leave()?;
        }
        Ok(used)
    }

    fn body(&mut self, bytes: &[u8]) -> Result<usize, Fault> {
        let Inside::Body { left, kept, keep, .. } = &mut self.inside else { return Ok(0) };
        let used = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
        let room = usize::try_from(*keep).unwrap_or(usize::MAX).saturating_sub(kept.len());
        kept.extend_from_slice(bytes.get(..used.min(room)).unwrap_or_default());
        let count = u64::try_from(used).unwrap_or(u64::MAX);
        *left = left.saturating_sub(count);
        self.passed = self.passed.saturating_add(count);
        let over = *left == 0;
        if self.in_media() {
            self.media_bytes = self.media_bytes.saturating_add(count);
        }
        if over {
            self.leave()?;
        }
        Ok(used)
    }

    const fn in_media(&self) -> bool {
        matches!(&self.inside, Inside::Body { kind, .. } if matches!(kind, b"mdat"))
    }

    fn leave(&mut self) -> Result<(), Fault> {
        let inside = std::mem::replace(&mut self.inside, Inside::Header(Vec::new()));
        if let Inside::Body { kind, kept, .. } = inside {
            refuse_markup(&kept)?;
            if &kind == b"moov" {
                self.index = Some(kept);
            }
        }
        Ok(())
    }
}
