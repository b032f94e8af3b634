//! The weather calms. First the machinery alone works off its backlog, and must have done so
//! within a bound; then people do what is theirs to do, until every case has ended.

use crate::{
    chance::Chance,
    mirror::Violation,
    people::name_card,
    town::person,
    wire::at_bank,
    words::in_words,
    world::{Task, World},
};
use domain::{
    actor::{Actor, Role},
    allowed::{
        may_be_paid, may_be_replaced, may_go_twice, may_take_account, may_take_card,
        waits_for_finance, waits_for_platform,
    },
    case::{Case, Route, Stage},
    command::{Act, Command},
    id::{CaseId, CommandId, PersonId},
    moment::Span,
    refund::Refund,
};
use engine::{
    desk::Envelope,
    rows::{EffectFilter, LIMIT_MAX, StreamKey},
};

/// Whatever was leased when the weather calmed is due again within this.
const LEASES: Span = Span::seconds(95);
/// So long at most a case may take to end once people do what is theirs: nine of the longest
/// deadlines, one after the other.
const ENDS_WITHIN: Span = Span::days(90);
/// Who approves payouts to designated accounts, and through a third party.
const FINANCE: [&str; 3] = ["finance-1", "finance-2", "owner-1"];
const PLATFORM: [&str; 3] = ["operator-1", "arbiter-2", "operator-2"];
/// Rounds of work in one instant.
const ROUNDS_MAX: u32 = 400;

impl World {
    /// Calms the weather and lets everything come to its end.
    ///
    /// # Errors
    /// The [`Violation`] that it showed.
    pub async fn calm_down(&mut self) -> Result<(), Violation> {
        self.ground.sky.begin(u64::MAX >> 1);
        self.ground.sky.calm_down();
        self.ground.sky.tell(|| "the weather calms".to_owned());
        self.set_clocks();
        self.set_verified(true)?;
        let mut chance = Chance::of(self.plan.seed, "calm", 0);
        self.work_off(&mut chance).await?;
        self.pass(LEASES);
        self.work_off(&mut chance).await?;
        self.all_deadlines_met()?;
        self.outbox_follows_from_log()?;
        let until = self.now().after(ENDS_WITHIN);
        while self.now() < until {
            self.people_do_theirs(&mut chance).await?;
            self.work_off(&mut chance).await?;
            if self.mirror.open_cases().is_empty() && self.is_idle()? {
                return Ok(());
            }
            self.pass_to_next()?;
        }
        let open = self.mirror.open_cases();
        let stages = open.iter().filter_map(|(key, case_id)| {
            let case = self.case(key, *case_id)?;
            let refunds: Vec<_> = case.refunds.iter().map(|refund| refund.state).collect();
            Some(format!("{:?} {case_id} {:?} {refunds:?}", key.order_id, case.stage))
        });
        let what = stages.take(3).collect::<Vec<_>>().join("; ");
        Err(Violation::of("every case can end", what))
    }

    /// Works until nothing is due.
    async fn work_off(&mut self, chance: &mut Chance) -> Result<(), Violation> {
        for _ in 0..ROUNDS_MAX {
            let now = self.now();
            let mut tasks = self.notices(chance, 8);
            let store = self.ground.home.store();
            let due = crate::home::now(async move { store.next_due().await })?;
            if tasks.is_empty() && due.is_none_or(|due| due > now) {
                return self.figures_caught_up().await;
            }
            tasks.push((0, Task::Pump(32)));
            tasks.push((1, Task::Timers(32)));
            self.have_done(tasks).await?;
        }
        Err(Violation::of("what is due is done", format!("still at {}", self.now())))
    }

    async fn figures_caught_up(&mut self) -> Result<(), Violation> {
        for _ in 0..ROUNDS_MAX {
            let store = self.ground.home.store();
            let news = crate::home::now(async move { store.shops_with_news(8).await })?;
            if news.is_empty() {
                return Ok(());
            }
            self.have_done(vec![(0, Task::Follow)]).await?;
        }
        Err(Violation::of("the follower catches up", format!("still at {}", self.now())))
    }

    /// Every deadline was acted upon within its bound.
    fn all_deadlines_met(&self) -> Result<(), Violation> {
        let now = self.now();
        for (key, case_id) in self.mirror.open_cases() {
            let due = self.case(&key, case_id).and_then(|case| case.deadline);
            if let Some(deadline) = due.filter(|deadline| deadline.due_at <= now) {
                let what = format!("{:?} {case_id} since {}", key.order_id, deadline.due_at);
                return Err(Violation::of("deadlines are acted upon in time", what));
            }
        }
        Ok(())
    }

    /// Nothing is on its way any more.
    fn is_idle(&self) -> Result<bool, Violation> {
        let mut idle = at_bank(&self.ground.bank).next_due().is_none();
        for stall in &self.stalls {
            let filter = EffectFilter {
                shop_id: stall.shop_id.clone(),
                state: None,
                after: None,
                limit: LIMIT_MAX,
            };
            let store = self.ground.home.store();
            let page = crate::home::now(async move { store.effects(&filter).await })?;
            idle &= page.rows.is_empty();
        }
        Ok(idle)
    }

