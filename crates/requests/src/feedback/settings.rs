//! What the city pack says about feedback calls: `[feedback]` in `services.toml`.

use people::{Act, Denied, Permission, Where};
use serde::{Deserialize, Serialize};
use storage::Tx;

use crate::reply::{part, put_part};
use crate::submit::json;

/// How many answers are asked about, and how the queue behaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Of a hundred answers whose reporter left a number, so many are drawn.
    pub percent: u32,
    /// Minutes that a caller holds a number.
    pub lease_minutes: u32,
    /// Hours until somebody who did not pick up is tried again.
    pub again_hours: u32,
    /// After so many tries without an answer the call is given up.
    pub most_attempts: u32,
    /// Other shares for some districts or units; the first that fits counts.
    pub share: Vec<Share>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { percent: 10, lease_minutes: 10, again_hours: 3, most_attempts: 3, share: Vec::new() }
    }
}

/// A share of its own. Codes are those of the city pack; what is left out fits everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Share {
    pub district: Option<String>,
    pub unit: Option<String>,
    pub percent: u32,
}

/// What holds in a city.
pub fn of(tx: &mut Tx<'_>, jurisdiction: i64) -> storage::Result<std::sync::Arc<Settings>> {
    tx.memo(jurisdiction, |tx, jurisdiction| part::<Settings>(tx, jurisdiction, "feedback"))
}

/// Changes the settings of a city.
pub fn set(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, settings: &Settings) -> Result<(), SettingsError> {
    act.require(Permission::ManageCatalogue, Where::city(jurisdiction))?;
    put_part(tx, jurisdiction, "feedback", settings)?;
    tx.new_edition(jurisdiction, act.new_id())?;
    act.record(tx, jurisdiction, "catalogue", jurisdiction, "feedback-set", json(settings)?);
    Ok(())
}

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Failure(#[from] storage::Error),
}
