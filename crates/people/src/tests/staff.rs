//! Staff at the door: name, password, second proof, and those who guess.

use calendar::Timestamp;

use super::{City, DAY, J, MINUTE, NOW, SECRET, admin, on_both};
use crate::accounts::{self, Offer};
use crate::sessions::Assurance;
use crate::sign_in::{self, Outcome};
use crate::{Actor, NotSignedIn, Refusal, Role, passwords, second};

fn at(millis: i64) -> Timestamp {
    NOW.plus_millis(millis)
}

fn try_from(city: &City, name: &str, typed: &str, address: &str, at: Timestamp) -> Outcome {
    let (seal, name, address) = (city.seal.clone(), name.to_owned(), address.to_owned());
    let look = seal.clone();
    let attempt = city.read(move |tx| sign_in::look_up(tx, &look, J, &name, &address, at));
    let fits = attempt.fits(typed);
    city.write(city.act(Actor::Citizen, at), move |tx, act| -> storage::Result<_> {
        sign_in::settle(tx, act, &seal, J, &attempt, fits)
    })
    .unwrap()
}

fn try_in(city: &City, name: &str, typed: &str, at: Timestamp) -> Outcome {
    try_from(city, name, typed, "192.0.2.1", at)
}

fn second_page(city: &City, ticket: &str, typed: &str, at: Timestamp) -> Outcome {
    let (seal, ticket, typed) = (city.seal.clone(), ticket.to_owned(), typed.to_owned());
    city.write(city.act(Actor::Citizen, at), move |tx, act| -> storage::Result<_> {
        sign_in::second_page(tx, act, &seal, J, &ticket, &typed, "192.0.2.1")
    })
    .unwrap()
}

const WRONG: Outcome = Outcome::Refused(NotSignedIn::Wrong);

#[test]
fn a_colleague_comes_in_by_name_and_password_only_exactly() {
    on_both(|city| {
        let id = city.colleague("L.Sadeghi", &[Offer::city(Role::Operator)]);
        for name in ["L.Sadeghi", "l.sadeghi", " L.SADEGHI "] {
            let Outcome::Known(known) = try_in(city, name, SECRET, NOW) else {
                panic!("{}: {name}", city.engine)
            };
            assert_eq!((known.account, known.assurance), (id, Assurance::Password));
        }
        for wrong in ["Nine purple elevators", "nine purple elevators ", "nine purple elevator", ""] {
            assert_eq!(try_in(city, "l.sadeghi", wrong, NOW), WRONG, "{wrong:?}");
        }
        assert!(city.facts(id).contains(&"sign-in-failed".to_owned()));
    });
}

#[test]
fn digits_of_passwords_are_not_folded() {
    let dice = crate::Dice::seeded(1);
    let hash = passwords::hash(&dice, "گربه و ۱۲ موش").unwrap();
    assert!(passwords::fits(Some(&hash), "گربه و ۱۲ موش"));
    assert!(!passwords::fits(Some(&hash), "گربه و 12 موش"), "Persian and Latin digits are different signs");
    assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.0);
    assert_ne!(passwords::hash(&dice, "گربه و ۱۲ موش").unwrap().0, hash.0, "every hash has its own salt");
}

#[test]
fn a_name_that_nobody_has_hears_and_costs_the_same() {
    on_both(|city| {
        city.colleague("operator", &[]);
        for name in ["operator", "nobody", "no such name!", ""] {
            let outcomes: Vec<Outcome> = (0..7).map(|_| try_in(city, name, "wrong password", NOW)).collect();
            assert!(outcomes[..5].iter().all(|outcome| *outcome == WRONG), "{} {name}", city.engine);
            let wait = Outcome::Refused(NotSignedIn::Wait { until: at(30_000) });
            assert_eq!(outcomes[5..], [wait.clone(), wait], "{} {name}", city.engine);
        }
    });
    // The work for nobody is the work for somebody: the same algorithm at the same cost. Counted, not timed.
    assert!(!passwords::fits(None, SECRET));
    let cost = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
    assert_eq!(cost(&super::secret().0), "$argon2id$v=19$m=19456,t=2,p=1");
}

