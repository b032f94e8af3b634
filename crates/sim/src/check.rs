//! What must hold at rest: the outbox follows from the log, rows are what the log says, and the
//! bank's books are ours, fen by fen.

mod books;

use crate::{
    home,
    mirror::{Mirror, Violation},
    world::World,
};
use domain::{
    calendar::Calendar,
    case::Case,
    id::{BuyerId, EffectId, ShopId},
    refund::{Path, Refund, State},
};
use engine::{
    consequence::views,
    ports::{Clock, StoreFault},
    rebuild::{Mode, check_figures, rebuild},
    rows::{EffectFilter, EffectRow, LIMIT_MAX, OrderFilter, OrderRow, StreamKey},
    rulebook::Rulebook,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

type Outbox = BTreeMap<EffectId, EffectRow>;
type Waiting<'a> = BTreeSet<(&'a str, &'a str)>;

impl World {
    /// Everything on the outbox was called for by an event, and everything that was called for
    /// and is not known to be done is on the outbox.
    ///
    /// # Errors
    /// The [`Violation`] that was found.
    pub fn outbox_follows_from_log(&self) -> Result<(), Violation> {
        for stall in &self.stalls {
            let outbox = self.outbox(&stall.shop_id)?;
            for row in outbox.values() {
                let called =
                    self.mirror.called.get(&(stall.shop_id.clone(), row.effect_id.clone()));
                if called.is_none_or(|called| called.effect.kind() != row.kind) {
                    let what = format!("{} {} follows from no event", row.effect_id, row.kind);
                    return Err(Violation::of("the outbox follows from the log", what));
                }
            }
            let waiting = self.waiting(&stall.shop_id, &outbox);
            let of_shop =
                self.mirror.streams.iter().filter(|(key, _)| key.shop_id == stall.shop_id);
            for (key, stream) in of_shop {
                for case in &stream.order.cases {
                    is_cared_for(key, case, &waiting)?;
                }
            }
        }
        Ok(())
    }

    fn outbox(&self, shop_id: &ShopId) -> Result<Outbox, Violation> {
        let mut outbox = Outbox::new();
        loop {
            let after = outbox.last_key_value().map(|(effect_id, _)| effect_id.clone());
            let shop_id = shop_id.clone();
            let filter = EffectFilter { shop_id, state: None, after, limit: LIMIT_MAX };
            let store = self.ground.home.store();
            let rows = home::now(async move { store.effects(&filter).await })?.rows;
            if rows.is_empty() {
                return Ok(outbox);
            }
            outbox.extend(rows.into_iter().map(|row| (row.effect_id.clone(), row)));
        }
    }

    /// What waits on an outbox: the kind of each effect and the refund that it is about.
    fn waiting(&self, shop_id: &ShopId, outbox: &Outbox) -> Waiting<'_> {
        let called = outbox.keys().filter_map(|effect_id| {
            let called = self.mirror.called.get(&(shop_id.clone(), effect_id.clone()))?;
            Some((called.effect.kind(), called.effect.refund_no().as_str()))
        });
        called.collect()
    }

    /// Rows that people list, standings and figures are what the log says.
    ///
    /// # Errors
    /// The [`Violation`] that was found.
    pub fn views_follow_from_log(&self) -> Result<(), Violation> {
        for stall in &self.stalls {
            let (store, shop_id) = (self.ground.home.store(), stall.shop_id.clone());
            let report = home::now(async move {
                rebuild(store.as_ref(), &shop_id, Mode::Check).await.map_err(broken)
            })?;
            if let Some(wrong) = report.wrong.first() {
                return Err(Violation::of("rows are what the log says", wrong.clone()));
            }
            self.order_rows(&stall.shop_id)?;
        }
        self.standings()
    }

    fn order_rows(&self, shop_id: &ShopId) -> Result<(), Violation> {
        let filter =
            OrderFilter { shop_id: shop_id.clone(), buyer_id: None, after: None, limit: LIMIT_MAX };
        let store = self.ground.home.store();
        let rows = home::now(async move { store.orders(&filter).await })?.rows;
        let rows: BTreeMap<StreamKey, OrderRow> =
            rows.into_iter().map(|row| (row.key.clone(), row)).collect();
        for (key, stream) in self.mirror.streams.iter().filter(|(key, _)| key.shop_id == *shop_id) {
            let right = views(key, &stream.order).order;
            let same = match (rows.get(key), &right) {
                (Some(row), Some(right)) => {
                    OrderRow { version: row.version, ..right.clone() } == *row
                }
                (row, right) => row.is_none() && right.is_none(),
            };
            if !same {
                return Err(Violation::of("rows are what the log says", format!("{key:?}")));
            }
        }
        Ok(())
    }

    fn standings(&self) -> Result<(), Violation> {
        for ((shop_id, buyer_id, year), right) in &self.mirror.years {
            let (store, shop, buyer): (_, ShopId, BuyerId) =
                (self.ground.home.store(), shop_id.clone(), buyer_id.clone());
            let (year, now) = (*year, self.now());
            let row = home::now(async move { store.standing(&shop, &buyer, year, now).await })?;
            if row.refunded_minor != *right {
                let what = format!("{buyer_id} {year}: {} and not {right}", row.refunded_minor);
                return Err(Violation::of("a buyer's total is what the log says", what));
            }
        }
        Ok(())
    }

    /// Figures and words are what the log says, once the follower has come to the end of it.
    ///
    /// # Errors
    /// The [`Violation`] that was found.
    pub fn figures_follow_from_log(&self) -> Result<(), Violation> {
        for stall in &self.stalls {
            let (store, shop_id) = (self.ground.home.store(), stall.shop_id.clone());
            let clock = Arc::new(crate::clock::ProcessClock::over(Arc::clone(&self.ground.time)));
            let clock = clock as Arc<dyn Clock>;
            let report = home::now(async move {
                let rules = Rulebook::new(Arc::clone(&store), clock, Calendar::built_in());
                check_figures(store.as_ref(), &rules, &shop_id).await.map_err(broken)
            })?;
            if let Some(wrong) = report.wrong.first() {
                return Err(Violation::of("figures are what the log says", wrong.clone()));
            }
        }
        Ok(())
    }

    /// Nobody carried out an effect that another was at.
    ///
    /// # Errors
    /// The [`Violation`] that was found.
    pub fn leases_were_honoured(&self) -> Result<(), Violation> {
        match self.ground.leases.broken() {
            Some(what) => Err(Violation::of("nobody is given what another holds", what)),
            None => Ok(()),
        }
    }

    /// What must hold the moment after something struck: later the world may have healed it.
    ///
    /// # Errors
    /// The [`Violation`] that was found.
    pub fn holds_after_trouble(&self) -> Result<(), Violation> {
        self.leases_were_honoured()?;
        self.outbox_follows_from_log()?;
        self.bank_said_what_we_say()
    }

    /// Everything that must hold in any weather, when nobody is at work.
    ///
    /// # Errors
    /// The [`Violation`] that was found.
    pub fn holds_at_rest(&self) -> Result<(), Violation> {
        self.holds_after_trouble()?;
        self.views_follow_from_log()?;
        self.bank_asked_for_what_was_ordered()
    }
}

