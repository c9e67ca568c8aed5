//! Which answers are asked about: drawn by lot when the answer is given.

use people::Act;
use storage::{Result, Tx, params, sql};

use super::settings::{self, Settings};
use crate::catalogue;
use crate::reply::Round;
use crate::request::ServiceRequest;

/// Draws an answer for a call, or does not. Only a reporter with a number can be telephoned.
pub(crate) fn draw(tx: &mut Tx<'_>, act: &Act, request: &ServiceRequest, round: &Round) -> Result<()> {
    let settings = settings::of(tx, request.jurisdiction)?;
    let percent = percent(tx, &settings, request)?;
    if percent == 0 || act.dice.number() % 100 >= u64::from(percent) {
        return Ok(());
    }
    let reachable: Option<i64> = tx.value(
        sql!("SELECT CAST(1 AS BIGINT) FROM request_contacts WHERE jurisdiction_id = $1 AND request_id = $2 AND mobile <> ''"),
        &params![request.jurisdiction, request.id.0],
    )?;
    if reachable.is_none() {
        return Ok(());
    }
    tx.execute(
        sql!(
            "INSERT INTO feedback_calls (jurisdiction_id, request_id, round, unit_id, district_id, answered_at, call_after)
             VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (jurisdiction_id, request_id, round) DO NOTHING"
        ),
        &params![request.jurisdiction, request.id.0, round.number, request.unit, request.district, act.at.0],
    )?;
    Ok(())
}

fn percent(tx: &mut Tx<'_>, settings: &Settings, request: &ServiceRequest) -> Result<u32> {
    if settings.share.is_empty() {
        return Ok(settings.percent);
    }
    let atlas = territory::atlas(tx, request.jurisdiction)?;
    let catalogue = catalogue(tx, request.jurisdiction)?;
    let district = request.district.and_then(|id| atlas.division(id)).map(|d| d.code.as_str());
    let unit = request.unit.and_then(|id| catalogue.unit(id)).map(|u| u.code.as_str());
    let fits = |wanted: &Option<String>, is: Option<&str>| wanted.as_deref().is_none_or(|w| is == Some(w));
    let own = settings.share.iter().find(|s| fits(&s.district, district) && fits(&s.unit, unit));
    Ok(own.map_or(settings.percent, |share| share.percent))
}
