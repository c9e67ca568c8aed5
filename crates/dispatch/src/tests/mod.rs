//! Stories of crews and orders, told on both databases in a real city.

mod aiding;
mod closing;
mod crises;
mod following;
mod giving;
mod making;
mod packs;
mod roads;
mod rosters;
mod standing;

use std::path::Path;
use std::sync::Arc;

use calendar::Timestamp;
use language::Lang;
use people::accounts::{self, NewAccount};
use people::memberships::{self, Offer};
use people::{Act, Actor, Dice, Member, Role};
use requests::{Channel, Draft as Said, PhotoRef, PlaceDraft, Priority, RequestId, ServiceRequest, Status};
use storage::Db;
use territory::{Level, Point};

use crate::evidence::{self, Brought, EvidenceKind};
use crate::orders::{self, Draft, Outcome};
use crate::shifts::{self, Rest};
use crate::{Crew, CrewId, DispatchError, OrderId, Seen, WorkOrder, crews};

/// A point in district 6, one in district 3, and one in the desert.
pub const SIX: (f64, f64) = (35.7219, 51.4056);
pub const THREE: (f64, f64) = (35.7730, 51.4400);
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
pub fn in_the_city(story: impl Fn(City)) {
    for (engine, db) in Db::for_stories().unwrap() {
        let dice = Arc::new(Dice::seeded(7));
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cities/tehran");
        let ground = territory::pack::read(&folder).unwrap();
        let services = requests::pack::read(&folder).unwrap();
        let work = crate::pack::read(&folder).unwrap();
        let act = Act::new(Actor::System("test"), SATURDAY, dice.clone());
        let jurisdiction = {
            let act = act.clone();
            db.write_blocking(move |tx| territory::pack::load(tx, &act, &ground)).unwrap().jurisdiction_id
        };
        {
            let act = act.clone();
            db.write_blocking(move |tx| requests::pack::load(tx, &act, jurisdiction, &services)).unwrap();
        }
        db.write_blocking(move |tx| crate::pack::load(tx, &act, jurisdiction, &work)).unwrap();
        story(City { db, engine, jurisdiction, dice });
    }
}

pub fn point(at: (f64, f64)) -> Point {
    Point::new(at.0, at.1).unwrap()
}

pub fn at(minutes: i64) -> Timestamp {
    SATURDAY.plus_minutes(minutes)
}

/// The code of a refusal.
pub fn refused<T: std::fmt::Debug>(done: Result<T, DispatchError>) -> &'static str {
    done.unwrap_err().code().unwrap_or("failure")
}

impl City {
    pub fn act(&self, by: Actor, minutes: i64) -> Act {
        Act::new(by, at(minutes), self.dice.clone())
    }

    pub fn staff(&self, role: Role, unit: Option<i64>, minutes: i64) -> Act {
        let scopes = people::keys::KeyScopes::ALL;
        let by =
            Actor::Key { jurisdiction: self.jurisdiction, id: 1, name: "desk".into(), role, unit, scopes };
        self.act(by, minutes)
    }

    pub fn dispatcher(&self, minutes: i64) -> Act {
        self.staff(Role::Dispatcher, None, minutes)
    }

