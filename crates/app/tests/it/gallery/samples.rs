//! The list of pages to look at: every page of the table of routes, with something to show.

use super::{
    Scene,
    facts::{Facts, Subject, Subjects},
};
use crate::pages::visitor::Visitor;
use app::{
    access::{
        PLATFORM,
        page_routes::PAGES,
        people::Office,
        routes::{Route, Who},
    },
    demo::CHAHE,
    pages::door::Door,
};
use std::collections::BTreeMap;

/// Routes that are asked with `GET` and are no pages, and why.
const NO_PAGES: &[(&str, &str)] = &[
    ("/preferences", "keeps what is chosen and goes back"),
    ("/assets/{file}", "looks and scripts"),
    ("/b/enter/{token}", "keeps the link and goes on"),
    ("/b/cases/{case_id}/amend", "fills the draft and goes on to it"),
    ("/b/cases/{case_id}/version", "whether a case has changed, for script"),
    ("/b/cases/{case_id}/live", "says what changes, for script"),
    ("/m/cases/live", "says what changes, for script"),
    ("/m/cases/{case_id}/live", "says what changes, for script"),
    ("/p/cases/{shop_id}/{case_id}/live", "says what changes, for script"),
    ("/b/carriers", "whose waybill it is, for script"),
    ("/policy/{shop_id}/snippet.json", "the policy, for the component"),
    ("/b/uploads/{upload_id}", "how far a file has come, for script"),
    ("/b/files/{file_id}", "a file"),
    ("/b/{shop_id}/wechat", "goes on to WeChat"),
    ("/b/{shop_id}/wechat/back", "comes from WeChat and goes on"),
    ("/m/files/{file_id}", "a file"),
    ("/m/overview/cases.csv", "a file"),
    ("/m/overview/figures.csv", "a file"),
    ("/m/settings", "goes on to the first of them"),
    ("/p", "goes on to where work begins"),
    ("/p/files/{shop_id}/{file_id}", "a file"),
];

/// Pages that look different when they are asked for something: route, query, name.
const ASKED: &[(&str, &str, &str)] = &[("/b/welcome", "over=1", "link-over")];

/// Pages that say something is not right: path, name, status.
const PROBLEMS: &[(&str, &str, u16)] = &[
    ("/nowhere", "not-found", 404),
    ("/b/nowhere", "not-found", 404),
    ("/m/nowhere", "not-found", 404),
    ("/p/nowhere", "not-found", 404),
];

/// A page to look at.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Its name, of which a file name can be made: `m/cases.case_id.offered`.
    pub name: String,
    /// Whether it is the first of its route.
    pub is_first: bool,
    /// Where it is.
    pub path: String,
    /// Through which door.
    pub door: Option<Door>,
    /// By what the visitor is known; empty for a guest.
    pub cookie: String,
    /// What it is answered with.
    pub status: u16,
}

/// All pages.
pub async fn samples(scene: &Scene) -> Vec<Sample> {
    let subjects = Subjects::of(scene).await;
    begin_to_apply(scene, &subjects.orders[0].facts).await;
    let mut keys = Keys::default();
    let mut samples = Vec::new();
    for route in pages() {
        for (n, subject) in about(scene, route, &subjects, &mut keys).await.iter().enumerate() {
            let plain = Sample {
                name: name(route.path, &subject.name),
                is_first: n == 0,
                path: filled(route.path, &subject.facts).unwrap_or_else(|name| {
                    panic!("say in facts.rs what {name} of {} can be", route.path)
                }),
                door: Door::of(route.path),
                cookie: keys.of(scene, route, &subject.facts).await,
                status: 200,
            };
            let asked = ASKED.iter().filter(|(path, ..)| *path == route.path && n == 0);
            samples.push(plain.clone());
            samples.extend(asked.map(|(_, query, name)| Sample {
                name: format!("{}.{name}", plain.name),
                path: format!("{}?{query}", plain.path),
                is_first: false,
                ..plain.clone()
            }));
        }
    }
    samples.extend(problems());
    samples
}

fn problems() -> impl Iterator<Item = Sample> {
    PROBLEMS.iter().map(|(path, name, status)| Sample {
        name: format!("{}/{name}", path.trim_start_matches('/').trim_end_matches("nowhere")),
        is_first: true,
        path: (*path).to_owned(),
        door: Door::of(path),
        cookie: String::new(),
        status: *status,
    })
}

