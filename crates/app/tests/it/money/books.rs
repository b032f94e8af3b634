//! Our books and the channel's, compared to the fen.

use crate::world::World;
use sandbox::books::refund::{Refund, Status};
use serde_json::Value;
use std::collections::BTreeMap;

/// Every refund of every case of the shop, by its number.
async fn ours(world: &World) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    let mut path = "/api/v1/cases?limit=200".to_owned();
    loop {
        let (_, page) = world.get(&world.owner, &path).await;
        for row in page["items"].as_array().unwrap() {
            let case = world.case(row["case_id"].as_str().unwrap()).await;
            for refund in case["refunds"].as_array().unwrap() {
                let number = refund["refund_no"].as_str().unwrap().to_owned();
                assert!(found.insert(number, refund.clone()).is_none(), "a number stands twice");
            }
        }
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/api/v1/cases?limit=200&cursor={cursor}"),
            None => return found,
        }
    }
}

/// Whether what we say of a refund and what the channel says can both be true at rest.
fn agree(state: &str, theirs: Option<&Refund>) -> bool {
    match theirs.map(|refund| refund.status) {
        Some(Status::Success) => state == "succeeded",
        Some(Status::Processing) => matches!(state, "accepted" | "uncertain"),
        Some(Status::Abnormal) => state == "abnormal",
        Some(Status::Closed) => matches!(state, "closed_by_channel" | "replaced"),
        None => matches!(state, "ordered" | "waiting" | "uncertain" | "declined" | "replaced"),
    }
}

/// What we say of every refund is what the channel says, and the channel knows no other; of no
/// payment more went back than it was.
pub async fn assert_books_equal(world: &World) {
    let (ours, books) = (ours(world).await, world.sandbox.books());
    let theirs: BTreeMap<&str, &Refund> =
        books.refunds().map(|refund| (refund.out_refund_no.as_str(), refund)).collect();
    for (number, refund) in &ours {
        let Some(transaction) = refund["path"]["original"].as_str() else {
            assert!(
                !theirs.contains_key(number.as_str()),
                "a payout went to the channel: {number}"
            );
            continue;
        };
        let found = theirs.get(number.as_str()).copied();
        let state = refund["state"].as_str().unwrap();
        assert!(agree(state, found), "{number} is {state} here, {found:?} there");
        let Some(found) = found else { continue };
        assert_eq!(found.refund_fen, refund["amount"]["amount_minor"], "{number}");
        assert_eq!(found.transaction_id, transaction, "{number}");
        let accepted = found.refund_id.as_str();
        let known = refund["channel_no"].as_str();
        assert!(known.is_none_or(|known| known == accepted), "{number}: {known:?} {accepted}");
    }
    for number in theirs.keys() {
        assert!(ours.contains_key(*number), "the channel has a refund nobody ordered: {number}");
    }
    for payment in books.transactions() {
        let back = books.refunded_fen(&payment.transaction_id);
        assert!(back <= payment.total_fen, "{} gave back {back}", payment.transaction_id);
    }
}
