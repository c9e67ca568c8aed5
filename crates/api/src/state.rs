//! What the handlers share: the door, the list of cities, and answers that are kept for a moment.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRef;
use door::Door;
use door::cache::Cache;

use crate::city::Cities;
use crate::map::Borders;
use crate::map::TileKey;

/// Bytes of packed tiles that are kept.
const TILE_ROOM: usize = 32 * 1024 * 1024;
/// How long a tile is true enough, in milliseconds.
const TILE_KEEP_MS: i64 = 10_000;

/// The state of this door's routes. Cloning it is cheap.
#[derive(Clone)]
pub struct Api(Arc<Inside>);

pub struct Inside {
    pub door: Door,
    pub(crate) cities: Cities,
    pub(crate) tiles: Cache<TileKey>,
    pub(crate) borders: Borders,
    pub(crate) readiness: crate::live::Last,
}

impl Api {
    pub fn new(door: Door) -> Self {
        Api(Arc::new(Inside {
            door,
            cities: Cities::default(),
            tiles: Cache::new(TILE_ROOM, TILE_KEEP_MS),
            borders: Borders::default(),
            readiness: Default::default(),
        }))
    }
}

impl Deref for Api {
    type Target = Inside;

    fn deref(&self) -> &Inside {
        &self.0
    }
}

impl FromRef<Api> for Door {
    fn from_ref(api: &Api) -> Door {
        api.door.clone()
    }
}
