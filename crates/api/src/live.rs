//! Is the program alive, is it ready.
//!
//! `/livez` only says that the program answers. `/readyz` asks whether it could take a report this moment: a commit
//! through the one writer, room in its queue, and room on the disk of the files.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{StatusCode, header};
use serde::Serialize;

use crate::state::Api;

/// A writer that has not answered by then is not taken for ready.
const PATIENCE: Duration = Duration::from_secs(2);

pub(crate) fn routes() -> Router<Api> {
    Router::new().route("/livez", get(alive)).route("/readyz", get(ready))
}

async fn alive() -> Response {
    ([(header::CACHE_CONTROL, "no-store")], "ok\n").into_response()
}

#[derive(Serialize)]
struct Readiness {
    ready: bool,
    database: &'static str,
    files: &'static str,
    /// Writes that wait.
    queue: usize,
}

async fn ready(State(api): State<Api>) -> Response {
    let door = &api.door;
    let queue = door.db.queue_length();
    let commit = door.db.write(|_| Ok::<(), storage::Error>(()));
    let database = match tokio::time::timeout(PATIENCE, commit).await {
        Ok(Ok(())) => "ok",
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the database does not take writes");
            "failed"
        }
        Err(_) => "slow",
    };
    let probe = door.files.folder().join(".ready");
    let written = door.blocking(move || std::fs::write(&probe, b"ready\n")).await;
    let files = match written {
        Ok(Ok(())) => "ok",
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the folder of files does not take writes");
            "failed"
        }
        Err(_) => "failed",
    };
    let ready = database == "ok" && files == "ok" && !door.is_closing();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = serde_json::to_vec(&Readiness { ready, database, files, queue }).unwrap_or_default();
    (
        status,
        [(header::CONTENT_TYPE, "application/json; charset=utf-8"), (header::CACHE_CONTROL, "no-store")],
        body,
    )
        .into_response()
}