#[test]
fn guessing_waits_longer_and_the_right_password_waits_too() {
    on_both(|city| {
        city.colleague("operator", &[]);
        let mut now = NOW;
        for _ in 0..5 {
            assert_eq!(try_in(city, "operator", "wrong password", now), WRONG);
        }
        let mut waits = Vec::new();
        for _ in 0..7 {
            let Outcome::Refused(NotSignedIn::Wait { until }) = try_in(city, "operator", SECRET, now) else {
                panic!("{}: the wait comes before the password is looked at", city.engine)
            };
            waits.push(until.millis_since(now) / 1000);
            now = until;
            assert_eq!(try_in(city, "operator", "wrong password", now), WRONG);
        }
        assert_eq!(waits, [30, 60, 120, 240, 480, 900, 900]);
        assert!(matches!(try_in(city, "operator", SECRET, now.plus_millis(15 * MINUTE)), Outcome::Known(_)));
        assert_eq!(
            try_in(city, "operator", "wrong password", now.plus_millis(16 * MINUTE)),
            WRONG,
            "counting begins anew"
        );
    });
}

#[test]
fn nobody_can_shut_a_colleague_out_by_guessing_badly() {
    on_both(|city| {
        city.colleague("operator", &[]);
        let mut now = NOW;
        for n in 0..300 {
            let address = format!("198.51.100.{}", n % 250);
            match try_from(city, "operator", "wrong password", &address, now) {
                Outcome::Refused(NotSignedIn::Wait { until }) => now = until,
                outcome => assert_eq!(outcome, WRONG),
            }
        }
        // The victim at home waits a minute at most.
        let own = try_from(city, "operator", SECRET, "192.0.2.200", now.plus_millis(MINUTE));
        assert!(matches!(own, Outcome::Known(_)), "{} {own:?}", city.engine);
    });
}

#[test]
fn many_attempts_at_once_get_no_more_tries() {
    on_both(|city| {
        city.colleague("operator", &[]);
        let seal = city.seal.clone();
        let looked: Vec<_> = (0..20)
            .map(|_| {
                let seal = seal.clone();
                city.read(move |tx| sign_in::look_up(tx, &seal, J, "operator", "192.0.2.1", NOW))
            })
            .collect();
        // All were looked up before any failed; the right guess is the last.
        for (n, attempt) in looked.into_iter().enumerate() {
            let seal = city.seal.clone();
            let outcome = city
                .write(city.act(Actor::Citizen, NOW), move |tx, act| -> storage::Result<_> {
                    sign_in::settle(tx, act, &seal, J, &attempt, n == 19)
                })
                .unwrap();
            let is_wait = matches!(outcome, Outcome::Refused(NotSignedIn::Wait { .. }));
            assert_eq!(is_wait, n >= 5, "{} {n}", city.engine);
        }
    });
}

#[test]
fn a_clock_that_jumps_shuts_nobody_out() {
    on_both(|city| {
        city.colleague("operator", &[]);
        for _ in 0..9 {
            try_in(city, "operator", "wrong password", at(400 * DAY));
        }
        assert!(matches!(try_in(city, "operator", SECRET, at(10 * MINUTE)), Outcome::Refused(_)));
        // The clock was a year ahead and is right again: the wait is its own length and not a year.
        let seal = city.seal.clone();
        let attempt = city.read(move |tx| sign_in::look_up(tx, &seal, J, "operator", "192.0.2.2", NOW));
        assert!(attempt.fits(SECRET), "{}: other places are free", city.engine);
    });
}

