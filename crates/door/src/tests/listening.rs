//! Connections on a real socket.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::routing::get as on_get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::*;
use crate::{Client, Server};

const SHORT: Duration = Duration::from_millis(150);
/// Long enough that only a connection that is never closed reaches it.
const FOR_EVER: Duration = Duration::from_secs(60);

struct Listening {
    address: SocketAddr,
    leave: Arc<Notify>,
    left: JoinHandle<std::io::Result<()>>,
}

async fn listen(server: Server, router: Router) -> Listening {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, leave) = (listener.local_addr().unwrap(), Arc::new(Notify::new()));
    let asked = leave.clone();
    let left = tokio::spawn(async move { server.serve(router, listener, asked.notified()).await });
    Listening { address, leave, left }
}

async fn say(address: SocketAddr, words: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(words).await.unwrap();
    stream
}

/// Everything until the other side closes.
async fn rest(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(FOR_EVER, stream.read_to_end(&mut bytes)).await;
    // A connection that was reset has been closed as well.
    let _ = read.expect("the connection was never closed");
    String::from_utf8_lossy(&bytes).into_owned()
}

const ONCE: &[u8] = b"GET / HTTP/1.1\r\nhost: city\r\nconnection: close\r\n\r\n";

fn pages() -> Router {
    house(&door(), Router::new().route("/", on_get(|| async { "page" })))
}

#[tokio::test]
async fn a_page_comes_over_the_line_without_telling_what_serves_it() {
    let here = listen(Server::default(), pages()).await;
    let answer = rest(say(here.address, ONCE).await).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("page"), "{answer}");
    assert!(!answer.to_ascii_lowercase().contains("\r\nserver:"));
}

#[tokio::test]
async fn one_connection_serves_many_requests() {
    let here = listen(Server::default(), pages()).await;
    let mut stream = TcpStream::connect(here.address).await.unwrap();
    for _ in 0..3 {
        stream.write_all(b"GET / HTTP/1.1\r\nhost: city\r\n\r\n").await.unwrap();
        let mut seen = Vec::new();
        while !seen.ends_with(b"page") {
            let mut part = [0; 4096];
            let n = stream.read(&mut part).await.unwrap();
            assert!(n > 0, "closed too early");
            seen.extend(&part[..n]);
        }
    }
}

#[tokio::test]
async fn whoever_sends_a_header_too_slowly_is_cut_off() {
    let here = listen(Server { header_timeout: SHORT, ..Server::default() }, pages()).await;
    for half in [&b"GET / HTTP/1.1\r\nhost: ci"[..], b"G", b"", b"PRI * HTTP/2.0\r\n\r\n"] {
        let answer = rest(say(here.address, half).await).await;
        assert!(!answer.contains("200 OK"), "{answer}");
    }
    assert!(rest(say(here.address, ONCE).await).await.contains("200 OK"));
}

#[tokio::test]
async fn the_second_version_of_http_is_spoken_too() {
    let here = listen(Server::default(), pages()).await;
    // The preface and an empty SETTINGS frame; the answer begins with a SETTINGS frame, whose kind is 4.
    let hello = [&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..], &[0, 0, 0, 4, 0, 0, 0, 0, 0]].concat();
    let mut stream = say(here.address, &hello[..10]).await;
    stream.write_all(&hello[10..]).await.unwrap();
    let mut frame = [0; 9];
    stream.read_exact(&mut frame).await.unwrap();
    assert_eq!(frame[3], 4);
}

#[tokio::test]
async fn whoever_reads_nothing_gives_the_place_free() {
    let huge = || async { Body::from(vec![b'a'; 64 * 1024 * 1024]) };
    let router =
        house(&door(), Router::new().route("/huge", on_get(huge)).route("/", on_get(|| async { "page" })));
    let server = Server { connections: 1, write_timeout: SHORT, ..Server::default() };
    let here = listen(server, router).await;
    let idle = say(here.address, b"GET /huge HTTP/1.1\r\nhost: city\r\n\r\n").await;
    // There is one place, so this answer shows that the silent reader has lost it.
    assert!(rest(say(here.address, ONCE).await).await.contains("200 OK"));
    drop(idle);
}

