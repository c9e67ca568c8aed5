//! Who looked at what, and who was refused: facts in the journal about the use of rights.
//!
//! A journal may be published, so a fact says who by the number of the account or key, what by a fixed word, and
//! where by numbers; never a name or a telephone.

use serde_json::json;
use storage::Tx;

use crate::permissions::{Permission, Where};
use crate::{Act, Actor};

/// The kind of subject that these facts are about; the subject is the account or key that asked, 0 for a visitor.
pub const ACCESS: &str = "access";

/// Records that a sensitive right was used, or that it was refused. `what` names what was done or asked for, such as
/// `contact` or the path of a page.
pub fn audit(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    what: &'static str,
    permission: Permission,
    place: Where,
    granted: bool,
) {
    audit_of(tx, act, jurisdiction, what, permission, place, granted, None);
}

/// [`audit`] about one thing: the number of the request, call or account that was looked at.
pub fn audit_of(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    what: &str,
    permission: Permission,
    place: Where,
    granted: bool,
    of: Option<i64>,
) {
    let subject = match &act.by {
        Actor::Key { id, .. } => *id,
        other => other.account().unwrap_or(0),
    };
    let mut payload = json!({ "what": what, "permission": permission.code() });
    let places = [
        ("unit", place.unit),
        ("district", place.district),
        ("neighbourhood", place.neighbourhood),
        ("of", of),
    ];
    for (name, id) in places {
        if let (Some(id), Some(map)) = (id, payload.as_object_mut()) {
            map.insert(name.into(), id.into());
        }
    }
    let fact = if granted { "access-granted" } else { "access-denied" };
    act.record(tx, jurisdiction, ACCESS, subject, fact, payload.to_string());
}
