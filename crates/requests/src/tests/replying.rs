//! The citizen has the last word on an answer.

use calendar::Timestamp;
use people::{Actor, Role};

use super::{City, SATURDAY, in_the_city};
use crate::moves::{MoveError, Step, make};
use crate::reply::{self, Decision, How, Proof, Proved, Reply, ReplyError, Said, Stage};
use crate::{Contact, PhotoRef, RequestId, Status, feedback, find};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const MOBILE: &str = "+989121234567";

fn at(hours: i64) -> Timestamp {
    SATURDAY.plus_millis(hours * HOUR)
}

/// Somebody who left a number reports, and the unit answers two hours later.
pub fn answered(city: &City) -> (RequestId, i64) {
    let mut draft = city.draft("street-sweeping", "جارو نشده");
    draft.contact = Contact {
        mobile: MOBILE.into(),
        device: "0123456789abcdef0123456789abcdef".into(),
        account: "77".into(),
        ..Contact::default()
    };
    let done = city.submit(draft).unwrap();
    let unit = done.unit.unwrap();
    go(city, Role::Operator, None, 0, done.id, Step::to(Status::Assigned)).unwrap();
    go(city, Role::UnitMember, Some(unit), 2, done.id, Step::to(Status::Answered).saying("جارو شد")).unwrap();
    (done.id, unit)
}

pub fn go(
    city: &City,
    role: Role,
    unit: Option<i64>,
    hours: i64,
    id: RequestId,
    step: Step,
) -> Result<crate::ServiceRequest, MoveError> {
    let (act, jurisdiction) = (city.staff(role, unit, at(hours)), city.jurisdiction);
    city.db.write_blocking(move |tx| make(tx, &act, jurisdiction, id, &step))
}

fn accept(city: &City, hours: i64, id: RequestId) -> Result<Said, ReplyError> {
    let (act, jurisdiction) = (city.act(Actor::Citizen, at(hours)), city.jurisdiction);
    city.db.write_blocking(move |tx| reply::accept(tx, &act, jurisdiction, id, How::Sms))
}

fn object(city: &City, hours: i64, id: RequestId, words: &'static str, how: How) -> Result<Said, ReplyError> {
    let (act, jurisdiction) = (city.act(Actor::Citizen, at(hours)), city.jurisdiction);
    city.db.write_blocking(move |tx| reply::object(tx, &act, jurisdiction, id, words, how))
}

fn waiting(city: &City, number: &'static str) -> Vec<RequestId> {
    let jurisdiction = city.jurisdiction;
    city.db.read_blocking(move |tx| reply::awaiting(tx, jurisdiction, number)).unwrap()
}

fn last(city: &City, id: RequestId) -> reply::Round {
    let request = city.show(id);
    city.db.read_blocking(move |tx| reply::last(tx, &request)).unwrap().unwrap()
}

fn figures(city: &City) -> feedback::Sums {
    let jurisdiction = city.jurisdiction;
    storage::followers::catch_up_blocking(&city.db, feedback::FOLLOWER).unwrap();
    storage::followers::catch_up_blocking(&city.db, crate::figures::FOLLOWER).unwrap();
    let by_unit = city
        .db
        .read_blocking(move |tx| feedback::by(tx, jurisdiction, feedback::By::Unit, i64::MIN, i64::MAX))
        .unwrap();
    assert!(by_unit.len() <= 1);
    let problems = city.db.read_blocking(move |tx| crate::check::figures(tx, jurisdiction)).unwrap();
    assert!(problems.is_empty(), "{}: {problems:?}", city.engine);
    let problems = city.db.read_blocking(move |tx| crate::check::replies(tx, jurisdiction)).unwrap();
    assert!(problems.is_empty(), "{}: {problems:?}", city.engine);
    by_unit.first().map(|(_, sums)| *sums).unwrap_or_default()
}

