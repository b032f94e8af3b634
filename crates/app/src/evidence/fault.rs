//! What can go wrong with files: each with a stable code, and whether trying again may help.

use super::sniff;
use engine::ports::StoreFault;

/// A call about files failed, or was refused.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// There is none, or it is not theirs: which of the two is not told.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The bytes are not what may be put on record.
    #[error(transparent)]
    Unfit(#[from] sniff::Fault),
    /// The file of this upload was refused before.
    #[error("the file of this upload was refused: {code}")]
    Refused {
        /// Why.
        code: String,
    },
    /// Parts come in order, each at a multiple of the part size.
    #[error("the next part begins at {next_offset}")]
    WrongOffset {
        /// Where to go on.
        next_offset: u64,
    },
    /// Every part but the last has the part size.
    #[error("this part must have {expected} bytes")]
    WrongLength {
        /// How many.
        expected: u64,
    },
    /// A part was sent again, with other bytes.
    #[error("another part was stored at {offset}")]
    PartDiffers {
        /// Where.
        offset: u64,
    },
    /// The bytes are not those whose sum was declared: damaged on the way.
    #[error("the bytes do not have the declared sum")]
    DigestDiffers,
    /// Parts are missing.
    #[error("the upload goes on at {next_offset}")]
    Unfinished {
        /// Where.
        next_offset: u64,
    },
    /// It was not finished in time.
    #[error("the upload has expired")]
    Expired,
    /// The id was used for another upload.
    #[error("this upload id is taken")]
    IdTaken,
    /// More in one call than it takes; to be sent in parts.
    #[error("more than {max} bytes in one call")]
    TooLargeAtOnce {
        /// The most it takes.
        max: u64,
    },
    /// Too many uploads are open.
    #[error("too many uploads are open: at most {max}")]
    TooManyOpen {
        /// The most at the same time.
        max: usize,
    },
    /// The day's bytes or files are used up.
    #[error("the uploads of the day are used up")]
    QuotaUsedUp,
    /// Others change the same thing all the time.
    #[error("too many changes at the same time")]
    Busy,
    /// The bytes in storage are not those that were put there.
    #[error("the stored bytes are damaged")]
    Damaged,
    /// What is kept about a file cannot be read.
    #[error("the {0} of a file cannot be read")]
    Unreadable(&'static str),
    /// The configuration names no storage we can open.
    #[error("open the storage of files: {0}")]
    Configuration(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreFault),
    /// The storage failed. What it says may name paths: for logs, not for people.
    #[error("{attempt}")]
    Storage {
        /// What was attempted.
        attempt: &'static str,
        /// Why not.
        source: Box<object_store::Error>,
    },
}

/// Whether a call may be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// It will fail again.
    Never,
    /// After doing what the fault says: another offset, the same bytes undamaged.
    Corrected,
    /// As it is, after a while.
    Later,
}

impl Fault {
    /// Its stable code.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::NotFound(_) => "file_not_found",
            Self::Unfit(fault) => fault.code(),
            Self::Refused { code } => code,
            Self::WrongOffset { .. } => "upload_wrong_offset",
            Self::WrongLength { .. } => "upload_wrong_length",
            Self::PartDiffers { .. } => "upload_part_differs",
            Self::DigestDiffers => DIGEST_DIFFERS,
            Self::Unfinished { .. } => "upload_unfinished",
            Self::Expired => "upload_expired",
            Self::IdTaken => "upload_id_taken",
            Self::TooLargeAtOnce { .. } => "upload_in_parts",
            Self::TooManyOpen { .. } => "upload_too_many_open",
            Self::QuotaUsedUp => "upload_quota_used_up",
            Self::Busy => "file_busy",
            Self::Damaged => "file_damaged",
            Self::Unreadable(_) | Self::Configuration(_) => "file_unavailable",
            Self::Store(_) | Self::Storage { .. } => "file_storage_failed",
        }
    }

    /// Whether trying again may help.
    #[must_use]
    pub fn retry(&self) -> Retry {
        match self {
            Self::WrongOffset { .. }
            | Self::WrongLength { .. }
            | Self::DigestDiffers
            | Self::Unfinished { .. }
            | Self::TooLargeAtOnce { .. } => Retry::Corrected,
            Self::Busy
            | Self::TooManyOpen { .. }
            | Self::QuotaUsedUp
            | Self::Storage { .. }
            | Self::Store(StoreFault::Busy(_) | StoreFault::Unknown(_)) => Retry::Later,
            Self::NotFound(_)
            | Self::Unfit(_)
            | Self::Refused { .. }
            | Self::PartDiffers { .. }
            | Self::Expired
            | Self::IdTaken
            | Self::Damaged
            | Self::Unreadable(_)
            | Self::Configuration(_)
            | Self::Store(StoreFault::Broken(_)) => Retry::Never,
        }
    }

    /// The offset at which an upload goes on, where that is what is wrong.
    #[must_use]
    pub const fn next_offset(&self) -> Option<u64> {
        if let Self::WrongOffset { next_offset } | Self::Unfinished { next_offset } = self {
            return Some(*next_offset);
        }
        None
    }
}

/// Also kept with an upload that was refused for it.
pub(super) const DIGEST_DIFFERS: &str = "upload_digest_differs";

/// `map_err` with what was attempted.
pub(super) fn storing(attempt: &'static str) -> impl Fn(object_store::Error) -> Fault {
    move |error| Fault::Storage { attempt, source: Box::new(error) }
}
