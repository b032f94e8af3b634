//! Figures: what is asked of them, once for both databases, and the rows as they travel to a
//! database: as one JSON text, whose names are the columns' names.

use crate::{
    column::{Columns, signed},
    decode::limited,
    name,
};
use domain::{
    case::Outcome,
    id::{CaseId, ReasonCode, ShopId},
    moment::Span,
    money::{Currency, Money},
};
use engine::{
    figures::{
        Amounts, CaseFigure, CaseText, Day, DayFigure, Decided, Grouping, HourFigure,
        OPEN_COUNTED_MAX, OpenWork, OrderDay, OrderFigure, Refusing, Ruled, SHARES_MAX, Scope,
        Settled, Share, Slice,
    },
    ports::StoreFault,
};
use serde::Serialize;
use sqlx::{Database, Encode, QueryBuilder, Type};
use uuid::Uuid;

const CASES: &str = "select shop_id, case_id, order_id, version, opened_on, case_type, reason, \
    fault, product, title, batch, currency, asked_minor, refunded_minor, succeeded_minor, \
    paid_out_minor, failed_minor, outcome, decided, answered_ms, ruled, refusing \
    from case_figure where ";
const DAYS: &str = "select opened_on, count(*) as cases, count(decided) as decided, \
    count(case when decided = 'deadline' then 1 end) as automatic, \
    count(case when decided = 'fast_lane' then 1 end) as fast, \
    count(case when refunded_minor > 0 then 1 end) as refunds, count(ruled) as ruled, \
    count(case when refusing = 'wrongly' then 1 end) as wrongly_refused, \
    cast(sum(refunded_minor) as bigint) as refunded_minor, \
    cast(sum(case when decided = 'deadline' then refunded_minor else 0 end) as bigint) \
    as automatic_minor, cast(sum(succeeded_minor) as bigint) as succeeded_minor, \
    cast(sum(paid_out_minor) as bigint) as paid_out_minor, \
    cast(sum(failed_minor) as bigint) as failed_minor from case_figure where ";
const ORDER_DAYS: &str = "select placed_on, orders, paid_minor from order_day where ";
const SHARE: &str = "count(*) as cases, cast(sum(refunded_minor) as bigint) as refunded_minor, \
    count(ruled) as ruled, count(case when ruled = 'for_buyer' then 1 end) as ruled_for_buyer \
    from case_figure where ";
const HOURS: &str = "select answered_ms / 3600000 as hours, count(*) as cases from case_figure \
    where answered_ms is not null and ";
const OPEN: &str = "select stage, waits_for, cases from (select stages.column1 as stage, \
    sides.column1 as waits_for, (select count(*) from (select 1 from case_row where shop_id = ";
const OPEN_IN: &str = " and stage = stages.column1 and waits_for = sides.column1 \
    and stage <> 'closed' limit ";
const OPEN_OF: &str = ") as counted) as cases from (values ('under_review'), ('awaiting_evidence'), \
    ('offered'), ('awaiting_return'), ('return_in_transit'), ('inspecting'), \
    ('awaiting_replacement'), ('replacement_in_transit'), ('rejected'), ('disputed'), \
    ('refunding')) as stages cross join (values ('merchant'), ('buyer'), ('platform'), \
    ('system')) as sides) as work where cases > 0 order by stage, waits_for";

/// Cases, last opened first. Served by `case_figure_by_day`.
pub(crate) fn cases<DB>(
    scope: &Scope,
    slice: &Slice,
    after: Option<(Day, CaseId)>,
    limit: u32,
) -> QueryBuilder<DB>
where
    DB: Database,
    String: for<'q> Encode<'q, DB> + Type<DB>,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
    Uuid: for<'q> Encode<'q, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new(CASES);
    within(&mut query, scope, "opened_on");
    cut(&mut query, slice);
    if let Some((day, case_id)) = after {
        query.push(" and (opened_on, case_id) < (").push_bind(i64::from(day.number()));
        query.push(", ").push_bind(case_id.uuid()).push(")");
    }
    query.push(" order by opened_on desc, case_id desc limit ").push_bind(limited(limit));
    query
}

