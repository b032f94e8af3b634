//! `wanbi export`: everything of a shop as JSON Lines, in order of writing, bounded in memory.

use crate::config::Config;
use anyhow::Context;
use clap::Args;
use domain::id::ShopId;
use engine::rows::LIMIT_MAX;
use serde_json::{json, value::RawValue};
use std::{
    io::{BufWriter, Write},
    path::PathBuf,
    process::ExitCode,
};

/// The kinds of documents that are exported; tokens' hashes and sealed accounts are not.
const DOCUMENTS: [&str; 5] = ["shop", "policy", "file", "appeal", "audit"];

/// What to export.
#[derive(Debug, Args)]
pub struct Options {
    /// The shop.
    shop: String,
    /// Where to; the standard output unless given.
    #[arg(long)]
    output: Option<PathBuf>,
}

/// Runs `wanbi export`.
///
/// # Errors
/// If something cannot be read or written.
pub async fn export(config: &Config, options: Options) -> anyhow::Result<ExitCode> {
    let shop_id = ShopId::parse(&options.shop)?;
    let store = store::open(&config.database.url, &store::Options::default()).await?;
    let mut out: Box<dyn Write> = match &options.output {
        Some(path) => Box::new(BufWriter::new(
            std::fs::File::create(path).with_context(|| format!("create {}", path.display()))?,
        )),
        None => Box::new(BufWriter::new(std::io::stdout())),
    };
    let mut lines: u64 = 0;
    for kind in DOCUMENTS {
        let mut after = String::new();
        loop {
            let documents = store.documents(&shop_id, kind, &after, LIMIT_MAX).await?;
            let Some(last) = documents.last() else { break };
            after.clone_from(&last.id);
            for document in &documents {
                let body: &RawValue = serde_json::from_str(&document.body)?;
                let line = json!({"kind": kind, "id": document.id, "version": document.version,
                    "updated_at": document.updated_at, "body": body});
                writeln!(out, "{line}")?;
                lines += 1;
            }
        }
    }
    let mut after = 0;
    loop {
        let records = store.export(&shop_id, after, LIMIT_MAX).await?;
        let Some(last) = records.last() else { break };
        after = last.sequence;
        for exported in &records {
            // The stored bytes themselves, so that what is exported is what is kept.
            writeln!(
                out,
                r#"{{"kind":"record","sequence":{},"order_id":"{}","record":{}}}"#,
                exported.sequence, exported.key.order_id, exported.record.body
            )?;
            lines += 1;
        }
    }
    out.flush()?;
    eprintln!("{lines} lines");
    Ok(ExitCode::SUCCESS)
}
