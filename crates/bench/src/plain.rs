//! What needs no HTTP: the policy's judgement, the import of orders, the pump.

use crate::{
    Scale,
    house::{House, now},
    limits::postgres,
    maker::{Maker, Stage, application},
    report::{Figure, Table},
};
use anyhow::{Context, Result, ensure};
use async_trait::async_trait;
use domain::{
    actor::{Actor, Role},
    application::Application,
    ask::Ask,
    calendar::Calendar,
    command::{Filing, RefundNews},
    decide::assess,
    evolve::fold,
    id::{CommandId, PersonId, ShopId},
    money::{Currency, Money},
    policy::Policy,
    record::Record,
    standing::{ShopSettings, Standing},
};
use engine::{
    committer::Committer,
    desk::Desk,
    ports::{Asked, Channel, Clock, Next, Outcome},
    pump::pump_once,
    rulebook::Rulebook,
};
use std::{
    fs,
    hint::black_box,
    io::{BufWriter, Write},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    time::Instant,
};
use uuid::Uuid;

/// How often a second an application can be judged on one core.
#[expect(clippy::disallowed_methods, reason = "a measurement needs the machine's clock")]
pub fn policy(scale: &Scale) -> Result<Table> {
    let method = "One thread, no I/O: whether an application may be made, what is due and why, \
                  for an order of two pieces. Goal: a million a second.";
    let mut table = Table::new("Policy", method, &["a second"]);
    let maker = Maker::new(ShopId::parse("bench")?, now());
    let commit = maker.story(1, Stage::Order, now())?;
    let records = commit.records.iter().map(|stored| serde_json::from_str::<Record>(&stored.body));
    let order = fold(&records.collect::<Result<Vec<_>, _>>()?);
    let facts = order.facts.as_ref().context("the order is known")?;
    let application: Application = serde_json::from_value(application())?;
    let filing = Filing { application, evidence_kinds: Vec::new() };
    let (policy, calendar) = (Policy::default_policy(), Calendar::built_in());
    let by = Actor::Person { id: PersonId::parse("li")?, role: Role::Owner };
    let standing = Standing {
        refunded_this_year: Money::zero(Currency::CNY),
        cases_in_window: 0,
        restriction_lifted_until: None,
    };
    let ask = Ask {
        at: now(),
        by: &by,
        command: CommandId::new(Uuid::from_u128(1)),
        policy: &policy,
        policy_version: 0,
        calendar: &calendar,
        shop: &ShopSettings::default(),
        standing: &standing,
    };
    let mut rates = Vec::new();
    for _ in 0..scale.runs {
        let (begin, mut count) = (Instant::now(), 0_u64);
        while begin.elapsed() < scale.lasts {
            for _ in 0..1_000 {
                let assessed = assess(&order, black_box(facts), black_box(&filing), None, &ask);
                ensure!(black_box(assessed).is_ok(), "the application is judged");
            }
            count += 1_000;
        }
        rates.push(count as f64 / begin.elapsed().as_secs_f64());
    }
    table.line("assessment of an application", vec![Figure::of(rates, "/s")], String::new());
    Ok(table)
}

/// What is measured without HTTP on a database.
pub struct Work<'a> {
    /// The program, and a folder to work in.
    pub options: (&'a Path, &'a Path),
    /// How much.
    pub scale: Scale,
}

impl Work<'_> {
    /// Import and pump on each database.
    pub async fn import_and_pump(&self, server: Option<&str>) -> Result<Table> {
        let method = "Import: `wanbi import` of a file of orders into a fresh shop, in a process \
                      of its own, start and end counted; goal 50,000 a second. Pump: refunds \
                      claimed, carried out by a channel that answers at once, and recorded, in \
                      one process.";
        let mut table = Table::new("Import and pump", method, &["a second"]);
        let (_, folder) = self.options;
        let sqlite = format!("sqlite://{}", folder.join("plain.db").display());
        let mut databases = vec![("SQLite", sqlite)];
        if let Some(server) = server {
            databases.push(("PostgreSQL", postgres::database(server, "plain").await?));
        }
        for (name, url) in databases {
            let house = House::new(self.options.0, folder, url).await?;
            let (imports, pumps) = (self.imports(&house)?, self.pumps(&house).await?);
            table.line(&format!("orders imported, {name}"), vec![imports], String::new());
            table.line(&format!("refunds carried, {name}"), vec![pumps], String::new());
        }
        Ok(table)
    }

    #[expect(clippy::disallowed_methods, reason = "a measurement needs the machine's clock")]
    fn imports(&self, house: &House) -> Result<Figure> {
        let (wanbi, folder) = self.options;
        let count: u64 = if self.scale.quick { 500 } else { 100_000 };
        let file = folder.join("orders.jsonl");
        let mut rates = Vec::new();
        for run in 0..u64::try_from(self.scale.runs)? {
            let mut lines = BufWriter::new(fs::File::create(&file)?);
            for n in run * count..(run + 1) * count {
                // Beyond the orders of the pump.
                writeln!(lines, "{}", house.maker.facts((1 << 41) + n, now()))?;
            }
            lines.flush()?;
            let begin = Instant::now();
            let done = Command::new(wanbi)
                .args(["import", "--shop", crate::house::SHOP, "--format", "jsonl"])
                .arg(&file)
                .env("WANBI_DATABASE_URL", &house.url)
                .env("WANBI_SECURITY_SECRET", "measured-measured-measured-measured")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .context("import")?;
            ensure!(done.success(), "the import failed: {done}");
            rates.push(count as f64 / begin.elapsed().as_secs_f64());
        }
        Ok(Figure::of(rates, "/s"))
    }

    #[expect(clippy::disallowed_methods, reason = "a measurement needs the machine's clock")]
    async fn pumps(&self, house: &House) -> Result<Figure> {
        let count: u64 = if self.scale.quick { 200 } else { 20_000 };
        let store = &house.store;
        let clock: Arc<dyn Clock> = Arc::new(Wall);
        let rules = Rulebook::new(Arc::clone(store), Arc::clone(&clock), Calendar::built_in());
        let committer = Committer::batched(Arc::clone(store));
        let desk = Desk::new(Arc::clone(store), committer, clock, rules);
        let mut rates = Vec::new();
        for run in 0..u64::try_from(self.scale.runs)? {
            let before = now().before(domain::moment::Span::hours(4));
            let numbers = run * count..(run + 1) * count;
            let maker = house.maker.clone();
            house.fill(numbers, move |n| maker.story(n, Stage::Refunding, before)).await?;
            let (begin, mut carried) = (Instant::now(), 0);
            loop {
                let done = pump_once(&desk, &AtOnce, 256).await?;
                if done == 0 {
                    break;
                }
                carried += done;
            }
            ensure!(u64::try_from(carried)? >= count, "{carried} of {count} were carried");
            rates.push(count as f64 / begin.elapsed().as_secs_f64());
        }
        Ok(Figure::of(rates, "/s"))
    }
}

/// The machine's clock.
pub struct Wall;

impl Clock for Wall {
    fn now(&self) -> domain::moment::Moment {
        now()
    }
}

/// A channel that carries everything out at once.
struct AtOnce;

#[async_trait]
impl Channel for AtOnce {
    async fn carry_out(&self, asked: &Asked<'_>) -> Outcome {
        let news = RefundNews::Succeeded {
            channel_no: "5030000".into(),
            at: asked.at,
            arrived_in: "零钱".into(),
        };
        Outcome { news: Some(news), answer: None, next: Next::Settle }
    }
}
