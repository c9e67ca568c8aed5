//! A voting storm: ballots of many people through HTTP from 64 clients, some of them sent twice by different clients at
//! once; at the end the box must hold exactly one for each person.
//!
//! Everybody is signed in beforehand, as on the last evening of a vote. The full form is `--voters 2000000`; the small one
//! tells the same rate. Program and clients share the machine, so the processor time of each is told.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use calendar::Timestamp;
use people::accounts::{self, NewAccount};
use people::sessions::{self, Assurance};
use people::{Act, Actor, Dice, Seal};
use projects::{NewProject, Phase, book, rounds, samples};
use requests::service::Both;
use storage::Db;

use crate::data::{self, Mix};
use crate::server::Server;
use crate::{http, table};

const CLIENTS: usize = 64;
/// Ballots a second that a city of two million voters needs.
const LIMIT: f64 = 2_000.0;
/// One of so many is sent twice.
const TWICE: u64 = 10;
const PROJECTS: i64 = 30;

pub fn run(data: &Path, voters: u64) -> Result<()> {
    let folder = tempfile::tempdir_in(data)?;
    let key = [7u8; 32];
    let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    std::fs::write(folder.path().join("seal.key"), format!("{text}\n"))?;
    let began = Instant::now();
    let (city, sessions) = prepare(folder.path(), &Seal::new(key), voters)?;
    table::heading(&format!(
        "Ballots of {voters} people through HTTP from {CLIENTS} clients, every tenth sent twice (at least {LIMIT}/s)"
    ));
    table::line("made ready: accounts and sessions", began.elapsed().as_secs_f64(), "s", "");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(storm(folder.path(), Arc::new(sessions)))?;
    let db = data::open(folder.path())?;
    let count = |table: &'static str| -> Result<i64> {
        let sql = storage::Sql::built(format!("SELECT COUNT(*) FROM {table} WHERE jurisdiction_id = $1"));
        let found = db.read_blocking(move |tx| tx.value::<i64>(&sql, &storage::params![city]))?;
        Ok(found.unwrap_or(0))
    };
    let (persons, ballots) = (count("ballot_roll")?, count("ballots")?);
    let is_right = persons == ballots && persons as u64 == voters;
    table::line("persons on the roll", persons as f64, "", "");
    table::line(
        "ballots in the box",
        ballots as f64,
        "",
        if is_right { "exactly one per person" } else { "WRONG" },
    );
    if !is_right {
        bail!("{voters} people, {persons} on the roll, {ballots} ballots");
    }
    Ok(())
}

/// A city with a round at the vote, and everybody signed in.
fn prepare(folder: &Path, seal: &Seal, voters: u64) -> Result<(i64, Vec<String>)> {
    let db = data::open(folder)?;
    let city = data::found_city(&db)?.jurisdiction;
    let mut now = [0u8; 8];
    getrandom::fill(&mut now).map_err(|e| anyhow::anyhow!("no randomness: {e}"))?;
    let dice = Arc::new(Dice::seeded(u64::from_be_bytes(now)));
    let at = crate::storm::now();
    let act = |at| Act::new(Actor::System("bench"), at, dice.clone());
    hold(&db, city, seal, &act(at))?;
    let mut sessions = Vec::with_capacity(voters as usize);
    for some in (0..voters).collect::<Vec<_>>().chunks(2_000) {
        let (some, act) = (some.to_vec(), act(at));
        sessions.extend(db.write_blocking(move |tx| -> Result<Vec<String>, people::Refusal> {
            some.iter()
                .map(|voter| {
                    let wish = NewAccount {
                        mobile: Some(format!("+9890{voter:08}")),
                        name: "رأی".into(),
                        ..NewAccount::default()
                    };
                    let account = accounts::create(tx, &act, city, &wish)?;
                    Ok(sessions::begin(tx, &act, city, account, Assurance::Code, "bench", "127.0.0.1")?)
                })
                .collect()
        })?);
    }
    Ok((city, sessions))
}