#[test]
fn accepting_closes_as_confirmed_and_saying_it_again_changes_nothing() {
    in_the_city("tehran", |city| {
        let (id, _) = answered(&city);
        assert_eq!(waiting(&city, "۰۹۱۲ ۱۲۳ ۴۵۶۷"), [id], "{}", city.engine);
        assert!(waiting(&city, "09121234568").is_empty());
        assert!(waiting(&city, "").is_empty());
        assert_eq!(accept(&city, 5, id).unwrap(), Said::Now);
        let closed = city.show(id);
        assert_eq!(closed.status, Status::Closed, "{}", city.engine);
        assert_eq!(closed.closed_at, Some(at(2)), "it ended when it was answered, not when it was confirmed");
        for _ in 0..3 {
            assert_eq!(accept(&city, 6, id).unwrap(), Said::Before);
        }
        assert_eq!(city.show(id).version, closed.version, "{}: repeats change nothing", city.engine);
        let no = object(&city, 7, id, "نه", How::Web);
        assert!(matches!(no, Err(ReplyError::SaidOtherwise(Reply::Accepted))), "{}", city.engine);
        assert!(waiting(&city, MOBILE).is_empty());
        let sums = figures(&city);
        assert_eq!((sums.answered, sums.confirmed, sums.objected, sums.unconfirmed), (1, 1, 0, 0));
        let facts = thread(&city, id);
        assert_eq!(facts, ["submitted", "assigned", "answered", "accepted"], "{}", city.engine);
    });
}

fn thread(city: &City, id: RequestId) -> Vec<String> {
    let request = city.show(id);
    let thread = city.db.read_blocking(move |tx| find::thread(tx, &request, false)).unwrap();
    thread.into_iter().map(|knot| knot.fact).collect()
}

#[test]
fn an_objection_goes_to_the_inspector_and_not_to_the_unit_that_answered() {
    in_the_city("tehran", |city| {
        let (id, unit) = answered(&city);
        let promised = city.show(id).due_at.unwrap();
        assert_eq!(object(&city, 5, id, "هنوز کثیف است", How::Sms).unwrap(), Said::Now);
        for _ in 0..2 {
            assert_eq!(object(&city, 6, id, "هنوز کثیف است", How::Sms).unwrap(), Said::Before);
        }
        let open = city.show(id);
        assert_eq!((open.status, open.with_inspector, open.closed_at), (Status::Reopened, true, None));
        assert_eq!(open.clock.unwrap().started_at, at(5), "{}: a new promise begins", city.engine);
        assert!(open.due_at.unwrap() > at(5) && open.due_at.unwrap() <= at(5).plus_millis(14 * DAY));
        assert_ne!(open.due_at.unwrap(), promised);

        // The unit that answered may do nothing with it, and neither may anybody who is no inspector.
        let own = go(&city, Role::UnitMember, Some(unit), 6, id, Step::to(Status::Answered).saying("شد"));
        assert!(matches!(own, Err(MoveError::WithInspector)), "{}: {own:?}", city.engine);
        let desk = go(&city, Role::Operator, None, 6, id, Step::to(Status::Assigned));
        assert!(matches!(desk, Err(MoveError::WithInspector)), "{}", city.engine);

        let (inspector, jurisdiction) = (city.staff(Role::Inspector, None, at(7)), city.jurisdiction);
        let act = inspector.clone();
        let list = city.db.read_blocking(move |tx| reply::objections(tx, &act, jurisdiction, 10)).unwrap();
        assert_eq!(list.len(), 1);
        assert_eq!((list[0].request.id, list[0].words.as_str()), (id, "هنوز کثیف است"));
        let others = city.staff(Role::UnitMember, Some(unit), at(7));
        let none = city.db.read_blocking(move |tx| reply::objections(tx, &others, jurisdiction, 10)).unwrap();
        assert!(none.is_empty(), "{}: a unit sees no list of objections", city.engine);

        let decide = |words: &'static str| {
            let act = inspector.clone();
            city.db.write_blocking(move |tx| {
                reply::decide(tx, &act, jurisdiction, id, Decision::GiveBack { unit: None }, words)
            })
        };
        assert!(matches!(decide(" "), Err(MoveError::WordsMissing)));
        let back = decide("دوباره بروید").unwrap();
        assert_eq!((back.status, back.unit, back.with_inspector), (Status::Assigned, Some(unit), false));
        assert_eq!(back.due_at, open.due_at, "{}: with the promise of the objection", city.engine);
        assert!(
            matches!(decide("باز هم"), Err(MoveError::NoSuchMove { .. })),
            "one decision for each objection"
        );

        // The unit answers again, and the citizen is asked again.
        go(&city, Role::UnitMember, Some(unit), 9, id, Step::to(Status::Answered).saying("شستیم")).unwrap();
        assert_eq!(last(&city, id).number, 2);
        assert_eq!(accept(&city, 10, id).unwrap(), Said::Now);
        let sums = figures(&city);
        assert_eq!((sums.answered, sums.confirmed, sums.objected), (2, 1, 1), "{}", city.engine);
        assert_eq!(
            thread(&city, id),
            ["submitted", "assigned", "answered", "objected", "assigned", "answered", "accepted"]
        );
    });
}

