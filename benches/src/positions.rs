//! Crews say where they are and boards show it: three hundred telephones, each every five seconds, against the program
//! itself over HTTP, with sixty boards open, each a stream of events with a session of its own.
//!
//! It asks how long it takes from the moment at which a telephone sends to the moment at which a board hears of it.
//! Everything is on this machine's loopback, and it stops by itself.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, ensure};
use calendar::Timestamp;
use dispatch::{CrewId, crews, members, shifts};
use people::accounts::{self, NewAccount, Offer};
use people::sessions::{self, Assurance};
use people::{Act, Actor, Dice, Role};
use storage::Db;
use territory::{Level, Point};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::data::{self, Ground};
use crate::http;
use crate::server::Server;
use crate::table;

/// Milliseconds from a telephone to a board, nineteen of twenty.
const LIMIT: f64 = 1_000.0;
const EVERY: Duration = Duration::from_secs(5);

/// When each crew last sent, in milliseconds of the clock that everybody here shares.
type Sent = Arc<HashMap<String, AtomicI64>>;

pub fn run(data: &Path, crews: usize, boards: usize, seconds: u64) -> Result<()> {
    let folder = tempfile::tempdir_in(data)?;
    let (telephones, tokens) = {
        let db: Db = data::open(folder.path())?;
        let ground = data::found_city(&db)?;
        (telephones(&db, &ground, crews)?, dispatchers(&db, &ground, boards)?)
    };
    table::heading(&format!("Positions: {crews} crews every 5 s for {seconds} s, {boards} boards"));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let story = async {
        let server = Server::start(folder.path()).await?;
        let ids = telephones.iter().map(|t| (t.crew.0.to_string(), AtomicI64::new(0)));
        let (sent, over): (Sent, _) = (Arc::new(ids.collect()), Arc::new(AtomicBool::new(false)));
        let mut watching = Vec::new();
        for token in tokens {
            let line = open(server.address, &token).await?;
            watching.push(tokio::spawn(watch(line, sent.clone(), over.clone())));
        }
        let until = Instant::now() + Duration::from_secs(seconds);
        let mut sending = Vec::new();
        for (n, telephone) in telephones.into_iter().enumerate() {
            let wait = EVERY.mul_f64(n as f64 / crews.max(1) as f64);
            sending.push(tokio::spawn(report(server.address, telephone, sent.clone(), wait, until)));
        }
        let (mut reports, mut answers) = (0, Vec::new());
        for task in sending {
            let (count, times) = task.await??;
            reports += count;
            answers.extend(times);
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        over.store(true, Ordering::Relaxed);
        let (mut heard, mut least) = (Vec::new(), usize::MAX);
        for task in watching {
            let times = task.await??;
            least = least.min(times.len());
            heard.extend(times);
        }
        let memory = server.resident_mb()?;
        Ok::<_, anyhow::Error>((reports, answers, heard, least, memory))
    };
    let longest = Duration::from_secs(seconds * 2 + 120);
    let outcome = runtime.block_on(async { tokio::time::timeout(longest, story).await });
    let (reports, mut answers, mut heard, least, memory) = outcome.context("it took too long")??;
    table::line("positions taken", reports as f64, "", &format!("{:.0}/s", reports as f64 / seconds as f64));
    let answered = table::ms(table::percentile(&mut answers, 0.95));
    table::line("answer to the telephone p95", answered, "ms", "a handful is gathered for 250 ms");
    table::line("positions heard by each board", least as f64, "", &format!("at least, of {reports}"));
    let [p50, p95, p100] = [0.5, 0.95, 1.0].map(|share| table::ms(table::percentile(&mut heard, share)));
    table::line(
        "telephone to board p95",
        p95,
        "ms",
        &format!("limit {LIMIT:.0}; p50 {p50:.0}, longest {p100:.0}"),
    );
    table::line("memory of the program", memory, "MB", "");
    ensure!(least as f64 >= reports as f64 * 0.99, "a board heard {least} of {reports} positions");
    ensure!(p95 <= LIMIT, "a board heard after {p95:.0} ms");
    Ok(())
}

#[allow(clippy::disallowed_methods)]
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(0)
}

