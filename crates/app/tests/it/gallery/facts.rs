//! What stands for the names in a route: cases of every stage, orders, people, from the demo.

use super::Scene;
use app::{
    access::{PLATFORM, invitation, member::Member},
    demo::{CHAHE, QINGCI},
    replies::{
        shipped,
        template::{self, Made},
    },
};
use domain::{
    actor::Actor,
    case::Stage,
    id::{BuyerId, OrderId, ShopId},
    policy::Language,
};
use engine::rows::{CaseFilter, CaseRow, LIMIT_MAX, OrderFilter, OrderRow};
use std::collections::BTreeMap;

/// Values for the names of a route, such as `case_id`.
pub type Facts = BTreeMap<&'static str, String>;

/// What a route is about.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What tells it from others of its kind, such as the stage of a case.
    pub name: String,
    pub facts: Facts,
}

/// All that routes can be about.
pub struct Subjects {
    /// A case of every stage.
    pub cases: Vec<Subject>,
    /// Every case with each of its refunds, tickets and files, to be tried one after the other.
    pub every: Vec<Subject>,
    /// Cases before the platform.
    pub disputes: Vec<Subject>,
    /// Orders: one that nobody complained about, one made to order.
    pub orders: Vec<Subject>,
    /// What else there is in the shop.
    pub shop: Facts,
    /// What else there is on the platform.
    pub platform: Facts,
}

impl Subjects {
    /// Looks through the demo.
    pub async fn of(scene: &Scene) -> Self {
        let mut rows = Vec::new();
        for shop in [CHAHE, QINGCI] {
            rows.extend(cases(scene, shop).await);
        }
        let (shop, platform) =
            (others(scene, CHAHE, "kefu-lin").await, others(scene, PLATFORM, "yunying-qian").await);
        let (cases, every, disputes, orders) = (vec![], vec![], vec![], vec![]);
        let mut subjects = Self { cases, every, disputes, orders, shop, platform };
        for stage in Stage::ALL {
            let name = serde_json::to_value(stage).unwrap().as_str().unwrap().to_owned();
            let row = rows.iter().find(|row| row.stage == name);
            let row = row.unwrap_or_else(|| panic!("the demo has no case that is {name}"));
            subjects.cases.push(Subject { facts: facts_of(row), name });
        }
        for row in &rows {
            subjects.every.extend(parts(scene, row).await);
        }
        let disputed = |subject: &&Subject| subject.name == "disputed";
        subjects.disputes = subjects.cases.iter().filter(disputed).cloned().collect();
        for (shop, id, name) in [
            (CHAHE, "3729000000000000002", "untouched"),
            (QINGCI, "3729000000000000001", "made-to-order"),
        ] {
            subjects.orders.push(order(scene, shop, id, name).await);
        }
        subjects
    }
}

/// What a page that is about no case and no order can be about.
async fn others(scene: &Scene, shop: &str, person: &str) -> Facts {
    let (app, member) = (&scene.demo.app, Member::named(shop, person).unwrap());
    let at = app.desk.now();
    let invited = invitation::make(&app.registry, &member, &Actor::System, at).await;
    let token = invited.unwrap().expect("the person is there");
    let template_id = template(scene).await;
    Facts::from([
        ("shop_id", CHAHE.to_owned()),
        ("person_id", person.to_owned()),
        ("token", token),
        ("template_id", template_id),
    ])
}

/// A template of the shop's own.
async fn template(scene: &Scene) -> String {
    let (app, shop_id) = (&scene.demo.app, ShopId::parse(CHAHE).unwrap());
    let copy = shipped::all()[0].template(Language::Zh);
    let at = app.desk.now();
    let made = template::make(&app.registry, &shop_id, &[copy], &Actor::System, at).await;
    let Made::Done(id) = made.unwrap() else { panic!("the shop has too many templates") };
    id
}

/// A case with each of its refunds, or as it is, and the first of what else it has.
async fn parts(scene: &Scene, row: &CaseRow) -> Vec<Subject> {
    let order = scene.demo.app.desk.order(&row.key).await.unwrap();
    let case = order.case(row.case_id).unwrap();
    let mut facts = facts_of(row);
    facts.extend(case.exhibits.first().map(|one| ("file_id", one.file_id.to_string())));
    facts.extend(case.tickets.first().map(|one| ("ticket_no", one.ticket_no.to_string())));
    let mut parts = vec![Subject { name: String::new(), facts: facts.clone() }];
    for refund in &case.refunds {
        facts.insert("refund_no", refund.refund_no.to_string());
        parts.push(Subject { name: String::new(), facts: facts.clone() });
    }
    parts
}

fn facts_of(row: &CaseRow) -> Facts {
    Facts::from([
        ("case_id", row.case_id.to_string()),
        ("order_id", row.key.order_id.to_string()),
        ("shop_id", row.key.shop_id.to_string()),
        ("buyer_id", row.buyer_id.to_string()),
    ])
}

async fn order(scene: &Scene, shop: &str, id: &str, name: &str) -> Subject {
    let (shop_id, wanted) = (ShopId::parse(shop).unwrap(), OrderId::parse(id).unwrap());
    let filter = OrderFilter { shop_id, buyer_id: None, after: None, limit: LIMIT_MAX };
    let found = scene.demo.app.desk.store().orders(&filter).await.unwrap().rows;
    let row: &OrderRow = found.iter().find(|row| row.key.order_id == wanted).unwrap();
    let buyer_id: &BuyerId = &row.buyer_id;
    let facts = Facts::from([
        ("order_id", id.to_owned()),
        ("shop_id", shop.to_owned()),
        ("buyer_id", buyer_id.to_string()),
    ]);
    Subject { name: name.to_owned(), facts }
}

async fn cases(scene: &Scene, shop: &str) -> Vec<CaseRow> {
    let filter = CaseFilter::all(Some(ShopId::parse(shop).unwrap()), LIMIT_MAX);
    scene.demo.app.desk.store().cases(&filter).await.unwrap().rows
}
