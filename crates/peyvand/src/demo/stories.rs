//! Requests of the last weeks, told move by move with the city's own verbs, so that their threads are rich.
//!
//! Every step has its moment, and all steps of all stories are made in the order of time, as they would have been.

use std::sync::Arc;

use anyhow::{Context, Result};
use calendar::Timestamp;
use language::Lang;
use people::{Act, Actor, Dice, Role};
use requests::moves::{self, MoveError, Step};
use requests::reply::{self, Decision, How, ReplyError};
use requests::{
    Catalogue, Channel, Contact, Draft, GENERATED, Kind, NoteError, PlaceDraft, RequestId, Status,
    SubmitError,
};
use storage::{Db, Tx};
use territory::Atlas;

use super::chance::{Chance, Weighted};
use super::ground::{Ground, Spot};
use super::script::Script;
use super::words::Words;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// One step of one story.
#[derive(Debug, Clone)]
struct Turn {
    story: usize,
    at: Timestamp,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    Submit(Draft),
    Move {
        by: Role,
        step: Step,
    },
    /// The same as an earlier story.
    Same {
        as_story: usize,
    },
    Remark(String),
    MeToo {
        device: String,
    },
    /// The reporter accepts the answer, or objects with words.
    Reply(Option<String>),
    /// The inspector sends an objection back to work.
    GiveBack(String),
}

/// Tells `count` stories and returns how many steps they took.
pub fn tell(
    db: &Db,
    dice: &Arc<Dice>,
    jurisdiction: i64,
    script: &Script,
    catalogue: &Catalogue,
    atlas: &Arc<Atlas>,
    now: Timestamp,
    count: usize,
    seed: u64,
) -> Result<usize> {
    let mut turns = write(script, catalogue, atlas, jurisdiction, now, count, seed)?;
    turns.retain(|turn| turn.at.0 < now.0 - MINUTE);
    turns.sort_by_key(|turn| (turn.at, turn.story));
    let mut ids: Vec<Option<RequestId>> = vec![None; count];
    for some in turns.chunks(200) {
        let (some, before, dice) = (some.to_vec(), ids.clone(), dice.clone());
        ids = db
            .write_blocking(move |tx| {
                let mut ids = before.clone();
                for turn in &some {
                    take(tx, &dice, jurisdiction, turn, &mut ids)?;
                }
                Ok::<_, storage::Error>(ids)
            })
            .context("telling the stories")?;
    }
    Ok(turns.len())
}

/// Makes one step. A step that the city's rules refuse is left out, as it would be in life.
fn take(
    tx: &mut Tx<'_>,
    dice: &Arc<Dice>,
    jurisdiction: i64,
    turn: &Turn,
    ids: &mut [Option<RequestId>],
) -> storage::Result<()> {
    let act = |by: Actor| Act::new(by, turn.at, dice.clone());
    let id = ids.get(turn.story).copied().flatten();
    match (&turn.what, id) {
        (What::Submit(draft), _) => match requests::submit(tx, &act(Actor::Citizen), draft) {
            Ok(done) => {
                if let Some(place) = ids.get_mut(turn.story) {
                    *place = Some(done.id);
                }
                Ok(())
            }
            Err(SubmitError::Failure(e)) => Err(e),
            Err(_) => Ok(()),
        },
        (What::Move { by, step }, Some(id)) => {
            let unit = requests::find::by_id(tx, jurisdiction, id)?.and_then(|r| r.unit);
            moved(moves::make(tx, &act(staff(jurisdiction, *by, unit)), jurisdiction, id, step))
        }
        (What::Same { as_story }, Some(id)) => {
            let same_as = ids.get(*as_story).copied().flatten();
            let step = Step { same_as, ..Step::to(Status::Duplicate) };
            moved(moves::make(tx, &act(staff(jurisdiction, Role::Operator, None)), jurisdiction, id, &step))
        }
        (What::Remark(text), Some(id)) => {
            match requests::note(
                tx,
                &act(staff(jurisdiction, Role::Operator, None)),
                jurisdiction,
                id,
                text,
                true,
            ) {
                Err(NoteError::Failure(e)) => Err(e),
                _ => Ok(()),
            }
        }
        (What::MeToo { device }, Some(id)) => {
            match requests::follow(tx, &act(Actor::Citizen), jurisdiction, id, "", device, true, "") {
                Err(requests::FollowError::Failure(e)) => Err(e),
                _ => Ok(()),
            }
        }
        (What::Reply(objection), Some(id)) => {
            let act = act(Actor::Citizen);
            let said = match objection {
                None => reply::accept(tx, &act, jurisdiction, id, How::Sms),
                Some(words) => reply::object(tx, &act, jurisdiction, id, words, How::Sms),
            };
            match said {
                Err(ReplyError::Failure(e)) => Err(e),
                _ => Ok(()),
            }
        }
        (What::GiveBack(words), Some(id)) => {
            let act = act(staff(jurisdiction, Role::Inspector, None));
            moved(reply::decide(tx, &act, jurisdiction, id, Decision::GiveBack { unit: None }, words))
        }
        (_, None) => Ok(()),
    }
}

