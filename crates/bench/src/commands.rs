//! Commands over HTTP: sent, decided, forced to disk, answered.

use crate::{
    Scale,
    house::House,
    http::{Ask, Told},
    load::{Outcome, Pace, Script, run},
    maker::{Maker, Stage, application},
    report::{Figure, Table},
};
use anyhow::{Result, ensure};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

/// Opens a case on one order after the other.
pub struct Opens {
    token: String,
    body: String,
    next: AtomicU64,
    end: u64,
    /// The cases that were opened.
    pub opened: Mutex<Vec<String>>,
}

impl Opens {
    /// On the orders of these numbers.
    pub fn new(house: &House, numbers: std::ops::Range<u64>) -> Self {
        let (token, body) = (house.token.clone(), application().to_string());
        let next = AtomicU64::new(numbers.start);
        Self { token, body, next, end: numbers.end, opened: Mutex::default() }
    }
}

impl Script for Opens {
    fn ask(&self, _: u64) -> Option<Ask> {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        let path = format!("/api/v1/orders/{}/cases", Maker::order_id(n));
        let ask = Ask::post(path, &self.token, self.body.clone(), format!("open-{n}"));
        (n < self.end).then_some(ask)
    }

    fn hear(&self, _: u64, told: &Told) -> bool {
        let case_id = (told.status == 201).then(|| case_id(&told.body)).flatten();
        let Some(case_id) = case_id else { return false };
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).push(case_id);
        true
    }
}

/// The case's id in an answer, without reading all of it.
fn case_id(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    let (_, rest) = text.split_once(r#""case_id":""#)?;
    Some(rest.split('"').next()?.to_owned())
}

/// Approves one case after the other.
struct Approves {
    token: String,
    cases: Vec<String>,
    next: AtomicU64,
}

impl Script for Approves {
    fn ask(&self, _: u64) -> Option<Ask> {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        let case_id = self.cases.get(usize::try_from(n).ok()?)?;
        let path = format!("/api/v1/cases/{case_id}/approve");
        Some(Ask::post(path, &self.token, "{}".into(), format!("approve-{case_id}")))
    }

    fn hear(&self, _: u64, told: &Told) -> bool {
        told.status == 200
    }
}

/// A shop's day: of ten requests three open a case, two talk, two approve, one refuses, and two
/// read.
struct Day {
    opens: Opens,
    handled: AtomicU64,
}

impl Day {
    fn case(&self, n: u64) -> Option<String> {
        let opened = self.opens.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.get(usize::try_from(n).ok()?).cloned()
    }
}

impl Script for Day {
    fn ask(&self, n: u64) -> Option<Ask> {
        let token = &self.opens.token;
        let verb = match n % 10 {
            3 | 6 => "messages",
            4 | 7 => "approve",
            8 => "reject",
            5 | 9 => {
                let seen = self.handled.load(Ordering::Relaxed);
                let case_id = self.case(seen.saturating_sub(1))?;
                return Some(Ask::get(&format!("/api/v1/cases/{case_id}"), token));
            }
            _ => return self.opens.ask(n),
        };
        let at = self.handled.fetch_add(u64::from(verb != "messages"), Ordering::Relaxed);
        // More are opened than decided, so there is nearly always one; else one more is opened.
        let Some(case_id) = self.case(at) else { return self.opens.ask(n) };
        let body = match verb {
            "messages" => r#"{"text":"您好，已收到您的申请，我们会尽快处理。"}"#,
            "reject" => r#"{"reason":"照片里的商品不是本店售出的，请再核对一下。"}"#,
            _ => "{}",
        };
        let path = format!("/api/v1/cases/{case_id}/{verb}");
        Some(Ask::post(path, token, body.into(), format!("day-{n}-{verb}")))
    }

    fn hear(&self, n: u64, told: &Told) -> bool {
        if told.status == 201 && !self.opens.hear(n, told) {
            return false;
        }
        (200..300).contains(&told.status)
    }
}

/// The peak rate of opening cases at each number of connections.
pub type Peaks = Vec<(usize, Figure)>;

/// Numbers of orders that nobody has used yet.
pub struct Fresh<'a> {
    house: &'a House,
    next: u64,
}

impl<'a> Fresh<'a> {
    /// Beyond the orders that are there.
    pub const fn beyond(house: &'a House, next: u64) -> Self {
        Self { house, next }
    }

    /// Numbers that nobody has used, and no orders yet.
    pub const fn numbers(&mut self, count: u64) -> std::ops::Range<u64> {
        let first = self.next;
        self.next = first + count;
        first..self.next
    }

