//! Bytes on a socket: the slow, the large, the many, and what is no HTTP at all.

use crate::world::{Database, World};
use app::server::{self, Limits};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Longer than anything here may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A second door to the same world, with limits that are soon reached.
struct Door {
    world: World,
    address: SocketAddr,
    _stop: watch::Sender<bool>,
}

async fn door(change: impl FnOnce(&mut Limits)) -> Door {
    let world = World::new(Database::Sqlite).await;
    let mut limits = Limits {
        head_timeout: Duration::from_millis(200),
        body_pause: Duration::from_millis(200),
        ..Limits::default()
    };
    change(&mut limits);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = server::service_within(Arc::clone(&world.app), &limits);
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        server::serve_within(listener, router, stopped, &limits).await.unwrap();
    });
    Door { world, address, _stop: stop }
}

impl Door {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends bytes and reads until the other side closes.
    async fn exchange(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect().await;
        // The other side may have had enough before everything was sent.
        let _sent = stream.write_all(bytes).await;
        to_the_end(&mut stream).await
    }

    /// The start of a request by the owner with a body of so many bytes.
    fn head(&self, length: &str) -> String {
        let token = &self.world.owner;
        format!(
            "POST /api/v1/policy/check HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
             {length}\r\n\r\n"
        )
    }

    async fn is_well(&self) {
        let text = self.exchange(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assert!(text.await.starts_with("HTTP/1.1 200"));
    }
}

/// Everything until the end of the stream, whichever way it ends.
async fn to_the_end(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes)).await;
    assert!(read.is_ok(), "the server keeps the connection for ever");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The first answer on a stream that stays open.
async fn an_answer(stream: &mut TcpStream) -> String {
    let mut bytes = vec![0; 8_192];
    let read = tokio::time::timeout(PATIENCE, stream.read(&mut bytes)).await;
    let length = read.expect("the server does not answer").unwrap_or(0);
    String::from_utf8_lossy(&bytes[..length]).into_owned()
}

fn status_of(text: &str) -> &str {
    text.get(9..12).unwrap_or("")
}

#[tokio::test]
async fn a_head_that_does_not_end_is_cut_off() {
    let door = door(|_| {}).await;
    for start in ["", "G", "GET /healthz HTTP/1.1\r\n", "GET /healthz HTTP/1.1\r\nHost: x\r\nA:"] {
        let text = door.exchange(start.as_bytes()).await;
        assert!(text.is_empty() || status_of(&text) == "408", "{start:?}: {text}");
    }
    door.is_well().await;
}

