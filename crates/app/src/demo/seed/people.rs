//! People move in: two shops with everybody they need, the platform, machines, and buyers.

use super::super::{
    CHAHE, DemoFault, QINGCI,
    time::TimeMachine,
    tokens::{BuyerToken, KeyToken, PersonToken, Tokens},
};
use super::{shop, tale::By};
use crate::{
    access::{
        PLATFORM,
        people::{KEY, MachineKey, Office, Scope},
        token::{Secret, key_token},
    },
    onboarding::{self, Newcomer},
    registry::Change,
    world::random_hex,
};
use domain::{
    actor::{Actor, Role},
    id::{BuyerId, IdError, KeyId, PersonId, ShopId},
    moment::{Moment, Span},
    money::{Currency, Money},
    standing::ShopSettings,
};
use engine::{
    restriction::{APPEAL, Appeal, Decision},
    rulebook::{SHOP, Shop},
};

/// The shops with their names and the amount above which a second person confirms, in fen.
const SHOPS: [(&str, &str, i64); 2] = [(CHAHE, "茶禾茶铺", 50_000), (QINGCI, "青瓷手作", 100_000)];
/// Who works in each shop, beside its owner.
const STAFF: [(&str, &str, Office); 3] = [
    ("kefu-lin", "客服小林", Office::Agent),
    ("zhuguan-he", "主管何静", Office::Supervisor),
    ("caiwu-su", "财务苏敏", Office::Finance),
];
/// Who works on the platform.
const PLATFORM_STAFF: [(&str, &str, Office); 2] = [
    ("zhongcai-zhao", "平台仲裁赵宁", Office::Arbiter),
    ("yunying-qian", "平台运营钱帆", Office::Operator),
];
const SCOPES: [(&str, Scope); 4] = [
    ("read", Scope::Read),
    ("orders", Scope::Orders),
    ("cases", Scope::Cases),
    ("manage", Scope::Manage),
];
/// Buyers who can get in: shop, openid, name.
pub const BUYERS: [(&str, &str, &str); 5] = [
    (CHAHE, "oDemoLinXiaoyu0000000000000A", "林小雨"),
    (CHAHE, "oDemoChenZhiqiang000000000B", "陈志强"),
    (QINGCI, "oDemoWangMeiling0000000000C", "王美玲"),
    (QINGCI, "oDemoSunYifan00000000000000D", "孙一帆"),
    (CHAHE, "oDemoZhouYuan00000000000000E", "周远（售后频繁，已触发风控）"),
];
/// The one who asks so often that the risk control has stepped in (F7).
pub const RESTLESS: usize = 4;

/// What people call a shop.
pub fn shop_name(shop: &str) -> &'static str {
    SHOPS.iter().find(|(id, ..)| *id == shop).map_or("", |(_, name, _)| name)
}

fn story(what: &'static str) -> impl Fn(IdError) -> DemoFault {
    move |error| DemoFault::story(what, &error)
}

/// Opens the shops, lets everybody in, and writes their tokens down.
pub async fn move_in(time: &TimeMachine) -> Result<(), DemoFault> {
    let mut tokens = Tokens::default();
    for (shop, name, limit_fen) in SHOPS {
        let shop_id = ShopId::parse(shop).map_err(story("a shop"))?;
        open(time, (&shop_id, name), limit_fen, &mut tokens).await?;
        shop::tell(time, &shop_id).await?;
        for person in STAFF {
            let_in(time, &shop_id, person, &mut tokens).await?;
        }
        for scope in SCOPES {
            make_key(time, &shop_id, scope, &mut tokens).await?;
        }
    }
    let platform = ShopId::parse(PLATFORM).map_err(story("the platform"))?;
    for person in PLATFORM_STAFF {
        let_in(time, &platform, person, &mut tokens).await?;
    }
    for (shop, buyer, name) in BUYERS {
        tokens.buyers.push(BuyerToken {
            shop: ShopId::parse(shop).map_err(story("a shop"))?,
            buyer: BuyerId::parse(buyer).map_err(story("a buyer"))?,
            name: name.to_owned(),
            token: String::new(),
        });
    }
    tokens.write(time.folder())
}

async fn open(
    time: &TimeMachine,
    (shop_id, name): (&ShopId, &str),
    limit_fen: i64,
    tokens: &mut Tokens,
) -> Result<(), DemoFault> {
    let (registry, at) = (&time.app.registry, time.app.desk.now());
    let token = onboarding::open_shop(registry, shop_id, name, &Actor::System, at).await?;
    tokens.people.push(PersonToken {
        shop: shop_id.to_string(),
        person: onboarding::OWNER.to_owned(),
        name: shop::owner_name(shop_id.as_str()).to_owned(),
        office: Office::Owner,
        token: token.ok_or_else(|| DemoFault::story("a shop", &"it is there already"))?,
    });
    let Some(entry) = registry.entry::<Shop>(shop_id, SHOP.0, SHOP.1).await? else {
        return Err(DemoFault::story("a shop", &"it is not there"));
    };
    let limit = Money::new(limit_fen, Currency::CNY);
    let limit = limit.map_err(|error| DemoFault::story("a limit", &error))?;
    let settings = ShopSettings { approval_limit: Some(limit), ..entry.body.settings };
    let shop = Shop { settings, ..entry.body };
    let replaces = entry.version;
    let change = Change { shop_id, kind: SHOP.0, id: SHOP.1, replaces, body: &shop };
    registry.put(change, &Actor::System, "shop.changed", at).await?;
    time.app.desk.rulebook().forget(shop_id);
    Ok(())
}

