//! People who report, each at their moment. The wait is counted from that moment, not from when a connection was free:
//! a server that stands still for a second has let everybody wait who came in that second.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Result;
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::day::Message;
use crate::http;

/// The longest that a kept connection is used again after.
const IDLE: Duration = Duration::from_secs(5);

/// What became of the messages.
#[derive(Default)]
pub struct Sent {
    /// By their place in the day.
    pub acknowledged: Vec<usize>,
    pub errors: u64,
    pub first_error: String,
    pub times: Vec<Duration>,
}

/// Sends every message at its moment over a few kept connections.
pub async fn send(to: SocketAddr, all: Arc<Vec<Message>>, connections: usize) -> Result<Sent> {
    let next = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    let tasks: Vec<_> =
        (0..connections).map(|_| tokio::spawn(one(to, all.clone(), next.clone(), began))).collect();
    let mut sum = Sent::default();
    for task in tasks {
        let part = task.await?;
        sum.acknowledged.extend(part.acknowledged);
        sum.times.extend(part.times);
        sum.errors += part.errors;
        if sum.first_error.is_empty() {
            sum.first_error = part.first_error;
        }
    }
    sum.acknowledged.sort_unstable();
    Ok(sum)
}

async fn one(to: SocketAddr, all: Arc<Vec<Message>>, next: Arc<AtomicUsize>, began: Instant) -> Sent {
    let mut sent = Sent::default();
    let mut line: Option<TcpStream> = None;
    let mut buffer = Vec::with_capacity(16 * 1024);
    let mut used = Instant::now();
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        let Some(message) = all.get(n) else { return sent };
        let moment = began + message.at;
        tokio::time::sleep_until(moment).await;
        // The program closes lines that are idle for ten seconds; a client opens a new one before that.
        if used.elapsed() > IDLE {
            line = None;
        }
        used = Instant::now();
        let text = format!(
            "POST /api/v1/requests HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: storm-{n}\r\nContent-Length: {}\r\n\r\n{}",
            message.body.len(),
            message.body
        );
        match http::ask(&mut line, to, text.as_bytes(), &mut buffer).await {
            Ok(status) if (200..300).contains(&status) => {
                sent.acknowledged.push(n);
                sent.times.push(moment.elapsed());
            }
            outcome => {
                sent.errors += 1;
                line = None;
                if sent.first_error.is_empty() {
                    let said = String::from_utf8_lossy(&buffer).chars().take(400).collect::<String>();
                    sent.first_error = format!("{outcome:?} {said}");
                }
            }
        }
    }
}
