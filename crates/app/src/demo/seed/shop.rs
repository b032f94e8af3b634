//! What the two shops tell everybody: how they are reached and where goods go back, and who they
//! belong to.

use crate::{
    access::people::{PERSON, Person},
    bulletin::{CONTACTS, Contacts, SHIPPING, Shipping},
    demo::{CHAHE, DemoFault, time::TimeMachine},
    onboarding::OWNER,
    registry::Change,
    replies::auto::{self, AutoReplies, Occasion, Switched},
};
use domain::{
    actor::{Actor, Role},
    id::{PersonId, ShopId},
};
use serde::Serialize;

/// The name of a shop's owner.
pub fn owner_name(shop: &str) -> &'static str {
    if shop == CHAHE { "店主沈禾" } else { "店主叶青" }
}

/// Writes down what a shop tells.
pub async fn tell(time: &TimeMachine, shop_id: &ShopId) -> Result<(), DemoFault> {
    let is_tea = shop_id.as_str() == CHAHE;
    let contacts = Contacts {
        service_url: String::new(),
        hotline: if is_tea { "0571-8888 2093" } else { "0578-6666 4215" }.to_owned(),
        hours: "每天 9:00–21:00".to_owned(),
        official_account: if is_tea { "茶禾茶铺" } else { "青瓷手作" }.to_owned(),
    };
    let return_address = if is_tea {
        "茶禾茶铺售后组 0571-88882093 浙江省杭州市西湖区转塘街道龙坞茶镇 18 号 3 号仓"
    } else {
        "青瓷手作售后组 0578-66664215 浙江省丽水市龙泉市剑池街道披云路 6 号 1 楼"
    };
    let carriers = ["顺丰速运", "京东物流", "中通快递"].map(str::to_owned).to_vec();
    let shipping = Shipping { return_address: return_address.to_owned(), carriers };
    put(time, (shop_id, CONTACTS), &contacts, "contacts.changed").await?;
    put(time, (shop_id, SHIPPING), &shipping, "shipping.changed").await?;
    name_owner(time, shop_id).await
}

/// Has a shop answer by itself from now on, so that a visitor who applies is answered at once.
pub async fn answer_by_itself(time: &TimeMachine, shop: &str) -> Result<(), DemoFault> {
    let shop_id = ShopId::parse(shop).map_err(|error| DemoFault::story(shop, &error))?;
    let (app, since) = (&time.app, time.app.desk.now());
    let switched = [
        (Occasion::Opened, "shipped.received"),
        (Occasion::ApprovedReturn, "shipped.return"),
        (Occasion::RefundSucceeded, "shipped.arrived"),
    ];
    let on = switched.map(|(occasion, id)| (occasion, Switched { template: id.to_owned(), since }));
    let replies = AutoReplies { on: on.into(), hours: None };
    let place = (&app.registry, app.desk.store());
    auto::put(place, &shop_id, (0, &replies), &owner()?, since).await.map(drop)?;
    Ok(())
}

fn owner() -> Result<Actor, DemoFault> {
    let id = PersonId::parse(OWNER).map_err(|error| DemoFault::story(OWNER, &error))?;
    Ok(Actor::Person { id, role: Role::Owner })
}

async fn name_owner(time: &TimeMachine, shop_id: &ShopId) -> Result<(), DemoFault> {
    let (registry, at) = (&time.app.registry, time.app.desk.now());
    let Some(entry) = registry.entry::<Person>(shop_id, PERSON, OWNER).await? else {
        return Err(DemoFault::story("an owner", &"there is none"));
    };
    let person = Person { name: owner_name(shop_id.as_str()).to_owned(), ..entry.body };
    let replaces = entry.version;
    let change = Change { shop_id, kind: PERSON, id: OWNER, replaces, body: &person };
    Ok(registry.keep(change, at).await.map(drop)?)
}

async fn put<T: Serialize + Sync>(
    time: &TimeMachine,
    (shop_id, (kind, id)): (&ShopId, (&'static str, &'static str)),
    body: &T,
    act: &str,
) -> Result<(), DemoFault> {
    let by = owner()?;
    let change = Change { shop_id, kind, id, replaces: 0, body };
    Ok(time.app.registry.put(change, &by, act, time.app.desk.now()).await.map(drop)?)
}
