//! The browser's process: started for one test, gone with it.

use serde_json::json;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use thirtyfour::{
    BrowserCapabilitiesHelper, Capabilities, ChromiumLikeCapabilities, DesiredCapabilities,
    LoggingPrefsLogLevel, WebDriver,
};

/// What is said where there is no browser: a test that is skipped in silence proves nothing.
const MISSING: &str = "the tests of the pages need Chromium and its driver: `cargo xtask test` \
     installs them, and so does `apt-get install chromium chromium-driver`";

/// How the browser is to start: alone, without a screen, and speaking to nobody by itself. It
/// speaks with its driver through a pipe and so ends when the driver does.
const ARGUMENTS: [&str; 17] = [
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--no-first-run",
    "--no-proxy-server",
    "--no-default-browser-check",
    "--disable-gpu",
    "--disable-quic",
    "--force-prefers-reduced-motion",
    "--disable-sync",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-features=OptimizationHints,Translate,MediaRouter",
    "--hide-scrollbars",
    "--accept-lang=zh-CN",
];

/// Whether pages may run their script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// As usual.
    On,
    /// Switched off by the person.
    Off,
}

/// A browser and its driver.
pub struct Driver {
    pub web: WebDriver,
    process: Child,
    browser: i64,
    _profile: tempfile::TempDir,
}

impl Driver {
    /// Starts both; the browser keeps its things in a folder of its own.
    pub async fn start(script: Script) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let (process, port) = chromedriver();
        let capabilities = capabilities(profile.path(), script);
        let url = format!("http://127.0.0.1:{port}");
        let web = WebDriver::new(url, capabilities).await;
        let web = web.unwrap_or_else(|error| panic!("{MISSING}\n{error}"));
        // Ended by its process, not by its session: a test that fails must not wait for it.
        web.clone().leak().unwrap();
        let browser = web.capabilities().get("goog:processID");
        let browser = browser.and_then(serde_json::Value::as_i64).unwrap_or(0);
        Self { web, process, browser, _profile: profile }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _ended = self.process.wait();
        // The folder can be removed when the browser has let go of it.
        let running = format!("/proc/{}", self.browser);
        let until = after(Duration::from_secs(5));
        while Path::new(&running).exists() && !is_past(until) {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Starts the driver on a free port, and says which.
fn chromedriver() -> (Child, u16) {
    let mut command = Command::new("chromedriver");
    command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = command.spawn().unwrap_or_else(|error| panic!("{MISSING}\n{error}"));
    let said = BufReader::new(process.stdout.take().unwrap());
    let port = said.lines().map_while(Result::ok).find_map(|line| {
        line.rsplit_once("successfully on port ")?.1.trim_end_matches('.').parse().ok()
    });
    (process, port.unwrap_or_else(|| panic!("{MISSING}\nthe driver named no port")))
}

fn capabilities(profile: &Path, script: Script) -> Capabilities {
    let mut chrome = DesiredCapabilities::chrome();
    for argument in ARGUMENTS {
        chrome.add_arg(argument).unwrap();
    }
    chrome.add_arg(&format!("--user-data-dir={}", profile.display())).unwrap();
    chrome.set_logging_prefs("browser", LoggingPrefsLogLevel::All).unwrap();
    chrome.set_logging_prefs("performance", LoggingPrefsLogLevel::All).unwrap();
    chrome.set_browser_option("excludeSwitches", ["enable-logging"]).unwrap();
    if script == Script::Off {
        let forbidden = json!({"profile.managed_default_content_settings.javascript": 2});
        chrome.set_browser_option("prefs", forbidden).unwrap();
    }
    chrome.into()
}

/// A moment of this machine, so far ahead.
#[expect(clippy::disallowed_methods, reason = "a browser takes its own time")]
pub fn after(span: Duration) -> Instant {
    Instant::now() + span
}

/// Whether a moment of this machine has passed.
#[expect(clippy::disallowed_methods, reason = "a browser takes its own time")]
pub fn is_past(moment: Instant) -> bool {
    Instant::now() >= moment
}
