//! Pages that stay open: told at once when what they show has changed, and who else looks at it
//! (server-sent events). A page without this looks again from time to time.
//!
//! A stream ends after a minute; the browser comes back by itself and is asked anew who it is, so
//! that a session that was ended sees nothing more.

use crate::{
    access::{PLATFORM, caller::Holder, platform},
    api::{cases::find, problem::Problem},
    assembly::App,
    live::{Look, Looked, Room},
    pages::{
        parts::people::{Names, names},
        text::Texts,
        visit::Visit,
    },
};
use axum::{
    extract::{Path, State},
    http::{HeaderName, HeaderValue, StatusCode},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use domain::{
    actor::Side,
    id::{PersonId, ShopId},
};
use engine::{desk::Trouble, rows::StreamKey};
use serde::Serialize;
use std::{collections::BTreeSet, convert::Infallible, sync::Arc, time::Duration};
use tokio::sync::{broadcast, mpsc, watch};
use tokio_stream::{StreamExt, wrappers::ReceiverStream};

/// How long a stream lasts.
const LIFE: Duration = Duration::from_secs(60);
/// How often it is looked whether another process changed something.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// After so many looks the other processes are told again who is here.
const TELL_EVERY: u32 = 3;
/// Changes of a queue within so long are told as one.
const GATHER: Duration = Duration::from_millis(300);
/// A page whose stream has ended comes back after this.
const RETRY: Duration = Duration::from_millis(500);
/// Whoever was there is there for as long after the end of a stream.
const COMES_BACK: Duration = Duration::from_secs(3);
/// What a slow page may not have taken yet.
const UNTAKEN_MAX: usize = 8;

type Sender = mpsc::Sender<Result<Event, Infallible>>;

/// `GET /m/cases/{case_id}/live`
///
/// # Errors
/// A [`Problem`] if there is no such case, or too many pages are open.
pub async fn merchants_case(
    State(app): State<Arc<App>>,
    Path(case_id): Path<String>,
    visit: Visit,
) -> Result<Response, Problem> {
    let among = visit.shop()?.clone();
    case(app, visit, &case_id, Some(among)).await
}

/// `GET /b/cases/{case_id}/live`
///
/// # Errors
/// A [`Problem`] if there is no such case for this buyer, or too many pages are open.
pub async fn buyers_case(
    State(app): State<Arc<App>>,
    Path(case_id): Path<String>,
    visit: Visit,
) -> Result<Response, Problem> {
    case(app, visit, &case_id, None).await
}

/// `GET /p/cases/{shop_id}/{case_id}/live`
///
/// # Errors
/// A [`Problem`] if there is no such case, or too many pages are open.
pub async fn platforms_case(
    State(app): State<Arc<App>>,
    Path((shop_id, case_id)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, Problem> {
    let not_found = |_| visit.asked.not_found();
    let shop_id = ShopId::parse(&shop_id).map_err(not_found)?;
    let among = platform().map_err(not_found)?;
    case(app, visit.in_shop(shop_id), &case_id, Some(among)).await
}

/// `GET /m/cases/live`: says when anything in the shop changes.
///
/// # Errors
/// A [`Problem`] if too many pages are open.
pub async fn queue(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let room = room(&app, &visit)?;
    let mut changes = app.desk.watchers().shop(visit.shop()?);
    let (sender, receiver) = mpsc::channel(UNTAKEN_MAX);
    tokio::spawn(async move {
        let told = async {
            while changes.changed().await.is_ok() {
                tokio::time::sleep(GATHER).await;
                changes.mark_unchanged();
                if sender.send(Ok(Event::default().event("queue").data("{}"))).await.is_err() {
                    return;
                }
            }
        };
        while_open(&app, &sender, told).await;
        drop(room);
    });
    Ok(stream(receiver))
}

/// A case, and if `among` is given also who of these people looks at it.
async fn case(
    app: Arc<App>,
    visit: Visit,
    case_id: &str,
    among: Option<ShopId>,
) -> Result<Response, Problem> {
    let (key, case_id) = find(&app, &visit.asked, case_id).await?;
    let room = room(&app, &visit)?;
    let company = match (among, &visit.asked.caller.holder) {
        (Some(among), Holder::Person(person, _)) => {
            let names = names(&app, &among, visit.language()).await?;
            let goings = app.live.goings();
            let look = app.live.look((among.clone(), case_id), person.clone());
            let looked = (among, case_id);
            let texts = visit.page.texts;
            Some(Company { look, looked, names, texts, goings, seen: None })
        }
        (_, Holder::Person(..) | Holder::Buyer(_) | Holder::Key(..)) => None,
    };
    let written = app.desk.watchers().order(&key);
    let side = visit.asked.caller.actor().side();
    let mut watch = Watch { key, side, written, version: None, shown: None, company, looks: 0 };
    let (sender, receiver) = mpsc::channel(UNTAKEN_MAX);
    tokio::spawn(async move {
        while_open(&app, &sender, watch.tell(&app, &sender)).await;
        drop(room);
        // A page that comes back was never gone.
        if !sender.is_closed() {
            drop(sender);
            tokio::time::sleep(COMES_BACK).await;
        }
    });
    Ok(stream(receiver))
}

fn room(app: &App, visit: &Visit) -> Result<Room, Problem> {
    let shop = visit.asked.caller.shop_id.as_ref().map_or(PLATFORM, ShopId::as_str);
    let caller = format!("{shop} {:?}", visit.asked.caller.actor());
    let busy = || visit.asked.problem(StatusCode::SERVICE_UNAVAILABLE, "busy");
    app.live.room(&caller).ok_or_else(busy)
}

/// Tells for as long as somebody listens, and not for ever.
async fn while_open(app: &App, sender: &Sender, told: impl Future<Output = ()>) {
    tokio::select! {
        () = told => {}
        () = sender.closed() => {}
        () = app.live.closed() => {}
        () = tokio::time::sleep(LIFE) => {}
    }
}

fn stream(receiver: mpsc::Receiver<Result<Event, Infallible>>) -> Response {
    let first = tokio_stream::once(Ok(Event::default().retry(RETRY)));
    let events = first.chain(ReceiverStream::new(receiver));
    let events = Sse::new(events).keep_alive(KeepAlive::default());
    let mut response = events.into_response();
    // A proxy that gathers what trickles would keep it from the page.
    let unbuffered = HeaderName::from_static("x-accel-buffering");
    response.headers_mut().insert(unbuffered, HeaderValue::from_static("no"));
    response
}

/// A case that is watched.
struct Watch {
    key: StreamKey,
    /// Who is told.
    side: Side,
    written: watch::Receiver<u64>,
    version: Option<u64>,
    /// What was told last.
    shown: Option<Standing>,
    company: Option<Company>,
    looks: u32,
}

/// Who else looks at it.
struct Company {
    look: Look,
    looked: Looked,
    names: Names,
    texts: Texts,
    goings: broadcast::Receiver<Looked>,
    seen: Option<BTreeSet<PersonId>>,
}

/// The version of a case, as a page is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    version: u64,
}

/// The last version of which a side sees anything: that the people of a shop talk among themselves
/// is no news to a buyer.
///
/// # Errors
/// [`Trouble`] if the order cannot be loaded.
pub async fn shown(app: &App, key: &StreamKey, side: Side) -> Result<Standing, Trouble> {
    let records = app.desk.records(key).await?;
    let seen = records.iter().filter(|record| record.is_open_to(side));
    Ok(Standing { version: seen.map(|record| record.version).max().unwrap_or(0) })
}

/// The people who look, as a page is told: a sentence, empty if there is nobody else.
#[derive(Serialize)]
struct Others {
    sentence: String,
}

impl Watch {
    /// Tells what is so, and again whenever it changes; returns when nobody listens any more.
    async fn tell(&mut self, app: &App, sender: &Sender) {
        loop {
            for event in self.changed(app).await {
                if sender.send(Ok(event)).await.is_err() {
                    return;
                }
            }
            self.woken().await;
        }
    }

    /// What is otherwise than it was told last. What the database cannot say now it says at the
    /// next look.
    async fn changed(&mut self, app: &App) -> Vec<Event> {
        let mut events = Vec::new();
        let store = app.desk.store();
        let version = store.version(&self.key).await.ok();
        if version.is_some()
            && version != self.version
            && let Ok(shown) = shown(app, &self.key, self.side).await
        {
            self.version = version;
            if self.shown != Some(shown) {
                self.shown = Some(shown);
                events.extend(Event::default().event("case").json_data(shown));
            }
        }
        let Some(company) = &mut self.company else { return events };
        let now = app.desk.now();
        if self.looks.is_multiple_of(TELL_EVERY)
            && let Err(fault) = app.live.tell(store, &company.look, now).await
        {
            tracing::debug!(error = %fault, "who looks at a case was not kept");
        }
        self.looks = self.looks.wrapping_add(1);
        let others = app.live.others(store, &company.look, now).await.ok();
        if others.is_some() && others != company.seen {
            company.seen = others;
            let others = Others { sentence: company.sentence() };
            events.extend(Event::default().event("people").json_data(others));
        }
        events
    }

    /// Resolves when it is worth looking again.
    async fn woken(&mut self) {
        let going = async {
            match &mut self.company {
                Some(company) => company.moved().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            changed = self.written.changed() => {
                if changed.is_err() {
                    std::future::pending::<()>().await;
                }
            }
            () = going => {}
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
    }
}

impl Company {
    /// Resolves when somebody comes to this case or goes.
    async fn moved(&mut self) {
        loop {
            match self.goings.recv().await {
                Ok(looked) if looked != self.looked => {}
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }

    fn sentence(&self) -> String {
        let Some(seen) = self.seen.as_ref().filter(|seen| !seen.is_empty()) else {
            return String::new();
        };
        let people: Vec<&str> = seen.iter().map(|id| self.names.of(id.as_str())).collect();
        let people = people.join(self.texts.t("list-comma").as_str());
        self.texts.t1("live-people", "people", people)
    }
}
