//! From the open box to winners, reasons, and a count that anybody can repeat.

use people::Role;

use super::{City, DAY, NOW, in_the_city, refused};
use crate::ballots;
use crate::count::{self, Cover, Reason};
use crate::{Phase, ProjectError, RoundId, State};

impl City {
    /// Opens the box and counts, twenty days later.
    fn counts(&self, round: RoundId) -> Result<(), ProjectError> {
        let (act, seal, id) = (self.house(NOW.plus_millis(20 * DAY)), self.seal.clone(), self.id);
        let open = act.clone();
        self.write(move |tx| ballots::open_box(tx, &open, &seal, id, round).map(|_| ()))?;
        let boxes = self.write(move |tx| count::boxes(tx, id, round))?;
        let decided = count::decide(&boxes).unwrap();
        self.write(move |tx| count::keep(tx, &act, id, round, &decided))
    }
}

#[test]
fn a_round_is_counted_once_and_says_why() {
    in_the_city(|city| {
        // Each district has 100 billion rial, a project costs 40: two of the three in the first district fit.
        let round = city.round(Phase::Voting, |_| {});
        let made = city.projects(round);
        let id = city.id;
        for person in 1..=9 {
            let first: &[i64] = if person <= 5 { &[1, 2, 5] } else { &[3] };
            city.votes(round, person, first, NOW).unwrap();
        }
        assert_eq!(
            refused(city.write(move |tx| count::boxes(tx, id, round))),
            "box-closed",
            "{}",
            city.engine
        );
        city.counts(round).unwrap();
        let show = |at: usize| {
            let project = made[at];
            city.write(move |tx| {
                let shown = crate::by_id(tx, id, project)?.unwrap();
                Ok((
                    shown.state,
                    shown.votes.unwrap(),
                    shown.place.unwrap(),
                    count::story_of(tx, id, project)?.unwrap(),
                ))
            })
            .unwrap()
        };
        let (state, votes, place, story) = show(2);
        assert_eq!(
            (state, votes, place > 0, story.reason),
            (State::Won, 4, true, Reason::WonByShares),
            "{}",
            city.engine
        );
        // Five of nine have 55 of 100 billion: enough for one, not for the second.
        let stories = [show(0), show(1)];
        let lost = stories.iter().find(|(state, ..)| *state == State::Lost).unwrap();
        assert_eq!((lost.1, lost.2, lost.3.reason), (5, 0, Reason::ShortOfMoney), "{}", city.engine);
        let (used_by, left) = lost.3.used_by.unwrap();
        assert!(
            [1, 2].contains(&used_by) && left < 40_000_000_000 && lost.3.had.unwrap() > left,
            "{}",
            city.engine
        );
        assert!(
            lost.3.enough_votes.is_some_and(|more| more > 0) && lost.3.enough_cost.is_some(),
            "{:?}",
            lost.3
        );
        assert_eq!(show(3).3.reason, Reason::Unwanted);
        assert_eq!(show(4).0, State::Won, "{}: the city's own pot", city.engine);
        // Once, by those who may, and in the journal with its hashes.
        let again = || {
            let boxes = city.write(move |tx| count::boxes(tx, id, round)).unwrap();
            count::decide(&boxes).unwrap()
        };
        let (act, decided) = (city.house(NOW.plus_millis(20 * DAY)), again());
        assert_eq!(
            refused(city.write(move |tx| count::keep(tx, &act, id, round, &decided))),
            "counted-already"
        );
        let (act, decided) = (city.member(5, None, NOW.plus_millis(20 * DAY)), again());
        assert_eq!(refused(city.write(move |tx| count::keep(tx, &act, id, round, &decided))), "denied");
        let facts = city.facts(crate::ROUND, "counted");
        assert_eq!(facts.len(), 1);
        assert!(facts[0].payload.contains("\"winners\""), "{}", facts[0].payload);
        let _ = Role::RoundManager;
    });
}

