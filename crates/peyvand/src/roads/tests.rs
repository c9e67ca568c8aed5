//! A routing service on the loopback: it answers, says no, is slow, and is gone.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dispatch::roads::{Band, Bands, Fetch, Service, Straight, Travel};
use territory::Point;

use super::Osrm;
use super::service::Http;

/// Answers every request with the same words, after a while, and counts them.
fn stand_in(status: u16, body: &'static str, after: Duration) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let first = lines.next().unwrap().unwrap();
            assert!(first.starts_with("GET /table/v1/driving/51.400000,35.700000;"), "{first}");
            lines.find(|line| line.as_ref().is_ok_and(String::is_empty));
            count.fetch_add(1, Ordering::Relaxed);
            std::thread::sleep(after);
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
        }
    });
    (address, asked)
}

fn bands() -> Bands {
    Bands { detour: 1.0, each: 0, band: vec![Band { from: 0, kmh: 30.0 }] }
}

fn service(address: &str, timeout_ms: u64) -> Service<Http> {
    let osrm = Osrm { service: format!("{address}/"), timeout_ms: Some(timeout_ms), ..Osrm::default() };
    Service::new(Http::new(&osrm), bands(), 100).unwrap()
}

const HERE: Point = Point { lat: 35.7, long: 51.4 };
const THERE: Point = Point { lat: 35.71, long: 51.41 };

#[test]
fn a_service_that_answers_is_believed() {
    let (address, _) = stand_in(200, r#"{"code":"Ok","durations":[[0,321.4]]}"#, Duration::ZERO);
    let service = service(&address, 10_000);
    assert_eq!(service.from_one(HERE, &[HERE, THERE], 9), [0, 321]);
    assert_eq!(service.trouble(), None);
}

#[test]
fn one_that_says_no_is_slow_or_gone_is_replaced_by_straight_lines() {
    let straight = Straight::new(bands()).unwrap().seconds(HERE, THERE, 9);
    let no = r#"{"code":"NoSegment","message":"One of the supplied input coordinates could not snap to street segment."}"#;
    let (refusing, _) = stand_in(400, no, Duration::ZERO);
    let (broken, _) = stand_in(502, "bad gateway", Duration::ZERO);
    let (slow, _) = stand_in(200, "{}", Duration::from_secs(5));
    // Nobody listens there any more.
    let gone = format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    for (address, timeout, why) in [
        (&refusing, 10_000, "NoSegment"),
        (&broken, 10_000, "502"),
        (&slow, 100, "timeout"),
        (&gone, 10_000, ""),
    ] {
        let service = service(address, timeout);
        assert_eq!(service.seconds(HERE, THERE, 9), straight);
        let said = service.trouble().unwrap();
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn one_that_failed_is_left_alone_for_a_while() {
    let (address, asked) = stand_in(500, "", Duration::ZERO);
    let http = Http::new(&Osrm { service: address, timeout_ms: Some(10_000), ..Osrm::default() });
    let path = "table/v1/driving/51.400000,35.700000;51.400000,35.700000?sources=0&destinations=1";
    let first = http.fetch(path).unwrap_err();
    assert_eq!(http.fetch(path).unwrap_err(), first);
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}
