//! What stories check: `<subject> is <words>`, each subject told in words as the story would.

use super::scan::{Said, clock, count, name, scan, word, yuan};
use crate::laws::world::World;
use domain::{
    actor::Actor,
    allowed::allowed_actions,
    case::{Case, Deadline, Terms},
    effect::Effect,
    event::Event,
    evolve::waits_for,
    finding::{Fact, FactValue, Finding, Judgement},
    id::{BuyerId, ItemId},
    money::Money,
    react::Called,
    refund::{Path, Refund},
    refusal::Refusal,
};

/// What a story can look at.
pub struct Scene<'a> {
    pub world: &'a World,
    pub case: Option<&'a Case>,
    pub last: &'a Result<Vec<Event>, Refusal>,
    pub effects: &'a [Called],
}

/// A subject in words; an error if the story has no such subject.
pub fn tell(scene: &Scene<'_>, subject: &str) -> Said<String> {
    match subject {
        "the events" => return Ok(scene.last.as_ref().map_or_else(refused, |e| events(e))),
        "the answer" => return Ok(scene.last.as_ref().map_or_else(refused, |_| "yes".into())),
        "the clause" => {
            let clause = scene.last.as_ref().err().and_then(Refusal::clause);
            return Ok(clause.unwrap_or("none").to_owned());
        }
        "the effects" => return Ok(list(scene.effects.iter().map(effect))),
        _ => {}
    }
    if let Some(words) = told_of_finding(scene, subject) {
        return words;
    }
    let case = scene.case.ok_or("there is no case yet")?;
    of_case(scene.world, case, subject).ok_or(format!("nothing can be told of “{subject}”"))
}

fn refused(refusal: &Refusal) -> String {
    format!("refused: {}", refusal.code())
}

fn list(words: impl Iterator<Item = String>) -> String {
    let words: Vec<String> = words.collect();
    if words.is_empty() { "none".into() } else { words.join("; ") }
}

fn events(events: &[Event]) -> String {
    let kinds: Vec<&str> = events.iter().map(Event::kind).collect();
    if kinds.is_empty() { "none".into() } else { kinds.join(", ") }
}

fn effect(called: &Called) -> String {
    let what = match &called.effect {
        Effect::Refund(order) => {
            let (amount, total) = (yuan(order.amount), yuan(order.total));
            format!("refund {amount} of {total} to {}", order.transaction_id)
        }
        Effect::QueryTransaction { transaction_id, .. } => {
            format!("query_transaction {transaction_id}")
        }
        other @ (Effect::QueryRefund { .. } | Effect::RefundToCard { .. }) => {
            other.kind().to_owned()
        }
    };
    format!("{what} on {}", clock(called.due_at))
}

/// `F6 window_closed`, `fact closes_at of window_closed`.
fn told_of_finding(scene: &Scene<'_>, subject: &str) -> Option<Said<String>> {
    let judgement = match (scene.last, scene.case) {
        (Err(Refusal::Judged(judgement)), _) => judgement,
        (_, Some(case)) => &case.judgement,
        (_, None) => return None,
    };
    let find = |code: &str| judgement.findings.iter().find(|finding| finding.code == code);
    if subject == "the request" {
        let words = if judgement.is_justified() { "justified" } else { "not justified" };
        return Some(Ok(words.to_owned()));
    }
    if let Some([fact, code]) = scan("fact {} of {}", subject) {
        let fact = find(code).and_then(|f| f.facts.iter().find(|given| given.name == fact));
        return Some(fact.map(value).ok_or(format!("no such fact: {}", codes(judgement))));
    }
    let code = subject.strip_prefix("finding ")?;
    Some(Ok(find(code).map_or_else(|| "none".into(), finding)))
}

fn finding(finding: &Finding) -> String {
    let remedy = finding.remedy.map_or_else(String::new, |remedy| format!(", {}", name(remedy)));
    format!("{} {}{remedy}", finding.clause, name(finding.verdict))
}

fn codes(judgement: &Judgement) -> String {
    let codes: Vec<&str> = judgement.findings.iter().map(|f| f.code.as_str()).collect();
    codes.join(", ")
}

fn value(fact: &Fact) -> String {
    match &fact.value {
        FactValue::Money(amount) => yuan(*amount),
        FactValue::Moment(moment) => clock(*moment),
        FactValue::Count(count) => count.to_string(),
        FactValue::Text(text) => text.clone(),
    }
}

fn of_case(world: &World, case: &Case, subject: &str) -> Option<String> {
    let none = || "none".to_owned();
    Some(match subject {
        "the case" => name(case.stage),
        "the outcome" => case.outcome.map_or_else(none, name),
        "the deadline" => case.deadline.map_or_else(none, deadline),
        "the next to act" => waits_for(case).map_or_else(none, name),
        "the fault" => name(case.fault),
        "the working" => working(case),
        "the allocation" => allocation(case)?,
        "the approval" => case.approved.as_ref().map_or_else(none, terms),
        "the decider" => case.decided_by.as_ref().map_or_else(none, who),
        "the offer" => case.offer.as_ref().map_or_else(none, |offer| terms(&offer.terms)),
        "the proposal" => case.proposal.as_ref().map_or_else(none, |p| who(&p.by)),
        "the remark" => case.remark.clone().unwrap_or_else(none),
        "the refunds" => list(case.refunds.iter().map(refund)),
        "the exhibits" => {
            list(case.exhibits.iter().map(|e| format!("{} by {}", e.file_id, name(e.side))))
        }
        "the conversation" => list(case.messages.iter().map(|message| {
            let (side, audience) = (name(message.side), name(message.audience));
            format!("{side} to {audience} “{}”", message.text)
        })),
        "the dispute" => case.dispute.as_ref().map_or_else(none, |dispute| {
            format!("by {} “{}”, reminded {}", name(dispute.by), dispute.reason, dispute.reminders)
        }),
        "the rejection" => rejection(world, case)?,
        "the return" => {
            case.returned.as_ref().map_or_else(none, |p| format!("{} {}", p.carrier, p.waybill))
        }
        _ => return of_part(world, case, subject),
    })
}

