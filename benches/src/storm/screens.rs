//! Open boards: each is a stream of server-sent events with a session of its own, which comes back when it is ended.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Result, ensure};
use calendar::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// Screens whose incidents are read too; reading them all would measure this program.
const READ_WHOLE: usize = 5;

/// What the screens heard.
#[derive(Default)]
pub struct Heard {
    /// Messages that each screen heard of.
    pub messages: Vec<u64>,
    /// From the oldest message of each event to the screen.
    pub times: Vec<Duration>,
    pub longest: Duration,
    /// From the oldest message that came to an incident to its new size on the screen. A lone report that becomes a
    /// member when its like comes hours later is no message that came: the clock begins with the later one.
    pub incidents: Vec<Duration>,
    pub resyncs: u64,
}

pub struct Screens {
    tasks: Vec<JoinHandle<Result<Heard>>>,
    over: Arc<AtomicBool>,
    counts: Vec<Arc<AtomicU64>>,
}

/// The time of day, which the program and its screens share on one machine.
#[allow(clippy::disallowed_methods)]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(0))
}

/// Opens one screen for each session and waits until all stand.
pub async fn open(to: SocketAddr, tokens: Vec<String>) -> Result<Screens> {
    let over = Arc::new(AtomicBool::new(false));
    let counts: Vec<Arc<AtomicU64>> = tokens.iter().map(|_| Arc::default()).collect();
    let mut tasks = Vec::new();
    for (n, token) in tokens.into_iter().enumerate() {
        let mut line = Line::open(to, &token, None).await?;
        // The first event says that the place on the line is taken.
        let mut first = Heard::default();
        line.parse(&mut first, false, &AtomicU64::new(0));
        while line.last.is_none() {
            ensure!(line.read(&mut first, false, &AtomicU64::new(0)).await?, "a screen was closed at once");
        }
        let (over, count) = (over.clone(), counts.get(n).cloned().unwrap_or_default());
        tasks.push(tokio::spawn(watch(to, token, line, n < READ_WHOLE, over, count)));
    }
    Ok(Screens { tasks, over, counts })
}

impl Screens {
    /// Waits until every screen has heard of so many messages and is quiet, then closes them.
    pub async fn finish(self, messages: u64, most: Duration) -> Result<Heard> {
        let until = Instant::now() + most;
        while Instant::now() < until
            && self.counts.iter().any(|count| count.load(Ordering::Relaxed) < messages)
        {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        // Incidents come a moment after the messages.
        tokio::time::sleep(Duration::from_secs(4)).await;
        self.over.store(true, Ordering::Relaxed);
        let mut sum = Heard::default();
        for task in self.tasks {
            let part = task.await??;
            sum.messages.extend(part.messages);
            sum.times.extend(part.times);
            sum.incidents.extend(part.incidents);
            sum.longest = sum.longest.max(part.longest);
            sum.resyncs += part.resyncs;
        }
        Ok(sum)
    }
}

async fn watch(
    to: SocketAddr,
    token: String,
    mut line: Line,
    whole: bool,
    over: Arc<AtomicBool>,
    count: Arc<AtomicU64>,
) -> Result<Heard> {
    let mut heard = Heard::default();
    while !over.load(Ordering::Relaxed) {
        let read =
            tokio::time::timeout(Duration::from_millis(500), line.read(&mut heard, whole, &count)).await;
        // A stream ends after some minutes by itself; the browser comes back with the last event it knows.
        if let Ok(is_open) = read
            && !is_open.unwrap_or(false)
        {
            line = Line::open(to, &token, line.last).await?;
            line.parse(&mut heard, whole, &count);
        }
    }
    heard.messages.push(count.load(Ordering::Relaxed));
    Ok(heard)
}

struct Line {
    stream: TcpStream,
    buffer: Vec<u8>,
    last: Option<i64>,
    event: String,
}

impl Line {
    async fn open(to: SocketAddr, token: &str, last: Option<i64>) -> Result<Line> {
        let mut stream = TcpStream::connect(to).await?;
        let back = last.map(|seq| format!("Last-Event-ID: {seq}\r\n")).unwrap_or_default();
        let text = format!(
            "GET /en/storm/live HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nCookie: peyvand={token}\r\n{back}\r\n"
        );
        stream.write_all(text.as_bytes()).await?;
        let mut line = Line { stream, buffer: Vec::with_capacity(64 * 1024), last, event: String::new() };
        // The head of the answer; anything but 200 is an error of its own.
        while !line.buffer.windows(4).any(|w| w == b"\r\n\r\n") {
            ensure!(line.stream.read_buf(&mut line.buffer).await? > 0, "closed before an answer");
        }
        let head = String::from_utf8_lossy(&line.buffer).into_owned();
        ensure!(
            head.starts_with("HTTP/1.1 200"),
            "a screen was refused: {}",
            head.lines().next().unwrap_or("")
        );
        let end = line.buffer.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or(0) + 4;
        line.buffer.drain(..end);
        Ok(line)
    }

    /// Reads what there is. False when the stream has ended.
    async fn read(&mut self, heard: &mut Heard, whole: bool, count: &AtomicU64) -> Result<bool> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            return Ok(false);
        }
        self.parse(heard, whole, count);
        Ok(true)
    }

    /// Takes every whole line that has come; the first ones may come with the head of the answer.
    fn parse(&mut self, heard: &mut Heard, whole: bool, count: &AtomicU64) {
        let now = now().0;
        let mut from = 0;
        while let Some(end) = self.buffer.get(from..).and_then(|rest| rest.iter().position(|b| *b == b'\n')) {
            let text = String::from_utf8_lossy(self.buffer.get(from..from + end).unwrap_or(&[])).into_owned();
            from += end + 1;
            let text = text.trim_end_matches('\r');
            // The sizes of chunks stand on lines of their own and begin no field.
            if let Some(name) = text.strip_prefix("event: ") {
                self.event = name.to_owned();
                heard.resyncs += u64::from(name == "resync");
            } else if let Some(id) = text.strip_prefix("id: ") {
                self.last = id.parse().ok().or(self.last);
            } else if let Some(data) = text.strip_prefix("data: ").filter(|_| self.event == "board") {
                take(data, now, heard, whole, count);
            }
        }
        self.buffer.drain(..from);
    }
}

/// `{"new":12,"from":1794637800000,…`: how many, and when the first of them was received.
fn take(data: &str, now: i64, heard: &mut Heard, whole: bool, count: &AtomicU64) {
    let number = |name: &str| -> Option<i64> {
        let rest = data.get(data.find(name)? + name.len()..)?;
        rest.get(..rest.find([',', '}'])?)?.parse().ok()
    };
    let new = number("{\"new\":").unwrap_or(0);
    count.fetch_add(u64::try_from(new).unwrap_or(0), Ordering::Relaxed);
    let since = |from: i64| Duration::from_millis(u64::try_from(now - from).unwrap_or(0));
    if new > 0
        && let Some(from) = number("\"from\":")
    {
        heard.times.push(since(from));
        heard.longest = heard.longest.max(since(from));
    }
    if !whole {
        return;
    }
    let event: serde_json::Value = serde_json::from_str(data).unwrap_or_default();
    for incident in event["incidents"].as_array().into_iter().flatten() {
        if let Some(from) = incident["from"].as_i64() {
            heard.incidents.push(since(from));
        }
    }
}
