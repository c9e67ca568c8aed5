//! An item is taken in, once.
//!
//! The row of the item and what it does stand in one transaction, so a telephone that sends again meets the row and
//! changes nothing. What is refused leaves no trace of a half-done step: [`take`] gives the transaction up and says why,
//! and the door then keeps the item with [`keep`] in a transaction of its own.

use calendar::Timestamp;
use people::{Act, Denied, Permission, Where};
use requests::PhotoRef;
use storage::Tx;

use super::row::{self, Facts};
use super::{Clock, Item, Moment, Outcome, Stage, Taken, What, clock, item, positions};
use crate::evidence::{self, Brought, EvidenceKind};
use crate::orders::{self, Outcome as Finish};
use crate::{Crew, DispatchError, Done, OrderStatus, WorkOrder, crews, shifts};

/// Why an item was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// To be kept with this outcome and code.
    #[error("{outcome:?}: {code}")]
    Kept { outcome: Outcome, code: &'static str },
    /// Somebody else was writing the same thing: try once more.
    #[error("somebody else was faster")]
    Again,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

/// The code of an item that changed nothing because its order is further already: the telephone's items came in another
/// order than they were done.
pub const PASSED: &str = "passed";

/// A telephone says hello: its name and what its clock shows. Once at the beginning of a sync.
pub fn greet(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, device: &str, sent_at: Timestamp) -> Done<Clock> {
    let account = entitled(act, jurisdiction)?;
    if !item::is_name(device) {
        return Err(DispatchError::Refused("item-name"));
    }
    Ok(row::clock(tx, jurisdiction, account, device, sent_at, act.at)?)
}

/// Takes one item in. `act.at` is our clock. Items of one sync are taken in the order of their sequence.
pub fn take(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    device: &str,
    clock: Clock,
    item: &Item,
) -> Result<Taken, Unfit> {
    let account = entitled(act, jurisdiction)?;
    item.check().map_err(|error| unfit(error, None))?;
    if let Some(had) = row::had(tx, jurisdiction, account, &item.id)? {
        return Ok(had);
    }
    let scene = Scene::find(tx, jurisdiction, account, item)?;
    let moment = scene.moment(tx, act, device, clock, item)?;
    let code = scene.standing(item)?.unwrap_or_default();
    let facts = scene.facts(device, moment, Outcome::Accepted, code);
    if !row::insert(tx, act, jurisdiction, item, &facts)? {
        // It came twice at the same moment, and the other one was written first.
        return row::had(tx, jurisdiction, account, &item.id)?.ok_or(Unfit::Again);
    }
    if code.is_empty() {
        // The moment at which it was done is the moment of the step; ours is in the row of the item.
        let then = Act { at: moment.at, ..act.clone() };
        apply(tx, act, &then, &scene, clock, item).map_err(|error| unfit(error, scene.order.as_ref()))?;
    }
    Ok(Taken { id: item.id.clone(), outcome: Outcome::Accepted, first: None, code: code.to_owned() })
}

/// Keeps an item that [`take`] did not take, with the reason. A conflict is announced, so that a dispatcher looks at it.
pub fn keep(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    device: &str,
    clock: Clock,
    item: &Item,
    outcome: Outcome,
    code: &'static str,
) -> Result<Taken, Unfit> {
    let account = entitled(act, jurisdiction)?;
    let taken = Taken { id: item.id.clone(), outcome, first: None, code: code.to_owned() };
    if item.check().is_err() {
        // What no telephone of ours sends is answered and not kept.
        return Ok(taken);
    }
    if let Some(had) = row::had(tx, jurisdiction, account, &item.id)? {
        return Ok(had);
    }
    let scene = Scene::find(tx, jurisdiction, account, item)?;
    let moment = scene.moment(tx, act, device, clock, item)?;
    if !row::insert(tx, act, jurisdiction, item, &scene.facts(device, moment, outcome, code))? {
        return row::had(tx, jurisdiction, account, &item.id)?.ok_or(Unfit::Again);
    }
    if outcome == Outcome::Conflict
        && let Some(order) = &scene.order
    {
        let told = serde_json::json!({ "crew": scene.crew.as_ref().map(|crew| crew.id), "kind": item.what.code(), "code": code });
        act.record(tx, jurisdiction, crate::ORDER, order.id.0, "conflict", crate::json(&told)?);
    }
    Ok(taken)
}

/// The account of somebody who works with crews.
fn entitled(act: &Act, jurisdiction: i64) -> Result<i64, Denied> {
    let account = act.by.account();
    act.require(Permission::WorkAsCrew, Where::city(jurisdiction).owned_by(account))?;
    // Only people have telephones.
    account.ok_or(Denied { role: act.by.role(), permission: Permission::WorkAsCrew })
}

/// What an item is about, as it stands now.
struct Scene {
    jurisdiction: i64,
    account: i64,
    crew: Option<Crew>,
    order: Option<WorkOrder>,
}

impl Scene {
    fn find(tx: &mut Tx<'_>, jurisdiction: i64, account: i64, item: &Item) -> storage::Result<Scene> {
        let crew = crews::of_account(tx, jurisdiction, account)?;
        let order = match &item.order {
            Some(code) => orders::by_code(tx, jurisdiction, code)?,
            None => None,
        };
        Ok(Scene { jurisdiction, account, crew, order })
    }

    fn moment(
        &self,
        tx: &mut Tx<'_>,
        act: &Act,
        device: &str,
        clock: Clock,
        item: &Item,
    ) -> storage::Result<Moment> {
        let before = row::moment_before(tx, self.jurisdiction, self.account, device, item.sequence)?;
        let given_at = self.order.as_ref().and_then(|order| order.assigned_at);
        Ok(clock::moment(clock, act.at, item.at, before, given_at))
    }

    fn facts<'a>(&self, device: &'a str, moment: Moment, outcome: Outcome, code: &'a str) -> Facts<'a> {
        Facts {
            account: self.account,
            device,
            crew: self.crew.as_ref().map(|crew| crew.id),
            order: self.order.as_ref().map(|order| order.id),
            moment,
            outcome,
            code,
        }
    }

    /// Whether the item can still be about this crew and this order; a code when the order is past it.
    fn standing(&self, item: &Item) -> Result<Option<&'static str>, Unfit> {
        let conflict = |code| Err(Unfit::Kept { outcome: Outcome::Conflict, code });
        let Some(crew) = &self.crew else { return conflict("crew-left") };
        let Some(_) = &item.order else { return Ok(None) };
        let Some(order) = &self.order else {
            return Err(Unfit::Kept { outcome: Outcome::Refused, code: "order-unknown" });
        };
        if order.crew != Some(crew.id) {
            let is_cancelled = order.status == OrderStatus::Cancelled;
            return conflict(if is_cancelled { "order-cancelled" } else { "order-taken" });
        }
        use OrderStatus::{Cancelled, Checked, Done, NotDone, OnSite};
        let is_passed = match (&item.what, order.status) {
            (What::OnTheWay, OnSite | Done | NotDone | Checked) => true,
            (What::OnSite, Done | NotDone | Checked) => true,
            (What::OnTheWay | What::OnSite | What::Done { .. } | What::NotDone { .. }, Cancelled) => {
                return conflict("order-cancelled");
            }
            (What::Done { .. }, NotDone) | (What::NotDone { .. }, Done | Checked) => {
                return conflict("order-over");
            }
            _ => false,
        };
        Ok(is_passed.then_some(PASSED))
    }
}

