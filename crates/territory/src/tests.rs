//! Stories on real packs and on small ones made for the occasion, on every database.

mod atlas; // where points lie, against a slow oracle
mod cell; // one number for a position
mod editions; // a newer pack: renamed, removed, new
mod find; // places by name
mod packs; // packs with mistakes in them

use std::path::{Path, PathBuf};
use std::sync::Arc;

use calendar::Timestamp;
use people::{Act, Actor, Dice};
use storage::Db;

use crate::pack::{self, Loaded, Pack};
use crate::{Atlas, Point};

fn city(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cities").join(name)
}

fn act() -> Act {
    Act::new(Actor::System("test"), Timestamp(1_750_000_000_000), Arc::new(Dice::seeded(7)))
}

/// Loads a pack at a moment, `at` hours later than the first.
fn load_at(db: &Db, pack: Pack, hours: i64) -> Loaded {
    let act = Act {
        at: Timestamp(act().at.0 + hours * 3_600_000),
        dice: Arc::new(Dice::seeded(hours as u64)),
        ..act()
    };
    db.write_blocking(move |tx| pack::load(tx, &act, &pack)).unwrap()
}

fn load(db: &Db, name: &str) -> (Loaded, Arc<Atlas>) {
    let loaded = load_at(db, pack::read(&city(name)).unwrap(), 0);
    (loaded, atlas(db, loaded.jurisdiction_id))
}

fn atlas(db: &Db, jurisdiction: i64) -> Arc<Atlas> {
    db.read_blocking(move |tx| crate::atlas(tx, jurisdiction)).unwrap()
}

fn point(lat: f64, long: f64) -> Point {
    Point::new(lat, long).unwrap()
}

/// Equal numbers every time, evenly spread over 0..1.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}