fn moved<T>(outcome: Result<T, MoveError>) -> storage::Result<()> {
    match outcome {
        Err(MoveError::Failure(e)) => Err(e),
        _ => Ok(()),
    }
}

/// A colleague, as the holder of a key of that role would be.
fn staff(jurisdiction: i64, role: Role, unit: Option<i64>) -> Actor {
    Actor::Key {
        jurisdiction,
        id: 1 + role as i64,
        name: String::new(),
        role,
        unit,
        scopes: people::keys::KeyScopes::ALL,
    }
}

fn write(
    script: &Script,
    catalogue: &Catalogue,
    atlas: &Arc<Atlas>,
    jurisdiction: i64,
    now: Timestamp,
    count: usize,
    seed: u64,
) -> Result<Vec<Turn>> {
    let mut chance = Chance::new(seed ^ 0x5107);
    let ground = Ground::new(atlas.clone());
    let words = Words::new(script);
    let services =
        Weighted::new(script.mix("normal")?.weights.iter().map(|(code, weight)| (code.as_str(), *weight)));
    let mut turns = Vec::new();
    let mut told: Vec<(Timestamp, String, Spot)> = Vec::new();
    for story in 0..count {
        let begins = now.plus_millis(-chance.between(30 * MINUTE, 21 * DAY));
        // Some are about what somebody else has just reported.
        let twin =
            told.iter().enumerate().find(|(_, (at, ..))| (0..2 * DAY).contains(&begins.millis_since(*at)));
        let twin = twin
            .map(|(n, (_, service, spot))| (n, service.clone(), spot.clone()))
            .filter(|_| chance.happens(0.07));
        let (service_code, spot) = match &twin {
            Some((_, service, spot)) => (service.clone(), ground.beside(spot, &mut chance)),
            None => {
                let code = services.draw(&mut chance).copied().unwrap_or_default().to_owned();
                let Some(spot) = ground.spot(None, &mut chance) else { continue };
                (code, spot)
            }
        };
        let Some(service) = catalogue.by_code(&service_code) else { continue };
        let group = catalogue.group(service.group).map_or("", |g| g.code.as_str());
        let written = words.write(&service_code, atlas, &spot.place, &mut chance);
        let channel = *chance
            .one(&[Channel::Web, Channel::Web, Channel::Open311, Channel::Phone])
            .unwrap_or(&Channel::Web);
        let draft = Draft {
            kind: service.about.kind.unwrap_or(Kind::Request),
            service_code: service_code.clone(),
            place: PlaceDraft {
                point: Some((spot.point.lat, spot.point.long)),
                division: None,
                address: written.address,
            },
            words: written.words,
            // Half of them left a number; these begin with zeros and belong to nobody.
            contact: if chance.happens(0.5) {
                Contact { mobile: format!("+98912000{:04}", story % 10_000), ..Contact::default() }
            } else {
                Contact::default()
            },
            source: Some((GENERATED.to_owned(), format!("story-{seed}-{story}"))),
            answers: answers(service, &mut chance),
            ..Draft::new(jurisdiction, channel, Lang::Fa)
        };
        let is_work = matches!(draft.kind, Kind::Request | Kind::Complaint);
        turns.push(Turn { story, at: begins, what: What::Submit(draft) });
        told.push((begins, service_code.clone(), spot));
        let mut pen = Pen { turns: &mut turns, story, at: begins };
        match twin {
            Some((as_story, ..)) => pen.then(chance.between(10 * MINUTE, 4 * HOUR), What::Same { as_story }),
            None => plot(&mut pen, script, &words, group, &service_code, is_work, &mut chance),
        }
    }
    Ok(turns)
}

