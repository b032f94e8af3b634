//! `wanbi import`: a shop's orders from a file, straight into the database. Good lines are kept,
//! bad ones go to a reject file, and running it twice changes nothing.

use crate::{
    api::problem::Problem,
    assembly::{calendar, import_desk},
    config::Config,
    i18n,
    import::{
        Format, Source,
        encoding::Encoding,
        progress::Bar,
        reject::Rejects,
        run::{Declined, Options as RunOptions, Outage, Sink, Stored, Target, run},
    },
    world::{Stopwatch, WallClock, new_command_id},
};
use anyhow::Context;
use async_trait::async_trait;
use clap::Args;
use domain::{
    actor::Actor, command::Command, facts::Facts, id::ShopId, policy::Language, refusal::Refusal,
};
use engine::{
    desk::{Desk, Envelope, Trouble},
    rows::StreamKey,
};
use std::{
    fs::File,
    io::{BufRead, BufReader, IsTerminal},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

/// Bytes read from the file at once.
const BUFFER_BYTES: usize = 1 << 20;

/// What to import.
#[derive(Debug, Args)]
pub struct Options {
    /// The file; `-` for standard input.
    file: String,
    /// Into which shop.
    #[arg(long)]
    shop: String,
    /// `auto`, `wechat`, `jsonl` or `csv`.
    #[arg(long, default_value = "auto")]
    format: Format,
    /// `auto`, `utf-8` or `gb18030`.
    #[arg(long, default_value = "auto")]
    encoding: Encoding,
    /// Where lines go that cannot be imported; `FILE.rejected` unless given.
    #[arg(long)]
    reject: Option<PathBuf>,
    /// Only read and check; nothing is written.
    #[arg(long)]
    dry_run: bool,
    /// `zh` or `en`.
    #[arg(long, default_value = "zh")]
    language: String,
}

/// Puts orders through the same corridor as every other command.
struct IntoDesk {
    desk: Desk,
    shop_id: ShopId,
}

#[async_trait]
impl Sink for IntoDesk {
    async fn put(&self, batch: Vec<Facts>) -> Result<Vec<Result<Stored, Declined>>, Outage> {
        let puts = batch.into_iter().map(|facts| self.record(facts));
        futures_util::future::join_all(puts).await.into_iter().collect()
    }
}

impl IntoDesk {
    async fn record(&self, facts: Facts) -> Result<Result<Stored, Declined>, Outage> {
        let key = StreamKey { shop_id: self.shop_id.clone(), order_id: facts.order_id.clone() };
        let envelope = Envelope {
            key,
            command: Command::RecordOrder(Box::new(facts)),
            command_id: new_command_id(),
            by: Actor::System,
            receipt: None,
            expected: None,
            settles: None,
        };
        match self.desk.handle_first(envelope).await {
            Ok(answer) if answer.events == 0 => Ok(Ok(Stored::Same)),
            Ok(answer) if answer.order.version == 1 => Ok(Ok(Stored::New)),
            Ok(_) => Ok(Ok(Stored::Changed)),
            Err(Trouble::Refused(refusal)) => Ok(Err(declined(&refusal))),
            Err(trouble) => Err(Outage(trouble.to_string())),
        }
    }
}

/// A refusal is told as the interface tells it.
fn declined(refusal: &Refusal) -> Declined {
    let told = |language| Problem::refused(refusal.clone(), language).detail;
    let code = refusal.code().to_owned();
    Declined { code, zh: told(Language::Zh), en: told(Language::En) }
}

/// Runs `wanbi import`. It may be interrupted and run again.
///
/// # Errors
/// If the file or the database cannot be used.
pub async fn import(config: &Config, options: Options) -> anyhow::Result<ExitCode> {
    let language = if options.language == "en" { Language::En } else { Language::Zh };
    let shop_id = ShopId::parse(&options.shop)?;
    let (input, bar) = open(&options.file, language)?;
    let source = Source::open(input, options.format, options.encoding)
        .map_err(|fault| anyhow::anyhow!("{}", fault.told(language)))?;
    for column in source.ignored_columns() {
        let named = [("column".to_owned(), column.clone())];
        eprintln!("{}", i18n::sentence(language, "import-column-ignored", &named));
    }
    let reject = options.reject.clone().or_else(|| beside(&options.file));
    let rejects = match &reject {
        Some(path) if !options.dry_run => Rejects::to(path, language)
            .with_context(|| format!("write rejected lines to {}", path.display()))?,
        Some(_) | None => Rejects::none(),
    };
    let watch = Stopwatch::start();
    let run_options = RunOptions { rejects, elapsed: Box::new(move || watch.elapsed()) };
    let mut progress = |tick| bar.tick(tick);
    let report = if options.dry_run {
        run(source, Target::Check, run_options, &mut progress).await
    } else {
        let store = store::open(&config.database.url, &store::Options::default()).await?;
        let desk = import_desk(&store, Arc::new(WallClock::default()), calendar(config)?);
        desk.rulebook().shop(&shop_id).await.context("look for the shop")?;
        let sink = IntoDesk { desk, shop_id };
        run(source, Target::Store(&sink), run_options, &mut progress).await
    };
    bar.clear();
    match report {
        Ok(report) => {
            println!("{}", report.text(language));
            Ok(if report.tally.rejected == 0 { ExitCode::SUCCESS } else { ExitCode::from(2) })
        }
        Err(interrupted) => {
            println!("{}", interrupted.report.text(language));
            Err(anyhow::Error::new(interrupted).context("import again to go on"))
        }
    }
}

/// The input and its progress bar.
fn open(file: &str, language: Language) -> anyhow::Result<(Box<dyn BufRead + Send>, Bar)> {
    if file == "-" {
        let input = std::io::stdin();
        anyhow::ensure!(!input.is_terminal(), "give a file, or pipe one in");
        return Ok((Box::new(BufReader::new(input)), Bar::of_stream(language)));
    }
    let input = File::open(file).with_context(|| format!("open {file}"))?;
    let bytes = input.metadata().map_or(0, |metadata| metadata.len());
    Ok((Box::new(BufReader::with_capacity(BUFFER_BYTES, input)), Bar::of_file(bytes, language)))
}

fn beside(file: &str) -> Option<PathBuf> {
    (file != "-").then(|| Path::new(&format!("{file}.rejected")).to_path_buf())
}
