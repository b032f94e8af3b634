//! The follower: reads the log of each shop in order of writing and makes rows of it that the
//! write path does not need: figures and words to search by. It can stop at any moment, begin
//! anew, and be several: a stretch is written together with how far it reaches, only by whoever
//! finds the shop followed to where it begins (docs/adr/0007-views-beside-the-write-path.md).

use crate::{
    consequence::read,
    desk::Trouble,
    figures::{Stretch, case_figures, order_figure},
    ports::{Store, StoreFault},
    rows::{ExportedRecord, LIMIT_MAX, StreamKey},
    rulebook::{Rulebook, RulesFault},
    search::case_texts,
};
use domain::{
    event::Event,
    evolve::fold,
    id::{CaseId, ShopId},
    policy::Policy,
    record::Record,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Shops followed in one go.
const SHOPS_AT_ONCE: u32 = 64;

/// What one go came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// Records read and made rows of.
    pub records: usize,
    /// Shops that another follower was faster with.
    pub lost: usize,
}

/// Follows a stretch of each shop that has news. What is written when it begins is followed when
/// it has been called until it returns no records.
///
/// # Errors
/// [`StoreFault`] if the shops with news cannot be listed. A shop whose log cannot be followed is
/// told in the log of the program and does not keep the others back.
pub async fn follow_once(store: &dyn Store, rules: &Rulebook) -> Result<Followed, StoreFault> {
    let mut followed = Followed::default();
    for (shop_id, after) in store.shops_with_news(SHOPS_AT_ONCE).await? {
        match follow_shop(store, rules, &shop_id, after).await {
            Ok(Some(records)) => followed.records = followed.records.saturating_add(records),
            Ok(None) => followed.lost = followed.lost.saturating_add(1),
            Err(trouble) => tracing::warn!(
                shop.id = %shop_id, after, error = %trouble, "a shop could not be followed"
            ),
        }
    }
    Ok(followed)
}

/// Follows one shop to its end, from the beginning: all of its rows are made anew.
///
/// # Errors
/// [`Trouble`] if something cannot be read or written.
pub async fn follow_anew(
    store: &dyn Store,
    rules: &Rulebook,
    shop_id: &ShopId,
) -> Result<usize, Trouble> {
    store.forget_figures(shop_id).await?;
    let mut records = 0_usize;
    let mut after = 0;
    loop {
        let page = store.export(shop_id, after, LIMIT_MAX).await?;
        let Some(last) = page.last() else { return Ok(records) };
        let until = last.sequence;
        let stretch = stretch(store, rules, (shop_id, after, until), &page).await?;
        if !store.write_stretch(&stretch).await? {
            return Err(StoreFault::Busy("another follows this shop".into()).into());
        }
        records = records.saturating_add(page.len());
        after = until;
    }
}

async fn follow_shop(
    store: &dyn Store,
    rules: &Rulebook,
    shop_id: &ShopId,
    after: i64,
) -> Result<Option<usize>, Trouble> {
    // The export shows only what is settled: nothing with a lower sequence can still appear.
    let page = store.export(shop_id, after, LIMIT_MAX).await?;
    let Some(last) = page.last() else { return Ok(Some(0)) };
    let stretch = stretch(store, rules, (shop_id, after, last.sequence), &page).await?;
    let written = store.write_stretch(&stretch).await?;
    Ok(written.then_some(page.len()))
}

/// What a stretch of the log gives.
async fn stretch(
    store: &dyn Store,
    rules: &Rulebook,
    (shop_id, after, until): (&ShopId, i64, i64),
    page: &[ExportedRecord],
) -> Result<Stretch, Trouble> {
    let mut streams: BTreeMap<&StreamKey, Vec<Record>> = BTreeMap::new();
    for row in page {
        streams.entry(&row.key).or_default().push(read(&row.record)?);
    }
    let mut stretch = Stretch {
        shop_id: shop_id.clone(),
        after,
        until,
        orders: Vec::new(),
        cases: Vec::new(),
        texts: Vec::new(),
    };
    for (key, news) in streams {
        // Folding keeps a thread of the runtime busy; between two orders others get their turn.
        tokio::task::yield_now().await;
        add(&mut stretch, store, rules, (key, news)).await?;
    }
    Ok(stretch)
}

async fn add(
    stretch: &mut Stretch,
    store: &dyn Store,
    rules: &Rulebook,
    (key, news): (&StreamKey, Vec<Record>),
) -> Result<(), Trouble> {
    let told = news.iter().any(|record| matches!(record.event, Event::OrderRecorded(_)));
    let touched: BTreeSet<CaseId> = news.iter().filter_map(|r| r.event.case_id()).collect();
    let from_the_first = news.first().is_some_and(|record| record.version == 1);
    let records = if from_the_first { news } else { whole(store, key).await? };
    let order = fold(&records);
    if told {
        stretch.orders.extend(order_figure(key, &order));
    }
    // Facts told anew may change the goods' names in every case of the order.
    let concerns = |case_id| told || touched.contains(&case_id);
    let policies = policies(rules, &stretch.shop_id, &order).await?;
    let texts = case_texts(key, &order, |version| policies.get(&version).cloned());
    stretch.texts.extend(texts.into_iter().filter(|text| concerns(text.case_id)));
    let figures = case_figures(key, &order, &records);
    stretch.cases.extend(figures.into_iter().filter(|figure| concerns(figure.case_id)));
    Ok(())
}

async fn whole(store: &dyn Store, key: &StreamKey) -> Result<Vec<Record>, Trouble> {
    let stored = store.load(key, 0).await?;
    Ok(stored.iter().map(read).collect::<Result<Vec<_>, _>>()?)
}

/// The policies that the cases of an order are judged by. A case whose policy cannot be read is
/// still counted and found, only not by the name of its reason. A database that fails now is no
/// such policy: what would be written without it would stay so.
pub(crate) async fn policies(
    rules: &Rulebook,
    shop_id: &ShopId,
    order: &domain::order::Order,
) -> Result<BTreeMap<u32, Arc<Policy>>, Trouble> {
    let versions: BTreeSet<u32> = order.cases.iter().map(|case| case.policy_version).collect();
    let mut policies = BTreeMap::new();
    for version in versions {
        match rules.policy(shop_id, version).await {
            Ok(policy) => {
                policies.insert(version, policy);
            }
            Err(RulesFault::Store(fault)) => return Err(fault.into()),
            Err(RulesFault::NoShop(_) | RulesFault::Unreadable(_)) => {}
        }
    }
    Ok(policies)
}
