//! A whole city from nothing: packs, a generated year, real records, keys that everybody knows.
//!
//! What it builds stands in `cities/demo.toml`. While it builds, a mark lies in the data folder; a mark that is
//! still there tells the next start that somebody lost patience, and the half-made city is made anew.

mod accounts; // one for each role
mod chance; // chance that repeats
mod contractors; // a contract, its last month and the one that runs
mod crews; // crews of one district, and the day behind them
mod fates; // what became of each request
mod ground; // where people write from
mod live; // the day goes on while the demo is open
mod made; // the generated year, as records
mod officials; // hours on the line
mod records; // real records of other cities
mod rounds; // participation
mod script; // demo.toml of a pack
mod stories; // requests told move by move
mod words; // what people write
mod year; // when they write, and about what

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result};
use people::{Act, Actor, Dice, Role, keys};
use requests::GENERATED;
use serde::Deserialize;
use storage::Target;

use crate::cities::{self, Folder};
use crate::cli;
use crate::end::{say, wrong};
use crate::house::{self, House};
use crate::import::bring::{Bringer, CHUNK};
use crate::settings::Settings;
use crate::{notices, progress, serve, worker};
use script::Script;

/// `cities/demo.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    seed: u64,
    cities: Vec<String>,
    requests: usize,
    requests_small: usize,
    stories: usize,
    stories_small: usize,
    #[serde(default)]
    key: Vec<Key>,
    #[serde(default)]
    account: Vec<accounts::Account>,
    #[serde(default)]
    official: Vec<officials::Hour>,
    #[serde(default)]
    contract: Vec<contractors::Contract>,
    #[serde(default)]
    crew: Vec<crews::Crew>,
    live: Option<live::Live>,
    records: Option<records::Plan>,
}

#[derive(Debug, Clone, Deserialize)]
struct Key {
    text: String,
    name: String,
    role: String,
}

const BUILDING: &str = "demo-unfinished";
const BUILT: &str = "demo-finished";

pub fn run(settings: Settings, wishes: &cli::Demo) -> Result<ExitCode> {
    let plan = cities::file("demo.toml").context("the program carries no demo.toml")?;
    let plan: Plan = toml::from_str(std::str::from_utf8(plan)?).context("reading demo.toml")?;
    let house = match prepare(&settings)? {
        Some(house) => {
            say!("The demo city in {} is there already.", settings.data.display());
            house
        }
        None => build(&settings, &plan, wishes)?,
    };
    let password = accounts::admit(&settings.data, &house, &plan.account)?;
    officials::announce(&house, &plan.official, plan.seed)?;
    rounds::hold(&house, &house::seal(&settings.data)?, plan.seed, wishes.small)?;
    contractors::agree(&house, &plan.contract, plan.seed)?;
    crews::muster(&house, &plan.crew, plan.live.as_ref(), plan.seed)?;
    if wishes.no_serve {
        return Ok(ExitCode::SUCCESS);
    }
    let mut words = welcome(&plan, &house, &password)?;
    let file = settings.data.join("outbox.jsonl");
    let end = words.len().saturating_sub(1);
    words.insert(end, format!("Messages to people are written to {}.", file.display()));
    words.insert(end + 1, "Text the line: POST {\"id\", \"from\", \"text\"} to {base}/api/v1/sms/file/inbound, the password in X-Secret.".into());
    // Everybody who sees the start knows the password, so a second proof of the same people would prove nothing.
    let mut settings = settings;
    settings.door.second_factor = false;
    if settings.door.notices.gateways.is_empty() {
        settings.door.notices = notices::for_demo(&password).into();
    }
    // Once there is somebody to look at it, the day goes on.
    let photos = crews::pictures(&house, &people::Dice::seeded(plan.seed), 6)?;
    serve::open(settings, house, &words, move |door| {
        if let Some(live) = plan.live {
            tokio::spawn(live::go_on(door, live, photos, plan.seed));
        }
    })
}

/// The city that was built before, if it was; a half-built one is cleared away.
fn prepare(settings: &Settings) -> Result<Option<House>> {
    let (building, built) = (settings.data.join(BUILDING), settings.data.join(BUILT));
    if built.exists() {
        return house::open(settings).map(Some);
    }
    if building.exists() {
        match &settings.target {
            Target::Sqlite(path) => clear(path)?,
            Target::Postgres(_) => {
                return Err(wrong!(
                    "the demo was interrupted; empty the PostgreSQL database and start again"
                ));
            }
        }
    }
    Ok(None)
}

fn clear(database: &Path) -> Result<()> {
    for end in ["", "-wal", "-shm"] {
        let mut name = database.as_os_str().to_owned();
        name.push(end);
        match std::fs::remove_file(PathBuf::from(name)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e.into()),
            _ => {}
        }
    }
    Ok(())
}