#[tokio::test]
async fn twisted_requests_are_refused_and_the_line_is_closed() {
    let here = listen(Server::default(), pages()).await;
    for twisted in [
        "GET / HTTP/1.1\r\nhost: city\r\ncontent-length: 3\r\ncontent-length: 5\r\n\r\nabcde",
        "GET / HTTP/1.1\r\nhost: city\r\nx-folded: a\r\n b\r\n\r\n",
        "GET / HTTP/1.1\r\nhost : city\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: city\r\ntransfer-encoding: xchunked\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: city\r\ncontent-length: -1\r\n\r\n",
    ] {
        let answer = rest(say(here.address, twisted.as_bytes()).await).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{twisted:?}: {answer}");
    }
    let long = format!("GET /{} HTTP/1.1\r\nhost: city\r\n\r\n", "a".repeat(100_000));
    let answer = rest(say(here.address, long.as_bytes()).await).await;
    assert!(!answer.contains("200 OK"), "{answer}");
}

#[tokio::test]
async fn a_body_that_nobody_reads_is_not_taken_for_a_request() {
    let here = listen(Server::default(), pages()).await;
    let hidden = "POST / HTTP/1.1\r\nhost: city\r\ncontent-length: 6\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\nhost: city\r\nconnection: close\r\n\r\n";
    let answer = rest(say(here.address, hidden.as_bytes()).await).await;
    assert!(!answer.contains("200 OK"), "{answer}");
}

#[tokio::test]
async fn the_handler_learns_who_is_asking() {
    let who = |Client(address): Client, State(_): State<Door>| async move { address.to_string() };
    let here = listen(Server::default(), house(&door(), Router::new().route("/", on_get(who)))).await;
    assert!(rest(say(here.address, ONCE).await).await.ends_with("127.0.0.1"));
}

#[tokio::test]
async fn what_was_begun_is_finished_before_the_program_leaves() {
    let (begun, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tell, wait) = (begun.clone(), go.clone());
    let slow = move || async move {
        tell.notify_one();
        wait.notified().await;
        "finished"
    };
    let here = listen(Server::default(), house(&door(), Router::new().route("/", on_get(slow)))).await;
    let stream = say(here.address, b"GET / HTTP/1.1\r\nhost: city\r\n\r\n").await;
    begun.notified().await;
    here.leave.notify_one();
    // The listener closes first; from then on nobody new comes in.
    while TcpStream::connect(here.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    go.notify_one();
    assert!(rest(stream).await.ends_with("finished"));
    here.left.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_program_does_not_wait_for_ever() {
    let begun = Arc::new(Notify::new());
    let tell = begun.clone();
    let never = move || async move {
        tell.notify_one();
        std::future::pending::<&'static str>().await
    };
    let here = listen(
        Server { drain: SHORT, ..Server::default() },
        house(&door(), Router::new().route("/", on_get(never))),
    )
    .await;
    let _stream = say(here.address, ONCE).await;
    begun.notified().await;
    here.leave.notify_one();
    here.left.await.unwrap().unwrap();
}

#[tokio::test]
async fn streams_without_an_end_hear_that_the_program_is_leaving() {
    let door = door();
    let waiting = tokio::spawn({
        let door = door.clone();
        async move { door.closed().await }
    });
    door.close();
    waiting.await.unwrap();
    assert!(door.is_closing());
    door.closed().await;
}

#[tokio::test]
async fn a_body_with_two_lengths_ends_the_connection() {
    // What one machine between takes for the rest of a body must not become a second request here.
    let echo = axum::routing::post(|body: String| async move { format!("[{body}]") });
    let here = listen(Server::default(), house(&door(), Router::new().route("/", echo))).await;
    for heads in [
        "content-length: 4\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 4\r\n",
    ] {
        let words = format!(
            "POST / HTTP/1.1\r\nhost: city\r\n{heads}\r\n0\r\n\r\nGET / HTTP/1.1\r\nhost: city\r\n\r\n"
        );
        let answer = rest(say(here.address, words.as_bytes()).await).await;
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
        assert!(answer.contains("connection: close") && answer.ends_with("[]"), "{answer}");
    }
    for heads in ["content-length: 4\r\ncontent-length: 5\r\n", "transfer-encoding: gzip\r\n"] {
        let words = format!("POST / HTTP/1.1\r\nhost: city\r\n{heads}\r\nabcd");
        let answer = rest(say(here.address, words.as_bytes()).await).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    }
}
