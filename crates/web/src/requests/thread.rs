//! What happened to a request, knot by knot, and the open end: the promise.

use calendar::{Timestamp, words as dates};
use language::mask;
use people::Role;
use requests::find::Knot;
use requests::{Catalogue, Channel, ServiceRequest, Status};
use territory::Atlas;
use words::Words;

/// What `requests/thread.html` needs for one knot.
pub struct Tie {
    pub what: String,
    pub at: String,
    pub when: String,
    pub who: &'static str,
    pub said: String,
    /// Photos of the work that came with it.
    pub photos: Vec<super::one::Photo>,
    /// The first knot carries what the citizen wrote and showed.
    pub is_first: bool,
    /// The promise behind this knot is late.
    pub next_late: bool,
}

/// The open end of the thread.
pub struct End {
    pub what: String,
    pub words: String,
    pub late: bool,
}

/// The knots that everybody may see. `silent` leaves out what was written, for requests that are private.
pub fn ties(
    knots: &[Knot],
    request: &ServiceRequest,
    catalogue: &Catalogue,
    atlas: &Atlas,
    w: Words,
    silent: bool,
    late: bool,
) -> Vec<Tie> {
    let zone = &atlas.jurisdiction.zone;
    // "Me too" is counted beside the thread; handing over between units is one half of what follows it.
    let told: Vec<&Knot> = knots
        .iter()
        .filter(|k| !matches!(k.fact.as_str(), "me-too" | "handed-over" | "feedback-recorded"))
        .collect();
    // What is late now is said by the open end.
    let told: Vec<&Knot> = match told.split_last() {
        Some((last, before)) if last.fact == "overdue" && late => before.to_vec(),
        _ => told,
    };
    let last = told.len().saturating_sub(1);
    told.iter()
        .enumerate()
        .map(|(n, knot)| {
            let unit = catalogue.unit_name(knot.unit, w.lang());
            let is_first = matches!(knot.fact.as_str(), "submitted" | "imported");
            Tie {
                what: what(w, &knot.fact, unit),
                at: knot.at.to_rfc3339_z(),
                when: dates::date_time(w.lang(), knot.at, zone),
                who: if is_first { via(w, request.channel) } else { who(w, knot.by) },
                said: if silent { String::new() } else { mask::public_text(&knot.text) },
                photos: Vec::new(),
                is_first,
                next_late: late && n == last,
            }
        })
        .collect()
}

/// The promise while work is owed; none when it is over.
pub fn end(request: &ServiceRequest, atlas: &Atlas, w: Words, now: Timestamp) -> Option<End> {
    if !request.status.is_open() {
        return None;
    }
    if request.status == Status::WaitingForCitizen {
        let words = w.requests_promise_waiting_words().to_owned();
        return Some(End { what: w.requests_promise_waiting().to_owned(), words, late: false });
    }
    let Some(due) = request.due_at else {
        let words = w.requests_promise_none().to_owned();
        return Some(End { what: w.requests_promise_none_open().to_owned(), words, late: false });
    };
    let when = dates::date_time(w.lang(), due, &atlas.jurisdiction.zone);
    Some(if due < now {
        End {
            what: w.requests_promise_late(&when),
            words: w.requests_promise_late_by(&dates::duration(w.lang(), now.millis_since(due))),
            late: true,
        }
    } else {
        End { what: w.requests_promise_by(&when), words: left(w, due, now), late: false }
    })
}

/// How much time is left.
pub fn left(w: Words, due: Timestamp, now: Timestamp) -> String {
    let millis = due.millis_since(now);
    if millis < 60_000 {
        return w.requests_promise_soon().to_owned();
    }
    w.requests_promise_left(&dates::duration(w.lang(), millis))
}

fn what(w: Words, fact: &str, unit: &str) -> String {
    match (fact, unit.is_empty()) {
        ("assigned", false) => w.requests_fact_assigned_to(unit),
        ("referred", false) => w.requests_fact_referred_to(unit),
        _ => w.by_key(&format!("requests-fact-{fact}")).unwrap_or(w.requests_fact_other()).to_owned(),
    }
}

fn who(w: Words, role: Role) -> &'static str {
    match role {
        Role::Citizen => w.requests_by_citizen(),
        Role::Sender => w.requests_by_sender(),
        Role::Operator => w.requests_by_operator(),
        Role::UnitMember => w.requests_by_unit_member(),
        Role::UnitManager => w.requests_by_unit_manager(),
        Role::Inspector => w.requests_by_inspector(),
        Role::FeedbackCaller => w.requests_by_feedback_caller(),
        Role::Official => w.requests_by_official(),
        Role::Dispatcher => w.requests_by_dispatcher(),
        Role::CrewMember => w.requests_by_crew_member(),
        Role::Contractor => w.requests_by_contractor(),
        Role::RoundManager => w.requests_by_round_manager(),
        Role::Interviewer => w.requests_by_interviewer(),
        Role::Supervisor => w.requests_by_supervisor(),
        Role::Administrator => w.requests_by_administrator(),
        Role::System => w.requests_by_system(),
    }
}

/// The way a message came in.
pub fn via(w: Words, channel: Channel) -> &'static str {
    match channel {
        Channel::Web => w.requests_via_web(),
        Channel::Open311 => w.requests_via_open311(),
        Channel::Api => w.requests_via_api(),
        Channel::Phone => w.requests_via_phone(),
        Channel::Sms => w.requests_via_sms(),
        Channel::WalkIn => w.requests_via_walk_in(),
        Channel::Messenger => w.requests_via_messenger(),
        Channel::Import => w.requests_via_import(),
    }
}