fn build(settings: &Settings, plan: &Plan, wishes: &cli::Demo) -> Result<House> {
    let began = Instant::now();
    let house = house::open(settings)?;
    if !house.cities()?.is_empty() {
        return Err(wrong!(
            "{} holds a city that is no demo; choose another folder with --data",
            settings.data.display()
        ));
    }
    std::fs::write(settings.data.join(BUILDING), "")?;
    let seed = wishes.seed.unwrap_or(plan.seed);
    // Ids grow with time and never go back, so what is told of the past has dice of its own.
    let dice = Arc::new(Dice::seeded(seed));
    let act = Act::new(Actor::System("demo"), house::now(), dice.clone());
    for name in &plan.cities {
        let folder = Folder::inside(name)?;
        let loaded = cities::load_pack(&house.db, &act, &folder)?;
        say!("Loaded {}: {} services.", loaded.name, loaded.catalogue.services);
        admit_keys(&house, &act, loaded.jurisdiction, &plan.key)?;
        if let Some(text) = cities::file(&format!("{name}/demo.toml")) {
            let script = Script::read(std::str::from_utf8(text)?)?;
            let (requests, stories) = match wishes.small {
                true => (plan.requests_small, plan.stories_small),
                false => (plan.requests, plan.stories),
            };
            live(&house, &act, &loaded, script, requests, stories, seed)?;
        }
    }
    if let Some(records) = &plan.records {
        let most = wishes.small.then_some(records.most_small);
        records::bring(settings, &house, &act, records, most)?;
    }
    let bar = progress::count("Counting figures");
    worker::settle(&house.db, &Act { at: house::now(), ..act })?;
    bar.finish_and_clear();
    std::fs::write(settings.data.join(BUILT), format!("seed {seed}\n"))?;
    std::fs::remove_file(settings.data.join(BUILDING))?;
    say!("The demo is ready after {:.1} s.", began.elapsed().as_secs_f64());
    Ok(house)
}

fn admit_keys(house: &House, act: &Act, jurisdiction: i64, all: &[Key]) -> Result<()> {
    for key in all.iter().cloned() {
        let role =
            Role::parse(&key.role).with_context(|| format!("demo.toml: there is no role {:?}", key.role))?;
        let act = act.clone();
        house.db.write_blocking(move |tx| {
            keys::admit(tx, &act, jurisdiction, &key.text, &key.name, role, None)
        })?;
    }
    Ok(())
}

/// Gives a city its year.
fn live(
    house: &House,
    act: &Act,
    city: &cities::Loaded,
    script: Script,
    wanted: usize,
    stories: usize,
    seed: u64,
) -> Result<()> {
    let id = city.jurisdiction;
    let (catalogue, atlas) = house.db.read_blocking(move |tx| {
        Ok::<_, storage::Error>((requests::catalogue(tx, id)?, territory::atlas(tx, id)?))
    })?;
    let now = act.at;
    let bar = progress::bar("Living through a year", wanted as u64);
    let (sender, chunks) = std::sync::mpsc::sync_channel(8);
    let mut bringer = Bringer::new(&house.db, act.clone(), id, GENERATED)?;
    // One thread writes the year while others store it.
    let made = std::thread::scope(|scope| {
        let (script, catalogue, atlas) = (&script, &catalogue, &atlas);
        let making = scope.spawn(move || -> Result<()> {
            let mut chunk = Vec::with_capacity(CHUNK);
            made::requests(script, catalogue, atlas, now, wanted, seed, |record| {
                chunk.push(record);
                if chunk.len() == CHUNK {
                    sender.send(std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK)))?;
                }
                Ok(())
            })?;
            sender.send(chunk)?;
            Ok(())
        });
        let mut stored = Ok(());
        for chunk in chunks {
            bar.inc(chunk.len() as u64);
            stored = bringer.bring(chunk);
            if stored.is_err() {
                break;
            }
        }
        let made = making.join().unwrap_or_else(|_| Err(anyhow::anyhow!("making the year stopped")));
        // When storing fails, making fails too, only because nobody listens any more.
        stored.and(made)
    });
    let added = bringer.finish()?.added;
    made?;
    bar.finish_and_clear();
    let told = stories::tell(&house.db, &act.dice, id, &script, &catalogue, &atlas, now, stories, seed)?;
    say!(
        "  {added} generated requests of one year, and {stories} more told in {told} steps; each is marked as generated."
    );
    Ok(())
}

fn welcome(plan: &Plan, house: &House, password: &str) -> Result<Vec<String>> {
    let mut words = vec![
        "  in Persian:   {base}/".to_owned(),
        "  in English:   {base}/en/".to_owned(),
        "  as Open311:   {base}/open311/v2/discovery.json".to_owned(),
    ];
    let cities: Vec<String> = house.cities()?.into_iter().map(|city| city.code).collect();
    words.push(format!("  cities:       {}", cities.join(", ")));
    for key in &plan.key {
        words.push(format!("  API key:      {} ({})", key.text, key.role));
    }
    words.push(format!(
        "Staff sign in at {{base}}/sign-in/staff with the password {password} and one of these names:"
    ));
    words.extend(plan.account.iter().map(accounts::Account::line));
    words
        .push("Stop with Ctrl-C. The next start is immediate: the city stays in the data folder.".to_owned());
    Ok(words)
}
