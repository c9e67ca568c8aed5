//! What somebody may try with a ballot, each with what they are told.

use people::Role;

use super::{City, DAY, NOW, in_the_city, refused};
use crate::ballots::identity::{self, Claim, Listed, prove};
use crate::ballots::{self, Channel, Choice};
use crate::{BallotKind, HomeRule, IdentityRule, Phase, ProjectError};

#[test]
fn the_clock_of_the_server_decides_to_the_millisecond() {
    in_the_city(|city| {
        let round = city.round(Phase::Voting, |_| {});
        city.projects(round);
        let times = city.show(round).times;
        let (begins, ends) = (times.begins_at(Phase::Voting).unwrap(), times.ends_of(Phase::Voting).unwrap());
        let told = |at| city.votes(round, 1, &[1], at);
        assert_eq!(refused(told(begins.plus_millis(-1))), "voting-not-open", "{}", city.engine);
        assert!(told(begins).is_ok() && told(ends.plus_millis(-1)).is_ok(), "{}", city.engine);
        assert_eq!(refused(told(ends)), "voting-closed", "{}", city.engine);
        // Nor in a round that is not public.
        let hidden = city.round(Phase::Voting, |draft| {
            draft.code = "hidden".into();
            draft.is_public = false;
        });
        assert_eq!(refused(city.votes(hidden, 1, &[1], NOW)), "not-found", "{}", city.engine);
    });
}

#[test]
fn a_ballot_that_is_filled_in_wrongly_leaves_nothing() {
    in_the_city(|city| {
        let round = city.round(Phase::Voting, |draft| draft.rules.ballot.kind = BallotKind::Knapsack);
        city.projects(round);
        // Three of forty in a pot of a hundred; a project of the other district; one that is not there; one twice.
        let wrongs: [(&[i64], &str); 6] = [
            (&[1, 2, 3], "over-budget"),
            (&[4], "choice-foreign"),
            (&[99], "choice-unknown"),
            (&[1, 1], "choice-twice"),
            (&[], "ballot-empty"),
            (&[i64::MAX], "choice-unknown"),
        ];
        for (numbers, code) in wrongs {
            assert_eq!(refused(city.votes(round, 1, numbers, NOW)), code, "{}", city.engine);
        }
        let mut home = city.casting(round, 1, &[1]);
        home.home = Some(city.pot(round, 0));
        assert_eq!(
            refused(city.casts(home.clone(), NOW)),
            "home-unknown",
            "the city's own pot is nobody's home"
        );
        home.home = None;
        assert_eq!(refused(city.casts(home, NOW)), "home-missing", "{}", city.engine);
        let mut many = city.casting(round, 1, &[1]);
        many.choices = (0..10_000).map(Choice::of).collect();
        assert_eq!(refused(city.casts(many, NOW)), "too-many", "{}", city.engine);
        assert_eq!((city.count("ballot_roll"), city.count("ballots"), city.count("ballot_seals")), (0, 0, 0));
        assert!(city.facts("ballot", "sealed").is_empty(), "{}", city.engine);
    });
}

