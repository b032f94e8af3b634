//! What a batch is judged by, read by one statement. The write lock is held, so reading is enough.

use super::write::json;
use crate::{
    column::Columns,
    fault::failing,
    judge::{Facts, accounts, keys},
};
use engine::{
    ports::StoreFault,
    rows::{Commit, StreamKey},
};
use sqlx::SqliteConnection;
use std::collections::BTreeMap;

/// Served by the last entry of a stream in `event_by_stream`, once for each key wanted, and by the
/// primary key of `standing`, once for each account wanted.
const FACTS: &str = "select value ->> 0 as shop_id, value ->> 1 as order_id, \
     null as buyer_id, null as year, (select max(version) from event \
     where shop_id = value ->> 0 and order_id = value ->> 1) as number \
     from jsonb_each(?1) where number is not null \
     union all \
     select standing.shop_id, null, standing.buyer_id, standing.year, standing.refunded_minor \
     from jsonb_each(?2) as wanted cross join standing \
     on standing.shop_id = wanted.value ->> 0 and standing.buyer_id = wanted.value ->> 1 \
     and standing.year = wanted.value ->> 2";

pub(super) async fn facts(
    tx: &mut SqliteConnection,
    batch: &[Commit],
) -> Result<Facts, StoreFault> {
    let (keys, accounts) = (keys(batch), accounts(batch));
    let rows =
        sqlx::query(FACTS)
            .bind(json(keys.iter().map(|key| (key.shop_id.as_str(), key.order_id.as_str())))?)
            .bind(json(accounts.iter().map(|account| {
                (account.shop_id.as_str(), account.buyer_id.as_str(), account.year)
            }))?)
            .fetch_all(tx)
            .await
            .map_err(failing("read what a batch is judged by"))?;
    // Nobody else can write now, so a stream that is not there is new.
    let mut heads: BTreeMap<_, _> = keys.iter().map(|key| (StreamKey::clone(key), 0)).collect();
    let mut totals = BTreeMap::new();
    for row in &rows {
        if row.text_or_none("order_id")?.is_some() {
            heads.insert(row.key()?, row.whole("number")?);
        } else {
            totals.insert(row.account()?, row.number("number")?);
        }
    }
    Ok(Facts { heads, totals })
}
