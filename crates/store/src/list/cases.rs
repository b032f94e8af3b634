//! Cases as people list them. Each order of a list is that of an index, which is read from where
//! the list goes on until the page is full. What waits for somebody is in several stretches of an
//! index, one for each stage; the page is taken from the heads of all of them. What the index does
//! not know is tested on the rows it gives, of which so many are looked at; whoever wants to look
//! further goes on from where the looking stopped.

use super::Hints;
use crate::{column::Columns, decode, decode::limited, name};
use domain::{actor::Side, case::Stage, id::CaseId, moment::Moment};
use engine::{
    listing::Place,
    ports::StoreFault,
    rows::{CaseFilter, CaseOrder, CaseRow, LIMIT_MAX, Page},
};
use sqlx::{Database, Encode, QueryBuilder, Type};
use uuid::Uuid;

const CASES: &str = "select shop_id, case_id, order_id, buyer_id, case_type, stage, waits_for, \
    due_at, reason, amount_minor, currency, opened_at, updated_at, version, summary \
    from case_row";

/// The most rows that are tested for one page.
const LOOKED_AT_MAX: i64 = 2_000;

/// The stage in which most cases are, and which is in no index of work: the last opened of all
/// cases are nearly all closed.
const CLOSED: &str = "closed";

const SIDES: [Side; 4] = [Side::Merchant, Side::Buyer, Side::Platform, Side::System];

/// What drives a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Drive {
    /// `case_row_disputed`
    Disputed,
    /// `case_row_by_buyer`
    Buyer,
    /// `case_row_by_stage`, `case_row_by_deadline` or `case_row_by_urgency`
    Work,
    /// the primary key
    Key,
}

impl Drive {
    fn of(filter: &CaseFilter) -> Self {
        let staged = filter.stage.as_deref().is_some_and(|stage| stage != CLOSED);
        if filter.shop_id.is_none() {
            Self::Disputed
        } else if filter.among.is_some() {
            Self::Key
        } else if filter.buyer_id.is_some() {
            Self::Buyer
        } else if staged || filter.waits_for.is_some() || filter.open_only {
            Self::Work
        } else if filter.order == CaseOrder::Newest {
            Self::Key
        } else {
            Self::Work
        }
    }

    const fn index(self, order: CaseOrder) -> &'static str {
        match (self, order) {
            (Self::Disputed, _) => "case_row_disputed",
            (Self::Buyer, _) => "case_row_by_buyer",
            (Self::Work, CaseOrder::Newest) => "case_row_by_stage",
            (Self::Work, CaseOrder::Deadline) => "case_row_by_deadline",
            (Self::Work, CaseOrder::Risk) => "case_row_by_urgency",
            (Self::Key, _) => "sqlite_autoindex_case_row_1",
        }
    }
}

/// A stretch of an index: a stage, and who must act.
type Stretch<'a> = (&'a str, Side);

/// Which rows of the index are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Read {
    /// Those that the list shows.
    Shown,
    /// All of them, to see how far one page may look.
    Any,
}

/// How a list is asked for.
pub(crate) struct Cases<'a> {
    filter: &'a CaseFilter,
    hints: Hints,
    drive: Drive,
    /// Whether it is known how far it may look.
    measured: bool,
    /// The last place looked at.
    until: Option<Place>,
}

impl<'a> Cases<'a> {
    pub(crate) fn of(filter: &'a CaseFilter, hints: Hints) -> Self {
        let drive = Drive::of(filter);
        let mut cases = Self { filter, hints, drive, measured: true, until: None };
        cases.measured = !cases.is_bounded();
        cases
    }

    /// Whether a page could look at many more rows than it shows.
    const fn is_bounded(&self) -> bool {
        let filter = self.filter;
        let tested = filter.order_id.is_some()
            || filter.case_type.is_some()
            || filter.reason.is_some()
            || filter.opened_since.is_some()
            || filter.opened_until.is_some()
            || filter.amount_min.is_some()
            || filter.amount_max.is_some()
            || filter.assignee.is_some()
            || filter.tag.is_some()
            || filter.tier.is_some();
        let apart = filter.stage.is_some() || filter.waits_for.is_some() || filter.open_only;
        match self.drive {
            // There are few of them: in dispute, or named.
            Drive::Disputed => false,
            Drive::Key if filter.among.is_some() => false,
            Drive::Key => tested || apart,
            Drive::Work => tested || filter.buyer_id.is_some(),
            // In another order than that of opening all of them are read.
            Drive::Buyer => tested || apart || !matches!(filter.order, CaseOrder::Newest),
        }
    }

    /// Takes the row that the question how far it may look gave.
    pub(crate) fn measure(&mut self, row: Option<&impl Columns>) -> Result<(), StoreFault> {
        let until = row.map(|row| Ok((row.moment("place")?, row.case_id()?))).transpose()?;
        let sorted = self.drive == Drive::Buyer && self.filter.order != CaseOrder::Newest;
        if sorted && until.is_some() {
            // Too many of this buyer to sort: they are looked for among what waits.
            self.drive = Drive::Work;
        } else {
            (self.measured, self.until) = (true, until);
        }
        Ok(())
    }

