//! What just happened, on every screen: server-sent events from the journal.
//!
//! One reader for the whole program follows [`storage::Db::news`], reads each new fact once and hands it to every
//! stream; a stream chooses what its screen may see and puts it into words. It begins where the page was made (see
//! [`Since`]), says `resync` when it cannot tell everything any more, and ends after some minutes, so that whoever
//! was signed out meanwhile is not let in again. Pages stay usable without it: they are loaded anew by hand.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Weak};
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::request::Parts;
use http::{HeaderName, HeaderValue, header};
use storage::journal::{self, Entry};
use storage::{Db, Result};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::{Mutex, watch};
use tokio::time::Instant;

use crate::door::{Door, Inside};

/// Handfuls that may wait for a slow screen before it is told to load itself anew.
const WAITING: usize = 32;
/// Facts of one handful.
const AT_ONCE: u32 = 1_000;
/// How far back a screen that was away is told everything; further back it loads itself anew.
const FURTHEST: i64 = 2_000;
/// News of one moment come together: a storm writes hundreds of facts each second.
const GATHER: Duration = Duration::from_millis(150);
/// Other machines write too, and nobody tells us.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// A comment on the line, before any proxy between takes the silence for an end.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// After this the browser asks again, and whoever may not see this any more is refused.
const LONGEST: Duration = Duration::from_secs(300);
/// Milliseconds after which a browser asks again when the line breaks.
const RETRY: Duration = Duration::from_millis(2_000);

/// The event that says: load what you show anew, something was left out.
pub const RESYNC: &str = "resync";
/// The first event of a stream. It carries no news, only the place from which a broken line goes on.
pub const HELLO: &str = "hello";

/// One event for one screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The name that the page's script listens to.
    pub name: &'static str,
    /// Usually JSON.
    pub data: String,
}

impl Said {
    pub fn new(name: &'static str, data: impl Into<String>) -> Self {
        Said { name, data: data.into() }
    }
}

/// The last fact that a screen knows of: from `Last-Event-ID` when the browser comes back by itself, from `?since=` that the page was
/// made with otherwise, and nothing when it only wants what comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Since(pub Option<i64>);

impl<S: Sync> FromRequestParts<S> for Since {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let said = parts.headers.get("last-event-id").and_then(|value| value.to_str().ok());
        let asked =
            parts.uri.query().and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("since=")));
        Ok(Since(said.or(asked).and_then(|seq| seq.parse().ok()).filter(|seq| *seq >= 0)))
    }
}

/// A stream of the facts that `pick` finds words for. It is asked once for each fact, in order.
pub fn events(
    door: &Door,
    jurisdiction: i64,
    since: Since,
    mut pick: impl FnMut(&Entry) -> Option<Said> + Send + 'static,
) -> Response {
    digests(door, jurisdiction, since, move |entries| entries.iter().filter_map(&mut pick).collect())
}

