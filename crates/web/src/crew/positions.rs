//! Where crews are: three hundred telephones every few seconds, many in one write.
//!
//! What arrives within a moment waits for the others, and one transaction writes them all and says once that crews
//! moved. Nobody waits longer than the moment and the write.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Extension;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use calendar::Timestamp;
use dispatch::field::Fix;
use dispatch::field::positions::{self, Noted, Report};
use door::{Door, Failure, Signed, forms};
use http::StatusCode;
use serde::Deserialize;
use tokio::sync::oneshot;

use super::sync::json;

/// How long the first of a handful waits for the others. A screen shows it within a second all the same.
const MOMENT: Duration = Duration::from_millis(250);
/// Reports of one write; more make a write that others wait for.
const MOST: usize = 500;

type Answer = Result<Noted, &'static str>;

/// Reports that wait to be written, of every city.
#[derive(Clone, Default)]
pub struct Gather(Arc<Mutex<Vec<Waiting>>>);

struct Waiting {
    city: i64,
    report: Report,
    answer: oneshot::Sender<Answer>,
}

#[derive(Deserialize)]
struct Body {
    sent_at: Timestamp,
    fixes: Vec<Fix>,
}

/// `POST /crew/positions`: some positions of one telephone.
pub async fn report(
    State(door): State<Door>,
    Extension(gather): Extension<Gather>,
    signed: Signed,
    request: Request,
) -> Result<Response, Failure> {
    let body = match forms::body(request).await {
        Ok(body) => body,
        Err(refusal) => return Ok(refusal.into_response()),
    };
    let Ok(body) = serde_json::from_slice::<Body>(&body) else {
        return Ok(StatusCode::UNPROCESSABLE_ENTITY.into_response());
    };
    let report = Report { act: signed.act(&door), sent_at: body.sent_at, fixes: body.fixes };
    let waiting = gather.add(&door, signed.jurisdiction, report);
    // The sender is dropped only when the write broke, which is in the log.
    match waiting.await {
        Ok(Ok(noted)) => Ok(json(&noted)),
        Ok(Err(code)) => {
            Ok((StatusCode::CONFLICT, json(&serde_json::json!({ "code": code }))).into_response())
        }
        Err(_) => Err(Failure::passing("positions could not be written")),
    }
}

impl Gather {
    fn add(&self, door: &Door, city: i64, report: Report) -> oneshot::Receiver<Answer> {
        let (answer, waiting) = oneshot::channel();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_first = all.is_empty();
        all.push(Waiting { city, report, answer });
        drop(all);
        if is_first {
            let (gather, door) = (self.clone(), door.clone());
            tokio::spawn(async move {
                tokio::time::sleep(MOMENT).await;
                gather.write(&door).await;
            });
        }
        waiting
    }

    async fn write(&self, door: &Door) {
        let mut all = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        while let Some(city) = all.first().map(|waiting| waiting.city) {
            let (mut now, mut later): (Vec<_>, Vec<_>) = all.into_iter().partition(|w| w.city == city);
            later.extend(now.split_off(now.len().min(MOST)));
            all = later;
            let reports: Arc<Vec<Report>> = Arc::new(now.iter().map(|w| w.report.clone()).collect());
            match door.db.write(move |tx| positions::note(tx, city, &reports)).await {
                Ok(answers) => {
                    for (waiting, answer) in now.into_iter().zip(answers) {
                        // Nobody may be waiting any more: a telephone went away.
                        let _ = waiting.answer.send(answer.map_err(|e| e.code().unwrap_or("failed")));
                    }
                }
                Err(error) => tracing::error!(%error, "positions of crews could not be written"),
            }
        }
    }
}
