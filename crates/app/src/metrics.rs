//! What is counted, in the words of Prometheus.

use std::{
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// Upper bounds of the buckets of request times, in milliseconds.
const BUCKETS_MS: [u64; 8] = [1, 2, 5, 10, 25, 100, 500, 2_500];

/// Counters of one process.
#[derive(Debug, Default)]
pub struct Metrics {
    answers: [AtomicU64; 5],
    buckets: [AtomicU64; 9],
    total_us: AtomicU64,
    effects: AtomicU64,
    timers: AtomicU64,
    followed: AtomicU64,
}

impl Metrics {
    /// A request was answered.
    pub fn answered(&self, status: u16, took: Duration) {
        let class = usize::from(status / 100).saturating_sub(1);
        add(self.answers.get(class), 1);
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let bucket = BUCKETS_MS.iter().position(|bound| ms < *bound).unwrap_or(BUCKETS_MS.len());
        add(self.buckets.get(bucket), 1);
        self.total_us.fetch_add(u64::try_from(took.as_micros()).unwrap_or(0), Ordering::Relaxed);
    }

    /// Effects were carried out.
    pub fn pumped(&self, count: usize) {
        add(Some(&self.effects), u64::try_from(count).unwrap_or(0));
    }

    /// Deadlines were acted on.
    pub fn expired(&self, count: usize) {
        add(Some(&self.timers), u64::try_from(count).unwrap_or(0));
    }

    /// Records were followed.
    pub fn followed(&self, count: usize) {
        add(Some(&self.followed), u64::try_from(count).unwrap_or(0));
    }

    /// The counters as text.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = String::new();
        head(&mut text, "wanbi_http_answers_total", "counter", "Answers by class of status.");
        for (n, counter) in self.answers.iter().enumerate() {
            let (class, count) = (n + 1, load(counter));
            line(&mut text, &format!("wanbi_http_answers_total{{class=\"{class}xx\"}}"), count);
        }
        let name = "wanbi_http_request_milliseconds";
        head(&mut text, name, "histogram", "Time to answer.");
        let mut sum = 0;
        for (counter, bound) in self.buckets.iter().zip(BUCKETS_MS) {
            sum += load(counter);
            line(&mut text, &format!("{name}_bucket{{le=\"{bound}\"}}"), sum);
        }
        sum += self.buckets.last().map_or(0, load);
        line(&mut text, &format!("{name}_bucket{{le=\"+Inf\"}}"), sum);
        line(&mut text, &format!("{name}_sum"), load(&self.total_us) / 1_000);
        line(&mut text, &format!("{name}_count"), sum);
        head(&mut text, "wanbi_effects_carried_out_total", "counter", "Effects carried out.");
        line(&mut text, "wanbi_effects_carried_out_total", load(&self.effects));
        head(&mut text, "wanbi_deadlines_acted_on_total", "counter", "Deadlines acted on.");
        line(&mut text, "wanbi_deadlines_acted_on_total", load(&self.timers));
        head(&mut text, "wanbi_records_followed_total", "counter", "Records made figures of.");
        line(&mut text, "wanbi_records_followed_total", load(&self.followed));
        text
    }
}

/// Writes the head of a metric.
pub fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    // Writing to a String cannot fail.
    let _written = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

/// Writes one line of a metric.
pub fn line(text: &mut String, name: &str, value: u64) {
    let _written = writeln!(text, "{name} {value}");
}

fn add(counter: Option<&AtomicU64>, count: u64) {
    if let Some(counter) = counter {
        counter.fetch_add(count, Ordering::Relaxed);
    }
}

fn load(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}
