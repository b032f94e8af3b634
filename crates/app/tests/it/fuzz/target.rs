//! Where it is sent: every route of both tables, with what is good there.

use super::mutate::{mutated, text};
use crate::{
    api::{bad_input::samples, openapi},
    pages::visitor::Visitor,
    stress::dice::Dice,
    world::{SHOP, World},
};
use app::{
    access::{page_routes::PAGES, people::Office, routes::ROUTES},
    pages::page::encoded,
};
use axum::{
    body::Body,
    http::{HeaderValue, Request, header},
};
use std::{collections::BTreeSet, path::Path};

/// Values that are good somewhere, and so are almost good elsewhere.
const VALUES: &[&str] = &[
    "",
    "1",
    "0",
    "-1",
    "59.00",
    "¥1,234.50",
    "0.005",
    "99999999999999999999",
    "yes",
    "no",
    "on",
    "refund_only",
    "return_and_refund",
    "exchange",
    "cancellation",
    "unwanted_seven_days",
    "quality_defect",
    "keep",
    "return",
    "buyer",
    "merchant",
    "both",
    "original",
    "approve",
    "tag",
    "assign",
    "grade",
    "legal",
    "li",
    "boss",
    "SF1234567890123",
    "2026-11-28",
    "2026-13-45",
    "杯口有裂纹",
    "老客户，生鲜",
    "\u{202e}abc",
    "<b>",
    "{order}",
    "A1",
    "risk",
    "deadline",
    "mine",
    "none",
    "weekly",
    "csv",
    "zh-CN",
    "en",
    "dark",
    "/m/cases",
    "//evil.example",
    "next",
    "correct horse battery staple",
    "000000",
    "attach",
    "submit",
    "back",
    "drop",
];

/// One route with what a good request would say.
struct Target {
    method: &'static str,
    path: &'static str,
    /// The body of a good request, if it is JSON.
    sample: Option<Vec<u8>>,
    is_page: bool,
}

/// All routes, and those who call.
pub struct Targets {
    targets: Vec<Target>,
    fields: Vec<String>,
    tokens: Vec<String>,
    cookies: Vec<String>,
    ids: Vec<String>,
}

impl Targets {
    /// The routes of a world with a case.
    pub async fn new(world: &World, case_id: &str) -> Self {
        let document = openapi::document(world).await;
        let mut targets: Vec<Target> =
            PAGES.iter().map(|route| page(route.method, route.path)).collect();
        for route in ROUTES {
            let told = openapi::operations(&document);
            let found =
                told.iter().find(|(method, path, _)| method == route.method && path == route.path);
            let schema = found.map(|(_, _, told)| {
                told["requestBody"]["content"]["application/json"]["schema"].clone()
            });
            let line = format!("{} {}", route.method, route.path);
            let sample = schema.filter(|schema| !schema.is_null()).map(|schema| {
                samples::of(&document, &schema, &line, world).to_string().into_bytes()
            });
            targets.push(Target { method: route.method, path: route.path, sample, is_page: false });
        }
        let buyer = Visitor::buyer(world, "oB1").await.cookie;
        let platform = [("zhao", Office::Arbiter), ("op", Office::Operator)];
        let shop = [
            ("boss", Office::Owner),
            ("li", Office::Agent),
            ("he", Office::Supervisor),
            ("qian", Office::Finance),
        ];
        // One browser may be known at all three doors.
        let mut cookies = vec![String::new(), buyer.clone()];
        for (n, (id, office)) in shop.into_iter().enumerate() {
            let merchant = Visitor::person(world, id, office).await.cookie;
            let (id, office) = platform[n % 2];
            let platform = Visitor::person(world, &format!("{id}{n}"), office).await.cookie;
            cookies.push(format!("{buyer}; {merchant}; {platform}"));
        }
        let tokens = vec![
            world.owner.clone(),
            world.buyer("oB1").await,
            world.buyer("oB2").await,
            world.person("judge", Office::Arbiter).await,
            "wb_x".to_owned(),
        ];
        let ids = [
            case_id,
            "3900001",
            SHOP,
            "boss",
            "oB1",
            "A1",
            "x",
            "0",
            "01890000-0000-7000-8000-00000000abcd",
        ];
        let ids = ids.map(str::to_owned).into();
        Self { targets, fields: fields(), tokens, cookies, ids }
    }

