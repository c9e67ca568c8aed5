//! A small client that keeps its connections: it sends one request on each, reads one answer, and goes on until the
//! time is up. It reads just enough of HTTP/1.1 to know where an answer ends, so that the server is what is measured.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What came of a burst of requests.
pub struct Burst {
    pub answers: u64,
    /// Answers other than 200 to 299.
    pub refused: u64,
    pub took: Duration,
    pub times: Vec<Duration>,
}

impl Burst {
    pub fn a_second(&self) -> f64 {
        self.answers as f64 / self.took.as_secs_f64()
    }
}

/// Keeps `connections` busy for `lasting`; `request(connection, nth)` is the whole text of a request.
pub async fn burst(
    to: SocketAddr,
    connections: usize,
    lasting: Duration,
    request: impl Fn(usize, u64) -> Vec<u8> + Send + Sync + Clone + 'static,
) -> Result<Burst> {
    let began = Instant::now();
    let until = began + lasting;
    let all: Vec<_> = (0..connections)
        .map(|connection| {
            let request = request.clone();
            tokio::spawn(async move { one(to, connection, until, request).await })
        })
        .collect();
    let mut sum = Burst { answers: 0, refused: 0, took: Duration::ZERO, times: Vec::new() };
    for task in all {
        let (refused, times) = task.await??;
        sum.answers += times.len() as u64;
        sum.refused += refused;
        sum.times.extend(times);
    }
    sum.took = began.elapsed();
    Ok(sum)
}

async fn one(
    to: SocketAddr,
    connection: usize,
    until: Instant,
    request: impl Fn(usize, u64) -> Vec<u8>,
) -> Result<(u64, Vec<Duration>)> {
    let mut stream = TcpStream::connect(to).await.context("the server does not answer")?;
    stream.set_nodelay(true)?;
    let (mut refused, mut times, mut nth) = (0, Vec::new(), 0);
    let mut buffer = Vec::with_capacity(64 * 1024);
    while Instant::now() < until {
        let text = request(connection, nth);
        nth += 1;
        let sent = Instant::now();
        stream.write_all(&text).await?;
        let status = answer(&mut stream, &mut buffer).await?;
        times.push(sent.elapsed());
        refused += u64::from(!(200..300).contains(&status));
    }
    Ok((refused, times))
}

/// Sends one request on a kept connection, opening it first if need be, and returns the status of the answer.
pub async fn ask(
    line: &mut Option<TcpStream>,
    to: SocketAddr,
    text: &[u8],
    buffer: &mut Vec<u8>,
) -> Result<u16> {
    let stream = match line {
        Some(stream) => stream,
        None => {
            let stream = TcpStream::connect(to).await.context("the server does not answer")?;
            stream.set_nodelay(true)?;
            line.insert(stream)
        }
    };
    stream.write_all(text).await?;
    answer(stream, buffer).await
}

/// Reads one answer and returns its status.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<u16> {
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            bail!("the connection was closed in the middle of an answer");
        }
        let Some(end) = buffer.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(buffer.get(..end).unwrap_or(&[])).to_ascii_lowercase();
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).context("not an HTTP answer")?;
        let length =
            head.lines().find_map(|l| l.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
        let whole = |buffer: &Vec<u8>| match length {
            Some(length) => buffer.len() >= end + 4 + length,
            None => buffer.ends_with(b"0\r\n\r\n"),
        };
        while !whole(buffer) {
            if stream.read_buf(buffer).await? == 0 {
                bail!("the connection was closed in the middle of an answer");
            }
        }
        return Ok(status);
    }
}

/// One request and the body of its answer.
pub async fn get(to: SocketAddr, path: &str) -> Result<(u16, String)> {
    let mut stream = TcpStream::connect(to).await?;
    stream.write_all(&text_of_get(path)).await?;
    let mut buffer = Vec::new();
    let status = answer(&mut stream, &mut buffer).await?;
    let text = String::from_utf8_lossy(&buffer).into_owned();
    let body = text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default();
    Ok((status, body))
}

pub fn text_of_get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n").into_bytes()
}
