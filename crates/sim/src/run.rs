//! A whole run of one seed, and what came of it.

use crate::{
    mirror::Violation,
    sky::Kind,
    wire::at_bank,
    world::{Plan, Tally, World},
};
use sandbox::books::refund::Status;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use tokio::runtime::Builder;

/// At rest, everything is compared with everything every so many steps.
const LOOK_EVERY: u64 = 100;

/// What came of a run.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The law that did not hold, if one did not, and at which step.
    pub violation: Option<(u64, Violation)>,
    /// A digest of all that happened, here and at the bank.
    pub digest: String,
    /// What was counted.
    pub tally: Tally,
    /// Records written.
    pub records: u64,
    /// Cases opened.
    pub cases: u64,
    /// Refunds that the bank carried out.
    pub refunds: u64,
    /// Requests put to the bank.
    pub requests: u64,
    /// Faults by kind.
    pub struck: BTreeMap<Kind, u64>,
    /// The story, if it was told.
    pub story: Vec<String>,
}

/// Runs a plan to its end or to the first violation.
#[must_use]
pub fn run(plan: Plan) -> Outcome {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    match runtime {
        Ok(runtime) => runtime.block_on(play(plan)),
        Err(error) => {
            let violation = Violation::of("the simulation itself works", error.to_string());
            Outcome { violation: Some((0, violation)), ..Outcome::default() }
        }
    }
}

async fn play(plan: Plan) -> Outcome {
    let mut world = match World::begin(plan) {
        Ok(world) => world,
        Err(violation) => {
            return Outcome { violation: Some((0, violation)), ..Outcome::default() };
        }
    };
    let mut step = 0;
    let done = live(&mut world, &mut step).await;
    outcome(&world, done.err().map(|violation| (step, violation)))
}

async fn live(world: &mut World, step: &mut u64) -> Result<(), Violation> {
    let steps = world.plan.steps;
    while *step < steps {
        if !world.plan.skipped.contains(step) {
            world.play(*step).await?;
            world.leases_were_honoured()?;
            if step.is_multiple_of(LOOK_EVERY) {
                world.holds_at_rest()?;
            } else if world.ground.sky.is_troubled() {
                world.holds_after_trouble()?;
            }
        }
        *step += 1;
    }
    world.holds_at_rest()?;
    world.calm_down().await?;
    world.holds_at_rest()?;
    world.figures_follow_from_log()?;
    world.books_are_ours()?;
    world.mirror.read_again(&world.ground.home.store())
}

fn outcome(world: &World, violation: Option<(u64, Violation)>) -> Outcome {
    let bank = at_bank(&world.ground.bank);
    let mut hash = Sha256::new();
    hash.update(world.mirror.digest());
    let mut refunds = 0;
    for refund in bank.books().refunds() {
        hash.update(&refund.out_refund_no);
        hash.update(refund.refund_fen.to_be_bytes());
        hash.update(format!("{:?}", refund.status));
        refunds += u64::from(refund.status == Status::Success);
    }
    let cases = world.mirror.streams.values().map(|stream| stream.order.cases.len()).sum::<usize>();
    Outcome {
        violation,
        digest: hash.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect(),
        tally: world.tally,
        records: world.mirror.count(),
        cases: u64::try_from(cases).unwrap_or(0),
        refunds,
        requests: bank.requests(),
        struck: world.ground.sky.struck(),
        story: world.ground.sky.story(),
    }
}
