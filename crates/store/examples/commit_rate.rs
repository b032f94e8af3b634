//! How many commits a second each database takes, by size of batch: to see the shape, not to
//! compare machines.
//!
//! `cargo run --release -p store --example commit_rate` measures SQLite in a temporary folder; with
//! the URL of an empty PostgreSQL database as argument, that as well.

use domain::{
    actor::Side,
    application::CaseType,
    id::{BuyerId, CaseId, EffectId, OrderId, ReasonCode, ShopId},
    moment::Moment,
    money::Money,
};
use engine::{
    ports::Store,
    rows::{CaseRow, Commit, CommitVerdict, NewEffect, OrderRow, StoredRecord, StreamKey},
};
use std::{
    error::Error,
    time::{Duration, Instant},
};
use store::Options;
use tempfile::TempDir;
use uuid::Uuid;

const BATCHES: [usize; 3] = [1, 16, 256];
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);
/// The size of a record's body, as measured on a typical case.
const BODY_BYTES: usize = 700;
const SHOPS: u64 = 20;
/// Cases open at a time.
const OPEN_MIN: usize = 50_000;

type Failure = Box<dyn Error>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let folder = TempDir::new()?;
    let file = format!("sqlite://{}", folder.path().join("wanbi.db").display());
    for url in [Some(file), std::env::args().nth(1)].into_iter().flatten() {
        println!("{}", url.split(':').next().unwrap_or_default());
        let store = store::open(&url, &Options::default()).await?;
        let mut work = Work { next: 0, done: 0, open: Vec::new(), random: 1 };
        work.prepare(store.as_ref()).await?;
        for batch in BATCHES {
            println!("{}", work.measure(store.as_ref(), batch).await?);
        }
    }
    Ok(())
}

/// A shop's day: one command in four opens a case, the others change one of those that are open,
/// no matter which: one record, one case row, every second time an effect asked or settled.
struct Work {
    next: u64,
    done: u64,
    /// Open cases: their number and version.
    open: Vec<(u64, u64)>,
    random: u64,
}

impl Work {
    /// Opens cases, so that changes go where they would.
    async fn prepare(&mut self, store: &dyn Store) -> Result<(), Failure> {
        while self.open.len() < OPEN_MIN {
            self.batch(store, 256).await?;
        }
        Ok(())
    }

    async fn batch(&mut self, store: &dyn Store, size: usize) -> Result<(), Failure> {
        let cases: Vec<_> = (0..size).map(|_| self.choose()).collect();
        let commits: Vec<_> =
            cases.iter().map(|(n, version)| commit(*n, *version)).collect::<Result<_, _>>()?;
        let verdicts = store.commit(&commits).await?;
        let accepted = verdicts.iter().all(|verdict| *verdict == CommitVerdict::Committed);
        assert!(accepted, "the database was not empty");
        let changed = cases.into_iter().map(|(n, version)| (n, version + 1));
        self.open.extend(changed.filter(|(_, version)| *version < 4));
        Ok(())
    }

    fn choose(&mut self) -> (u64, u64) {
        self.random = self.random.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        let place = usize::try_from(self.random >> 34).unwrap_or_default();
        if self.open.len() >= OPEN_MIN && place % 4 != 0 {
            return self.open.swap_remove(place / 4 % self.open.len());
        }
        self.next += 1;
        (self.next, 0)
    }

    async fn measure(&mut self, store: &dyn Store, batch: usize) -> Result<String, Failure> {
        let (mut rates, written, first) = (Vec::new(), written_kib(), self.done);
        for _ in 0..ROUNDS {
            rates.push(self.round(store, batch).await?);
        }
        let written = (written_kib() - written) / (self.done - first).max(1) as f64;
        rates.sort_by(f64::total_cmp);
        let [low, median, high] = [0, ROUNDS / 2, ROUNDS - 1].map(|n| rates.get(n).copied());
        let [low, median, high] = [low, median, high].map(Option::unwrap_or_default);
        Ok(format!(
            "  batch {batch:>3}: {median:>7.0} commits/s (from {low:.0} to {high:.0}), \
             {written:.1} KiB written by this process for each"
        ))
    }

    #[expect(clippy::disallowed_methods, reason = "a measurement needs the machine's clock")]
    async fn round(&mut self, store: &dyn Store, batch: usize) -> Result<f64, Failure> {
        let begin = Instant::now();
        let mut done = 0_u32;
        while begin.elapsed() < ROUND {
            self.batch(store, batch).await?;
            done += u32::try_from(batch)?;
        }
        self.done += u64::from(done);
        Ok(f64::from(done) / begin.elapsed().as_secs_f64())
    }
}

/// What this process has sent to the disk: with SQLite all there is, with PostgreSQL nothing.
fn written_kib() -> f64 {
    let io = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
    let line = io.lines().find_map(|line| line.strip_prefix("write_bytes: "));
    line.and_then(|bytes| bytes.parse::<f64>().ok()).unwrap_or_default() / 1_024.0
}

fn commit(n: u64, version: u64) -> Result<Commit, Failure> {
    let key = StreamKey {
        shop_id: ShopId::parse(&format!("shop-{}", n % SHOPS))?,
        // Orders were placed at some time, so cases come to them in no order.
        order_id: OrderId::parse(&format!("37{:017}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 8))?,
    };
    let case_id = CaseId::new(Uuid::from_u128(u128::from(n) << 40));
    let at = Moment::from_ms(1_800_000_000_000 + i64::try_from(n * 40 + version * 1_000_000)?);
    let effect = EffectId::derive(&key.order_id, 2, 0);
    let asked = NewEffect {
        effect_id: effect.clone(),
        case_id,
        kind: "refund".into(),
        due_at: at,
        body: text(300),
    };
    Ok(Commit {
        expected_version: version,
        records: vec![StoredRecord {
            version: version + 1,
            kind: "changed".into(),
            at,
            body: text(BODY_BYTES),
        }],
        effects: if version == 1 { vec![asked] } else { Vec::new() },
        settles: (version == 3).then_some(effect),
        order: if version == 0 { Some(order(&key, at)?) } else { None },
        cases: vec![case(&key, case_id, version, at)?],
        guards: Vec::new(),
        key,
    })
}

fn order(key: &StreamKey, at: Moment) -> Result<OrderRow, Failure> {
    let buyer_id = BuyerId::parse(&format!("openid-{}", key.order_id))?;
    Ok(OrderRow { key: key.clone(), buyer_id, placed_at: at, version: 1, summary: text(300) })
}

fn case(key: &StreamKey, case_id: CaseId, version: u64, at: Moment) -> Result<CaseRow, Failure> {
    let stages = ["submitted", "approved", "refunding", "closed"];
    let stage = stages.get(usize::try_from(version)?).copied().unwrap_or("closed");
    let open = stage != "closed";
    Ok(CaseRow {
        key: key.clone(),
        case_id,
        buyer_id: BuyerId::parse(&format!("openid-{}", key.order_id))?,
        case_type: CaseType::RefundOnly,
        stage: stage.into(),
        waits_for: open.then_some(Side::Merchant),
        due_at: open.then_some(at),
        reason: ReasonCode::parse("broken")?,
        amount: Money::cny(1_234)?,
        opened_at: Moment::from_ms(at.ms() - i64::try_from(version * 1_000_000)?),
        updated_at: at,
        version: version + 1,
        summary: text(300),
    })
}

/// JSON of about so many bytes, with as many quotes as JSON has.
fn text(bytes: usize) -> String {
    let field = r#""note":"完璧归赵, to return the jade whole","#;
    format!("{{{}\"end\":true}}", field.repeat(bytes / field.len()))
}
