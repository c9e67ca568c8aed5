//! Is the program alive, is it ready.
//!
//! `/livez` only says that the program answers. `/readyz` asks whether it could take a report this moment: a commit
//! through the one writer, room in its queue, and room on the disk of the files.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use calendar::Timestamp;
use door::Door;
use http::{StatusCode, header};
use serde::Serialize;

use crate::state::Api;

/// A writer that has not answered by then is not taken for ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long an answer is true enough, in milliseconds.
const KEEP_MS: i64 = 200;

/// When it was last asked, and what database and files said.
pub(crate) type Last = Mutex<Option<(Timestamp, &'static str, &'static str)>>;

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
    let now = api.door.now();
    // Whoever asks all the time gets the last answer, or asking would be work for the disk.
    let kept = *api.readiness.lock().unwrap_or_else(PoisonError::into_inner);
    let (database, files) = match kept {
        Some((at, database, files)) if (0..KEEP_MS).contains(&(now.0 - at.0)) => (database, files),
        _ => {
            let (database, files) = (ask_database(&api.door).await, ask_files(&api.door).await);
            *api.readiness.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, database, files));
            (database, files)
        }
    };
    let ready = database == "ok" && files == "ok" && !api.door.is_closing();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let readiness = Readiness { ready, database, files, queue: api.door.db.queue_length() };
    let body = serde_json::to_vec(&readiness).unwrap_or_default();
    let headers =
        [(header::CONTENT_TYPE, "application/json; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, body).into_response()
}

async fn ask_database(door: &Door) -> &'static str {
    let commit = door.db.write(|_| Ok::<(), storage::Error>(()));
    match tokio::time::timeout(PATIENCE, commit).await {
        Ok(Ok(())) => "ok",
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the database does not take writes");
            "failed"
        }
        Err(_) => "slow",
    }
}

async fn ask_files(door: &Door) -> &'static str {
    let probe = door.files.folder().join(".ready");
    // As much as a small photo, and taken away again: a few bytes over the old ones fit on a full disk too.
    let write = move || std::fs::write(&probe, [0; 64 * 1024]).and_then(|()| std::fs::remove_file(&probe));
    match door.blocking(write).await {
        Ok(Ok(())) => "ok",
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the folder of files does not take writes");
            "failed"
        }
        Err(_) => "failed",
    }
}
