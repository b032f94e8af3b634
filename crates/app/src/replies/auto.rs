//! Automatic replies: on which occasions a shop has the system answer the buyer, with which
//! template, and when its people are at the desk.

use super::{shipped, template};
use crate::{
    access,
    registry::{Change, Entry, Registry, draft, quiet},
};
use domain::{
    actor::{Actor, Side},
    case::Audience,
    event::{CaseEvent, RefundStep},
    id::ShopId,
    moment::Moment,
    policy::Language,
};
use engine::ports::{Store, StoreFault};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The document of a shop's automatic replies: kind and id.
pub const AUTO_REPLIES: (&str, &str) = ("auto_replies", "auto_replies");
/// The kind of documents, kept by the platform, that say how far a shop was answered.
pub const ANSWERED: &str = "auto_replies_answered";
/// How often they are put anew after the follower came first.
const TRIES_MAX: u32 = 8;
/// The minutes of a day.
pub const DAY_MINUTES: u16 = 1_440;
/// China is so far ahead of the zone moments are counted in.
const ZONE_MS: i64 = 8 * 3_600_000;
const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;

/// An occasion on which the system may answer.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// The buyer applied.
    Opened,
    /// More evidence is asked for.
    EvidenceRequested,
    /// Other terms are offered.
    Offered,
    /// It is approved and nothing goes back.
    Approved,
    /// It is approved and the goods go back first.
    ApprovedReturn,
    /// It is refused.
    Rejected,
    /// The goods are back.
    ReturnReceived,
    /// Other goods were sent.
    ReplacementSent,
    /// Money is ordered back.
    RefundOrdered,
    /// The money has gone.
    RefundSucceeded,
    /// The buyer writes while nobody is at the desk.
    OutsideHours,
}

impl Occasion {
    /// Every occasion, in the order of a case's life.
    pub const ALL: [Self; 11] = [
        Self::Opened,
        Self::EvidenceRequested,
        Self::Offered,
        Self::Approved,
        Self::ApprovedReturn,
        Self::Rejected,
        Self::ReturnReceived,
        Self::ReplacementSent,
        Self::RefundOrdered,
        Self::RefundSucceeded,
        Self::OutsideHours,
    ];

    /// What an event is an occasion for. A message is one only from a buyer, so that what the
    /// system says leads to nothing.
    #[must_use]
    pub fn of(what: &CaseEvent, by: &Actor) -> Option<Self> {
        match what {
            CaseEvent::Opened(_) => Some(Self::Opened),
            CaseEvent::EvidenceRequested { .. } => Some(Self::EvidenceRequested),
            CaseEvent::OfferMade { .. } => Some(Self::Offered),
            CaseEvent::Approved { deadline: Some(_), .. } => Some(Self::ApprovedReturn),
            CaseEvent::Approved { deadline: None, .. } => Some(Self::Approved),
            CaseEvent::Rejected { .. } => Some(Self::Rejected),
            CaseEvent::ReturnReceived => Some(Self::ReturnReceived),
            CaseEvent::ReplacementSent { .. } => Some(Self::ReplacementSent),
            CaseEvent::RefundOrdered { .. } => Some(Self::RefundOrdered),
            CaseEvent::RefundMoved {
                step: RefundStep::Succeeded { .. } | RefundStep::PaidOut { .. },
                ..
            } => Some(Self::RefundSucceeded),
            CaseEvent::MessagePosted { audience: Audience::Everyone, .. }
                if by.side() == Side::Buyer =>
            {
                Some(Self::OutsideHours)
            }
            CaseEvent::Amended(_)
            | CaseEvent::Withdrawn
            | CaseEvent::EvidenceAdded { .. }
            | CaseEvent::EvidenceLapsed { .. }
            | CaseEvent::MessagePosted { .. }
            | CaseEvent::OfferAccepted
            | CaseEvent::OfferDeclined { .. }
            | CaseEvent::OfferLapsed { .. }
            | CaseEvent::DecisionProposed { .. }
            | CaseEvent::ProposalDeclined { .. }
            | CaseEvent::ReturnShipped { .. }
            | CaseEvent::ReturnInspected { .. }
            | CaseEvent::RefundReplaced { .. }
            | CaseEvent::RefundMoved { .. }
            | CaseEvent::TicketOpened { .. }
            | CaseEvent::TicketAnswered { .. }
            | CaseEvent::TicketClosed { .. }
            | CaseEvent::Escalated { .. }
            | CaseEvent::DisputeReminded { .. }
            | CaseEvent::Ruled { .. }
            | CaseEvent::WatchSet { .. }
            | CaseEvent::Closed { .. }
            | CaseEvent::Marked { .. } => None,
        }
    }