/// Served by `case_figure_by_day`.
pub(crate) fn days<DB>(scope: &Scope) -> QueryBuilder<DB>
where
    DB: Database,
    String: for<'q> Encode<'q, DB> + Type<DB>,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new(DAYS);
    within(&mut query, scope, "opened_on");
    query.push(" group by opened_on order by opened_on");
    query
}

/// Served by the primary key of `order_day`.
pub(crate) fn order_days<DB>(scope: &Scope) -> QueryBuilder<DB>
where
    DB: Database,
    String: for<'q> Encode<'q, DB> + Type<DB>,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new(ORDER_DAYS);
    within(&mut query, scope, "placed_on");
    query.push(" and orders > 0 order by placed_on");
    query
}

/// Served by `case_figure_by_day`.
pub(crate) fn shares<DB>(scope: &Scope, grouping: Grouping) -> QueryBuilder<DB>
where
    DB: Database,
    String: for<'q> Encode<'q, DB> + Type<DB>,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
{
    let (named, grouped) = match grouping {
        Grouping::Reason => ("reason as name, '' as title, '' as batch, ", "reason"),
        Grouping::Product => ("product as name, max(title) as title, '' as batch, ", "product"),
        Grouping::Batch => ("product as name, max(title) as title, batch, ", "product, batch"),
    };
    let mut query = QueryBuilder::new("select ");
    query.push(named).push(SHARE);
    within(&mut query, scope, "opened_on");
    if grouping == Grouping::Batch {
        query.push(" and batch <> ''");
    }
    query.push(" group by ").push(grouped).push(" order by count(*) desc, ").push(grouped);
    query.push(" limit ").push_bind(i64::from(SHARES_MAX));
    query
}

/// Served by `case_figure_by_day`.
pub(crate) fn hours<DB>(scope: &Scope) -> QueryBuilder<DB>
where
    DB: Database,
    String: for<'q> Encode<'q, DB> + Type<DB>,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new(HOURS);
    within(&mut query, scope, "opened_on");
    query.push(" group by answered_ms / 3600000 order by hours");
    query
}

/// Served by `case_row_by_stage`, of which no more is read than is counted.
pub(crate) fn open_work<DB>(shop_id: &ShopId) -> QueryBuilder<DB>
where
    DB: Database,
    String: for<'q> Encode<'q, DB> + Type<DB>,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new(OPEN);
    query.push_bind(shop_id.to_string()).push(OPEN_IN);
    query.push_bind(i64::from(OPEN_COUNTED_MAX)).push(OPEN_OF);
    query
}

fn cut<DB>(query: &mut QueryBuilder<DB>, slice: &Slice)
where
    DB: Database,
    String: for<'q> Encode<'q, DB> + Type<DB>,
{
    let mut by = |term: &'static str, value: Option<&str>| {
        if let Some(value) = value {
            query.push(term).push_bind(value.to_owned());
        }
    };
    by(" and reason = ", slice.reason.as_ref().map(ReasonCode::as_str));
    by(" and product = ", slice.product.as_deref());
    by(" and batch = ", slice.batch.as_deref());
    by(" and decided = ", slice.decided.map(Decided::as_str));
    by(" and refusing = ", slice.refusing.map(Refusing::as_str));
    match slice.settled {
        Some(Settled::Whole) => {
            query.push(" and refunded_minor = succeeded_minor + paid_out_minor")
        }
        Some(Settled::InPart) => {
            query.push(" and refunded_minor <> succeeded_minor + paid_out_minor")
        }
        None => query,
    };
}

