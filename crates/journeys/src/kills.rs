//! Nothing acknowledged is lost. People report from many phones at once while the server is killed again
//! and again without warning; after each restart every code that somebody was given is there, exactly
//! once, and the stored city agrees with itself.
//!
//! Each phone writes down a code, and has that on disk, before it counts the report as acknowledged. A
//! report without an answer is sent again after the restart with the same key, as a real phone does.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use ureq::Agent;

use crate::server::Server;

/// How hard and how often.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The `peyvand` program.
    pub program: PathBuf,
    /// The city pack that is loaded first.
    pub city: PathBuf,
    /// An empty folder for the data and for what the phones write down.
    pub folder: PathBuf,
    pub kills: u32,
    /// Phones that report at the same time, each over a connection of its own.
    pub writers: usize,
    /// The server lives this long after it is ready; drawn evenly for each kill.
    pub life: (Duration, Duration),
    /// The same seed draws the same lives.
    pub seed: u64,
    /// Another database than the one in the folder.
    pub database: Option<String>,
}

impl Plan {
    pub fn new(program: &Path, root: &Path, folder: &Path) -> Self {
        Self {
            program: program.into(),
            city: root.join("cities/tehran"),
            folder: folder.into(),
            kills: 100,
            writers: 16,
            life: (Duration::from_millis(50), Duration::from_millis(2000)),
            seed: RandomState::new().hash_one(std::process::id()),
            database: None,
        }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Where the city is, as every verb of the program wants to know.
    fn place(&self) -> Vec<OsString> {
        let mut words = vec!["--data".into(), self.data().into_os_string()];
        words.extend(self.database.iter().flat_map(|url| ["--database".into(), url.into()]));
        words
    }

    pub(crate) fn load_city(&self) -> Result<()> {
        self.peyvand(&["city", "load", self.city.to_str().context("the city pack has a strange path")?])
    }

    pub(crate) fn peyvand(&self, words: &[&str]) -> Result<()> {
        let mut command = Command::new(&self.program);
        let output = command.args(words).args(self.place()).output()?;
        ensure!(
            output.status.success(),
            "peyvand {} ended with {}:\n{}{}",
            words.join(" "),
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(())
    }

    pub(crate) fn serve(&self) -> Result<Server> {
        let words: Vec<OsString> = [OsString::from("serve")].into_iter().chain(self.place()).collect();
        Server::start(&self.program, &words, &self.folder, Duration::from_secs(60))
    }
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Tally {
    pub kills: u32,
    pub acknowledged: usize,
    /// Reports that had no answer when the server died and were sent again.
    pub sent_again: usize,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kills, acknowledged, sent_again } = self;
        write!(f, "{kills} kills: {acknowledged} reports acknowledged, 0 lost, 0 doubled; ")?;
        write!(f, "{sent_again} were without an answer and were sent again")
    }
}

/// Carries out the plan. `enough` is asked between kills, for people who lose patience.
pub fn run(plan: &Plan, enough: &dyn Fn() -> bool) -> Result<Tally> {
    println!("seed {}", plan.seed);
    plan.load_city()?;
    let mut phones = (0..plan.writers).map(|n| Phone::new(n, &plan.folder)).collect::<Result<Vec<_>>>()?;
    let mut dice = plan.seed | 1;
    let mut tally = Tally::default();
    let mut checked = 0;

    while tally.kills < plan.kills && !enough() {
        let mut server = plan.serve()?;
        let base = server.base();
        verify(&base, &phones, checked)?;
        checked = shortest(&phones);
        let service = first_service(&base)?;

        let dead = AtomicBool::new(false);
        std::thread::scope(|scope| -> Result<()> {
            let reporting: Vec<_> = phones
                .iter_mut()
                .map(|phone| scope.spawn(|| phone.report_until(&base, &service, &dead)))
                .collect();
            std::thread::sleep(drawn(plan.life, &mut dice));
            let killed = server.kill();
            dead.store(true, Ordering::SeqCst);
            for phone in reporting {
                phone.join().map_err(|_| anyhow::anyhow!("a phone broke"))??;
            }
            killed
        })?;
        tally.kills += 1;
        tally.sent_again += phones.iter().filter(|phone| phone.waiting.is_some()).count();
        plan.peyvand(&["check"])?;
    }

    let server = plan.serve()?;
    let base = server.base();
    verify(&base, &phones, 0)?;
    tally.acknowledged = phones.iter().map(|phone| phone.told.len()).sum();
    ensure!(tally.acknowledged > 0, "nothing was acknowledged, so nothing was tried");
    server.stop(Duration::from_secs(20))?;
    plan.peyvand(&["check"])?;
    Ok(tally)
}

/// One person who reports, one report after the other.
pub(crate) struct Phone {
    number: usize,
    /// What the city said: key of the report, and its code.
    pub(crate) told: Vec<(String, String)>,
    /// The report that was sent and not answered.
    waiting: Option<String>,
    notebook: File,
}

impl Phone {
    pub(crate) fn new(number: usize, folder: &Path) -> Result<Self> {
        let path = folder.join(format!("phone-{number}"));
        let notebook = OpenOptions::new().create(true).append(true).open(path)?;
        Ok(Self { number, told: Vec::new(), waiting: None, notebook })
    }

