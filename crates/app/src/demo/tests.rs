//! The demo as a visitor meets it: filled, every door opens, time moves, and the payment stand-in
//! has paid exactly what we ordered.

use super::{CHAHE, Demo, QINGCI, folder::Folder, seed::UNTOUCHED};
use crate::replies::follow::answer_once;
use domain::{
    case::{Otherwise, Stage},
    id::{OrderId, ShopId},
    moment::Span,
    refund::{Path as Way, State},
};
use engine::rows::{CaseFilter, CaseRow, LIMIT_MAX, OrderFilter, StreamKey};
use providers::{
    client::{Client, Config},
    http::{HeaderValue, Request},
};
use sandbox::books::refund::Status;
use std::{collections::BTreeMap, path::Path};
use tokio::sync::watch;

async fn started(path: &Path) -> (Demo, watch::Sender<bool>) {
    let (stop, stopped) = watch::channel(false);
    let demo = Demo::start(Folder::take(path).unwrap(), 0, stopped).await.unwrap();
    (demo, stop)
}

async fn cases(demo: &Demo, shop: &str) -> Vec<CaseRow> {
    let filter = CaseFilter::all(Some(ShopId::parse(shop).unwrap()), LIMIT_MAX);
    demo.app.desk.store().cases(&filter).await.unwrap().rows
}

async fn orders(demo: &Demo, shop: &str) -> usize {
    let shop_id = ShopId::parse(shop).unwrap();
    let filter = OrderFilter { shop_id, buyer_id: None, after: None, limit: LIMIT_MAX };
    demo.app.desk.store().orders(&filter).await.unwrap().rows.len()
}

/// What a token is answered on a route that its holder may take.
async fn status(demo: &Demo, token: &str, path: &str) -> u16 {
    let client = Client::new(&Config::new(&demo.running.url)).unwrap();
    let mut request = Request::get(path);
    let bearer = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
    request.headers.insert("authorization", bearer);
    request.headers.insert("wanbi-shop", HeaderValue::from_static(CHAHE));
    client.send(&request).await.unwrap().status
}

async fn every_token_opens_its_door(demo: &Demo) {
    let tokens = &demo.tokens;
    let people = tokens.people.iter().map(|person| person.token.as_str());
    let buyers = tokens.buyers.iter().map(|buyer| buyer.token.as_str());
    for token in people.chain(buyers) {
        assert_eq!(status(demo, token, "/api/v1/cases?limit=1").await, 200, "{token}");
    }
    for key in &tokens.keys {
        assert_eq!(status(demo, &key.token, "/api/v1/policy").await, 200, "{:?}", key.scope);
    }
    assert_eq!((tokens.people.len(), tokens.keys.len(), tokens.buyers.len()), (10, 8, 5));
}

/// Refunds of a shop through the channel: number, amount in fen, whether it was paid.
async fn refunds(demo: &Demo, shop: &str) -> Vec<(String, (i64, bool))> {
    let mut refunds = Vec::new();
    for row in cases(demo, shop).await {
        let order = demo.app.desk.order(&row.key).await.unwrap();
        let case = order.case(row.case_id).unwrap();
        let original = case.refunds.iter().filter(|one| matches!(one.path, Way::Original(_)));
        refunds.extend(original.map(|one| {
            let is_paid = one.state == State::Succeeded;
            (one.refund_no.to_string(), (one.amount.minor(), is_paid))
        }));
    }
    refunds
}

/// Refunds through the channel, as both sides have them in their books.
async fn books_agree(demo: &Demo) {
    let both = [refunds(demo, CHAHE).await, refunds(demo, QINGCI).await].concat();
    let mut ours: BTreeMap<_, _> = both.into_iter().collect();
    let books = demo.sandbox().books();
    let theirs: BTreeMap<_, _> = books
        .refunds()
        .map(|refund| {
            let is_paid = refund.status == Status::Success;
            (refund.out_refund_no.clone(), (refund.refund_fen, is_paid))
        })
        .collect();
    // What the channel refused for good never came into its books.
    ours.retain(|refund_no, (_, is_paid)| *is_paid || theirs.contains_key(refund_no));
    assert_eq!(ours, theirs);
    assert!(ours.values().filter(|(_, is_paid)| *is_paid).count() > 20);
}