    /// The page, out of the rows found.
    pub(crate) fn page<R: Columns>(&self, rows: &[R]) -> Result<Page<CaseRow>, StoreFault> {
        let mut page = decode::page(rows, self.filter.limit, decode::case_row)?;
        if !page.more && self.until.is_some() {
            (page.more, page.reached) = (true, self.until);
        }
        Ok(page)
    }

    /// The column in whose order the list is, besides the id.
    const fn key(&self) -> &'static str {
        match self.filter.order {
            CaseOrder::Newest => "cast(0 as bigint)",
            CaseOrder::Deadline => "due_at",
            CaseOrder::Risk => "urgent_at",
        }
    }

    const fn sorted(&self) -> &'static str {
        match self.filter.order {
            CaseOrder::Newest => " order by case_id desc",
            CaseOrder::Deadline => " order by due_at, case_id",
            CaseOrder::Risk => " order by urgent_at, case_id",
        }
    }

    /// The stretches of the index that are read.
    fn stretches(&self) -> Vec<Stretch<'a>> {
        let open = Stage::ALL.into_iter().filter(|stage| *stage != Stage::Closed);
        let stages: Vec<&str> = match &self.filter.stage {
            Some(stage) => vec![stage],
            None => open.map(Stage::as_str).collect(),
        };
        let sides = self.filter.waits_for.map_or(SIDES.to_vec(), |side| vec![side]);
        let of = |stage| sides.iter().map(move |side| (stage, *side));
        stages.into_iter().flat_map(of).collect()
    }
}