/// A stream for screens that want one event for many facts: `pick` is given all facts of a moment at once.
pub fn digests(
    door: &Door,
    jurisdiction: i64,
    since: Since,
    pick: impl FnMut(&[Entry]) -> Vec<Said> + Send + 'static,
) -> Response {
    let closed = {
        let door = door.clone();
        Box::pin(async move { door.closed().await })
    };
    let screen = Screen {
        door: door.clone(),
        jurisdiction,
        since: since.0,
        pick: Box::new(pick),
        line: None,
        told: 0,
        until: Instant::now() + LONGEST,
        closed,
    };
    let said = stream::unfold(screen, |mut screen| async move {
        let events = screen.next().await?;
        Some((stream::iter(events.into_iter().map(Ok::<_, Infallible>)), screen))
    });
    let kept = KeepAlive::new().interval(KEEP_ALIVE).text("");
    let mut response = Sse::new(futures_util::StreamExt::flatten(said)).keep_alive(kept).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    // nginx would keep the news until its buffer is full.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

type Handful = Arc<[Entry]>;
type Pick = Box<dyn FnMut(&[Entry]) -> Vec<Said> + Send>;

/// The reader, and who listens.
#[derive(Default)]
pub struct Live {
    cities: Mutex<Cities>,
}

#[derive(Default)]
struct Cities {
    lines: HashMap<i64, City>,
    is_reading: bool,
}

struct City {
    seq: i64,
    news: broadcast::Sender<Handful>,
}

impl Live {
    /// How many screens are open, for the operator's figures.
    pub async fn screens(&self) -> usize {
        self.cities.lock().await.lines.values().map(|city| city.news.receiver_count()).sum()
    }

    async fn join(&self, door: &Door, jurisdiction: i64) -> Result<broadcast::Receiver<Handful>> {
        let mut cities = self.cities.lock().await;
        let line = match cities.lines.get(&jurisdiction) {
            Some(city) => city.news.subscribe(),
            None => {
                // The place is taken before the stream looks at the journal itself, so nothing falls between.
                let (seq, _) = door.db.read(move |tx| journal::head(tx, jurisdiction)).await?;
                let (news, line) = broadcast::channel(WAITING);
                cities.lines.insert(jurisdiction, City { seq, news });
                line
            }
        };
        if !cities.is_reading {
            cities.is_reading = true;
            tokio::spawn(read_on(door.downgrade(), door.db.news(), door.closing()));
        }
        Ok(line)
    }

    /// Reads what is new and hands it on. False when nobody listens any more and the reader may rest.
    async fn round(&self, db: &Db) -> Result<bool> {
        let mut cities = self.cities.lock().await;
        cities.lines.retain(|_, city| city.news.receiver_count() > 0);
        if cities.lines.is_empty() {
            cities.is_reading = false;
            return Ok(false);
        }
        for (jurisdiction, city) in &mut cities.lines {
            let jurisdiction = *jurisdiction;
            loop {
                let seq = city.seq;
                let new = db.read(move |tx| journal::after(tx, jurisdiction, seq, AT_ONCE)).await?;
                let Some(last) = new.last() else { break };
                city.seq = last.seq;
                let is_full = new.len() == AT_ONCE as usize;
                // Nobody listening is not an error; the next round notices.
                let _ = city.news.send(new.into());
                if !is_full {
                    break;
                }
            }
        }
        Ok(true)
    }
}

/// The one reader. It does not keep the door open: when the last handle is gone, or the program leaves, it ends.
async fn read_on(door: Weak<Inside>, mut news: watch::Receiver<u64>, mut closing: watch::Receiver<bool>) {
    loop {
        news.mark_unchanged();
        let Some(door) = Door::upgrade(&door) else { return };
        match door.live.round(&door.db).await {
            Ok(true) => {}
            Ok(false) => return,
            // It looks again in a moment, and nothing is lost: the place in the journal has not moved.
            Err(error) => tracing::debug!(%error, "the journal could not be read for live pages"),
        }
        drop(door);
        // What the channels lend must be given back before the next wait.
        let closed = async { closing.wait_for(|closing| *closing).await.is_ok() };
        let changed = tokio::select! {
            _ = closed => return,
            changed = news.changed() => changed.is_ok(),
            () = tokio::time::sleep(LOOK_AGAIN) => continue,
        };
        if !changed {
            return;
        }
        tokio::time::sleep(GATHER).await;
    }
}

/// One open stream.
struct Screen {
    door: Door,
    jurisdiction: i64,
    since: Option<i64>,
    pick: Pick,
    line: Option<broadcast::Receiver<Handful>>,
    /// The last fact that this screen was told of, or that was not for it.
    told: i64,
    until: Instant,
    closed: std::pin::Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Screen {
    /// The next events, or nothing when the stream is over.
    async fn next(&mut self) -> Option<Vec<Event>> {
        let Some(line) = &mut self.line else { return self.begin().await };
        loop {
            let heard = tokio::select! {
                biased;
                () = &mut self.closed => return None,
                () = tokio::time::sleep_until(self.until) => return None,
                heard = line.recv() => heard,
            };
            match heard {
                Ok(handful) => {
                    let new = handful.iter().position(|entry| entry.seq > self.told);
                    let Some(entries) = new.and_then(|from| handful.get(from..)) else { continue };
                    let events = said(&mut self.pick, entries);
                    self.told = entries.last().map_or(self.told, |entry| entry.seq);
                    if !events.is_empty() {
                        return Some(events);
                    }
                }
                Err(RecvError::Lagged(_)) => {
                    // What was left out is no loss: the screen loads itself anew, from a later place than this.
                    return Some(vec![event(RESYNC, None, String::new())]);
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// Takes a place on the line and tells what happened since the screen last knew.
    async fn begin(&mut self) -> Option<Vec<Event>> {
        let outcome: Result<_> = async {
            let line = self.door.live.join(&self.door, self.jurisdiction).await?;
            let (jurisdiction, since) = (self.jurisdiction, self.since);
            let missed = self
                .door
                .db
                .read(move |tx| {
                    let (head, _) = journal::head(tx, jurisdiction)?;
                    let from = since.unwrap_or(head);
                    // A number from the future is from another database.
                    let missed = match head - from {
                        0 => Some(Vec::new()),
                        1..=FURTHEST => Some(journal::after(tx, jurisdiction, from, FURTHEST as u32)?),
                        _ => None,
                    };
                    Ok::<_, storage::Error>((head, missed))
                })
                .await?;
            Ok((line, missed))
        }
        .await;
        let (line, (head, missed)) = match outcome {
            Ok(begun) => begun,
            Err(error) => {
                tracing::debug!(%error, "a live page could not begin");
                return None;
            }
        };
        self.line = Some(line);
        self.told =
            missed.as_ref().and_then(|missed| missed.last()).map_or(head, |entry| entry.seq.max(head));
        let mut events = vec![event(HELLO, Some(head), String::new()).retry(RETRY)];
        match missed {
            Some(missed) => events.extend(said(&mut self.pick, &missed)),
            None => events.push(event(RESYNC, Some(head), String::new())),
        }
        Some(events)
    }
}

fn said(pick: &mut Pick, entries: &[Entry]) -> Vec<Event> {
    let Some(last) = entries.last() else { return Vec::new() };
    pick(entries).into_iter().map(|said| event(said.name, Some(last.seq), said.data)).collect()
}

fn event(name: &'static str, seq: Option<i64>, data: String) -> Event {
    // A carriage return would end the line, and axum panics rather than let it. An event without data is never heard:
    // browsers drop it.
    let data = match data.as_str() {
        "" => "{}".to_owned(),
        text if text.contains('\r') => text.replace('\r', " "),
        _ => data,
    };
    let event = Event::default().event(name).data(data);
    match seq {
        Some(seq) => event.id(seq.to_string()),
        None => event,
    }
}
