//! A bug in one effect is that effect's own: the others are carried out, and so is it once the
//! bug is gone.

use crate::world::{Database, World, refund_of_one};
use async_trait::async_trait;
use domain::{effect::Effect, moment::Span};
use engine::{
    ports::{Asked, Channel, Outcome},
    pump::{LEASE, pump_once},
};
use serde_json::json;

/// The channel with a bug: refunds of this amount crash it.
struct Crashing<'a> {
    channel: &'a dyn Channel,
    amount_minor: i64,
}

#[async_trait]
impl Channel for Crashing<'_> {
    async fn carry_out(&self, asked: &Asked<'_>) -> Outcome {
        if let Effect::Refund(order) = asked.effect {
            assert_ne!(order.amount.minor(), self.amount_minor, "a bug on purpose");
        }
        self.channel.carry_out(asked).await
    }
}

#[tokio::test]
async fn an_effect_that_crashes_keeps_no_other_back() {
    let world = World::new(Database::Sqlite).await;
    for n in 1..=3 {
        let (order_id, buyer_id) = (format!("43{n}"), format!("oB{n}"));
        world.order(&order_id, &buyer_id, 1_000 * n, 1).await;
        let asked = refund_of_one("不喜欢");
        let case_id = world.open(&world.buyer(&buyer_id).await, &order_id, asked).await;
        world.act(&world.owner, &case_id, "approve", json!({})).await;
    }
    let refunded = || {
        let books = world.sandbox.books();
        let mut amounts: Vec<i64> = books.refunds().map(|refund| refund.refund_fen).collect();
        amounts.sort_unstable();
        amounts
    };

    let crashing = Crashing { channel: &world.app.channel, amount_minor: 2_000 };
    let claimed = pump_once(&world.app.desk, &crashing, 64).await.unwrap();

    assert_eq!((claimed, refunded()), (3, vec![1_000, 3_000]));
    world.pass(Span::from_ms(LEASE.ms() + 1_000)).await;
    assert_eq!(refunded(), [1_000, 2_000, 3_000]);
}