    pub fn write<T: Send + 'static, E: From<storage::Error> + Send + 'static>(
        &self,
        verb: impl FnOnce(&mut storage::Tx<'_>, i64) -> Result<T, E> + Send + Clone + 'static,
    ) -> Result<T, E> {
        let jurisdiction = self.jurisdiction;
        self.db.write_blocking(move |tx| (verb.clone())(tx, jurisdiction))
    }

    pub fn district(&self, code: &'static str) -> i64 {
        let jurisdiction = self.jurisdiction;
        let atlas = self.db.read_blocking(move |tx| territory::atlas(tx, jurisdiction)).unwrap();
        atlas.by_code(Level::District, code).unwrap().id
    }

    pub fn unit(&self, code: &'static str) -> i64 {
        let jurisdiction = self.jurisdiction;
        let catalogue = self.db.read_blocking(move |tx| requests::catalogue(tx, jurisdiction)).unwrap();
        catalogue.unit_by_code(code).unwrap().id
    }

    /// A crew of district 6 that can do nearly everything.
    pub fn wish(&self, code: &str) -> crews::Wish {
        crews::Wish {
            name_fa: format!("اکیپ {code}"),
            name_en: format!("Crew {code}"),
            district: Some(self.district("6")),
            unit: Some(self.unit("d6-urban-services")),
            people: 4,
            skills: ["tree", "drain", "clean", "haul", "asphalt", "paving"].map(String::from).into(),
            equipment: ["chainsaw", "tipper", "pump", "cones", "pickup", "jetter"].map(String::from).into(),
            loads: [3000, 1000, 10],
            ..crews::Wish::new(code, point(SIX))
        }
    }

    pub fn crew(&self, code: &str) -> Crew {
        let (act, wish) = (self.dispatcher(0), self.wish(code));
        self.write(move |tx, j| crews::add(tx, &act, j, &wish)).unwrap()
    }

    /// A crew whose shift has begun.
    pub fn working(&self, code: &str) -> Crew {
        let crew = self.crew(code);
        let (act, id) = (self.dispatcher(0), crew.id);
        self.write(move |tx, j| {
            let wish = shifts::Wish {
                crew: id,
                starts_at: at(-60),
                ends_at: at(420),
                overtime_until: None,
                rest: Some(Rest { from: at(120), to: at(180), length: 1800 }),
            };
            shifts::plan(tx, &act, j, &wish)?;
            shifts::begin(tx, &act, j, id, true)
        })
        .unwrap();
        self.show_crew(id)
    }

    pub fn show_crew(&self, id: CrewId) -> Crew {
        let jurisdiction = self.jurisdiction;
        self.db.read_blocking(move |tx| crews::by_id(tx, jurisdiction, id)).unwrap().unwrap()
    }

    pub fn show(&self, id: OrderId) -> WorkOrder {
        let jurisdiction = self.jurisdiction;
        self.db.read_blocking(move |tx| orders::by_id(tx, jurisdiction, id)).unwrap().unwrap()
    }

    pub fn make(&self, draft: Draft) -> Result<WorkOrder, DispatchError> {
        let act = self.dispatcher(0);
        self.write(move |tx, j| orders::make(tx, &act, j, draft))
    }

    pub fn order(&self) -> WorkOrder {
        self.make(Draft::at("drain", point(SIX))).unwrap()
    }

    pub fn assign(&self, order: OrderId, crew: CrewId) -> Result<WorkOrder, DispatchError> {
        let (act, seen) = (self.dispatcher(1), Seen(self.show(order).version));
        self.write(move |tx, j| orders::assign(tx, &act, j, order, crew, seen))
    }

    /// The crew goes there.
    pub fn arrive(&self, order: OrderId, minutes: i64) -> WorkOrder {
        let act = self.dispatcher(minutes);
        self.write(move |tx, j| {
            orders::on_the_way(tx, &act, j, order)?;
            orders::on_site(tx, &act, j, order)
        })
        .unwrap()
    }

    /// Photos, every point of the list, a quantity: all that can be asked for.
    pub fn prove(&self, order: OrderId, minutes: i64) {
        let act = self.dispatcher(minutes);
        self.write(move |tx, j| {
            let now = orders::by_id(tx, j, order)?.ok_or(DispatchError::NotFound)?;
            let kinds = crate::job_types::kinds(tx, j)?;
            for kind in [EvidenceKind::Before, EvidenceKind::After] {
                evidence::add(tx, &act, j, order, &Brought::photo(kind, photo()))?;
            }
            for check in &kinds.job_type(&now.job_type).unwrap().checklist {
                evidence::add(tx, &act, j, order, &Brought::tick(&check.code))?;
            }
            evidence::add(tx, &act, j, order, &Brought::amount(EvidenceKind::Quantity, "inlet", 1.0))
        })
        .unwrap();
    }

    pub fn finish(&self, order: OrderId, minutes: i64) -> Result<WorkOrder, DispatchError> {
        let act = self.dispatcher(minutes);
        let outcome = Outcome { words: "آب روان شد".into(), ..Outcome::default() };
        self.write(move |tx, j| orders::done(tx, &act, j, order, &outcome))
    }

    /// From assigned to done.
    pub fn do_it(&self, order: OrderId, crew: CrewId) -> WorkOrder {
        self.assign(order, crew).unwrap();
        self.arrive(order, 10);
        self.prove(order, 20);
        self.finish(order, 40).unwrap()
    }

    pub fn report(&self, service: &str, priority: Priority) -> ServiceRequest {
        let act = self.act(Actor::Citizen, 0);
        let (j, code) = (self.jurisdiction, service.to_owned());
        let catalogue = self.db.read_blocking(move |tx| requests::catalogue(tx, j)).unwrap();
        let questions = &catalogue.by_code(&code).unwrap().about.attributes;
        let first = |q: &requests::service::Attribute| q.values.first().map_or("1".into(), |v| v.key.clone());
        let answers = questions.iter().filter(|q| q.required);
        let said = Said {
            answers: answers.map(|q| (q.code.clone(), vec![first(q)])).collect(),
            service_code: service.into(),
            words: "لطفاً رسیدگی کنید".into(),
            place: PlaceDraft { point: Some(SIX), ..PlaceDraft::default() },
            priority,
            contact: requests::Contact { mobile: "+989121234567".into(), ..Default::default() },
            ..Said::new(self.jurisdiction, Channel::Web, Lang::Fa)
        };
        let done = self.db.write_blocking(move |tx| requests::submit(tx, &act, &said)).unwrap();
        self.request(done.id)
    }

    pub fn request(&self, id: RequestId) -> ServiceRequest {
        let jurisdiction = self.jurisdiction;
        self.db.read_blocking(move |tx| requests::find::by_id(tx, jurisdiction, id)).unwrap().unwrap()
    }

    pub fn move_to(&self, id: RequestId, status: Status, minutes: i64) -> ServiceRequest {
        let act = self.staff(Role::Supervisor, None, minutes);
        let step = requests::moves::Step::to(status).saying("چنین شد");
        self.write(move |tx, j| requests::moves::make(tx, &act, j, id, &step)).unwrap()
    }

    pub fn orders_of(&self, id: RequestId) -> Vec<WorkOrder> {
        let jurisdiction = self.jurisdiction;
        self.db.read_blocking(move |tx| orders::of_request(tx, jurisdiction, id)).unwrap()
    }

    /// Everybody who follows the journal reads what is new.
    pub fn follow(&self) {
        storage::followers::catch_up_blocking(&self.db, requests::incidents::FOLLOWER).unwrap();
        // What a crew's order does to a request is a fact that is followed again.
        for _ in 0..3 {
            storage::followers::catch_up_blocking(&self.db, crate::follow::FOLLOWER).unwrap();
        }
    }

    /// Somebody who works with a crew, signed in.
    pub fn person(&self, name: &'static str, unit: i64) -> (i64, Actor) {
        let act = self.act(Actor::System("test"), 0);
        let jurisdiction = self.jurisdiction;
        let (account, memberships) = self
            .write(move |tx, j| {
                let wish =
                    NewAccount { name: name.into(), sign_name: Some(name.into()), ..NewAccount::default() };
                let account = accounts::create(tx, &act, j, &wish)?;
                memberships::give(tx, &act, j, account, &Offer::unit(Role::CrewMember, unit))?;
                Ok::<_, people::Refusal>((account, memberships::memberships(tx, j, account)?))
            })
            .unwrap();
        let member = Member { jurisdiction, account, name: name.into(), memberships };
        (account, Actor::Member(Arc::new(member)))
    }
}

pub fn photo() -> PhotoRef {
    PhotoRef { file: "a".repeat(64), thumbnail: "b".repeat(64), width: 800, height: 600 }
}
