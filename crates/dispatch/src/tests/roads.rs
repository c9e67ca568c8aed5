//! Closed streets, the speeds that trails teach, and which way of finding times a city has.

use std::sync::Arc;

use people::Role;
use storage::{params, sql};

use super::*;
use crate::roads::{self, Bands, Roads, Source, Travel, closures};

fn close(
    city: &City,
    at: Point,
    metres: i64,
    words: &'static str,
    until: Option<Timestamp>,
) -> Result<closures::Closed, DispatchError> {
    let act = city.dispatcher(0);
    city.write(move |tx, j| closures::close(tx, &act, j, at, metres, words, until))
}

fn closed(city: &City, minutes: i64) -> Vec<i64> {
    let j = city.jurisdiction;
    let list = city.db.read_blocking(move |tx| closures::current(tx, j, at(minutes))).unwrap();
    list.into_iter().map(|closed| closed.id).collect()
}

#[test]
fn a_street_is_closed_until_it_is_opened_or_its_time_is_over() {
    in_the_city(|city| {
        let tree = close(&city, point(SIX), 60, " درخت افتاده ", None).unwrap();
        assert_eq!(tree.words, "درخت افتاده");
        let market = close(&city, point(SIX), 200, "بازار روز", Some(at(120))).unwrap();
        assert_eq!(closed(&city, 10), [tree.id, market.id], "{}", city.engine);
        assert_eq!(closed(&city, 120), [tree.id]);
        let open = |seen: i64| {
            let (act, id) = (city.dispatcher(5), tree.id);
            city.write(move |tx, j| closures::open(tx, &act, j, id, Seen(seen)))
        };
        assert_eq!(refused(open(7)), "changed");
        open(1).unwrap();
        assert_eq!(refused(open(2)), "changed", "it is open");
        assert_eq!(closed(&city, 10), [market.id]);
    });
}

#[test]
fn a_closure_that_makes_no_sense_is_refused() {
    in_the_city(|city| {
        let refusal = |at, metres, words, until| refused(close(&city, at, metres, words, until));
        assert_eq!(refusal(point(OUTSIDE), 50, "آب", None), "road-outside");
        assert_eq!(refusal(point(SIX), 5, "آب", None), "road-metres-wrong");
        assert_eq!(refusal(point(SIX), 50, "  ", None), "road-words-wrong");
        assert_eq!(refusal(point(SIX), 50, "آب", Some(at(0))), "road-until-wrong");
        let act = city.staff(Role::Citizen, None, 0);
        let denied = city.write(move |tx, j| closures::close(tx, &act, j, point(SIX), 50, "آب", None));
        assert_eq!(refused(denied), "denied");
    });
}

fn travel(city: &City) -> Arc<dyn Travel> {
    let j = city.jurisdiction;
    city.db.read_blocking(move |tx| roads::of(tx, j, at(1))).unwrap()
}

/// Two places with a street between them and a longer one around.
fn block() -> roads::Graph {
    let corner = |lat: f64, long: f64| roads::Node::of(Point { lat, long });
    let nodes = vec![corner(35.72, 51.40), corner(35.72, 51.41), corner(35.73, 51.41), corner(35.73, 51.40)];
    let arcs = (0..4u32).flat_map(|n| {
        let (a, b) = (n, (n + 1) % 4);
        [(a, b), (b, a)].map(|(from, to)| roads::Arc { from, to, length: 10_000, kmh: 20 })
    });
    roads::Graph::new(nodes, arcs.collect()).unwrap()
}

