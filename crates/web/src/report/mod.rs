//! Saying something to the city, one step a page.
//!
//! What was said so far travels with the form in hidden fields, so nothing depends on a cookie, a session or the
//! browser's "back", and a step that is refused loses nothing. Every form is sent to the step it leads to, forward
//! or back: that step is shown when all before it are in order, and otherwise the first one that is not, with
//! what is wrong. The key that makes two sends one request is drawn at the first step.

mod done; // the code, the promise, what comes next
mod photos; // kept at once, so that a mistake elsewhere loses none
pub(crate) mod places; // which of several places of one name
mod similar; // "near you others already said this"
mod state; // what was said so far
mod views; // what the templates of the steps need

use axum::RequestExt;
use axum::extract::{DefaultBodyLimit, FromRequest, Path, Request, State as Extract};
use axum::response::{IntoResponse, Redirect, Response};
use calendar::Clock;
use door::{Budget, Door, Failure, Form};
use http::StatusCode;
use people::Actor;
use requests::service::Service;
use requests::{Catalogue, Refusal, SubmitError, catalogue};
use storage::Tx;
use territory::Atlas;

pub use done::done;
use state::State;

use crate::ask::{self, Answer, Ask, Here, NEVER};
use crate::device::Device;
use crate::refusals::{self, About};

/// The pages of a report, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Service,
    Place,
    Words,
    Contact,
    Check,
    /// Not a page: everything is sent.
    Send,
}

impl Step {
    pub const PAGES: [Step; 5] = [Step::Service, Step::Place, Step::Words, Step::Contact, Step::Check];

    pub fn code(self) -> &'static str {
        match self {
            Step::Service => "service",
            Step::Place => "place",
            Step::Words => "words",
            Step::Contact => "contact",
            Step::Check => "check",
            Step::Send => "send",
        }
    }

    fn parse(code: &str) -> Option<Step> {
        Step::PAGES.into_iter().chain([Step::Send]).find(|step| step.code() == code)
    }

    /// The step at which a refused field is filled in.
    fn of(refusal: &Refusal) -> Step {
        match refusal.field().as_str() {
            "service" => Step::Service,
            "place" | "address" => Step::Place,
            "mobile" | "email" | "name" => Step::Contact,
            "key" => Step::Check,
            _ => Step::Words,
        }
    }
}

/// What is wrong with a field: its id on the page, and the sentence beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub id: String,
    pub sentence: String,
}

/// `GET /report`: the first step.
pub async fn begin(Extract(door): Extract<Door>, ask: Ask) -> Result<Response, Failure> {
    open(Extract(door), Path("service".into()), ask).await
}

/// `GET /report/{step}`: a beginning from a link, such as `/report/place?service_code=tree-fallen`. Only what is
/// nobody's secret can be said in an address.
pub async fn open(
    Extract(door): Extract<Door>,
    Path(step): Path<String>,
    ask: Ask,
) -> Result<Response, Failure> {
    let Some(step) = Step::parse(&step) else {
        return ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await;
    };
    let mut state = State::of_link(&ask.fields);
    // Later steps hold what a link cannot: they begin at the place, or at the beginning.
    let step = match step {
        Step::Service => Step::Service,
        _ if state.service_code.is_empty() => {
            let page = crate::page::Page::new(
                ask.words(),
                None,
                Some(ask.city_code()).filter(|c| !c.is_empty()),
                "",
                "",
                "",
            );
            return Ok(Redirect::to(&page.url("/report/service").to_string()).into_response());
        }
        _ => Step::Place,
    };
    state.key = new_key(&door);
    let now = door.now();
    ask::answer(&door, ask, move |tx, ask, here| {
        let draft = state.draft(tx, here, ask.lang)?;
        let refusals = requests::check(tx, &draft)?;
        let room = Room::enter(tx, here, &state)?;
        let early: Vec<Refusal> = refusals.into_iter().filter(|r| Step::of(r) < step).collect();
        let (step, wrong) =
            if early.is_empty() { (step, Vec::new()) } else { (Step::Service, say(ask, &room, &early)) };
        views::page(tx, ask, here, &room, &state, step, wrong, now).map(|html| Answer::Page(NEVER, html))
    })
    .await
}