fn act() -> Result<Act> {
    let mut key = [0u8; 32];
    getrandom::fill(&mut key).map_err(|e| anyhow::anyhow!("{e}"))?;
    Ok(Act::new(Actor::System("bench"), Timestamp(now()), Arc::new(Dice::new(key))))
}

/// A crew's telephone.
struct Telephone {
    crew: CrewId,
    token: String,
    base: Point,
}

/// Crews at work that allowed their positions to be read, each with one person who is signed in.
fn telephones(db: &Db, ground: &Ground, count: usize) -> Result<Vec<Telephone>> {
    let (act, city) = (act()?, ground.jurisdiction);
    let made = db.write_blocking(move |tx| -> storage::Result<Vec<Telephone>> {
        let wrong = |refusal: &dyn std::fmt::Display| storage::Error::corrupt(refusal);
        let atlas = territory::atlas(tx, city)?;
        let unit = requests::catalogue(tx, city)?
            .units()
            .find(|unit| unit.kind != people::units::UnitKind::External)
            .map(|unit| unit.id);
        let centre = atlas.jurisdiction.centre;
        let place = match atlas.locate(centre) {
            territory::Located::Inside(place) => place.district,
            _ => atlas.divisions(Level::District).next().map(|d| d.id),
        };
        let mut all = Vec::new();
        for n in 0..count {
            let wish = crews::Wish {
                name_en: format!("Crew {n}"),
                name_fa: format!("اکیپ {n}"),
                district: place,
                unit,
                ..crews::Wish::new(format!("crew-{n}"), centre)
            };
            let crew = crews::add(tx, &act, city, &wish).map_err(|e| wrong(&e))?;
            let person = NewAccount {
                name: format!("Person {n}"),
                sign_name: Some(format!("person-{n}")),
                ..NewAccount::default()
            };
            let offer = Offer::unit(Role::CrewMember, unit.unwrap_or(0));
            let account = accounts::create(tx, &act, city, &person)
                .and_then(|account| accounts::give(tx, &act, city, account, &offer).map(|_| account))
                .map_err(|e| wrong(&e))?;
            members::join(tx, &act, city, crew.id, account, true).map_err(|e| wrong(&e))?;
            let shift = shifts::Wish {
                crew: crew.id,
                starts_at: act.at.plus_minutes(-5),
                ends_at: act.at.plus_hours(6),
                overtime_until: None,
                rest: None,
            };
            shifts::plan(tx, &act, city, &shift).map_err(|e| wrong(&e))?;
            shifts::begin(tx, &act, city, crew.id, true).map_err(|e| wrong(&e))?;
            let token =
                sessions::begin(tx, &act, city, account, Assurance::PasswordTotp, "bench", "127.0.0.1")?;
            all.push(Telephone { crew: crew.id, token, base: centre });
        }
        Ok(all)
    });
    made.context("making the crews")
}

fn dispatchers(db: &Db, ground: &Ground, count: usize) -> Result<Vec<String>> {
    let (act, city) = (act()?, ground.jurisdiction);
    let tokens = db.write_blocking(move |tx| -> storage::Result<Vec<String>> {
        let mut tokens = Vec::new();
        for n in 0..count {
            let wish = NewAccount {
                name: format!("Dispatcher {n}"),
                sign_name: Some(format!("dispatcher-{n}")),
                ..NewAccount::default()
            };
            let made = accounts::create(tx, &act, city, &wish).and_then(|account| {
                accounts::give(tx, &act, city, account, &Offer::city(Role::Dispatcher)).map(|_| account)
            });
            let account = made.map_err(|refusal| storage::Error::corrupt(format_args!("{refusal}")))?;
            tokens.push(sessions::begin(
                tx,
                &act,
                city,
                account,
                Assurance::PasswordTotp,
                "bench",
                "127.0.0.1",
            )?);
        }
        Ok(tokens)
    });
    tokens.context("making the dispatchers")
}

