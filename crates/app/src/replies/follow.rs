//! The follower that answers: reads the log of each shop that has automatic replies and posts what
//! is due, over the same desk as everybody. It comes after the commands and holds none up. It may
//! stop at any moment and be several: an answer's receipt is made from the place of the event it
//! answers, so whoever comes second finds it given.

use super::{
    auto::{ANSWERED, Answered, AutoReplies, Occasion, load, platform},
    fill::{Ground, ShopSays, filled_alone, language_of, values},
    template,
};
use crate::{
    assembly::App,
    bulletin,
    pages::text::Texts,
    registry::{Change, Entry},
};
use domain::{
    actor::Actor,
    case::{Audience, Case},
    command::{Act, Command},
    event::Event,
    evolve::fold,
    id::{CaseId, CommandId, ShopId},
    moment::{Moment, Span},
    order::Order,
    record::{Receipt, Record},
};
use engine::{
    consequence::read,
    desk::{Envelope, Trouble},
    ports::StoreFault,
    rows::{LIMIT_MAX, StreamKey},
};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Shops looked at in one go.
const SHOPS_AT_ONCE: u32 = 200;
/// What happened longer ago is not answered any more: a late answer puzzles more than none.
pub const LATE: Span = Span::hours(24);

/// Answers what is due in a stretch of each shop's log. Says how many records were read.
///
/// # Errors
/// [`StoreFault`] if the shops cannot be listed. A shop that cannot be answered is told in the log
/// of the program and does not keep the others back.
pub async fn answer_once(app: &App) -> Result<usize, StoreFault> {
    let platform = platform()?;
    let mut read = 0_usize;
    let mut after = String::new();
    loop {
        let shops =
            app.registry.list::<Answered>(&platform, ANSWERED, &after, SHOPS_AT_ONCE).await?;
        let Some(last) = shops.last() else { return Ok(read) };
        after.clone_from(&last.id);
        for entry in shops.into_iter().filter(|entry| entry.body.on) {
            let Ok(shop_id) = ShopId::parse(&entry.id) else { continue };
            match answer_shop(app, &shop_id, entry).await {
                Ok(records) => read = read.saturating_add(records),
                Err(fault) => tracing::warn!(
                    shop.id = %shop_id, error = %fault, "a shop's buyers could not be answered"
                ),
            }
        }
    }
}

async fn answer_shop(
    app: &App,
    shop_id: &ShopId,
    answered: Entry<Answered>,
) -> Result<usize, StoreFault> {
    let page = app.desk.store().export(shop_id, answered.body.until, LIMIT_MAX).await?;
    let Some(last) = page.last() else { return Ok(0) };
    let (_, replies) = load(&app.registry, shop_id).await?;
    for row in &page {
        let Ok(record) = read(&row.record) else { continue };
        if !is_due(&record, &replies, app.desk.now()) {
            continue;
        }
        match answer(app, &row.key, &record, &replies).await {
            Ok(()) => {}
            Err(Trouble::Store(fault)) => return Err(fault),
            Err(Trouble::Contended) => {
                return Err(StoreFault::Busy("an order is changed by too many".to_owned()));
            }
            // Asking again would not help, and those after it wait.
            Err(trouble) => tracing::warn!(
                order.id = %row.key.order_id, version = record.version, error = %trouble,
                "an automatic reply could not be posted"
            ),
        }
    }
    let platform = platform()?;
    let body = Answered { until: last.sequence, on: true };
    let (id, replaces) = (shop_id.as_str(), answered.version);
    let change = Change { shop_id: &platform, kind: ANSWERED, id, replaces, body: &body };
    // If another was faster, what it wrote stands, and what was answered twice was posted once.
    app.registry.keep(change, app.desk.now()).await?;
    Ok(page.len())
}

/// What a record is an occasion for, if the shop wants that answered.
fn occasion(record: &Record, replies: &AutoReplies) -> Option<Occasion> {
    let Event::Case { what, .. } = &record.event else { return None };
    let occasion = Occasion::of(what, &record.by)?;
    replies.on.contains_key(&occasion).then_some(occasion)
}

fn is_due(record: &Record, replies: &AutoReplies, now: Moment) -> bool {
    let since = occasion(record, replies).and_then(|occasion| replies.on.get(&occasion));
    since.is_some_and(|on| record.at >= on.since) && now < record.at.after(LATE)
}

