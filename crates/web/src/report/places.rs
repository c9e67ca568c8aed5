//! Which of several places of one name: asked when an address was typed and nothing else says where it is.

use language::fold;
use storage::Tx;
use territory::{Found, FoundKind, Point};

use super::state::State;
use crate::ask::Here;

const MOST: usize = 6;

/// The places that the typed address may mean, when it was not yet asked about them and there is no better answer.
pub fn unclear(tx: &mut Tx<'_>, here: &Here, state: &mut State) -> storage::Result<Option<Vec<Found>>> {
    let address = state.address.trim();
    let is_asked = !address.is_empty() && state.placed.trim() == address;
    if address.is_empty() || is_asked || !state.division.is_empty() || state.point().is_some() {
        return Ok(None);
    }
    let atlas = territory::atlas(tx, here.city().id)?;
    let typed = fold::tokens(address);
    let found: Vec<Found> =
        atlas.find_places(address, MOST).into_iter().filter(|found| means(&typed, found)).collect();
    Ok((!found.is_empty()).then_some(found))
}

/// Whether the address names the place, or is the beginning of its name. One common word that both have, such as
/// «شهر», is no reason to ask.
fn means(typed: &[String], found: &Found) -> bool {
    [&found.name_fa, &found.name_en].into_iter().any(|name| {
        let name = fold::tokens(name);
        let is_named = !name.is_empty() && name.iter().all(|word| typed.contains(word));
        let is_begun = typed.iter().all(|word| name.iter().any(|own| own.starts_with(word.as_str())));
        is_named || is_begun
    })
}

/// The value of the choice for a place. A landmark is its point; a division is itself.
pub fn value(found: &Found) -> String {
    match (&found.kind, found.point, found.division) {
        (FoundKind::Landmark(_), Some(Point { lat, long }), _) => format!("p:{lat},{long}"),
        (_, _, Some(division)) => format!("d:{division}"),
        (_, Some(Point { lat, long }), None) => format!("p:{lat},{long}"),
        _ => "none".into(),
    }
}