#[test]
fn a_first_password_must_be_changed_and_dies() {
    on_both(|city| {
        city.colleague("admin", &[admin()]);
        let boss = city.read(|tx| accounts::by_sign_name(tx, J, "admin")).unwrap().id;
        let id = city.colleague("operator", &[]);
        let offer = Offer::city(Role::Operator);
        city.write(city.by(boss), move |tx, act| accounts::invite(tx, act, J, id, &offer)).unwrap();
        let first = passwords::first(&city.dice);
        assert_eq!(first.len(), 19);
        let hash = passwords::hash(&city.dice, &first).unwrap();
        city.write(city.by(boss), move |tx, act| accounts::give_first_password(tx, act, J, id, &hash))
            .unwrap();
        assert_eq!(try_in(city, "operator", SECRET, NOW), WRONG, "{}: the old one is gone", city.engine);
        assert_eq!(
            try_in(city, "operator", &first, at(accounts::FIRST_PASSWORD_DAYS * DAY)),
            Outcome::Refused(NotSignedIn::PasswordOver)
        );
        let Outcome::Known(known) = try_in(city, "operator", &first, NOW) else { panic!() };
        assert!(known.must_change_password);
        let token = city.sign_in(id, known.assurance, NOW);
        let session = city.find(&token, NOW).unwrap();
        assert!(session.must_change_password && session.actor.role() == Role::Citizen, "not accepted yet");

        let hash = super::secret();
        let no =
            city.write(city.by(boss), move |tx, act| accounts::set_password(tx, act, J, id, &hash, None));
        assert!(matches!(no, Err(Refusal::Denied(_))), "others reset and never choose");
        let (act, hash) = (city.act(session.actor, NOW), super::secret());
        city.write(act, move |tx, act| accounts::set_password(tx, act, J, id, &hash, Some(session.id)))
            .unwrap();
        let session = city.find(&token, NOW).unwrap();
        assert!(
            !session.must_change_password && session.actor.role() == Role::Operator,
            "that they came is the answer"
        );
    });
}

#[test]
fn a_second_proof_is_asked_once_it_is_set_and_works_once() {
    on_both(|city| {
        let id = city.colleague("chief", &[Offer::city(Role::Supervisor)]);
        let Outcome::Known(known) = try_in(city, "chief", SECRET, NOW) else { panic!() };
        let token = city.sign_in(id, known.assurance, NOW);
        assert!(city.find(&token, NOW).unwrap().must_add_second, "{}", city.engine);

        let seal = city.seal.clone();
        let begun =
            city.write(city.by(id), move |tx, act| second::begin(tx, act, &seal, J, id, "شهر")).unwrap();
        assert!(
            begun.address.starts_with("otpauth://totp/%D8%B4%D9%87%D8%B1:chief?secret="),
            "{}",
            begun.address
        );
        let stored: String = city.read(move |tx| {
            let ask = storage::sql!("SELECT totp_pending FROM accounts WHERE id = $1");
            Ok(tx.value(ask, &storage::params![id])?.unwrap())
        });
        assert!(stored.starts_with("x1:") && !stored.contains(&begun.secret), "sealed");
        let confirm = |city: &City, typed: String, at| {
            let seal = city.seal.clone();
            let act = city.act(city.actor(id), at);
            city.write(act, move |tx, act| second::confirm(tx, act, &seal, J, id, &typed))
        };
        assert!(matches!(confirm(city, "000000".into(), NOW), Err(Refusal::CodeWrong)));
        let code = second::code_at(&begun.secret, NOW).unwrap();
        let recovery = confirm(city, code.clone(), NOW).unwrap();
        assert_eq!(recovery.len(), 10);

        let ticket = |city: &City, at| match try_in(city, "chief", SECRET, at) {
            Outcome::Second { ticket } => ticket,
            other => panic!("{other:?}"),
        };
        let t = ticket(city, NOW);
        assert_eq!(second_page(city, &t, &code, NOW), WRONG, "the code that set it up was used");
        let code = second::code_at(&begun.secret, at(MINUTE)).unwrap();
        let Outcome::Known(known) = second_page(city, &t, &code, at(MINUTE)) else { panic!() };
        assert_eq!(known.assurance, Assurance::PasswordTotp);
        assert_eq!(second_page(city, &t, &code, at(MINUTE)), WRONG, "once");
        // The telephone is lost.
        let Outcome::Known(_) = second_page(city, &t, &recovery[0].to_uppercase(), at(MINUTE)) else {
            panic!()
        };
        assert_eq!(second_page(city, &t, &recovery[0], at(MINUTE)), WRONG, "once");
        assert_eq!(city.read(move |tx| second::recovery_codes_left(tx, J, id)), 9);
        let over = Outcome::Refused(NotSignedIn::Over);
        assert_eq!(second_page(city, &t, &code, at(6 * MINUTE)), over, "the first page was too long ago");
        let forged = t.replacen(&id.to_string(), &(id + 1).to_string(), 1);
        assert_eq!(second_page(city, &forged, &code, NOW), over);
    });
}

