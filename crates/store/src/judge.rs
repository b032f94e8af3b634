//! The judgement of a batch: pure, and the same for both databases. It takes what the database
//! holds of the streams and totals a batch touches, and says what happens to each commit and what
//! is to be written for those that are accepted.

use domain::id::{BuyerId, CaseId, EffectId, ShopId};
use engine::rows::{
    CaseRow, Commit, CommitVerdict, Guard, NewEffect, OrderRow, StoredRecord, StreamKey,
};
use std::collections::{BTreeMap, BTreeSet, HashMap, btree_map::Entry};

/// What a yearly total is kept by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Account {
    pub(crate) shop_id: ShopId,
    pub(crate) buyer_id: BuyerId,
    pub(crate) year: i16,
}

/// What the database holds, read under the locks of the transaction that will write.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// The version of each stream, 0 for one that does not exist. A stream that is missing here
    /// was created by another transaction meanwhile: whatever was decided on it is in conflict.
    pub(crate) heads: BTreeMap<StreamKey, u64>,
    /// The total of each account; missing means nothing.
    pub(crate) totals: BTreeMap<Account, i64>,
}

/// What is to be written for the accepted commits: each row once, as the last of them leaves it.
#[derive(Debug, Default)]
pub(crate) struct Writes<'a> {
    pub(crate) records: Vec<(&'a StreamKey, &'a StoredRecord)>,
    pub(crate) heads: BTreeMap<&'a StreamKey, u64>,
    pub(crate) effects: Vec<(&'a StreamKey, &'a NewEffect)>,
    pub(crate) settled: Vec<(&'a ShopId, &'a EffectId)>,
    pub(crate) totals: BTreeMap<Account, i64>,
    pub(crate) orders: BTreeMap<&'a StreamKey, &'a OrderRow>,
    pub(crate) cases: BTreeMap<(&'a ShopId, CaseId), &'a CaseRow>,
}

impl<'a> Writes<'a> {
    /// The rows that can be made anew, without what they were made of.
    pub(crate) fn of_views(rebuilt: &'a Commit) -> Self {
        let key = &rebuilt.key;
        Self {
            orders: rebuilt.order.iter().map(|order| (key, order)).collect(),
            cases: rebuilt.cases.iter().map(|case| ((&key.shop_id, case.case_id), case)).collect(),
            ..Self::default()
        }
    }
}

/// The streams that a batch touches, in the order in which they are locked.
pub(crate) fn keys(batch: &[Commit]) -> BTreeSet<&StreamKey> {
    batch.iter().map(|commit| &commit.key).collect()
}

/// The accounts that a batch touches, in the order in which they are locked.
pub(crate) fn accounts(batch: &[Commit]) -> BTreeSet<Account> {
    batch
        .iter()
        .flat_map(|commit| commit.guards.iter().map(|guard| account(commit, guard)))
        .collect()
}

/// Judges the commits in the order given, each against what those before it left.
pub(crate) fn judge(batch: &[Commit], facts: Facts) -> (Vec<CommitVerdict>, Writes<'_>) {
    let mut court = Court { facts, writes: Writes::default(), conflicts: HashMap::new() };
    let verdicts = batch.iter().map(|commit| court.hear(commit)).collect();
    (verdicts, court.writes)
}

/// A batch against which nothing speaks, as long as the database is as was expected.
#[derive(Debug)]
pub(crate) struct Hoped<'a> {
    /// What follows then; totals are what is added to them.
    pub(crate) writes: Writes<'a>,
    /// The version at which each stream is expected.
    pub(crate) expected: BTreeMap<&'a StreamKey, u64>,
    /// What no total may exceed once all is added.
    pub(crate) caps: BTreeMap<Account, i64>,
}

