//! Ctrl-C and `kill`: end the running command, then let every guard on the stack clean up.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// What a shell expects of a program that was interrupted.
pub const EXIT_CODE: u8 = 130;

const POLL: Duration = Duration::from_millis(100);

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
/// The process id of the command that runs now; 0 is none.
static RUNNING: AtomicU32 = AtomicU32::new(0);

/// Starts to listen. The first signal is answered politely, the second at once.
pub fn watch() -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("listening for signals")?;
    thread::spawn(move || {
        for _ in signals.forever() {
            if INTERRUPTED.swap(true, Ordering::SeqCst) {
                std::process::exit(i32::from(EXIT_CODE));
            }
            end_running();
        }
    });
    Ok(())
}

/// Whether a signal has come.
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// Blocks until a signal comes or `over` says that there is nothing left to wait for.
pub fn wait(mut over: impl FnMut() -> bool) {
    while !interrupted() && !over() {
        thread::sleep(POLL);
    }
}

/// Remembers the running command, so that a signal sent only to us ends it too.
pub fn running(pid: u32) {
    RUNNING.store(pid, Ordering::SeqCst);
    if interrupted() {
        end_running();
    }
}

/// Forgets the command once it has ended.
pub fn ended() {
    RUNNING.store(0, Ordering::SeqCst);
}

fn end_running() {
    let pid = RUNNING.load(Ordering::SeqCst);
    if pid != 0 {
        // The shell's own `kill`, because a small image has no other.
        let kill = format!("kill -TERM {pid}");
        let _ = std::process::Command::new("sh").args(["-c", &kill]).status();
    }
}
