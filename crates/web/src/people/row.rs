//! Memberships in words: the role, how far it reaches, and how it stands.

use language::Lang;
use people::units::Unit;
use people::{MemberState, Membership, Scope};
use territory::Atlas;
use words::Words;

use super::{role_name, scope_name};

/// One membership as pages show it.
pub struct Row {
    /// Under the address of the person: `/roles/12`.
    pub tail: String,
    pub role: &'static str,
    /// Where: the unit, the district, or the whole city.
    pub place: String,
    pub state: &'static str,
    pub state_name: &'static str,
    pub can_suspend: bool,
    pub can_restore: bool,
    pub can_end: bool,
}

impl Row {
    pub fn of(w: Words, membership: &Membership, units: &[Unit], atlas: &Atlas) -> Row {
        let state = membership.state;
        Row {
            tail: format!("/roles/{}", membership.id),
            role: role_name(w, membership.role),
            place: place(w, membership, units, atlas),
            state: state.code(),
            state_name: state_name(w, state),
            can_suspend: state == MemberState::Active,
            can_restore: state == MemberState::Suspended,
            can_end: state != MemberState::Ended,
        }
    }
}

pub fn unit_name(unit: &Unit, lang: Lang) -> &str {
    if lang == Lang::Fa { &unit.name_fa } else { &unit.name_en }
}

fn place(w: Words, membership: &Membership, units: &[Unit], atlas: &Atlas) -> String {
    let unit = membership.unit.and_then(|id| units.iter().find(|unit| unit.id == id));
    match (membership.scope, unit) {
        (Scope::Unit | Scope::Own, Some(unit)) => unit_name(unit, w.lang()).to_owned(),
        (Scope::District | Scope::Neighbourhood, _) => {
            crate::requests::divisions(atlas, membership.district, membership.neighbourhood, w.lang())
        }
        (scope, _) => scope_name(w, scope).to_owned(),
    }
}

pub fn state_name(w: Words, state: MemberState) -> &'static str {
    match state {
        MemberState::Invited => w.people_state_invited(),
        MemberState::Active => w.people_state_active(),
        MemberState::Suspended => w.people_state_suspended(),
        MemberState::Ended => w.people_state_ended(),
    }
}
