//! Why a file is not accepted: a stable code for programs, a sentence in `words` for people.

/// A file is not what may be put on record. Sending the same bytes again will not help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No bytes at all.
    #[error("the file is empty")]
    Empty,
    /// Neither a picture, a video nor a PDF of a kind that is taken.
    #[error("files of this type are not taken")]
    TypeNotAllowed,
    /// More bytes than a file of its type may have.
    #[error("the file has more than {max} bytes")]
    TooLarge {
        /// The most it may have.
        max: u64,
    },
    /// It ends before its structure does.
    #[error("the file ends too early")]
    Truncated,
    /// Its structure is not that of its type.
    #[error("the file is broken: {0}")]
    Broken(&'static str),
    /// A side of no pixels.
    #[error("the picture has no pixels")]
    NoPixels,
    /// More pixels, or a longer side, than may be shown.
    #[error("the picture has too many pixels")]
    TooManyPixels,
    /// Bytes after its end that belong to nothing known.
    #[error("foreign bytes follow the end of the file")]
    TrailingBytes,
    /// It can also be read as a file of another type.
    #[error("the file is also a file of another type")]
    Disguised,
    /// It carries scripts, markup, attachments or orders to open something.
    #[error("the file has active content: {0}")]
    ActiveContent(&'static str),
    /// More than one frame.
    #[error("the picture is animated")]
    Animated,
    /// It cannot be looked into.
    #[error("the file is encrypted")]
    Encrypted,
    /// Parts of it are packed in a way that cannot be looked through.
    #[error("the file cannot be looked through: {0}")]
    Opaque(&'static str),
    /// More parts than any honest file has.
    #[error("the file has too many parts: {0}")]
    TooElaborate(&'static str),
}

impl Fault {
    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::TypeNotAllowed => "file_type_not_allowed",
            Self::TooLarge { .. } => "file_too_large",
            Self::Truncated => "file_truncated",
            Self::Broken(_) => "file_broken",
            Self::NoPixels => "file_no_pixels",
            Self::TooManyPixels => "file_too_many_pixels",
            Self::TrailingBytes => "file_trailing_bytes",
            Self::Disguised => "file_disguised",
            Self::ActiveContent(_) => "file_active_content",
            Self::Animated => "file_animated",
            Self::Encrypted => "file_encrypted",
            Self::Opaque(_) => "file_opaque",
            Self::TooElaborate(_) => "file_too_elaborate",
        }
    }
}
