//! Every call of the store, on its way through the storm.

use super::Storm;
use crate::flaw::Flaw;
use async_trait::async_trait;
use domain::{
    id::{BuyerId, CaseId, EffectId, OrderId, ShopId},
    moment::{Moment, Span},
};
use engine::{
    figures::{
        CaseFigure, CaseText, Day, DayFigure, Figures, Grouping, HourFigure, OpenWork, OrderDay,
        Scope, Search, Share, Slice, Stretch,
    },
    ports::{Store, StoreFault},
    rows::{
        CaseFilter, CaseRow, Commit, CommitVerdict, Document, DueEffect, DueTimer, EffectFilter,
        EffectRow, ExportedRecord, OrderFilter, OrderRow, OutboxCounts, Page, StandingRow,
        StoredRecord, StreamKey,
    },
    search::Found,
};
use std::sync::{Arc, atomic::Ordering};

#[async_trait]
impl Store for Storm {
    async fn load(&self, key: &StreamKey, after: u64) -> Result<Vec<StoredRecord>, StoreFault> {
        let key = key.clone();
        let mut found = self.read(|store| async move { store.load(&key, after).await }).await?;
        if self.has(Flaw::PendingNotCounted) {
            super::pending::forget(&mut found);
        }
        Ok(found)
    }

    async fn version(&self, key: &StreamKey) -> Result<u64, StoreFault> {
        let key = key.clone();
        self.read(|store| async move { store.version(&key).await }).await
    }

    async fn commit(&self, batch: &[Commit]) -> Result<Vec<CommitVerdict>, StoreFault> {
        self.commit_flawed(batch).await
    }

    async fn order_of_case(
        &self,
        shop_id: &ShopId,
        case_id: CaseId,
    ) -> Result<Option<OrderId>, StoreFault> {
        let shop_id = shop_id.clone();
        self.read(|store| async move { store.order_of_case(&shop_id, case_id).await }).await
    }

    async fn standing(
        &self,
        shop_id: &ShopId,
        buyer_id: &BuyerId,
        year: i16,
        cases_since: Moment,
    ) -> Result<StandingRow, StoreFault> {
        let (shop_id, buyer_id) = (shop_id.clone(), buyer_id.clone());
        let ask = |store: Arc<dyn Store>| async move {
            store.standing(&shop_id, &buyer_id, year, cases_since).await
        };
        self.read(ask).await
    }

    async fn cases(&self, filter: &CaseFilter) -> Result<Page<CaseRow>, StoreFault> {
        let filter = filter.clone();
        self.read(|store| async move { store.cases(&filter).await }).await
    }

    async fn orders(&self, filter: &OrderFilter) -> Result<Page<OrderRow>, StoreFault> {
        let filter = filter.clone();
        self.read(|store| async move { store.orders(&filter).await }).await
    }

    async fn claim_effects(
        &self,
        now: Moment,
        lease_until: Moment,
        limit: u32,
    ) -> Result<Vec<DueEffect>, StoreFault> {
        let until = if self.has(Flaw::LeaseIgnored) { now } else { lease_until };
        let leases = self.leases.clone();
        let claim = |store: Arc<dyn Store>| async move {
            let due = store.claim_effects(now, until, limit).await?;
            leases.claimed(&due, (now, lease_until));
            Ok(due)
        };
        let due = self.write(claim).await?;
        if self.has(Flaw::EffectLostInCrash) {
            for effect in &due {
                self.settle_effect(&effect.key.shop_id, &effect.effect_id).await?;
            }
        }
        Ok(due)
    }

    async fn defer_effect(
        &self,
        shop_id: &ShopId,
        effect_id: &EffectId,
        due_at: Moment,
        note: &str,
    ) -> Result<(), StoreFault> {
        if self.has(Flaw::QueryGivenUp) && note == "PROCESSING" {
            return self.settle_effect(shop_id, effect_id).await;
        }
        let (shop_id, effect_id, note) = (shop_id.clone(), effect_id.clone(), note.to_owned());
        let leases = self.leases.clone();
        let defer = |store: Arc<dyn Store>| async move {
            leases.ended(&shop_id, &effect_id);
            store.defer_effect(&shop_id, &effect_id, due_at, &note).await
        };
        self.write(defer).await
    }

