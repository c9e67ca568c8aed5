//! One-time codes, and those who try them.

use calendar::Timestamp;

use super::{City, HOUR, J, MINUTE, NOW, on_both};
use crate::codes::{self, Asking, LIFE, Made, Proven, TRIES};
use crate::{Actor, NotSignedIn, Refusal, accounts};

const MOBILE: &str = "0912 123 4567";

fn at(millis: i64) -> Timestamp {
    NOW.plus_millis(millis)
}

fn make_from(
    city: &City,
    mobile: &'static str,
    address: String,
    at: Timestamp,
) -> Result<Result<Made, NotSignedIn>, Refusal> {
    let seal = city.seal.clone();
    city.write(city.act(Actor::Citizen, at), move |tx, act| {
        codes::make(tx, act, &seal, J, &Asking { mobile, browser: "browser", address: &address })
    })
}

fn make(city: &City, at: Timestamp) -> Made {
    make_from(city, MOBILE, "192.0.2.1".into(), at).unwrap().unwrap()
}

fn verify_in(city: &City, browser: &'static str, typed: &str, at: Timestamp) -> Result<Proven, NotSignedIn> {
    let (seal, typed) = (city.seal.clone(), typed.to_owned());
    city.write(city.act(Actor::Citizen, at), move |tx, act| {
        let asking = Asking { mobile: "+989121234567", browser, address: "192.0.2.1" };
        codes::verify(tx, act, &seal, J, &asking, &typed)
    })
    .unwrap()
}

fn verify(city: &City, typed: &str, at: Timestamp) -> Result<Proven, NotSignedIn> {
    verify_in(city, "browser", typed, at)
}

/// Some six digits that are not the code.
fn not(code: &str, n: u32) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1 + n) % 1_000_000)
}

#[test]
fn a_citizen_signs_in_with_a_code_and_is_known_the_next_time() {
    on_both(|city| {
        let made = make(city, NOW);
        assert_eq!(made.mobile, "+989121234567");
        assert!(made.code.len() == 6 && made.code.bytes().all(|b| b.is_ascii_digit()));
        let persian = language::digits::to_persian(&made.code);
        let first = verify(city, &format!(" {persian} "), at(10_000)).unwrap();
        assert!(first.is_new, "{}", city.engine);
        let made = make(city, at(2 * MINUTE));
        let again = verify(city, &made.code, at(2 * MINUTE)).unwrap();
        assert_eq!((again.account, again.is_new), (first.account, false));
        let (id, known) =
            (first.account, city.read(move |tx| accounts::by_id(tx, J, first.account)).unwrap());
        assert_eq!((known.mobile.as_deref(), known.sign_name), (Some("+989121234567"), None));
        assert!(city.facts(id).is_empty(), "a citizen's comings and goings are nobody's record");
    });
}

#[test]
fn five_wrong_tries_end_a_code() {
    on_both(|city| {
        let made = make(city, NOW);
        for n in 1..TRIES as u32 {
            assert_eq!(
                verify(city, &not(&made.code, n), at(1000)),
                Err(NotSignedIn::Wrong),
                "{}",
                city.engine
            );
        }
        assert_eq!(verify(city, &not(&made.code, 9), at(1000)), Err(NotSignedIn::Over));
        assert_eq!(
            verify(city, &made.code, at(1000)),
            Err(NotSignedIn::Over),
            "the right one comes too late"
        );
    });
}

#[test]
fn a_code_works_once_and_a_new_one_ends_the_old() {
    on_both(|city| {
        let first = make(city, NOW);
        verify(city, &first.code, at(1000)).unwrap();
        assert_eq!(verify(city, &first.code, at(2000)), Err(NotSignedIn::Over), "{}", city.engine);
        let second = make(city, at(2 * MINUTE));
        let third = make(city, at(6 * MINUTE));
        if second.code != third.code {
            assert_eq!(verify(city, &second.code, at(6 * MINUTE)), Err(NotSignedIn::Wrong));
        }
        verify(city, &third.code, at(6 * MINUTE)).unwrap();
    });
}

#[test]
fn a_code_belongs_to_the_browser_that_asked() {
    on_both(|city| {
        let made = make(city, NOW);
        for _ in 0..10 {
            // Whoever reads the SMS over a shoulder gets nowhere, and does not use up the owner's tries.
            assert_eq!(
                verify_in(city, "another", &made.code, at(1000)),
                Err(NotSignedIn::Over),
                "{}",
                city.engine
            );
        }
        verify(city, &made.code, at(1000)).unwrap();
    });
}