impl Cases<'_> {
    /// Asks which row is the last one that a page may look at; nothing if there is no need to ask.
    pub(crate) fn measuring<DB>(&self) -> Option<QueryBuilder<DB>>
    where
        DB: Database,
        String: for<'q> Encode<'q, DB> + Type<DB>,
        i64: for<'q> Encode<'q, DB> + Type<DB>,
        Uuid: for<'q> Encode<'q, DB> + Type<DB>,
    {
        if self.measured {
            return None;
        }
        let mut query = QueryBuilder::new("select ");
        if self.drive == Drive::Buyer {
            query.push("cast(0 as bigint) as place, case_id from case_row");
            self.walk(&mut query, None, Read::Any);
            query.push(" order by case_id desc");
        } else {
            query.push("place, case_id from (");
            let narrow = format!("select {} as place, case_id", self.key());
            self.merged(&mut query, &narrow, (Read::Any, LOOKED_AT_MAX.saturating_add(1)));
            query.push(") as looked_at order by ").push(match self.filter.order {
                CaseOrder::Newest => "case_id desc",
                CaseOrder::Deadline | CaseOrder::Risk => "place, case_id",
            });
        }
        query.push(" limit 1 offset ").push_bind(LOOKED_AT_MAX);
        Some(query)
    }

    /// Asks for the rows, one more than the limit, so that it shows whether there are more.
    pub(crate) fn rows<DB>(&self) -> QueryBuilder<DB>
    where
        DB: Database,
        String: for<'q> Encode<'q, DB> + Type<DB>,
        i64: for<'q> Encode<'q, DB> + Type<DB>,
        Uuid: for<'q> Encode<'q, DB> + Type<DB>,
    {
        let limit = limited(self.filter.limit).saturating_add(1);
        let mut query = QueryBuilder::new(CASES);
        let stretches = self.stretches();
        if self.drive != Drive::Work || stretches.len() == 1 {
            let stretch = stretches.first().filter(|_| self.drive == Drive::Work);
            self.walk(&mut query, stretch.copied(), Read::Shown);
            query.push(self.sorted()).push(" limit ").push_bind(limit);
            return query;
        }
        // Only what is on the page is read whole.
        query.push(" where shop_id = ").push_bind(self.shop_id());
        query.push(" and case_id in (select case_id from (");
        let narrow = match self.filter.order {
            CaseOrder::Newest => "select case_id",
            CaseOrder::Deadline => "select case_id, due_at",
            CaseOrder::Risk => "select case_id, urgent_at",
        };
        self.merged(&mut query, narrow, (Read::Shown, limit));
        query.push(") as head").push(self.sorted()).push(" limit ").push_bind(limit);
        query.push(")").push(self.sorted());
        query
    }

    /// The heads of all stretches.
    fn merged<DB>(&self, query: &mut QueryBuilder<DB>, narrow: &str, (read, limit): (Read, i64))
    where
        DB: Database,
        String: for<'q> Encode<'q, DB> + Type<DB>,
        i64: for<'q> Encode<'q, DB> + Type<DB>,
        Uuid: for<'q> Encode<'q, DB> + Type<DB>,
    {
        let work = self.drive == Drive::Work;
        let stretches = self.stretches().into_iter().map(Some).filter(|_| work);
        let once = std::iter::once(None).filter(|_| !work);
        for (n, stretch) in stretches.chain(once).enumerate() {
            query.push(if n == 0 { "select * from (" } else { " union all select * from (" });
            query.push(narrow).push(" from case_row");
            self.walk(query, stretch, read);
            query.push(self.sorted()).push(" limit ").push_bind(limit);
            query.push(format!(") as stretch_{n}"));
        }
    }

    fn shop_id(&self) -> String {
        self.filter.shop_id.as_ref().map(ToString::to_string).unwrap_or_default()
    }

    /// The rows of an index, or of a stretch of it.
    fn walk<DB>(&self, query: &mut QueryBuilder<DB>, stretch: Option<Stretch<'_>>, read: Read)
    where
        DB: Database,
        String: for<'q> Encode<'q, DB> + Type<DB>,
        i64: for<'q> Encode<'q, DB> + Type<DB>,
        Uuid: for<'q> Encode<'q, DB> + Type<DB>,
    {
        let filter = self.filter;
        query.push(self.hints.by(self.drive.index(filter.order))).push(" where ");
        match &filter.shop_id {
            Some(shop_id) => query.push("shop_id = ").push_bind(shop_id.to_string()),
            None => query.push("stage = 'disputed'"),
        };
        if let Some((stage, side)) = stretch {
            query.push(" and stage = ").push_bind(stage.to_owned());
            query.push(" and waits_for = ").push_bind(name::side(side).to_owned());
            if filter.order == CaseOrder::Newest {
                // Written out, because a partial index is not found by a parameter.
                query.push(" and stage <> 'closed'");
            }
        }
        if filter.order != CaseOrder::Newest {
            query.push(" and ").push(self.key()).push(" is not null");
        }
        if let (Drive::Buyer, Some(buyer_id)) = (self.drive, &filter.buyer_id) {
            query.push(" and buyer_id = ").push_bind(buyer_id.to_string());
        }
        self.between(query);
        if read == Read::Shown {
            self.tested(query, stretch.is_some());
        }
    }

    /// From where the list goes on to where this page stops looking.
    fn between<DB>(&self, query: &mut QueryBuilder<DB>)
    where
        DB: Database,
        i64: for<'q> Encode<'q, DB> + Type<DB>,
        Uuid: for<'q> Encode<'q, DB> + Type<DB>,
    {
        let newest = self.filter.order == CaseOrder::Newest;
        for (place, id, both) in [
            (self.filter.after, " and case_id < ", " > ("),
            (self.until, " and case_id >= ", " <= ("),
        ] {
            let Some((moment, case_id)) = place.map(|(at, id)| (at.ms(), CaseId::uuid(id))) else {
                continue;
            };
            if newest {
                query.push(id).push_bind(case_id);
            } else {
                query.push(" and (").push(self.key()).push(", case_id)").push(both);
                query.push_bind(moment).push(", ").push_bind(case_id).push(")");
            }
        }
    }

    /// What is tested on the rows that the index gives.
    fn tested<DB>(&self, query: &mut QueryBuilder<DB>, in_stretch: bool)
    where
        DB: Database,
        String: for<'q> Encode<'q, DB> + Type<DB>,
        i64: for<'q> Encode<'q, DB> + Type<DB>,
        Uuid: for<'q> Encode<'q, DB> + Type<DB>,
    {
        let (filter, hints) = (self.filter, self.hints);
        let mut text = |term: &'static str, value: Option<String>, end: &'static str| {
            if let Some(value) = value {
                query.push(" and ").push(term).push_bind(value).push(end);
            }
        };
        text("order_id = ", filter.order_id.as_ref().map(ToString::to_string), "");
        if self.drive != Drive::Buyer {
            text("buyer_id = ", filter.buyer_id.as_ref().map(ToString::to_string), "");
        }
        if !in_stretch {
            text("stage = ", filter.stage.clone(), "");
            text("waits_for = ", filter.waits_for.map(|side| name::side(side).to_owned()), "");
        }
        text("case_type = ", filter.case_type.map(|of| name::case_type(of).to_owned()), "");
        text("reason = ", filter.reason.as_ref().map(ToString::to_string), "");
        text(hints.assignee, filter.assignee.clone(), "");
        text(hints.tier, filter.tier.clone(), "");
        text(hints.tag.0, filter.tag.clone(), hints.tag.1);
        let mut number = |term: &'static str, value: Option<i64>| {
            if let Some(value) = value {
                query.push(term).push_bind(value);
            }
        };
        number(" and opened_at >= ", filter.opened_since.map(Moment::ms));
        number(" and opened_at < ", filter.opened_until.map(Moment::ms));
        number(" and amount_minor >= ", filter.amount_min);
        number(" and amount_minor <= ", filter.amount_max);
        if filter.open_only {
            query.push(" and stage <> 'closed'");
        }
        if let Some(among) = &filter.among {
            query.push(" and case_id in (");
            let mut list = query.separated(", ");
            for case_id in among.iter().take(usize::try_from(LIMIT_MAX).unwrap_or(0)) {
                list.push_bind(CaseId::uuid(*case_id));
            }
            // A list of nothing is written too: the null that it ends on is no case.
            list.push("null");
            query.push(")");
        }
    }
}
