//! Rows, files, clock and dice: what a handler needs to call a verb.

use std::ops::Deref;
use std::sync::{Arc, Weak};
use std::time::Duration;

use calendar::Timestamp;
use people::{Act, Actor, Dice, Seal};
use storage::files::Files;
use storage::{Db, Error};
use tokio::sync::{Semaphore, watch};

use crate::clock::Clock;
use crate::denials::Denials;
use crate::failure::Failure;
use crate::limits::Limits;
use crate::live::Live;
use crate::settings::Settings;

/// Pictures decoded at one time. A picture of 50 megapixels can take 400 MB while it is open.
const PHOTO_SLOTS: usize = 2;
/// How long a picture waits for its turn.
const PHOTO_WAIT: Duration = Duration::from_secs(20);
/// Megabytes of files that all requests together may hold before they are stored.
const UPLOAD_ROOM: usize = 512;

/// The handle that both doors hold. Cloning it is cheap, and it is the state of their routers.
#[derive(Clone)]
pub struct Door(Arc<Inside>);

pub struct Inside {
    pub db: Db,
    pub files: Files,
    pub dice: Arc<Dice>,
    /// The key that is not in the database; see [`people::Seal`].
    pub seal: Seal,
    pub clock: Clock,
    pub settings: Settings,
    pub limits: Limits,
    pub(crate) denials: Denials,
    /// Turns for decoding pictures; see [`Door::photo`].
    pub photo_slots: Semaphore,
    /// One permit is one megabyte of a file that is being sent.
    pub(crate) upload_room: Arc<Semaphore>,
    /// Screens that hear of news; see [`crate::live`].
    pub live: Live,
    closing: watch::Sender<bool>,
}

impl Deref for Door {
    type Target = Inside;

    fn deref(&self) -> &Inside {
        &self.0
    }
}

impl Door {
    /// A door with the system's clock and the operating system's randomness.
    pub fn open(db: Db, files: Files, settings: Settings) -> storage::Result<Self> {
        let mut key = [0u8; 32];
        getrandom::fill(&mut key).map_err(|e| Error::settings(format_args!("no randomness: {e}")))?;
        Ok(Self::with(db, files, settings, Clock::System, Dice::new(key)))
    }

    /// A door with a clock and dice of one's own, for tests and demo data.
    pub fn with(db: Db, files: Files, settings: Settings, clock: Clock, dice: Dice) -> Self {
        let limits = Limits::new(settings.rate_limits);
        // Without a key of its own the door draws one: what it seals opens until it is closed.
        let seal = settings.seal.clone().unwrap_or_else(|| Seal::new(dice.bytes()));
        Door(Arc::new(Inside {
            db,
            files,
            dice: Arc::new(dice),
            seal,
            clock,
            settings,
            limits,
            denials: Denials::default(),
            photo_slots: Semaphore::new(PHOTO_SLOTS),
            upload_room: Arc::new(Semaphore::new(UPLOAD_ROOM)),
            live: Live::default(),
            closing: watch::Sender::new(false),
        }))
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Who is asking, now.
    pub fn act(&self, by: Actor) -> Act {
        Act::new(by, self.now(), self.dice.clone())
    }

    /// A path with the address people know in front, for feeds, letters and other places away from our pages.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.settings.public_url.as_deref().unwrap_or("").trim_end_matches('/'))
    }

    /// Runs work on pictures on a thread that may block, in turn: few at a time, because each needs much memory.
    pub async fn photo<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let turn = match tokio::time::timeout(PHOTO_WAIT, self.photo_slots.acquire()).await {
            Ok(Ok(turn)) => turn,
            _ => return Err(Failure::passing("too many pictures are waiting to be read")),
        };
        let done = self.blocking(work).await;
        drop(turn);
        done
    }

    /// Runs work that waits for a disk on a thread that may block.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|e| Failure::new(format_args!("work on a thread: {e}")))
    }

    /// Says that the program is leaving, so that streams without an end are ended.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// A handle that does not keep the door open.
    pub(crate) fn downgrade(&self) -> Weak<Inside> {
        Arc::downgrade(&self.0)
    }

    pub(crate) fn upgrade(inside: &Weak<Inside>) -> Option<Self> {
        inside.upgrade().map(Door)
    }

    pub(crate) fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    pub fn is_closing(&self) -> bool {
        *self.closing.borrow()
    }

    /// Resolves when the program is leaving. A stream of live news selects on it.
    pub async fn closed(&self) {
        let mut closing = self.closing.subscribe();
        let _ = closing.wait_for(|closing| *closing).await;
    }
}