fn of_part(world: &World, case: &Case, subject: &str) -> Option<String> {
    if let Some([n]) = scan("refund {}", subject) {
        let n: usize = count(n).ok()?;
        return case.refunds.get(n.checked_sub(1)?).map(refund);
    }
    if let Some([n]) = scan("ticket {}", subject) {
        let n: u32 = count(n).ok()?;
        let ticket = case.tickets.iter().find(|ticket| ticket.ticket_no == n)?;
        let state = ticket.closed_at.map_or("open", |_| "closed");
        let answer = ticket.answer.as_ref();
        let answer = answer.map_or_else(String::new, |answer| {
            format!(", answered {} and {}", answer.trade_state, answer.refund_status)
        });
        return Some(format!("{state}, by {}{answer}", name(ticket.opened_by)));
    }
    if let Some([item]) = scan("what was taken of {}", subject) {
        let facts = world.facts()?;
        let item: ItemId = word(item).ok()?;
        let taken = world.order.taken(facts).ok()?;
        let mut lines = facts.items.iter().zip(taken.items);
        let line = lines.find(|(found, _)| found.item_id == item)?.1;
        return Some(format!("{} for {}", line.pieces, yuan(line.goods)));
    }
    if subject == "what was given back" {
        let given = world.order.refunds().filter(|refund| refund.state.counts());
        let sum = Money::sum(world.facts()?.currency, given.map(|refund| refund.amount));
        return sum.ok().map(yuan);
    }
    None
}

fn deadline(deadline: Deadline) -> String {
    let (side, otherwise) = (name(deadline.waits_for), name(deadline.otherwise));
    format!("{side} until {}, otherwise {otherwise}", clock(deadline.due_at))
}

fn who(actor: &Actor) -> String {
    actor.person().map_or_else(|| name(actor.side()), ToString::to_string)
}

fn terms(terms: &Terms) -> String {
    let (route, goods) = (name(terms.route), name(terms.goods));
    format!("{}, {route}, {goods}", yuan(terms.amount))
}

fn working(case: &Case) -> String {
    let mut words: Vec<String> = Vec::new();
    for step in &case.working.steps {
        let (kind, amount) = (name(step.kind), yuan(step.amount));
        let of = step.quantity.zip(step.item_id.as_ref());
        let of = of.map_or_else(String::new, |(n, item)| format!(" of {n} × {item}"));
        words.push(format!("{kind} {amount}{of}"));
    }
    words.push(format!("entitled {}", yuan(case.working.entitled)));
    words.join("; ")
}

fn allocation(case: &Case) -> Option<String> {
    let allocation = case.allocation.as_ref()?;
    let items = allocation.items.iter().map(|share| {
        let duty =
            if share.duty.is_zero() { String::new() } else { format!("+{}", yuan(share.duty)) };
        format!("{} × {} {}{duty}", share.quantity, share.item_id, yuan(share.goods))
    });
    let rest = [("freight", allocation.freight), ("extra", allocation.extra)];
    let rest = rest.into_iter().filter(|(_, amount)| !amount.is_zero());
    Some(list(items.chain(rest.map(|(what, amount)| format!("{what} {}", yuan(amount))))))
}

fn refund(refund: &Refund) -> String {
    let to = match &refund.path {
        Path::Original(id) => format!("to {id}"),
        Path::ThirdParty(id) => format!("to {id} by people"),
        Path::Designated => "to a designated account".into(),
    };
    let code = refund.code.as_ref().map_or_else(String::new, |code| format!(" ({code})"));
    format!("{} {to} {}{code}", yuan(refund.amount), name(refund.state))
}

fn rejection(world: &World, case: &Case) -> Option<String> {
    use domain::event::CaseEvent::Rejected;
    let mut records = world.records.iter().rev();
    records.find_map(|record| match &record.event {
        Event::Case { case_id, what: Rejected { against_policy, .. } }
            if *case_id == case.case_id =>
        {
            let words = if *against_policy { "against the policy" } else { "within the policy" };
            Some(words.to_owned())
        }
        Event::Case { .. } | Event::OrderRecorded(_) => None,
    })
}

/// `the buyer may withdraw`, `agent Li may not approve`, `the buyer may only a, b`.
pub fn may(scene: &Scene<'_>, text: &str, buyer: Option<&BuyerId>) -> Option<Said<()>> {
    let (who, rest) = super::scan::actor(text, buyer).ok()?;
    let rest = rest.strip_prefix("may ")?;
    let case = scene.case?;
    let allowed: Vec<String> = allowed_actions(case, &who).into_iter().map(name).collect();
    let fine = if let Some(only) = rest.strip_prefix("only ") {
        allowed.join(", ") == only
    } else if let Some(not) = rest.strip_prefix("not ") {
        not.split(" or ").all(|action| !allowed.iter().any(|found| found == action))
    } else {
        rest.split(" or ").all(|action| allowed.iter().any(|found| found == action))
    };
    Some(if fine { Ok(()) } else { Err(format!("allowed are: {}", allowed.join(", "))) })
}