    async fn bury_effect(
        &self,
        shop_id: &ShopId,
        effect_id: &EffectId,
        note: &str,
    ) -> Result<(), StoreFault> {
        let (shop_id, effect_id, note) = (shop_id.clone(), effect_id.clone(), note.to_owned());
        let leases = self.leases.clone();
        let bury = |store: Arc<dyn Store>| async move {
            leases.ended(&shop_id, &effect_id);
            store.bury_effect(&shop_id, &effect_id, &note).await
        };
        self.write(bury).await
    }

    async fn revive_effect(
        &self,
        shop_id: &ShopId,
        effect_id: &EffectId,
        now: Moment,
    ) -> Result<bool, StoreFault> {
        let (shop_id, effect_id) = (shop_id.clone(), effect_id.clone());
        let revive = |store: Arc<dyn Store>| async move {
            store.revive_effect(&shop_id, &effect_id, now).await
        };
        self.write(revive).await
    }

    async fn settle_effect(
        &self,
        shop_id: &ShopId,
        effect_id: &EffectId,
    ) -> Result<(), StoreFault> {
        let (shop_id, effect_id) = (shop_id.clone(), effect_id.clone());
        let leases = self.leases.clone();
        let settle = |store: Arc<dyn Store>| async move {
            leases.ended(&shop_id, &effect_id);
            store.settle_effect(&shop_id, &effect_id).await
        };
        self.write(settle).await
    }

    async fn effects(&self, filter: &EffectFilter) -> Result<Page<EffectRow>, StoreFault> {
        let filter = filter.clone();
        self.read(|store| async move { store.effects(&filter).await }).await
    }

    async fn outbox_counts(&self, now: Moment) -> Result<OutboxCounts, StoreFault> {
        self.read(|store| async move { store.outbox_counts(now).await }).await
    }

    async fn claim_timers(
        &self,
        now: Moment,
        lease_until: Moment,
        limit: u32,
    ) -> Result<Vec<DueTimer>, StoreFault> {
        let lost = self.has(Flaw::TimerLost);
        let until = if lost { now.after(Span::days(20_000)) } else { lease_until };
        let claim =
            |store: Arc<dyn Store>| async move { store.claim_timers(now, until, limit).await };
        self.write(claim).await
    }

    async fn next_due(&self) -> Result<Option<Moment>, StoreFault> {
        self.read(|store| async move { store.next_due().await }).await
    }

    async fn document(
        &self,
        shop_id: &ShopId,
        kind: &str,
        id: &str,
    ) -> Result<Option<Document>, StoreFault> {
        let (shop_id, kind, id) = (shop_id.clone(), kind.to_owned(), id.to_owned());
        self.read(|store| async move { store.document(&shop_id, &kind, &id).await }).await
    }

