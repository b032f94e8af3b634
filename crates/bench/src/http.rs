//! The measuring client: one connection that is kept open, one request at a time.

use anyhow::{Context, Result};
use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// A request as it is sent again and again with other contents.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The method.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// The bearer's token; none for pages.
    pub token: Option<String>,
    /// The cookie; none for the interface.
    pub cookie: Option<String>,
    /// JSON; empty for none.
    pub body: String,
    /// The idempotency key of a write.
    pub key: Option<String>,
    /// Whether the answer may come compressed.
    pub packed: bool,
}

impl Ask {
    /// Reads a path with a token.
    pub fn get(path: &str, token: &str) -> Self {
        Self {
            method: Method::GET,
            path: path.to_owned(),
            token: Some(token.to_owned()),
            cookie: None,
            body: String::new(),
            key: None,
            packed: false,
        }
    }

    /// Reads a page as somebody who is known by a cookie; it may come compressed.
    pub fn page(path: &str, cookie: &str) -> Self {
        Self {
            method: Method::GET,
            path: path.to_owned(),
            token: None,
            cookie: Some(cookie.to_owned()),
            body: String::new(),
            key: None,
            packed: true,
        }
    }

    /// Sends a form of a page as somebody who is not known yet.
    pub fn form(path: &str, body: String) -> Self {
        Self { method: Method::POST, body, packed: false, ..Self::page(path, "") }
    }

    /// Posts JSON to a path, with a key of its own.
    pub fn post(path: String, token: &str, body: String, key: String) -> Self {
        let token = Some(token.to_owned());
        Self {
            method: Method::POST,
            path,
            token,
            cookie: None,
            body,
            key: Some(key),
            packed: false,
        }
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Told {
    /// The status.
    pub status: u16,
    /// The body, as it came over the wire.
    pub body: Bytes,
    /// The header that names a place, if there is one.
    pub location: Option<String>,
    /// The first cookie set, without what follows its value.
    pub cookie: Option<String>,
}

/// A connection.
pub struct Line {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

impl Line {
    /// Connects to an address.
    pub async fn open(host: &str) -> Result<Self> {
        let stream =
            TcpStream::connect(host).await.with_context(|| format!("connect to {host}"))?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(async move {
            // The server closes it when it stops.
            let _closed = connection.await;
        });
        Ok(Self { sender, host: host.to_owned() })
    }

    /// Sends a request and reads the whole answer.
    pub async fn send(&mut self, ask: &Ask) -> Result<Told> {
        let mut request =
            Request::builder().method(&ask.method).uri(&ask.path).header(header::HOST, &self.host);
        if ask.packed {
            request = request.header(header::ACCEPT_ENCODING, "br, gzip");
        }
        if let Some(token) = &ask.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(cookie) = &ask.cookie {
            request = request.header(header::COOKIE, cookie);
            request = request.header("sec-fetch-site", "same-origin");
            request = request.header(header::ACCEPT, "text/html");
        }
        if let Some(key) = &ask.key {
            request = request.header("idempotency-key", key);
        }
        if !ask.body.is_empty() {
            let is_json = ask.body.starts_with(['{', '[']);
            let form = "application/x-www-form-urlencoded";
            let kind = if is_json { "application/json" } else { form };
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let request = request.body(Full::new(Bytes::from(ask.body.clone())))?;
        self.sender.ready().await?;
        let answer = self.sender.send_request(request).await?;
        let (head, body) = answer.into_parts();
        let text = |name| {
            let value = head.headers.get(name).and_then(|value| value.to_str().ok());
            value.map(str::to_owned)
        };
        Ok(Told {
            status: head.status.as_u16(),
            location: text(header::LOCATION),
            cookie: text(header::SET_COOKIE)
                .and_then(|set| set.split(';').next().map(str::to_owned)),
            body: body.collect().await?.to_bytes(),
        })
    }
}
