//! Finding one among many: words, filters, boxes, tiles.

use std::collections::BTreeSet;

use territory::{Bounds, Point, cell};

use super::{City, INSIDE, in_the_city};
use crate::list::{Filter, list};
use crate::map::{Asked, Mark, marks};
use crate::{RequestId, figures};

/// Sixty requests in a square of two kilometres, every third one about something else.
fn fill(city: &City) -> Vec<(RequestId, Point)> {
    (0..60)
        .map(|n| {
            let (lat, long) = (INSIDE.0 + f64::from(n % 8) * 0.002, INSIDE.1 + f64::from(n / 8) * 0.002);
            let words = if n % 3 == 0 {
                "چاله در آسفالت خیابان"
            } else {
                "زباله‌ها جمع نشده"
            };
            let mut draft = city.draft("street-sweeping", words);
            draft.place.point = Some((lat, long));
            (city.submit(draft).unwrap().id, Point::new(lat, long).unwrap())
        })
        .collect()
}

fn found(city: &City, filter: Filter) -> Vec<RequestId> {
    city.db.read_blocking(move |tx| list(tx, &filter)).unwrap().requests.iter().map(|r| r.id).collect()
}

#[test]
fn any_spelling_finds_the_same() {
    in_the_city("tehran", |city| {
        let all = fill(&city);
        let want: BTreeSet<_> =
            all.iter().enumerate().filter(|(n, _)| n % 3 == 0).map(|(_, (id, _))| *id).collect();
        for follower in crate::FOLLOWERS {
            assert!(storage::followers::catch_up_blocking(&city.db, *follower).unwrap() > 0);
        }
        for words in ["چاله", "چالة", "چالهٔ آسفالت", "خيابان چال", "اسفالت", "آسف"]
        {
            let got: BTreeSet<_> =
                found(&city, Filter { words: words.into(), limit: 100, ..Filter::of(city.jurisdiction) })
                    .into_iter()
                    .collect();
            assert_eq!(got, want, "{} {words}", city.engine);
        }
        for words in ["\"", "OR AND NOT", "چاله\" OR \"زباله", "*", "')--"] {
            let got =
                found(&city, Filter { words: words.into(), limit: 100, ..Filter::of(city.jurisdiction) });
            assert!(got.len() <= 60, "{} {words}", city.engine);
        }
    });
}