/// Judges a batch on what its commits expect to find. Nothing if a commit would be refused even
/// so, or if something is given back: then it must be seen what is there.
pub(crate) fn hope(batch: &[Commit]) -> Option<Hoped<'_>> {
    let (mut expected, mut caps) = (BTreeMap::new(), BTreeMap::new());
    for commit in batch {
        expected.entry(&commit.key).or_insert(commit.expected_version);
        for guard in &commit.guards {
            let Guard::YearlyTotal { add_minor, cap_minor, .. } = guard;
            if *add_minor <= 0 {
                return None;
            }
            let cap = caps.entry(account(commit, guard)).or_insert(*cap_minor);
            *cap = (*cap).min(*cap_minor);
        }
    }
    let heads = expected.iter().map(|(key, version)| (StreamKey::clone(key), *version));
    let facts = Facts { heads: heads.collect(), totals: BTreeMap::new() };
    let (verdicts, writes) = judge(batch, facts);
    let all = verdicts.iter().all(|verdict| *verdict == CommitVerdict::Committed);
    all.then_some(Hoped { writes, expected, caps })
}

struct Court<'a> {
    facts: Facts,
    writes: Writes<'a>,
    /// The lowest version on which a refused commit of a stream was decided. Whatever was decided
    /// on a later version may rest on records that were never written, and a version number alone
    /// does not tell those from records of somebody else.
    conflicts: HashMap<&'a StreamKey, u64>,
}

impl<'a> Court<'a> {
    fn hear(&mut self, commit: &'a Commit) -> CommitVerdict {
        let expected = commit.expected_version;
        let rests_on_refused =
            self.conflicts.get(&commit.key).is_some_and(|refused| expected > *refused);
        if rests_on_refused || self.facts.heads.get(&commit.key) != Some(&expected) {
            let refused = self.conflicts.entry(&commit.key).or_insert(expected);
            *refused = expected.min(*refused);
            return CommitVerdict::Conflict;
        }
        let Some(totals) = self.totals_after(commit) else {
            return CommitVerdict::GuardFailed;
        };
        self.accept(commit, totals);
        CommitVerdict::Committed
    }

    /// The totals that the guards of a commit leave; nothing if one of them does not hold.
    fn totals_after(&self, commit: &Commit) -> Option<BTreeMap<Account, i64>> {
        let mut totals = BTreeMap::new();
        for guard in &commit.guards {
            let Guard::YearlyTotal { add_minor, cap_minor, .. } = guard;
            let total = match totals.entry(account(commit, guard)) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => {
                    let held = self.facts.totals.get(entry.key()).copied().unwrap_or(0);
                    entry.insert(held)
                }
            };
            *total = if *add_minor <= 0 {
                total.saturating_add(*add_minor)
            } else {
                total.checked_add(*add_minor).filter(|after| after <= cap_minor)?
            };
        }
        Some(totals)
    }

    fn accept(&mut self, commit: &'a Commit, totals: BTreeMap<Account, i64>) {
        let key = &commit.key;
        let version = commit.records.last().map_or(commit.expected_version, |last| last.version);
        self.facts.heads.insert(key.clone(), version);
        self.facts.totals.extend(totals.clone());

        let writes = &mut self.writes;
        writes.heads.insert(key, version);
        writes.totals.extend(totals);
        writes.records.extend(commit.records.iter().map(|record| (key, record)));
        writes.effects.extend(commit.effects.iter().map(|effect| (key, effect)));
        writes.settled.extend(commit.settles.iter().map(|effect| (&key.shop_id, effect)));
        writes.orders.extend(commit.order.iter().map(|order| (key, order)));
        writes.cases.extend(commit.cases.iter().map(|case| ((&key.shop_id, case.case_id), case)));
    }
}

fn account(commit: &Commit, guard: &Guard) -> Account {
    let Guard::YearlyTotal { buyer_id, year, .. } = guard;
    Account { shop_id: commit.key.shop_id.clone(), buyer_id: buyer_id.clone(), year: *year }
}

#[cfg(test)]
mod tests {
    use super::{Facts, accounts, judge, keys};
    use domain::{
        id::{BuyerId, OrderId, ShopId},
        moment::Moment,
    };
    use engine::rows::{
        Commit,
        CommitVerdict::{Committed, Conflict, GuardFailed},
        Guard, StoredRecord, StreamKey,
    };

