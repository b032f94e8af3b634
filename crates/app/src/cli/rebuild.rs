//! `wanbi rebuild`: are the lists what the log says? With `--write`, make them so.

use crate::{assembly::calendar, config::Config, world::WallClock};
use clap::Args;
use domain::id::ShopId;
use engine::{
    follow::{Followed, follow_anew, follow_once},
    ports::Store,
    rebuild::{Mode, check_figures, rebuild as run},
    rulebook::Rulebook,
};
use std::{process::ExitCode, sync::Arc};

/// What to rebuild.
#[derive(Debug, Args)]
pub struct Options {
    /// The shop.
    shop: String,
    /// Write the rows that are wrong anew; otherwise only report them.
    #[arg(long)]
    write: bool,
}

/// Runs `wanbi rebuild`.
///
/// # Errors
/// If something cannot be read or written.
pub async fn rebuild(config: &Config, options: Options) -> anyhow::Result<ExitCode> {
    let shop_id = ShopId::parse(&options.shop)?;
    let store = store::open(&config.database.url, &store::Options::default()).await?;
    let mode = if options.write { Mode::Write } else { Mode::Check };
    let report = run(store.as_ref(), &shop_id, mode).await?;
    println!("{} orders, {} records folded", report.orders, report.records);
    for order_id in &report.wrong {
        println!("differs: {order_id}");
    }
    let wrong = report.wrong.len();
    match (wrong, mode) {
        (0, _) => println!("every row is what the log says"),
        (_, Mode::Write) => println!("{wrong} orders written anew"),
        (_, Mode::Check) => println!("{wrong} orders differ; run again with --write"),
    }
    let figures = figures(&store, config, &shop_id, mode).await?;
    let mended = (wrong == 0 && figures) || mode == Mode::Write;
    Ok(if mended { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The figures and the words to search by; whether they were right. The shop is first followed to
/// its end, which the server does all the time.
async fn figures(
    store: &Arc<dyn Store>,
    config: &Config,
    shop_id: &ShopId,
    mode: Mode,
) -> anyhow::Result<bool> {
    let clock = Arc::new(WallClock::default());
    let rules = Rulebook::new(Arc::clone(store), clock, calendar(config)?);
    while follow_once(store.as_ref(), &rules).await? != Followed::default() {}
    let report = check_figures(store.as_ref(), &rules, shop_id).await?;
    println!("{} cases compared with their figures and words", report.cases);
    for case_id in &report.wrong {
        println!("figures differ: {case_id}");
    }
    match mode {
        Mode::Write => {
            let records = follow_anew(store.as_ref(), &rules, shop_id).await?;
            println!("figures and words made anew from {records} records");
        }
        Mode::Check if report.wrong.is_empty() => println!("every figure is what the log says"),
        Mode::Check => println!("{} cases differ; run again with --write", report.wrong.len()),
    }
    Ok(report.wrong.is_empty())
}