#[test]
fn a_box_holds_what_lies_in_it_and_pages_meet() {
    in_the_city("tehran", |city| {
        let all = fill(&city);
        let bounds = Bounds::of(Point::new(35.7225, 51.4).unwrap(), Point::new(35.7301, 51.4111).unwrap());
        let want: BTreeSet<_> = all.iter().filter(|(_, p)| bounds.contains(*p)).map(|(id, _)| *id).collect();
        let got: BTreeSet<_> =
            found(&city, Filter { bounds: Some(bounds), limit: 100, ..Filter::of(city.jurisdiction) })
                .into_iter()
                .collect();
        assert!(!want.is_empty());
        assert_eq!(got, want, "{}", city.engine);
        let mut walked = Vec::new();
        let mut before = None;
        loop {
            let filter = Filter { before, limit: 7, ..Filter::of(city.jurisdiction) };
            let page = city.db.read_blocking(move |tx| list(tx, &filter)).unwrap();
            walked.extend(page.requests.iter().map(|r| r.id));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        let mut newest_first: Vec<_> = all.iter().map(|(id, _)| *id).collect();
        newest_first.sort_by(|a, b| b.cmp(a));
        assert_eq!(walked, newest_first, "{}", city.engine);
    });
}

#[test]
fn a_tile_counts_the_same_at_every_zoom() {
    in_the_city("tehran", |city| {
        let all = fill(&city);
        storage::followers::catch_up_blocking(&city.db, figures::FOLLOWER).unwrap();
        let jurisdiction = city.jurisdiction;
        for z in [0, 5, 9, 11, 12, 13, 15, 16, 18] {
            let tiles: BTreeSet<(u32, u32)> = all
                .iter()
                .map(|(_, p)| {
                    let (x, y) = cell::position(cell::of(*p));
                    (x >> (cell::BITS - z), y >> (cell::BITS - z))
                })
                .collect();
            let mut sum = 0;
            for (x, y) in tiles {
                let marks = city
                    .db
                    .read_blocking(move |tx| marks(tx, jurisdiction, z, x, y, &Asked::default()))
                    .unwrap();
                sum += marks
                    .iter()
                    .map(|m| if let Mark::Many { count, .. } = m { *count } else { 1 })
                    .sum::<i64>();
            }
            assert_eq!(sum, 60, "{} zoom {z}", city.engine);
        }
        let nowhere =
            city.db.read_blocking(move |tx| marks(tx, jurisdiction, 40, 1, 1, &Asked::default())).unwrap();
        assert!(nowhere.is_empty());
    });
}

#[test]
fn filters_agree_with_reading_everything() {
    in_the_city("tehran", |city| {
        fill(&city);
        let jurisdiction = city.jurisdiction;
        let everything = city
            .db
            .read_blocking(move |tx| list(tx, &Filter { limit: 1000, ..Filter::of(jurisdiction) }))
            .unwrap()
            .requests;
        let some = everything[20].clone();
        let check = |name: &str, filter: Filter, keep: &dyn Fn(&crate::ServiceRequest) -> bool| {
            let want: Vec<_> = everything.iter().filter(|r| keep(r)).map(|r| r.id).collect();
            assert_eq!(found(&city, Filter { limit: 1000, ..filter }), want, "{} {name}", city.engine);
        };
        check("district", Filter { district: some.district, ..Filter::of(jurisdiction) }, &|r| {
            r.district == some.district
        });
        check(
            "neighbourhood",
            Filter { neighbourhood: some.neighbourhood, ..Filter::of(jurisdiction) },
            &|r| r.neighbourhood == some.neighbourhood,
        );
        check("open", Filter { open: Some(true), ..Filter::of(jurisdiction) }, &|r| r.status.is_open());
        check("closed", Filter { open: Some(false), ..Filter::of(jurisdiction) }, &|r| !r.status.is_open());
        check("service", Filter { services: vec![some.service], ..Filter::of(jurisdiction) }, &|r| {
            r.service == some.service
        });
        check("no service", Filter { services: vec![1, 2], ..Filter::of(jurisdiction) }, &|_| false);
        check(
            "since",
            Filter { requested_from: Some(some.requested_at), ..Filter::of(jurisdiction) },
            &|r| r.requested_at >= some.requested_at,
        );
        check("ids", Filter { ids: Some(vec![some.id]), ..Filter::of(jurisdiction) }, &|r| r.id == some.id);
    });
}

#[test]
fn what_is_hidden_leaves_list_map_and_search_and_comes_back() {
    in_the_city("tehran", |city| {
        let done = city.submit(city.draft("street-sweeping", "نام همسایه‌ام")).unwrap();
        let jurisdiction = city.jurisdiction;
        let seen = || {
            storage::followers::catch_up_blocking(&city.db, figures::FOLLOWER).unwrap();
            let listed = found(&city, Filter::of(jurisdiction)).len();
            let words = found(&city, Filter { words: "همسایه".into(), ..Filter::of(jurisdiction) }).len();
            let marks = city
                .db
                .read_blocking(move |tx| marks(tx, jurisdiction, 0, 0, 0, &Asked::default()))
                .unwrap()
                .len();
            let all =
                city.db.read_blocking(move |tx| figures::of_city(tx, jurisdiction, 0, i64::MAX)).unwrap().all;
            (listed, words, marks, all)
        };
        let turn = |public: bool| {
            let act = city.staff(people::Role::Operator, None, super::SATURDAY);
            city.db
                .write_blocking(move |tx| {
                    crate::visibility::set_public(tx, &act, jurisdiction, done.id, public, "نام شخص")
                })
                .unwrap()
        };
        assert_eq!(seen(), (1, 1, 1, 1), "{}", city.engine);
        turn(false);
        assert_eq!(seen(), (0, 0, 0, 1), "{}: hidden, and still counted", city.engine);
        turn(true);
        assert_eq!(seen(), (1, 1, 1, 1), "{}", city.engine);
        city.db.write_blocking(move |tx| crate::search::rebuild(tx, jurisdiction, 0, 10)).unwrap();
        assert_eq!(seen(), (1, 1, 1, 1), "{}: rebuilt", city.engine);
    });
}

#[test]
fn what_a_private_service_was_asked_is_never_shown() {
    in_the_city("tehran", |city| {
        let done = city.submit(city.draft("homeless", "مردی زیر پل")).unwrap();
        let jurisdiction = city.jurisdiction;
        let act = city.staff(people::Role::Supervisor, None, super::SATURDAY);
        let no = city.db.write_blocking(move |tx| {
            crate::visibility::set_public(tx, &act, jurisdiction, done.id, true, "همه ببینند")
        });
        assert!(matches!(no, Err(crate::moves::MoveError::ServicePrivate)), "{}: {no:?}", city.engine);
        assert!(!city.show(done.id).is_public);
    });
}

#[test]
fn hiding_takes_a_reason_that_can_be_kept() {
    in_the_city("tehran", |city| {
        let done = city.submit(city.draft("street-sweeping", "نام همسایه‌ام")).unwrap();
        let jurisdiction = city.jurisdiction;
        let hide = |why: &str| {
            let (act, why) = (city.staff(people::Role::Operator, None, super::SATURDAY), why.to_owned());
            city.db.write_blocking(move |tx| {
                crate::visibility::set_public(tx, &act, jurisdiction, done.id, false, &why)
            })
        };
        use crate::moves::MoveError::{WordsMissing, WordsTooLong};
        assert!(matches!(hide(" \u{202e}\0 "), Err(WordsMissing)), "{}", city.engine);
        assert!(matches!(hide(&"چ".repeat(4001)), Err(WordsTooLong { .. })), "{}", city.engine);
        hide("نام\0 شخص").unwrap();
        assert!(!city.show(done.id).is_public, "{}", city.engine);
    });
}
