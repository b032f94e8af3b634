//! A shop's policy for everybody (I5): the page, the small page that product pages frame, and the
//! same as data. All three are made from the very document that decides cases. Nobody is asked
//! who they are, and no cookie is set.

use super::{Routes, page::Page, show, text::Texts, visit::Guest};
use crate::{api::problem::Problem, assembly::App, i18n, registry::Entry};
use askama::Template;
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::{
    id::ShopId,
    moment::Moment,
    policy::{Answer, Language, Policy, PublicClause},
};
use engine::rulebook::{BUILT_IN, POLICY, PublishedPolicy, Shop};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Versions listed at most.
const VERSIONS_MAX: u32 = 50;
/// Others may keep the small page so long without asking again.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=300, must-revalidate");
/// The one page that anybody may frame; it fetches its own style and nothing else.
const FRAMED: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors *";
/// Clauses by what they are about, in the order of a page.
const CHAPTERS: [(&str, &[&str]); 5] = [
    ("apply", &["B2", "B3", "B4", "F6"]),
    ("money", &["Q1", "Q2", "F2", "S1", "S2", "F8"]),
    ("goods", &["F5", "F9", "K1", "K2", "Q3"]),
    ("border", &["K3", "S3", "Q4"]),
    ("dispute", &["Q5", "C4", "F1", "F3", "F4", "F7"]),
];

/// The routes of the public policy.
pub fn routes() -> Routes {
    Routes::new()
        .route("/policy/{shop_id}", get(whole))
        .route("/policy/{shop_id}/snippet", get(snippet))
        .route("/policy/{shop_id}/snippet.json", get(data))
}

#[derive(Template)]
#[template(path = "policy/page.html")]
struct Whole {
    p: Page,
    shop_id: String,
    shop: String,
    policy: String,
    version: u32,
    current: bool,
    since: Option<Moment>,
    note: String,
    chapters: Vec<Chapter>,
    answers: Vec<Answer>,
    versions: Vec<Version>,
}

impl Whole {
    fn in_force_since(&self, since: &Moment) -> String {
        let p = &self.p;
        p.t2("policy-since", &("version", self.version), &("time", p.time(since)))
    }
}

#[derive(Template)]
#[template(path = "policy/snippet.html")]
struct Snippet {
    p: Page,
    shop: String,
    shop_id: String,
    version: u32,
    clauses: Vec<PublicClause>,
    public_url: String,
}

/// Clauses about one thing.
struct Chapter {
    name: &'static str,
    title: String,
    clauses: Vec<PublicClause>,
}

/// A version of the policy.
struct Version {
    version: u32,
    at: Option<Moment>,
    note: String,
}

/// The policy as data, for the web component.
#[derive(Serialize)]
struct Data {
    shop: String,
    version: u32,
    title: String,
    more: String,
    url: String,
    clauses: Vec<PublicClause>,
}

/// A shop, and the policy that is in force there.
///
/// # Errors
/// A [`Problem`] if there is no such shop.
pub async fn in_force(
    app: &App,
    shop_id: &ShopId,
    language: Language,
) -> Result<(Arc<Shop>, Arc<Policy>), Problem> {
    let found = app.desk.rulebook().in_force(shop_id).await;
    found.map_err(|fault| Problem::trouble(fault.into(), language))
}

/// The language that the address names, or as the browser prefers; the shop it names, and the
/// policy that is in force there.
async fn asked_for(
    app: &App,
    shop: &str,
    guest: &mut Guest,
) -> Result<(Language, ShopId, Arc<Shop>, Arc<Policy>), Problem> {
    if let Some(language) = guest.query.get("lang") {
        guest.page.texts = Texts(i18n::preferred(Some(language)));
    }
    let language = guest.page.texts.0;
    let shop_id = ShopId::parse(shop).map_err(|_| Problem::not_found(language))?;
    let (shop, policy) = in_force(app, &shop_id, language).await?;
    Ok((language, shop_id, shop, policy))
}

/// `GET /policy/{shop_id}?version=&lang=`
async fn whole(
    State(app): State<Arc<App>>,
    Path(shop): Path<String>,
    mut guest: Guest,
) -> Result<Response, Problem> {
    let (language, shop_id, shop, mut policy) = asked_for(&app, &shop, &mut guest).await?;
    let current = shop.policy_version;
    let wanted = guest.query.get("version").map_or(Ok(current), |text| text.parse());
    let missing = || Problem::not_found(language);
    let version: u32 = wanted.map_err(|_| missing())?;
    let versions = versions(&app, &shop_id, (current, language)).await?;
    // What was written but never in force was never the policy of anybody.
    if !versions.iter().any(|known| known.version == version) {
        return Err(missing());
    }
    if version != current {
        let old = app.desk.rulebook().policy(&shop_id, version).await;
        policy = old.map_err(|fault| Problem::trouble(fault.into(), language))?;
    }
    let shown = versions.iter().find(|known| known.version == version);
    show::page(&Whole {
        since: shown.and_then(|known| known.at),
        note: shown.map(|known| known.note.clone()).unwrap_or_default(),
        chapters: chapters(&policy, guest.page.texts),
        answers: policy.answers(language),
        policy: policy.name.clone(),
        shop: shop.name.clone(),
        shop_id: shop_id.to_string(),
        current: version == current,
        version,
        versions,
        p: guest.page,
    })
}

