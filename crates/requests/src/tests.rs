//! Stories of the line, told on both databases in a real city.

mod bringing_in;
mod calling_back;
mod calls;
mod finding;
mod forgetting;
mod grouping;
mod lists; // what stands first in a list, and how deep words are found
mod on_the_line;
mod replying;
mod reporting;
mod searching;
mod storms;
mod suggesting;
mod turns;
mod working;

use std::path::Path;
use std::sync::Arc;

use calendar::Timestamp;
use language::Lang;
use people::{Act, Actor, Dice, Role};
use storage::Db;

use crate::{Channel, Draft, PlaceDraft, RequestId, Submitted};

/// A point in the middle of the city, and one in the desert.
pub const INSIDE: (f64, f64) = (35.7219, 51.4056);
pub const OUTSIDE: (f64, f64) = (34.5, 51.0);
/// Saturday 10:00 in Tehran.
pub const SATURDAY: Timestamp = Timestamp(1_794_637_800_000);

pub struct City {
    pub db: Db,
    pub engine: &'static str,
    pub jurisdiction: i64,
    dice: Arc<Dice>,
}

/// Tells a story in a fresh city on each database.
pub fn in_the_city(pack: &str, story: impl Fn(City)) {
    for (engine, db) in Db::for_stories().unwrap() {
        let dice = Arc::new(Dice::seeded(7));
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cities").join(pack);
        let ground = territory::pack::read(&folder).unwrap();
        let services = crate::pack::read(&folder).unwrap();
        let act = Act::new(Actor::System("test"), SATURDAY, dice.clone());
        let jurisdiction = {
            let act = act.clone();
            db.write_blocking(move |tx| territory::pack::load(tx, &act, &ground)).unwrap().jurisdiction_id
        };
        db.write_blocking(move |tx| crate::pack::load(tx, &act, jurisdiction, &services)).unwrap();
        story(City { db, engine, jurisdiction, dice });
    }
}

impl City {
    pub fn act(&self, by: Actor, at: Timestamp) -> Act {
        Act::new(by, at, self.dice.clone())
    }

    pub fn citizen(&self) -> Act {
        self.act(Actor::Citizen, SATURDAY)
    }

    pub fn staff(&self, role: Role, unit: Option<i64>, at: Timestamp) -> Act {
        self.act(
            Actor::Key {
                jurisdiction: self.jurisdiction,
                id: 1,
                name: "desk".into(),
                role,
                unit,
                scopes: people::keys::KeyScopes::ALL,
            },
            at,
        )
    }

    pub fn draft(&self, service: &str, words: &str) -> Draft {
        Draft {
            service_code: service.into(),
            words: words.into(),
            place: PlaceDraft { point: Some(INSIDE), ..PlaceDraft::default() },
            ..Draft::new(self.jurisdiction, Channel::Web, Lang::Fa)
        }
    }

    pub fn submit(&self, draft: Draft) -> Result<Submitted, crate::SubmitError> {
        let act = self.citizen();
        self.db.write_blocking(move |tx| crate::submit(tx, &act, &draft))
    }

    pub fn show(&self, id: RequestId) -> crate::ServiceRequest {
        let jurisdiction = self.jurisdiction;
        self.db.read_blocking(move |tx| crate::find::by_id(tx, jurisdiction, id)).unwrap().unwrap()
    }
}
