//! Stories of messages, told on both databases in a real city.

mod gateways;
mod inbound;
mod receipts;
mod sending;
mod telling;
mod wording;

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex};

use calendar::Timestamp;
use language::Lang;
use people::{Act, Actor, Dice};
use requests::{Channel as Way, Contact, Draft, PlaceDraft, RequestId, Submitted};
use storage::{Db, followers, params, sql};

use crate::gateway::{Channel, Gateway, Gateways, Message, Named, Outcome};
use crate::sender;

/// A point in the middle of the city.
pub const INSIDE: (f64, f64) = (35.7219, 51.4056);
/// Saturday 10:00 in Tehran.
pub const SATURDAY: Timestamp = Timestamp(1_794_637_800_000);
pub const MOBILE: &str = "+989121234567";

pub struct City {
    pub db: Db,
    pub jurisdiction: i64,
    pub dice: Arc<Dice>,
}

/// Tells a story in a fresh city on each database.
pub fn in_the_city(story: impl Fn(City)) {
    for (_, db) in Db::for_stories().unwrap() {
        let dice = Arc::new(Dice::seeded(7));
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cities/tehran");
        let ground = territory::pack::read(&folder).unwrap();
        let services = requests::pack::read(&folder).unwrap();
        let wishes = crate::city::read(&folder).unwrap();
        let act = Act::new(Actor::System("test"), SATURDAY, dice.clone());
        let jurisdiction = db
            .write_blocking(move |tx| {
                let id = territory::pack::load(tx, &act, &ground).unwrap().jurisdiction_id;
                requests::pack::load(tx, &act, id, &services).unwrap();
                crate::city::load(tx, &act, id, &wishes)?;
                crate::city::settle_address(tx, &act, id, "https://137.example.ir")?;
                Ok::<_, storage::Error>(id)
            })
            .unwrap();
        story(City { db, jurisdiction, dice });
    }
}

impl City {
    pub fn act(&self, at: Timestamp) -> Act {
        Act::new(Actor::System("test"), at, self.dice.clone())
    }

    pub fn draft(&self, words: &str) -> Draft {
        Draft {
            service_code: "street-sweeping".into(),
            words: words.into(),
            place: PlaceDraft { point: Some(INSIDE), ..PlaceDraft::default() },
            contact: Contact { mobile: MOBILE.into(), ..Contact::default() },
            ..Draft::new(self.jurisdiction, Way::Web, Lang::Fa)
        }
    }

    pub fn submit(&self, draft: Draft, at: Timestamp) -> Submitted {
        let act = Act { by: Actor::Citizen, ..self.act(at) };
        self.db.write_blocking(move |tx| requests::submit(tx, &act, &draft)).unwrap()
    }

    pub fn answer(&self, id: RequestId, words: &str, at: Timestamp) {
        let (act, jurisdiction) = (self.act(at), self.jurisdiction);
        let step = requests::moves::Step::to(requests::Status::Answered).saying(words);
        self.db.write_blocking(move |tx| requests::moves::make(tx, &act, jurisdiction, id, &step)).unwrap();
    }

    /// Everything that the journal says becomes messages.
    pub fn follow(&self) {
        followers::catch_up_blocking(&self.db, crate::follow::FOLLOWER).unwrap();
    }

    /// Sends until nothing is due at a moment.
    pub fn send(&self, gateways: &Arc<Gateways>, at: Timestamp) -> usize {
        let mut all = 0;
        loop {
            match sender::step(&self.db, self.jurisdiction, gateways, &self.dice, &|| at).unwrap() {
                0 => return all,
                sent => all += sent,
            }
        }
    }

    /// Channel, recipient, template, state and reason of every message, oldest first.
    pub fn outbox(&self) -> Vec<(String, String, String, String, String)> {
        let jurisdiction = self.jurisdiction;
        self.db
            .read_blocking(move |tx| {
                tx.query(
                    sql!(
                        "SELECT channel, recipient, template, state, reason FROM notice_outbox
                         WHERE jurisdiction_id = $1 ORDER BY id LIMIT 1000"
                    ),
                    &params![jurisdiction],
                    |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)),
                )
            })
            .unwrap()
    }

    pub fn states(&self) -> Vec<String> {
        self.outbox().into_iter().map(|(_, _, _, state, _)| state).collect()
    }
}

/// A provider as one would like it: it takes keys, and does what the test says. `Err(true)` sends and loses the answer.
#[derive(Default)]
pub struct Provider {
    pub seen: Mutex<Vec<Message>>,
    /// How the next attempts go; taken in order, then all is well.
    pub script: Mutex<Vec<Outcome>>,
    pub down: Mutex<Option<Outcome>>,
    /// Every attempt, the failed ones too.
    pub asked: Mutex<usize>,
}

impl Provider {
    pub fn texts(&self) -> Vec<String> {
        self.seen.lock().unwrap().iter().map(|message| message.text.clone()).collect()
    }

    pub fn keys(&self) -> HashSet<String> {
        self.seen.lock().unwrap().iter().map(|message| message.key.clone()).collect()
    }

    fn take(&self, message: &Message) -> Outcome {
        let mut seen = self.seen.lock().unwrap();
        if !seen.iter().any(|known| known.key == message.key) {
            seen.push(message.clone());
        }
        Outcome::Sent { id: Some(format!("id-{}", message.key)) }
    }
}

struct Line(Arc<Provider>);

impl Gateway for Line {
    fn send(&self, message: &Message) -> Outcome {
        *self.0.asked.lock().unwrap() += 1;
        let mut script = self.0.script.lock().unwrap();
        let planned =
            if script.is_empty() { self.0.down.lock().unwrap().clone() } else { Some(script.remove(0)) };
        match planned {
            // The message left; only its answer was lost.
            Some(Outcome::Failed { why, maybe_sent: true }) => {
                self.0.take(message);
                Outcome::lost(why)
            }
            Some(outcome) => outcome,
            None => self.0.take(message),
        }
    }
}

/// SMS gateways by name, each with a provider that the test can ask.
pub fn providers(names: &[&str]) -> (Arc<Gateways>, Vec<Arc<Provider>>) {
    let all: Vec<Arc<Provider>> = names.iter().map(|_| Arc::default()).collect();
    let named = names.iter().zip(&all).map(|(name, provider)| Named {
        name: (*name).to_owned(),
        channel: Channel::Sms,
        cost: 120,
        gateway: Box::new(Line(provider.clone())),
    });
    (Arc::new(Gateways { all: named.collect(), quiet_hours: true }), all)
}
