//! A draft read against the rules: everything that is wrong is said at once, each refusal naming its field.

use language::{display, mobile};
use territory::{Atlas, Located, Place, Point};

use crate::answers::{self, Answer};
use crate::catalogue::Catalogue;
use crate::kinds::Kind;
use crate::service::Service;
use crate::{Contact, Draft, PlaceDraft, Refusal};

/// Open311's limit for a description, in characters.
pub const MOST_WORDS: usize = 4000;
pub const MOST_PHOTOS: usize = 5;
pub const MOST_LINE: usize = 300;

/// A draft that passed every rule.
pub(crate) struct Checked<'c> {
    pub service: &'c Service,
    pub place: Place,
    pub point: Option<Point>,
    pub words: String,
    pub address: String,
    pub answers: Vec<Answer>,
    pub contact: Contact,
}

/// Reads the draft against the rules and says everything that is wrong.
pub(crate) fn read<'c>(
    catalogue: &'c Catalogue,
    atlas: &Atlas,
    draft: &Draft,
) -> Result<Checked<'c>, Vec<Refusal>> {
    let mut no = Vec::new();
    let service = match draft.service_code.trim() {
        "" => {
            no.push(Refusal::ServiceMissing);
            None
        }
        code => match catalogue.by_code(code) {
            Some(service) if service.is_open => Some(service),
            Some(_) => {
                no.push(Refusal::ServiceClosed { code: code.into() });
                None
            }
            None => {
                no.push(Refusal::ServiceUnknown { code: code.into() });
                None
            }
        },
    };
    let (place, point) = read_place(atlas, &draft.place, &mut no);
    let words = display::clean_text(&draft.words);
    let given = words.chars().count();
    if given > MOST_WORDS {
        no.push(Refusal::WordsTooLong { most: MOST_WORDS, given });
    }
    if words.is_empty() && draft.kind != Kind::Request {
        // A pothole speaks for itself; a complaint or a thank-you does not.
        no.push(Refusal::NothingSaid);
    }
    let address = display::clean_line(&draft.place.address);
    if address.chars().count() > MOST_LINE {
        no.push(Refusal::AddressTooLong { most: MOST_LINE });
    }
    let answers = match service.map(|s| answers::read(s, &draft.answers)) {
        Some(Ok(answers)) => answers,
        Some(Err(refusals)) => {
            no.extend(refusals.into_iter().map(Refusal::Answer));
            Vec::new()
        }
        None => Vec::new(),
    };
    if draft.photos.len() > MOST_PHOTOS {
        no.push(Refusal::TooManyPhotos { most: MOST_PHOTOS });
    }
    let contact = read_contact(&draft.contact, &mut no);
    match service {
        Some(service) if no.is_empty() => {
            Ok(Checked { service, place, point, words, address, answers, contact })
        }
        _ => Err(no),
    }
}

pub(crate) fn read_place(atlas: &Atlas, draft: &PlaceDraft, no: &mut Vec<Refusal>) -> (Place, Option<Point>) {
    let chosen = match draft.division {
        Some(id) => match atlas.division(id).filter(|d| !d.retired) {
            Some(division) => Some(atlas.place_of(division.id)),
            None => {
                no.push(Refusal::DivisionUnknown);
                None
            }
        },
        None => None,
    };
    let point = match draft.point {
        Some((lat, long)) => match Point::new(lat, long) {
            Some(point) => Some(point),
            None => {
                no.push(Refusal::ImpossibleCoordinates);
                return (Place::default(), None);
            }
        },
        None => None,
    };
    match point.map(|p| atlas.locate(p)) {
        Some(Located::Inside(place)) => (place, point),
        Some(Located::Outside { nearest, metres }) => {
            no.push(Refusal::OutsideJurisdiction { nearest, metres });
            (Place::default(), None)
        }
        // A city without borders takes the word of whoever chose the district.
        Some(Located::NoBorders) => (chosen.unwrap_or_default(), point),
        None => {
            if chosen.is_none() && display::clean_line(&draft.address).is_empty() {
                no.push(Refusal::PlaceMissing);
            }
            (chosen.unwrap_or_default(), None)
        }
    }
}

fn read_contact(typed: &Contact, no: &mut Vec<Refusal>) -> Contact {
    let name = display::clean_line(&typed.name);
    if name.chars().count() > MOST_LINE {
        no.push(Refusal::NameTooLong { most: MOST_LINE });
    }
    let mobile = match display::clean_line(&typed.mobile) {
        typed if typed.is_empty() => String::new(),
        typed => mobile::parse(&typed).unwrap_or_else(|_| {
            no.push(Refusal::MobileWrong);
            String::new()
        }),
    };
    let email = display::clean_line(&typed.email);
    if !email.is_empty() && !looks_like_email(&email) {
        no.push(Refusal::EmailWrong);
    }
    let short = |text: &str| display::clean_line(text).chars().take(MOST_LINE).collect::<String>();
    Contact { name, mobile, email, device: short(&typed.device), account: short(&typed.account) }
}

/// One @ with something before it and a dotted name after it; only a sent letter can prove more.
pub(crate) fn looks_like_email(text: &str) -> bool {
    let Some((before, after)) = text.split_once('@') else { return false };
    !before.is_empty()
        && text.len() <= 254
        && !after.contains('@')
        && !text.contains(char::is_whitespace)
        && after.split('.').count() > 1
        && after.split('.').all(|part| !part.is_empty())
}
