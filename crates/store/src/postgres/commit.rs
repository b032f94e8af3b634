//! The only writer. The straight way hopes that all is as expected and finds out while it writes;
//! where it is not, the long way locks, judges, writes.

use super::{Postgres, begin, lock, straight, write};
use crate::{
    judge::{Writes, hope, judge},
    shape,
};
use engine::{
    ports::StoreFault,
    rows::{Commit, CommitVerdict},
};
use sqlx::{PgConnection, Postgres as Dialect, Transaction};

pub(super) async fn commit(
    store: &Postgres,
    batch: &[Commit],
) -> Result<Vec<CommitVerdict>, StoreFault> {
    shape::commits(batch)?;
    let mut writer = store.writer.take_any().await?;
    if goes_straight(store, &mut writer, batch).await? {
        writer.keep();
        return Ok(vec![CommitVerdict::Committed; batch.len()]);
    }
    let (tx, verdicts, writes) = store.within(prepare(&mut writer, batch)).await?;
    if writes.records.is_empty() {
        // Nothing was accepted: there is nothing to keep, and nothing is lost if this fails.
        drop(tx);
        return Ok(verdicts);
    }
    store.end(tx, "commit a batch").await?;
    writer.keep();
    Ok(verdicts)
}

/// Whether a batch was as hoped, and is committed.
async fn goes_straight(
    store: &Postgres,
    writer: &mut PgConnection,
    batch: &[Commit],
) -> Result<bool, StoreFault> {
    let Some(hoped) = hope(batch) else { return Ok(false) };
    let Some(tx) = store.within(straight::write(writer, &hoped)).await? else { return Ok(false) };
    store.end(tx, "commit a batch").await?;
    Ok(true)
}

/// A transaction that needs only be committed, and what it would mean.
type Prepared<'c, 'a> = (Transaction<'c, Dialect>, Vec<CommitVerdict>, Writes<'a>);

async fn prepare<'c, 'a>(
    writer: &'c mut PgConnection,
    batch: &'a [Commit],
) -> Result<Prepared<'c, 'a>, StoreFault> {
    let mut tx = begin(writer).await?;
    let (facts, created) = lock::facts(&mut tx, batch).await?;
    let (verdicts, writes) = judge(batch, facts);
    if !writes.records.is_empty() {
        write::all(&mut tx, &writes).await?;
        let unused: Vec<_> =
            created.into_iter().filter(|key| !writes.heads.contains_key(*key)).collect();
        if !unused.is_empty() {
            lock::forget(&mut tx, &unused).await?;
        }
    }
    Ok((tx, verdicts, writes))
}