fn hold(db: &Db, city: i64, seal: &Seal, act: &Act) -> Result<()> {
    let atlas = db.read_blocking(move |tx| territory::atlas(tx, city))?;
    let district = atlas.districts().next().context("a city with a district")?.id;
    let draft =
        samples::draft("1405", Phase::Voting, act.at, &[(district, Both::default(), 1_000_000_000_000)]);
    let past = |at: Timestamp| Act { at, ..act.clone() };
    let pricing = draft.times.begins_at(Phase::Pricing).context("a round with prices")?.plus_millis(1);
    let (begin, seal) = (past(act.at.plus_millis(-300 * 86_400_000)), seal.clone());
    let round = db.write_blocking(move |tx| rounds::put(tx, &begin, &seal, city, None, &draft))?;
    let price = past(pricing);
    db.write_blocking(move |tx| {
        let known = book(tx, city)?;
        let pots = known.round(round).map(|round| round.pots.clone()).unwrap_or_default();
        for n in 0..PROJECTS {
            let pot = pots.get(n as usize % pots.len().max(1)).map(|pot| pot.id);
            let cost = 10_000_000_000;
            let new = NewProject {
                pot,
                topic: "environment".into(),
                title: Both::new(format!("بوستان {n}"), format!("Park {n}")),
                cost,
                cost_least: cost,
                cost_most: cost,
                ..NewProject::default()
            };
            projects::add(tx, &price, city, round, &new)?;
        }
        projects::publish_all(tx, &price, city, round)
    })?;
    Ok(())
}

async fn storm(folder: &Path, sessions: Arc<Vec<String>>) -> Result<()> {
    let server = Server::start(folder).await?;
    let people = sessions.len() as u64;
    // Those who are sent twice come once more, anywhere in the row.
    let mut row: Vec<u64> = (0..people).chain((0..people).filter(|person| person % TWICE == 0)).collect();
    let mut mix = Mix(1405);
    for at in (1..row.len()).rev() {
        row.swap(at, mix.below(at as u64 + 1) as usize);
    }
    let (row, next) = (Arc::new(row), Arc::new(AtomicUsize::new(0)));
    let refused = Arc::new(AtomicU64::new(0));
    let before = (server.cpu()?, own_cpu()?);
    let began = Instant::now();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (row, next, refused, sessions, to) =
                (row.clone(), next.clone(), refused.clone(), sessions.clone(), server.address);
            tokio::spawn(async move {
                let (mut line, mut buffer, mut times) = (None, Vec::with_capacity(64 * 1024), Vec::new());
                let mut mix = Mix(client as u64);
                while let Some(person) = row.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let Some(session) = sessions.get(*person as usize) else { continue };
                    let sent = Instant::now();
                    let status = http::ask(&mut line, to, &ballot(session, &mut mix), &mut buffer).await?;
                    times.push(sent.elapsed());
                    if status != 303 {
                        refused.fetch_add(1, Ordering::Relaxed);
                    }
                }
                Ok::<Vec<Duration>, anyhow::Error>(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for client in clients {
        times.extend(client.await??);
    }
    let took = began.elapsed().as_secs_f64();
    let (ours, theirs) = (server.cpu()? - before.0, own_cpu()? - before.1);
    times.sort_unstable();
    let percentile = |share: f64| {
        let at = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
        times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    };
    let rate = times.len() as f64 / took;
    table::line("ballots taken durably", rate, "/s", &format!("{:.2} of {LIMIT}", rate / LIMIT));
    table::line("slowest of a hundred", percentile(0.99), "ms", &format!("median {:.1} ms", percentile(0.5)));
    table::line("not taken", refused.load(Ordering::Relaxed) as f64, "", "of everything that was sent");
    table::line(
        "processor time of the program",
        ours,
        "s",
        &format!("{:.0}/s of it alone", times.len() as f64 / ours.max(0.01)),
    );
    table::line(
        "processor time of the clients",
        theirs,
        "s",
        &format!("on the same machine, in {took:.1} s"),
    );
    table::line("memory of the program", server.resident_mb()?, "MB", "");
    Ok(())
}

/// The last step of a vote, as a browser sends it.
fn ballot(session: &str, mix: &mut Mix) -> Vec<u8> {
    let mut body = String::from("home=1");
    let first = 1 + mix.below(PROJECTS as u64 - 3);
    for number in first..first + 3 {
        body.push_str(&format!("&choice={number}"));
    }
    format!(
        "POST /vote/1405/cast HTTP/1.1\r\nHost: localhost\r\nCookie: peyvand={session}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn own_cpu() -> Result<f64> {
    crate::server::cpu_of("self")
}