/// Required questions are answered with the first choice or a plain word.
fn answers(service: &requests::service::Service, chance: &mut Chance) -> Vec<(String, Vec<String>)> {
    use requests::service::Datatype::{MultiValueList, Number, SingleValueList};
    let questions = service.about.attributes.iter().filter(|q| q.variable);
    questions
        .filter_map(|q| match q.datatype {
            SingleValueList | MultiValueList if q.required || chance.happens(0.6) => {
                Some((q.code.clone(), vec![chance.one(&q.values)?.key.clone()]))
            }
            Number if q.required => Some((q.code.clone(), vec!["1".into()])),
            _ if q.required => Some((q.code.clone(), vec!["—".into()])),
            _ => None,
        })
        .collect()
}

struct Pen<'t> {
    turns: &'t mut Vec<Turn>,
    story: usize,
    at: Timestamp,
}

impl Pen<'_> {
    fn then(&mut self, after: i64, what: What) {
        self.at = self.at.plus_millis(after);
        self.turns.push(Turn { story: self.story, at: self.at, what });
    }

    fn step(&mut self, after: i64, by: Role, step: Step) {
        self.then(after, What::Move { by, step });
    }
}

fn plot(
    pen: &mut Pen<'_>,
    script: &Script,
    words: &Words<'_>,
    group: &str,
    service: &str,
    is_work: bool,
    chance: &mut Chance,
) {
    // The share is of all people; some requests have many who stand behind them.
    if chance.happens(script.outcome.me_too * 3.0) {
        for n in 0..chance.between(1, 6) {
            let device = format!("demo-{}-{n}", pen.story);
            let at = pen.at.plus_millis(chance.between(HOUR, 3 * DAY));
            pen.turns.push(Turn { story: pen.story, at, what: What::MeToo { device } });
        }
    }
    pen.step(chance.between(8 * MINUTE, 5 * HOUR), Role::Operator, Step::to(Status::Confirmed));
    if is_work && chance.happens(0.07) {
        let reason = words.decline(group, service, chance);
        pen.step(chance.between(HOUR, DAY), Role::Supervisor, Step::to(Status::Declined).saying(reason));
        return;
    }
    pen.step(chance.between(5 * MINUTE, 3 * HOUR), Role::Operator, Step::to(Status::Assigned));
    if chance.happens(0.3) {
        pen.then(chance.between(10 * MINUTE, 6 * HOUR), What::Remark(words.any(&script.remark, chance)));
    }
    if chance.happens(0.1) {
        let question = words.any(&script.question, chance);
        pen.step(
            chance.between(HOUR, 20 * HOUR),
            Role::UnitMember,
            Step::to(Status::WaitingForCitizen).saying(question),
        );
        if chance.happens(0.4) {
            return;
        }
    }
    pen.step(chance.between(HOUR, 40 * HOUR), Role::UnitMember, Step::to(Status::InProgress));
    if chance.happens(0.15) {
        return;
    }
    let answer = words.answer(group, service, chance);
    pen.step(chance.between(HOUR, 4 * DAY), Role::UnitMember, Step::to(Status::Answered).saying(answer));
    if is_work && chance.happens(script.outcome.objected * 2.0) {
        let objection = words.any(&script.objection, chance);
        pen.then(chance.between(3 * HOUR, 2 * DAY), What::Reply(Some(objection)));
        if chance.happens(0.3) {
            return;
        }
        pen.then(chance.between(HOUR, 10 * HOUR), What::GiveBack(words.any(&script.inspection, chance)));
        let answer = words.answer(group, service, chance);
        pen.step(
            chance.between(6 * HOUR, 2 * DAY),
            Role::UnitMember,
            Step::to(Status::Answered).saying(answer),
        );
    }
    // Who says nothing is closed as not confirmed, by the chore that does so in every city.
    if chance.happens(0.45) {
        pen.then(chance.between(6 * HOUR, 3 * DAY), What::Reply(None));
    }
}