    /// Whether an answer makes sense only while the case goes on.
    #[must_use]
    pub const fn needs_open_case(self) -> bool {
        match self {
            Self::Opened
            | Self::EvidenceRequested
            | Self::Offered
            | Self::ApprovedReturn
            | Self::ReturnReceived
            | Self::OutsideHours => true,
            Self::Approved
            | Self::Rejected
            | Self::ReplacementSent
            | Self::RefundOrdered
            | Self::RefundSucceeded => false,
        }
    }
}

/// An occasion that is switched on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Switched {
    /// The template that answers, by id.
    pub template: String,
    /// Since when: what happened before is not answered.
    pub since: Moment,
}

/// When people are at the desk, in China time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// From which minute of the day.
    pub from: u16,
    /// Until which minute of the day.
    pub until: u16,
    /// On which days of the week; 1 is Monday.
    pub days: Vec<u8>,
}

/// The automatic replies of a shop.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AutoReplies {
    /// What is switched on.
    pub on: BTreeMap<Occasion, Switched>,
    /// When people are at the desk.
    pub hours: Option<Hours>,
}

impl Hours {
    /// Whether they can be kept to.
    #[must_use]
    pub fn are_fit(&self) -> bool {
        let days = !self.days.is_empty() && self.days.iter().all(|day| (1..=7).contains(day));
        days && self.from < self.until && self.until <= DAY_MINUTES
    }

    /// Since when nobody has been at the desk; nothing while somebody is.
    #[must_use]
    pub fn closed_since(&self, at: Moment) -> Option<Moment> {
        let local = at.ms().saturating_add(ZONE_MS);
        let today = local.div_euclid(DAY_MS);
        let minute = local.rem_euclid(DAY_MS) / MINUTE_MS;
        let until = i64::from(self.until);
        if self.is_working(today) && (i64::from(self.from)..until).contains(&minute) {
            return None;
        }
        let closed_today = self.is_working(today) && minute >= until;
        let first = if closed_today { 0 } else { 1 };
        let day = (first..=7)
            .map(|back| today.saturating_sub(back))
            .find(|day| self.is_working(*day))
            .unwrap_or(today);
        let closed = day.saturating_mul(DAY_MS).saturating_add(until.saturating_mul(MINUTE_MS));
        Some(Moment::from_ms(closed.saturating_sub(ZONE_MS)))
    }

    /// Whether people work on a day, counted from 1 January 1970, a Thursday.
    fn is_working(&self, day: i64) -> bool {
        let weekday = day.saturating_add(3).rem_euclid(7).saturating_add(1);
        self.days.iter().any(|works| i64::from(*works) == weekday)
    }
}

/// How far the log of a shop was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// To which place in the log.
    pub until: i64,
    /// Whether anything is switched on.
    pub on: bool,
}

/// The automatic replies of a shop, with their version.
///
/// # Errors
/// [`StoreFault`] if they cannot be read.
pub async fn load(registry: &Registry, shop_id: &ShopId) -> Result<(u64, AutoReplies), StoreFault> {
    let found = registry.entry(shop_id, AUTO_REPLIES.0, AUTO_REPLIES.1).await?;
    Ok(found.map_or_else(
        || (0, AutoReplies::default()),
        |entry: Entry<AutoReplies>| (entry.version, entry.body),
    ))
}

/// Puts them in place of a version; the log is answered from where it is now. False if somebody
/// else was first.
///
/// # Errors
/// [`StoreFault`] if they cannot be written.
pub async fn put(
    (registry, store): (&Registry, &dyn Store),
    shop_id: &ShopId,
    (replaces, replies): (u64, &AutoReplies),
    by: &Actor,
    at: Moment,
) -> Result<bool, StoreFault> {
    for _ in 0..TRIES_MAX {
        if try_put((registry, store), shop_id, (replaces, replies), by, at).await? {
            return Ok(true);
        }
        // The follower may have come between, which is no reason to tell a person.
        if load(registry, shop_id).await?.0 != replaces {
            return Ok(false);
        }
    }
    Err(StoreFault::Busy("automatic replies are written by too many at once".to_owned()))
}

