//! Bad days of a machine: the disk is full, another program holds the database, the database is gone, the
//! system asks the server to end in the middle of a rush. Whoever reports then gets a clear answer with a
//! code, whoever reads goes on reading where that is possible, and nothing that was promised is lost.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::kills::{Answer, Phone, Plan, agent, first_service, post, verify};

/// Asks the server to end while people report: it ends in order, and whoever was given a code has a request.
pub fn end_in_a_rush(plan: &Plan) -> Result<()> {
    plan.load_city()?;
    let mut phones = (0..plan.writers).map(|n| Phone::new(n, &plan.folder)).collect::<Result<Vec<_>>>()?;
    for _ in 0..3 {
        let server = plan.serve()?;
        let (base, ended) = (server.base(), AtomicBool::new(false));
        let service = first_service(&base)?;
        std::thread::scope(|scope| -> Result<()> {
            let reporting: Vec<_> = phones
                .iter_mut()
                .map(|phone| scope.spawn(|| phone.report_until(&base, &service, &ended)))
                .collect();
            std::thread::sleep(Duration::from_millis(700));
            let stopped = server.stop(Duration::from_secs(20));
            ended.store(true, Ordering::SeqCst);
            for phone in reporting {
                phone.join().map_err(|_| anyhow::anyhow!("a phone broke"))??;
            }
            stopped
        })?;
    }
    let told: usize = phones.iter().map(|phone| phone.told.len()).sum();
    ensure!(told > 0, "nothing was acknowledged, so nothing was tried");
    let server = plan.serve()?;
    verify(&server.base(), &phones, 0)?;
    server.stop(Duration::from_secs(20))?;
    plan.peyvand(&["check"])?;
    println!("3 ends in a rush: {told} reports acknowledged, all there");
    Ok(())
}

/// Fills a small disk up under a served city. Needs the right to mount; says so and passes where there is none.
pub fn full_disk(plan: &Plan) -> Result<()> {
    let Some(_disk) = Disk::mount(plan.data())? else {
        println!("a small disk cannot be mounted here, so a full one was not tried");
        return Ok(());
    };
    plan.load_city()?;
    let server = plan.serve()?;
    let base = server.base();
    let service = first_service(&base)?;
    let before = must_be_taken(&base, &service, "before")?;

    let filler = plan.data().join("filler");
    fill(&filler)?;
    must_be_refused(&base, &service, "full")?;
    for path in [format!("/requests/{before}"), "/requests".into(), "/livez".into()] {
        ensure!(status(&format!("{base}{path}"))? == 200, "{path} cannot be read while the disk is full");
    }
    // The key of the refused report is still free: nothing of it was kept.
    std::fs::remove_file(&filler)?;
    must_be_taken(&base, &service, "full")?;
    must_be_taken(&base, &service, "after")?;
    server.stop(Duration::from_secs(20))?;
    plan.peyvand(&["check"])?;
    println!("a full disk: refused with a code, read as ever, taken again when there was room");
    Ok(())
}

/// Whoever watches the city is told that its disk is full, also when they asked before.
pub fn full_disk_is_noticed(plan: &Plan) -> Result<()> {
    let Some(_disk) = Disk::mount(plan.data())? else { return Ok(()) };
    plan.load_city()?;
    let server = plan.serve()?;
    fill(&plan.data().join("filler"))?;
    must_become_unready(&server.base())?;
    println!("a full disk: noticed");
    Ok(())
}

/// Another program holds the database for a while: people read on, and a report waits its turn.
pub fn held_database(plan: &Plan) -> Result<()> {
    plan.load_city()?;
    let server = plan.serve()?;
    let base = server.base();
    let service = first_service(&base)?;
    let Some(mut holder) = hold(&plan.data().join("city.db"))? else {
        println!("there is no python3 here, so a held database was not tried");
        return Ok(());
    };
    let took = std::thread::scope(|scope| -> Result<()> {
        let waiting = scope.spawn(|| must_be_taken(&base, &service, "held"));
        std::thread::sleep(Duration::from_millis(300));
        ensure!(
            status(&format!("{base}/requests"))? == 200,
            "the list cannot be read while the database is held"
        );
        holder.kill()?;
        holder.wait()?;
        waiting.join().map_err(|_| anyhow::anyhow!("whoever waits broke"))?.map(drop)
    });
    took?;
    server.stop(Duration::from_secs(20))?;
    println!("a held database: read as ever, and the report was taken when it was free");
    Ok(())
}

/// The file of the database is taken away under a served city: from then on nothing is promised.
pub fn lost_database(plan: &Plan) -> Result<()> {
    plan.load_city()?;
    let server = plan.serve()?;
    let base = server.base();
    let service = first_service(&base)?;
    let code = must_be_taken(&base, &service, "before")?;
    let away = plan.folder.join("away");
    std::fs::create_dir(&away)?;
    carry(&plan.data(), &away)?;
    must_be_refused(&base, &service, "lost")?;
    must_become_unready(&base)?;
    drop(server);

    // Brought back, the city goes on as if nothing had been.
    for file in std::fs::read_dir(plan.data())?.flatten() {
        let name = file.file_name();
        if name.to_string_lossy().starts_with("city.db") {
            std::fs::remove_file(file.path())?;
        }
    }
    carry(&away, &plan.data())?;
    let server = plan.serve()?;
    ensure!(status(&format!("{}/requests/{code}", server.base()))? == 200, "{code} is gone");
    must_be_taken(&server.base(), &service, "lost")?;
    server.stop(Duration::from_secs(20))?;
    plan.peyvand(&["check"])?;
    println!("a lost database: refused with a code, and whole when it was brought back");
    Ok(())
}

