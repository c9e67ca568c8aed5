//! How things look in JSON.

use calendar::Timestamp;
use language::{Lang, mask};
use requests::{Catalogue, ServiceRequest};
use serde::Serialize;
use territory::Atlas;
use utoipa::ToSchema;
use words::Words;

/// What a request's ids are called: the catalogue and the atlas of its city, in one language.
pub(crate) struct Names<'n> {
    pub catalogue: &'n Catalogue,
    pub atlas: &'n Atlas,
    pub lang: Lang,
    pub now: Timestamp,
}

/// A thing with a code and a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Named {
    pub code: String,
    pub name: String,
}

/// A district or a neighbourhood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Division {
    /// What `district`, `neighbourhood` and `division` take.
    pub id: String,
    /// The city's own code.
    pub code: String,
    /// `district`, `area` or `neighbourhood`.
    pub level: &'static str,
    pub name: String,
}

/// A request as everybody may see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RequestShape {
    /// The tracking code, ten digits.
    pub code: String,
    pub kind: &'static str,
    pub service: Named,
    pub status: &'static str,
    pub status_name: &'static str,
    /// Work is still owed.
    pub open: bool,
    pub priority: &'static str,
    pub channel: &'static str,
    /// What was said. Telephone numbers and the like are hidden.
    pub description: String,
    pub address: String,
    pub district: Option<Division>,
    pub neighbourhood: Option<Division>,
    pub lat: Option<f64>,
    pub long: Option<f64>,
    pub unit: Option<Named>,
    pub requested_at: String,
    pub updated_at: String,
    /// The promise.
    pub due_at: Option<String>,
    pub closed_at: Option<String>,
    /// The promise has passed and the work is still owed.
    pub overdue: bool,
    /// The city's last words about it.
    pub status_note: String,
    /// How many stand behind it.
    pub followers: i64,
    pub photos: i64,
    /// Empty for the line itself; else where the record came from. `generated` is made-up demo data.
    pub source: String,
}

impl Names<'_> {
    pub fn division(&self, id: Option<i64>) -> Option<Division> {
        let division = self.atlas.division(id?)?;
        Some(Division {
            id: division.id.to_string(),
            code: division.code.clone(),
            level: division.level.code(),
            name: division.name(self.lang).to_owned(),
        })
    }

    pub fn unit(&self, id: Option<i64>) -> Option<Named> {
        let unit = self.catalogue.unit(id?)?;
        Some(Named { code: unit.code.clone(), name: self.catalogue.unit_name(id, self.lang).to_owned() })
    }

    pub fn service(&self, id: i64) -> Named {
        match self.catalogue.service(id) {
            Some(service) => Named { code: service.code.clone(), name: service.name(self.lang).to_owned() },
            None => Named { code: String::new(), name: String::new() },
        }
    }

    pub fn request(&self, request: &ServiceRequest) -> RequestShape {
        RequestShape {
            code: request.code.to_string(),
            kind: request.kind.code(),
            service: self.service(request.service),
            status: request.status.code(),
            status_name: status_name(self.lang, request.status),
            open: request.status.is_open(),
            priority: request.priority.code(),
            channel: request.channel.code(),
            description: mask::public_text(&request.words),
            address: mask::public_text(&request.address),
            district: self.division(request.district),
            neighbourhood: self.division(request.neighbourhood),
            lat: request.point.map(|p| p.lat),
            long: request.point.map(|p| p.long),
            unit: self.unit(request.unit),
            requested_at: request.requested_at.to_rfc3339_z(),
            updated_at: request.updated_at.to_rfc3339_z(),
            due_at: request.due_at.map(Timestamp::to_rfc3339_z),
            closed_at: request.closed_at.map(Timestamp::to_rfc3339_z),
            overdue: request.is_overdue(self.now),
            status_note: mask::public_text(&request.status_note),
            followers: request.followers,
            photos: request.photos,
            source: request.source.clone(),
        }
    }
}

/// What a status is called.
pub(crate) fn status_name(lang: Lang, status: requests::Status) -> &'static str {
    Words(lang).by_key(&format!("status-{}", status.code())).unwrap_or_else(|| status.code())
}

/// A request in one line: the service and the smallest place that has a name.
pub(crate) fn title_of(names: &Names<'_>, request: &ServiceRequest) -> String {
    let service = names.catalogue.service(request.service).map_or("", |s| s.name(names.lang));
    let place = request.neighbourhood.or(request.district).and_then(|id| names.atlas.division(id));
    let comma = if names.lang == Lang::Fa { "، " } else { ", " };
    match place {
        Some(place) => format!("{service}{comma}{}", place.name(names.lang)),
        None => service.to_owned(),
    }
}
