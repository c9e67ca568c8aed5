//! Pages a second from the large city, with 64 kept connections on the machine that also makes the load; the time
//! from start to ready; the memory of the process.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use storage::sql;

use crate::server::Server;
use crate::{data, http, table};

const PAGES_A_SECOND: f64 = 12_000.0;
const P99_MS: f64 = 25.0;
const READY_MS: f64 = 500.0;
const MEMORY_MB: f64 = 200.0;
const CONNECTIONS: usize = 64;

pub fn run(data: &Path, count: u64, seconds: u64) -> Result<()> {
    let folder = data::fill(data, count)?;
    let codes: Vec<String> = {
        let db = data::open(&folder)?;
        db.read_blocking(|tx| {
            tx.query(
                sql!(
                    "SELECT tracking_code FROM service_requests WHERE id % 97 = 0 ORDER BY id DESC LIMIT 4000"
                ),
                &[],
                |row| row.get(0),
            )
        })?
    };
    anyhow::ensure!(!codes.is_empty(), "the city is empty");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    table::heading(&format!(
        "Pages from {count} requests, {CONNECTIONS} connections, against {PAGES_A_SECOND:.0} a second"
    ));
    runtime.block_on(async {
        let server = Server::start(&folder).await?;
        let ready = table::ms(server.ready_after);
        table::line("start to ready", ready, "ms", &format!("{:.2} of {READY_MS} ms", ready / READY_MS));
        for (name, paths) in [
            ("a request", codes.iter().map(|c| format!("/requests/{c}")).collect::<Vec<_>>()),
            ("the list, the same address", vec!["/requests".into()]),
            ("the list, another address each time", vec!["/requests?before=NEW".into()]),
            ("home, the same address", vec!["/".into()]),
            ("a request, as JSON", codes.iter().map(|c| format!("/api/v1/requests/{c}")).collect()),
        ] {
            let first = paths.first().context("no address")?;
            let (status, body) = http::get(server.address, first).await?;
            anyhow::ensure!(status == 200, "{first} answers {status}");
            let size = body.len();
            let request = move |c: usize, n: u64| {
                // A page that is asked for again and again is kept for a moment; a new address is rendered anew.
                let path = &paths[(c as u64 * 7919 + n) as usize % paths.len()];
                let anew = people::first_id_at(data::NOW) - (c as i64 * 100_000 + n as i64) * 7_919_000;
                http::text_of_get(&path.replace("NEW", &anew.to_string()))
            };
            http::burst(server.address, CONNECTIONS, Duration::from_secs(1), request.clone()).await?;
            let mut burst =
                http::burst(server.address, CONNECTIONS, Duration::from_secs(seconds), request).await?;
            anyhow::ensure!(burst.refused == 0, "{name}: {} of {} refused", burst.refused, burst.answers);
            let (rate, p99) = (burst.a_second(), table::ms(table::percentile(&mut burst.times, 0.99)));
            let ratio = rate / PAGES_A_SECOND;
            table::line(
                name,
                rate,
                "/s",
                &format!("{ratio:.2} of the limit; p99 {p99:.1} ms ({:.2}); {size} bytes", p99 / P99_MS),
            );
        }
        let memory = server.resident_mb()?;
        table::line(
            "memory afterwards",
            memory,
            "MB",
            &format!("{:.2} of {MEMORY_MB} MB", memory / MEMORY_MB),
        );
        Ok(())
    })
}