#[test]
fn a_clock_that_was_ahead_does_not_shut_an_authenticator_out() {
    on_both(|city| {
        let id = city.colleague("chief", &[Offer::city(Role::Supervisor)]);
        let later = at(400 * DAY);
        let (seal, by) = (city.seal.clone(), city.act(city.actor(id), later));
        let secret = city
            .write(by, move |tx, act| -> Result<String, Refusal> {
                let begun = second::begin(tx, act, &seal, J, id, "x")?;
                let code = second::code_at(&begun.secret, act.at).unwrap();
                second::confirm(tx, act, &seal, J, id, &code)?;
                Ok(begun.secret)
            })
            .unwrap();
        let Outcome::Second { ticket } = try_in(city, "chief", SECRET, NOW) else { panic!() };
        let code = second::code_at(&secret, NOW).unwrap();
        assert!(matches!(second_page(city, &ticket, &code, NOW), Outcome::Known(_)), "{}", city.engine);
        assert_eq!(second_page(city, &ticket, &code, NOW), WRONG, "once");
    });
}

#[test]
fn codes_of_the_second_proof_are_counted() {
    on_both(|city| {
        let id = city.colleague("chief", &[Offer::city(Role::Supervisor)]);
        let (seal, by) = (city.seal.clone(), city.by(id));
        city.write(by, move |tx, act| {
            let begun = second::begin(tx, act, &seal, J, id, "x")?;
            let code = second::code_at(&begun.secret, NOW).unwrap();
            second::confirm(tx, act, &seal, J, id, &code)
        })
        .unwrap();
        let Outcome::Second { ticket } = try_in(city, "chief", SECRET, NOW) else { panic!() };
        for _ in 0..5 {
            assert_eq!(second_page(city, &ticket, "123456", NOW), WRONG);
        }
        let sixth = second_page(city, &ticket, "123456", NOW);
        assert!(matches!(sixth, Outcome::Refused(NotSignedIn::Wait { .. })), "{} {sixth:?}", city.engine);
    });
}

#[test]
fn the_seal_opens_only_its_own() {
    let (dice, seal) = (crate::Dice::seeded(1), crate::Seal::new([1; 32]));
    let sealed = seal.close(&dice, "totp", 5, b"secret").unwrap();
    assert_eq!(seal.open("totp", 5, &sealed).as_deref(), Some(b"secret".as_slice()));
    assert_eq!(seal.open("totp", 6, &sealed), None, "another account");
    assert_eq!(seal.open("other", 5, &sealed), None, "another purpose");
    assert_eq!(crate::Seal::new([2; 32]).open("totp", 5, &sealed), None, "another key");
    let mut changed = sealed.clone();
    let last = if changed.pop() == Some('0') { '1' } else { '0' };
    changed.push(last);
    assert_eq!(seal.open("totp", 5, &changed), None, "changed");
    for odd in ["", "x1:", "x1:zz", "x2:00"] {
        assert_eq!(seal.open("totp", 5, odd), None);
    }
    assert_ne!(seal.hash("a", &["bc", "d"]), seal.hash("a", &["b", "cd"]), "parts stay apart");
}
