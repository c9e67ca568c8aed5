//! What the permission table promises, who may come in, and what happens to those who should not.

mod codes;
mod keys;
mod managing;
mod sessions;
mod staff;
mod table;

use std::sync::Arc;

use calendar::Timestamp;
use storage::{Db, Tx};

use crate::accounts::{self, NewAccount, Offer};
use crate::passwords::{self, PasswordHash};
use crate::sessions::Assurance;
use crate::{Act, Actor, Dice, Member, Refusal, Role, Seal};

const J: i64 = 1;
const NOW: Timestamp = Timestamp(1_700_000_000_000);
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A city on one of the databases.
struct City {
    engine: &'static str,
    db: Db,
    dice: Arc<Dice>,
    seal: Seal,
}

/// Tells a story on SQLite, and on PostgreSQL where there is one.
fn on_both(story: impl Fn(&City)) {
    for (engine, db) in Db::for_stories().unwrap() {
        story(&City { engine, db, dice: Arc::new(Dice::seeded(2)), seal: Seal::new([7; 32]) });
    }
}

impl City {
    fn act(&self, by: Actor, at: Timestamp) -> Act {
        Act::new(by, at, self.dice.clone())
    }

    fn system(&self) -> Act {
        self.act(Actor::System("test"), NOW)
    }

    fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> storage::Result<T> + Send + 'static,
    ) -> T {
        self.db.read_blocking(work).unwrap()
    }

    /// One committed write by `act`.
    fn write<T: Send + 'static, E: From<storage::Error> + Send + 'static>(
        &self,
        act: Act,
        work: impl Fn(&mut Tx<'_>, &Act) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        self.db.write_blocking(move |tx| work(tx, &act))
    }

    /// Somebody who works here, with these roles in force and the password of [`secret`].
    fn colleague(&self, sign_name: &str, roles: &[Offer]) -> i64 {
        let roles = roles.to_vec();
        let wish = NewAccount {
            name: format!("همکار {sign_name}"),
            sign_name: Some(sign_name.to_owned()),
            ..NewAccount::default()
        };
        let hash = secret();
        self.write(self.system(), move |tx, act| -> Result<i64, Refusal> {
            let id = accounts::create(tx, act, J, &wish)?;
            accounts::admit_password(tx, act, J, id, &hash)?;
            for role in &roles {
                accounts::give(tx, act, J, id, role)?;
            }
            Ok(id)
        })
        .unwrap()
    }

    /// The account as somebody who signed in, with its roles as they stand.
    fn actor(&self, account: i64) -> Actor {
        let memberships = self.read(move |tx| accounts::memberships(tx, J, account));
        Actor::Member(Arc::new(Member { jurisdiction: J, account, name: String::new(), memberships }))
    }

    fn by(&self, account: i64) -> Act {
        self.act(self.actor(account), NOW)
    }

    fn sign_in(&self, account: i64, assurance: Assurance, at: Timestamp) -> String {
        self.write(self.act(Actor::Citizen, at), move |tx, act| {
            crate::sessions::begin(tx, act, J, account, assurance, "Firefox", "192.0.2.1")
        })
        .unwrap()
    }

    fn find(&self, token: &str, at: Timestamp) -> Option<crate::sessions::Session> {
        let token = token.to_owned();
        self.read(move |tx| crate::sessions::find(tx, J, &token, at))
    }

    /// Facts about an account, in order.
    fn facts(&self, account: i64) -> Vec<String> {
        let facts = self.read(move |tx| storage::journal::of(tx, J, accounts::ACCOUNT, account, 1000));
        facts.into_iter().map(|entry| entry.fact).collect()
    }
}

const SECRET: &str = "nine purple elevators";

/// The hash of [`SECRET`], worked out once.
fn secret() -> PasswordHash {
    static HASH: std::sync::OnceLock<PasswordHash> = std::sync::OnceLock::new();
    HASH.get_or_init(|| passwords::hash(&Dice::seeded(9), SECRET).unwrap()).clone()
}

fn member(account: i64, memberships: Vec<crate::Membership>) -> Actor {
    Actor::Member(Arc::new(Member { jurisdiction: J, account, name: String::new(), memberships }))
}

fn admin() -> Offer {
    Offer::city(Role::Administrator)
}
