//! The server is killed while it hands messages to an SMS provider: between claiming a message and sending it, and
//! between sending it and hearing that it was taken. Nothing is lost. Only what was in flight at the kill is asked for
//! again, with the same key, so that the provider sends it once.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::kills::{Plan, agent, first_service};

const REPORTS: usize = 10;
const KILLS: usize = 3;
const PATIENCE: Duration = Duration::from_secs(60);

/// A provider of our own: it writes down every key that it is asked with, and may keep one caller waiting for ever.
#[derive(Debug, Default)]
struct Provider {
    asked: Mutex<Vec<String>>,
    /// How many it still answers before one waits.
    until_silence: Mutex<Option<usize>>,
    kept_waiting: Mutex<Vec<(String, TcpStream)>>,
}

impl Provider {
    fn open() -> Result<(Arc<Provider>, u16)> {
        let (provider, listener) = (Arc::new(Provider::default()), TcpListener::bind("127.0.0.1:0")?);
        let port = listener.local_addr()?.port();
        let own = provider.clone();
        std::thread::spawn(move || {
            for caller in listener.incoming().map_while(|caller| caller.ok()) {
                let own = own.clone();
                std::thread::spawn(move || own.serve(caller));
            }
        });
        Ok((provider, port))
    }

    /// Answers one connection after the other question, until the caller leaves. A caller that was killed has left.
    fn serve(&self, caller: TcpStream) -> Option<()> {
        let mut reader = BufReader::new(caller.try_clone().ok()?);
        loop {
            let (mut length, mut key, mut line) = (0, None, String::new());
            while reader.read_line(&mut line).ok()? > 0 && line.trim_end() != "" {
                let (name, value) = line.split_once(':').unwrap_or((&line, ""));
                match name.to_ascii_lowercase().as_str() {
                    "content-length" => length = value.trim().parse().unwrap_or(0),
                    "idempotency-key" => key = Some(value.trim().to_owned()),
                    _ => {}
                }
                line.clear();
            }
            let key = key?;
            reader.read_exact(&mut vec![0; length]).ok()?;
            held(&self.asked).push(key.clone());
            let is_silent = match held(&self.until_silence).as_mut() {
                None => false,
                Some(0) => true,
                Some(left) => {
                    *left -= 1;
                    false
                }
            };
            if is_silent {
                held(&self.kept_waiting).push((key, caller));
                return None;
            }
            let mut answer = &caller;
            answer.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").ok()?;
        }
    }

    fn times(&self) -> HashMap<String, usize> {
        let mut times = HashMap::new();
        for key in held(&self.asked).iter() {
            *times.entry(key.clone()).or_default() += 1;
        }
        times
    }
}

fn held<T>(lock: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Kills the server in the middle of sending, some times, and counts what the provider was asked.
pub fn killed_while_sending(plan: &Plan) -> Result<()> {
    let (provider, port) = Provider::open()?;
    std::fs::create_dir_all(plan.data())?;
    std::fs::write(
        plan.data().join("peyvand.toml"),
        format!(
            "[[notices.gateway]]\nkind = \"http\"\nname = \"first\"\nurl = \"http://127.0.0.1:{port}/send\"\n\
             headers = [[\"idempotency-key\", \"{{key}}\"]]\nbody = '{{\"to\":\"{{to}}\",\"text\":\"{{text}}\"}}'\n"
        ),
    )?;
    let plan = &Plan { city: awake(plan)?, ..plan.clone() };
    plan.load_city()?;
    for kill in 0..KILLS {
        // One, three and five of them are through when the provider falls silent.
        *held(&provider.until_silence) = Some(2 * kill + 1);
        let before = held(&provider.kept_waiting).len();
        let mut server = plan.serve()?;
        report(&server.base(), kill)?;
        wait("the provider was not asked", || held(&provider.kept_waiting).len() > before)?;
        server.kill()?;
        if !two_minutes_pass(plan)? {
            println!("there is no python3 here, so a sender that was killed was not tried");
            return Ok(());
        }
        *held(&provider.until_silence) = None;
        // Another sender goes on where the killed one was.
        let server = plan.serve()?;
        wait("messages were lost", || provider.times().len() >= (kill + 1) * REPORTS)?;
        // What was claimed and not sent comes too; then it is quiet.
        std::thread::sleep(Duration::from_secs(1));
        server.stop(Duration::from_secs(20))?;
        let times = provider.times();
        let in_flight: HashSet<String> =
            held(&provider.kept_waiting).iter().map(|(key, _)| key.clone()).collect();
        ensure!(times.len() == (kill + 1) * REPORTS, "{} messages of {}", times.len(), (kill + 1) * REPORTS);
        for (key, times) in &times {
            // Each thread that sends has one message in flight; those, and only those, are asked for once more.
            let due = if in_flight.contains(key) { 2 } else { 1 };
            ensure!(*times == due, "{key} was asked for {times} times instead of {due}");
        }
    }
    plan.peyvand(&["check"])?;
    let again = held(&provider.kept_waiting).len();
    println!(
        "{KILLS} kills while sending: {} messages, 0 lost, {again} in flight asked again",
        KILLS * REPORTS
    );
    Ok(())
}

/// The city pack without quiet hours, so that the trial is the same at night.
fn awake(plan: &Plan) -> Result<PathBuf> {
    let pack = plan.folder.join("awake");
    std::fs::create_dir_all(&pack)?;
    for file in std::fs::read_dir(&plan.city)? {
        let file = file?;
        if file.file_type()?.is_file() {
            std::fs::copy(file.path(), pack.join(file.file_name()))?;
        }
    }
    std::fs::write(pack.join("notices.toml"), "quiet_hours = [\"00:00\", \"00:00\"]\n")?;
    Ok(pack)
}

fn report(base: &str, kill: usize) -> Result<()> {
    let service = first_service(base)?;
    for n in 0..REPORTS {
        let body = json!({
            "service_code": service, "description": format!("پیام {kill}-{n}"), "lat": 35.7219, "long": 51.4056,
            "mobile": format!("0912{kill:03}{n:04}"), "language": "fa",
        });
        let sent = agent()
            .post(format!("{base}/api/v1/requests"))
            .header("content-type", "application/json")
            .send(body.to_string())?;
        ensure!(sent.status() == 201, "a report was answered {}", sent.status());
    }
    Ok(())
}

fn wait(what: &'static str, is_so: impl Fn() -> bool) -> Result<()> {
    let began = Instant::now();
    while !is_so() {
        ensure!(began.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// The lease of the killed sender runs out, without anybody waiting for it. False without python3.
fn two_minutes_pass(plan: &Plan) -> Result<bool> {
    const SCRIPT: &str = "import sqlite3, sys
city = sqlite3.connect(sys.argv[1])
print(city.execute(\"UPDATE notice_outbox SET lease_until = 0 WHERE state = 'sending'\").rowcount)
city.commit()";
    let Ok(output) = Command::new("python3").args(["-c", SCRIPT]).arg(plan.data().join("city.db")).output()
    else {
        return Ok(false);
    };
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let claimed: usize = String::from_utf8_lossy(&output.stdout).trim().parse().context("no number")?;
    ensure!(claimed >= 1, "nothing was claimed when the server died");
    Ok(true)
}
