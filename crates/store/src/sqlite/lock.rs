//! What a batch is judged by. The write lock is held, so reading is enough.

use super::write::json;
use crate::{
    column::Columns,
    fault::failing,
    judge::{Account, Facts, accounts, keys},
};
use engine::{
    ports::StoreFault,
    rows::{Commit, StreamKey},
};
use sqlx::SqliteConnection;
use std::collections::{BTreeMap, BTreeSet};

pub(super) async fn facts(
    tx: &mut SqliteConnection,
    batch: &[Commit],
) -> Result<Facts, StoreFault> {
    let heads = heads(tx, &keys(batch)).await?;
    let accounts = accounts(batch);
    let totals = if accounts.is_empty() { BTreeMap::new() } else { totals(tx, &accounts).await? };
    Ok(Facts { heads, totals })
}

/// Served by the last entry of a stream in `event_by_stream`, once for each key wanted.
async fn heads(
    tx: &mut SqliteConnection,
    keys: &BTreeSet<&StreamKey>,
) -> Result<BTreeMap<StreamKey, u64>, StoreFault> {
    let wanted = json(keys.iter().map(|key| (key.shop_id.as_str(), key.order_id.as_str())))?;
    let rows = sqlx::query(
        "select value ->> 0 as shop_id, value ->> 1 as order_id, (select max(version) from event \
         where shop_id = value ->> 0 and order_id = value ->> 1) as version \
         from jsonb_each(?1) where version is not null",
    )
    .bind(wanted)
    .fetch_all(tx)
    .await
    .map_err(failing("read the versions of a batch"))?;
    // Nobody else can write now, so a stream that is not there is new.
    let mut heads: BTreeMap<_, _> = keys.iter().map(|key| (StreamKey::clone(key), 0)).collect();
    for row in &rows {
        heads.insert(row.key()?, row.whole("version")?);
    }
    Ok(heads)
}

/// Served by the primary key of `standing`, once for each account wanted.
async fn totals(
    tx: &mut SqliteConnection,
    accounts: &BTreeSet<Account>,
) -> Result<BTreeMap<Account, i64>, StoreFault> {
    let wanted = json(
        accounts
            .iter()
            .map(|account| (account.shop_id.as_str(), account.buyer_id.as_str(), account.year)),
    )?;
    let rows = sqlx::query(
        "select standing.shop_id, standing.buyer_id, standing.year, standing.refunded_minor \
         from jsonb_each(?1) as wanted cross join standing \
         on standing.shop_id = wanted.value ->> 0 and standing.buyer_id = wanted.value ->> 1 \
         and standing.year = wanted.value ->> 2",
    )
    .bind(wanted)
    .fetch_all(tx)
    .await
    .map_err(failing("read the yearly totals of a batch"))?;
    rows.iter().map(|row| Ok((row.account()?, row.number("refunded_minor")?))).collect()
}