async fn try_put(
    (registry, store): (&Registry, &dyn Store),
    shop_id: &ShopId,
    (replaces, replies): (u64, &AutoReplies),
    by: &Actor,
    at: Moment,
) -> Result<bool, StoreFault> {
    let platform = platform()?;
    let (kind, id) = AUTO_REPLIES;
    let change = Change { shop_id, kind, id, replaces, body: replies };
    let mut drafts = vec![draft(&change, by, "auto_replies.changed", at)?];
    let answered = answered(registry, shop_id).await?;
    let on = !replies.on.is_empty();
    let was_on = answered.as_ref().is_some_and(|entry| entry.body.on);
    if on != was_on {
        // What is switched on anew answers what comes: what came while nothing was on is passed.
        let until = store.followed(shop_id).await?;
        let until = answered.as_ref().map_or(until, |entry| until.max(entry.body.until));
        let body = Answered { until, on };
        let replaces = answered.map_or(0, |entry| entry.version);
        let change = Change {
            shop_id: &platform,
            kind: ANSWERED,
            id: shop_id.as_str(),
            replaces,
            body: &body,
        };
        drafts.push(quiet(&change, at)?);
    }
    registry.put_together(drafts).await
}

/// How far the log of a shop was answered.
///
/// # Errors
/// [`StoreFault`] if it cannot be read.
pub async fn answered(
    registry: &Registry,
    shop_id: &ShopId,
) -> Result<Option<Entry<Answered>>, StoreFault> {
    registry.entry(&platform()?, ANSWERED, shop_id.as_str()).await
}

/// The shop whose documents are the platform's.
///
/// # Errors
/// [`StoreFault`] if its id were none.
pub fn platform() -> Result<ShopId, StoreFault> {
    access::platform().map_err(|error| StoreFault::Broken(error.to_string()))
}

/// Whether a template answers by itself.
#[must_use]
pub fn uses(replies: &AutoReplies, template: &str) -> bool {
    replies.on.values().any(|switched| switched.template == template)
}

/// Whether there is a template of that id that may answer.
///
/// # Errors
/// [`StoreFault`] if it cannot be read.
pub async fn may_answer(
    registry: &Registry,
    shop_id: &ShopId,
    id: &str,
) -> Result<bool, StoreFault> {
    if shipped::of(id).is_some() {
        return Ok(true);
    }
    let found = template::find(registry, shop_id, id, Language::Zh).await?;
    Ok(found.is_some_and(|template| template.active))
}

#[cfg(test)]
mod tests {
    use super::Hours;
    use domain::moment::Moment;

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    #[test]
    fn a_desk_is_closed_since_it_last_closed() {
        // 2026-11-27 is a Friday.
        let hours = Hours { from: 540, until: 1_080, days: vec![1, 2, 3, 4, 5] };
        assert_eq!(hours.closed_since(at("2026-11-27T10:00:00+08:00")), None);
        assert_eq!(hours.closed_since(at("2026-11-27T09:00:00+08:00")), None);
        let friday = Some(at("2026-11-27T18:00:00+08:00"));
        for closed in ["2026-11-27T18:00:00+08:00", "2026-11-29T23:00:00+08:00"] {
            assert_eq!(hours.closed_since(at(closed)), friday, "{closed}");
        }
        assert_eq!(hours.closed_since(at("2026-11-30T08:59:59+08:00")), friday);
        assert_eq!(
            hours.closed_since(at("2026-11-27T01:00:00+08:00")),
            Some(at("2026-11-26T18:00:00+08:00"))
        );
    }

    #[test]
    fn hours_that_cannot_be_kept_to_are_unfit() {
        let hours = |from, until, days: &[u8]| Hours { from, until, days: days.to_vec() };
        assert!(hours(0, 1_440, &[7]).are_fit());
        for unfit in
            [hours(600, 600, &[1]), hours(0, 1_441, &[1]), hours(0, 1, &[]), hours(0, 1, &[8])]
        {
            assert!(!unfit.are_fit(), "{unfit:?}");
        }
    }
}
