//! What becomes of it when much is stored.

use crate::{
    Scale,
    commands::{Fresh, Opens, open_once, rates},
    house::{House, SHOP, now},
    http::{Ask, Told},
    limits::postgres,
    load::{Outcome, Pace, Script, run},
    maker::{Maker, Stage},
    plain::Wall,
    report::{Figure, Table},
};
use anyhow::{Result, ensure};
use domain::{calendar::Calendar, id::ShopId, moment::Span};
use engine::{
    committer::Committer,
    desk::Desk,
    follow::follow_once,
    ports::Clock,
    rebuild::{Mode, rebuild},
    rulebook::Rulebook,
    timers::expire_once,
};
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use store::figures_beside;

/// Connections at which throughput is compared.
const CONNECTIONS: usize = 64;
/// Deadlines that pass at once.
const DEADLINES: u64 = 10_000;
/// Orders of these numbers are kept for what is measured.
const FRESH: u64 = 1 << 40;
/// What people search for: words, a part of an order's id.
const SEARCHES: [&str; 4] = ["颜色", "不想要了", "oBuyer-77", "陶瓷杯"];

/// Where it is measured.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The program.
    pub wanbi: &'a Path,
    /// A folder on the disk that is measured.
    pub folder: &'a Path,
}

/// Reads the same again and again.
struct Reads {
    cookie: String,
    paths: Vec<String>,
}

impl Script for Reads {
    fn ask(&self, n: u64) -> Option<Ask> {
        let at = usize::try_from(n).ok()? % self.paths.len().max(1);
        self.paths.get(at).map(|path| Ask::page(path, &self.cookie))
    }

    fn hear(&self, _: u64, told: &Told) -> bool {
        told.status == 200
    }
}

impl Place<'_> {
    /// Each number of cases on each database.
    pub async fn measure(
        &self,
        sizes: &[u64],
        scale: &Scale,
        server: Option<&str>,
    ) -> Result<Vec<Table>> {
        let mut tables = Vec::new();
        for name in ["SQLite", "PostgreSQL"] {
            let mut columns = Vec::new();
            for size in sizes {
                let url = match (name, server) {
                    ("SQLite", _) => {
                        format!("sqlite://{}/growth-{size}.db", self.folder.display())
                    }
                    (_, Some(server)) => {
                        postgres::database(server, &format!("growth_{size}")).await?
                    }
                    (_, None) => continue,
                };
                eprintln!("growth, {name}, {size} cases");
                let house = House::new(self.wanbi, self.folder, url).await?;
                let column = grown(&house, *size, scale).await?;
                // Said as it comes: the next may take an hour.
                for (what, figure) in &column {
                    eprintln!("  {what}: {}", figure.text());
                }
                columns.push((*size, column));
                drop(house);
                // The next one needs the room.
                let file = self.folder.join(format!("growth-{size}.db"));
                for file in [figures_beside(&file), file] {
                    let log = format!("{}-wal", file.display());
                    let _gone = (std::fs::remove_file(file), std::fs::remove_file(log));
                }
            }
            if !columns.is_empty() {
                tables.push(table(name, columns));
            }
        }
        Ok(tables)
    }
}

