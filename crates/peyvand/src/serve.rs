//! The city is open: both doors on one listener, the worker beside them, and an orderly end.

use std::process::ExitCode;

use anyhow::{Context, Result};
use axum::Router;
use door::{Door, Server};
use tokio::net::TcpListener;

use crate::end::{say, wrong};
use crate::settings::Settings;
use crate::{house, measure, notices, roads, worker};

pub fn run(settings: Settings) -> Result<ExitCode> {
    let house = house::open(&settings)?;
    let cities = house.cities()?;
    if cities.is_empty() {
        eprintln!("No city is loaded yet. Load one with `peyvand city load` or see `peyvand demo`.");
    }
    open(settings, house, &[], |_| ())
}

/// Serves until the program is asked to leave. `words` are printed when the doors are open; `beside` begins what goes on
/// until they close.
pub fn open(
    settings: Settings,
    house: house::House,
    words: &[String],
    beside: impl FnOnce(Door),
) -> Result<ExitCode> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting the threads")?;
    runtime.block_on(async {
        let listener = TcpListener::bind(&settings.door.listen)
            .await
            .map_err(|e| wrong!("listen {}: {e}", settings.door.listen))?;
        let address = listener.local_addr()?;
        roads::begin(&settings, &house)?;
        let counts = measure::begin()?;
        let seal = Some(house::seal(&settings.data)?);
        let door = Door::open(
            house.db,
            house.files,
            door::Settings { seal, notices: notices::ready(&settings)?, ..settings.door.clone() },
        )?;
        measure::serve(&settings, door.clone(), counts).await?;
        let sending = notices::begin(&settings, &door).await?;
        let work = tokio::spawn(worker::run(door.clone()));
        beside(door.clone());
        let router = door::layers(routes(&door), &door);

        let local = format!("http://{address}");
        say!("Peyvand is open at {}", settings.door.public_url.as_deref().unwrap_or(&local));
        for line in words {
            say!("{}", line.replace("{base}", &local));
        }
        tracing::info!(%address, "open");

        let leaving = door.clone();
        let leave = async move {
            asked_to_leave().await;
            tracing::info!("leaving: requests in flight are answered first");
            leaving.close();
        };
        Server::from(&settings.door).serve(router, listener, leave).await?;
        door.close();
        let _ = work.await;
        sending.end().await;
        Ok(ExitCode::SUCCESS)
    })
}

/// Pages for people and documents for programs, under one roof.
fn routes(door: &Door) -> Router {
    web::router(door.clone()).merge(api::router(door.clone()))
}

/// Ctrl-C, or what systemd and containers send.
async fn asked_to_leave() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
