//! Files of our own, the city's matrix, what is remembered and what is learnt.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::roads::learn::{Fix, LEAST_WAYS, learn, ways};

#[test]
fn a_graph_comes_back_from_its_file_as_it_was() {
    let roads = ladder();
    let mut file = Vec::new();
    roads.graph().write(&mut file).unwrap();
    let back = Graph::read(&mut &file[..]).unwrap();
    assert_eq!((&back.nodes, &back.arcs), (&roads.graph().nodes, &roads.graph().arcs));
}

#[test]
fn a_file_that_is_damaged_cut_or_not_ours_is_refused() {
    let mut file = Vec::new();
    ladder().graph().write(&mut file).unwrap();
    let refused = |bytes: &[u8]| Graph::read(&mut &bytes[..]).map(|_| ()).unwrap_err();
    assert!(matches!(refused(b""), CompactError::NotOurs));
    assert!(matches!(refused(b"PYVROADS"), CompactError::Damaged));
    assert!(matches!(refused(&file[..file.len() - 1]), CompactError::Damaged));
    for at in 12..file.len() {
        let mut bytes = file.clone();
        bytes[at] ^= 0x40;
        assert!(matches!(refused(&bytes), CompactError::Damaged), "byte {at}");
    }
    file[8] = 9;
    assert!(matches!(refused(&file), CompactError::Version(9)));
}

const ZONES: &str = "from_lat,from_long,to_lat,to_long,from_hour,seconds\n\
    35.70,51.40,35.80,51.40,0,600\n\
    35.70,51.40,35.80,51.40,7,1500\n\
    35.80,51.40,35.70,51.40,0,900\n";

#[test]
fn a_matrix_of_zones_answers_by_hour_and_direction() {
    let file = MatrixFile::read(ZONES, plain(30.0)).unwrap();
    assert_eq!(file.zones(), 2);
    let (south, north) = (at(35.70, 51.40), at(35.80, 51.40));
    let asked = [(6, 600), (7, 1500), (23, 1500)].map(|(hour, _)| file.seconds(south, north, hour));
    assert_eq!(asked, [600, 1500, 1500]);
    assert_eq!(file.seconds(north, south, 12), 900);
    assert_eq!(file.to_one(&[south, north], north, 7), [1500, 0]);
    // Nine tenths of the way between the middles.
    assert_eq!(file.seconds(at(35.71, 51.40), north, 0), 540);
    let straight = Straight::new(plain(30.0)).unwrap();
    let inside = at(35.705, 51.40);
    assert_eq!(file.seconds(south, inside, 0), straight.seconds(south, inside, 0), "within one zone");
    let far = at(32.0, 50.0);
    assert_eq!(file.seconds(south, far, 0), straight.seconds(south, far, 0), "off the map");
}

#[test]
fn a_matrix_that_says_nonsense_is_refused_with_its_line() {
    let head = "from_lat,from_long,to_lat,to_long,seconds,from_hour\n";
    let refused = |rows: &str| MatrixFile::read(&format!("{head}{rows}"), plain(30.0)).unwrap_err();
    let line = |line, what| MatrixFileError::Line { line, what };
    assert_eq!(refused(""), MatrixFileError::Empty);
    assert_eq!(refused("35,51,36,51,x,0"), line(2, "a number that is none"));
    assert_eq!(refused("35,51,36,51"), line(2, "a number that is none"));
    assert_eq!(refused("95,51,36,51,60,0"), line(2, "no position in degrees"));
    assert_eq!(refused("35,51,36,51,-1,0"), line(2, "a way takes between nothing and a day"));
    assert_eq!(refused("\n35,51,36,51,60,24"), line(3, "an hour is a whole number from 0 to 23"));
    assert_eq!(refused("35,51,36,51,60,1\n35,51,36,51,60,1"), line(3, "this pair and hour is there twice"));
    let no_seconds = MatrixFile::read("from_lat,from_long,to_lat,to_long\n", plain(30.0)).unwrap_err();
    assert_eq!(no_seconds, MatrixFileError::Column("seconds"));
    let with_mark = format!("\u{feff}{ZONES}");
    assert!(MatrixFile::read(&with_mark.replace('\n', "\r\n"), plain(30.0)).is_ok());
}

/// Counts what it is asked.
#[derive(Default)]
struct Counting {
    rows: AtomicUsize,
    columns: AtomicUsize,
    tables: AtomicUsize,
    trouble: Mutex<Option<String>>,
}

impl Travel for &Counting {
    fn source(&self) -> Source {
        Source::Straight
    }

    fn from_one(&self, from: Point, to: &[Point], hour: u8) -> Vec<i32> {
        self.rows.fetch_add(1, Ordering::Relaxed);
        Straight::default().from_one(from, to, hour)
    }

    fn to_one(&self, from: &[Point], to: Point, hour: u8) -> Vec<i32> {
        self.columns.fetch_add(1, Ordering::Relaxed);
        Straight::default().to_one(from, to, hour)
    }

    fn table(&self, points: &[Point], hour: u8) -> Matrix {
        self.tables.fetch_add(1, Ordering::Relaxed);
        Straight::default().table(points, hour)
    }