/// What is no database is not served, not changed, and named.
pub fn no_database(plan: &Plan) -> Result<()> {
    std::fs::create_dir_all(plan.data())?;
    let file = plan.data().join("city.db");
    let words = "These are somebody's holiday notes, and no database at all. ".repeat(200);
    std::fs::write(&file, &words)?;
    let Err(refusal) = plan.serve() else { anyhow::bail!("somebody's notes are served as a city") };
    let refusal = format!("{refusal:#}");
    ensure!(!refusal.contains("panicked"), "it broke instead of refusing: {refusal}");
    ensure!(refusal.contains("city.db"), "it does not say which file is meant: {refusal}");
    ensure!(std::fs::read_to_string(&file)? == words, "somebody's notes were changed");
    println!("no database: refused with its name, and left as it was");
    Ok(())
}

/// A server of PostgreSQL ends under a served city; `end` ends it.
pub fn lost_postgres(plan: &Plan, url: &str, end: impl FnOnce()) -> Result<()> {
    let plan = Plan { database: Some(url.into()), ..plan.clone() };
    plan.load_city()?;
    let server = plan.serve()?;
    let base = server.base();
    let service = first_service(&base)?;
    must_be_taken(&base, &service, "before")?;
    end();
    must_be_refused(&base, &service, "lost")?;
    must_become_unready(&base)?;
    ensure!(status(&format!("{base}/livez"))? == 200, "the program itself is gone, too");
    server.stop(Duration::from_secs(30))?;
    println!("a lost PostgreSQL: refused with a code, and the program ended in order");
    Ok(())
}

fn must_be_taken(base: &str, service: &str, key: &str) -> Result<String> {
    match post(&agent(), base, service, 1, key)? {
        Answer::Code(code) => Ok(code),
        Answer::Later(words) => anyhow::bail!("the report {key} was not taken: {words}"),
        Answer::None => anyhow::bail!("the report {key} had no answer"),
    }
}

/// The report gets an answer, which is no promise, and which names a code that stands in the log.
fn must_be_refused(base: &str, service: &str, key: &str) -> Result<()> {
    match post(&agent(), base, service, 1, key)? {
        Answer::Later(words) => {
            let answer: Value = serde_json::from_str(&words).with_context(|| format!("not JSON: {words}"))?;
            let title = answer["title"].as_str().unwrap_or_default();
            let code = title.split(|c: char| !c.is_ascii_alphanumeric()).find(|word| word.len() == 6);
            ensure!(code.is_some(), "no code to read out on the telephone: {words}");
            Ok(())
        }
        Answer::Code(code) => anyhow::bail!("{code} was promised, and cannot be kept"),
        Answer::None => anyhow::bail!("whoever reports hears nothing"),
    }
}

/// The last answer is kept for a moment, so the first one may still be of a better time.
fn must_become_unready(base: &str) -> Result<()> {
    for _ in 0..100 {
        if status(&format!("{base}/readyz"))? == 503 {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    anyhow::bail!("a city that can take no report says that it is ready")
}

fn status(url: &str) -> Result<u16> {
    Ok(agent().get(url).call()?.status().as_u16())
}

fn fill(path: &Path) -> Result<()> {
    let mut file = File::create(path)?;
    // Large pieces first, then small ones, until not a single page is left.
    for size in [1 << 20, 1 << 12] {
        let piece = vec![7; size];
        while file.write_all(&piece).is_ok() {}
    }
    Ok(())
}

fn carry(from: &Path, to: &Path) -> Result<()> {
    for file in std::fs::read_dir(from)?.flatten() {
        if file.file_name().to_string_lossy().starts_with("city.db") {
            std::fs::rename(file.path(), to.join(file.file_name()))?;
        }
    }
    Ok(())
}

/// A small disk in memory, gone with its owner.
struct Disk(PathBuf);

impl Disk {
    fn mount(folder: PathBuf) -> Result<Option<Self>> {
        std::fs::create_dir_all(&folder)?;
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", "size=24m", "peyvand"]).arg(&folder);
        let mounted = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        Ok(mounted.is_ok_and(|status| status.success()).then_some(Self(folder)))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: the server may still be on its way out.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// Somebody's script that begins to write into the database and does not end.
fn hold(database: &Path) -> Result<Option<Child>> {
    const SCRIPT: &str = "import sqlite3, sys, time
city = sqlite3.connect(sys.argv[1], isolation_level=None)
city.execute('BEGIN IMMEDIATE')
open(sys.argv[2], 'w').close()
time.sleep(60)";
    let sign = database.with_extension("held");
    let mut command = Command::new("python3");
    command.args(["-c", SCRIPT]).arg(database).arg(&sign).stdin(Stdio::null());
    let Ok(mut child) = command.spawn() else { return Ok(None) };
    for _ in 0..200 {
        if sign.exists() {
            return Ok(Some(child));
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    child.kill()?;
    anyhow::bail!("the database could not be held")
}