#[tokio::test]
async fn a_connection_that_is_not_used_is_closed() {
    let door = door(|_| {}).await;
    let text = door.exchange(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(text.starts_with("HTTP/1.1 200") && text.ends_with("ok"), "{text}");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let door = door(|_| {}).await;
    for (length, part) in
        [("Content-Length: 100", "{\"text\":"), ("Transfer-Encoding: chunked", "5\r\n{\"tex\r\n")]
    {
        let text = door.exchange(format!("{}{part}", door.head(length)).as_bytes()).await;
        assert_eq!(status_of(&text), "408", "{text}");
        assert!(text.contains("\"code\":\"body_timeout\""), "{text}");
    }
    door.is_well().await;
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_error_of_ours() {
    let door = door(|_| {}).await;
    let head = door.head("Transfer-Encoding: chunked");
    let text = door.exchange(format!("{head}5\r\n{{\"tex\r\nzz\r\n").as_bytes()).await;
    assert!(text.is_empty() || status_of(&text) == "400", "{text}");
    door.is_well().await;
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_before_it_has_come() {
    let door = door(|limits| limits.body_pause = PATIENCE).await;
    let large = vec![b' '; 600 * 1024];
    let mut told = door.head("Content-Length: 10485760").into_bytes();
    told.extend(&large);
    let mut untold = door.head("Transfer-Encoding: chunked").into_bytes();
    untold.extend(format!("{:x}\r\n", large.len()).bytes());
    untold.extend(&large);
    for bytes in [told, untold] {
        let mut stream = door.connect().await;
        let _sent = stream.write_all(&bytes).await;
        let text = an_answer(&mut stream).await;
        assert_eq!(status_of(&text), "413", "{text}");
        assert!(text.contains("\"code\":\"body_too_large\""), "{text}");
    }
    door.is_well().await;
}

/// Whoever may not do it is told so before anything of the body is read.
#[tokio::test]
async fn nobody_is_listened_to_in_vain() {
    let door = door(|limits| limits.body_pause = PATIENCE).await;
    let head = door.head("Content-Length: 10485760").replace("Bearer wp_", "Bearer xx_");
    let mut stream = door.connect().await;
    stream.write_all(head.as_bytes()).await.unwrap();
    let text = an_answer(&mut stream).await;
    assert_eq!(status_of(&text), "401", "{text}");
}

#[tokio::test]
async fn one_request_too_many_is_told_to_come_back() {
    let door = door(|limits| {
        limits.requests_max = 1;
        limits.body_pause = PATIENCE;
    })
    .await;
    let mut first = door.connect().await;
    first.write_all(door.head("Content-Length: 2").as_bytes()).await.unwrap();

    let request = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let mut text = String::new();
    for _ in 0..200 {
        text = door.exchange(request).await;
        if status_of(&text) == "503" {
            break;
        }
    }

    assert!(text.contains("\"code\":\"busy\"") && text.contains("retry-after: 1"), "{text}");
    first.write_all(b"{}").await.unwrap();
    assert_eq!(status_of(&an_answer(&mut first).await), "400", "the first is served all the same");
    door.is_well().await;
}

#[tokio::test]
async fn one_connection_too_many_is_closed_at_once() {
    let door = door(|limits| {
        limits.connections_max = 2;
        limits.head_timeout = PATIENCE;
    })
    .await;
    let request = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream = door.connect().await;
        stream.write_all(request).await.unwrap();
        assert_eq!(status_of(&an_answer(&mut stream).await), "200");
        held.push(stream);
    }

    assert_eq!(door.exchange(request).await, "");

    drop(held);
    for _ in 0..200 {
        if !door.exchange(b"GET /healthz HTTP/1.0\r\n\r\n").await.is_empty() {
            return;
        }
    }
    panic!("the places of those who left are not given again");
}

/// Shapes by which two servers in a row could read different requests, and plain rubbish.
#[tokio::test]
async fn what_is_no_request_gets_400_or_nothing() {
    let door = door(|_| {}).await;
    let lines = |lines: &str| format!("POST /api/v1/policy/check HTTP/1.1\r\nHost: x\r\n{lines}");
    let smuggled = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    let many: String = (0..300).map(|n| format!("X-{n}: y\r\n")).collect();
    let shapes = [
        lines("Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
        lines("Content-Length: 2, 3\r\n\r\n{}"),
        lines("Content-Length: +2\r\n\r\n{}"),
        lines("Content-Length: -2\r\n\r\n{}"),
        lines("Content-Length: 99999999999999999999999\r\n\r\n{}"),
        lines(&format!(
            "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}"
        )),
        lines(&format!(
            "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n{smuggled}"
        )),
        lines("Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
        lines("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        lines("Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
        lines("Content-Length : 2\r\n\r\n{}"),
        lines("A: b\r\n c\r\n\r\n"),
        lines("A\u{0}: b\r\n\r\n"),
        lines("A: b\u{0}c\r\n\r\n"),
        lines(": b\r\n\r\n"),
        lines(&format!("A: {}\r\n\r\n", "x".repeat(200_000))),
        lines(&format!("{many}\r\n")),
        format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "x".repeat(100_000)),
        "GET /healthz\r\n\r\n".into(),
        "GET  /healthz  HTTP/1.1\r\n\r\n".into(),
        "GET /healthz HTTP/9.9\r\n\r\n".into(),
        "GET /health z HTTP/1.1\r\nHost: x\r\n\r\n".into(),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into(),
        "\r\n\r\n\r\n\r\n".into(),
        "\u{0}\u{0}\u{0}\u{0}".into(),
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}".into(),
        "<html>".repeat(1_000),
        "{\"json\": true}\r\n\r\n".into(),
    ];
    for shape in shapes {
        let text = door.exchange(shape.as_bytes()).await;
        let answers = text.matches("HTTP/1.1 ").count();
        let start: String = shape.chars().take(160).collect();
        assert!(answers <= 1, "{start:?} was taken for {answers} requests: {text}");
        // Where both lengths are given, the chunks count and the connection is closed (RFC 9112).
        let refused =
            ["", "400", "401", "404", "405", "408", "411", "413", "414", "431", "501", "505"];
        assert!(refused.contains(&status_of(&text)), "{start:?}: {text}");
    }
    door.is_well().await;
}

#[tokio::test]
async fn a_chunk_without_an_end_is_no_request_either() {
    let door = door(|_| {}).await;
    let head = door.head("Transfer-Encoding: chunked");
    for chunk in
        ["fffffffffffffffff\r\n", "-1\r\n", "0x5\r\nhello\r\n", "5;a=\u{0}\r\n", "\r\n\r\n"]
    {
        let text = door.exchange(format!("{head}{chunk}").as_bytes()).await;
        assert!(["", "400", "408"].contains(&status_of(&text)), "{chunk:?}: {text}");
    }
    door.is_well().await;
}