#[test]
fn an_inspector_may_also_close_with_a_reason() {
    in_the_city("tehran", |city| {
        let (id, unit) = answered(&city);
        object(&city, 5, id, "نه", How::Web).unwrap();
        let jurisdiction = city.jurisdiction;
        let decide = |role, unit| {
            let act = city.staff(role, unit, at(8));
            city.db.write_blocking(move |tx| {
                reply::decide(tx, &act, jurisdiction, id, Decision::Close, "بازدید شد؛ کار انجام شده است")
            })
        };
        assert!(
            matches!(decide(Role::UnitManager, Some(unit)), Err(MoveError::Denied(_))),
            "{}",
            city.engine
        );
        let closed = decide(Role::Inspector, None).unwrap();
        assert_eq!((closed.status, closed.with_inspector), (Status::Closed, false));
        assert!(matches!(accept(&city, 9, id), Err(ReplyError::SaidOtherwise(Reply::Objected))));
        figures(&city);
    });
}

#[test]
fn of_two_replies_at_once_one_wins_and_the_other_gets_one_refusal() {
    in_the_city("tehran", |city| {
        for _ in 0..4 {
            let (id, _) = answered(&city);
            let threads: Vec<_> = (0..8)
                .map(|n| {
                    let (db, jurisdiction) = (city.db.clone(), city.jurisdiction);
                    let act = city.act(Actor::Citizen, at(4));
                    std::thread::spawn(move || {
                        db.write_blocking(move |tx| {
                            if n % 2 == 0 {
                                reply::accept(tx, &act, jurisdiction, id, How::Web)
                            } else {
                                reply::object(tx, &act, jurisdiction, id, "نه", How::Web)
                            }
                        })
                    })
                })
                .collect();
            let outcomes: Vec<_> = threads.into_iter().map(|t| t.join().unwrap()).collect();
            let now = outcomes.iter().filter(|o| matches!(o, Ok(Said::Now))).count();
            let refused = outcomes.iter().filter(|o| matches!(o, Err(ReplyError::SaidOtherwise(_)))).count();
            let before = outcomes.iter().filter(|o| matches!(o, Ok(Said::Before))).count();
            assert_eq!((now, refused, before), (1, 4, 3), "{}: {outcomes:?}", city.engine);
        }
    });
}

#[test]
fn silence_is_counted_apart_from_yes_and_no() {
    in_the_city("tehran", |city| {
        let (id, _) = answered(&city);
        let jurisdiction = city.jurisdiction;
        let close = |at: Timestamp| {
            let act = city.act(Actor::System("requests-unconfirmed"), at);
            city.db.write_blocking(move |tx| reply::close_silent(tx, &act, jurisdiction, 100)).unwrap()
        };
        assert_eq!(close(at(2 + 7 * 24)), 0, "{}: the last moment still counts", city.engine);
        let late = at(2 + 7 * 24).plus_millis(1);
        let act = city.act(Actor::Citizen, late);
        let no = city.db.write_blocking(move |tx| reply::object(tx, &act, jurisdiction, id, "نه", How::Sms));
        assert!(matches!(no, Err(ReplyError::TooLate)), "{}", city.engine);
        assert_eq!((close(late), close(late)), (1, 0));
        assert_eq!(city.show(id).status, Status::Closed);
        assert_eq!(last(&city, id).reply, Reply::Unconfirmed);
        let sums = figures(&city);
        assert_eq!((sums.answered, sums.confirmed, sums.objected, sums.unconfirmed), (1, 0, 0, 1));
        assert_eq!(thread(&city, id).last().unwrap(), "unconfirmed");
    });
}

