//! What the city pack says about replies: `[reply]` in `services.toml`.

use calendar::Target;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use storage::{Error, Result, Tx, params, sql};

use crate::submit::json;

/// How long a citizen may reply, and how soon an objection is dealt with at the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Days after an answer in which the citizen may accept or object; afterwards it closes as not confirmed.
    pub days: u32,
    /// An objection is promised half of the service's time, and never more than this.
    pub objection_at_most: Target,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { days: 7, objection_at_most: Target::days(3) }
    }
}

/// The settings of a city, as this transaction sees them.
pub(super) fn of(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Settings> {
    Ok(*tx.memo(jurisdiction, |tx, jurisdiction| part::<Settings>(tx, jurisdiction, "reply"))?)
}

/// One part of what the pack says; as the program has it when the pack is silent.
pub(crate) fn part<T: DeserializeOwned + Default>(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    name: &str,
) -> Result<T> {
    let text: Option<String> = tx.value(
        sql!("SELECT definition FROM request_settings WHERE jurisdiction_id = $1 AND part = $2"),
        &params![jurisdiction, name],
    )?;
    match text {
        Some(text) => serde_json::from_str(&text).map_err(Error::corrupt),
        None => Ok(T::default()),
    }
}

/// Writes one part; the caller announces a new edition.
pub(crate) fn put_part<T: Serialize>(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    name: &str,
    value: &T,
) -> Result<()> {
    tx.execute(
        sql!(
            "INSERT INTO request_settings (jurisdiction_id, part, definition) VALUES ($1, $2, $3)
             ON CONFLICT (jurisdiction_id, part) DO UPDATE SET definition = excluded.definition"
        ),
        &params![jurisdiction, name, &json(value)?],
    )?;
    Ok(())
}
