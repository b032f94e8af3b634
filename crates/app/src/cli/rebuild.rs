//! `wanbi rebuild`: are the lists what the log says? With `--write`, make them so.

use crate::config::Config;
use clap::Args;
use domain::id::ShopId;
use engine::rebuild::{Mode, rebuild as run};
use std::process::ExitCode;

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
    let mended = wrong == 0 || mode == Mode::Write;
    Ok(if mended { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
