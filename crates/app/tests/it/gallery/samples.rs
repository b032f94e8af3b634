//! The list of pages to look at: every page of the table of routes, with something to show.

use super::{
    Scene,
    facts::{Facts, Subject, Subjects},
};
use app::{
    access::{
        page_routes::PAGES,
        people::Office,
        routes::{Route, Who},
    },
    demo::CHAHE,
    pages::door::Door,
};

/// Routes that are asked with `GET` and are no pages, and why.
const NO_PAGES: &[(&str, &str)] = &[
    ("/preferences", "keeps what is chosen and goes back"),
    ("/assets/{file}", "looks and scripts"),
    ("/b/enter/{token}", "keeps the link and goes on"),
    ("/m", "goes on to where work begins"),
    ("/p", "goes on to where work begins"),
    ("/p/files/{shop_id}/{file_id}", "a file"),
];

/// Pages that look different when they are asked for something: route, query, name.
const ASKED: &[(&str, &str, &str)] = &[];

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
    let mut samples = Vec::new();
    for route in pages() {
        let about = about(route.path, &subjects);
        for (n, subject) in about.iter().enumerate() {
            let cookie = cookie(scene, route, &subject.facts).await;
            let plain = Sample {
                name: name(route.path, &subject.name),
                is_first: n == 0,
                path: filled(route.path, &subject.facts),
                door: Door::of(route.path),
                cookie,
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
    samples.extend(PROBLEMS.iter().map(|(path, name, status)| Sample {
        name: format!("{}/{name}", path.split('/').nth(1).filter(|_| path.len() > 8).unwrap_or("")),
        is_first: true,
        path: (*path).to_owned(),
        door: Door::of(path),
        cookie: String::new(),
        status: *status,
    }));
    samples
}

/// Every route that shows a page.
pub fn pages() -> impl Iterator<Item = &'static Route> {
    let is_page = |path: &str| !NO_PAGES.iter().any(|(other, _)| *other == path);
    PAGES.iter().filter(move |route| route.method == "GET" && is_page(route.path))
}

/// What a route can be about.
fn about(path: &str, subjects: &Subjects) -> Vec<Subject> {
    let has = |name: &str| path.contains(&format!("{{{name}}}"));
    if has("refund_no") {
        subjects.refunds.iter().take(1).cloned().collect()
    } else if has("case_id") && path.starts_with("/p") {
        subjects.disputes.clone()
    } else if has("case_id") {
        subjects.cases.clone()
    } else if has("order_id") {
        subjects.orders.clone()
    } else {
        let is_platforms = Door::of(path) == Some(Door::Platform);
        let facts = if is_platforms { &subjects.platform } else { &subjects.shop };
        let facts = facts.clone();
        vec![Subject { name: String::new(), facts }]
    }
}

fn filled(path: &str, facts: &Facts) -> String {
    let parts = path.split('/').map(|part| {
        let name = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
        let Some(name) = name else { return part };
        facts.get(name).unwrap_or_else(|| panic!("say in facts.rs what {name} of {path} can be"))
    });
    parts.collect::<Vec<_>>().join("/")
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

/// By what somebody is known who may take a route: the owner of a shop, an arbiter, the buyer.
async fn cookie(scene: &Scene, route: &Route, facts: &Facts) -> String {
    if route.who == Who::ANYONE {
        return String::new();
    }
    let shop = facts.get("shop_id").map_or(CHAHE, String::as_str);
    if route.who.includes(Who::buyer()) {
        let usual = &scene.demo.tokens.buyers[0].buyer;
        return scene.buyer(shop, facts.get("buyer_id").map_or(usual.as_str(), String::as_str));
    }
    let offices = [Office::Owner, Office::Operator, Office::Arbiter, Office::Supervisor];
    let office = offices.into_iter().find(|office| route.who.includes(Who::person(*office)));
    let office = office.unwrap_or_else(|| panic!("who takes {}?", route.path));
    let shop = if office.role().is_some() { shop } else { "platform" };
    let people = &scene.demo.tokens.people;
    let person = people.iter().find(|person| person.shop == shop && person.office == office);
    scene.person(shop, &person.expect("the demo has everybody").person).await
}
