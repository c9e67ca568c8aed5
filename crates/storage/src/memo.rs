//! Slow-changing data kept in memory as long as it is true.
//!
//! Borders, services and holidays change a few times a year and are needed by every verb. Each jurisdiction
//! has an edition number in `editions`, changed in the same transaction as the data. A copy in memory is
//! used only when its edition is the one that this transaction sees, so a copy can never be stale, on one
//! node or on many. Editions are made from the time and a random part rather than counted, so that one
//! made by a transaction that was rolled back is never met again.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, RwLock};

type Slot = (i64, Arc<dyn Any + Send + Sync>);

#[derive(Default)]
pub(crate) struct Memo(RwLock<HashMap<(TypeId, i64), Slot>>);

impl Memo {
    pub fn get<T: Any + Send + Sync>(&self, jurisdiction: i64, edition: i64) -> Option<Arc<T>> {
        let slots = self.0.read().ok()?;
        let (kept, value) = slots.get(&(TypeId::of::<T>(), jurisdiction))?;
        (*kept == edition).then(|| Arc::clone(value))?.downcast().ok()
    }

    /// The last copy, whatever its edition.
    pub fn last<T: Any + Send + Sync>(&self, jurisdiction: i64) -> Option<Arc<T>> {
        let slots = self.0.read().ok()?;
        let (_, value) = slots.get(&(TypeId::of::<T>(), jurisdiction))?;
        Arc::clone(value).downcast().ok()
    }

    pub fn put<T: Any + Send + Sync>(&self, jurisdiction: i64, edition: i64, value: &Arc<T>) {
        if let Ok(mut slots) = self.0.write() {
            let value: Arc<dyn Any + Send + Sync> = Arc::clone(value) as _;
            slots.insert((TypeId::of::<T>(), jurisdiction), (edition, value));
        }
    }
}
