//! `sim`: runs seeds, tells a story, hunts laws broken on purpose. `cargo xtask sim` calls it.

use clap::Parser;
use sim::{
    flaw::{FLAWS, Flaw},
    hunt::{Pace, command, hunt, kept, plans, shrink, steps_in},
    report::Report,
    run::{Outcome, run},
    server::Server,
    sky::Kind,
    world::Plan,
};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Runs spent on making one failing story small.
const SHRINK_RUNS_MAX: u32 = 300;

#[derive(Parser)]
#[command(about = "A seeded simulation of the engine through bad weather")]
struct Cli {
    /// How many seeds.
    #[arg(long, default_value_t = 200)]
    seeds: u64,
    /// The first of them.
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// Steps a seed.
    #[arg(long, default_value_t = 1_000)]
    steps: u64,
    /// One seed alone.
    #[arg(long)]
    seed: Option<u64>,
    /// Tell the story of it.
    #[arg(long)]
    story: bool,
    /// Break this law on purpose.
    #[arg(long, value_parser = flaw)]
    variant: Option<Flaw>,
    /// Break each law in turn.
    #[arg(long)]
    all_variants: bool,
    /// Switch these kinds of faults off.
    #[arg(long, value_delimiter = ',', value_parser = kind)]
    without: Vec<Kind>,
    /// Leave these steps out, such as `3-7,9`.
    #[arg(long, default_value = "")]
    skip: String,
    /// Seeds at a time.
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// Begin no new seed after so many minutes.
    #[arg(long)]
    minutes: Option<u64>,
    /// The PostgreSQL server to use instead of SQLite.
    #[arg(long)]
    server: Option<String>,
    /// The program that talks to it.
    #[arg(long, default_value = "psql")]
    psql: PathBuf,
    /// Where the report goes.
    #[arg(long, default_value = "target/sim")]
    out: PathBuf,
}

fn flaw(name: &str) -> Result<Flaw, String> {
    let names = || FLAWS.map(Flaw::name).join(", ");
    Flaw::named(name).ok_or_else(|| format!("one of {}", names()))
}

fn kind(name: &str) -> Result<Kind, String> {
    Kind::named(name).ok_or_else(|| "no such kind of fault".to_owned())
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Some(seed) = cli.seed {
        return one(&cli, seed);
    }
    let mut report = Report {
        steps: cli.steps,
        threads: cli.threads,
        database: if cli.server.is_some() { "PostgreSQL" } else { "SQLite" },
        ..Report::default()
    };
    let mut good =
        if cli.all_variants { every_flaw(&cli, &mut report) } else { many(&cli, &mut report) };
    if let Err(error) = report.write(&cli.out) {
        eprintln!("the report cannot be written: {error}");
        good = false;
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn every_flaw(cli: &Cli, report: &mut Report) -> bool {
    let mut good = true;
    for flaw in FLAWS {
        let plans = on_server(cli, plans(cli.from, cli.seeds, cli.steps, Some(flaw)));
        let catch = hunt(&plans, &cli.pace(), quiet);
        println!("{}: caught in {} of {}", flaw.name(), catch.failures.len(), catch.seeds);
        good &= !catch.failures.is_empty();
        report.flawed.insert(flaw, catch);
    }
    keep(report, &cli.out);
    good
}

fn keep(report: &Report, folder: &Path) {
    if let Err(error) = report.write(folder) {
        eprintln!("the report cannot be written: {error}");
    }
}

fn many(cli: &Cli, report: &mut Report) -> bool {
    let pace = cli.pace();
    let mut all = if cli.variant.is_none() { kept() } else { Vec::new() };
    all.extend(plans(cli.from, cli.seeds, cli.steps, cli.variant));
    let all = on_server(cli, all);
    let catch = hunt(&all, &pace, |plan, outcome| {
        if let Some((step, violation)) = &outcome.violation {
            println!("seed {} step {step}: {violation}", plan.seed);
        } else if plan.seed.is_multiple_of(100) {
            println!("seed {} holds", plan.seed);
        }
    });
    println!("{} of {} seeds broke a law", catch.failures.len(), catch.seeds);
    let first = catch.failures.first().cloned();
    // A flaw is there to be caught.
    let good = catch.failures.is_empty() != cli.variant.is_some();
    match cli.variant {
        Some(flaw) => {
            report.flawed.insert(flaw, catch);
        }
        None => report.sound = Some((catch, pace.elapsed())),
    }
    keep(report, &cli.out);
    if let Some(failure) = first {
        let small = shrink(&failure, SHRINK_RUNS_MAX);
        tell(&run(Plan { tells: true, ..small.plan.clone() }));
        println!("again: {}", command(&small.plan));
    }
    good
}

fn on_server(cli: &Cli, mut plans: Vec<Plan>) -> Vec<Plan> {
    for plan in &mut plans {
        plan.postgres = cli.server();
        plan.off = cli.without.iter().copied().collect();
    }
    plans
}

impl Cli {
    fn server(&self) -> Option<Server> {
        let url = self.server.clone()?;
        Some(Server { url, psql: self.psql.clone() })
    }

    fn pace(&self) -> Pace {
        Pace::new(self.threads, self.minutes)
    }
}

const fn quiet(_: &Plan, _: &Outcome) {}

fn one(cli: &Cli, seed: u64) -> ExitCode {
    let plan = Plan {
        seed,
        steps: cli.steps,
        flaw: cli.variant,
        off: cli.without.iter().copied().collect(),
        skipped: steps_in(&cli.skip),
        tells: cli.story,
        postgres: cli.server(),
    };
    let outcome = run(plan);
    tell(&outcome);
    println!("digest {}", outcome.digest);
    println!("{:?}", outcome.tally);
    if outcome.violation.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn tell(outcome: &Outcome) {
    for line in &outcome.story {
        println!("{line}");
    }
    match &outcome.violation {
        Some((step, violation)) => println!("step {step}: {violation}"),
        None => println!("no law was broken"),
    }
}
