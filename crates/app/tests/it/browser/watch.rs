//! What a browser complains about, and whom it asks: read after every page, held against what is
//! allowed.

use serde_json::Value;
use thirtyfour::WebDriver;

/// What a page caused since somebody looked last.
#[derive(Debug, Default)]
pub struct Seen {
    /// What was written to the console as an error, or refused by the security policy.
    pub complaints: Vec<String>,
    /// Every address that was asked.
    pub requests: Vec<String>,
    /// What came over the wire, in bytes, compressed as it was, heads and all.
    pub bytes: u64,
}

/// Reads what has come together.
pub async fn seen(web: &WebDriver) -> Seen {
    let mut seen = Seen::default();
    for entry in web.get_log("browser").await.unwrap() {
        if matches!(entry.level.as_str(), "SEVERE" | "WARNING") {
            seen.complaints.push(entry.message);
        }
    }
    for entry in web.get_log("performance").await.unwrap() {
        let told: Value = serde_json::from_str(&entry.message).unwrap();
        let (method, facts) = (&told["message"]["method"], &told["message"]["params"]);
        match method.as_str() {
            Some("Network.requestWillBeSent") => {
                seen.requests.extend(facts["request"]["url"].as_str().map(str::to_owned));
            }
            Some("Network.loadingFinished") => {
                seen.bytes += facts["encodedDataLength"].as_f64().unwrap_or(0.0) as u64;
            }
            _ => {}
        }
    }
    seen
}

impl Seen {
    /// What was complained of beyond what was foreseen, and whom pages asked besides us.
    pub fn faults(&self, base: &str, foreseen: &[String]) -> Vec<String> {
        let unforeseen =
            |complaint: &&String| !foreseen.iter().any(|part| complaint.contains(part));
        let ours = |url: &str| {
            let rest = url.strip_prefix(base);
            let embedded = ["data:", "blob:", "about:", "chrome:"];
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                || embedded.iter().any(|scheme| url.starts_with(scheme))
        };
        let complaints = self.complaints.iter().filter(unforeseen).cloned();
        let strange = self.requests.iter().filter(|url| !ours(url));
        complaints.chain(strange.map(|url| format!("asks another site: {url}"))).collect()
    }
}