#[test]
fn staff_who_move_on_end_the_round() {
    in_the_city("tehran", |city| {
        let (id, _) = answered(&city);
        go(&city, Role::Supervisor, None, 3, id, Step::to(Status::Reopened).saying("ناقص بود")).unwrap();
        assert_eq!(last(&city, id).reply, Reply::Settled, "{}", city.engine);
        assert!(matches!(accept(&city, 4, id), Err(ReplyError::NotAsked)));
        assert!(waiting(&city, MOBILE).is_empty());
        assert!(!city.show(id).with_inspector);
    });
}

#[test]
fn who_objects_on_the_web_says_why_and_nothing_too_long() {
    in_the_city("tehran", |city| {
        let (id, _) = answered(&city);
        assert!(matches!(object(&city, 3, id, " \n", How::Web), Err(ReplyError::WordsMissing)));
        let long: &'static str = Box::leak("چ".repeat(4001).into_boxed_str());
        assert!(matches!(object(&city, 3, id, long, How::Web), Err(ReplyError::WordsTooLong { .. })));
        assert_eq!(last(&city, id).reply, Reply::Waiting, "{}: a refusal takes nothing", city.engine);
        let no = object(&city, 3, id, "x", How::Call);
        assert!(
            matches!(no, Err(ReplyError::Denied(_))),
            "{}: a citizen makes no feedback calls",
            city.engine
        );
        assert!(matches!(object(&city, 3, RequestId(5), "x", How::Web), Err(ReplyError::NotFound)));
        object(&city, 3, id, "", How::Sms).unwrap();
    });
}

#[test]
fn only_the_reporter_speaks_for_the_reporter() {
    in_the_city("tehran", |city| {
        let (id, _) = answered(&city);
        let jurisdiction = city.jurisdiction;
        let request = city.show(id);
        let link = city.db.read_blocking(move |tx| reply::link(tx, &request)).unwrap().unwrap();
        let token = link.split("?k=").nth(1).unwrap().to_owned();
        assert!(link.starts_with("/reply/") && token.len() == 13, "{link}");
        let prove = |proof: Proof| {
            city.db.write_blocking(move |tx| reply::prove(tx, jurisdiction, id, &proof)).unwrap()
        };
        for yes in [
            Proof::Link(token.clone()),
            Proof::Link(token.to_uppercase()),
            Proof::Account(77),
            Proof::Device("0123456789abcdef0123456789abcdef".into()),
            Proof::Mobile("۴۵۶۷".into()),
            Proof::Mobile("0912 123 4567".into()),
        ] {
            assert_eq!(prove(yes.clone()), Proved::Yes, "{}: {yes:?}", city.engine);
        }
        for no in [
            Proof::Link(String::new()),
            Proof::Link("0".repeat(13)),
            Proof::Account(78),
            Proof::Device(String::new()),
            Proof::Mobile("567".into()),
            Proof::Mobile(String::new()),
            Proof::Mobile("1111".into()),
        ] {
            assert_eq!(prove(no.clone()), Proved::No, "{}: {no:?}", city.engine);
        }
        // Three wrong ends of a number were tried; two more and that way is closed, even for the right one.
        prove(Proof::Mobile("2222".into()));
        prove(Proof::Mobile("3333".into()));
        assert_eq!(prove(Proof::Mobile("4567".into())), Proved::TooOften, "{}", city.engine);
        assert_eq!(prove(Proof::Link(token.clone())), Proved::Yes, "the message still opens the way");
        // The link of one answer is worth nothing for the next.
        object(&city, 4, id, "نه", How::Web).unwrap();
        let act = city.staff(Role::Inspector, None, at(5));
        let back = Decision::GiveBack { unit: None };
        city.db.write_blocking(move |tx| reply::decide(tx, &act, jurisdiction, id, back, "باز")).unwrap();
        let unit = city.show(id).unit;
        go(&city, Role::UnitMember, unit, 6, id, Step::to(Status::Answered).saying("شد")).unwrap();
        assert_eq!(prove(Proof::Link(token)), Proved::No, "{}", city.engine);
        assert_eq!(prove(Proof::Mobile("4567".into())), Proved::Yes, "a new answer, new tries");
    });
}