/// One telephone: a position every five seconds, some steps from the one before.
async fn report(
    to: SocketAddr,
    telephone: Telephone,
    sent: Sent,
    wait: Duration,
    until: Instant,
) -> Result<(usize, Vec<Duration>)> {
    tokio::time::sleep(wait).await;
    let (mut line, mut buffer, mut times, mut count) = (None, Vec::with_capacity(4096), Vec::new(), 0);
    let mut pace = tokio::time::interval(EVERY);
    while Instant::now() < until {
        pace.tick().await;
        let at = now();
        let north = 0.0005 * (count % 20) as f64;
        let body = serde_json::json!({
            "sent_at": at,
            "fixes": [{ "at": at, "lat": telephone.base.lat + north, "long": telephone.base.long, "accuracy": 12.0 }],
        })
        .to_string();
        let text = format!(
            "POST /crew/positions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nSec-Fetch-Site: same-origin\r\n\
             Cookie: peyvand={}\r\nContent-Length: {}\r\n\r\n{body}",
            telephone.token,
            body.len()
        );
        if let Some(last) = sent.get(&telephone.crew.0.to_string()) {
            last.store(at, Ordering::Relaxed);
        }
        let began = Instant::now();
        let status = http::ask(&mut line, to, text.as_bytes(), &mut buffer).await?;
        ensure!(
            (200..300).contains(&status),
            "a position was answered with {status}: {}",
            String::from_utf8_lossy(&buffer)
        );
        times.push(began.elapsed());
        count += 1;
    }
    Ok((count, times))
}

struct Line {
    stream: TcpStream,
    buffer: Vec<u8>,
    event: String,
}

async fn open(to: SocketAddr, token: &str) -> Result<Line> {
    let mut stream = TcpStream::connect(to).await?;
    let text = format!(
        "GET /en/dispatch/live HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nCookie: peyvand={token}\r\n\r\n"
    );
    stream.write_all(text.as_bytes()).await?;
    let mut line = Line { stream, buffer: Vec::with_capacity(64 * 1024), event: String::new() };
    // The first event says that the place on the line is taken.
    while !line.buffer.windows(12).any(|w| w == b"event: hello") {
        ensure!(line.stream.read_buf(&mut line.buffer).await? > 0, "a board was closed at once");
    }
    let head = String::from_utf8_lossy(&line.buffer).into_owned();
    ensure!(head.starts_with("HTTP/1.1 200"), "a board was refused: {}", head.lines().next().unwrap_or(""));
    Ok(line)
}

async fn watch(mut line: Line, sent: Sent, over: Arc<AtomicBool>) -> Result<Vec<Duration>> {
    let mut heard = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let read = line.stream.read_buf(&mut line.buffer);
        match tokio::time::timeout(Duration::from_millis(500), read).await {
            Ok(read) => ensure!(read? > 0, "a board was closed"),
            Err(_) => continue,
        }
        take(&mut line, &sent, &mut heard);
    }
    Ok(heard)
}

/// Takes every whole line that has come. Of each crew only its number is looked for: reading all of sixty boards would
/// measure this program.
fn take(line: &mut Line, sent: &Sent, heard: &mut Vec<Duration>) {
    let at = now();
    let mut from = 0;
    while let Some(end) = line.buffer.get(from..).and_then(|rest| rest.iter().position(|b| *b == b'\n')) {
        let text = String::from_utf8_lossy(line.buffer.get(from..from + end).unwrap_or(&[])).into_owned();
        from += end + 1;
        let text = text.trim_end_matches('\r');
        if let Some(name) = text.strip_prefix("event: ") {
            line.event = name.to_owned();
        } else if let Some(data) = text.strip_prefix("data: ").filter(|_| line.event == "crews") {
            for part in data.split("{\"id\":\"").skip(1) {
                let last = part
                    .split('"')
                    .next()
                    .and_then(|id| sent.get(id))
                    .map(|last| last.load(Ordering::Relaxed));
                if let Some(last) = last {
                    heard.push(Duration::from_millis(u64::try_from(at - last).unwrap_or(0)));
                }
            }
        }
    }
    line.buffer.drain(..from);
}