    fn trouble(&self) -> Option<String> {
        self.trouble.lock().unwrap().clone()
    }
}

#[test]
fn one_more_place_is_one_question_from_it_and_one_to_it() {
    let counting = Counting::default();
    let remembered = Remembered::new(&counting);
    let mut points: Vec<Point> = (0..30).map(|n| at(35.70 + 0.001 * f64::from(n), 51.40)).collect();
    let asked = || {
        (
            counting.tables.swap(0, Ordering::Relaxed),
            counting.rows.swap(0, Ordering::Relaxed),
            counting.columns.swap(0, Ordering::Relaxed),
        )
    };
    remembered.table(&points, 9);
    assert_eq!(asked(), (1, 0, 0));
    remembered.table(&points, 9);
    assert_eq!(asked(), (0, 0, 0));
    points.push(at(35.75, 51.45));
    assert_eq!(remembered.table(&points, 9), Straight::default().table(&points, 9));
    let (tables, rows, columns) = asked();
    assert_eq!((tables, rows + columns), (0, 2));
    remembered.from_one(points[3], &points[..9], 33);
    assert_eq!(asked(), (0, 0, 0), "the hour counts round the clock");
    remembered.from_one(points[3], &points[..9], 10);
    assert_eq!(asked(), (0, 1, 0));
}

#[test]
fn what_was_said_in_trouble_is_not_remembered() {
    let counting = Counting::default();
    *counting.trouble.lock().unwrap() = Some("no answer".into());
    let remembered = Remembered::new(&counting);
    let (a, b) = (at(35.70, 51.40), at(35.71, 51.40));
    remembered.seconds(a, b, 9);
    remembered.seconds(a, b, 9);
    assert_eq!(counting.rows.load(Ordering::Relaxed), 2);
    assert_eq!(remembered.trouble().as_deref(), Some("no answer"));
}

proptest! {
    /// Whatever was asked before, the answers are the same.
    #[test]
    fn a_memory_changes_nothing(asks in prop::collection::vec((prop::collection::vec(0..9usize, 0..6), prop::collection::vec(0..9usize, 0..6), 0..3u8), 1..8)) {
        let places: Vec<Point> = (0..9).map(|n| at(35.70 + 0.003 * f64::from(n), 51.40 + 0.002 * f64::from(n % 4))).collect();
        let (ladder, remembered) = (ladder(), Remembered::new(ladder()));
        for (from, to, hour) in asks {
            let pick = |list: Vec<usize>| list.into_iter().map(|n| places[n]).collect::<Vec<_>>();
            let (from, to) = (pick(from), pick(to));
            prop_assert_eq!(remembered.table(&from, hour), ladder.table(&from, hour));
            for one in &to {
                prop_assert_eq!(remembered.to_one(&from, *one, hour), ladder.to_one(&from, *one, hour));
                prop_assert_eq!(remembered.from_one(*one, &from, hour), ladder.from_one(*one, &from, hour));
            }
        }
    }
}

/// Stands five minutes, drives a hundredth of a degree north in `drive` seconds, and so on.
fn trail(legs: usize, drive: i64, from: i64) -> Vec<Fix> {
    let mut fixes = Vec::new();
    let (mut now, mut lat) = (from, 35.70);
    for _ in 0..=legs {
        fixes.extend((0..=10).map(|n| Fix { at: now + n * 30, point: at(lat, 51.40) }));
        now += 300;
        fixes.extend(
            (1..10).map(|n| Fix { at: now + drive * n / 10, point: at(lat + 0.001 * n as f64, 51.40) }),
        );
        (now, lat) = (now + drive, lat + 0.01);
    }
    fixes
}

#[test]
fn a_trail_is_cut_where_a_crew_stood() {
    let found = ways(&trail(3, 400, 1_000));
    assert_eq!(found.len(), 3);
    for way in &found {
        assert!((way.metres - 1_112.0).abs() < 5.0 && (way.seconds - 400).abs() <= 40, "{way:?}");
    }
    let mut holed = trail(1, 400, 0);
    holed.retain(|fix| fix.at < 250 || fix.at > 900);
    assert_eq!(ways(&holed), [], "nobody knows what was in the hole");
    assert_eq!(ways(&[]), []);
}

#[test]
fn many_ways_replace_the_guess_and_few_do_not() {
    let guess =
        Bands { detour: 1.4, each: 0, band: vec![Band { from: 0, kmh: 30.0 }, Band { from: 12, kmh: 25.0 }] };
    let mut found = ways(&trail(LEAST_WAYS, 280, 0));
    found.extend(ways(&trail(5, 900, 50_000)));
    let hour = |at: i64| if at >= 50_000 { 13 } else { 9 };
    let (learnt, counts) = learn(&guess, &found, hour);
    assert_eq!(counts, [LEAST_WAYS, 5]);
    // 1112 metres of straight line, 1.4 times as long, in 280 seconds: twenty kilometres an hour.
    assert!((learnt.band[0].kmh - 20.0).abs() < 2.0, "{learnt:?}");
    assert_eq!(learnt.band[1].kmh, 25.0);
    assert_eq!(learnt.validate(), Ok(()));
}