fn within<DB>(query: &mut QueryBuilder<DB>, scope: &Scope, day: &'static str)
where
    DB: Database,
    String: for<'q> Encode<'q, DB> + Type<DB>,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
{
    query.push("shop_id = ").push_bind(scope.shop_id.to_string());
    query.push(" and ").push(day).push(" >= ").push_bind(i64::from(scope.days.first().number()));
    query.push(" and ").push(day).push(" <= ").push_bind(i64::from(scope.days.last().number()));
    query.push(" and currency = ").push_bind(scope.currency.to_string());
}

/// A row of `case_figure` as it travels.
#[derive(Serialize)]
pub(crate) struct Case<'a> {
    shop_id: &'a str,
    case_id: String,
    order_id: &'a str,
    version: i64,
    opened_on: i32,
    case_type: &'static str,
    reason: &'a str,
    fault: &'static str,
    product: &'a str,
    title: &'a str,
    batch: &'a str,
    currency: String,
    asked_minor: i64,
    refunded_minor: i64,
    succeeded_minor: i64,
    paid_out_minor: i64,
    failed_minor: i64,
    outcome: Option<&'static str>,
    decided: Option<&'static str>,
    answered_ms: Option<i64>,
    ruled: Option<&'static str>,
    refusing: &'static str,
}

impl<'a> Case<'a> {
    pub(crate) fn of(figure: &'a CaseFigure) -> Result<Self, StoreFault> {
        let amounts = &figure.amounts;
        Ok(Self {
            shop_id: figure.key.shop_id.as_str(),
            case_id: figure.case_id.uuid().simple().to_string(),
            order_id: figure.key.order_id.as_str(),
            version: signed("version", figure.version)?,
            opened_on: figure.opened_on.number(),
            case_type: name::case_type(figure.case_type),
            reason: figure.reason.as_str(),
            fault: name::fault(figure.fault),
            product: &figure.product,
            title: &figure.title,
            batch: &figure.batch,
            currency: amounts.asked.currency().to_string(),
            asked_minor: amounts.asked.minor(),
            refunded_minor: amounts.refunded.minor(),
            succeeded_minor: amounts.succeeded.minor(),
            paid_out_minor: amounts.paid_out.minor(),
            failed_minor: amounts.failed.minor(),
            outcome: figure.outcome.map(name::outcome),
            decided: figure.decided.map(Decided::as_str),
            answered_ms: figure.answered_after.map(Span::ms),
            ruled: figure.ruled.map(Ruled::as_str),
            refusing: figure.refusing.as_str(),
        })
    }
}

/// A row of `order_figure` as it travels.
#[derive(Serialize)]
pub(crate) struct Order<'a> {
    shop_id: &'a str,
    order_id: &'a str,
    version: i64,
    placed_on: i32,
    currency: String,
    orders: i64,
    paid_minor: i64,
}

impl<'a> Order<'a> {
    pub(crate) fn of(figure: &'a OrderFigure) -> Result<Self, StoreFault> {
        Ok(Self {
            shop_id: figure.key.shop_id.as_str(),
            order_id: figure.key.order_id.as_str(),
            version: signed("version", figure.version)?,
            placed_on: figure.placed_on.number(),
            currency: figure.paid.currency().to_string(),
            orders: i64::from(!figure.paid.is_zero()),
            paid_minor: figure.paid.minor(),
        })
    }
}

/// Rows as one JSON text.
pub(crate) fn json<T: Serialize>(
    rows: impl Iterator<Item = Result<T, StoreFault>>,
) -> Result<String, StoreFault> {
    let rows = rows.collect::<Result<Vec<T>, _>>()?;
    serde_json::to_string(&rows)
        .map_err(|error| StoreFault::Broken(format!("write rows as JSON: {error}")))
}

