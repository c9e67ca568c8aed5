//! What was said so far, as it travels with the form.
//!
//! Everything is as typed; the verbs clean and check it. Names of fields are Open311's where it has one.

use calendar::Day;
use door::Form;
use language::{Lang, digits};
use requests::service::{Datatype, Service};
use requests::{Channel, Contact, Draft, Kind, PhotoRef, PlaceDraft, Priority, catalogue};
use storage::Tx;

use super::Step;
use crate::ask::Here;

/// More photos than a report may have, so that the verb can say so, and not without end.
const MOST_PHOTOS: usize = 12;

#[derive(Debug, Clone, Default)]
pub struct State {
    /// Makes two sends of one form one request.
    pub key: String,
    /// What was typed into "what is wrong?", to find a service by.
    pub q: String,
    pub service_code: String,
    pub address: String,
    pub division: String,
    pub lat: String,
    pub long: String,
    /// The words of the address for which a place was chosen among several.
    pub placed: String,
    /// The point around which others' reports were already offered.
    pub similar: String,
    pub kind: String,
    pub words: String,
    /// Question code and one answer; repeated for several.
    pub answers: Vec<(String, String)>,
    pub danger: bool,
    pub photos: Vec<PhotoRef>,
    pub name: String,
    pub mobile: String,
    pub email: String,
    /// Others use this device too, so that it proves nothing later.
    pub shared: bool,
    /// What the city keeps of the device; never travels with the form.
    pub device: String,
}

impl State {
    /// The beginning that a link may make.
    pub fn of_link(fields: &Form) -> State {
        let text = |name: &str| fields.text(name).trim().chars().take(300).collect::<String>();
        State {
            q: text("q"),
            service_code: text("service_code"),
            kind: text("kind"),
            lat: text("lat"),
            long: text("long"),
            ..State::default()
        }
    }

    pub fn of_form(form: &Form) -> State {
        let text = |name: &str| form.text(name).to_owned();
        let dropped: Vec<&str> = form.all("drop_photo").collect();
        let mut state = State {
            key: text("key"),
            q: text("q"),
            service_code: text("service_code").trim().to_owned(),
            address: text("address_string"),
            division: text("division").trim().to_owned(),
            lat: text("lat").trim().to_owned(),
            long: text("long").trim().to_owned(),
            placed: text("placed"),
            similar: text("similar"),
            kind: text("kind"),
            words: text("description"),
            answers: form
                .bracketed("attribute")
                .map(|(code, value)| (code.to_owned(), value.to_owned()))
                .collect(),
            danger: form.text("danger") == "yes",
            photos: form
                .all("photo")
                .filter_map(PhotoRef::parse)
                .filter(|photo| !dropped.contains(&photo.file.as_str()))
                .take(MOST_PHOTOS)
                .collect(),
            name: text("first_name"),
            mobile: text("phone"),
            email: text("email"),
            shared: form.text("shared") == "yes",
            device: String::new(),
        };
        state.take_picked(form.text("picked"));
        state
    }

    /// A place that was chosen among several: `d:` and a division, or `p:` and a point.
    fn take_picked(&mut self, picked: &str) {
        if picked.is_empty() {
            return;
        }
        self.placed = self.address.clone();
        if let Some(id) = picked.strip_prefix("d:") {
            self.division = id.to_owned();
        } else if let Some((lat, long)) = picked.strip_prefix("p:").and_then(|p| p.split_once(',')) {
            (self.lat, self.long) = (lat.to_owned(), long.to_owned());
        }
    }

    /// What the other steps said, for the hidden fields of one step.
    pub fn hidden(&self, on: Option<Step>) -> Vec<(String, String)> {
        let mut fields: Vec<(String, String)> = vec![("key".into(), self.key.clone())];
        let mut add = |name: &str, value: &str| {
            if !value.is_empty() {
                fields.push((name.to_owned(), value.to_owned()));
            }
        };
        if on != Some(Step::Service) {
            add("q", &self.q);
            add("service_code", &self.service_code);
        }
        add("similar", &self.similar);
        if on != Some(Step::Place) {
            add("address_string", &self.address);
            add("division", &self.division);
            add("lat", &self.lat);
            add("long", &self.long);
        }
        add("placed", &self.placed);
        for photo in &self.photos {
            add("photo", &photo.text());
        }
        if on != Some(Step::Words) {
            add("kind", &self.kind);
            add("description", &self.words);
            add("danger", if self.danger { "yes" } else { "" });
            for (code, value) in &self.answers {
                add(&format!("attribute[{code}]"), value);
            }
        }
        if on != Some(Step::Contact) {
            add("first_name", &self.name);
            add("phone", &self.mobile);
            add("email", &self.email);
            add("shared", if self.shared { "yes" } else { "" });
        }
        fields
    }