    fn key(order: &str) -> StreamKey {
        StreamKey { shop_id: ShopId::parse("s").unwrap(), order_id: OrderId::parse(order).unwrap() }
    }

    fn commit(order: &str, expected_version: u64, adds: &[i64]) -> Commit {
        let guard = |add: &i64| Guard::YearlyTotal {
            buyer_id: BuyerId::parse("b").unwrap(),
            year: 2026,
            add_minor: *add,
            cap_minor: 100,
        };
        Commit {
            key: key(order),
            expected_version,
            records: vec![StoredRecord {
                version: expected_version + 1,
                kind: "opened".into(),
                at: Moment::from_ms(1),
                body: "{}".into(),
            }],
            effects: Vec::new(),
            settles: None,
            order: None,
            cases: Vec::new(),
            guards: adds.iter().map(guard).collect(),
        }
    }

    fn facts(batch: &[Commit], version: u64, total: i64) -> Facts {
        Facts {
            heads: keys(batch).into_iter().map(|key| (key.clone(), version)).collect(),
            totals: accounts(batch).into_iter().map(|account| (account, total)).collect(),
        }
    }

    #[test]
    fn the_second_commit_of_a_stream_is_judged_by_what_the_first_left() {
        let batch = [commit("a", 0, &[]), commit("a", 0, &[]), commit("a", 1, &[])];
        let (verdicts, writes) = judge(&batch[..2], facts(&batch, 0, 0));
        assert_eq!(verdicts, [Committed, Conflict]);
        assert_eq!(writes.heads[&key("a")], 1);

        let chain = [commit("a", 0, &[]), commit("a", 1, &[])];
        let (verdicts, writes) = judge(&chain, facts(&chain, 0, 0));
        assert_eq!(verdicts, [Committed, Committed]);
        assert_eq!((writes.heads[&key("a")], writes.records.len()), (2, 2));
    }

    #[test]
    fn what_rests_on_a_refused_commit_is_refused() {
        let batch = [commit("a", 0, &[]), commit("a", 1, &[]), commit("b", 1, &[])];
        let (verdicts, writes) = judge(&batch, facts(&batch, 1, 0));
        assert_eq!(verdicts, [Conflict, Conflict, Committed]);
        assert_eq!(writes.records.len(), 1);
    }

    #[test]
    fn a_stream_lost_to_another_transaction_is_in_conflict() {
        let batch = [commit("a", 0, &[]), commit("a", 1, &[])];
        let (verdicts, writes) = judge(&batch, Facts::default());
        assert_eq!(verdicts, [Conflict, Conflict]);
        assert!(writes.heads.is_empty());
    }

    #[test]
    fn a_guard_sees_what_the_commits_before_it_added() {
        let batch = [commit("a", 0, &[60]), commit("b", 0, &[50]), commit("c", 0, &[40])];
        let (verdicts, writes) = judge(&batch, facts(&batch, 0, 0));
        assert_eq!(verdicts, [Committed, GuardFailed, Committed]);
        assert_eq!(writes.totals.values().copied().collect::<Vec<_>>(), [100]);
    }

    #[test]
    fn all_guards_of_a_commit_hold_or_none_is_applied() {
        let batch = [commit("a", 0, &[60, 50]), commit("b", 0, &[100])];
        let (verdicts, writes) = judge(&batch, facts(&batch, 0, 0));
        assert_eq!(verdicts, [GuardFailed, Committed]);
        assert_eq!(writes.totals.values().copied().collect::<Vec<_>>(), [100]);
    }

    #[test]
    fn giving_back_always_holds() {
        let batch = [commit("a", 0, &[-30]), commit("b", 0, &[i64::MIN])];
        let (verdicts, _) = judge(&batch, facts(&batch, 0, 900));
        assert_eq!(verdicts, [Committed, Committed]);
    }

    #[test]
    fn an_addition_that_overflows_does_not_hold() {
        let batch = [commit("a", 0, &[i64::MAX])];
        let (verdicts, _) = judge(&batch, facts(&batch, 0, 1));
        assert_eq!(verdicts, [GuardFailed]);
    }
}