/// Reads a row of `case_figure`.
pub(crate) fn case(row: &impl Columns) -> Result<CaseFigure, StoreFault> {
    let currency = Currency::parse(&row.text("currency")?)
        .map_err(|error| StoreFault::Broken(format!("read column currency: {error}")))?;
    let money = |column: &str| {
        Money::new(row.number(column)?, currency)
            .map_err(|error| StoreFault::Broken(format!("read column {column}: {error}")))
    };
    let outcome = row.text_or_none("outcome")?;
    let decided = row.text_or_none("decided")?;
    let ruled = row.text_or_none("ruled")?;
    Ok(CaseFigure {
        key: row.key()?,
        case_id: row.case_id()?,
        version: row.whole("version")?,
        opened_on: day(row, "opened_on")?,
        case_type: name::read("case_type", &row.text("case_type")?)?,
        reason: row.reason()?,
        fault: name::read("fault", &row.text("fault")?)?,
        product: row.text("product")?,
        title: row.text("title")?,
        batch: row.text("batch")?,
        amounts: Amounts {
            asked: money("asked_minor")?,
            refunded: money("refunded_minor")?,
            succeeded: money("succeeded_minor")?,
            paid_out: money("paid_out_minor")?,
            failed: money("failed_minor")?,
        },
        outcome: outcome.map(|name| name::read::<Outcome>("outcome", &name)).transpose()?,
        decided: decided.map(|name| name::read("decided", &name)).transpose()?,
        answered_after: row.number_or_none("answered_ms")?.map(Span::from_ms),
        ruled: ruled.map(|name| name::read("ruled", &name)).transpose()?,
        refusing: name::read::<Refusing>("refusing", &row.text("refusing")?)?,
    })
}

/// Reads a row of `case_text`.
pub(crate) fn text(row: &impl Columns) -> Result<CaseText, StoreFault> {
    Ok(CaseText {
        key: row.key()?,
        case_id: row.case_id()?,
        version: row.whole("version")?,
        text: row.text("text")?,
    })
}

pub(crate) fn day_figure(row: &impl Columns) -> Result<DayFigure, StoreFault> {
    Ok(DayFigure {
        day: day(row, "opened_on")?,
        cases: row.whole("cases")?,
        decided: row.whole("decided")?,
        automatic: row.whole("automatic")?,
        fast: row.whole("fast")?,
        refunds: row.whole("refunds")?,
        ruled: row.whole("ruled")?,
        wrongly_refused: row.whole("wrongly_refused")?,
        refunded_minor: row.number("refunded_minor")?,
        automatic_minor: row.number("automatic_minor")?,
        succeeded_minor: row.number("succeeded_minor")?,
        paid_out_minor: row.number("paid_out_minor")?,
        failed_minor: row.number("failed_minor")?,
    })
}

pub(crate) fn order_day(row: &impl Columns) -> Result<OrderDay, StoreFault> {
    let (orders, paid_minor) = (row.whole("orders")?, row.number("paid_minor")?);
    Ok(OrderDay { day: day(row, "placed_on")?, orders, paid_minor })
}

pub(crate) fn share(row: &impl Columns) -> Result<Share, StoreFault> {
    Ok(Share {
        name: row.text("name")?,
        title: row.text("title")?,
        batch: row.text("batch")?,
        cases: row.whole("cases")?,
        refunded_minor: row.number("refunded_minor")?,
        ruled: row.whole("ruled")?,
        ruled_for_buyer: row.whole("ruled_for_buyer")?,
    })
}

pub(crate) fn hour(row: &impl Columns) -> Result<HourFigure, StoreFault> {
    Ok(HourFigure { hours: row.count("hours")?, cases: row.whole("cases")? })
}

pub(crate) fn open(row: &impl Columns) -> Result<OpenWork, StoreFault> {
    let waits_for = row.text_or_none("waits_for")?;
    Ok(OpenWork {
        stage: row.text("stage")?,
        waits_for: waits_for.map(|side| name::read("waits_for", &side)).transpose()?,
        cases: row.whole("cases")?,
    })
}

fn day(row: &impl Columns, column: &str) -> Result<Day, StoreFault> {
    let number = i32::try_from(row.number(column)?);
    number.map(Day::new).map_err(|_| StoreFault::Broken(format!("read column {column}: no day")))
}