fn apply(tx: &mut Tx<'_>, now: &Act, then: &Act, scene: &Scene, clock: Clock, item: &Item) -> Done<()> {
    let city = scene.jurisdiction;
    let Some(crew) = &scene.crew else { return Err(DispatchError::NotFound) };
    let Some(order) = &scene.order else {
        match &item.what {
            What::ShiftBegin { consent } => shifts::begin(tx, then, city, crew.id, *consent).map(|_| ())?,
            What::ShiftEnd { words } => shifts::end(tx, then, city, crew.id, words).map(|_| ())?,
            What::Consent { given } => shifts::consent(tx, then, city, crew.id, *given).map(|_| ())?,
            What::Status { status } => crews::set_status(tx, then, city, crew.id, *status).map(|_| ())?,
            What::Positions { fixes } => positions::bring(tx, now, city, crew, clock, fixes)?,
            _ => return Err(DispatchError::Refused("item-order")),
        }
        return Ok(());
    };
    let brought = |brought: Brought| Brought { device_at: Some(item.at), ..brought };
    match &item.what {
        What::OnTheWay => orders::on_the_way(tx, then, city, order.id).map(|_| ()),
        What::OnSite => orders::on_site(tx, then, city, order.id).map(|_| ()),
        What::Done { words, photos } => {
            // Who says "done" was there, also when nobody tapped "arrived".
            if matches!(order.status, OrderStatus::Assigned | OrderStatus::OnTheWay) {
                orders::on_site(tx, then, city, order.id)?;
            }
            let finish = Finish { words: words.clone(), photos_follow: *photos > 0 };
            orders::done(tx, then, city, order.id, &finish).map(|_| ())
        }
        What::NotDone { reason, words } => {
            orders::not_done(tx, then, city, order.id, reason, words).map(|_| ())
        }
        What::Photo { stage, file } => {
            let photo = file.as_deref().and_then(PhotoRef::parse);
            let photo = photo.ok_or(DispatchError::Refused("photo-missing"))?;
            let kind = match stage {
                Stage::Before => EvidenceKind::Before,
                Stage::After => EvidenceKind::After,
            };
            add(tx, then, order, brought(Brought::photo(kind, photo)))
        }
        What::Check { code, ticked } => {
            let mut check = brought(Brought::tick(code));
            check.content = serde_json::json!({ "code": code, "ticked": ticked });
            add(tx, then, order, check)
        }
        What::Material { code, amount } => {
            add(tx, then, order, brought(Brought::amount(EvidenceKind::Material, code, *amount)))
        }
        What::Quantity { code, amount } => {
            add(tx, then, order, brought(Brought::amount(EvidenceKind::Quantity, code, *amount)))
        }
        What::Note { words } if words.trim().is_empty() => Ok(()),
        What::Note { words } => add(tx, then, order, brought(Brought::words(words.trim()))),
        _ => Err(DispatchError::Refused("item-order")),
    }
}

fn add(tx: &mut Tx<'_>, act: &Act, order: &WorkOrder, brought: Brought) -> Done<()> {
    evidence::add(tx, act, order.jurisdiction, order.id, &brought).map(|_| ())
}

/// What a refusal of a verb means for an item that comes late: the world moved on, or it was wrong from the beginning.
fn unfit(error: DispatchError, order: Option<&WorkOrder>) -> Unfit {
    let kept = |outcome, code| Unfit::Kept { outcome, code };
    match error {
        DispatchError::Storage(failure) => Unfit::Storage(failure),
        DispatchError::Changed => Unfit::Again,
        DispatchError::Denied(_) => kept(Outcome::Conflict, "crew-left"),
        DispatchError::NotFound => kept(Outcome::Refused, "order-unknown"),
        DispatchError::Refused("order-over") => {
            let is_cancelled = order.is_some_and(|order| order.status == OrderStatus::Cancelled);
            kept(Outcome::Conflict, if is_cancelled { "order-cancelled" } else { "order-over" })
        }
        DispatchError::Refused("order-with-nobody") => kept(Outcome::Conflict, "order-taken"),
        DispatchError::Refused(code) => kept(Outcome::Refused, code),
    }
}
