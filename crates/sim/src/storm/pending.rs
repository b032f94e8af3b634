//! [`crate::flaw::Flaw::PendingNotCounted`]: whoever decides sees money only once it has gone.

use domain::{
    event::{CaseEvent, Event, RefundStep},
    money::Money,
    record::Record,
    working::Allocation,
};
use engine::rows::StoredRecord;
use std::collections::BTreeSet;

/// Takes what money on its way has taken out of the records.
pub(super) fn forget(found: &mut [StoredRecord]) {
    let records: Vec<Option<Record>> =
        found.iter().map(|stored| serde_json::from_str(&stored.body).ok()).collect();
    let done: BTreeSet<String> = records.iter().flatten().filter_map(succeeded).collect();
    for (stored, record) in found.iter_mut().zip(records) {
        let Some(mut record) = record else { continue };
        let Event::Case { what: CaseEvent::RefundOrdered { allocation, refunds }, .. } =
            &mut record.event
        else {
            continue;
        };
        if refunds.iter().all(|refund| done.contains(refund.refund_no.as_str())) {
            continue;
        }
        *allocation = Allocation::nothing(Money::zero(allocation.freight.currency()));
        stored.body = serde_json::to_string(&record).unwrap_or_default();
    }
}

fn succeeded(record: &Record) -> Option<String> {
    let Event::Case { what: CaseEvent::RefundMoved { refund_no, step }, .. } = &record.event else {
        return None;
    };
    matches!(step, RefundStep::Succeeded { .. }).then(|| refund_no.to_string())
}
