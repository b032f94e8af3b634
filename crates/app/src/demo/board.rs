//! What pages know of a demo: who can be visited, and what the visitor did last with time and
//! money. There is one visitor, so there is one board.

use super::{seed, tokens::Tokens, trouble::Trouble};
use crate::assembly::App;
use domain::{
    case::Stage,
    id::{CaseId, ShopId},
    moment::Moment,
};
use std::sync::{Mutex, PoisonError};

/// Changed cases that the bar names; the others are counted.
pub const NAMED_MAX: usize = 8;

/// What pages know of a demo.
pub struct Board {
    /// Who can be visited.
    pub tokens: Tokens,
    last: Mutex<Option<Happening>>,
}

/// Something that the visitor did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Time went on by so many seconds.
    Time(u32),
    /// Trouble was made, or ended.
    Trouble(Trouble),
}

/// What the visitor did, and what came of it.
#[derive(Clone, Debug)]
pub struct Happening {
    /// What was done.
    pub deed: Deed,
    /// The cases that changed, the last one first, as far as they are named.
    pub changed: Vec<Changed>,
    /// How many changed.
    pub count: usize,
}

/// A case that changed.
#[derive(Clone, Debug)]
pub struct Changed {
    /// In which shop.
    pub shop_id: ShopId,
    /// Which.
    pub case_id: CaseId,
    /// When it changed last.
    pub at: Moment,
    /// Where it stands now.
    pub stage: Option<Stage>,
}

/// The bar of a page.
#[derive(Clone, Debug)]
pub struct Bar {
    /// How far the demo's clock is ahead of the real one, in minutes.
    pub ahead_minutes: i64,
    /// What was done last.
    pub last: Option<Happening>,
}

impl Board {
    /// A board on which nothing stands yet.
    #[must_use]
    pub const fn new(tokens: Tokens) -> Self {
        Self { tokens, last: Mutex::new(None) }
    }

    /// Writes down what was done.
    pub fn note(&self, happening: Happening) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(happening);
    }

    /// The bar of a page.
    #[must_use]
    pub fn bar(&self, app: &App) -> Bar {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Bar { ahead_minutes: app.clock.apart_ms() / 60_000, last }
    }
}

impl Happening {
    /// Trouble was made.
    #[must_use]
    pub const fn trouble(trouble: Trouble) -> Self {
        Self { deed: Deed::Trouble(trouble), changed: Vec::new(), count: 0 }
    }

    /// Time went on, and these cases changed, oldest first.
    #[must_use]
    pub fn time(seconds: u32, mut changed: Vec<Changed>) -> Self {
        let count = changed.len();
        changed.reverse();
        changed.truncate(NAMED_MAX);
        Self { deed: Deed::Time(seconds), changed, count }
    }

    /// By how many minutes time went on, if it was that.
    #[must_use]
    pub const fn minutes(&self) -> Option<i64> {
        match self.deed {
            Deed::Time(seconds) => Some(seconds as i64 / 60),
            Deed::Trouble(_) => None,
        }
    }

    /// The sentence that says which trouble was made.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self.deed {
            Deed::Trouble(Trouble::PayLater) => "demo-did-pay-later",
            Deed::Trouble(Trouble::ShortBalance) => "demo-did-short-balance",
            Deed::Trouble(Trouble::Refuse) => "demo-did-refuse",
            Deed::Trouble(Trouble::LoseNotice) => "demo-did-lose-notice",
            Deed::Trouble(Trouble::Clear) => "demo-did-clear",
            Deed::Time(_)
            | Deed::Trouble(
                Trouble::LateNotice
                | Trouble::DoubleNotice
                | Trouble::ForgedNotice
                | Trouble::LoseAnswer
                | Trouble::Abnormal
                | Trouble::Close
                | Trouble::Busy,
            ) => "demo-did-other",
        }
    }

    /// How many cases changed that are not named.
    #[must_use]
    pub fn unnamed(&self) -> usize {
        self.count.saturating_sub(self.changed.len())
    }
}

impl Changed {
    /// What people call its shop.
    #[must_use]
    pub fn shop(&self) -> &str {
        seed::shop_name(self.shop_id.as_str())
    }

    /// The name of its stage.
    #[must_use]
    pub const fn stage(&self) -> &'static str {
        match self.stage {
            Some(stage) => stage.as_str(),
            None => "closed",
        }
    }
}
