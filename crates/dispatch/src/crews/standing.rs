//! What a crew does at the moment: by hand, or because of an order.

use people::Act;
use storage::Tx;

use super::row::{Crew, update};
use super::{by_id, tell};
use crate::{CrewId, CrewStatus, DispatchError, Done, OrderId, members, orders};

/// Somebody of the crew, or a dispatcher for it, says that it is ready, rests or cannot go on. Going somewhere and
/// being there follow from the order. A crew that drops out gives back everything that it had.
pub fn set_status(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: CrewId,
    status: CrewStatus,
) -> Done<Crew> {
    let crew = by_id(tx, jurisdiction, id)?.ok_or(DispatchError::NotFound)?;
    members::stands_for(tx, act, &crew)?;
    if !crew.is_active {
        return Err(DispatchError::Refused("crew-withdrawn"));
    }
    if !status.is_by_hand() {
        return Err(DispatchError::Refused("crew-status-by-order"));
    }
    if crew.status == status {
        // Two taps on a telephone are one.
        return Ok(crew);
    }
    if !crew.status.may_become(status) {
        return Err(DispatchError::Refused("crew-status-impossible"));
    }
    match status {
        CrewStatus::OutOfService => orders::release_all(tx, act, &crew, "crew-out")?,
        _ if crew.order.is_some() => return Err(DispatchError::Refused("crew-has-order")),
        _ => {}
    }
    stand(tx, act, jurisdiction, id, status, None)
}

/// Puts a crew into a state with the order that it follows from.
pub(crate) fn stand(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: CrewId,
    status: CrewStatus,
    order: Option<OrderId>,
) -> Done<Crew> {
    let mut crew = by_id(tx, jurisdiction, id)?.ok_or(DispatchError::NotFound)?;
    if crew.status == status && crew.order == order {
        return Ok(crew);
    }
    if crew.status != status && !crew.status.may_become(status) {
        return Err(DispatchError::Refused("crew-status-impossible"));
    }
    set(&mut crew, act, status, order);
    update(tx, &mut crew)?;
    tell(tx, act, &crew, "status")?;
    Ok(crew)
}

/// The order that a crew was on is over: it is ready again. Whatever else it does by now stays.
pub(crate) fn free(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, id: CrewId, order: OrderId) -> Done<()> {
    let Some(crew) = by_id(tx, jurisdiction, id)? else { return Ok(()) };
    if crew.order == Some(order) {
        stand(tx, act, jurisdiction, id, CrewStatus::OnDuty, None)?;
    }
    Ok(())
}

pub(super) fn set(crew: &mut Crew, act: &Act, status: CrewStatus, order: Option<OrderId>) {
    crew.status = status;
    crew.status_at = act.at;
    crew.order = order;
    crew.updated_at = act.at;
}
