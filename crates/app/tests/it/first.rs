//! A command thought to be the first of its order (an import) becomes what it would have become
//! anyway, whether the order is there or not.

use crate::world::{Database, World, facts};
use app::world::new_command_id;
use domain::{
    actor::Actor,
    command::Command,
    facts::Facts,
    id::{OrderId, ShopId},
};
use engine::{
    desk::{Answer, Envelope, Trouble},
    rows::StreamKey,
};
use serde_json::json;

async fn told(world: &World, facts: serde_json::Value) -> Result<Answer, Trouble> {
    let facts: Facts = serde_json::from_value(facts).unwrap();
    let shop_id = ShopId::parse(crate::world::SHOP).unwrap();
    let envelope = Envelope {
        key: StreamKey { shop_id, order_id: OrderId::parse("o1").unwrap() },
        command: Command::RecordOrder(Box::new(facts)),
        command_id: new_command_id(),
        by: Actor::System,
        receipt: None,
        expected: None,
        settles: None,
    };
    world.app.desk.handle_first(envelope).await
}

async fn an_order_that_is_thought_new_is_looked_at_where_it_is_not(database: Database) {
    let world = World::new(database).await;
    let first = facts(&world, "o1", "oB1", 5_900, 2);

    let new = told(&world, first.clone()).await.unwrap();
    let same = told(&world, first.clone()).await.unwrap();
    let mut sent = first.clone();
    sent["progress"] = json!("shipped");
    let changed = told(&world, sent).await.unwrap();
    let mut stolen = first;
    stolen["buyer_id"] = json!("oB2");
    let refused = told(&world, stolen).await;

    assert_eq!((new.events, new.order.version), (1, 1));
    assert_eq!((same.events, same.order.version), (0, 1));
    assert_eq!((changed.events, changed.order.version), (1, 2));
    assert!(matches!(refused, Err(Trouble::Refused(_))), "{refused:?}");
}

on_both!(an_order_that_is_thought_new_is_looked_at_where_it_is_not);
