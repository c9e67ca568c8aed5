//! A routing service: what it is asked, what it answers, and what happens when it does not.

use std::sync::Mutex;

use super::*;

/// Answers from a closure and keeps the questions.
struct Scripted<A> {
    answer: A,
    asked: Mutex<Vec<String>>,
}

impl<A: Fn(&str) -> Result<String, String> + Send + Sync> Fetch for &Scripted<A> {
    fn fetch(&self, path: &str) -> Result<String, String> {
        self.asked.lock().unwrap().push(path.to_owned());
        (self.answer)(path)
    }
}

fn scripted<A: Fn(&str) -> Result<String, String> + Send + Sync>(answer: A) -> Scripted<A> {
    Scripted { answer, asked: Mutex::default() }
}

/// Places in a row; the service says a hundred seconds for each place between.
fn row(count: usize) -> Vec<Point> {
    (0..count).map(|n| at(35.70, 51.40 + 0.01 * n as f64)).collect()
}

/// Reads a question as OSRM does.
fn osrm(path: &str) -> Result<String, String> {
    let (places, query) = path.strip_prefix("table/v1/driving/").unwrap().split_once('?').unwrap();
    let longs: Vec<f64> =
        places.split(';').map(|place| place.split_once(',').unwrap().0.parse().unwrap()).collect();
    let list = |name: &str| -> Vec<usize> {
        let part = query.split('&').find_map(|part| part.strip_prefix(name)).unwrap();
        part.split(';').map(|n| n.parse().unwrap()).collect()
    };
    let (sources, destinations) = (list("sources="), list("destinations="));
    let row = |from: &usize| -> Vec<f64> {
        destinations.iter().map(|to| ((longs[*from] - longs[*to]).abs() * 10_000.0).round()).collect()
    };
    let durations: Vec<Vec<f64>> = sources.iter().map(row).collect();
    Ok(serde_json::json!({ "code": "Ok", "durations": durations }).to_string())
}

#[test]
fn a_question_is_written_as_osrm_reads_it() {
    let scripted = scripted(|_| Ok(r#"{"code":"Ok","durations":[[0.4,61.6]]}"#.into()));
    let service = Service::new(&scripted, plain(30.0), 100).unwrap();
    let times = service.from_one(at(35.7, 51.4), &[at(35.7, 51.4), at(35.71, 51.41)], 9);
    assert_eq!(times, [0, 62]);
    let asked = scripted.asked.lock().unwrap().clone();
    let expected = "table/v1/driving/51.400000,35.700000;51.400000,35.700000;51.410000,35.710000\
                    ?sources=0&destinations=1;2&annotations=duration";
    assert_eq!(asked, [expected]);
}

#[test]
fn a_large_table_is_asked_in_blocks() {
    let scripted = scripted(osrm);
    let service = Service::new(&scripted, plain(30.0), 10).unwrap();
    let points = row(23);
    let table = service.table(&points, 9);
    for (from, line) in table.time.chunks(23).enumerate() {
        let expected: Vec<i32> = (0..23).map(|to| (from as i32 - to).abs() * 100).collect();
        assert_eq!(line, expected);
    }
    let asked = std::mem::take(&mut *scripted.asked.lock().unwrap());
    assert_eq!(asked.len(), 25);
    assert!(asked.iter().all(|path| path.split('?').next().unwrap().matches(';').count() < 10));
    assert_eq!(service.to_one(&points, points[0], 9)[22], 2_200);
    assert_eq!(scripted.asked.lock().unwrap().len(), 3);
}

#[test]
fn the_hour_slows_what_the_service_says_of_empty_streets() {
    let scripted = scripted(osrm);
    let bands = Bands {
        each: 30,
        band: vec![Band { from: 0, kmh: 40.0 }, Band { from: 7, kmh: 20.0 }],
        ..plain(1.0)
    };
    let service = Service::new(&scripted, bands, 100).unwrap();
    let two = row(2);
    assert_eq!((service.seconds(two[0], two[1], 3), service.seconds(two[0], two[1], 8)), (130, 230));
}

#[test]
fn a_service_that_does_not_answer_is_replaced_and_that_is_shown() {
    let straight = Straight::new(plain(30.0)).unwrap();
    let two = row(2);
    let answers: [(&str, Result<&str, &str>); 7] = [
        ("no answer in time", Err("no answer in time")),
        ("it does not speak as OSRM does", Ok("<html>502 Bad Gateway</html>")),
        ("it does not speak as OSRM does", Ok("")),
        (
            "NoSegment Could not find a matching segment",
            Ok(r#"{"code":"NoSegment","message":"Could not find a matching segment"}"#),
        ),
        ("its table is not whole", Ok(r#"{"code":"Ok"}"#)),
        ("its table is not whole", Ok(r#"{"code":"Ok","durations":[[1,2],[3]]}"#)),
        ("it does not speak as OSRM does", Ok(r#"{"code":"Ok","durations":[["soon","later"],[1,2]]}"#)),
    ];
    for (why, answer) in answers {
        let scripted = scripted(move |_: &str| answer.map(str::to_owned).map_err(str::to_owned));
        let service = Service::new(&scripted, plain(30.0), 100).unwrap();
        assert_eq!(service.trouble(), None);
        assert_eq!(service.table(&two, 9), straight.table(&two, 9));
        assert_eq!(service.trouble().as_deref(), Some(why));
    }
}

#[test]
fn one_block_without_an_answer_leaves_all_to_straight_lines_until_the_next_time() {
    let fails = Mutex::new(3);
    let scripted = scripted(|path: &str| {
        let mut left = fails.lock().unwrap();
        *left -= 1;
        if *left == 0 { Err("gone".into()) } else { osrm(path) }
    });
    let service = Service::new(&scripted, plain(30.0), 10).unwrap();
    let points = row(12);
    assert_eq!(service.table(&points, 9), Straight::new(plain(30.0)).unwrap().table(&points, 9));
    assert!(service.trouble().is_some());
    assert_eq!(service.table(&points, 9).time[11], 1_100);
    assert_eq!(service.trouble(), None);
}

#[test]
fn where_the_service_knows_no_way_there_is_none() {
    let scripted = scripted(|_: &str| Ok(r#"{"code":"Ok","durations":[[null, 1e30, 5]]}"#.into()));
    let service = Service::new(&scripted, plain(30.0), 100).unwrap();
    assert_eq!(service.from_one(at(35.7, 51.4), &row(3), 9), [UNREACHABLE, UNREACHABLE, 5]);
    assert_eq!(service.from_one(at(35.7, 51.4), &[], 9), Vec::<i32>::new());
}
