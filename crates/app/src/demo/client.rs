//! The other end of the demo's own routes: `wanbi demo clock` speaks to a demo that is running.

use super::{
    DemoFault,
    control::{MakeTrouble, MoveClock, Moved, TOKEN_HEADER},
    folder::{self, Folder},
    trouble::Trouble,
};
use http::HeaderValue;
use providers::{
    client::{Client, Config, Fault},
    http::{Request, Response},
};
use serde::{Deserialize, Serialize};
use std::{path::Path, time::Duration};

/// The file that says where a demo is reached while it runs.
pub const RUNNING: &str = "running.json";
/// A year of deadlines may take this long.
const PATIENCE: Duration = Duration::from_secs(300);

/// Where a running demo is reached.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Running {
    /// The server.
    pub url: String,
    /// The payment stand-in.
    pub sandbox_url: String,
    /// What opens the demo's own routes.
    pub token: String,
}

impl Running {
    /// Leaves word in the folder.
    ///
    /// # Errors
    /// [`DemoFault`] if it cannot be written.
    pub fn write(&self, folder: &Folder) -> Result<(), DemoFault> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| DemoFault::Unreadable { what: RUNNING, why: error.to_string() })?;
        folder.write(RUNNING, &text).map(drop)
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`DemoFault::NotRunning`] if there is none.
    pub fn read(folder: &Path) -> Result<Self, DemoFault> {
        let text = folder::read(&folder.join(RUNNING))?;
        let text = text.ok_or_else(|| DemoFault::NotRunning(folder.to_owned()))?;
        serde_json::from_str(&text)
            .map_err(|error| DemoFault::Unreadable { what: RUNNING, why: error.to_string() })
    }
}

/// Moves the clock of the demo that runs in a folder.
///
/// # Errors
/// [`DemoFault`] if none answers or it says no.
pub async fn move_clock(folder: &Path, forward_seconds: u32) -> Result<Moved, DemoFault> {
    let body = serde_json::to_vec(&MoveClock { forward_seconds });
    let answer = post(folder, "/demo/clock", body).await?;
    serde_json::from_slice(&answer.body)
        .map_err(|error| DemoFault::Refused(format!("an unreadable answer: {error}")))
}

/// Makes trouble in the demo that runs in a folder.
///
/// # Errors
/// [`DemoFault`] if none answers or it says no.
pub async fn make_trouble(folder: &Path, trouble: Trouble) -> Result<(), DemoFault> {
    let body = serde_json::to_vec(&MakeTrouble { trouble });
    post(folder, "/demo/faults", body).await.map(drop)
}

async fn post(
    folder: &Path,
    path: &str,
    body: serde_json::Result<Vec<u8>>,
) -> Result<Response, DemoFault> {
    let refused = |why: String| DemoFault::Refused(why);
    let running = Running::read(folder)?;
    let mut config = Config::new(&running.url);
    (config.read_timeout, config.total_timeout) = (PATIENCE, PATIENCE);
    let client = Client::new(&config).map_err(|error| refused(error.to_string()))?;
    let mut request = Request::post_json(path, body.map_err(|error| refused(error.to_string()))?);
    let token = HeaderValue::from_str(&running.token);
    request.headers.insert(TOKEN_HEADER, token.map_err(|error| refused(error.to_string()))?);
    let answer = client.send(&request).await.map_err(|fault| match fault {
        Fault::NeverLeft { .. } => DemoFault::NotRunning(folder.to_owned()),
        Fault::Unknown { reason, .. } => refused(reason),
    })?;
    if (200..300).contains(&answer.status) {
        return Ok(answer);
    }
    let told: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let detail = told.get("detail").and_then(serde_json::Value::as_str);
    Err(refused(detail.map_or_else(|| format!("status {}", answer.status), str::to_owned)))
}