/// Of what one command led to, only the last is answered: a case that is approved at once is not
/// told first that it was received.
async fn answer(
    app: &App,
    key: &StreamKey,
    record: &Record,
    replies: &AutoReplies,
) -> Result<(), Trouble> {
    let records = app.desk.records(key).await?;
    let mut last = records.iter().rev().filter(|other| other.command == record.command);
    let last = last.find(|other| occasion(other, replies).is_some());
    let (Some(occasion), Some(case_id)) = (occasion(record, replies), record.event.case_id())
    else {
        return Ok(());
    };
    if last.is_none_or(|last| last.version != record.version) {
        return Ok(());
    }
    let Some(place) = place(record, (case_id, occasion), replies) else { return Ok(()) };
    let now_open = fold(&records).case(case_id).is_some_and(Case::is_open);
    if occasion.needs_open_case() && !now_open {
        return Ok(());
    }
    // The order as that command left it: whoever answers says the same.
    let upto = records.iter().rposition(|other| other.command == record.command).unwrap_or(0);
    let order = fold(records.iter().take(upto.saturating_add(1)));
    let Some(text) = text(app, &key.shop_id, &order, (case_id, occasion), replies).await? else {
        return Ok(());
    };
    let act = Act::PostMessage { text, files: Vec::new(), audience: Audience::Everyone };
    post(app, key, Command::Case { case_id, act }, &place).await
}

/// By what an answer is known, so that there is one: the place of the event. Outside the hours of
/// the desk there is one for as long as it is closed, however much the buyer writes; nothing while
/// it is open.
fn place(
    record: &Record,
    (case_id, occasion): (CaseId, Occasion),
    replies: &AutoReplies,
) -> Option<String> {
    if occasion != Occasion::OutsideHours {
        return Some(record.version.to_string());
    }
    let since = replies.hours.as_ref()?.closed_since(record.at)?;
    Some(format!("{case_id} closed {}", since.ms()))
}

/// What is answered; nothing if the template is gone or nothing is left of it.
async fn text(
    app: &App,
    shop_id: &ShopId,
    order: &Order,
    (case_id, occasion): (CaseId, Occasion),
    replies: &AutoReplies,
) -> Result<Option<String>, Trouble> {
    let (Some(facts), Some(case), Some(on)) =
        (&order.facts, order.case(case_id), replies.on.get(&occasion))
    else {
        return Ok(None);
    };
    let wanted = language_of(case);
    let found = template::find(&app.registry, shop_id, &on.template, wanted).await?;
    let Some(template) = found.filter(|template| template.active) else { return Ok(None) };
    let (language, words) = template.text(wanted);
    let policy = app.desk.rulebook().policy(shop_id, case.policy_version).await?;
    let shop = shop_says(app, shop_id).await?;
    let ground = Ground { case, facts, policy: &policy, shop: &shop };
    let texts = Texts(language);
    Ok(filled_alone(words, &values(ground, texts), texts))
}

/// What a shop tells every buyer.
///
/// # Errors
/// [`Trouble`] if it cannot be read.
pub async fn shop_says(app: &App, shop_id: &ShopId) -> Result<ShopSays, Trouble> {
    let name = app.desk.rulebook().shop(shop_id).await?.name.clone();
    let (_, contacts) = bulletin::contacts(&app.registry, shop_id).await?;
    let (_, shipping) = bulletin::shipping(&app.registry, shop_id).await?;
    Ok(ShopSays { name, contacts, shipping })
}

/// Posts it once: the receipt is known by the place of what it answers.
async fn post(app: &App, key: &StreamKey, command: Command, place: &str) -> Result<(), Trouble> {
    let mut hash = Sha256::new();
    for part in ["wanbi automatic reply", key.shop_id.as_str(), key.order_id.as_str(), place] {
        hash.update(part);
        hash.update([0]);
    }
    let hash: [u8; 32] = hash.finalize().into();
    let hex = hash.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a text cannot fail.
        let _written = write!(hex, "{byte:02x}");
        hex
    });
    let (front, back) = hex.split_at(32);
    let envelope = Envelope {
        key: key.clone(),
        command,
        command_id: CommandId::derived_from(hash),
        by: Actor::System,
        // Not made from the text: a template changed meanwhile makes no second answer.
        receipt: Some(Receipt { key: front.to_owned(), request: back.to_owned() }),
        expected: None,
        settles: None,
    };
    app.desk.handle(envelope).await.map(|_| ())
}
