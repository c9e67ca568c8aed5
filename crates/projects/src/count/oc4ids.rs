//! Projects as OC4IDS 0.9.5, the Open Contracting for Infrastructure Data Standard.
//!
//! The standard has no place for votes; `participation` is a field of our own beside it, as the standard allows.

use requests::service::Both;
use serde_json::{Value, json};

use crate::project::{Project, State};
use crate::rounds::Round;

/// A package of projects. `unit` names the body that is responsible for one; `published` is a date in RFC 3339.
pub fn oc4ids(
    city: (&str, &str),
    round: &Round,
    projects: &[Project],
    address: impl Fn(&Project) -> String,
    published: &str,
) -> Value {
    let (code, name) = city;
    let all: Vec<Value> =
        projects.iter().map(|project| one(code, name, round, project, address(project))).collect();
    json!({
        "uri": format!("urn:peyvand:{code}:rounds:{}", round.code),
        "publishedDate": published,
        "version": "0.9",
        "publisher": { "name": name },
        "projects": all,
    })
}

fn one(code: &str, name: &str, round: &Round, project: &Project, address: String) -> Value {
    let mut out = json!({
        "id": format!("{code}-{}", project.code),
        "updated": project.updated_at.to_rfc3339_z(),
        "title": shown(&project.title),
        "description": shown(&project.words),
        "status": if project.state == State::Won { "preparation" } else if project.state == State::Published {
            "identification"
        } else {
            "cancelled"
        },
        "type": "construction",
        "budget": { "amount": { "amount": project.cost, "currency": "IRR" } },
        "parties": [{ "id": code, "name": name, "roles": ["publicAuthority"] }],
        "publicAuthority": { "id": code, "name": name },
        "documents": [{ "id": "page", "documentType": "projectScope", "url": address }],
        "participation": {
            "process": round.code,
            "rule": format!("{}/{}", round.rules.allocation.rule, round.rules.allocation.completion),
            "votes": project.votes,
            "rank": project.place.filter(|place| *place > 0),
        },
    });
    if let (Some(point), Some(out)) = (project.point, out.as_object_mut()) {
        let geometry = json!({ "type": "Point", "coordinates": [point.long, point.lat] });
        let mut location = json!({ "id": "place", "geometry": geometry });
        if let (false, Some(location)) = (project.address.is_empty(), location.as_object_mut()) {
            location.insert("address".into(), json!({ "streetAddress": project.address }));
        }
        out.insert("locations".into(), json!([location]));
    }
    out
}

fn shown(text: &Both) -> &str {
    if text.fa.is_empty() { &text.en } else { &text.fa }
}
