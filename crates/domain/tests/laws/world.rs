//! A world in which one order lives: commands go in, events and effects come out, time is set.

use domain::{
    actor::Actor,
    ask::Ask,
    calendar::Calendar,
    command::{Act, Command},
    decide::decide,
    event::{CaseEvent, Event},
    evolve::evolve,
    facts::Facts,
    id::{CaseId, CommandId},
    moment::Moment,
    money::Money,
    order::Order,
    policy::Policy,
    react::{Called, react},
    record::Record,
    refusal::Refusal,
    standing::{ShopSettings, Standing},
};
use std::sync::Arc;
use uuid::Uuid;

/// One order, its log, its outbox, and what decisions about it are made on.
#[derive(Clone)]
pub struct World {
    pub order: Order,
    pub records: Vec<Record>,
    pub called: Vec<Called>,
    pub at: Moment,
    pub policy: Arc<Policy>,
    pub calendar: Arc<Calendar>,
    pub shop: ShopSettings,
    /// How the buyer stood before this order.
    pub before: Standing,
    commands: u128,
}

impl World {
    pub fn new() -> Self {
        let before = Standing {
            refunded_this_year: Money::cny(0).unwrap(),
            cases_in_window: 0,
            restriction_lifted_until: None,
        };
        Self {
            order: Order::default(),
            records: Vec::new(),
            called: Vec::new(),
            at: Moment::parse("2026-11-01T00:00:00Z").unwrap(),
            policy: Policy::default_policy(),
            calendar: Calendar::built_in(),
            shop: ShopSettings::default(),
            before,
            commands: 0,
        }
    }

    pub fn facts(&self) -> Option<&Facts> {
        self.order.facts.as_ref()
    }

    /// How the buyer stands now: what this order gave back in the year counts too.
    pub fn standing(&self) -> Standing {
        let year = self.at.year_in_china();
        let mut refunded = self.before.refunded_this_year;
        for record in self.records.iter().filter(|record| record.at.year_in_china() == year) {
            if let Event::Case { what: CaseEvent::RefundOrdered { allocation, .. }, .. } =
                &record.event
            {
                // Hostile logs hold what cannot be added up; real ones do not.
                let sum = allocation.total().and_then(|total| refunded.plus(total));
                refunded = sum.unwrap_or(refunded);
            }
        }
        Standing { refunded_this_year: refunded, ..self.before.clone() }
    }

    /// The command that comes next.
    pub fn next_command(&mut self) -> CommandId {
        self.commands += 1;
        CommandId::new(Uuid::from_u128(self.commands))
    }

    /// What would be decided, without writing it down.
    pub fn decide(
        &self,
        by: &Actor,
        command: &Command,
        id: CommandId,
    ) -> Result<Vec<Event>, Refusal> {
        let standing = self.standing();
        let ask = Ask {
            at: self.at,
            by,
            command: id,
            policy: &self.policy,
            policy_version: 1,
            calendar: &self.calendar,
            shop: &self.shop,
            standing: &standing,
        };
        decide(&self.order, command, &ask)
    }

    /// Decides a command and writes down what it leads to.
    pub fn give(&mut self, by: &Actor, command: &Command) -> Result<Vec<Event>, Refusal> {
        let id = self.next_command();
        let events = self.decide(by, command, id)?;
        for event in &events {
            self.write(by, id, event.clone());
        }
        Ok(events)
    }

    pub fn act(&mut self, by: &Actor, case_id: CaseId, act: Act) -> Result<Vec<Event>, Refusal> {
        self.give(by, &Command::Case { case_id, act })
    }

    /// Writes an event down, whatever it says.
    pub fn write(&mut self, by: &Actor, command: CommandId, event: Event) {
        let version = self.order.version + 1;
        let record = Record { version, at: self.at, by: by.clone(), command, receipt: None, event };
        evolve(&mut self.order, &record);
        self.called.extend(react(&self.order, &record));
        self.records.push(record);
    }
}