/// `POST /report/{step}`: goes to that step, or to the first one that is not in order.
pub async fn go_on(
    Extract(door): Extract<Door>,
    Path(step): Path<String>,
    ask: Ask,
    Sent(form): Sent,
) -> Result<Response, Failure> {
    let Some(step) = Step::parse(&step) else {
        return ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await;
    };
    let mut state = State::of_form(&form);
    if state.key.is_empty() {
        state.key = new_key(&door);
    }
    let photos_wrong = match photos::take(&door, &ask, &form, &mut state).await? {
        Ok(wrong) => wrong,
        Err(refusal) => return Ok(refusal.into_response()),
    };
    if step == Step::Send {
        return send(&door, ask, state).await;
    }
    // Whoever goes back, or looks at the offer in the other language, has not joined yet.
    if step > Step::Place
        && let Some(joined) = similar::join(&door, &ask, &form).await?
    {
        return Ok(joined);
    }
    let now = door.now();
    ask::answer(&door, ask, move |tx, ask, here| show(tx, ask, here, state, step, photos_wrong, now)).await
}

/// The step that is asked for, unless something before it is not in order.
fn show(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    mut state: State,
    step: Step,
    photos_wrong: Vec<Wrong>,
    now: calendar::Timestamp,
) -> Result<Answer, Failure> {
    if step > Step::Place
        && let Some(places) = places::unclear(tx, here, &mut state)?
    {
        let room = Room::enter(tx, here, &state)?;
        return views::which(ask, here, &room, &state, places).map(|html| Answer::Page(NEVER, html));
    }
    let draft = state.draft(tx, here, ask.lang)?;
    let refusals: Vec<Refusal> =
        requests::check(tx, &draft)?.into_iter().filter(|r| Step::of(r) < step).collect();
    let room = Room::enter(tx, here, &state)?;
    let first = refusals.iter().map(Step::of).min();
    let photos_first = (!photos_wrong.is_empty() && step > Step::Words).then_some(Step::Words);
    if let Some(at) = first.into_iter().chain(photos_first).min() {
        let here_now: Vec<Refusal> = refusals.into_iter().filter(|r| Step::of(r) == at).collect();
        let mut wrong = say(ask, &room, &here_now);
        if at == Step::Words {
            wrong.extend(photos_wrong);
        }
        let html = views::page(tx, ask, here, &room, &state, at, wrong, now)?;
        return Ok(Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html));
    }
    if step > Step::Place
        && let Some(html) = similar::offer(tx, ask, here, &room, &mut state, now)?
    {
        return Ok(Answer::Page(NEVER, html));
    }
    // Back at the words a bad photo is still worth a sentence.
    let wrong = if step == Step::Words { photos_wrong } else { Vec::new() };
    views::page(tx, ask, here, &room, &state, step, wrong, now).map(|html| Answer::Page(NEVER, html))
}

/// Everything is sent. Sent twice with the same key, it is still one request with one code.
async fn send(door: &Door, ask: Ask, mut state: State) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let device = (!state.shared).then(|| Device::of_form(&ask, door, &state.key));
    state.device = device.as_ref().map(|device| device.name(door)).unwrap_or_default();
    let (ask, state, draft) = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            let draft = match Here::find(tx, &ask)? {
                Some(here) => Some(state.draft(tx, &here, ask.lang)?),
                None => None,
            };
            Ok((ask, state, draft))
        })
        .await?;
    let Some(draft) = draft else { return ask::answer(door, ask, |_, _, _| Ok(Answer::Missing)).await };
    let act = door.act(Actor::Citizen);
    let sent = door.db.write(move |tx: &mut Tx<'_>| requests::submit(tx, &act, &draft)).await;
    let refusals = match sent {
        Ok(submitted) => {
            let path = format!("/report/done/{}", submitted.code);
            let city = Some(ask.city_code()).filter(|c| !c.is_empty());
            let page = crate::page::Page::new(ask.words(), None, city, "", "", "");
            let mut response = Redirect::to(&page.url(&path).to_string()).into_response();
            if let Some(cookie) = device.and_then(|device| device.cookie(door)) {
                response.headers_mut().insert(http::header::SET_COOKIE, cookie);
            }
            return Ok(response);
        }
        Err(SubmitError::Refused(refusals)) => refusals,
        Err(SubmitError::Denied(_)) => {
            return ask::answer(door, ask, |_, ask, here| {
                Ok(Answer::Refused(StatusCode::FORBIDDEN, crate::errors::denied(ask, here)?))
            })
            .await;
        }
        Err(SubmitError::Failure(failure)) => return Err(failure.into()),
    };
    let now = door.now();
    let fresh = new_key(door);
    ask::answer(door, ask, move |tx, ask, here| {
        let mut state = state;
        if refusals.iter().any(|r| matches!(r, Refusal::KeyReused | Refusal::KeyTooLong)) {
            // What was sent before stays sent; with a new key this becomes a request of its own, if they want it.
            state.key = fresh;
        }
        let room = Room::enter(tx, here, &state)?;
        let at = refusals.iter().map(Step::of).min().unwrap_or(Step::Check);
        let first: Vec<Refusal> = refusals.iter().filter(|r| Step::of(r) == at).cloned().collect();
        let html = views::page(tx, ask, here, &room, &state, at, say(ask, &room, &first), now)?;
        Ok(Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html))
    })
    .await
}

