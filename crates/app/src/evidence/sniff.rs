//! What a file is, told from its bytes alone: the type by its magic, the truth by its whole
//! structure, the pixels before anyone decodes. Nothing is decoded here and nothing is believed
//! of names or headers that came with it (B3; threats 14 and 15 of the evidence design).

mod boxes;
mod fault;
mod foreign;
mod heif;
mod jpeg;
mod media;
mod movie;
mod name;
mod packed;
mod pdf;
mod pixels;
mod png;
mod reader;
#[cfg(test)]
mod tests;
mod track;
mod trailer;
mod webp;

pub use fault::Fault;
pub use media::{Media, PICTURE_BYTES_MAX, VIDEO_BYTES_MAX};
pub use pixels::{AREA_PX_MAX, Pixels, SIDE_PX_MAX};
#[cfg(test)]
pub(super) use png::checksum as png_crc;

use domain::policy::EvidenceKind;
use foreign::{Own, TAIL_BYTES};
use media::HEAD_BYTES;
use movie::Movie;

/// What a file turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sniffed {
    /// Its type.
    pub media: Media,
    /// As what kind of evidence it counts.
    pub kind: EvidenceKind,
    /// Width and height; a PDF has none.
    pub pixels: Option<Pixels>,
    /// How long a video lasts, where it says so.
    pub duration_ms: Option<u64>,
}

/// Tells what a whole file is.
///
/// # Errors
/// [`Fault`] if it may not be put on record.
pub fn sniff(bytes: &[u8]) -> Result<Sniffed, Fault> {
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let mut sniffer = Sniffer::new(size);
    sniffer.feed(bytes)?;
    sniffer.finish()
}

/// Tells from the first bytes what a file of `size` bytes claims to be, so that a refusal need not
/// wait for the last: [`Fault::TypeNotAllowed`] or [`Fault::TooLarge`].
///
/// # Errors
/// [`Fault`] if no file that begins so may be put on record.
pub fn claim(head: &[u8], size: u64) -> Result<Media, Fault> {
    if head.is_empty() {
        return Err(Fault::Empty);
    }
    let media = Media::of(head).ok_or(Fault::TypeNotAllowed)?;
    let max = media.bytes_max();
    if size > max { Err(Fault::TooLarge { max }) } else { Ok(media) }
}

/// Tells what a file is as its bytes arrive. Holds a picture or PDF whole, of a video the index.
#[derive(Debug)]
pub struct Sniffer {
    size: u64,
    fed: u64,
    state: State,
    tail: Vec<u8>,
}

#[derive(Debug)]
enum State {
    Head(Vec<u8>),
    Whole(Media, Vec<u8>),
    Film(Media, Box<Movie>),
}

impl Sniffer {
    /// For a file that will have `size` bytes.
    #[must_use]
    pub const fn new(size: u64) -> Self {
        Self { size, fed: 0, state: State::Head(Vec::new()), tail: Vec::new() }
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`Fault`] as soon as it is certain.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.fed = self.fed.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if self.fed > self.size {
            return Err(Fault::TrailingBytes);
        }
        self.keep_tail(bytes);
        match &mut self.state {
            State::Whole(_, whole) => {
                whole.extend_from_slice(bytes);
                Ok(())
            }
            State::Film(_, movie) => movie.feed(bytes),
            State::Head(head) => {
                head.extend_from_slice(bytes);
                if head.len() < HEAD_BYTES && self.fed < self.size {
                    return Ok(());
                }
                let head = std::mem::take(head);
                self.begin(head)
            }
        }
    }

    /// Enough of the beginning is there to know the type.
    fn begin(&mut self, head: Vec<u8>) -> Result<(), Fault> {
        let media = claim(&head, self.size)?;
        let own = if media == Media::Pdf { Own::Pdf } else { Own::Other };
        foreign::check_head(&head, own)?;
        self.state = match media {
            Media::Mp4 | Media::Mov => {
                let mut movie = Box::new(Movie::new(self.size));
                movie.feed(&head)?;
                State::Film(media, movie)
            }
            Media::Jpeg | Media::Png | Media::Webp | Media::Heic | Media::Pdf => {
                State::Whole(media, head)
            }
        };
        Ok(())
    }

    /// What the file is, after all its bytes.
    ///
    /// # Errors
    /// [`Fault`] if it may not be put on record.
    pub fn finish(self) -> Result<Sniffed, Fault> {
        if self.size == 0 {
            return Err(Fault::Empty);
        }
        if self.fed < self.size {
            return Err(Fault::Truncated);
        }
        foreign::check_tail(&self.tail)?;
        let (media, pixels, duration_ms) = match self.state {
            State::Head(_) => return Err(Fault::Truncated),
            State::Film(media, movie) => {
                let film = movie.finish()?;
                (media, Some(film.pixels), film.duration_ms)
            }
            State::Whole(media, bytes) => (media, whole(media, &bytes)?, None),
        };
        Ok(Sniffed { media, kind: media.kind(), pixels, duration_ms })
    }

    fn keep_tail(&mut self, bytes: &[u8]) {
        let end = bytes.get(bytes.len().saturating_sub(TAIL_BYTES)..).unwrap_or(bytes);
        self.tail.extend_from_slice(end);
        if self.tail.len() > 4 * TAIL_BYTES {
            self.tail.drain(..self.tail.len().saturating_sub(TAIL_BYTES));
        }
    }
}

fn whole(media: Media, bytes: &[u8]) -> Result<Option<Pixels>, Fault> {
    foreign::check_archives(bytes)?;
    match media {
        Media::Jpeg => jpeg::read(bytes).map(Some),
        Media::Png => png::read(bytes).map(Some),
        Media::Webp => webp::read(bytes).map(Some),
        Media::Heic => heif::read(bytes).map(Some),
        Media::Pdf => pdf::read(bytes).map(|()| None),
        // Films are walked as they arrive and are never held whole.
        Media::Mp4 | Media::Mov => Err(Fault::TypeNotAllowed),
    }
}
