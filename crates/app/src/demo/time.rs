//! Time: the server's clock and the stand-in's move together, from one thing that falls due to
//! the next, and everything due happens before they move on.

use super::{
    CLOCK, DemoFault,
    channel::MERCHANTS,
    folder::Folder,
    news::{News, Story},
};
use crate::{
    access::{PLATFORM, session},
    assembly::App,
};
use domain::{
    id::ShopId,
    moment::{Moment, Span},
};
use engine::{
    ports::StoreFault,
    pump::pump_once,
    rows::{EffectFilter, EffectState},
    timers::expire_once,
};
use sandbox::Sandbox;
use std::{sync::Arc, time::Duration};
use tokio::sync::Mutex;

/// Effects and deadlines carried out at once.
const AT_ONCE: u32 = 64;
/// Rounds in which everything due must happen.
const ROUNDS_MAX: u32 = 400;
/// How long a round rests when somebody else is still at work.
const REST: Duration = Duration::from_millis(20);
/// A move stops at most so often on its way, so that it ends in seconds.
const STOPS: i64 = 96;

/// The clocks of a demo.
pub struct TimeMachine {
    /// The application.
    pub app: Arc<App>,
    /// The stand-in.
    pub sandbox: Arc<Sandbox>,
    /// The shops.
    pub shops: Vec<ShopId>,
    platform: Option<ShopId>,
    folder: Folder,
    /// Moves take turns.
    news: Mutex<News>,
}

impl TimeMachine {
    pub(super) fn new(app: Arc<App>, sandbox: Arc<Sandbox>, folder: Folder) -> Self {
        let shops = MERCHANTS.iter().filter_map(|(shop, _)| ShopId::parse(shop).ok()).collect();
        let platform = ShopId::parse(PLATFORM).ok();
        Self { app, sandbox, shops, platform, folder, news: Mutex::new(News::default()) }
    }

    /// Where everything lies.
    pub(super) const fn folder(&self) -> &Folder {
        &self.folder
    }

    /// What happened so far is no news.
    pub(super) async fn catch_up_with_the_log(&self) -> Result<(), DemoFault> {
        let mut news = self.news.lock().await;
        news.read(&self.app, &self.shops).await.map(drop)
    }

    /// Lets so much time pass and tells what happened, and what had happened since the last time.
    pub(super) async fn pass(&self, span: Span) -> Result<Vec<Story>, DemoFault> {
        let mut news = self.news.lock().await;
        let to = self.app.desk.now().after(span);
        // Written first: a demo killed on the way must not wake up in its own past.
        let apart_ms = self.app.clock.apart_ms().saturating_add(span.ms());
        self.folder.write(CLOCK, &apart_ms.to_string())?;
        // Nobody is signed out because two days passed in a second.
        for shop_id in self.shops.iter().chain(&self.platform) {
            session::carry_along(&self.app, shop_id, span).await?;
        }
        self.go_to(to, Span::from_ms(span.ms() / STOPS)).await?;
        self.end_apart(apart_ms).await?;
        news.read(&self.app, &self.shops).await
    }

    /// Moves both clocks to a moment, over everything that falls due on the way.
    pub(super) async fn go_to(&self, to: Moment, step_min: Span) -> Result<(), DemoFault> {
        self.settle().await?;
        loop {
            let now = self.app.desk.now();
            let due = self.app.desk.store().next_due().await?;
            let stop = due.map(|due| due.max(now.after(step_min))).filter(|due| *due < to);
            let Some(stop) = stop else { break };
            self.set(stop);
            self.settle().await?;
        }
        self.set(to);
        self.settle().await
    }

    /// The way took some real time; the clocks end exactly so far from the real one.
    pub(super) async fn end_apart(&self, apart_ms: i64) -> Result<(), DemoFault> {
        self.set_by(Span::from_ms(apart_ms.saturating_sub(self.app.clock.apart_ms())));
        self.settle().await
    }

    fn set(&self, to: Moment) {
        self.set_by(to.since(self.app.desk.now()));
    }

    /// Both clocks at once, or answers would look too old to the other side.
    fn set_by(&self, span: Span) {
        self.app.clock.move_forward(span);
        self.sandbox.set_clock_offset_ms(self.app.clock.apart_ms());
    }

    /// Lets everything due happen, here and at the stand-in. Workers may run beside it.
    pub(super) async fn settle(&self) -> Result<(), DemoFault> {
        for _ in 0..ROUNDS_MAX {
            let posted = self.sandbox.tick().await;
            let pumped = pump_once(&self.app.desk, &self.app.channel, AT_ONCE).await?;
            let expired = expire_once(&self.app.desk, AT_ONCE).await?;
            if posted + pumped + expired > 0 {
                continue;
            }
            if !self.somebody_is_at_work().await? {
                return Ok(());
            }
            tokio::time::sleep(REST).await;
        }
        // A channel that does not answer may take longer than anybody waits; it goes on alone.
        Ok(())
    }

    async fn somebody_is_at_work(&self) -> Result<bool, StoreFault> {
        for shop_id in &self.shops {
            let filter = EffectFilter {
                shop_id: shop_id.clone(),
                state: Some(EffectState::Leased),
                after: None,
                limit: 1,
            };
            if !self.app.desk.store().effects(&filter).await?.rows.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
