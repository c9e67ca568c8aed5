//! A storm, replayed: the messages of the worst day that a city of nine million has seen, twenty times over, in ten
//! minutes, against the program itself over HTTP, with the screens of 150 operators open.
//!
//! It asks whether anything was refused or lost, how long people waited, how soon each screen heard of it, and whether
//! reports of one thing found each other: pairs said to belong together that do (precision), and pairs that do and were
//! said to (recall), against what was made. Everything is on this machine's loopback, and it stops by itself.

mod day; // who reports what, when and where
mod screens; // 150 open boards
mod sending; // people who report, each at their moment
mod truth; // what was found, against what was made

pub use screens::now;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use people::accounts::{self, NewAccount, Offer};
use people::sessions::{self, Assurance};
use people::{Act, Actor, Dice, Role};
use storage::Db;

use crate::data::{self, Ground};
use crate::server::Server;
use crate::table;

/// Milliseconds within which nineteen of twenty messages are answered.
const INTAKE_P95: f64 = 300.0;
/// Milliseconds from a message to every screen, at the longest.
const SCREEN: f64 = 2_000.0;
const PRECISION: f64 = 0.95;
const RECALL: f64 = 0.9;
/// Connections that people's programs keep.
const CONNECTIONS: usize = 96;
/// The longest that the screens are given to hear the last of it.
const CALM: Duration = Duration::from_secs(60);

pub fn run(data: &Path, messages: usize, seconds: u64, screens: usize, seed: u64) -> Result<()> {
    let folder = tempfile::tempdir_in(data)?;
    let (ground, tokens, all) = {
        let db: Db = data::open(folder.path())?;
        let ground = data::found_city(&db)?;
        begin_storm(&db, &ground)?;
        let all = day::make(&db, &ground, messages, Duration::from_secs(seconds), seed)?;
        let tokens = operators(&db, &ground, screens)?;
        (ground, tokens, all)
    };
    let of_incidents = all.iter().filter(|m| m.incident.is_some()).count();
    table::heading(&format!(
        "A storm: {messages} messages in {seconds} s, {} % about {} incidents, {screens} screens",
        of_incidents * 100 / messages.max(1),
        day::INCIDENTS
    ));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    // Whatever happens, it stops by itself; the program ends with its handle.
    let longest = Duration::from_secs(seconds * 2) + 3 * CALM;
    let story = async {
        let server = Server::start(folder.path()).await?;
        let watching = screens::open(server.address, tokens).await?;
        let all = Arc::new(all);
        let began = Instant::now();
        let sent = sending::send(server.address, all.clone(), CONNECTIONS).await?;
        let took = began.elapsed();
        let heard = watching.finish(sent.acknowledged.len() as u64, CALM).await?;
        let memory = server.resident_mb()?;
        Ok::<_, anyhow::Error>((sent, heard, took, memory, all))
    };
    let outcome = runtime.block_on(async { tokio::time::timeout(longest, story).await });
    // The program has ended with its handle; what it wrote is read from the disk.
    let (mut sent, mut heard, took, memory, all) = outcome.context("it took too long")??;
    let db = data::open(folder.path())?;
    let found = truth::judge(&db, ground.jurisdiction, &all, &sent.acknowledged)?;

    let acknowledged = sent.acknowledged.len() as u64;
    let rate = acknowledged as f64 / took.as_secs_f64();
    table::line(
        "messages acknowledged",
        acknowledged as f64,
        "",
        &format!("{rate:.0}/s, of {messages} sent"),
    );
    table::line("refused or broken off", sent.errors as f64, "", &sent.first_error);
    table::line("acknowledged and not there", found.lost as f64, "", "");
    let p95 = table::ms(table::percentile(&mut sent.times, 0.95));
    let p50 = table::ms(table::percentile(&mut sent.times, 0.5));
    let p99 = table::ms(table::percentile(&mut sent.times, 0.99));
    table::line("intake p95", p95, "ms", &format!("limit {INTAKE_P95:.0}; p50 {p50:.1}, p99 {p99:.1}"));
    let least = heard.messages.iter().min().copied().unwrap_or(0);
    table::line("messages heard by each screen", least as f64, "", &format!("at least, of {acknowledged}"));
    let slow = table::ms(table::percentile(&mut heard.times, 0.95));
    let longest = table::ms(heard.longest);
    table::line("message to screen p95", slow, "ms", "of the oldest message of each event");
    table::line("message to screen, the longest", longest, "ms", &format!("limit {SCREEN:.0}"));
    let incident = table::ms(table::percentile(&mut heard.incidents, 0.95));
    let incident_longest = table::ms(table::percentile(&mut heard.incidents, 1.0));
    table::line(
        "message to its incident on the screen p95",
        incident,
        "ms",
        &format!("longest {incident_longest:.0}"),
    );
    table::line("screens told to load anew", heard.resyncs as f64, "", "");
    table::line(
        "incidents found with 5 reports or more",
        found.large as f64,
        "",
        &format!("{} of {} made are among them", found.met, day::INCIDENTS),
    );
    table::line("incidents found in all", found.incidents as f64, "", "the rest of the city reports too");
    let percent = |share: f64| share * 100.0;
    let of = |limit: f64| format!("at least {:.0}", percent(limit));
    table::line("pairs rightly together (precision)", percent(found.precision), "%", &of(PRECISION));
    table::line("pairs found (recall)", percent(found.recall), "%", &of(RECALL));
    table::line("facts not followed at the end", found.behind as f64, "", "");
    table::line("memory of the program", memory, "MB", "");

    ensure!(sent.errors == 0, "{} messages failed: {}", sent.errors, sent.first_error);
    ensure!(found.lost == 0, "{} acknowledged messages are not there", found.lost);
    ensure!(least >= acknowledged || heard.resyncs > 0, "a screen heard {least} of {acknowledged} messages");
    ensure!(p95 <= INTAKE_P95, "people waited {p95:.0} ms");
    ensure!(longest <= SCREEN, "a screen heard after {longest:.0} ms");
    ensure!(found.precision >= PRECISION && found.recall >= RECALL, "reports did not find each other");
    Ok(())
}

