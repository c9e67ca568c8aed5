//! The threads that send: gateways block, so they never meet the runtime's own.
//!
//! Each thread asks every city whether something is due, and takes a handful under a lease. Several machines may do
//! so at once.

use std::io::Write;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use ::notices::callback::{Inbound, Proof, Report};
use ::notices::gateway::Gateways;
use ::notices::gateways::file;
use ::notices::settings::{Secret, Way};
use ::notices::{city, outbox, sender};
use anyhow::{Context, Result};
use door::Door;
use people::Actor;
use tokio::runtime::Handle;

use crate::end::wrong;
use crate::settings::Settings;

/// How long a thread that found nothing to do rests.
const REST: Duration = Duration::from_millis(250);
/// After a failure of the database.
const LONGER_REST: Duration = Duration::from_secs(2);

/// The threads at work.
pub struct Sending(Vec<JoinHandle<()>>);

/// What the settings say, with what the data folder adds: the key of messages to browsers, made at the first start.
pub fn ready(settings: &Settings) -> Result<Arc<::notices::Settings>> {
    let wishes = &settings.door.notices;
    let Some(push) = wishes.push() else { return Ok(wishes.clone()) };
    let path = settings.data.join(&push.key_file);
    if !path.exists() {
        let mut key = [0u8; 32];
        getrandom::fill(&mut key).map_err(|e| anyhow::anyhow!("no randomness: {e}"))?;
        let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        private().create_new(true).open(&path)?.write_all(text.as_bytes())?;
    }
    let push_key = push.public_key(&settings.data).map_err(|error| wrong!("[notices] {error}"))?;
    Ok(Arc::new(::notices::Settings { push_key, ..wishes.as_ref().clone() }))
}

/// Only its owner may read it.
fn private() -> std::fs::OpenOptions {
    let mut options = std::fs::OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// The gateway of a demo city: a file to read what people get, and an address to text the line, for whoever knows the
/// demo's password.
pub fn for_demo(password: &str) -> ::notices::Settings {
    let proof =
        || Proof { header: "x-secret".into(), secret: Secret(password.to_owned()), ..Proof::default() };
    let inbound = Inbound {
        proof: proof(),
        id: "id".into(),
        from: "from".into(),
        text: "text".into(),
        ..Inbound::default()
    };
    let report = Report {
        proof: proof(),
        id: "id".into(),
        status: "status".into(),
        delivered: vec!["delivered".into()],
        undelivered: vec!["undelivered".into()],
    };
    let file = file::Settings { inbound: Some(inbound), report: Some(report), ..file::Settings::default() };
    ::notices::Settings {
        quiet_hours: false,
        gateways: vec![Way::File(file)],
        ..::notices::Settings::default()
    }
}

/// Opens the gateways and begins to send. Called inside the runtime.
pub async fn begin(settings: &Settings, door: &Door) -> Result<Sending> {
    let wishes = &settings.door.notices;
    let gateways = wishes.open(&settings.data).map_err(|error| wrong!("[notices] {error}"))?;
    if wishes.gateways.is_empty() {
        let file = settings.data.join("outbox.jsonl");
        tracing::info!(file = %file.display(), "no gateway is set: messages are written to a file");
    }
    let address = door.settings.public_url.clone().unwrap_or_default();
    let act = door.act(Actor::System("notices"));
    let kept = door.db.write(move |tx| {
        for city in territory::jurisdictions(tx)? {
            city::settle_address(tx, &act, city.id, &address)?;
        }
        Ok::<_, storage::Error>(())
    });
    kept.await.context("keeping the address of the city")?;
    let gateways = Arc::new(gateways);
    let threads = (0..wishes.threads.clamp(1, 64)).map(|n| {
        let (door, gateways, runtime) = (door.clone(), gateways.clone(), Handle::current());
        std::thread::Builder::new()
            .name(format!("notices-{n}"))
            .spawn(move || work(&door, &gateways, &runtime))
            .context("starting a thread")
    });
    Ok(Sending(threads.collect::<Result<_>>()?))
}

impl Sending {
    /// Waits until what is being handed over was marked. The door is closed before.
    pub async fn end(self) {
        let _ = tokio::task::spawn_blocking(move || self.0.into_iter().map(JoinHandle::join).for_each(drop))
            .await;
    }
}

fn work(door: &Door, gateways: &Arc<Gateways>, runtime: &Handle) {
    while !door.is_closing() {
        match round(door, gateways, runtime) {
            Ok(0) => std::thread::sleep(REST),
            Ok(_) => {}
            Err(error) => {
                if !error.is_passing() {
                    tracing::error!(%error, "messages could not be sent; they are tried again");
                }
                std::thread::sleep(LONGER_REST);
            }
        }
    }
}

/// One handful for each city that has something due.
fn round(door: &Door, gateways: &Arc<Gateways>, runtime: &Handle) -> storage::Result<usize> {
    let now = door.now();
    let due = runtime.block_on(door.db.read(move |tx| {
        let mut due = Vec::new();
        for city in territory::jurisdictions(tx)? {
            if outbox::is_due(tx, city.id, now)? {
                due.push(city.id);
            }
        }
        Ok::<_, storage::Error>(due)
    }))?;
    let mut sent = 0;
    for city in due {
        sent += sender::step(&door.db, city, gateways, &door.dice, &|| door.now())?;
    }
    Ok(sent)
}