/// Every version up to the one in force, the last first.
async fn versions(
    app: &App,
    shop_id: &ShopId,
    (current, language): (u32, Language),
) -> Result<Vec<Version>, Problem> {
    let found = app.registry.latest::<PublishedPolicy>(shop_id, POLICY, None, VERSIONS_MAX).await;
    let found = found.map_err(|fault| Problem::fault(&fault, language))?;
    let published = found.into_iter().filter_map(|Entry { id, at, body, .. }| {
        let version: u32 = id.parse().ok()?;
        (version <= current).then_some(Version { version, at: Some(at), note: body.note })
    });
    let first = Version { version: BUILT_IN, at: None, note: String::new() };
    Ok(published.chain([first]).collect())
}

fn chapters(policy: &Policy, texts: Texts) -> Vec<Chapter> {
    let mut clauses = policy.public_clauses(texts.0);
    let mut chapters = Vec::new();
    for (name, ids) in CHAPTERS {
        let mut own = Vec::new();
        for id in ids {
            if let Some(place) = clauses.iter().position(|clause| clause.id == *id) {
                own.push(clauses.remove(place));
            }
        }
        chapters.push(Chapter { name, title: texts.t(&format!("policy-{name}")), clauses: own });
    }
    // A shop may have clauses of its own; none is left out.
    let title = texts.t("policy-other");
    chapters.push(Chapter { name: "other", title, clauses });
    chapters.retain(|chapter| !chapter.clauses.is_empty());
    chapters
}

/// What product pages show: what buyers ask before they buy.
fn brief(policy: &Policy, language: Language) -> Vec<PublicClause> {
    const BRIEF: [&str; 8] = ["F6", "B4", "Q1", "F5", "K1", "K2", "K3", "Q5"];
    let all = policy.public_clauses(language);
    let own = BRIEF.iter().filter_map(|id| all.iter().find(|clause| clause.id == *id));
    own.cloned().collect()
}

/// `GET /policy/{shop_id}/snippet?lang=`
async fn snippet(
    State(app): State<Arc<App>>,
    Path(shop): Path<String>,
    mut guest: Guest,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (language, shop_id, shop, policy) = asked_for(&app, &shop, &mut guest).await?;
    let mut p = guest.page;
    // The same for everybody who asks for it, so that it can be kept.
    p.now = Moment::from_ms(0);
    let html = Snippet {
        clauses: brief(&policy, language),
        shop: shop.name.clone(),
        shop_id: shop_id.to_string(),
        public_url: app.public_url.clone(),
        version: shop.policy_version,
        p,
    };
    let html = html.render().map_err(|error| {
        tracing::error!(error = %error, "a page cannot be rendered");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", language)
    })?;
    let tag = tag(html.as_bytes());
    let mut response = show::html_response(StatusCode::OK, html);
    if names(&headers, &tag) {
        response = StatusCode::NOT_MODIFIED.into_response();
    }
    let own = response.headers_mut();
    own.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FRAMED));
    own.remove(header::X_FRAME_OPTIONS);
    Ok(kept(response, &tag))
}

/// `GET /policy/{shop_id}/snippet.json?lang=`, to pages of any site.
async fn data(
    State(app): State<Arc<App>>,
    Path(shop): Path<String>,
    mut guest: Guest,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (language, shop_id, shop, policy) = asked_for(&app, &shop, &mut guest).await?;
    let data = Data {
        title: guest.page.t1("policy-title", "shop", &shop.name),
        more: guest.page.t("policy-more"),
        url: format!("{}/policy/{shop_id}?lang={}", app.public_url, guest.page.lang()),
        shop: shop.name.clone(),
        clauses: brief(&policy, language),
        version: shop.policy_version,
    };
    let body = serde_json::to_vec(&data).unwrap_or_default();
    let tag = tag(&body);
    let mut response = Json(data).into_response();
    if names(&headers, &tag) {
        response = StatusCode::NOT_MODIFIED.into_response();
    }
    let any = HeaderValue::from_static("*");
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any);
    Ok(kept(response, &tag))
}

fn tag(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let hex: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

fn names(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH).iter();
    let mut tags = values.filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(','));
    tags.any(|other| other.trim().trim_start_matches("W/") == tag)
}

fn kept(mut response: Response, tag: &str) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, KEPT);
    headers.insert(header::VARY, HeaderValue::from_static("accept-language, cookie"));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}