async fn let_in(
    time: &TimeMachine,
    shop_id: &ShopId,
    (id, name, office): (&str, &str, Office),
    tokens: &mut Tokens,
) -> Result<(), DemoFault> {
    let person_id = PersonId::parse(id).map_err(story("a person"))?;
    let newcomer = Newcomer { person_id: &person_id, name, office };
    let (registry, at) = (&time.app.registry, time.app.desk.now());
    let token = onboarding::let_in(registry, shop_id, &newcomer, &Actor::System, at).await?;
    tokens.people.push(PersonToken {
        shop: shop_id.to_string(),
        person: id.to_owned(),
        name: name.to_owned(),
        office,
        token: token.ok_or_else(|| DemoFault::story(id, &"they are there already"))?,
    });
    Ok(())
}

async fn make_key(
    time: &TimeMachine,
    shop_id: &ShopId,
    (name, scope): (&str, Scope),
    tokens: &mut Tokens,
) -> Result<(), DemoFault> {
    let id = KeyId::parse(&format!("demo-{name}")).map_err(story("a key"))?;
    let secret = Secret::new(random_hex::<32>());
    let at = time.app.desk.now();
    let key = MachineKey {
        name: name.to_owned(),
        scopes: vec![scope],
        token_hash: secret.hash(),
        made_at: at,
        revoked_at: None,
    };
    let change = Change { shop_id, kind: KEY, id: id.as_str(), replaces: 0, body: &key };
    time.app.registry.put(change, &Actor::System, "key.made", at).await?;
    let token = key_token(shop_id, &id, &secret);
    tokens.keys.push(KeyToken { shop: shop_id.to_string(), scope, token });
    Ok(())
}

/// The restless buyer appeals and nobody has decided yet; two others were answered.
pub async fn appeal(time: &TimeMachine) -> Result<(), DemoFault> {
    let Some((shop, buyer, _)) = BUYERS.get(RESTLESS) else { return Ok(()) };
    let material = "替公司采购伴手礼，批量下单所以申请较多，附采购合同，请解除限制。";
    let now = time.app.desk.now();
    file_appeal(time, (shop, buyer), (material, now), None).await?;
    let material = "家里老人误操作，连点了好几次申请，都已撤销，以后会注意。";
    let made_at = now.before(Span::days(6));
    let answer = (Decision::Lifted, "申请均已撤销，无异常退货，解除限制三十天。");
    let who = (CHAHE, "oGx4chahe017kQmZ7vYt1s");
    file_appeal(time, who, (material, made_at), Some(answer)).await?;
    let material = "我就是觉得都不合适，凭什么限制我。";
    let made_at = now.before(Span::days(3));
    let answer = (Decision::Kept, "三十天内退货率 82%，且两次寄回非本店商品，维持限制。");
    let who = (QINGCI, "oGx4qingci041kQmZ7vYt1s");
    file_appeal(time, who, (material, made_at), Some(answer)).await
}

async fn file_appeal(
    time: &TimeMachine,
    (shop, buyer): (&str, &str),
    (material, made_at): (&str, Moment),
    answer: Option<(Decision, &str)>,
) -> Result<(), DemoFault> {
    let shop_id = ShopId::parse(shop).map_err(story("a shop"))?;
    let buyer_id = BuyerId::parse(buyer).map_err(story("a buyer"))?;
    let by = Actor::Buyer(buyer_id.clone());
    let lifted = matches!(answer, Some((Decision::Lifted, _)));
    let appeal = Appeal {
        buyer_id,
        material: material.to_owned(),
        made_at,
        decision: answer.map(|(decision, _)| decision),
        lifted_until: lifted.then(|| made_at.after(Span::days(30))),
        note: answer.map_or_else(String::new, |(_, note)| note.to_owned()),
    };
    let change = Change { shop_id: &shop_id, kind: APPEAL, id: buyer, replaces: 0, body: &appeal };
    time.app.registry.put(change, &by, "appeal.made", made_at).await?;
    Ok(())
}

/// The key by which a shop's own system tells its orders.
pub fn orders_key() -> Result<KeyId, DemoFault> {
    KeyId::parse("demo-orders").map_err(story("a key"))
}

/// Who takes a step.
pub fn actor(by: By, buyer: &BuyerId) -> Result<Actor, DemoFault> {
    let staff = |office: Office| {
        let mut all = STAFF.iter().chain(&PLATFORM_STAFF);
        let id = all.find(|(_, _, of)| *of == office).map_or("", |(id, _, _)| id);
        PersonId::parse(id).map_err(story("a person"))
    };
    Ok(match by {
        By::Buyer => Actor::Buyer(buyer.clone()),
        By::Agent => Actor::Person { id: staff(Office::Agent)?, role: Role::Agent },
        By::Supervisor => Actor::Person { id: staff(Office::Supervisor)?, role: Role::Supervisor },
        By::Finance => Actor::Person { id: staff(Office::Finance)?, role: Role::Finance },
        By::Arbiter => Actor::Arbiter(staff(Office::Arbiter)?),
        By::Operator => Actor::Operator(staff(Office::Operator)?),
    })
}