/// What the steps look things up in.
pub struct Room {
    pub atlas: std::sync::Arc<Atlas>,
    pub catalogue: std::sync::Arc<Catalogue>,
    service: Option<i64>,
    storms: std::sync::Arc<requests::storm::Storms>,
}

impl Room {
    fn enter(tx: &mut Tx<'_>, here: &Here, state: &State) -> Result<Room, Failure> {
        let catalogue = catalogue(tx, here.city().id)?;
        let service = catalogue.by_code(&state.service_code).map(|s| s.id);
        let storms = requests::storm::current(tx, here.city().id)?;
        Ok(Room { atlas: territory::atlas(tx, here.city().id)?, catalogue, service, storms })
    }

    /// In a storm people are asked only the most needed.
    pub fn is_simple(&self, state: &State) -> bool {
        self.storms.is_simple(self.district(state))
    }

    /// The district of the place, as far as it was said.
    fn district(&self, state: &State) -> Option<i64> {
        let place = state.point().and_then(|(lat, long)| territory::Point::new(lat, long));
        match place.map(|point| self.atlas.locate(point)) {
            Some(territory::Located::Inside(place)) => place.district,
            _ => state.division.parse().ok().and_then(|id: i64| self.atlas.place_of(id).district),
        }
    }

    /// The service that was chosen, if there is one.
    pub fn service(&self) -> Option<&Service> {
        self.service.and_then(|id| self.catalogue.service(id))
    }

    /// The promise that would be given now.
    pub fn promise(&self, state: &State, now: calendar::Timestamp) -> Option<calendar::Timestamp> {
        let service = self.service()?;
        let target = service.target(state.priority(service))?;
        let shifted_millis = self.storms.shift(service, self.district(state));
        Some(Clock { shifted_millis, ..Clock::start(now, target) }.due_at(self.atlas.working()))
    }
}

fn say(ask: &Ask, room: &Room, refusals: &[Refusal]) -> Vec<Wrong> {
    let about = About { w: ask.words(), atlas: &room.atlas, service: room.service() };
    refusals
        .iter()
        .map(|refusal| Wrong {
            id: refusals::field_id(refusal),
            sentence: refusals::sentence(&about, refusal),
        })
        .collect()
}

fn new_key(door: &Door) -> String {
    format!("{:016x}{:016x}", door.dice.number(), door.dice.number())
}

/// A form that may bring photos. Only `multipart` may be as large as photos are.
pub struct Sent(Form);

impl FromRequest<Door> for Sent {
    type Rejection = Response;

    async fn from_request(mut request: Request, door: &Door) -> Result<Self, Response> {
        if door::forms::kind(request.headers()) == "multipart/form-data" {
            DefaultBodyLimit::max(door::UPLOAD_LIMIT).apply(&mut request);
        }
        request.extract_with_state::<Form, Door, _>(door).await.map(Sent).map_err(IntoResponse::into_response)
    }
}
