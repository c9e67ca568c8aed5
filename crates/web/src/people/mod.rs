//! People and roles: who works for the city, what they may do, and who lets them in.
//!
//! For administrators, and for managers of a unit inside their own unit; `people::accounts` decides who may do what
//! to whom. First passwords are drawn, shown once to whoever gives them, and never chosen by them.

mod invite; // somebody new, with a first role and a first password
mod list; // everybody whom the reader looks after
mod offer; // the fields of a role that is offered
mod one; // one person: roles, proofs, sessions, what is on record
pub mod row; // memberships in words
mod verbs; // what can be done to one person

use door::{Needs, Routes};
use people::Permission::ManagePeople;
use people::Refusal;
use people::{Role, Scope};
use words::Words;

const NEEDS: Needs = Needs::May(ManagePeople);

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/people", NEEDS, list::page)
        .get("/people/new", NEEDS, invite::page)
        .post("/people/new", NEEDS, invite::send)
        .get("/people/{id}", NEEDS, one::page)
        .post("/people/{id}/roles", NEEDS, verbs::give)
        .post("/people/{id}/roles/{membership}", NEEDS, verbs::set_role)
        .post("/people/{id}/password", NEEDS, verbs::reset)
        .post("/people/{id}/account", NEEDS, verbs::set_account)
        .post("/people/{id}/second", NEEDS, verbs::remove_second)
        .post("/people/{id}/sessions", NEEDS, verbs::end_sessions)
}

/// The sentence of a refusal, and the field it stands beside. None for a failure, which is no refusal.
pub fn sentence(w: Words, refusal: &Refusal) -> Option<(&'static str, String)> {
    let code = refusal.code()?;
    let field = match refusal {
        Refusal::NameMissing | Refusal::NameTooLong { .. } => "name",
        Refusal::SignNameWrong | Refusal::SignNameTaken => "sign-name",
        Refusal::Mobile(_) | Refusal::MobileTaken => "mobile",
        Refusal::EmailWrong => "email",
        Refusal::RoleNotGiven | Refusal::RoleTooHigh | Refusal::RoleGiven => "role",
        Refusal::PlaceMissing => "unit",
        _ => "",
    };
    let words = w.by_key(&format!("people-refusal-{code}")).unwrap_or(w.people_refusal_state_wrong());
    Some((field, words.to_owned()))
}

pub fn role_name(w: Words, role: Role) -> &'static str {
    match role {
        Role::Citizen => w.people_role_citizen(),
        Role::Sender => w.people_role_sender(),
        Role::Operator => w.people_role_operator(),
        Role::UnitMember => w.people_role_unit_member(),
        Role::UnitManager => w.people_role_unit_manager(),
        Role::Inspector => w.people_role_inspector(),
        Role::FeedbackCaller => w.people_role_feedback_caller(),
        Role::Official => w.people_role_official(),
        Role::Dispatcher => w.people_role_dispatcher(),
        Role::CrewMember => w.people_role_crew_member(),
        Role::Contractor => w.people_role_contractor(),
        Role::RoundManager => w.people_role_round_manager(),
        Role::Interviewer => w.people_role_interviewer(),
        Role::Supervisor => w.people_role_supervisor(),
        Role::Administrator => w.people_role_administrator(),
        Role::System => w.people_role_system(),
    }
}

pub fn scope_name(w: Words, scope: Scope) -> &'static str {
    match scope {
        Scope::Own => w.people_scope_own(),
        Scope::Unit => w.people_scope_unit(),
        Scope::Neighbourhood => w.people_scope_neighbourhood(),
        Scope::District => w.people_scope_district(),
        Scope::City => w.people_scope_city(),
    }
}
