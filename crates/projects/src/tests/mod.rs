//! Stories of a round, told on both databases in a real city.

mod attacks;
mod counted;
mod ideas;
mod other_ways;
mod votes;

use std::path::Path;
use std::sync::Arc;

use calendar::Timestamp;
use language::Lang;
use people::{Act, Actor, Dice, Member, Role, Seal};
use requests::service::Both;
use storage::Db;
use territory::{Level, Point};

use crate::ballots::identity::{Claim, Identity, Listed, prove};
use crate::ballots::{Cast, Casting, Channel, Choice};
use crate::project::NewProject;
use crate::rounds::Draft;
use crate::{Phase, PotId, ProjectError, ProjectId, Round, RoundId, book, rounds, samples};

/// Saturday 10:00 in Tehran.
pub const NOW: Timestamp = Timestamp(1_794_637_800_000);
pub const DAY: i64 = 86_400_000;

pub struct City {
    pub db: Db,
    pub engine: &'static str,
    pub id: i64,
    pub seal: Seal,
    /// Two districts with a pot each.
    pub districts: [i64; 2],
    dice: Arc<Dice>,
}

/// Tells a story in a fresh city on each database.
pub fn in_the_city(story: impl Fn(&City)) {
    for (engine, db) in Db::for_stories().unwrap() {
        let dice = Arc::new(Dice::seeded(5));
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cities/tehran");
        let ground = territory::pack::read(&folder).unwrap();
        let services = requests::pack::read(&folder).unwrap();
        let act = Act::new(Actor::System("test"), NOW, dice.clone());
        let by = act.clone();
        let id =
            db.write_blocking(move |tx| territory::pack::load(tx, &by, &ground)).unwrap().jurisdiction_id;
        db.write_blocking(move |tx| requests::pack::load(tx, &act, id, &services)).unwrap();
        let atlas = db.read_blocking(move |tx| territory::atlas(tx, id)).unwrap();
        let district = |code: &str| atlas.by_code(Level::District, code).unwrap().id;
        let districts = [district("6"), district("3")];
        story(&City { db, engine, id, seal: Seal::new([7; 32]), districts, dice });
    }
}

impl City {
    pub fn act(&self, by: Actor, at: Timestamp) -> Act {
        Act::new(by, at, self.dice.clone())
    }

    pub fn house(&self, at: Timestamp) -> Act {
        self.act(Actor::System("test"), at)
    }

    /// Somebody who signed in, with a role or as a citizen.
    pub fn member(&self, account: i64, role: Option<Role>, at: Timestamp) -> Act {
        let memberships = role.map(|role| people::Membership {
            id: account,
            role,
            scope: people::Scope::City,
            unit: None,
            district: None,
            neighbourhood: None,
            state: people::MemberState::Active,
        });
        self.act(
            Actor::Member(Arc::new(Member {
                jurisdiction: self.id,
                account,
                name: "نمونه".into(),
                memberships: memberships.into_iter().collect(),
            })),
            at,
        )
    }

    pub fn citizen(&self, account: i64) -> Act {
        self.member(account, None, NOW)
    }

    pub fn write<T: Send + 'static>(
        &self,
        verb: impl Fn(&mut storage::Tx<'_>) -> Result<T, ProjectError> + Send + 'static,
    ) -> Result<T, ProjectError> {
        self.db.write_blocking(verb)
    }

    /// A public round at a phase; the mobile number is the person.
    pub fn round(&self, phase: Phase, change: impl FnOnce(&mut Draft)) -> RoundId {
        let budget = 100_000_000_000;
        let parts = self.districts.map(|id| (id, Both::default(), budget));
        let mut draft = samples::draft("1405", phase, NOW, &parts);
        change(&mut draft);
        let (act, seal, id) = (self.house(NOW.plus_millis(-400 * DAY)), self.seal.clone(), self.id);
        self.write(move |tx| rounds::put(tx, &act, &seal, id, None, &draft)).unwrap()
    }

    pub fn show(&self, round: RoundId) -> Round {
        let id = self.id;
        self.db.read_blocking(move |tx| book(tx, id)).unwrap().round(round).unwrap().clone()
    }

    pub fn pot(&self, round: RoundId, number: i64) -> PotId {
        self.show(round).pot_numbered(number).unwrap().id
    }

