//! The curve of a long day: a line for each stretch of time, and whether it is flat.

use super::health::Health;
use std::{fmt::Write, time::Duration};

/// Of the one long life the first half is not judged: bounded caches fill in it.
const WARMING: f64 = 0.5;
/// Memory may grow by so large a part of itself between the ends of what is judged, and so many
/// MB: less than that cannot be told from the coming and going of requests.
const GROWTH_SHARE_MAX: f64 = 0.05;
const GROWTH_MB_MAX: f64 = 4.0;
/// So many more handles may be open at the end of what is judged than at its beginning.
const HANDLES_MAX: f64 = 8.0;

/// One stretch of time.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// When it ended, since the beginning.
    pub at: Duration,
    /// How often the process was ended in it: by SIGKILL, by SIGTERM.
    pub ends: [u32; 2],
    /// Whether the process was left alone all the time, and had answered before.
    pub is_one_life: bool,
    /// How long commands took, until they were answered.
    pub commands: Times,
    /// How long pages and lists took.
    pub views: Times,
    /// The median of how the process was.
    pub health: Health,
    /// The database on disk with its log, in MB.
    pub disk_mb: f64,
}

/// Times of a stretch, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Times {
    pub count: usize,
    pub median: f64,
    pub p99: f64,
    pub longest: f64,
}

impl Times {
    /// Of all that were taken.
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let ms = |place: usize| times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1_000.0);
        let count = times.len();
        Self {
            count,
            median: ms(count / 2),
            p99: ms(count * 99 / 100),
            longest: ms(count.saturating_sub(1)),
        }
    }
}

/// How something went on from the beginning to the end of what is judged.
#[derive(Clone, Copy, Debug)]
pub struct Growth {
    /// By how much a straight line through it rises from one end to the other.
    pub by: f64,
    /// The most it may.
    pub limit: f64,
    /// A straight line's rise in an hour.
    pub an_hour: f64,
}

/// What is said of the long life.
#[derive(Clone, Copy, Debug)]
pub struct Judgement {
    /// Lines judged.
    pub lines: usize,
    pub memory_mb: Growth,
    pub handles: Growth,
    /// The rise of a command's median, in milliseconds; told, not judged, since others may use the
    /// machine as well.
    pub median_ms: Growth,
}

/// Judges the lines of the long life; nothing if they are too few.
pub fn judge(lines: &[Line]) -> Option<Judgement> {
    let life: Vec<&Line> = lines.iter().filter(|line| line.is_one_life).collect();
    let judged = life.get((life.len() as f64 * WARMING).ceil() as usize..)?;
    if judged.len() < 3 {
        return None;
    }
    let mean = judged.iter().map(|line| line.health.private_mb).sum::<f64>() / judged.len() as f64;
    let memory_max = mean * GROWTH_SHARE_MAX + GROWTH_MB_MAX;
    Some(Judgement {
        lines: judged.len(),
        memory_mb: growth(judged, memory_max, |line| line.health.private_mb),
        handles: growth(judged, HANDLES_MAX, |line| line.health.handles),
        median_ms: growth(judged, f64::INFINITY, |line| line.commands.median),
    })
}

/// Least squares.
fn growth(lines: &[&Line], limit: f64, value: impl Fn(&Line) -> f64) -> Growth {
    let hours = |line: &Line| line.at.as_secs_f64() / 3_600.0;
    let count = lines.len() as f64;
    let (mean_x, mean_y) = lines
        .iter()
        .fold((0.0, 0.0), |(x, y), line| (x + hours(line) / count, y + value(line) / count));
    let (mut above, mut below) = (0.0, 0.0);
    for line in lines {
        let x = hours(line) - mean_x;
        above += x * (value(line) - mean_y);
        below += x * x;
    }
    let an_hour = if below > 0.0 { above / below } else { 0.0 };
    let ends = [lines.first(), lines.last()].map(|line| line.map_or(0.0, |line| hours(line)));
    Growth { by: an_hour * (ends[1] - ends[0]), limit, an_hour }
}

impl Growth {
    /// Whether it stays within its limit.
    pub fn is_flat(&self) -> bool {
        self.by <= self.limit
    }
}

/// The curve as a Markdown table.
pub fn table(lines: &[Line]) -> String {
    let mut text = String::from(
        "| minute | SIGKILL | SIGTERM | commands | p50 ms | p99 ms | longest ms | pages | p50 ms | \
         p99 ms | own MB | resident MB | handles | disk MB |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|\
         --:|--:|--:|--:|--:|\n",
    );
    for line in lines {
        let Line { ends: [kills, stops], commands, views, health, .. } = line;
        let at = line.at.as_secs_f64() / 60.0;
        let written = writeln!(
            text,
            "| {at:.1} | {kills} | {stops} | {} | {:.1} | {:.1} | {:.0} | {} | {:.1} | {:.1} | \
             {:.1} | {:.1} | {:.0} | {:.0} |",
            commands.count,
            commands.median,
            commands.p99,
            commands.longest,
            views.count,
            views.median,
            views.p99,
            health.private_mb,
            health.resident_mb,
            health.handles,
            line.disk_mb,
        );
        written.unwrap();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Health, Line, judge};
    use std::time::Duration;

    /// An hour of which the second half is one life, with memory by minute.
    fn day(private_mb: impl Fn(u32) -> f64, handles: impl Fn(u32) -> f64) -> Vec<Line> {
        let line = |minute: u32| Line {
            at: Duration::from_secs(u64::from(minute) * 60),
            is_one_life: minute > 30,
            health: Health {
                private_mb: private_mb(minute),
                resident_mb: 0.0,
                handles: handles(minute),
            },
            ..Line::default()
        };
        (1..=60).map(line).collect()
    }

    #[test]
    fn coming_and_going_is_flat() {
        let judged = judge(&day(|n| 100.0 + f64::from(n % 3), |n| 40.0 + f64::from(n % 5)));
        let judged = judged.unwrap();
        assert!(judged.memory_mb.is_flat() && judged.handles.is_flat(), "{judged:?}");
        assert_eq!(judged.lines, 15);
    }

    #[test]
    fn caches_may_fill_while_the_life_is_young() {
        let judged = judge(&day(|n| f64::from(n.min(39)) * 10.0, |_| 40.0)).unwrap();
        assert!(judged.memory_mb.is_flat(), "{judged:?}");
    }

    #[test]
    fn a_leak_of_a_megabyte_a_minute_is_seen() {
        let judged = judge(&day(|n| 100.0 + f64::from(n), |_| 40.0)).unwrap();
        assert!(!judged.memory_mb.is_flat(), "{judged:?}");
        assert!((judged.memory_mb.an_hour - 60.0).abs() < 0.01, "{judged:?}");
    }

    #[test]
    fn a_handle_a_minute_is_seen() {
        let judged = judge(&day(|_| 100.0, f64::from)).unwrap();
        assert!(!judged.handles.is_flat(), "{judged:?}");
    }

    #[test]
    fn a_moment_is_not_judged() {
        assert!(judge(&[]).is_none());
    }
}
