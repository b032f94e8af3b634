//! The only writer. The straight way hopes that all is as expected and finds out while it writes;
//! where it is not, the long way locks, judges, writes.

use super::{Postgres, lock, straight, write};
use crate::{
    judge::{Writes, hope, judge},
    shape,
};
use engine::{
    ports::StoreFault,
    rows::{Commit, CommitVerdict},
};
use sqlx::{Postgres as Dialect, Transaction};

pub(super) async fn commit(
    store: &Postgres,
    batch: &[Commit],
) -> Result<Vec<CommitVerdict>, StoreFault> {
    shape::commits(batch)?;
    if let Some(hoped) = hope(batch)
        && let Some(tx) = store.within(straight::write(store, &hoped)).await?
    {
        store.end(tx, "commit a batch").await?;
        return Ok(vec![CommitVerdict::Committed; batch.len()]);
    }
    let (tx, verdicts, writes) = store.within(prepare(store, batch)).await?;
    if writes.records.is_empty() {
        // Nothing was accepted: there is nothing to keep, and nothing is lost if this fails.
        drop(tx);
        return Ok(verdicts);
    }
    store.end(tx, "commit a batch").await?;
    Ok(verdicts)
}

/// A transaction that needs only be committed, and what it would mean.
type Prepared<'a> = (Transaction<'static, Dialect>, Vec<CommitVerdict>, Writes<'a>);

async fn prepare<'a>(store: &Postgres, batch: &'a [Commit]) -> Result<Prepared<'a>, StoreFault> {
    let mut tx = store.begin().await?;
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