    pub(crate) fn report_until(&mut self, base: &str, service: &str, dead: &AtomicBool) -> Result<()> {
        let agent = agent();
        while !dead.load(Ordering::SeqCst) {
            let fresh = || format!("phone-{}-{}", self.number, self.told.len());
            let key = self.waiting.take().unwrap_or_else(fresh);
            self.waiting = Some(key.clone());
            match post(&agent, base, service, self.number, &key)? {
                Answer::Code(code) => {
                    writeln!(self.notebook, "{key} {code}")?;
                    self.notebook.sync_data()?;
                    self.told.push((key, code));
                    self.waiting = None;
                }
                Answer::Later(_) => std::thread::sleep(Duration::from_millis(5)),
                // The server is gone, or going; the report waits for the next one.
                Answer::None => std::thread::sleep(Duration::from_millis(1)),
            }
        }
        Ok(())
    }
}

pub(crate) enum Answer {
    Code(String),
    /// The city is busy, or cannot keep anything at the moment, and says so in these words.
    Later(String),
    None,
}

pub(crate) fn agent() -> Agent {
    Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(30)))
        .http_status_as_error(false)
        .build()
        .into()
}

pub(crate) fn post(agent: &Agent, base: &str, service: &str, phone: usize, key: &str) -> Result<Answer> {
    // Somewhere in the middle of the city, each phone in a street of its own.
    let (lat, long) = (35.700 + phone as f64 * 0.002, 51.400 + phone as f64 * 0.002);
    let body =
        json!({ "service_code": service, "lat": lat, "long": long, "description": format!("گزارش {key}") });
    let sent = agent
        .post(format!("{base}/api/v1/requests"))
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .send(body.to_string());
    let Ok(mut response) = sent else { return Ok(Answer::None) };
    let status = response.status().as_u16();
    let Ok(text) = response.body_mut().read_to_string() else { return Ok(Answer::None) };
    match status {
        200 | 201 => {
            let answer: Value = serde_json::from_str(&text).with_context(|| format!("not JSON: {text}"))?;
            let code = answer["code"].as_str().with_context(|| format!("no code in {text}"))?;
            Ok(Answer::Code(code.into()))
        }
        429 | 503 => Ok(Answer::Later(text)),
        _ => bail!("the city refused a report with {status}: {text}"),
    }
}

/// Any service that asks no questions of its own.
pub(crate) fn first_service(base: &str) -> Result<String> {
    let text = agent().get(format!("{base}/open311/v2/services.json")).call()?.body_mut().read_to_string()?;
    let services: Value = serde_json::from_str(&text)?;
    let simple = |service: &&Value| service["metadata"] == "false" || service["metadata"] == false;
    let found = services.as_array().and_then(|all| all.iter().find(simple));
    let code = found.and_then(|service| service["service_code"].as_str());
    Ok(code.with_context(|| format!("no simple service in {text}"))?.to_string())
}

/// Every code told from number `from` on is there, and belongs to the report that it was told for.
pub(crate) fn verify(base: &str, phones: &[Phone], from: usize) -> Result<()> {
    let mut owners: HashMap<&str, &str> = HashMap::new();
    for (key, code) in phones.iter().flat_map(|phone| &phone.told) {
        if let Some(other) = owners.insert(code, key) {
            bail!("{code} was told for {other} and for {key}");
        }
    }
    std::thread::scope(|scope| {
        let checks: Vec<_> =
            phones.iter().map(|phone| scope.spawn(move || verify_one(base, phone, from))).collect();
        checks.into_iter().try_for_each(|check| check.join().map_err(|_| anyhow::anyhow!("a check broke"))?)
    })
}

fn verify_one(base: &str, phone: &Phone, from: usize) -> Result<()> {
    let agent = agent();
    for (key, code) in phone.told.iter().skip(from) {
        let mut response = agent.get(format!("{base}/api/v1/requests/{code}")).call()?;
        let (status, text) = (response.status(), response.body_mut().read_to_string()?);
        ensure!(status == 200, "lost: {code} of {key} answers {status}: {text}");
        let words = serde_json::from_str::<Value>(&text)?["description"].to_string();
        ensure!(words.contains(&format!("{key}\"")), "{code} was told for {key} and says {words}");
    }
    Ok(())
}

fn shortest(phones: &[Phone]) -> usize {
    phones.iter().map(|phone| phone.told.len()).min().unwrap_or(0)
}

/// A length of life between the two ends, from a small generator (xorshift) that a seed repeats.
fn drawn((least, most): (Duration, Duration), dice: &mut u64) -> Duration {
    *dice ^= *dice << 13;
    *dice ^= *dice >> 7;
    *dice ^= *dice << 17;
    let span = (most - least).as_millis() as u64;
    least + Duration::from_millis(*dice % span.max(1))
}