    /// So many more orders, followed to the last.
    pub async fn orders(&mut self, count: u64) -> Result<std::ops::Range<u64>> {
        let range = self.numbers(count);
        let (maker, at) = (self.house.maker.clone(), crate::house::now());
        self.house.fill(range.clone(), move |n| maker.story(n, Stage::Order, at)).await?;
        self.house.followed().await?;
        Ok(range)
    }
}

/// Throughput and latency of commands.
pub async fn measure(
    house: &House,
    host: &str,
    scale: &Scale,
    name: &str,
) -> Result<(Table, Peaks)> {
    let method = "Closed loop: each connection sends its next command after the answer. Times in \
                  milliseconds. A day: 30 % open, 20 % messages, 20 % approve, 10 % refuse, 20 % read.";
    let heads = ["a second", "p50", "p99", "p99.9"];
    let mut table = Table::new(&format!("Commands, {name}"), method, &heads);
    let mut fresh = Fresh::beyond(house, 0);
    let mut peaks = Vec::new();
    for &connections in &scale.connections {
        let (mut opens, mut approves, mut days) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..scale.runs {
            let (open, cases) = open_once(&mut fresh, host, scale, connections).await?;
            opens.push(open);
            let token = house.token.clone();
            let approving = Approves { token, cases, next: AtomicU64::new(0) };
            let (script, lasts) = (Arc::new(approving), scale.lasts);
            approves.push(run(host, &script, connections, Pace::Closed, lasts).await?);
            let numbers = fresh.orders(scale.orders(connections)).await?;
            let day = Day { opens: Opens::new(house, numbers), handled: AtomicU64::new(0) };
            days.push(run(host, &Arc::new(day), connections, Pace::Closed, lasts).await?);
        }
        peaks.push((connections, rates(&opens)));
        for (what, runs) in [("open case", &opens), ("approve", &approves), ("a day", &days)] {
            row(&mut table, &format!("{what}, {connections} connections"), runs)?;
        }
    }
    Ok((table, peaks))
}

/// Opens cases once, as fast as it goes.
pub async fn open_once(
    fresh: &mut Fresh<'_>,
    host: &str,
    scale: &Scale,
    connections: usize,
) -> Result<(Outcome, Vec<String>)> {
    let numbers = fresh.orders(scale.orders(connections)).await?;
    let script = Arc::new(Opens::new(fresh.house, numbers));
    let outcome = run(host, &script, connections, Pace::Closed, scale.lasts).await?;
    let opened = std::mem::take(&mut *script.opened.lock().unwrap_or_else(PoisonError::into_inner));
    Ok((outcome, opened))
}

/// The rates of some runs.
pub fn rates(runs: &[Outcome]) -> Figure {
    Figure::of(runs.iter().map(Outcome::rate).collect(), "/s")
}

/// A row of rate and times. A few refusals are part of a day; more would measure the wrong thing.
fn row(table: &mut Table, what: &str, runs: &[Outcome]) -> Result<()> {
    let ms = |quantile| Figure::of(runs.iter().map(|run| run.ms(quantile)).collect(), "ms");
    let (good, bad) = runs.iter().fold((0, 0), |(g, b), run| (g + run.good, b + run.bad));
    ensure!(bad * 20 <= good, "{what}: {bad} of {} answers were not the wanted ones", good + bad);
    let remark = if bad == 0 { String::new() } else { format!("{bad} of {} refused", good + bad) };
    table.line(what, vec![rates(runs), ms(0.5), ms(0.99), ms(0.999)], remark);
    Ok(())
}

/// Latency at fixed rates: a quarter, a half and three quarters of the peak.
pub async fn latency(
    house: &House,
    host: &str,
    scale: &Scale,
    (name, peak, first): (&str, f64, u64),
) -> Result<Table> {
    let method = "Open loop over 256 connections: commands are sent at their time whether or not \
                  the ones before were answered, and a command's time begins when it should have \
                  been sent (no coordinated omission; the client's timer rounds up to 1 ms).";
    let heads = ["answered", "p50", "p99", "p99.9"];
    let mut table = Table::new(&format!("Latency of opening a case, {name}"), method, &heads);
    let mut fresh = Fresh::beyond(house, first);
    for part in [0.25, 0.5, 0.75] {
        let rate = peak * part;
        let mut runs = Vec::new();
        for _ in 0..scale.runs {
            let count = (rate * scale.lasts.as_secs_f64() * 1.2) as u64 + 100;
            let script = Arc::new(Opens::new(house, fresh.orders(count).await?));
            runs.push(run(host, &script, scale.open_loop(), Pace::Open(rate), scale.lasts).await?);
        }
        row(&mut table, &format!("at {:.0} % of the peak, {rate:.0}/s", part * 100.0), &runs)?;
    }
    Ok(table)
}