    /// A request, and what it is in one line.
    pub fn request(&self, dice: &mut Dice) -> (String, Request<Body>) {
        let n = dice.below(self.targets.len());
        let target = &self.targets[n];
        let path = self.path(target.path, dice);
        let query =
            if dice.one_in(2) { format!("?{}", self.pairs(dice, 4)) } else { String::new() };
        let (kind, body) = self.body(target, dice);
        let uri = format!("{path}{query}");
        let line = format!("{} {uri} {kind} {}", target.method, String::from_utf8_lossy(&body));
        let mut request = Request::builder().method(target.method).uri(uri);
        if !kind.is_empty() {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        if target.is_page {
            let cookie = dice.one_of(&self.cookies).cloned().unwrap_or_default();
            request =
                request.header(header::COOKIE, cookie).header("sec-fetch-site", "same-origin");
            request = request.header(header::ACCEPT, "text/html");
        } else if let Some(token) = dice.one_of(&self.tokens) {
            let token = text(token, dice);
            if let Ok(value) = HeaderValue::from_str(&format!("Bearer {token}")) {
                request = request.header(header::AUTHORIZATION, value);
            }
            request = request.header("wanbi-shop", SHOP);
        }
        if let Ok(value) = HeaderValue::from_str(&text("\"3\"", dice)) {
            request = request.header(header::IF_MATCH, value);
        }
        if dice.one_in(3)
            && let Ok(value) = HeaderValue::from_str(&text("key-1", dice))
        {
            request = request.header("idempotency-key", value);
        }
        (line, request.body(Body::from(body)).unwrap())
    }

    /// The path with ids in it.
    fn path(&self, path: &str, dice: &mut Dice) -> String {
        let parts = path.split('/').map(|part| {
            if !part.starts_with('{') {
                return part.to_owned();
            }
            // Mostly what belongs there: a refusal at the path reaches nothing behind it.
            let fitting = match part {
                "{case_id}" => &self.ids[0],
                "{order_id}" => &self.ids[1],
                "{shop_id}" => &self.ids[2],
                "{person_id}" => &self.ids[3],
                "{buyer_id}" => &self.ids[4],
                _ => &self.ids[dice.below(self.ids.len())],
            };
            if dice.one_in(8) { encoded(&text(fitting, dice)) } else { encoded(fitting) }
        });
        parts.collect::<Vec<_>>().join("/")
    }

    fn pairs(&self, dice: &mut Dice, most: usize) -> String {
        let pairs = (0..=dice.below(most)).map(|_| {
            let name = dice.one_of(&self.fields).cloned().unwrap_or_default();
            let value = dice.one_of(VALUES).copied().unwrap_or_default();
            format!("{}={}", encoded(&text(&name, dice)), encoded(&text(value, dice)))
        });
        pairs.collect::<Vec<_>>().join("&")
    }

    fn body(&self, target: &Target, dice: &mut Dice) -> (&'static str, Vec<u8>) {
        if target.method == "GET" {
            return ("", Vec::new());
        }
        if let Some(sample) = &target.sample {
            let body = if dice.one_in(3) { sample.clone() } else { mutated(sample, dice) };
            return ("application/json", body);
        }
        if !target.is_page || dice.one_in(4) {
            let mut parts = Vec::new();
            for _ in 0..=dice.below(4) {
                let name = dice.one_of(&self.fields).cloned().unwrap_or_default();
                let value = dice.one_of(VALUES).copied().unwrap_or_default();
                let file = if dice.one_in(3) { "; filename=\"a.jpg\"" } else { "" };
                parts.extend_from_slice(
                    format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n")
                        .as_bytes(),
                );
            }
            parts.extend_from_slice(b"--edge--\r\n");
            let parts = if dice.one_in(2) { parts } else { mutated(&parts, dice) };
            return ("multipart/form-data; boundary=edge", parts);
        }
        let form = self.pairs(dice, 12).into_bytes();
        let form = if dice.one_in(4) { mutated(&form, dice) } else { form };
        ("application/x-www-form-urlencoded", form)
    }
}

const fn page(method: &'static str, path: &'static str) -> Target {
    Target { method, path, sample: None, is_page: true }
}

/// The names of all fields of all forms.
fn fields() -> Vec<String> {
    let mut names = BTreeSet::new();
    let queries = [
        "tab", "cursor", "part", "done", "back", "lang", "scheme", "next", "since", "until",
        "limit", "week", "by", "q", "waybill",
    ];
    names.extend(queries.map(str::to_owned));
    gather(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/templates")), &mut names);
    assert!(names.len() > 80, "{names:?}");
    names.into_iter().collect()
}

fn gather(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, names);
            continue;
        }
        let html = std::fs::read_to_string(&path).unwrap();
        let found = html.split("name=\"").skip(1).filter_map(|rest| rest.split('"').next());
        // What a template puts into a name is an id.
        names.extend(
            found.map(|name| name.split("{{").next().unwrap_or(name)).map(|name| {
                if name.ends_with('-') { format!("{name}A1") } else { name.to_owned() }
            }),
        );
    }
}
