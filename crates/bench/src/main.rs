//! The bench: figures beside the limits of the machine, measured in one run. Started by
//! `cargo xtask bench`, which builds the program and brings a PostgreSQL.

mod commands;
mod growth;
mod house;
mod http;
mod limits;
mod load;
mod machine;
mod maker;
mod pages;
mod plain;
mod report;

use crate::{
    house::House,
    report::{Figure, Report, Table},
};
use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use std::{path::PathBuf, time::Duration};

/// Measures.
#[derive(Debug, Parser)]
struct Options {
    /// The program to measure.
    #[arg(long)]
    wanbi: PathBuf,
    /// An empty PostgreSQL database that forces its commits to disk; without it SQLite alone is
    /// measured.
    #[arg(long)]
    postgres: Option<String>,
    /// Where the report goes.
    #[arg(long)]
    out: PathBuf,
    /// A folder on the disk to be measured.
    #[arg(long)]
    folder: PathBuf,
    /// What is measured, all unless given.
    #[arg(long, value_delimiter = ',')]
    only: Vec<Part>,
    /// How often each figure is taken.
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// How long each run lasts, in milliseconds.
    #[arg(long, default_value_t = 3_000)]
    lasts_ms: u64,
    /// The numbers of connections at which commands are measured.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 16, 64, 256])]
    connections: Vec<usize>,
    /// The numbers of cases stored for which growth is measured.
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 1_000_000])]
    cases: Vec<u64>,
    /// A tiny run that shows that it works, and whose figures say nothing.
    #[arg(long)]
    quick: bool,
    /// Which commit is measured.
    #[arg(long, default_value = "unknown")]
    commit: String,
}

/// A part of the bench.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    Commands,
    Growth,
    Import,
    Policy,
    Pump,
    Pages,
}

/// How much is done.
#[derive(Clone, Debug)]
pub struct Scale {
    /// How often each figure is taken.
    pub runs: usize,
    /// How long each run lasts.
    pub lasts: Duration,
    /// The numbers of connections measured.
    pub connections: Vec<usize>,
    /// Whether the figures say nothing.
    pub quick: bool,
}

impl Scale {
    /// The connections of an open loop.
    pub const fn open_loop(&self) -> usize {
        if self.quick { 8 } else { 256 }
    }

    /// More orders than can be worked on in one run.
    pub fn orders(&self, connections: usize) -> u64 {
        let a_second = if connections == 1 { 4_000.0 } else { 20_000.0 };
        (a_second * self.lasts.as_secs_f64()) as u64 + 500
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    if std::env::var_os(limits::echo::ROLE).is_some() {
        return limits::echo::serve().await;
    }
    let options = Options::parse();
    let wanted = |part| options.only.is_empty() || options.only.contains(&part);
    let (runs, lasts) = if options.quick { (1, 300) } else { (options.runs, options.lasts_ms) };
    let connections = if options.quick { vec![1, 8] } else { options.connections.clone() };
    let (lasts, quick) = (Duration::from_millis(lasts), options.quick);
    let scale = Scale { runs, lasts, connections, quick };
    let folder = tempfile::tempdir_in(&options.folder).context("make a folder to work in")?;
    let machine = machine::facts(folder.path(), &options.commit)?;
    let mut report = Report { machine, tables: Vec::new() };
    if wanted(Part::Policy) {
        report.tables.push(plain::policy(&scale)?);
    }
    if wanted(Part::Commands) {
        let sqlite = format!("sqlite://{}", folder.path().join("commands.db").display());
        report.tables.extend(compared(&options, &scale, ("SQLite", sqlite)).await?);
        if let Some(url) = &options.postgres {
            let url = limits::postgres::database(url, "commands").await?;
            report.tables.extend(compared(&options, &scale, ("PostgreSQL", url)).await?);
        }
    }
    if wanted(Part::Import) || wanted(Part::Pump) {
        let work = plain::Work { options: (&options.wanbi, folder.path()), scale: scale.clone() };
        report.tables.push(work.import_and_pump(options.postgres.as_deref()).await?);
    }
    if wanted(Part::Pages) {
        report.tables.push(pages::measure(&options.wanbi, folder.path(), &scale).await?);
    }
    if wanted(Part::Growth) {
        let cases: &[u64] = if options.quick { &[1_000] } else { &options.cases };
        let place = growth::Place { wanbi: &options.wanbi, folder: folder.path() };
        report.tables.extend(place.measure(cases, &scale, options.postgres.as_deref()).await?);
    }
    report.write(&options.out, if options.quick { "quick" } else { "bench" })?;
    let lines: usize = report.tables.iter().map(|table| table.lines.len()).sum();
    println!("{lines} lines in {} tables: {}", report.tables.len(), options.out.display());
    Ok(())
}

/// Commands on one database beside what limits them.
async fn compared(
    options: &Options,
    scale: &Scale,
    (name, url): (&str, String),
) -> Result<Vec<Table>> {
    eprintln!("commands, {name}");
    let folder = options.folder.join(format!("house-{name}"));
    let house = House::new(&options.wanbi, &folder, url).await?;
    let served = house.serve().await?;
    let (table, peaks) = commands::measure(&house, &served.host, scale, name).await?;
    let peak = peaks.iter().map(|(_, figure)| figure.median).fold(1.0, f64::max);
    let latency = commands::latency(&house, &served.host, scale, (name, peak, 1 << 40)).await?;
    served.stop()?;
    let limits = limits::beside(&house, name, scale, &peaks).await?;
    std::fs::remove_dir_all(&folder).context("tidy up")?;
    Ok(vec![table, latency, limits])
}

/// A share in per cent, for a remark.
pub fn share(of: &Figure, limit: &Figure) -> String {
    format!("{:.0} % of the limit", of.median / limit.median.max(f64::MIN_POSITIVE) * 100.0)
}
