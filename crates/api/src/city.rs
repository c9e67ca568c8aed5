//! Which jurisdiction is meant.
//!
//! Every call may name one; without a name, or with an empty one, it is the first in the list of cities. The list is
//! kept for two seconds, so that the hottest path asks no database for it; the id of a city never changes.

use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

use calendar::Timestamp;
use territory::Jurisdiction;

use crate::problem::No;
use crate::state::Api;

const KEEP_MS: i64 = 2_000;

type List = Arc<Vec<Jurisdiction>>;

#[derive(Default)]
pub(crate) struct Cities(RwLock<Option<(Timestamp, List)>>);

/// One city of the list.
#[derive(Clone)]
pub(crate) struct City {
    list: List,
    n: usize,
}

impl City {
    /// The city of a code in a list; the first one without a code.
    fn among(list: &List, code: &str) -> Option<City> {
        let n = if code.is_empty() { 0 } else { list.iter().position(|city| city.code == code)? };
        (n < list.len()).then(|| City { list: list.clone(), n })
    }
}

impl Deref for City {
    type Target = Jurisdiction;

    #[allow(clippy::indexing_slicing)] // `among` made it from a place of this very list.
    fn deref(&self) -> &Jurisdiction {
        &self.list[self.n]
    }
}

impl Api {
    /// Every city, in the order of lists.
    pub(crate) async fn all_cities(&self) -> Result<List, storage::Error> {
        let now = self.door.now();
        if let Some((at, list)) = self.cities.0.read().unwrap_or_else(PoisonError::into_inner).as_ref()
            && (0..KEEP_MS).contains(&(now.0 - at.0))
        {
            return Ok(list.clone());
        }
        let list: List = Arc::new(self.door.db.read(territory::jurisdictions).await?);
        *self.cities.0.write().unwrap_or_else(PoisonError::into_inner) = Some((now, list.clone()));
        Ok(list)
    }

    /// The city that a caller names, the first one when none is named.
    pub(crate) async fn city(&self, code: Option<&str>) -> Result<City, No> {
        let code = code.unwrap_or("").trim();
        if let Some(city) = City::among(&self.all_cities().await?, code) {
            return Ok(city);
        }
        // One that was loaded a moment ago is not in the kept list.
        *self.cities.0.write().unwrap_or_else(PoisonError::into_inner) = None;
        City::among(&self.all_cities().await?, code).ok_or(No::CityUnknown)
    }
}
