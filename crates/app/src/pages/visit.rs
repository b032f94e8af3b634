//! A visit: who looks at a page, in which language, when. Parsed once at the door; whoever may not
//! take the route does not get in.

use super::{
    door::{Door, caller, cookie},
    page::{Page, Scheme},
    text::Texts,
};
use crate::{
    access::{
        caller::{Caller, Holder},
        page_routes::who_may,
        people::{PERSON, Person},
        routes::Who,
        same_origin::same_origin,
    },
    api::{problem::Problem, request::Asked},
    assembly::App,
    i18n,
};
use axum::{
    extract::{FromRequestParts, MatchedPath},
    http::{HeaderMap, Method, StatusCode, Uri, header, request::Parts},
};
use domain::{id::ShopId, policy::Language};
use engine::rulebook::SHOP;
use std::{collections::BTreeMap, sync::Arc};

/// The cookie of the language.
pub const LANGUAGE: &str = "wanbi_lang";
/// The cookie of the colours.
pub const SCHEME: &str = "wanbi_scheme";

/// A visit of somebody who is known.
pub struct Visit {
    /// Who asks, as the interface knows it.
    pub asked: Asked,
    /// What stands around the page.
    pub page: Page,
    /// What the query says; of a name that comes twice, the last.
    pub query: BTreeMap<String, String>,
}

impl Visit {
    /// The shop the visitor acts in.
    ///
    /// # Errors
    /// A [`Problem`] if a person of the platform named none.
    pub fn shop(&self) -> Result<&ShopId, Problem> {
        self.asked.shop()
    }

    /// The language.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.asked.language
    }

    /// Whether the visitor may take a route of the pages.
    #[must_use]
    pub fn may(&self, method: &str, path: &str) -> bool {
        who_may(method, path).is_some_and(|who| self.asked.caller.is_among(who))
    }

    /// A value of the query that is not empty.
    #[must_use]
    pub fn asked_for(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The same visit of a person of the platform, in a shop.
    #[must_use]
    pub fn in_shop(mut self, shop_id: ShopId) -> Self {
        if self.asked.caller.is_platform() {
            self.asked.caller.shop_id = Some(shop_id);
        }
        self
    }
}

/// A visit of anybody.
pub struct Guest {
    /// What stands around the page.
    pub page: Page,
    /// What the query says.
    pub query: BTreeMap<String, String>,
}

impl FromRequestParts<Arc<App>> for Guest {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        let language = language_of(&parts.headers);
        let who = route(parts).ok_or_else(|| Problem::not_found(language))?;
        debug_assert!(who == Who::ANYONE, "{} asks for a caller", parts.uri.path());
        from_here(parts, app, language)?;
        Ok(Self { page: page(parts, app, language), query: query(&parts.uri) })
    }
}

impl FromRequestParts<Arc<App>> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        let language = language_of(&parts.headers);
        let refuse = |status, code| Problem::new(status, code, language);
        let who = route(parts).ok_or_else(|| Problem::not_found(language))?;
        let door = Door::of(parts.uri.path()).ok_or_else(|| Problem::not_found(language))?;
        from_here(parts, app, language)?;
        let known = caller(app, door, &parts.headers).await;
        let known = known.map_err(|fault| Problem::fault(&fault, language))?;
        let caller = known.ok_or_else(|| refuse(StatusCode::UNAUTHORIZED, "signed_out"))?;
        if !caller.is_among(who) {
            return Err(refuse(StatusCode::FORBIDDEN, "role_forbidden"));
        }
        let mut page = page(parts, app, language);
        introduce(app, &caller, &mut page, language).await?;
        let line = format!("{} {}", parts.method, parts.uri.path());
        Ok(Self { asked: Asked::at_a_door(caller, language, line), page, query: query(&parts.uri) })
    }
}

/// Who may take the route of a request.
fn route(parts: &Parts) -> Option<Who> {
    let path = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str)?;
    let method = if parts.method == Method::HEAD { &Method::GET } else { &parts.method };
    who_may(method.as_str(), path)
}

/// A browser brings its cookies along wherever it is sent from; what changes something must come
/// from a page of ours.
fn from_here(parts: &Parts, app: &App, language: Language) -> Result<(), Problem> {
    let harmless = matches!(parts.method, Method::GET | Method::HEAD);
    if harmless || same_origin(&parts.headers, &app.public_url) {
        return Ok(());
    }
    Err(Problem::new(StatusCode::FORBIDDEN, "cross_origin", language))
}

/// The language of a page: as chosen, or as the browser prefers.
#[must_use]
pub fn language_of(headers: &HeaderMap) -> Language {
    let chosen = cookie(headers, LANGUAGE);
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    i18n::preferred(chosen.or(accepted))
}

/// Whether it is a person's browser that asks, which reads pages, and no program.
#[must_use]
pub fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|kinds| kinds.contains("text/html"))
}

/// What stands around a page for anybody.
#[must_use]
pub fn page(parts: &Parts, app: &App, language: Language) -> Page {
    let query = query(&parts.uri);
    let here = parts.uri.path_and_query().map_or("/", |whole| whole.as_str());
    Page {
        texts: Texts(language),
        scheme: cookie(&parts.headers, SCHEME).map_or(Scheme::Auto, Scheme::read),
        now: app.desk.now(),
        here: here.to_owned(),
        door: Door::of(parts.uri.path()),
        person: None,
        office: None,
        shop: None,
        done: query.get("done").cloned(),
        problem: None,
        demo: app.demo.get().map(|board| board.bar(app)),
    }
}

/// What the query of an address says; of a name that comes twice, the last.
#[must_use]
pub fn query(uri: &Uri) -> BTreeMap<String, String> {
    use axum::extract::Query;
    let pairs = Query::<Vec<(String, String)>>::try_from_uri(uri);
    pairs.map(|Query(pairs)| pairs.into_iter().collect()).unwrap_or_default()
}

/// Names who is here and where.
async fn introduce(
    app: &App,
    caller: &Caller,
    page: &mut Page,
    language: Language,
) -> Result<(), Problem> {
    let fault = |fault| Problem::fault(&fault, language);
    if let Some(shop_id) = &caller.shop_id {
        let shop: Option<engine::rulebook::Shop> =
            app.registry.get(shop_id, SHOP.0, SHOP.1).await.map_err(fault)?;
        page.shop = shop.map(|shop| shop.name);
    }
    if let Holder::Person(id, office) = &caller.holder {
        let of = match &caller.shop_id {
            Some(shop_id) if office.role().is_some() => shop_id.clone(),
            Some(_) | None => {
                crate::access::platform().map_err(|_| Problem::not_found(language))?
            }
        };
        let person: Option<Person> =
            app.registry.get(&of, PERSON, id.as_str()).await.map_err(fault)?;
        page.person = Some(person.map_or_else(|| id.to_string(), |person| person.name));
        page.office = Some(super::page::name_of(office));
    }
    Ok(())
}
