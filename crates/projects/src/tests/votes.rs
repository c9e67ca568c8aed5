//! One person, one ballot; and what the box tells when it is opened.

use std::collections::HashSet;

use super::{City, DAY, NOW, in_the_city, refused};
use crate::ballots::{self, Found};
use crate::{Phase, ballots::Channel};

#[test]
fn somebody_votes_changes_it_and_finds_it_in_the_count() {
    in_the_city(|city| {
        let round = city.round(Phase::Voting, |_| {});
        let made = city.projects(round);
        let (id, seal) = (city.id, city.seal.clone());
        let first = city.votes(round, 1, &[1, 2, 5], NOW).unwrap();
        let again = city.votes(round, 1, &[5, 2, 1], NOW).unwrap();
        assert_eq!(
            (again.is_repeat, &again.receipt),
            (true, &first.receipt),
            "{}: tapped twice",
            city.engine
        );
        let changed = city.votes(round, 1, &[3], NOW).unwrap();
        assert!(changed.is_change && changed.receipt != first.receipt, "{}", city.engine);
        city.votes(round, 2, &[1, 6], NOW).unwrap();
        assert_eq!((city.count("ballot_roll"), city.count("ballots"), city.count("ballot_seals")), (2, 2, 3));
        storage::followers::catch_up_blocking(&city.db, ballots::FIGURES).unwrap();
        let sums = city.write(move |tx| Ok(ballots::persons(tx, id, round)?)).unwrap();
        assert_eq!(
            (sums.persons, sums.received),
            (2, 3),
            "{}: persons and ballots are two numbers",
            city.engine
        );

        let find = |receipt: &str, is_opened: bool| {
            let receipt = receipt.to_owned();
            city.write(move |tx| Ok(ballots::find(tx, id, round, is_opened, &receipt)?)).unwrap()
        };
        // While people vote, nobody learns which of two is the last.
        assert_eq!(
            (find(&first.receipt, false), find(&changed.receipt, false)),
            (Found::Received, Found::Received)
        );
        assert_eq!(find("12345678901234567890", false), Found::Unknown, "{}: a made-up receipt", city.engine);

        // A project is taken back while people vote: ballots stay good without it.
        let act = city.house(NOW);
        let last = made[5];
        city.write(move |tx| crate::withdraw(tx, &act, id, last, "زمین آن فروخته شد.")).unwrap();
        assert_eq!(refused(city.votes(round, 3, &[6], NOW)), "choice-withdrawn", "{}", city.engine);

        let open = |days: i64| {
            let (act, seal) = (city.house(NOW.plus_millis(days * DAY)), seal.clone());
            city.write(move |tx| ballots::open_box(tx, &act, &seal, id, round))
        };
        assert_eq!(refused(open(0)), "box-closed", "{}: not while people vote", city.engine);
        let sums = open(20).unwrap();
        assert_eq!((sums.ballots, sums.selections), (2, 2), "{}", city.engine);
        assert_eq!(refused(open(20)), "box-opened");
        assert_eq!(find(&first.receipt, true), Found::Replaced, "{}", city.engine);
        assert_eq!(find(&changed.receipt, true), Found::Counted, "{}", city.engine);
        let read = city
            .write(move |tx| {
                let mut all = Vec::new();
                ballots::opened(tx, id, round, |_, ballot| {
                    all.push(ballot.choices.iter().map(|c| c.number).collect::<Vec<_>>());
                    Ok(())
                })?;
                all.sort();
                Ok(all)
            })
            .unwrap();
        assert_eq!(read, [vec![1], vec![3]], "{}", city.engine);
        let shown = city.show(round);
        assert_eq!(
            crate::rounds::hash_of(&shown.seed),
            shown.seed_hash,
            "the seed is the one that was promised"
        );
    });
}

#[test]
fn sixty_four_at_once_for_one_person_leave_one_ballot() {
    in_the_city(|city| {
        let round = city.round(Phase::Voting, |_| {});
        city.projects(round);
        let threads: Vec<_> = (0..64_i64)
            .map(|n| {
                let casting = city.casting(round, 1, &[1 + n % 3]);
                let (act, seal, id, db) =
                    (city.member(77, None, NOW), city.seal.clone(), city.id, city.db.clone());
                std::thread::spawn(move || {
                    db.write_blocking(move |tx| ballots::cast(tx, &act, &seal, id, &casting))
                })
            })
            .collect();
        // Who is told that somebody was faster sends again; nobody is told that two were taken.
        let taken = threads.into_iter().filter_map(|t| t.join().unwrap().ok()).count();
        assert!(taken > 0, "{}", city.engine);
        assert_eq!((city.count("ballot_roll"), city.count("ballots")), (1, 1), "{}", city.engine);
    });
}

