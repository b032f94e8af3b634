//! The one file that opens a socket: a request value goes out, a response value or a fault comes
//! back.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::{Url, redirect, retry};

use crate::http::{Request, Response};

/// The largest answer read; a refund object is about one kilobyte.
pub const RESPONSE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Shorter than the eight seconds WeChat Pay announces in `Keep-Alive`, so a connection is dropped
/// by us before it is dropped under a request.
const POOL_IDLE: Duration = Duration::from_secs(5);

/// Where to connect and how long to wait.
#[derive(Clone, Debug)]
pub struct Config {
    /// Scheme, host and port, such as `https://api.mch.weixin.qq.com`.
    pub base_url: String,
    /// The host tried when a request could not leave for the first one. WeChat Pay does not sign
    /// the host, so the same request is good for both.
    pub backup_base_url: Option<String>,
    pub connect_timeout: Duration,
    /// The longest silence between two reads.
    pub read_timeout: Duration,
    /// The longest whole exchange.
    pub total_timeout: Duration,
}

impl Config {
    /// The time-outs WeChat Pay's own libraries use, for the given host.
    pub fn new(base_url: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            backup_base_url: None,
            connect_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(10),
            total_timeout: Duration::from_secs(30),
        }
    }
}

/// Why there is no response.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// No byte of the request reached the other side: the name was not found, the connection was
    /// refused, the TLS handshake failed.
    #[error("{attempt} never left: {reason}")]
    NeverLeft { attempt: String, reason: String },
    /// The request may have been received and acted upon.
    #[error("{attempt} has no answer: {reason}")]
    Unknown { attempt: String, reason: String },
}

/// Why a client could not be built.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the base address {0:?} is not an http(s) origin without path, query or user")]
    BaseUrl(String),
    #[error("the base address {0:?} is not encrypted and not on this machine")]
    NotEncrypted(String),
    #[error("the HTTP client could not be built")]
    Build(#[from] reqwest::Error),
}

/// The way to the other side: a request goes out, a response or a fault comes back.
#[async_trait]
pub trait Transport: std::fmt::Debug + Send + Sync {
    /// Sends the request; whoever asked knows whether sending it again is harmless.
    async fn send(&self, request: &Request) -> Result<Response, Fault>;
}

#[async_trait]
impl Transport for Client {
    async fn send(&self, request: &Request) -> Result<Response, Fault> {
        Self::send(self, request).await
    }
}

/// A pool of connections to one host and, perhaps, its backup.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    origin: String,
    backup_origin: Option<String>,
}

impl Client {
    /// Opens nothing yet; the first request does.
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        // No redirects, no automatic retries and no proxy from the environment: what was signed is
        // sent once, to the host that was configured, or not at all.
        let http = reqwest::Client::builder()
            .connect_timeout(config.connect_timeout)
            .read_timeout(config.read_timeout)
            .timeout(config.total_timeout)
            .pool_idle_timeout(POOL_IDLE)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .no_proxy()
            .build()?;
        let origin = origin(&config.base_url)?;
        let backup_origin = config.backup_base_url.as_deref().map(self::origin).transpose()?;
        Ok(Self { http, origin, backup_origin })
    }

    /// Sends the request once; a second time, to the backup host, only when it never left.
    pub async fn send(&self, request: &Request) -> Result<Response, Fault> {
        match (self.send_to(&self.origin, request).await, &self.backup_origin) {
            (Err(Fault::NeverLeft { .. }), Some(backup)) => self.send_to(backup, request).await,
            (answer, _) => answer,
        }
    }

    async fn send_to(&self, origin: &str, request: &Request) -> Result<Response, Fault> {
        let attempt = || format!("{} {origin}{}", request.method, request.path_and_query);
        let never_left = |reason: String| Fault::NeverLeft { attempt: attempt(), reason };
        let unknown = |reason: String| Fault::Unknown { attempt: attempt(), reason };

        let url = exact_url(origin, &request.path_and_query)
            .ok_or_else(|| never_left("the address would be changed on the wire".into()))?;
        let sending = self
            .http
            .request(request.method.clone(), url)
            .headers(request.headers.clone())
            .body(request.body.clone())
            .send();
        let mut answer = sending.await.map_err(|error| {
            let left = !(error.is_connect() || error.is_builder());
            let reason = chain(error);
            if left { unknown(reason) } else { never_left(reason) }
        })?;

        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| unknown(chain(error)))? {
            if body.len() + chunk.len() > RESPONSE_BYTES_MAX {
                return Err(unknown(format!("the answer exceeds {RESPONSE_BYTES_MAX} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response { status: answer.status().as_u16(), headers: answer.headers().clone(), body })
    }
}

/// The address, if parsing it leaves path and query as they were signed.
fn exact_url(origin: &str, path_and_query: &str) -> Option<Url> {
    let text = format!("{origin}{path_and_query}");
    let url = Url::parse(&text).ok()?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    (format!("{}{query}", url.path()) == path_and_query).then_some(url)
}

/// Scheme, host and port of a configured address; plain HTTP only to this machine.
fn origin(base_url: &str) -> Result<String, ConfigError> {
    let wrong = || ConfigError::BaseUrl(base_url.to_owned());
    let url = Url::parse(base_url).map_err(|_| wrong())?;
    let bare = url.path() == "/" && url.query().is_none() && url.username().is_empty();
    let host = url.host_str().ok_or_else(wrong)?;
    if !bare || !matches!(url.scheme(), "http" | "https") {
        return Err(wrong());
    }
    if url.scheme() == "http" && !is_this_machine(host) {
        return Err(ConfigError::NotEncrypted(base_url.to_owned()));
    }
    Ok(url.origin().ascii_serialization())
}

/// Whether a host name can only mean this machine.
pub(crate) fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let loopback = address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    loopback || host == "localhost"
}

/// The error and its causes in one line, without the address, which is said elsewhere.
fn chain(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_only_for_this_machine() {
        assert!(origin("http://127.0.0.1:8080").is_ok());
        assert!(origin("http://[::1]:8080/").is_ok());
        assert!(origin("https://api.mch.weixin.qq.com").is_ok());
        assert!(matches!(
            origin("http://api.mch.weixin.qq.com"),
            Err(ConfigError::NotEncrypted(_))
        ));
        assert!(matches!(origin("https://host/v3"), Err(ConfigError::BaseUrl(_))));
        assert!(matches!(origin("ftp://host"), Err(ConfigError::BaseUrl(_))));
    }

    #[test]
    fn an_address_that_would_change_on_the_wire_is_not_sent() {
        assert!(exact_url("https://host", "/v3/a%7Cb?mchid=1").is_some());
        assert!(exact_url("https://host", "/v3/a b").is_none());
        assert!(exact_url("https://host", "/v3/../x").is_none());
    }

    #[tokio::test]
    async fn a_refused_connection_never_left() {
        let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = closed.local_addr().unwrap();
        drop(closed);
        let client = Client::new(&Config::new(format!("http://{address}"))).unwrap();

        let fault = client.send(&Request::get("/v3/certificates")).await.unwrap_err();

        assert!(matches!(fault, Fault::NeverLeft { .. }), "{fault}");
    }
}
