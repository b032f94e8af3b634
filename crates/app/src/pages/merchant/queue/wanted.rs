//! What of the queue is wanted, as the address says it; and the address of what is wanted.

use crate::{
    access::caller::Holder,
    api::problem::Problem,
    pages::{
        fields::amount,
        page::encoded,
        visit::{self, Visit},
    },
};
use axum::http::StatusCode;
use domain::{
    actor::Side,
    case::Stage,
    id::{BuyerId, ReasonCode},
    money::Currency,
};
use engine::{
    figures::Day,
    rows::{CaseFilter, CaseOrder},
};
use std::collections::BTreeMap;

/// The tabs, the first of which is shown where none is asked for.
pub const TABS: [&str; 6] = ["todo", "buyer", "platform", "refunding", "closed", "all"];
/// Every name of the address that says what is wanted.
const NAMES: [&str; 14] = [
    "tab", "stage", "sort", "q", "type", "reason", "min", "max", "buyer", "tier", "tag", "who",
    "since", "until",
];
/// The longest value of one of them, in characters.
const CHARS_MAX: usize = 128;

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Most money at risk in the least time first.
    Risk,
    /// Nearest deadline first.
    Deadline,
    /// Last opened first.
    Newest,
}

impl Sort {
    /// Every order.
    pub const ALL: [Self; 3] = [Self::Risk, Self::Deadline, Self::Newest];

    /// Its name in the address.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Risk => "risk",
            Self::Deadline => "deadline",
            Self::Newest => "newest",
        }
    }
}

/// What is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted(BTreeMap<&'static str, String>);

impl Wanted {
    /// What a query asks for; names that are not known say nothing.
    #[must_use]
    pub fn of(query: &BTreeMap<String, String>) -> Self {
        let value = |name| {
            let value = query.get(name)?.trim();
            let value: String = value.chars().take(CHARS_MAX).collect();
            (!value.is_empty()).then_some((name, value))
        };
        Self(NAMES.into_iter().filter_map(value).collect())
    }

    /// What a query written as in an address asks for.
    #[must_use]
    pub fn read(query: &str) -> Self {
        Self::of(&visit::query(&format!("/?{query}").parse().unwrap_or_default()))
    }

    /// A value as it was asked for; empty if it was not.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The tab.
    #[must_use]
    pub fn tab(&self) -> &'static str {
        let asked = self.get("tab");
        TABS.into_iter().find(|tab| *tab == asked).unwrap_or("todo")
    }

    /// The order: what is at risk first where the shop must act, the newest elsewhere.
    #[must_use]
    pub fn sort(&self) -> Sort {
        let asked = self.get("sort");
        let usual = if self.tab() == "todo" { Sort::Risk } else { Sort::Newest };
        Sort::ALL.into_iter().find(|sort| sort.name() == asked).unwrap_or(usual)
    }

    /// Whether anything is narrowed beyond the tab.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        self.0.keys().any(|name| !matches!(*name, "tab" | "sort"))
    }

    /// The query that asks for it.
    #[must_use]
    pub fn query(&self) -> String {
        self.with(&[])
    }

    /// The address that asks for it, with something else in places.
    #[must_use]
    pub fn path(&self, other: &[(&'static str, &str)]) -> String {
        format!("/m/cases?{}", self.with(other))
    }

    /// The address that asks for it.
    #[must_use]
    pub fn here(&self) -> String {
        self.path(&[])
    }

    /// The address of the list alone.
    #[must_use]
    pub fn part(&self) -> String {
        format!("/m/cases?{}&part=rows", self.query())
    }

    /// The address of the same tab, not narrowed.
    #[must_use]
    pub fn plain(&self) -> String {
        format!("/m/cases?tab={}", self.tab())
    }

    fn with(&self, other: &[(&'static str, &str)]) -> String {
        let mut all = self.0.clone();
        all.extend(other.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let pairs = all.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
        pairs.collect::<Vec<_>>().join("&")
    }

    /// What the store is asked for.
    ///
    /// # Errors
    /// A [`Problem`] if a value cannot be read.
    pub fn filter(&self, visit: &Visit, limit: u32) -> Result<CaseFilter, Problem> {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let wrong = || visit.asked.problem(status, "request_malformed");
        let fen = |name| match self.get(name) {
            "" => Ok(None),
            text => amount(text, Currency::CNY).map(|money| Some(money.minor())).ok_or_else(|| {
                let about = ("amount", text);
                Problem::about(status, "amount_unreadable", about, visit.language())
            }),
        };
        let mut filter = CaseFilter::all(Some(visit.shop()?.clone()), limit);
        let stage = |stage: Stage| Some(stage.as_str().to_owned());
        match self.tab() {
            "todo" => filter.waits_for = Some(Side::Merchant),
            "buyer" => filter.waits_for = Some(Side::Buyer),
            "platform" => filter.stage = stage(Stage::Disputed),
            "refunding" => filter.stage = stage(Stage::Refunding),
            "closed" => filter.stage = stage(Stage::Closed),
            _ => {}
        }
        if let Some(named) = read::<Stage>(self.get("stage")) {
            filter.stage = stage(named);
        }
        filter.order = match self.sort() {
            Sort::Risk => CaseOrder::Risk,
            Sort::Deadline => CaseOrder::Deadline,
            Sort::Newest => CaseOrder::Newest,
        };
        filter.case_type = read(self.get("type"));
        let day = |name| match self.get(name) {
            "" => Ok(None),
            text => Day::parse(text).map(Some).ok_or_else(|| {
                Problem::about(status, "day_unreadable", ("day", text), visit.language())
            }),
        };
        filter.opened_since = day("since")?.map(Day::starts_at);
        // To the end of the last day.
        filter.opened_until = day("until")?.map(|day| day.plus(1).starts_at());
        filter.amount_min = fen("min")?;
        filter.amount_max = fen("max")?;
        filter.tier = self.some("tier");
        filter.tag = self.some("tag");
        filter.assignee = self.some("who").map(|who| match who.as_str() {
            "me" => me(visit),
            "none" => String::new(),
            _ => who,
        });
        if let Some(reason) = self.some("reason") {
            filter.reason = Some(ReasonCode::parse(&reason).map_err(|_| wrong())?);
        }
        if let Some(buyer) = self.some("buyer") {
            filter.buyer_id = Some(BuyerId::parse(&buyer).map_err(|_| wrong())?);
        }
        Ok(filter)
    }

    fn some(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }
}

/// The id of who is here.
pub(super) fn me(visit: &Visit) -> String {
    match &visit.asked.caller.holder {
        Holder::Person(id, _) => id.to_string(),
        Holder::Buyer(_) | Holder::Key(..) => String::new(),
    }
}

fn read<T: serde::de::DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}

#[cfg(test)]
mod tests {
    use super::{Sort, Wanted};

    #[test]
    fn an_address_says_what_is_wanted_and_nothing_else() {
        let wanted = Wanted::read("tab=buyer&q=%E6%9D%AF%E5%AD%90+%26&evil=1&min=");
        assert_eq!((wanted.tab(), wanted.get("q")), ("buyer", "杯子 &"));
        assert_eq!(wanted.query(), "q=%E6%9D%AF%E5%AD%90%20%26&tab=buyer");
        assert_eq!(Wanted::read(&wanted.query()), wanted);
        assert!(wanted.is_narrowed() && !Wanted::read("tab=all").is_narrowed());
        assert_eq!(Wanted::read("").sort(), Sort::Risk);
        assert_eq!(wanted.sort(), Sort::Newest);
    }
}
