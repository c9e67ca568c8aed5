//! The buttons of the page: call everybody, write down an answer, take in volunteers, close and open a street.

use axum::extract::State;
use axum::response::Response;
use dispatch::crisis::{self, Answer as Said, CrisisId, Helpers};
use dispatch::roads::closures;
use dispatch::{CrewId, DispatchError, Done, Seen};
use door::{Door, Failure, Form, Signed};
use http::StatusCode;
use people::Act;
use storage::Tx;
use territory::{Atlas, Level, Point};

use super::page::{Typed, draw};
use super::{refusal, sentence};
use crate::ask::{self, Answer, Ask};
use crate::sign_in::{address, go};

/// What one form asks for.
#[derive(Clone)]
enum Wish {
    CallAll { id: CrisisId },
    Answer { id: CrisisId, crew: CrewId, answer: Said, reason: String },
    Muster { id: CrisisId, helpers: Helpers },
    Close { at: Point, metres: i64, words: String, hours: Option<i64> },
    Open { id: i64 },
}

/// `35.72190, 51.40560`, in either kind of digits.
fn place(text: &str) -> Option<Point> {
    let text = language::digits::to_ascii(text).replace('،', ",").replace('٫', ".");
    let (lat, long) = text.split_once(',')?;
    Point::new(lat.trim().parse().ok()?, long.trim().parse().ok()?)
}

fn number(form: &Form, name: &str) -> Option<i64> {
    language::digits::to_ascii(form.text(name).trim()).parse().ok()
}

fn wish(form: &Form, atlas: &Atlas) -> Done<Wish> {
    let refused = |code| Err(DispatchError::Refused(code));
    let id = || number(form, "id").map(CrisisId).ok_or(DispatchError::NotFound);
    let answer = |answer| -> Done<Wish> {
        let crew = number(form, "crew").map(CrewId).ok_or(DispatchError::NotFound)?;
        Ok(Wish::Answer { id: id()?, crew, answer, reason: form.text("reason").to_owned() })
    };
    match form.text("do") {
        "call" => Ok(Wish::CallAll { id: id()? }),
        "coming" => answer(Said::Coming),
        "refuse" => answer(Said::Refused),
        "muster" => {
            let district = atlas.by_code(Level::District, form.text("district").trim());
            // A house that nobody knows the place of is in the middle of its district.
            let base = match form.text("place").trim() {
                "" => district.and_then(|d| d.label),
                text => place(text),
            };
            let Some(base) = base else { return refused("place-missing") };
            let Some(people) = number(form, "people") else { return refused("number-wrong") };
            let helpers = Helpers {
                name: form.text("name").to_owned(),
                people,
                district: district.map(|d| d.id),
                base,
                skills: form.all("skill").map(str::to_owned).collect(),
                equipment: form.all("equipment").map(str::to_owned).collect(),
            };
            Ok(Wish::Muster { id: id()?, helpers })
        }
        "close" => {
            let Some(at) = place(form.text("road-place")) else { return refused("place-missing") };
            let Some(metres) = number(form, "metres") else { return refused("number-wrong") };
            let hours = match form.text("hours").trim() {
                "" => None,
                _ => match number(form, "hours") {
                    Some(hours) => Some(hours),
                    None => return refused("number-wrong"),
                },
            };
            Ok(Wish::Close { at, metres, words: form.text("words").to_owned(), hours })
        }
        "open" => Ok(Wish::Open { id: number(form, "id").ok_or(DispatchError::NotFound)? }),
        _ => Err(DispatchError::NotFound),
    }
}

impl Wish {
    fn make(&self, tx: &mut Tx<'_>, act: &Act, city: i64, seen: Seen) -> Done<&'static str> {
        match self {
            Wish::CallAll { id } => {
                let count = crisis::call_all(tx, act, city, *id, seen)?;
                Ok(if count > 0 { "called" } else { "nobody" })
            }
            Wish::Answer { id, crew, answer, reason } => {
                crisis::answer(tx, act, city, *id, *crew, *answer, reason, seen)?;
                Ok(if *answer == Said::Coming { "coming" } else { "refused" })
            }
            Wish::Muster { id, helpers } => {
                crisis::muster(tx, act, city, *id, helpers, seen).map(|_| "mustered")
            }
            Wish::Close { at, metres, words, hours } => {
                let until = hours.map(|hours| act.at.plus_hours(hours.clamp(-1, 100_000)));
                closures::close(tx, act, city, *at, *metres, words, until).map(|_| "closed")
            }
            Wish::Open { id } => closures::open(tx, act, city, *id, seen).map(|()| "opened"),
        }
    }
}

/// `POST /crisis`.
pub async fn send(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let (act, city) = (signed.act(&door), signed.jurisdiction);
    let atlas = door.db.read(move |tx| territory::atlas(tx, city)).await?;
    let seen = Seen(number(&form, "version").unwrap_or(0));
    let outcome = match wish(&form, &atlas) {
        Err(error) => Err(error),
        Ok(wish) => {
            let acting = act.clone();
            door.db.write(move |tx| wish.make(tx, &acting, city, seen)).await
        }
    };
    let refused = match outcome {
        Ok(done) => return Ok(go(&address(&ask, &format!("/crisis?done={done}")))),
        Err(error) => refusal(error)?,
    };
    let text = |name: &str| form.text(name).to_owned();
    let typed = Typed {
        name: text("name"),
        people: text("people"),
        district: text("district"),
        place: text("place"),
        words: text("words"),
        metres: text("metres"),
        hours: text("hours"),
        road_place: text("road-place"),
    };
    let status = match refused {
        "denied" => StatusCode::FORBIDDEN,
        "not-found" => StatusCode::NOT_FOUND,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    ask::answer(&door, ask, move |tx, ask, here| {
        let words = sentence(ask.words(), refused);
        Ok(Answer::Refused(status, draw(tx, ask, here, &signed, &act, Some(words), typed)?))
    })
    .await
}