fn act() -> Result<Act> {
    let mut key = [0u8; 32];
    getrandom::fill(&mut key).map_err(|e| anyhow::anyhow!("{e}"))?;
    Ok(Act::new(Actor::System("bench"), screens::now(), Arc::new(Dice::new(key))))
}

/// Storm mode over the city, so that incidents are confirmed by rule and every member's thread says so.
fn begin_storm(db: &Db, ground: &Ground) -> Result<()> {
    let (act, city) = (act()?, ground.jurisdiction);
    db.write_blocking(move |tx| match requests::storm::begin(tx, &act, city, None, None) {
        Ok(_) => Ok(()),
        Err(requests::storm::StormError::Failure(failure)) => Err(failure),
        Err(_) => Err(storage::Error::Conflict),
    })?;
    Ok(())
}

/// Operators who are signed in, each by a session of their own.
fn operators(db: &Db, ground: &Ground, count: usize) -> Result<Vec<String>> {
    let (act, city) = (act()?, ground.jurisdiction);
    let tokens = db.write_blocking(move |tx| -> storage::Result<Vec<String>> {
        let mut tokens = Vec::new();
        for n in 0..count {
            let wish = NewAccount {
                name: format!("Operator {n}"),
                sign_name: Some(format!("operator-{n}")),
                ..NewAccount::default()
            };
            let made = accounts::create(tx, &act, city, &wish).and_then(|account| {
                accounts::give(tx, &act, city, account, &Offer::city(Role::Operator)).map(|_| account)
            });
            let account = made.map_err(|refusal| storage::Error::corrupt(format_args!("{refusal}")))?;
            let assurance = Assurance::PasswordTotp;
            tokens.push(sessions::begin(tx, &act, city, account, assurance, "bench", "127.0.0.1")?);
        }
        Ok(tokens)
    });
    tokens.context("making the operators")
}