/// Money on its way is never left to itself.
fn is_cared_for(key: &StreamKey, case: &Case, waiting: &Waiting<'_>) -> Result<(), Violation> {
    for refund in &case.refunds {
        let waits = |kind: &str| waiting.contains(&(kind, refund.refund_no.as_str()));
        let original = matches!(refund.path, Path::Original(_));
        let unsent = matches!(refund.state, State::Ordered | State::Waiting | State::Uncertain);
        let lost = if original && unsent {
            !waits("refund")
        } else if original && refund.state == State::Accepted {
            !waits("query_refund")
        } else {
            false
        };
        if lost {
            let (no, state) = (&refund.refund_no, refund.state);
            let what = format!("{:?} refund {no} is {state:?} and nothing asks", key.order_id);
            return Err(Violation::of("no effect is lost", what));
        }
        let asks = case.tickets.iter().any(|ticket| {
            let about = ticket.refund_no == refund.refund_no;
            about && ticket.answer.is_none() && ticket.closed_at.is_none()
        });
        if original && asks && !waits("query_transaction") {
            let what = format!("{:?} ticket about {}", key.order_id, refund.refund_no);
            return Err(Violation::of("no effect is lost", what));
        }
    }
    Ok(())
}

fn broken(trouble: engine::desk::Trouble) -> StoreFault {
    StoreFault::Broken(trouble.to_string())
}

/// Every refund that goes the original way, with its order.
fn originals(mirror: &Mirror) -> impl Iterator<Item = (&StreamKey, &Refund)> {
    mirror.streams.iter().flat_map(|(key, stream)| {
        let refunds = stream.order.refunds();
        let original = refunds.filter(|refund| matches!(refund.path, Path::Original(_)));
        original.map(move |refund| (key, refund))
    })
}