#[test]
fn anybody_counts_the_published_ballots_again() {
    in_the_city(|city| {
        for (rule, completion) in [("mes", "add1"), ("greedy", "none"), ("phragmen", "fill")] {
            let round = city.round(Phase::Voting, |draft| {
                draft.code = format!("1405-{rule}");
                draft.rules.allocation.rule = rule.into();
                draft.rules.allocation.completion = completion.into();
            });
            city.projects(round);
            for person in 1..=7 {
                let choices: &[i64] = [&[1, 2, 3][..], &[1, 5], &[2, 3], &[3, 6]][person as usize % 4];
                city.votes(round, person, choices, NOW).unwrap();
            }
            city.counts(round).unwrap();
            let id = city.id;
            let bundle = city.write(move |tx| count::bundle(tx, id, round)).unwrap().unwrap();
            let shown = city.show(round);
            for pot in bundle.about["pots"].as_array().unwrap() {
                let text = &bundle.files[pot["file"].as_str().unwrap()];
                assert!(!text.contains("+98") && !text.contains("web"), "nobody is in it");
                let file = allocation::pabulib::read(text.as_bytes()).unwrap();
                let boxes = city.write(move |tx| count::boxes(tx, id, round)).unwrap();
                let own =
                    boxes.pots.iter().find(|own| own.pot.number == pot["pot"].as_i64().unwrap()).unwrap();
                let said = pot["count_again"].as_str().unwrap();
                assert!(said.contains(&format!("--rule {rule}")) && said.contains(&shown.seed), "{said}");
                let results = city.write(move |tx| Ok(count::results(tx, id, round)?)).unwrap();
                let result = results.iter().find(|result| result.pot == own.pot.id).unwrap();
                let rule: allocation::Rule = serde_json::from_str(&result.rule).unwrap();
                let again = allocation::count(&file.election, &rule).unwrap();
                let ids: Vec<i64> = again.ids(&file.election).map(|id| id.parse().unwrap()).collect();
                assert_eq!(ids, result.winners, "{}: {rule:?}", city.engine);
                if result.cover == Cover::Split {
                    assert!(
                        (0..file.election.ballots.groups()).all(|group| file
                            .election
                            .ballots
                            .named(group)
                            .len()
                            < 3)
                    );
                }
            }
        }
    });
}

#[test]
fn fewer_votes_than_the_round_asks_for_never_win() {
    in_the_city(|city| {
        let round = city.round(Phase::Voting, |draft| draft.rules.minimum_support = 3);
        let made = city.projects(round);
        for person in 1..=4 {
            city.votes(round, person, if person == 1 { &[1, 2] } else { &[2] }, NOW).unwrap();
        }
        city.counts(round).unwrap();
        let (id, first) = (city.id, made[0]);
        let (shown, story) = city
            .write(move |tx| {
                Ok((crate::by_id(tx, id, first)?.unwrap(), count::story_of(tx, id, first)?.unwrap()))
            })
            .unwrap();
        assert_eq!((shown.state, shown.votes), (State::Lost, Some(1)), "{}", city.engine);
        assert_eq!((story.reason, story.least, story.enough_votes), (Reason::BelowLeast, Some(3), Some(2)));
    });
}

#[test]
fn the_council_sees_the_same_ballots_by_other_rules_and_the_world_sees_open_data() {
    in_the_city(|city| {
        let round = city.round(Phase::Voting, |_| {});
        city.projects(round);
        for person in 1..=6 {
            city.votes(round, person, if person <= 4 { &[1, 2] } else { &[3] }, NOW).unwrap();
        }
        city.counts(round).unwrap();
        let id = city.id;
        let boxes = city.write(move |tx| count::boxes(tx, id, round)).unwrap();
        let lines = count::compare(&boxes).unwrap();
        assert_eq!(lines.len(), 5, "the rule of the round and four others");
        assert_eq!((lines[0].rule, lines[0].others), ("", 0));
        assert!(lines.iter().all(|line| line.spent <= boxes.round.budget()));
        let all = city
            .write(move |tx| Ok(crate::list::list(tx, id, round, &crate::list::Filter::default())?))
            .unwrap();
        let shown = city.show(round);
        let data = count::oc4ids(
            ("sample", "Sample"),
            &shown,
            &all,
            |p| format!("/projects/{}", p.code),
            "2027-01-01T00:00:00Z",
        );
        assert_eq!((data["version"].as_str(), data["projects"].as_array().unwrap().len()), (Some("0.9"), 6));
        for project in data["projects"].as_array().unwrap() {
            for field in ["id", "title", "status", "budget", "publicAuthority"] {
                assert!(!project[field].is_null(), "{field}");
            }
        }
    });
}
