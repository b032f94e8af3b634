//! The only writer: lock, judge, write, commit.

use super::{Sqlite, begin, lock, write};
use crate::{fault::unknown, judge::judge, shape};
use engine::{
    ports::StoreFault,
    rows::{Commit, CommitVerdict},
};

pub(super) async fn commit(
    store: &Sqlite,
    batch: &[Commit],
) -> Result<Vec<CommitVerdict>, StoreFault> {
    shape::commits(batch)?;
    let mut writer = store.writer.take().await?;
    let mut tx = begin(&mut writer).await?;
    let facts = lock::facts(&mut tx, batch).await?;
    let (verdicts, writes) = judge(batch, facts);
    if writes.records.is_empty() {
        // Nothing was accepted: there is nothing to keep, and nothing is lost if this fails.
        drop(tx);
        writer.keep();
        return Ok(verdicts);
    }
    write::all(&mut tx, &writes).await?;
    tx.commit().await.map_err(unknown("commit a batch"))?;
    writer.keep();
    if let Some(checkpoints) = &store.checkpoints {
        let rows = [writes.records.len(), writes.effects.len(), writes.cases.len()];
        checkpoints.written(rows.iter().sum::<usize>().saturating_add(writes.orders.len()));
    }
    Ok(verdicts)
}
