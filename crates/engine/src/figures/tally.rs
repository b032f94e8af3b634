//! From an order and its records to rows of figures: a function of the log and nothing else.

use super::{Amounts, CaseFigure, Day, Decided, OrderFigure, Refusing, Ruled};
use crate::rows::StreamKey;
use domain::{
    actor::Side,
    case::{Case, Inspection},
    event::{CaseEvent, Event},
    facts::{Facts, Item},
    id::{CaseId, CommandId},
    moment::{Moment, Span},
    money::Money,
    order::Order,
    record::Record,
    refund::State,
};

/// The order in figures; none before the shop has told its facts.
#[must_use]
pub fn order_figure(key: &StreamKey, order: &Order) -> Option<OrderFigure> {
    let facts = order.facts.as_ref()?;
    Some(OrderFigure {
        key: key.clone(),
        version: order.version,
        placed_on: Day::of(facts.placed_at),
        paid: facts.paid().unwrap_or(Money::zero(facts.currency)),
    })
}

/// The cases of an order in figures. The records are those the order was folded from.
#[must_use]
pub fn case_figures(key: &StreamKey, order: &Order, records: &[Record]) -> Vec<CaseFigure> {
    let Some(facts) = &order.facts else { return Vec::new() };
    let one = |case: &Case| case_figure(key, order, (facts, case), records);
    order.cases.iter().map(one).collect()
}

fn case_figure(
    key: &StreamKey,
    order: &Order,
    (facts, case): (&Facts, &Case),
    records: &[Record],
) -> CaseFigure {
    let course = Course::of(case.case_id, records);
    let item = main_item(facts, case);
    let title = item.map(|item| clean(&item.title)).unwrap_or_default();
    let sku = item.and_then(|item| item.sku.as_deref()).map(clean).filter(|sku| !sku.is_empty());
    CaseFigure {
        key: key.clone(),
        case_id: case.case_id,
        version: order.version,
        opened_on: Day::of(case.opened_at),
        case_type: case.application.case_type,
        reason: case.application.reason.clone(),
        fault: case.fault,
        product: sku.unwrap_or_else(|| title.clone()),
        title,
        batch: item.and_then(|item| item.batch.as_deref()).map(clean).unwrap_or_default(),
        amounts: amounts(facts, case),
        outcome: case.outcome,
        decided: course.decided,
        answered_after: course.answered_after,
        ruled: course.ruled,
        refusing: course.refusing,
    }
}

/// A name fit for a list: no control characters, which no database keeps alike.
fn clean(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).collect()
}

/// The dearest of the items a case is about; of equals the first.
fn main_item<'a>(facts: &'a Facts, case: &Case) -> Option<&'a Item> {
    let wanted = &case.application.items;
    let about = |item: &&Item| {
        wanted.is_empty() || wanted.iter().any(|pieces| pieces.item_id == item.item_id)
    };
    let worth = |item: &Item| item.before_coupons().map_or(0, Money::minor);
    facts.items.iter().filter(about).reduce(
        |best, item| {
            if worth(item) > worth(best) { item } else { best }
        },
    )
}

fn amounts(facts: &Facts, case: &Case) -> Amounts {
    let sum = |counts: fn(State) -> bool| {
        let refunds = case.refunds.iter().filter(|refund| counts(refund.state));
        // What cannot be added was never ordered; a figure must not stop the follower.
        Money::sum(facts.currency, refunds.map(|refund| refund.amount))
            .unwrap_or(Money::zero(facts.currency))
    };
    Amounts {
        asked: case.asked(),
        refunded: sum(State::counts),
        succeeded: sum(|state| state == State::Succeeded),
        paid_out: sum(|state| state == State::Paid),
        failed: sum(State::has_failed),
    }
}

/// What the records tell of the course of a case.
struct Course {
    filed_at: Moment,
    opened_by: CommandId,
    decided: Option<Decided>,
    answered_after: Option<Span>,
    ruled: Option<Ruled>,
    refusing: Refusing,
}

impl Course {
    fn of(case_id: CaseId, records: &[Record]) -> Self {
        let mut course = Self {
            filed_at: Moment::from_ms(0),
            opened_by: CommandId::NONE,
            decided: None,
            answered_after: None,
            ruled: None,
            refusing: Refusing::Never,
        };
        let mut accepted = None;
        for record in records {
            let Event::Case { case_id: id, what } = &record.event else { continue };
            if *id != case_id {
                continue;
            }
            if matches!(what, CaseEvent::OfferAccepted) {
                accepted = Some(record.command);
            }
            course.see(record, what, accepted);
        }
        course
    }

    fn see(&mut self, record: &Record, what: &CaseEvent, accepted: Option<CommandId>) {
        if let CaseEvent::Opened(_) = what {
            self.opened_by = record.command;
        }
        if let CaseEvent::Opened(_) | CaseEvent::Amended(_) = what {
            self.filed_at = record.at;
        }
        let answers = matches!(
            what,
            CaseEvent::Approved { .. } | CaseEvent::Rejected { .. } | CaseEvent::OfferMade { .. }
        );
        if answers && self.answered_after.is_none() {
            self.answered_after = Some(record.at.since(self.filed_at));
        }
        let by_system = record.by.side() == Side::System;
        let agreed = accepted == Some(record.command);
        if let CaseEvent::Approved { .. } = what {
            // Whoever grants at once acts by the buyer's own command, whoever gave it.
            let at_once = record.command == self.opened_by;
            self.decided = Some(match (at_once, by_system && !agreed) {
                (true, _) => Decided::FastLane,
                (false, true) => Decided::Deadline,
                (false, false) => Decided::Merchant,
            });
        }
        if let CaseEvent::OfferAccepted | CaseEvent::Rejected { .. } = what {
            self.decided = Some(Decided::Merchant);
        }
        if let CaseEvent::ReturnInspected { .. } = what {
            self.decided = Some(if by_system { Decided::Deadline } else { Decided::Merchant });
        }
        if let CaseEvent::RefundOrdered { .. } = what
            && self.decided.is_none()
            && by_system
        {
            self.decided = Some(Decided::Deadline);
        }
        self.see_refusal(what);
    }

    fn see_refusal(&mut self, what: &CaseEvent) {
        let refused = matches!(
            what,
            CaseEvent::Rejected { .. }
                | CaseEvent::ReturnInspected { result: Inspection::Refused, .. }
        );
        if refused {
            self.refusing = Refusing::Refused;
        }
        if let CaseEvent::Ruled { terms, .. } = what {
            self.decided = Some(Decided::Ruling);
            let for_buyer = terms.is_some();
            self.ruled = Some(if for_buyer { Ruled::ForBuyer } else { Ruled::ForMerchant });
            if for_buyer && self.refusing == Refusing::Refused {
                self.refusing = Refusing::Wrongly;
            }
        }
    }
}