    /// Projects on the ballot: three of the first district (numbers 1 to 3), one of the second (4), two of the city (5, 6).
    pub fn projects(&self, round: RoundId) -> Vec<ProjectId> {
        let at = self.show(round).times.begins_at(Phase::Pricing).unwrap().plus_millis(DAY);
        let mut made = Vec::new();
        for (n, pot) in [1, 1, 1, 2, 0, 0].into_iter().enumerate() {
            let new = NewProject {
                pot: Some(self.pot(round, pot)),
                topic: "environment".into(),
                title: Both::new(format!("بوستان شمارهٔ {n}"), format!("Park no. {n}")),
                cost: 40_000_000_000,
                cost_least: 30_000_000_000,
                cost_most: 40_000_000_000,
                ..NewProject::default()
            };
            let (act, id) = (self.house(at), self.id);
            made.push(self.write(move |tx| crate::add(tx, &act, id, round, &new)).unwrap());
        }
        let (act, id) = (self.house(at), self.id);
        assert_eq!(self.write(move |tx| crate::publish_all(tx, &act, id, round)).unwrap(), 6);
        made
    }

    pub fn identity(&self, round: RoundId, channel: Channel, mobile: &str) -> Identity {
        let (round, seal, id, mobile) = (self.show(round), self.seal.clone(), self.id, mobile.to_owned());
        self.write(move |tx| {
            let claim = Claim { mobile: Some(&mobile), ..Claim::default() };
            let today = NOW.day(&calendar::Zone::utc());
            prove(tx, &Listed { seal: &seal }, id, &round, channel, &claim, today)
        })
        .unwrap()
    }

    /// The mobile of a person.
    pub fn mobile(n: i64) -> String {
        format!("+98912{n:07}")
    }

    /// Somebody votes on the page, in the first district.
    pub fn votes(
        &self,
        round: RoundId,
        person: i64,
        numbers: &[i64],
        at: Timestamp,
    ) -> Result<Cast, ProjectError> {
        let casting = self.casting(round, person, numbers);
        self.casts(casting, at)
    }

    pub fn casting(&self, round: RoundId, person: i64, numbers: &[i64]) -> Casting {
        Casting {
            round,
            identity: self.identity(round, Channel::Web, &City::mobile(person)),
            home: Some(self.pot(round, 1)),
            choices: numbers.iter().map(|number| Choice::of(*number)).collect(),
            channel: Channel::Web,
            assistant: None,
        }
    }

    pub fn casts(&self, casting: Casting, at: Timestamp) -> Result<Cast, ProjectError> {
        let (act, seal, id) = (self.member(77, None, at), self.seal.clone(), self.id);
        self.write(move |tx| crate::ballots::cast(tx, &act, &seal, id, &casting))
    }

    pub fn count(&self, table: &'static str) -> i64 {
        let sql = storage::Sql::built(format!("SELECT COUNT(*) FROM {table}"));
        self.db.read_blocking(move |tx| tx.value::<i64>(&sql, &[])).unwrap().unwrap()
    }

    /// Facts of a kind in the journal.
    pub fn facts(&self, kind: &'static str, fact: &'static str) -> Vec<storage::journal::Entry> {
        let id = self.id;
        let all = self.db.read_blocking(move |tx| storage::journal::after(tx, id, 0, 100_000)).unwrap();
        all.into_iter().filter(|e| e.subject_kind == kind && e.fact == fact).collect()
    }

    pub fn idea(&self, title: &str, words: &str) -> crate::ideas::NewIdea {
        crate::ideas::NewIdea {
            topic: "environment".into(),
            title: title.into(),
            words: words.into(),
            language: Lang::Fa,
            point: Some((35.7219, 51.4056)),
            division: None,
            address: String::new(),
            form_key: None,
        }
    }

    pub fn here() -> Point {
        Point::new(35.7219, 51.4056).unwrap()
    }
}

/// The code of a refusal.
#[track_caller]
pub fn refused<T: std::fmt::Debug>(said: Result<T, ProjectError>) -> &'static str {
    match said {
        Err(ProjectError::Refused { code, .. }) => code,
        Err(ProjectError::Denied(_)) => "denied",
        Err(ProjectError::NotFound) => "not-found",
        Err(ProjectError::Changed) => "changed",
        other => panic!("{other:?} is no refusal"),
    }
}