/// Fills in what the later steps of an application need to be shown.
async fn begin_to_apply(scene: &Scene, order: &Facts) {
    let cookie = scene.buyer(&order["shop_id"], &order["buyer_id"]);
    let buyer = Visitor::known(scene.base(), &cookie);
    let at = format!("/b/orders/{}/apply", order["order_id"]);
    let kind = buyer.post(&at, &[("type", "return_and_refund")]).await;
    assert!(kind.status.is_redirection(), "{kind:?}");
    let page = buyer.get(&format!("{at}/goods")).await;
    let quantity = page.html.split("name=\"quantity-").nth(1).unwrap().split('"').next().unwrap();
    let quantity = format!("quantity-{quantity}");
    let goods = [(quantity.as_str(), "1"), ("reason", "unwanted_seven_days"), ("opened", "no")];
    let goods = buyer.post(&format!("{at}/goods"), &goods).await;
    assert!(goods.status.is_redirection(), "{goods:?}");
}

/// Every route that shows a page.
pub fn pages() -> impl Iterator<Item = &'static Route> {
    let is_page = |path: &str| !NO_PAGES.iter().any(|(other, _)| *other == path);
    PAGES.iter().filter(move |route| route.method == "GET" && is_page(route.path))
}

/// What a route can be about.
async fn about(scene: &Scene, route: &Route, subjects: &Subjects, keys: &mut Keys) -> Vec<Subject> {
    let path = route.path;
    let has = |name: &str| path.contains(&format!("{{{name}}}"));
    if has("case_id") && path.starts_with("/p") {
        subjects.disputes.clone()
    } else if has("case_id") && path.ends_with("{case_id}") {
        subjects.cases.clone()
    } else if has("case_id") {
        vec![first_that_shows(scene, route, &subjects.every, keys).await]
    } else if path.contains("/apply/") {
        // A draft was begun for the first.
        subjects.orders.iter().take(1).cloned().collect()
    } else if has("order_id") {
        subjects.orders.clone()
    } else {
        let is_platforms = Door::of(path) == Some(Door::Platform);
        let facts = if is_platforms { &subjects.platform } else { &subjects.shop };
        vec![Subject { name: String::new(), facts: facts.clone() }]
    }
}

/// The first case for which a page of a deed can be opened.
async fn first_that_shows(
    scene: &Scene,
    route: &Route,
    every: &[Subject],
    keys: &mut Keys,
) -> Subject {
    for subject in every {
        let Ok(path) = filled(route.path, &subject.facts) else { continue };
        let cookie = keys.of(scene, route, &subject.facts).await;
        if Visitor::known(scene.base(), &cookie).get(&path).await.status.is_success() {
            return subject.clone();
        }
    }
    panic!("no case of the demo shows {}", route.path)
}

/// The path of a route; the first name that nothing stands for otherwise.
fn filled(path: &str, facts: &Facts) -> Result<String, String> {
    let parts = path.split('/').map(|part| {
        let name = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
        let Some(name) = name else { return Ok(part) };
        facts.get(name).map(String::as_str).ok_or_else(|| name.to_owned())
    });
    Ok(parts.collect::<Result<Vec<_>, _>>()?.join("/"))
}

/// `/m/cases/{case_id}` about a case that is offered: `m/cases.case_id.offered`.
fn name(path: &str, about: &str) -> String {
    let plain = path.trim_start_matches('/').replace(['{', '}'], "");
    let (door, rest) = plain.split_once('/').unwrap_or((&plain, "home"));
    let end = if about.is_empty() { String::new() } else { format!(".{about}") };
    let (door, rest) = match Door::of(path) {
        Some(_) => (door, rest.to_owned()),
        None => ("", plain.replace("home", "")),
    };
    let rest = rest.replace('/', ".");
    format!("{door}/{}{end}", if rest.is_empty() { "start" } else { &rest })
}

/// Who has been let in already: signing in is not for free.
#[derive(Default)]
struct Keys(BTreeMap<String, String>);

impl Keys {
    /// By what somebody is known who may take a route: the buyer, the owner, an operator.
    async fn of(&mut self, scene: &Scene, route: &Route, facts: &Facts) -> String {
        if route.who == Who::ANYONE {
            return String::new();
        }
        let shop = facts.get("shop_id").map_or(CHAHE, String::as_str);
        if route.who.includes(Who::buyer()) {
            let usual = &scene.demo.tokens.buyers[0].buyer;
            return scene.buyer(shop, facts.get("buyer_id").map_or(usual.as_str(), String::as_str));
        }
        let offices = [Office::Owner, Office::Arbiter, Office::Operator, Office::Finance];
        let office = offices.into_iter().find(|office| route.who.includes(Who::person(*office)));
        let office = office.unwrap_or_else(|| panic!("who takes {}?", route.path));
        let shop = if office.role().is_some() { shop } else { PLATFORM };
        let mut people = scene.demo.tokens.people.iter();
        let person = people.find(|person| person.shop == shop && person.office == office);
        let person = &person.expect("the demo has everybody").person;
        let name = format!("{shop}/{person}");
        if !self.0.contains_key(&name) {
            self.0.insert(name.clone(), scene.person(shop, person).await);
        }
        self.0[&name].clone()
    }
}