/// Whoever carries the database away has the tables and not the key.
#[test]
fn the_tables_of_persons_and_of_ballots_have_nothing_in_common() {
    in_the_city(|city| {
        let round = city.round(Phase::Voting, |_| {});
        city.projects(round);
        for person in 1..=20 {
            city.votes(round, person, &[1 + person % 3], NOW.plus_millis(person * 60_000)).unwrap();
        }
        let columns = |sql: &'static str| {
            let sql = storage::Sql::built(sql.to_owned());
            city.db
                .read_blocking(move |tx| {
                    tx.query(&sql, &[], |row| {
                        Ok((0..3).map(|n| row.get::<String>(n).unwrap()).collect::<Vec<_>>())
                    })
                })
                .unwrap()
        };
        let roll = columns("SELECT token, phone, channel FROM ballot_roll ORDER BY token LIMIT 100");
        let cells: HashSet<String> = roll.iter().flatten().cloned().filter(|cell| cell.len() > 8).collect();
        let box_ = columns("SELECT slot, receipt, sealed FROM ballots ORDER BY slot LIMIT 100");
        assert_eq!((roll.len(), box_.len()), (20, 20));
        assert!(
            box_.iter().flatten().all(|cell| !cells.contains(cell)),
            "{}: no cell is in both",
            city.engine
        );
        // No cell holds what somebody is called or chose, and every ballot is as long as every other.
        let lengths: HashSet<usize> = box_.iter().map(|row| row[2].len()).collect();
        assert_eq!(lengths.len(), 1, "{}", city.engine);
        let all: Vec<&String> = roll.iter().chain(&box_).flatten().collect();
        assert!(all.iter().all(|cell| !cell.contains("98912") || cell.len() > 30), "{}", city.engine);
        // The roll knows the day, and all voted on one.
        let days = city.db.read_blocking(|tx| {
            tx.value::<i64>(storage::sql!("SELECT COUNT(DISTINCT voted_on) FROM ballot_roll"), &[])
        });
        assert_eq!(days.unwrap(), Some(1), "{}", city.engine);
        // The journal names the seal and nobody.
        for fact in city.facts("ballot", "sealed") {
            assert_eq!((fact.actor.as_str(), fact.subject), ("citizen", round.0), "{}", city.engine);
            assert!(!fact.payload.contains("98912"), "{}", fact.payload);
        }
        // With another key nothing opens and nothing is written.
        let (other, id) = (people::Seal::new([8; 32]), city.id);
        let (act, casting) = (city.citizen(1), city.casting(round, 1, &[1]));
        let said = city.write(move |tx| ballots::cast(tx, &act, &other, id, &casting));
        assert!(matches!(said, Err(crate::ProjectError::Failure(_))), "{}", city.engine);
    });
}

#[test]
fn what_was_swapped_or_copied_in_the_box_stops_the_opening() {
    in_the_city(|city| {
        let round = city.round(Phase::Voting, |_| {});
        city.projects(round);
        city.votes(round, 1, &[1], NOW).unwrap();
        city.votes(round, 2, &[2], NOW).unwrap();
        // Somebody with the database copies one ballot over another, with its receipt made to fit.
        city.db
            .write_blocking(|tx| {
                tx.execute(
                    storage::sql!(
                        "UPDATE ballots SET sealed = (SELECT sealed FROM ballots ORDER BY slot LIMIT 1)
                         WHERE slot = (SELECT slot FROM ballots ORDER BY slot DESC LIMIT 1)"
                    ),
                    &[],
                )
            })
            .unwrap();
        let (act, seal, id) = (city.house(NOW.plus_millis(20 * DAY)), city.seal.clone(), city.id);
        let said = city.write(move |tx| ballots::open_box(tx, &act, &seal, id, round));
        assert!(matches!(said, Err(crate::ProjectError::Failure(_))), "{}: {said:?}", city.engine);
        assert_eq!(city.count("ballots_opened"), 0, "{}", city.engine);
        let _ = Channel::Web;
    });
}

#[test]
fn five_hundred_vote_and_are_counted() {
    in_the_city(|city: &City| {
        let round = city.round(Phase::Voting, |_| {});
        city.projects(round);
        let castings: Vec<_> =
            (0..500).map(|person| city.casting(round, person, &[1 + person % 3, 5])).collect();
        let (act, seal, id) = (city.member(77, None, NOW), city.seal.clone(), city.id);
        city.write(move |tx| {
            for casting in &castings {
                ballots::cast(tx, &act, &seal, id, casting)?;
            }
            Ok(())
        })
        .unwrap();
        let (act, seal) = (city.house(NOW.plus_millis(20 * DAY)), city.seal.clone());
        let sums = city.write(move |tx| ballots::open_box(tx, &act, &seal, id, round)).unwrap();
        assert_eq!((sums.ballots, sums.selections), (500, 1000), "{}", city.engine);
    });
}
