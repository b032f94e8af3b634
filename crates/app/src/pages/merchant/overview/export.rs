//! Figures and cases of a range as CSV: written while they are read, however many there are.

use super::{
    cases::slice,
    range::Range,
    reasons::{name, policy},
};
use crate::{
    api::problem::Problem,
    assembly::App,
    figures,
    pages::{page::name_of, text::Texts, visit::Visit},
    spreadsheet::{BOM, row},
};
use axum::{
    body::Body,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use domain::{id::CaseId, money::Money, policy::Policy};
use engine::{
    figures::{CaseFigure, Day, DayFigure, OrderDay, Scope, Slice},
    ports::StoreFault,
    rows::LIMIT_MAX,
};
use futures_util::stream;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The most pages of rows in one file: 400,000 cases.
const PAGES_MAX: u32 = 2_000;

const CASE_COLUMNS: [&str; 20] = [
    "opened",
    "case",
    "order",
    "type",
    "reason",
    "fault",
    "product",
    "title",
    "batch",
    "asked",
    "refunded",
    "succeeded",
    "paid-out",
    "failed",
    "outcome",
    "decided",
    "hours",
    "ruled",
    "refusing",
    "currency",
];
const DAY_COLUMNS: [&str; 13] = [
    "day",
    "cases",
    "decided",
    "automatic",
    "fast",
    "refunds",
    "ruled",
    "wrongly-refused",
    "refunded",
    "automatic-amount",
    "succeeded",
    "orders",
    "paid",
];

/// `GET /m/overview/cases.csv`
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn cases(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let language = visit.language();
    let range = Range::asked(&visit);
    let scope = figures::scope(&app, visit.shop()?, range.days()).await;
    let scope = scope.map_err(|trouble| Problem::trouble(trouble, language))?;
    let (policy, texts) = (policy(&app, &visit).await?, visit.page.texts);
    let reading = Reading { app, scope, slice: slice(&visit), policy, texts, at: Place::Head };
    let file = format!("cases-{}.csv", range.name());
    Ok(download(&file, Body::from_stream(stream::try_unfold(reading, Reading::next))))
}

/// A file that is being read.
struct Reading {
    app: Arc<App>,
    scope: Scope,
    slice: Slice,
    policy: Arc<Policy>,
    texts: Texts,
    at: Place,
}

/// How far it has been read.
enum Place {
    Head,
    After(Option<(Day, CaseId)>, u32),
    End,
}

impl Reading {
    /// The next piece of the file.
    async fn next(mut self) -> Result<Option<(String, Self)>, Broken> {
        let (after, pages) = match self.at {
            Place::Head => {
                let head = row(CASE_COLUMNS.map(|column| self.head(column)));
                self.at = Place::After(None, 0);
                return Ok(Some((format!("{BOM}{head}"), self)));
            }
            Place::End => return Ok(None),
            Place::After(after, pages) => (after, pages),
        };
        let store = self.app.desk.store();
        let found = store.case_figures(&self.scope, &self.slice, after, LIMIT_MAX).await?;
        let full = u32::try_from(found.len()).is_ok_and(|count| count == LIMIT_MAX);
        let next = found.last().map(|last| (last.opened_on, last.case_id));
        let lines: String = found.iter().map(|case| row(self.cells(case))).collect();
        self.at = if full && pages < PAGES_MAX {
            Place::After(next, pages.saturating_add(1))
        } else {
            Place::End
        };
        Ok(Some((lines, self)))
    }

    fn head(&self, column: &str) -> String {
        self.texts.word_of("column", column)
    }

    fn cells(&self, case: &CaseFigure) -> [String; 20] {
        let word = |group: &str, name: Option<String>| {
            name.map(|name| self.texts.word_of(group, &name)).unwrap_or_default()
        };
        let amounts = &case.amounts;
        let hours = case.answered_after.map(|span| (span.ms() / 3_600_000).to_string());
        [
            case.opened_on.to_string(),
            case.case_id.to_string(),
            case.key.order_id.to_string(),
            word("case-type", Some(name_of(&case.case_type))),
            name(&self.policy, case.reason.as_str(), self.texts.0),
            word("fault", Some(name_of(&case.fault))),
            case.product.clone(),
            case.title.clone(),
            case.batch.clone(),
            plain(amounts.asked),
            plain(amounts.refunded),
            plain(amounts.succeeded),
            plain(amounts.paid_out),
            plain(amounts.failed),
            word("outcome", case.outcome.map(|value| name_of(&value))),
            word("decided", case.decided.map(|value| name_of(&value))),
            hours.unwrap_or_default(),
            word("ruled", case.ruled.map(|value| name_of(&value))),
            word("refusing", Some(name_of(&case.refusing))),
            amounts.asked.currency().to_string(),
        ]
    }
}

/// `GET /m/overview/figures.csv`
///
/// # Errors
/// A [`Problem`] if they cannot be read.
pub async fn days(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let language = visit.language();
    let fault = |fault: StoreFault| Problem::fault(&fault, language);
    let range = Range::asked(&visit);
    let scope = figures::scope(&app, visit.shop()?, range.days()).await;
    let scope = scope.map_err(|trouble| Problem::trouble(trouble, language))?;
    let store = app.desk.store();
    let days = store.days(&scope).await.map_err(fault)?;
    let orders = store.order_days(&scope).await.map_err(fault)?;
    let texts = visit.page.texts;
    let mut text = BOM.to_owned();
    text.push_str(&row(DAY_COLUMNS.map(|column| texts.word_of("column", column))));
    text.push_str(&lines(&scope, &days, &orders));
    let file = format!("figures-{}.csv", range.name());
    Ok(download(&file, Body::from(text)))
}

/// A line for every day on which something was.
fn lines(scope: &Scope, days: &[DayFigure], orders: &[OrderDay]) -> String {
    let days: BTreeMap<Day, &DayFigure> = days.iter().map(|day| (day.day, day)).collect();
    let orders: BTreeMap<Day, &OrderDay> = orders.iter().map(|day| (day.day, day)).collect();
    let all: BTreeSet<Day> = days.keys().chain(orders.keys()).copied().collect();
    let money = |minor: i64| Money::new(minor, scope.currency).map(plain).unwrap_or_default();
    let line = |day: Day| {
        let figure = days.get(&day);
        let order = orders.get(&day);
        let count = |of: fn(&DayFigure) -> u64| figure.map_or(0, |day| of(day)).to_string();
        let amount = |of: fn(&DayFigure) -> i64| money(figure.map_or(0, |day| of(day)));
        row([
            day.to_string(),
            count(|day| day.cases),
            count(|day| day.decided),
            count(|day| day.automatic),
            count(|day| day.fast),
            count(|day| day.refunds),
            count(|day| day.ruled),
            count(|day| day.wrongly_refused),
            amount(|day| day.refunded_minor),
            amount(|day| day.automatic_minor),
            amount(|day| day.succeeded_minor.saturating_add(day.paid_out_minor)),
            order.map_or(0, |order| order.orders).to_string(),
            money(order.map_or(0, |order| order.paid_minor)),
        ])
    };
    all.into_iter().map(line).collect()
}

/// An amount as a spreadsheet adds it up: `1234.50`.
fn plain(amount: Money) -> String {
    format!("{}.{:02}", amount.minor() / 100, amount.minor() % 100)
}

fn download(name: &str, body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, body).into_response()
}

/// The database failed while a file was being written: the download breaks off, and whoever asked
/// sees that it did.
#[derive(Debug, thiserror::Error)]
#[error("a file of cases cannot be read to its end")]
struct Broken(#[from] StoreFault);
