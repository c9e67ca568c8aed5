//! What was typed so far: the fields of the one form, as they travel and as they are kept with the call.
//!
//! Everything is as typed; the verbs clean and check it.

use door::Form;
use language::{Lang, digits, mobile};
use requests::calls::{CallId, triage};
use requests::service::Service;
use requests::{Catalogue, Channel, Contact, Draft, Kind, PlaceDraft, Priority};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// The call that it belongs to; none before it began.
    #[serde(skip)]
    pub call: Option<i64>,
    /// Makes two sends of one form one request.
    pub key: String,
    /// The number that was typed when the exchange said none.
    pub caller: String,
    pub mobile: String,
    pub name: String,
    pub words: String,
    pub service: String,
    pub kind: String,
    /// A landmark, a street, or an address in words.
    pub place: String,
    pub lat: String,
    pub long: String,
    pub division: String,
    /// What the name of the place does not say: number, floor, opposite what.
    pub detail: String,
    /// Codes of the triage questions that were answered with yes.
    pub triage: Vec<String>,
    pub answers: Vec<(String, String)>,
}

impl Typed {
    pub fn of_form(form: &Form) -> Typed {
        let text = |name: &str| form.text(name).to_owned();
        Typed {
            call: digits::to_ascii(form.text("call")).parse().ok(),
            key: text("key").chars().take(64).collect(),
            caller: text("caller"),
            mobile: text("mobile"),
            name: text("name"),
            words: text("words"),
            service: text("service").trim().to_owned(),
            kind: text("kind"),
            place: text("place"),
            lat: text("lat").trim().to_owned(),
            long: text("long").trim().to_owned(),
            division: text("division").trim().to_owned(),
            detail: text("detail"),
            triage: form.all("triage").map(str::to_owned).collect(),
            answers: form
                .bracketed("attribute")
                .map(|(code, value)| (code.to_owned(), value.to_owned()))
                .collect(),
        }
    }

    /// What was kept with a call. A draft that cannot be read any more is an empty one.
    pub fn of_draft(draft: &str) -> Typed {
        serde_json::from_str(draft).unwrap_or_default()
    }

    pub fn to_draft(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Nothing about a matter was typed; a number and a name alone are nothing to lose.
    pub fn is_empty(&self) -> bool {
        [&self.words, &self.service, &self.place, &self.detail, &self.lat, &self.division]
            .iter()
            .all(|field| field.trim().is_empty())
    }

    pub fn call_id(&self) -> Option<CallId> {
        self.call.map(CallId)
    }

    pub fn service<'c>(&self, catalogue: &'c Catalogue) -> Option<&'c Service> {
        catalogue.by_code(&self.service)
    }

    /// The point of the map or of a landmark, unchecked.
    pub fn point(&self) -> Option<(f64, f64)> {
        if self.lat.is_empty() && self.long.is_empty() {
            return None;
        }
        let number = |text: &str| digits::to_ascii(text).replace('\u{066b}', ".").parse().unwrap_or(f64::NAN);
        Some((number(&self.lat), number(&self.long)))
    }

    pub fn priority(&self, service: &Service) -> Priority {
        triage::weigh(service, self.triage.iter().map(String::as_str))
    }

    pub fn kind(&self, service: Option<&Service>) -> Kind {
        Kind::parse(&self.kind).or_else(|| service.and_then(|s| s.about.kind)).unwrap_or(Kind::Request)
    }

    /// The place and its detail, as one address.
    pub fn address(&self, lang: Lang) -> String {
        let between = if lang == Lang::Fa { "، " } else { ", " };
        let parts: Vec<&str> =
            [self.place.trim(), self.detail.trim()].into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(between)
    }

    /// What would be registered. Answers to questions of a service that was chosen before are left behind.
    pub fn draft(&self, jurisdiction: i64, catalogue: &Catalogue, lang: Lang) -> Draft {
        let service = self.service(catalogue);
        let mut answers: Vec<(String, Vec<String>)> = Vec::new();
        for question in service.iter().flat_map(|s| &s.about.attributes) {
            let given = self.answers.iter().filter(|(code, _)| *code == question.code);
            let values: Vec<String> =
                given.map(|(_, value)| value.clone()).filter(|value| !value.trim().is_empty()).collect();
            if !values.is_empty() {
                answers.push((question.code.clone(), values));
            }
        }
        Draft {
            kind: self.kind(service),
            service_code: self.service.clone(),
            place: PlaceDraft {
                point: self.point(),
                // What is no number is no division; zero is the id of none.
                division: (!self.division.is_empty())
                    .then(|| digits::to_ascii(&self.division).parse().unwrap_or(0)),
                address: self.address(lang),
            },
            words: self.words.clone(),
            answers,
            priority: service.map_or(Priority::Normal, |s| self.priority(s)),
            contact: Contact { name: self.name.clone(), mobile: self.mobile.clone(), ..Contact::default() },
            idempotency_key: (!self.key.is_empty()).then(|| format!("desk-{}", self.key)),
            ..Draft::new(jurisdiction, Channel::Phone, lang)
        }
    }

    /// The mobile number of a caller goes into its field by itself.
    pub fn with_caller(mut self, number: &str, name: &str, lang: Lang) -> Typed {
        if self.mobile.is_empty() && mobile::parse(number).is_ok() {
            self.mobile = digits::shown(&mobile::for_people(number).replace('\u{A0}', " "), lang);
        }
        if self.name.is_empty() {
            self.name = name.to_owned();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_survives_being_kept() {
        let form = Form::from_query(Some(
            "call=12&words=%DA%86%D8%A7%D9%84%D9%87&triage=hurt&triage=blocked&attribute%5Bsize%5D=big&place=A&detail=B&lat=35.7&long=51.4",
        ))
        .unwrap();
        let typed = Typed::of_form(&form);
        assert_eq!((typed.call, typed.triage.len(), typed.point()), (Some(12), 2, Some((35.7, 51.4))));
        assert_eq!(typed.address(Lang::Fa), "A، B");
        let kept = Typed::of_draft(&typed.to_draft());
        assert_eq!(kept, Typed { call: None, ..typed });
        assert!(!kept.is_empty() && Typed::of_draft("nonsense").is_empty() && Typed::of_draft("").is_empty());
    }

    #[test]
    fn only_a_mobile_number_is_somebody_to_write_to() {
        assert_eq!(Typed::default().with_caller("+989121234567", "مینا", Lang::En).mobile, "0912 123 4567");
        assert_eq!(Typed::default().with_caller("+982188776655", "", Lang::En).mobile, "");
        let said = Typed { mobile: "0935".into(), ..Typed::default() };
        assert_eq!(said.with_caller("+989121234567", "", Lang::Fa).mobile, "0935", "what was typed stays");
    }
}
