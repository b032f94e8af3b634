//! `wanbi serve` as a process of its own. It is killed when nobody holds it any more.

use super::{ground::Ground, setting};
use app::world::Stopwatch;
use std::{
    fs::OpenOptions,
    net::TcpListener,
    process::{self, Command, ExitStatus, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

/// How long a process may take to be ready or to end.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked at meanwhile.
const GLANCE: Duration = Duration::from_millis(2);

/// A process that serves.
pub struct Child {
    process: process::Child,
    pub base: String,
    started: Stopwatch,
}

impl Child {
    /// Starts it, or another build of it that `WANBI_TEST_PROGRAM` names; what it writes about
    /// itself goes to `wanbi.log` in the ground's folder.
    pub fn start(ground: &Ground, port: u16) -> Self {
        let log = ground.folder.path().join("wanbi.log");
        let log = OpenOptions::new().create(true).append(true).open(log).unwrap();
        let program = setting("WANBI_TEST_PROGRAM");
        let program = program.unwrap_or_else(|| env!("CARGO_BIN_EXE_wanbi").to_owned());
        let process = Command::new(program)
            .arg("--config")
            .arg(ground.config_file(port))
            .arg("serve")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let base = format!("http://127.0.0.1:{port}");
        Self { process, base, started: Stopwatch::start() }
    }

    /// Waits for the first 200 of `/readyz`; says how long after the start it came.
    pub async fn ready(&mut self) -> Duration {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}/readyz", self.base);
        while self.started.elapsed() < PATIENCE {
            if http.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()) {
                return self.started.elapsed();
            }
            let ended = self.process.try_wait().unwrap();
            assert!(ended.is_none(), "the process ended by itself: {ended:?}");
            tokio::time::sleep(GLANCE).await;
        }
        panic!("the process is not ready");
    }

    /// The number the system knows it by.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Kills it as a power cut would.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Tells it to stop.
    pub fn terminate(&self) {
        let told = Command::new("kill").arg("-TERM").arg(self.process.id().to_string()).status();
        assert!(told.unwrap().success(), "the process cannot be told to stop");
    }

    /// Waits for its end.
    pub async fn ended(&mut self) -> (ExitStatus, Duration) {
        let watch = Stopwatch::start();
        while watch.elapsed() < PATIENCE {
            if let Some(status) = self.process.try_wait().unwrap() {
                return (status, watch.elapsed());
            }
            tokio::time::sleep(GLANCE).await;
        }
        panic!("the process does not stop");
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended already.
        let _gone = self.process.kill();
        let _ended = self.process.wait();
    }
}

/// A port that nobody listens on, outside of those that outgoing connections take: between two
/// lives of a process nobody else may come to sit on it.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = u16::try_from(process::id() % 8_000).unwrap();
    for _ in 0..8_000 {
        let port = 20_000 + (first + NEXT.fetch_add(1, Ordering::Relaxed)) % 8_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("there is no free port");
}

/// No process of this ground crashed a request or a worker.
pub fn nobody_panicked(ground: &Ground) {
    let log = std::fs::read_to_string(ground.folder.path().join("wanbi.log")).unwrap();
    let crash = log.lines().find(|line| line.contains("panicked") || line.contains("crashed"));
    assert_eq!(crash, None);
}