    /// The point that the map or the device gave, unchecked.
    pub fn point(&self) -> Option<(f64, f64)> {
        if self.lat.is_empty() && self.long.is_empty() {
            return None;
        }
        let number = |text: &str| digits::to_ascii(text).replace('\u{066b}', ".").parse().unwrap_or(f64::NAN);
        Some((number(&self.lat), number(&self.long)))
    }

    /// How soon it matters: what the city promises when somebody is in danger.
    pub fn priority(&self, service: &Service) -> Priority {
        let target = &service.about.target;
        match self.danger {
            true if target.emergency.is_some() => Priority::Emergency,
            true => Priority::Urgent,
            false => Priority::Normal,
        }
    }

    /// The kind of message: chosen, or what the service usually is.
    pub fn kind(&self, service: Option<&Service>) -> Kind {
        Kind::parse(&self.kind).or_else(|| service.and_then(|s| s.about.kind)).unwrap_or(Kind::Request)
    }

    /// What would be sent. Answers to questions of a service that was chosen before are left behind.
    pub fn draft(&self, tx: &mut Tx<'_>, here: &Here, lang: Lang) -> storage::Result<Draft> {
        let city = here.city();
        let catalogue = catalogue(tx, city.id)?;
        let service = catalogue.by_code(&self.service_code);
        let mut answers: Vec<(String, Vec<String>)> = Vec::new();
        for question in service.iter().flat_map(|s| &s.about.attributes) {
            let given = self.answers.iter().filter(|(code, _)| *code == question.code);
            let values: Vec<String> = given
                .map(|(_, value)| match question.datatype {
                    Datatype::Datetime => time_typed(value, &city.zone).unwrap_or_else(|| value.clone()),
                    _ => value.clone(),
                })
                .filter(|value| !value.trim().is_empty())
                .collect();
            if !values.is_empty() {
                answers.push((question.code.clone(), values));
            }
        }
        Ok(Draft {
            kind: self.kind(service),
            service_code: self.service_code.clone(),
            place: PlaceDraft {
                point: self.point(),
                // What is no number is no division; zero is the id of none.
                division: (!self.division.is_empty())
                    .then(|| digits::to_ascii(&self.division).parse().unwrap_or(0)),
                address: self.address.clone(),
            },
            words: self.words.clone(),
            answers,
            priority: service.map_or(Priority::Normal, |s| self.priority(s)),
            contact: Contact {
                name: self.name.clone(),
                mobile: self.mobile.clone(),
                email: self.email.clone(),
                device: self.device.clone(),
                ..Contact::default()
            },
            photos: self.photos.clone(),
            // A form without a key, as no page of ours makes it, must not be taken for another's form without one.
            idempotency_key: (!self.key.is_empty()).then(|| format!("web-{}", self.key)),
            ..Draft::new(city.id, Channel::Web, lang)
        })
    }
}

/// A day and a time as people write them, in either calendar and any digits, on the city's wall clock.
fn time_typed(typed: &str, zone: &calendar::Zone) -> Option<String> {
    let ascii = digits::to_ascii(typed.trim());
    let cleaned = ascii.replace(['T', '،', ','], " ");
    let mut parts = cleaned.split_whitespace().filter(|part| part.starts_with(|c: char| c.is_ascii_digit()));
    let day = Day::parse(parts.next()?).ok()?;
    let minute = match parts.next() {
        None => 0,
        Some(time) => {
            let (hour, minute) = time.split_once(':')?;
            let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.get(..2)?.parse().ok()?);
            (hour < 24 && minute < 60).then_some(hour * 60 + minute)?
        }
    };
    Some(zone.at(day, minute).to_rfc3339_z())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_people_write_it() {
        let zone = calendar::Zone::named("Asia/Tehran").unwrap();
        let check = |typed: &str, expected: &str| {
            assert_eq!(time_typed(typed, &zone).as_deref(), Some(expected), "{typed}")
        };
        check("۱۴۰۴/۰۸/۱۳ ۰۹:۱۵", "2025-11-04T05:45:00Z");
        check("۱۴۰۴/۸/۱۳، ساعت ۹:۱۵", "2025-11-04T05:45:00Z");
        check("2025-11-04 09:15", "2025-11-04T05:45:00Z");
        check("2025-11-04T09:15", "2025-11-04T05:45:00Z");
        check("1404-08-13", "2025-11-03T20:30:00Z");
        assert_eq!(time_typed("دیروز", &zone), None);
        assert_eq!(time_typed("1404-08-13 25:00", &zone), None);
    }
}
