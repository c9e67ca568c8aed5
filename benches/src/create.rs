//! Durable creates: the whole verb through HTTP, against the bare insertion of the same rows with group commit.
//!
//! The baseline writes what a create writes (the request, its search words, its key, its fact in the journal) with
//! everything known beforehand, through the same writer, on the same disk, in the same run.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use calendar::Timestamp;
use storage::journal::Note;
use storage::{Db, params, sql};

use crate::data::{self, Ground, Mix};
use crate::server::Server;
use crate::{http, table};

const LEAST: f64 = 0.6;

pub fn run(data: &Path, seconds: u64) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    table::heading(&format!(
        "Durable creates, against raw group-commit inserts of the same rows (at least {LEAST})"
    ));
    for connections in [64, 256] {
        let lasting = Duration::from_secs(seconds);
        // One before and one after, so that a busier minute of the machine weighs on both sides.
        let before = runtime.block_on(raw(data, connections, lasting))?;
        let http = runtime.block_on(through_http(data, connections, lasting))?;
        let after = runtime.block_on(raw(data, connections, lasting))?;
        let raw = (before.0 + after.0) / 2.0;
        table::line(
            &format!("{connections} connections, raw inserts"),
            raw,
            "rows/s",
            &format!("p99 {:.1} ms", after.1),
        );
        table::line(
            &format!("{connections} connections, HTTP creates"),
            http.0,
            "/s",
            &format!("p99 {:.1} ms, {:.2} of raw", http.1, http.0 / raw),
        );
    }
    Ok(())
}

/// Inserts a second and the 99th percentile in milliseconds.
async fn raw(data: &Path, clients: usize, lasting: Duration) -> Result<(f64, f64)> {
    let folder = tempfile::tempdir_in(data)?;
    let db = data::open(folder.path())?;
    let ground = Arc::new(data::found_city(&db)?);
    let next = Arc::new(AtomicU64::new(0));
    let times = Arc::new(Mutex::new(Vec::new()));
    let began = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|client| {
            let (db, ground, next, times) = (db.clone(), ground.clone(), next.clone(), times.clone());
            tokio::spawn(async move {
                let mut mix = Mix(client as u64);
                let mut mine = Vec::new();
                while began.elapsed() < lasting {
                    let row = row(&ground, &mut mix, next.fetch_add(1, Ordering::Relaxed));
                    let sent = Instant::now();
                    db.write(move |tx| insert(tx, &row)).await?;
                    mine.push(sent.elapsed());
                }
                if let Ok(mut all) = times.lock() {
                    all.extend(mine);
                }
                Ok::<_, storage::Error>(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    let took = began.elapsed().as_secs_f64();
    let mut times = times.lock().map_err(|_| anyhow::anyhow!("a client panicked"))?;
    Ok((times.len() as f64 / took, table::ms(table::percentile(&mut times, 0.99))))
}

struct Row {
    id: i64,
    code: String,
    service: i64,
    words: String,
    search: String,
    place: territory::Place,
    point: territory::Point,
    at: Timestamp,
    key: String,
    payload: String,
}

fn row(ground: &Ground, mix: &mut Mix, n: u64) -> Row {
    let point = ground.point(mix);
    let place = match ground.atlas.locate(point) {
        territory::Located::Inside(place) => place,
        _ => territory::Place::default(),
    };
    let words = Ground::words(mix);
    let at = data::NOW.plus_millis(n as i64 / 4);
    Row {
        id: people::first_id_at(at) | (n as i64 & 0xfffff),
        code: language::TrackingCode::from_random(mix.next()).to_string(),
        service: 1 + mix.below(60) as i64,
        search: format!(
            "_city1 {} {}",
            language::fold::search_text(&words),
            "جاروی معبر street sweeping محله منطقه"
        ),
        words,
        place,
        point,
        at,
        key: format!("key-{n}"),
        payload: format!(
            "{{\"to\":\"received\",\"s\":{n},\"d\":2,\"n\":3,\"u\":4,\"c\":123456789012,\"on\":20770}}"
        ),
    }
}

fn insert(tx: &mut storage::Tx<'_>, r: &Row) -> storage::Result<()> {
    tx.execute(
        sql!("INSERT INTO idempotency_keys (jurisdiction_id, key, body, request_id, at) VALUES (1, $1, 'bench', $2, $3)"),
        &params![&r.key, r.id, r.at.0],
    )?;
    tx.execute(
        sql!(
            "INSERT INTO service_requests (jurisdiction_id, id, tracking_code, kind, service_id, status, is_open, is_public, priority,
                 channel, language, words, answers, address, district_id, neighbourhood_id, lat, long, cell, unit_id, requested_at,
                 updated_at, due_at, clock, status_note, source)
             VALUES (1, $1, $2, 'request', $3, 'received', 1, 1, 'normal', 'api', 'fa', $4, '', '', $5, $6, $7, $8, $9, $3, $10, $10, $11,
                 '{\"started_at\":1794637800000,\"target\":\"24h\",\"paused_at\":null,\"paused_millis\":0}', '', '')
             ON CONFLICT DO NOTHING"
        ),
        &params![
            r.id, &r.code, r.service, &r.words, r.place.district, r.place.neighbourhood, r.point.lat, r.point.long,
            territory::cell::of(r.point), r.at.0, r.at.0 + 86_400_000
        ],
    )?;
    tx.execute(sql!("INSERT INTO request_search (rowid, words) VALUES ($1, $2)"), &params![r.id, &r.search])?;
    tx.record(Note {
        jurisdiction: 1,
        at: r.at.0,
        actor: "citizen".into(),
        subject_kind: "request",
        subject: r.id,
        fact: "submitted",
        payload: r.payload.clone(),
    });
    Ok(())
}

async fn through_http(data: &Path, connections: usize, lasting: Duration) -> Result<(f64, f64)> {
    let folder = tempfile::tempdir_in(data)?;
    let ground = {
        let db: Db = data::open(folder.path())?;
        Arc::new(data::found_city(&db)?)
    };
    let server = Server::start(folder.path()).await?;
    let request = move |connection: usize, nth: u64| {
        let mut mix = Mix((connection as u64) << 32 | nth);
        let point = ground.point(&mut mix);
        let service = &ground.services[mix.below(ground.services.len() as u64) as usize];
        let body = serde_json::json!({
            "service_code": service, "lat": point.lat, "long": point.long, "description": Ground::words(&mut mix),
        })
        .to_string();
        format!(
            "POST /api/v1/requests HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: {connection}-{nth}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    };
    let mut burst = http::burst(server.address, connections, lasting, request).await?;
    anyhow::ensure!(burst.refused == 0, "{} of {} creates were refused", burst.refused, burst.answers);
    let rate = burst.a_second();
    let p99 = table::ms(table::percentile(&mut burst.times, 0.99));
    // Every answer stands for a row.
    drop(server);
    let db = data::open(folder.path())?;
    let rows: i64 = db
        .read_blocking(|tx| tx.value(sql!("SELECT count(*) FROM service_requests"), &[]))?
        .context("no count")?;
    anyhow::ensure!(rows as u64 >= burst.answers, "{} answers and only {rows} rows", burst.answers);
    Ok((rate, p99))
}