#[test]
fn a_national_number_counts_once_on_every_way() {
    in_the_city(|city| {
        let round = city.round(Phase::Voting, |draft| {
            draft.rules.identity = IdentityRule::Registry;
            draft.rules.home = HomeRule::Proven;
            draft.rules.least_age = 16;
            draft.rules.most_of_phone = 2;
        });
        city.projects(round);
        let (id, seal) = (city.id, city.seal.clone());
        let lines = "\u{FEFF}# فهرست\n0499370899,1365/04/21,6\n0790419904,1365/04/21,6\n0084575948,1395/04/21,6\n0963695398,1365-04-21,3\nx,y,z\n";
        let (act, of) = (city.member(9, Some(Role::RoundManager), NOW), seal.clone());
        let lines = lines.replace('\u{FEFF}', "");
        let brought = city.write(move |tx| identity::bring_in(tx, &act, &of, id, &lines)).unwrap();
        assert_eq!(brought, (4, 1), "{}", city.engine);
        let prove = |number: &'static str, birth: &'static str, mobile: &'static str, channel: Channel| {
            let (round, seal) = (city.show(round), seal.clone());
            city.write(move |tx| {
                let birth = calendar::Day::parse(birth).ok();
                let claim = Claim { mobile: Some(mobile), national_id: number, birth };
                let today = NOW.day(&calendar::Zone::utc());
                prove(tx, &Listed { seal: &seal }, id, &round, channel, &claim, today)
            })
        };
        const PHONE: &str = "09121234567";
        for (number, birth, code) in [
            ("0499370890", "1365/04/21", "identity-number"),
            ("0499370899", "1365/04/22", "identity-unknown"),
            ("0499370899", "", "identity-birth"),
            ("0084575948", "1395/04/21", "identity-young"),
        ] {
            assert_eq!(refused(prove(number, birth, PHONE, Channel::Web)), code, "{number} {}", city.engine);
        }
        let vote = |number, mobile, channel: Channel, numbers: &[i64]| {
            let casting = ballots::Casting {
                round,
                identity: prove(number, "1365/04/21", mobile, channel)?,
                home: None,
                choices: numbers.iter().map(|n| Choice::of(*n)).collect(),
                channel,
                assistant: None,
            };
            let (act, seal) = (city.member(5, Some(Role::Interviewer), NOW), seal.clone());
            city.write(move |tx| ballots::cast(tx, &act, &seal, id, &casting))
        };
        vote("0499370899", PHONE, Channel::Web, &[1]).unwrap();
        // On paper and at the door: this person voted already, and staff do not change their vote.
        for channel in [Channel::Paper, Channel::Tablet] {
            assert_eq!(refused(vote("0499370899", PHONE, channel, &[2])), "voted-already", "{}", city.engine);
        }
        // By text message they may change it themselves.
        assert!(vote("۰۴۹-۹۳۷۰۸۹-۹", PHONE, Channel::Sms, &[2]).unwrap().is_change, "{}", city.engine);
        // Where they live is what the registry says.
        assert_eq!(refused(vote("0963695398", "09121110000", Channel::Web, &[1])), "choice-foreign");
        vote("0790419904", PHONE, Channel::Web, &[1]).unwrap();
        assert_eq!(refused(vote("0963695398", PHONE, Channel::Web, &[4])), "phone-used", "{}", city.engine);
        assert_eq!(city.count("ballots"), 2, "{}", city.engine);
    });
}

#[test]
fn rights_are_asked_of_everybody() {
    in_the_city(|city| {
        let round = city.round(Phase::Voting, |_| {});
        let made = city.projects(round);
        let (id, seal) = (city.id, city.seal.clone());
        let (act, casting) = (city.citizen(1), {
            let mut casting = city.casting(round, 1, &[1]);
            casting.channel = Channel::Paper;
            casting
        });
        let key = seal.clone();
        let said = city.write(move |tx| ballots::cast(tx, &act, &key, id, &casting));
        assert_eq!(refused(said), "denied", "{}: a citizen takes no ballots from others", city.engine);
        for role in [None, Some(Role::Interviewer), Some(Role::Operator)] {
            let (act, key) = (city.member(5, role, NOW.plus_millis(20 * DAY)), seal.clone());
            let said = city.write(move |tx| ballots::open_box(tx, &act, &key, id, round));
            assert_eq!(refused(said), "denied", "{role:?} {}", city.engine);
            let (act, project) = (city.member(5, role, NOW), made[0]);
            let said: Result<(), ProjectError> =
                city.write(move |tx| crate::withdraw(tx, &act, id, project, "x"));
            assert_eq!(refused(said), "denied", "{role:?} {}", city.engine);
        }
        // Somebody of another city is nobody here.
        let mut stranger = city.member(5, Some(Role::RoundManager), NOW);
        if let people::Actor::Member(member) = &mut stranger.by {
            std::sync::Arc::make_mut(member).jurisdiction = city.id + 1;
        }
        let said = city.write(move |tx| crate::publish_all(tx, &stranger, id, round));
        assert_eq!(refused(said), "denied", "{}", city.engine);
    });
}