#[test]
fn a_service_may_ask_for_a_photo_of_the_work() {
    in_the_city("tehran", |city| {
        let done = city.submit(city.draft("gutter-dredging", "جوی گرفته است")).unwrap();
        let unit = done.unit;
        go(&city, Role::Operator, None, 0, done.id, Step::to(Status::Assigned)).unwrap();
        let answer = || Step::to(Status::Answered).saying("پر شد");
        let no = go(&city, Role::UnitMember, unit, 1, done.id, answer());
        assert!(matches!(no, Err(MoveError::EvidenceMissing)), "{}: {no:?}", city.engine);
        let photo = |n: u8| PhotoRef {
            file: format!("{n:064x}"),
            thumbnail: format!("{:064x}", n + 100),
            width: 10,
            height: 10,
        };
        let before = Step::to(Status::InProgress).showing(Stage::Before, [photo(1)]);
        go(&city, Role::UnitMember, unit, 1, done.id, before).unwrap();
        let only_before = answer().showing(Stage::Before, [photo(2)]);
        let no = go(&city, Role::UnitMember, unit, 2, done.id, only_before);
        assert!(matches!(no, Err(MoveError::EvidenceMissing)), "{}", city.engine);
        let after = go(&city, Role::UnitMember, unit, 2, done.id, answer().showing(Stage::After, [photo(3)]));
        assert_eq!(after.unwrap().photos, 2);
        let request = city.show(done.id);
        let photos = city.db.read_blocking(move |tx| find::photos(tx, &request)).unwrap();
        let stages: Vec<&str> = photos.iter().map(|p| p.stage.as_str()).collect();
        assert_eq!(stages, ["before", "after"], "{}", city.engine);
    });
}

#[test]
fn the_answer_to_a_question_sends_it_back_to_work() {
    in_the_city("tehran", |city| {
        let done = city.submit(city.draft("street-sweeping", "جارو نشده")).unwrap();
        let jurisdiction = city.jurisdiction;
        go(&city, Role::Operator, None, 0, done.id, Step::to(Status::Assigned)).unwrap();
        let tell = |hours, words: &'static str| {
            let act = city.act(Actor::Citizen, at(hours));
            let id = done.id;
            city.db
                .write_blocking(move |tx| reply::answer_question(tx, &act, jurisdiction, id, words, How::Web))
        };
        assert!(matches!(tell(1, "x"), Err(ReplyError::NotAsked)), "{}: nothing was asked", city.engine);
        let ask = Step::to(Status::WaitingForCitizen).saying("کدام کوچه؟");
        let due = go(&city, Role::Supervisor, None, 1, done.id, ask).unwrap().due_at.unwrap();
        assert!(matches!(tell(2, ""), Err(ReplyError::WordsMissing)));
        assert_eq!(tell(50, "کوچهٔ یاس").unwrap(), Said::Now);
        let request = city.show(done.id);
        assert_eq!(request.status, Status::Assigned, "{}", city.engine);
        assert!(request.due_at.unwrap() > due, "the promise stood still");
        assert!(matches!(tell(51, "باز"), Err(ReplyError::NotAsked)), "once for each question");
        figures(&city);
    });
}