/// A browser that keeps its cookies and does as it is told.
struct Browser {
    client: reqwest::Client,
    url: String,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    fn new(demo: &Demo) -> Self {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let (client, url) = (client.build().unwrap(), demo.running.url.clone());
        Self { client, url, cookies: BTreeMap::new() }
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> (u16, String, String) {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let cookies = pairs.collect::<Vec<_>>().join("; ");
        let reply = request.header("cookie", cookies).send().await.unwrap();
        for kept in reply.headers().get_all("set-cookie") {
            let pair = kept.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let to = reply.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        (reply.status().as_u16(), to.unwrap_or_default(), reply.text().await.unwrap())
    }

    /// A page, wherever it is found in the end.
    async fn see(&mut self, path: &str) -> (u16, String) {
        let mut path = path.to_owned();
        for _ in 0..4 {
            let request = self.client.get(format!("{}{path}", self.url));
            let (status, to, text) = self.send(request).await;
            if !(300..400).contains(&status) {
                return (status, text);
            }
            path = to;
        }
        panic!("{path} leads in circles");
    }

    /// What a form of ours is answered, and where it leads.
    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> (u16, String) {
        let pairs = form.iter().map(|(name, value)| format!("{name}={value}"));
        let request = self.client.post(format!("{}{path}", self.url));
        let request = request.header("origin", &self.url).body(pairs.collect::<Vec<_>>().join("&"));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let (status, to, _) = self.send(request).await;
        (status, to)
    }
}

/// The values of a page's buttons and hidden fields with a name.
fn values(html: &str, name: &str) -> Vec<String> {
    let start = format!("name=\"{name}\" value=\"");
    let parts = html.split(start.as_str()).skip(1);
    parts.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// Whether a route of the pages leads there.
fn is_a_page(path: &str) -> bool {
    let parts = || path.split('/');
    let fits = |route: &&crate::access::routes::Route| {
        let same = |(ours, part): (&str, &str)| ours.starts_with('{') || ours == part;
        route.path.split('/').count() == parts().count()
            && route.path.split('/').zip(parts()).all(same)
    };
    crate::access::page_routes::PAGES.iter().any(|route| fits(&route))
}

async fn the_start_page_opens_every_door(demo: &Demo) {
    let mut browser = Browser::new(demo);
    let (status, html) = browser.see("/").await;
    assert_eq!(status, 200);
    let (who, next) = (values(&html, "who"), values(&html, "next"));
    assert_eq!((who.len(), next.len()), (15 + 5, 5), "ten people, five buyers, five stories");

    let (status, _) = browser.post("/demo/enter", &[("who", "buyer/99")]).await;
    assert_eq!(status, 403);
    let request = browser.client.post(format!("{}/demo/enter", browser.url));
    let foreign = request.header("origin", "https://evil.example").body("who=buyer/0");
    let foreign = foreign.header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(browser.send(foreign).await.0, 403);
    for (who, path) in who.iter().skip(15).zip(&next) {
        // A story leads to a page that there is.
        let mut browser = Browser::new(demo);
        let (_, to) = browser.post("/demo/enter", &[("who", who), ("next", path)]).await;
        assert_eq!(&to, path);
        if is_a_page(path) {
            assert_eq!(browser.see(&to).await.0, 200, "{who} {path}");
        }
    }
    for who in who {
        let mut browser = Browser::new(demo);
        let (status, to) = browser.post("/demo/enter", &[("who", &who)]).await;
        assert_eq!(status, 303, "{who}");
        let (status, html) = browser.see(&to).await;
        assert_eq!(status, 200, "{who} {to}");
        assert!(html.contains("class=\"demo-bar\""), "{who} {to}");
    }
}

async fn the_bar_moves_the_clock_and_makes_trouble(demo: &Demo) {
    let mut browser = Browser::new(demo);
    browser.post("/demo/enter", &[("who", "chahe/kefu-lin"), ("next", "/m")]).await;
    let before = demo.app.desk.now();

    let form = [("forward_seconds", "172800"), ("back", "/m?tab=all%26done=approved")];
    let (status, to) = browser.post("/demo/time", &form).await;

    assert_eq!((status, to.as_str()), (303, "/m?tab=all"));
    assert!(demo.app.desk.now().since(before) >= Span::hours(48));
    // Two days later the session is as young as before.
    let (status, html) = browser.see("/m").await;
    assert_eq!(status, 200);
    assert!(html.contains("class=\"demo-last\"") && !html.contains('⟦'), "{html}");
    let known = ["pay-later", "short-balance", "refuse", "lose-notice", "clear"];
    assert_eq!(values(&html, "trouble"), known);
    for trouble in known {
        let form = [("trouble", trouble), ("back", "/m")];
        assert_eq!(browser.post("/demo/trouble", &form).await, (303, "/m".to_owned()));
        assert!(!browser.see("/m").await.1.contains('⟦'), "{trouble}");
    }
    let (status, _) = browser.post("/demo/time", &[("forward_seconds", "0")]).await;
    assert_eq!(status, 403);
}

/// A visitor who applies as a buyer of the tea shop is answered at once (I1).
async fn an_application_is_answered_at_once(demo: &Demo) {
    let (shop_id, order_id) = (ShopId::parse(CHAHE).unwrap(), OrderId::parse(UNTOUCHED).unwrap());
    let key = StreamKey { shop_id, order_id };
    let item = demo.app.desk.order(&key).await.unwrap().facts.as_ref().unwrap().items[0].clone();
    let asked = serde_json::json!({"type": "return_and_refund", "reason": "unwanted_seven_days",
        "items": [{"item_id": item.item_id, "quantity": 1}]});
    let path = format!("/api/v1/orders/{UNTOUCHED}/cases");
    let mut request = Request::post_json(path, serde_json::to_vec(&asked).unwrap());
    let bearer = format!("Bearer {}", demo.tokens.buyers[0].token);
    request.headers.insert("authorization", HeaderValue::from_str(&bearer).unwrap());
    let client = Client::new(&Config::new(&demo.running.url)).unwrap();
    assert_eq!(client.send(&request).await.unwrap().status, 201);

    // The demo's own worker may have been faster.
    while answer_once(&demo.app).await.unwrap() > 0 {}

    let order = demo.app.desk.order(&key).await.unwrap();
    let messages = &order.cases.last().unwrap().messages;
    assert!(messages.iter().any(|message| message.text.contains(UNTOUCHED)), "{messages:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demo_shows_every_stage_and_time_can_be_moved() {
    let folder = tempfile::tempdir().unwrap();

    let (demo, stop) = started(folder.path()).await;
    let before = [cases(&demo, CHAHE).await, cases(&demo, QINGCI).await].concat();
    let missing: Vec<_> = Stage::ALL
        .into_iter()
        .filter(|stage| !before.iter().any(|row| row.stage == stage.as_str()))
        .collect();
    let silent: Vec<StreamKey> = before
        .iter()
        .filter(|row| row.stage == "under_review" && row.summary.contains("\"approve\""))
        .map(|row| row.key.clone())
        .collect();

    assert!(missing.is_empty(), "{missing:?}");
    assert!(orders(&demo, CHAHE).await + orders(&demo, QINGCI).await >= 300);
    every_token_opens_its_door(&demo).await;
    the_start_page_opens_every_door(&demo).await;
    books_agree(&demo).await;
    an_application_is_answered_at_once(&demo).await;

    let happened = demo.time.pass(Span::hours(48)).await.unwrap();
    demo.time.pass(Span::seconds(60)).await.unwrap();

    assert!(happened.len() >= silent.len(), "{happened:?}");
    assert!(!silent.is_empty());
    for key in silent {
        let order = demo.app.desk.order(&key).await.unwrap();
        let waits = order.cases.iter().any(|case| {
            case.stage == Stage::UnderReview
                && case.deadline.is_none_or(|deadline| deadline.otherwise == Otherwise::Approve)
        });
        assert!(!waits, "{}", key.order_id);
    }
    the_bar_moves_the_clock_and_makes_trouble(&demo).await;
    books_agree(&demo).await;
    let _listening = stop.send(true);
    demo.stopped().await.unwrap();
}
