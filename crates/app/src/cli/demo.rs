//! `wanbi demo`: everything at once, and the commands that move its clock and make trouble.

use super::serve::told_to_stop;
use crate::demo::{
    Demo, client,
    folder::{self, Folder},
    hello::hello,
    trouble::Trouble,
};
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use domain::policy::time_in_china;
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};
use tokio::sync::watch;

/// What to show, and where.
#[derive(Debug, Args)]
pub struct Options {
    /// Where everything lies; `wanbi-demo` in the folder of temporary files unless given.
    #[arg(long, global = true)]
    folder: Option<PathBuf>,
    /// The port of the API; the payment stand-in takes the next one.
    #[arg(long, default_value_t = crate::demo::PORT)]
    port: u16,
    /// Forget what is there and start over.
    #[arg(long)]
    fresh: bool,
    #[command(subcommand)]
    verb: Option<DemoVerb>,
}

/// What can be done with a demo that is running.
#[derive(Debug, Subcommand)]
pub enum DemoVerb {
    /// Let time pass, here and at the payment stand-in: `+48h`, `+30m`, `+7d`.
    Clock {
        /// How much: a whole number and one of `s`, `m`, `h`, `d`.
        #[arg(allow_hyphen_values = true)]
        by: String,
    },
    /// Make trouble at the payment stand-in.
    Faults {
        /// Which.
        trouble: Trouble,
    },
}

/// Runs `wanbi demo`.
///
/// # Errors
/// If it cannot start, or none is running that could be told something.
pub async fn demo(options: Options) -> anyhow::Result<ExitCode> {
    let folder = options.folder.unwrap_or_else(folder::usual);
    match options.verb {
        None => show(&folder, options.port, options.fresh).await,
        Some(DemoVerb::Clock { by }) => clock(&folder, &by).await,
        Some(DemoVerb::Faults { trouble }) => faults(&folder, trouble).await,
    }
}

async fn show(path: &Path, port: u16, fresh: bool) -> anyhow::Result<ExitCode> {
    let folder = Folder::take(path)?;
    if fresh {
        folder.clear()?;
    }
    if !folder.is_filled()? {
        println!("正在启动并准备示例数据 · starting, and making sample data …");
    }
    let (stop, stopped) = watch::channel(false);
    let mut told = std::pin::pin!(told_to_stop());
    let demo = tokio::select! {
        demo = Demo::start(folder, port, stopped) => demo?,
        // What is half filled is filled anew at the next start.
        () = &mut told => return Ok(ExitCode::SUCCESS),
    };
    println!("{}", hello(&demo).await?);
    told.await;
    println!("正在停止 · stopping …");
    // Nobody listens any more if everything has stopped already.
    let _listening = stop.send(true);
    demo.stopped().await?;
    Ok(ExitCode::SUCCESS)
}

async fn clock(folder: &Path, by: &str) -> anyhow::Result<ExitCode> {
    let Some(seconds) = seconds(by) else {
        bail!("`{by}` is no step in time: write +30m, +48h or +7d; time moves only forward");
    };
    let moved = client::move_clock(folder, seconds).await.context("move the clock")?;
    for line in &moved.happened {
        println!("{line}");
    }
    let (minutes, now) = (moved.ahead_seconds / 60, time_in_china(moved.now));
    let (hours, minutes) = (minutes / 60, minutes % 60);
    let count = moved.happened.len();
    println!("现在 now {now} (+{hours}h {minutes}m) · {count} 个售后单有变化 cases changed");
    Ok(ExitCode::SUCCESS)
}

async fn faults(folder: &Path, trouble: Trouble) -> anyhow::Result<ExitCode> {
    client::make_trouble(folder, trouble).await.context("make trouble")?;
    println!("已设置 · done");
    Ok(ExitCode::SUCCESS)
}

/// `+48h` in seconds; nothing for what is no step forward.
fn seconds(text: &str) -> Option<u32> {
    let text = text.trim();
    let text = text.strip_prefix('+').unwrap_or(text);
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit_s = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    number.parse::<u32>().ok()?.checked_mul(unit_s).filter(|seconds| *seconds > 0)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn a_step_in_time_is_read_or_refused() {
        let read = [("+48h", 172_800), ("30m", 1_800), ("+7d", 604_800), (" +5s ", 5)];
        for (text, expected) in read {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        for text in
            ["", "+", "h", "+h", "-48h", "+0h", "+4.5h", "+48", "48 h", "99999999999d", "+5天"]
        {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