    async fn documents(
        &self,
        shop_id: &ShopId,
        kind: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<Document>, StoreFault> {
        let (shop_id, kind, after) = (shop_id.clone(), kind.to_owned(), after.to_owned());
        let list = |store: Arc<dyn Store>| async move {
            store.documents(&shop_id, &kind, &after, limit).await
        };
        self.read(list).await
    }

    async fn documents_before(
        &self,
        shop_id: &ShopId,
        kind: &str,
        before: &str,
        limit: u32,
    ) -> Result<Vec<Document>, StoreFault> {
        let (shop_id, kind, before) = (shop_id.clone(), kind.to_owned(), before.to_owned());
        let list = |store: Arc<dyn Store>| async move {
            store.documents_before(&shop_id, &kind, &before, limit).await
        };
        self.read(list).await
    }

    async fn put_documents(&self, documents: &[Document]) -> Result<bool, StoreFault> {
        let documents = documents.to_vec();
        self.write(|store| async move { store.put_documents(&documents).await }).await
    }

    async fn export(
        &self,
        shop_id: &ShopId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<ExportedRecord>, StoreFault> {
        let shop_id = shop_id.clone();
        self.read(|store| async move { store.export(&shop_id, after, limit).await }).await
    }

    async fn streams(
        &self,
        shop_id: &ShopId,
        after: &str,
        limit: u32,
    ) -> Result<Vec<OrderId>, StoreFault> {
        let (shop_id, after) = (shop_id.clone(), after.to_owned());
        self.read(|store| async move { store.streams(&shop_id, &after, limit).await }).await
    }

    async fn replace_views(&self, rebuilt: &Commit, strays: &[CaseId]) -> Result<(), StoreFault> {
        let (rebuilt, strays) = (rebuilt.clone(), strays.to_vec());
        self.write(|store| async move { store.replace_views(&rebuilt, &strays).await }).await
    }

    async fn check(&self) -> Result<(), StoreFault> {
        self.read(|store| async move { store.check().await }).await
    }
}

#[async_trait]
impl Figures for Storm {
    async fn shops_with_news(&self, limit: u32) -> Result<Vec<(ShopId, i64)>, StoreFault> {
        self.read(|store| async move { store.shops_with_news(limit).await }).await
    }

    async fn followed(&self, shop_id: &ShopId) -> Result<i64, StoreFault> {
        let shop_id = shop_id.clone();
        self.read(|store| async move { store.followed(&shop_id).await }).await
    }

    async fn write_stretch(&self, stretch: &Stretch) -> Result<bool, StoreFault> {
        let mut stretch = stretch.clone();
        if self.has(Flaw::FiguresSkipped) && self.calls.load(Ordering::SeqCst).is_multiple_of(3) {
            stretch.cases.clear();
            stretch.texts.clear();
        }
        self.write(|store| async move { store.write_stretch(&stretch).await }).await
    }

    async fn forget_figures(&self, shop_id: &ShopId) -> Result<(), StoreFault> {
        let shop_id = shop_id.clone();
        self.write(|store| async move { store.forget_figures(&shop_id).await }).await
    }

    async fn case_figure(
        &self,
        shop_id: &ShopId,
        case_id: CaseId,
    ) -> Result<Option<(CaseFigure, CaseText)>, StoreFault> {
        let shop_id = shop_id.clone();
        self.read(|store| async move { store.case_figure(&shop_id, case_id).await }).await
    }

    async fn case_figures(
        &self,
        scope: &Scope,
        slice: &Slice,
        after: Option<(Day, CaseId)>,
        limit: u32,
    ) -> Result<Vec<CaseFigure>, StoreFault> {
        self.store.case_figures(scope, slice, after, limit).await
    }

    async fn days(&self, scope: &Scope) -> Result<Vec<DayFigure>, StoreFault> {
        self.store.days(scope).await
    }

    async fn order_days(&self, scope: &Scope) -> Result<Vec<OrderDay>, StoreFault> {
        self.store.order_days(scope).await
    }

    async fn shares(&self, scope: &Scope, grouping: Grouping) -> Result<Vec<Share>, StoreFault> {
        self.store.shares(scope, grouping).await
    }

    async fn hours(&self, scope: &Scope) -> Result<Vec<HourFigure>, StoreFault> {
        self.store.hours(scope).await
    }

    async fn open_work(&self, shop_id: &ShopId) -> Result<Vec<OpenWork>, StoreFault> {
        self.store.open_work(shop_id).await
    }
}

#[async_trait]
impl Search for Storm {
    async fn search_cases(
        &self,
        shop_id: &ShopId,
        text: &str,
        before: Option<CaseId>,
        limit: u32,
    ) -> Result<Found, StoreFault> {
        self.store.search_cases(shop_id, text, before, limit).await
    }
}