#[test]
fn a_known_and_an_unknown_number_hear_the_same() {
    on_both(|city| {
        let made = make(city, NOW);
        verify(city, &made.code, NOW).unwrap();
        let known = make(city, at(2 * MINUTE));
        let unknown = make_from(city, "09350000000", "192.0.2.9".into(), at(2 * MINUTE)).unwrap().unwrap();
        assert_eq!(unknown.ends_at, known.ends_at);
        let wrong = verify(city, &not(&known.code, 1), at(2 * MINUTE));
        let seal = city.seal.clone();
        let (code, wrong_of_unknown) = (not(&unknown.code, 1), city.act(Actor::Citizen, at(2 * MINUTE)));
        let other = city
            .write(wrong_of_unknown, move |tx, act| {
                let asking = Asking { mobile: "09350000000", browser: "browser", address: "192.0.2.9" };
                codes::verify(tx, act, &seal, J, &asking, &code)
            })
            .unwrap();
        assert_eq!(wrong.err(), other.err());
        assert!(matches!(make_from(city, "02188776655", "192.0.2.9".into(), NOW), Err(Refusal::Mobile(_))));
    });
}

#[test]
fn the_next_code_waits_longer_each_time_and_an_hour_has_few() {
    on_both(|city| {
        let mut now = NOW;
        let mut waits = Vec::new();
        for _ in 0..5 {
            let made = make(city, now);
            let early = make_from(city, MOBILE, "192.0.2.1".into(), made.resend_at.plus_millis(-1)).unwrap();
            assert_eq!(early.err(), Some(NotSignedIn::Wait { until: made.resend_at }), "{}", city.engine);
            waits.push(made.resend_at.millis_since(now) / 1000);
            now = made.resend_at;
        }
        assert_eq!(waits, [60, 120, 300, 900, 2220], "the sixth has to wait for the hour");
        let sixth = make_from(city, MOBILE, "192.0.2.77".into(), at(50 * MINUTE)).unwrap();
        assert_eq!(sixth.err(), Some(NotSignedIn::Wait { until: at(HOUR) }), "from whatever address");
        assert!(make_from(city, MOBILE, "192.0.2.1".into(), at(HOUR + MINUTE)).unwrap().is_ok());
    });
}

#[test]
fn an_address_gets_only_so_many_numbers() {
    on_both(|city| {
        for n in 0..20 {
            let mobile: &'static str = format!("0912{n:07}").leak();
            assert!(make_from(city, mobile, "192.0.2.1".into(), NOW).unwrap().is_ok(), "{} {n}", city.engine);
        }
        let next = make_from(city, "09129999999", "192.0.2.1".into(), NOW).unwrap();
        assert_eq!(next.err(), Some(NotSignedIn::Wait { until: at(HOUR) }));
        assert!(make_from(city, "09129999999", "192.0.2.2".into(), NOW).unwrap().is_ok(), "others go on");
    });
}

#[test]
fn a_code_lives_five_minutes_whichever_way_the_clock_jumps() {
    on_both(|city| {
        let made = make(city, NOW);
        assert_eq!(verify(city, &made.code, at(LIFE)), Err(NotSignedIn::Over), "{}", city.engine);
        assert_eq!(verify(city, &made.code, at(-HOUR)), Err(NotSignedIn::Over), "a clock that jumped back");
        verify(city, &made.code, at(-10_000)).unwrap();
        // A clock that was a year ahead and was put right keeps nobody waiting for a year.
        let ahead = make(city, at(365 * 24 * HOUR));
        assert!(ahead.resend_at > at(300 * 24 * HOUR));
        make(city, at(2 * HOUR));
    });
}

#[test]
fn a_suspended_citizen_hears_what_a_wrong_code_hears() {
    on_both(|city| {
        let made = make(city, NOW);
        let account = verify(city, &made.code, NOW).unwrap().account;
        city.write(city.system(), move |tx, act| accounts::suspend(tx, act, J, account, true)).unwrap();
        let made = make(city, at(2 * MINUTE));
        assert_eq!(verify(city, &made.code, at(2 * MINUTE)), Err(NotSignedIn::Wrong), "{}", city.engine);
    });
}

#[test]
fn whoever_is_forgotten_begins_anew() {
    on_both(|city| {
        let made = make(city, NOW);
        let account = verify(city, &made.code, NOW).unwrap().account;
        let token = city.sign_in(account, crate::sessions::Assurance::Code, NOW);
        let own = city.find(&token, NOW).unwrap().actor;
        city.write(city.act(own, NOW), move |tx, act| accounts::forget(tx, act, J, account)).unwrap();
        assert!(city.find(&token, NOW).is_none(), "{}", city.engine);
        let left = city.read(move |tx| accounts::by_id(tx, J, account)).unwrap();
        assert_eq!((left.name.as_str(), left.mobile, left.email), ("", None, None));
        let made = make(city, at(2 * MINUTE));
        let anew = verify(city, &made.code, at(2 * MINUTE)).unwrap();
        assert!(anew.is_new && anew.account != account);
    });
}