    fn pass_to_next(&self) -> Result<(), Violation> {
        let store = self.ground.home.store();
        let ours = crate::home::now(async move { store.next_due().await })?;
        let theirs = at_bank(&self.ground.bank).next_due();
        let now = self.now();
        let next = ours.into_iter().chain(theirs).min().map_or(Span::hours(1), |at| at.since(now));
        self.pass(Span::from_ms(next.ms().clamp(1_000, Span::hours(12).ms())));
        Ok(())
    }

    /// Arbiters rule, finance pays, cards are named, buried effects are tried again.
    async fn people_do_theirs(&mut self, chance: &mut Chance) -> Result<(), Violation> {
        self.revive()?;
        for (key, case_id) in self.mirror.open_cases() {
            let wishes = self.case(&key, case_id).map(|case| self.duties(&key, case));
            for (by, act) in wishes.unwrap_or_default() {
                let envelope = self.duty(chance, (&key, case_id), by, act);
                self.ground.sky.tell(|| in_words(&envelope));
                self.have_done(vec![(0, Task::Command(Box::new(envelope)))]).await?;
            }
        }
        Ok(())
    }

    fn duty(
        &self,
        chance: &mut Chance,
        (key, case_id): (&StreamKey, CaseId),
        by: Actor,
        act: Act,
    ) -> Envelope {
        Envelope {
            key: key.clone(),
            command: Command::Case { case_id, act },
            command_id: CommandId::new(chance.uuid(self.now().ms())),
            by,
            receipt: None,
            expected: None,
            settles: None,
        }
    }

    /// What is somebody's to do about a case, so that it can go on.
    fn duties(&self, key: &StreamKey, case: &Case) -> Vec<(Actor, Act)> {
        let mut duties = Vec::new();
        if case.stage == Stage::Disputed {
            let rule = Act::Rule { terms: None, reason: "nothing more is due".to_owned() };
            duties.extend(person("arbiter-1").map(|by| (by, rule)));
        }
        if may_go_twice(case) {
            let open = case.tickets.iter().filter(|ticket| ticket.closed_at.is_none());
            let closes = open.map(|ticket| Act::CloseTicket { ticket_no: ticket.ticket_no });
            duties.extend(closes.filter_map(|act| Some((person("agent-1")?, act))));
        }
        let order = self.mirror.order(key);
        let buyer = order.and_then(|order| order.facts.as_ref()).map(|facts| &facts.buyer_id);
        for refund in &case.refunds {
            let Some(buyer) = buyer.cloned() else { continue };
            duties.extend(about_money(refund, Actor::Buyer(buyer)));
            duties.extend(by_somebody_new(case, refund));
        }
        duties
    }
}

/// Where everybody who may approve a payout had a hand in it, the shop or the platform appoints
/// somebody who had none.
fn by_somebody_new(case: &Case, refund: &Refund) -> Option<(Actor, Act)> {
    let decided = case.decided_by.as_ref().and_then(Actor::person);
    let had_a_hand = |name: &&str| {
        let mut hands = refund.hands.iter().chain(decided);
        hands.any(|person| person.as_str() == *name)
    };
    let act = Act::ApprovePayout { refund_no: refund.refund_no.clone() };
    if waits_for_finance(refund) && FINANCE.iter().all(had_a_hand) {
        let id = PersonId::parse("finance-3").ok()?;
        return Some((Actor::Person { id, role: Role::Finance }, act));
    }
    if waits_for_platform(refund) && PLATFORM.iter().all(had_a_hand) {
        return Some((Actor::Operator(PersonId::parse("operator-3").ok()?), act));
    }
    None
}

fn about_money(refund: &Refund, buyer: Actor) -> Vec<(Actor, Act)> {
    let refund_no = refund.refund_no.clone();
    let mut duties = Vec::new();
    if may_be_replaced(refund) {
        let act = Act::ReplaceRefund { refund_no: refund_no.clone(), route: Route::Original };
        duties.extend(person("agent-1").map(|by| (by, act)));
    }
    if may_take_card(refund) && refund.account_masked.is_none() {
        duties.push((buyer.clone(), name_card(refund_no.clone())));
    }
    if may_take_account(refund) && refund.account_masked.is_none() {
        let account_masked = "****1234".to_owned();
        duties.push((buyer, Act::NameAccount { refund_no: refund_no.clone(), account_masked }));
    }
    let approvers: &[&str] = if waits_for_finance(refund) {
        &FINANCE
    } else if waits_for_platform(refund) {
        &PLATFORM
    } else {
        &[]
    };
    for name in approvers {
        let act = Act::ApprovePayout { refund_no: refund_no.clone() };
        duties.extend(person(name).map(|by| (by, act)));
    }
    if may_be_paid(refund) {
        let act = Act::MarkPaid { refund_no, voucher: "V-1".to_owned() };
        duties.extend(person("finance-1").map(|by| (by, act)));
    }
    duties
}