#[test]
fn a_member_of_staff_who_votes_for_others_in_bulk_is_seen_before_the_count() {
    in_the_city(|city| {
        let round = city.round(Phase::Voting, |_| {});
        city.projects(round);
        let (id, seal) = (city.id, city.seal.clone());
        let takes =
            |account: i64, people: std::ops::Range<i64>, number: &dyn Fn(i64) -> i64, minutes: i64| {
                for person in people {
                    let mut casting = city.casting(round, person, &[number(person)]);
                    casting.channel = Channel::Tablet;
                    let at = NOW.plus_millis(person * minutes * 60_000);
                    let (act, seal) = (city.member(account, Some(Role::Interviewer), at), seal.clone());
                    city.write(move |tx| ballots::cast(tx, &act, &seal, id, &casting)).unwrap();
                }
            };
        takes(50, 0..24, &|person| 1 + person % 3, 6);
        takes(51, 100..140, &|_| 2, 1);
        let early = city.member(9, Some(Role::RoundManager), NOW);
        assert!(city.write(move |tx| ballots::patterns::report(tx, &early, id, round)).unwrap().is_empty());
        let at = NOW.plus_millis(20 * DAY);
        let (act, key) = (city.member(9, Some(Role::RoundManager), at), seal.clone());
        let report = city
            .write(move |tx| {
                ballots::open_box(tx, &act, &key, id, round)?;
                ballots::patterns::report(tx, &act, id, round)
            })
            .unwrap();
        let told: Vec<_> = report.iter().map(|p| (p.account, p.ballots, p.alike, p.is_odd)).collect();
        assert_eq!(told, [(51, 40, 40, true), (50, 24, 8, false)], "{}", city.engine);
    });
}

#[test]
fn script_and_endless_words_in_ideas_are_kept_as_words_or_refused() {
    in_the_city(|city: &City| {
        let round = city.round(Phase::Collect, |_| {});
        let id = city.id;
        let send = |change: &dyn Fn(&mut crate::ideas::NewIdea)| {
            let (act, mut new) = (city.citizen(1), city.idea("روشنایی", "چراغ بوستان"));
            change(&mut new);
            city.write(move |tx| crate::ideas::send(tx, &act, id, round, &new))
        };
        let evil = "<script>alert(1)</script>\u{202E}\u{0}";
        let kept = send(&|new| new.title = evil.into()).unwrap();
        assert!(kept.title.contains("<script>") && !kept.title.contains('\u{0}'), "{:?}", kept.title);
        type Change<'c> = &'c dyn Fn(&mut crate::ideas::NewIdea);
        let wrongs: [(Change<'_>, &str); 7] = [
            (&|new| new.title = "  ".into(), "title-missing"),
            (&|new| new.title = "آ".repeat(121), "title-too-long"),
            (&|new| new.words = String::new(), "words-missing"),
            (&|new| new.words = "آ".repeat(5000), "words-too-long"),
            (&|new| new.topic = "no-such".into(), "topic-unknown"),
            (&|new| new.point = Some((34.5, 51.0)), "place-outside"),
            (&|new| new.point = Some((f64::NAN, 51.0)), "place-outside"),
        ];
        for (change, code) in wrongs {
            assert_eq!(refused(send(change)), code, "{}", city.engine);
        }
        // The same form sent again is the first idea.
        let key = |new: &mut crate::ideas::NewIdea| new.form_key = Some("form-1".into());
        assert_eq!(send(&key).unwrap().id, send(&key).unwrap().id, "{}", city.engine);
    });
}