fn table(name: &str, columns: Vec<(u64, Vec<(&'static str, Figure)>)>) -> Table {
    let method = "Cases made by the same functions as in earnest, nine of ten of them over, and \
                  checked by folding the log of a sample again. Opening a case: closed loop, 64 \
                  connections; latency: open loop at half of that rate.";
    let heads: Vec<String> = columns.iter().map(|(size, _)| format!("{size} cases")).collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut table = Table::new(&format!("Growth, {name}"), method, &heads);
    let names: Vec<&str> =
        columns.iter().flat_map(|(_, rows)| rows.iter().map(|(n, _)| *n)).collect();
    let count = names.len() / columns.len().max(1);
    for (at, what) in names.into_iter().take(count).enumerate() {
        let of = |(_, rows): &(u64, Vec<(&'static str, Figure)>)| {
            rows.get(at).map(|(_, figure)| figure.clone())
        };
        let figures: Vec<Figure> = columns.iter().filter_map(of).collect();
        let remark = match (figures.first(), figures.last()) {
            (Some(first), Some(last)) if figures.len() > 1 && first.median > 0.0 => {
                format!("{:+.0} %", (last.median / first.median - 1.0) * 100.0)
            }
            _ => String::new(),
        };
        table.line(what, figures, remark);
    }
    table
}

async fn grown(house: &House, size: u64, scale: &Scale) -> Result<Vec<(&'static str, Figure)>> {
    let desk = desk(house);
    let (made, followed) = filled(house, &desk, size).await?;
    let bytes = house.bytes().await? as f64 / size as f64;
    checked(house, size).await?;
    let served = house.serve().await?;
    let (start, resident) = (served.start_ms, served.resident_mb()?);
    let host = served.host.clone();
    let mut fresh = Fresh::beyond(house, FRESH);
    let mut opens = Vec::new();
    for _ in 0..scale.runs {
        opens.push(open_once(&mut fresh, &host, scale, CONNECTIONS).await?.0);
    }
    let peak = rates(&opens);
    let mut late = Vec::new();
    for _ in 0..scale.runs {
        let count = (peak.median / 2.0 * scale.lasts.as_secs_f64() * 1.2) as u64 + 100;
        let script = Arc::new(Opens::new(house, fresh.orders(count).await?));
        let pace = Pace::Open(peak.median / 2.0);
        late.push(run(&host, &script, scale.open_loop(), pace, scale.lasts).await?);
    }
    let cookie = house.sign_in(&host).await?;
    let paths = vec!["/m/cases".into(), "/m/cases?part=1&tab=all".into()];
    let queue = reads(&cookie, &host, scale, paths).await?;
    let searches = SEARCHES.iter().map(|words| {
        let encoded: String = words.bytes().map(|byte| format!("%{byte:02X}")).collect();
        format!("/m/cases?q={encoded}")
    });
    let search = reads(&cookie, &host, scale, searches.collect()).await?;
    let busy = served.resident_mb()?;
    served.stop()?;
    let timers = timers(house, &desk, &mut fresh, scale).await?;
    let ms = |runs: &[Outcome], q| Figure::of(runs.iter().map(|run| run.ms(q)).collect(), "ms");
    Ok(vec![
        ("cases opened", peak),
        ("p99 of opening at half the peak", ms(&late, 0.99)),
        ("queue, p99", ms(&queue, 0.99)),
        ("search, median", ms(&search, 0.5)),
        ("search, p99", ms(&search, 0.99)),
        ("deadlines acted on", timers),
        ("start until it answers", Figure::once(start, "ms")),
        ("resident after the start", Figure::once(resident, "MB")),
        ("resident after the load", Figure::once(busy, "MB")),
        ("bytes on disk a case", Figure::once(bytes, "B")),
        ("cases made", Figure::once(made, "/s")),
        ("records followed for figures and search", Figure::once(followed, "/s")),
    ])
}

/// Fills a house, and follows its log; both rates a second.
#[expect(clippy::disallowed_methods, reason = "a measurement needs the machine's clock")]
async fn filled(house: &House, desk: &Desk, size: u64) -> Result<(f64, f64)> {
    let maker = house.maker.clone();
    let begin = Instant::now();
    house
        .fill(0..size, move |n| {
            let (stage, at) = (Maker::stage_of(n, size), maker.moment_of(n, size));
            maker.story(n, stage, at)
        })
        .await?;
    let made = size as f64 / begin.elapsed().as_secs_f64();
    let begin = Instant::now();
    let mut records = 0;
    loop {
        let followed = follow_once(desk.store(), desk.rulebook()).await?;
        if followed.records == 0 {
            break;
        }
        records += followed.records;
    }
    let followed = records as f64 / begin.elapsed().as_secs_f64();
    Ok((made, followed))
}

fn desk(house: &House) -> Desk {
    let clock: Arc<dyn Clock> = Arc::new(Wall);
    let rules = Rulebook::new(Arc::clone(&house.store), Arc::clone(&clock), Calendar::built_in());
    let committer = Committer::batched(Arc::clone(&house.store));
    Desk::new(Arc::clone(&house.store), committer, clock, rules)
}

/// What was made is what the log says, row by row: all of it where it is little.
async fn checked(house: &House, size: u64) -> Result<()> {
    if size > 20_000 {
        // Too many to fold in reasonable time; the same functions made them.
        let key = house.maker.story(size / 2, Stage::Order, now())?.key;
        let records = house.store.load(&key, 0).await?;
        ensure!(records.len() > 2, "the case of order {} is there", key.order_id);
        return Ok(());
    }
    let shop_id = ShopId::parse(SHOP)?;
    let report = rebuild(house.store.as_ref(), &shop_id, Mode::Check).await;
    let report = report.map_err(|trouble| anyhow::anyhow!("{trouble}"))?;
    ensure!(report.wrong.is_empty() && report.orders >= size, "{report:?}");
    Ok(())
}

/// Reads with few at once, as people do.
async fn reads(
    cookie: &str,
    host: &str,
    scale: &Scale,
    paths: Vec<String>,
) -> Result<Vec<Outcome>> {
    let script = Arc::new(Reads { cookie: cookie.to_owned(), paths });
    let mut runs = Vec::new();
    for _ in 0..scale.runs {
        let done = run(host, &script, 4, Pace::Closed, scale.lasts).await?;
        ensure!(done.bad == 0, "{} of {} reads failed", done.bad, done.good + done.bad);
        runs.push(done);
    }
    Ok(runs)
}

/// Deadlines that have passed, acted on by one process.
#[expect(clippy::disallowed_methods, reason = "a measurement needs the machine's clock")]
async fn timers(
    house: &House,
    desk: &Desk,
    fresh: &mut Fresh<'_>,
    scale: &Scale,
) -> Result<Figure> {
    let count = if scale.quick { 200 } else { DEADLINES };
    let mut rates = Vec::new();
    for _ in 0..scale.runs {
        let numbers = fresh.numbers(count);
        let at = now().before(Span::hours(1));
        let maker = house.maker.clone();
        house.fill(numbers, move |n| maker.story(n, Stage::Overdue, at)).await?;
        let (begin, mut acted) = (Instant::now(), 0);
        loop {
            let done = expire_once(desk, 256).await?;
            if done == 0 {
                break;
            }
            acted += done;
        }
        ensure!(u64::try_from(acted)? >= count, "{acted} of {count} deadlines were acted on");
        rates.push(acted as f64 / begin.elapsed().max(Duration::from_millis(1)).as_secs_f64());
    }
    Ok(Figure::of(rates, "/s"))
}
