//! What a batch is judged by, locked until the transaction ends.
//!
//! Locks are taken in one order everywhere: streams before accounts, each sorted by key; then
//! whatever belongs to a locked stream. Claims take rows of the outbox and timers too, but never
//! wait for any. So two batches cannot wait for one another in a circle.

use crate::{
    column::Columns,
    fault::failing,
    judge::{Account, Facts, accounts, keys},
};
use engine::{
    ports::StoreFault,
    rows::{Commit, StreamKey},
};
use sqlx::PgConnection;
use std::collections::{BTreeMap, BTreeSet};

/// The facts, and the streams that were created for the batch and stand at version 0.
pub(super) async fn facts<'a>(
    tx: &mut PgConnection,
    batch: &'a [Commit],
) -> Result<(Facts, Vec<&'a StreamKey>), StoreFault> {
    let keys = keys(batch);
    let mut heads = heads(tx, &keys).await?;
    // Who expects a stream that is not there has lost; who expects none may create it.
    let new: BTreeSet<_> = batch
        .iter()
        .filter(|commit| commit.expected_version == 0 && !heads.contains_key(&commit.key))
        .map(|commit| &commit.key)
        .collect();
    let mut created = Vec::new();
    if !new.is_empty() {
        // A stream that another transaction creates at the same moment is waited for. Once that
        // one has committed, the stream is not among those created here and not in `heads`, which
        // is a conflict; if it gave up, the stream is ours.
        let won: BTreeSet<StreamKey> = create(tx, &new).await?;
        created = new.into_iter().filter(|key| won.contains(*key)).collect();
        heads.extend(created.iter().map(|key| (StreamKey::clone(key), 0)));
    }
    let accounts = accounts(batch);
    let totals = if accounts.is_empty() { BTreeMap::new() } else { totals(tx, &accounts).await? };
    Ok((Facts { heads, totals }, created))
}

/// Served by the primary key of `stream`. Rows are locked in the order in which they are sorted.
async fn heads(
    tx: &mut PgConnection,
    keys: &BTreeSet<&StreamKey>,
) -> Result<BTreeMap<StreamKey, u64>, StoreFault> {
    let (shop_ids, order_ids) = columns(keys.iter().copied());
    let rows = sqlx::query(
        "select stream.shop_id, stream.order_id, stream.version \
         from unnest($1::text[], $2::text[]) as wanted (shop_id, order_id) \
         join stream on stream.shop_id = wanted.shop_id and stream.order_id = wanted.order_id \
         order by stream.shop_id, stream.order_id for update of stream",
    )
    .bind(shop_ids)
    .bind(order_ids)
    .fetch_all(tx)
    .await
    .map_err(failing("lock the streams of a batch"))?;
    rows.iter().map(|row| Ok((row.key()?, row.whole("version")?))).collect()
}

/// Served by the primary key of `stream`.
async fn create(
    tx: &mut PgConnection,
    keys: &BTreeSet<&StreamKey>,
) -> Result<BTreeSet<StreamKey>, StoreFault> {
    let (shop_ids, order_ids) = columns(keys.iter().copied());
    let rows = sqlx::query(
        "insert into stream (shop_id, order_id, version) \
         select new.shop_id, new.order_id, 0 \
         from unnest($1::text[], $2::text[]) as new (shop_id, order_id) \
         order by new.shop_id collate \"C\", new.order_id collate \"C\" \
         on conflict (shop_id, order_id) do nothing returning shop_id, order_id",
    )
    .bind(shop_ids)
    .bind(order_ids)
    .fetch_all(tx)
    .await
    .map_err(failing("create the streams of a batch"))?;
    rows.iter().map(Columns::key).collect()
}

/// Removes streams that were created for commits which were then refused. Served by the primary
/// key of `stream`.
pub(super) async fn forget(tx: &mut PgConnection, keys: &[&StreamKey]) -> Result<(), StoreFault> {
    let (shop_ids, order_ids) = columns(keys.iter().copied());
    sqlx::query(
        "delete from stream using unnest($1::text[], $2::text[]) as gone (shop_id, order_id) \
         where stream.shop_id = gone.shop_id and stream.order_id = gone.order_id \
         and stream.version = 0",
    )
    .bind(shop_ids)
    .bind(order_ids)
    .execute(tx)
    .await
    .map_err(failing("remove the streams of refused commits"))?;
    Ok(())
}

/// Served by the primary key of `standing`. Writing each row as it is locks it, and creates it
/// where it is missing, in one pass in sorted order; locking first and creating then would be two
/// passes, between which two batches could wait for one another.
async fn totals(
    tx: &mut PgConnection,
    accounts: &BTreeSet<Account>,
) -> Result<BTreeMap<Account, i64>, StoreFault> {
    let shop_ids: Vec<_> = accounts.iter().map(|account| account.shop_id.as_str()).collect();
    let buyer_ids: Vec<_> = accounts.iter().map(|account| account.buyer_id.as_str()).collect();
    let years: Vec<_> = accounts.iter().map(|account| i64::from(account.year)).collect();
    let rows = sqlx::query(
        "insert into standing (shop_id, buyer_id, year, refunded_minor) \
         select wanted.shop_id, wanted.buyer_id, wanted.year, 0 \
         from unnest($1::text[], $2::text[], $3::bigint[]) as wanted (shop_id, buyer_id, year) \
         order by wanted.shop_id collate \"C\", wanted.buyer_id collate \"C\", wanted.year \
         on conflict (shop_id, buyer_id, year) \
         do update set refunded_minor = standing.refunded_minor \
         returning shop_id, buyer_id, year, refunded_minor",
    )
    .bind(shop_ids)
    .bind(buyer_ids)
    .bind(years)
    .fetch_all(tx)
    .await
    .map_err(failing("lock the yearly totals of a batch"))?;
    rows.iter().map(|row| Ok((row.account()?, row.number("refunded_minor")?))).collect()
}

fn columns<'a>(keys: impl Iterator<Item = &'a StreamKey>) -> (Vec<&'a str>, Vec<&'a str>) {
    keys.map(|key| (key.shop_id.as_str(), key.order_id.as_str())).unzip()
}