#[test]
fn what_is_installed_answers_and_goes_around_what_is_closed() {
    in_the_city(|city| {
        // Straight lines, until something is there; the city of the other database has the same number.
        let graph = Arc::new(block());
        assert_eq!(travel(&city).trouble(), None);
        roads::install(
            city.jurisdiction,
            Box::new(move |bands, closed| {
                Some(Arc::new(Roads::new(graph.clone(), bands.clone()).ok()?.closed(closed))
                    as Arc<dyn Travel>)
            }),
        );
        let (a, b) = (Point { lat: 35.72, long: 51.40 }, Point { lat: 35.72, long: 51.41 });
        let first = travel(&city);
        assert_eq!(first.source(), Source::Roads);
        assert!(Arc::ptr_eq(&first, &travel(&city)), "made once");
        let direct = first.seconds(a, b, 3);
        let wall = close(&city, Point { lat: 35.72, long: 51.405 }, 50, "دیوار ریخته", None).unwrap();
        let around = travel(&city).seconds(a, b, 3);
        let each = Bands::default().each;
        assert_eq!(around - each, (direct - each) * 3);
        let (act, id) = (city.dispatcher(5), wall.id);
        city.write(move |tx, j| closures::open(tx, &act, j, id, Seen(1))).unwrap();
        assert_eq!(travel(&city).seconds(a, b, 3), direct);
    });
}

#[test]
fn speeds_are_learnt_from_trails_when_there_are_enough() {
    in_the_city(|city| {
        let crew = city.working("a1");
        let (id, j) = (crew.id.0, city.jurisdiction);
        // It stands five minutes, drives 1112 metres north in four, and back, all day long for a week.
        let mut rows = Vec::new();
        for leg in 0..700i64 {
            let begin = at(0).plus_minutes(leg * 9).0;
            let (from, to) = if leg % 2 == 0 { (35.72, 35.73) } else { (35.73, 35.72) };
            rows.extend((0..=10).map(|n| (begin + n * 30_000, from)));
            rows.extend((1..8).map(|n| (begin + 300_000 + n * 30_000, from + (to - from) * n as f64 / 8.0)));
        }
        city.db
            .write_blocking(move |tx| {
                for (at, lat) in &rows {
                    tx.execute(
                        sql!(
                            "INSERT INTO crew_positions (jurisdiction_id, crew_id, at, device_at, lat, long, accuracy)
                             VALUES ($1, $2, $3, $3, $4, 51.4, 10)"
                        ),
                        &params![j, id, *at, *lat],
                    )?;
                }
                Ok::<_, storage::Error>(())
            })
            .unwrap();
        let ways =
            city.db.read_blocking(move |tx| roads::ways_between(tx, j, at(0), at(60 * 24 * 8))).unwrap();
        assert!((690..=700).contains(&ways.len()), "{}", ways.len());
        let before = city.db.read_blocking(move |tx| roads::rules(tx, j)).unwrap().speeds().clone();
        let act = supervisor(&city);
        let (learnt, counts) = city.write(move |tx, j| roads::learn(tx, &act, j, &ways)).unwrap();
        assert_eq!(counts.len(), before.band.len());
        let after = city.db.read_blocking(move |tx| roads::rules(tx, j)).unwrap();
        assert_eq!(after.speeds(), &learnt);
        let enough = counts.iter().position(|count| *count >= roads::learn::LEAST_WAYS).unwrap();
        // 1112 metres, longer by the detour, in four minutes without what every way takes besides.
        let expected = 1.112 * before.detour / ((240.0 - f64::from(before.each)) / 3600.0);
        assert!((learnt.band[enough].kmh - expected).abs() < expected * 0.2, "{learnt:?} {expected}");
    });
}

fn supervisor(city: &City) -> Act {
    city.staff(Role::Supervisor, None, 60 * 24 * 8)
}

#[test]
fn few_trails_teach_nothing() {
    in_the_city(|city| {
        let j = city.jurisdiction;
        let before = city.db.read_blocking(move |tx| roads::rules(tx, j)).unwrap();
        let act = supervisor(&city);
        let (same, _) = city.write(move |tx, j| roads::learn(tx, &act, j, &[])).unwrap();
        assert_eq!(&same, before.speeds());
        assert!(city.db.read_blocking(move |tx| roads::rules(tx, j)).unwrap().learnt.is_none());
        let act = city.staff(Role::CrewMember, None, 0);
        let denied = city.write(move |tx, j| roads::learn(tx, &act, j, &[]));
        assert_eq!(refused(denied), "denied");
    });
}
