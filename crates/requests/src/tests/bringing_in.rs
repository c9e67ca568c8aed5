//! Records of the past.

use calendar::Timestamp;
use language::Lang;
use people::Actor;

use super::{City, SATURDAY, in_the_city};
use crate::import::{BroughtIn, ImportError, Record, bring_in};
use crate::{Channel, Kind, Priority, Status, figures};

fn record(n: i64) -> Record {
    let requested_at = Timestamp(SATURDAY.0 - 90 * 86_400_000);
    Record {
        external_id: format!("r{n}"),
        kind: Kind::Request,
        service_code: "street-sweeping".into(),
        status: if n % 2 == 0 { Status::Closed } else { Status::Assigned },
        channel: Channel::Import,
        language: Lang::Fa,
        priority: Priority::Normal,
        words: format!("جارو نشده {n}"),
        address: String::new(),
        point: territory::Point::new(super::INSIDE.0, super::INSIDE.1),
        division: None,
        unit: None,
        requested_at,
        updated_at: None,
        closed_at: (n % 2 == 0).then(|| requested_at.plus_millis(3_600_000)),
        due_at: None,
        resolution: if n % 2 == 0 { "انجام شد".into() } else { String::new() },
    }
}

fn bring(city: &City, records: Vec<Record>, first: u64) -> Result<BroughtIn, ImportError> {
    let (act, jurisdiction) = (city.act(Actor::System("import"), SATURDAY), city.jurisdiction);
    city.db.write_blocking(move |tx| bring_in(tx, &act, jurisdiction, "old-line", first, &records))
}

#[test]
fn an_import_that_was_cut_off_can_be_repeated() {
    in_the_city("tehran", |city| {
        let some: Vec<_> = (0..150).map(record).collect();
        assert_eq!(
            bring(&city, some.clone(), 0).unwrap(),
            BroughtIn { added: 150, known: 0 },
            "{}",
            city.engine
        );
        let more: Vec<_> = (100..200).map(record).collect();
        assert_eq!(bring(&city, more, 150).unwrap(), BroughtIn { added: 50, known: 50 }, "{}", city.engine);
        let twice = vec![record(900), record(900)];
        assert_eq!(bring(&city, twice, 500).unwrap(), BroughtIn { added: 1, known: 1 }, "{}", city.engine);
        storage::followers::catch_up_blocking(&city.db, figures::FOLLOWER).unwrap();
        let jurisdiction = city.jurisdiction;
        let figures =
            city.db.read_blocking(move |tx| figures::of_city(tx, jurisdiction, 0, i64::MAX)).unwrap();
        assert_eq!((figures.all, figures.open, figures.in_time), (201, 100, 101), "{}", city.engine);
        let (ever, differences) = city
            .db
            .read_blocking(move |tx| {
                Ok::<_, storage::Error>((
                    figures::of_ever(tx, jurisdiction)?,
                    crate::check::figures(tx, jurisdiction)?,
                ))
            })
            .unwrap();
        assert_eq!((ever, differences), (figures, vec![]), "{}", city.engine);
        let found =
            city.db.read_blocking(move |tx| crate::search::find(tx, jurisdiction, "جارو", 1000)).unwrap();
        assert_eq!(found.len(), 201, "{}", city.engine);
    });
}

#[test]
fn a_record_of_an_unknown_service_stops_its_chunk_whole() {
    in_the_city("tehran", |city| {
        let mut some: Vec<_> = (0..5).map(record).collect();
        some[3].service_code = "no-such".into();
        assert!(matches!(bring(&city, some, 0), Err(ImportError::UnknownService { .. })), "{}", city.engine);
        let jurisdiction = city.jurisdiction;
        let page = city
            .db
            .read_blocking(move |tx| crate::list::list(tx, &crate::list::Filter::of(jurisdiction)))
            .unwrap();
        assert!(page.requests.is_empty(), "{}: nothing half-written", city.engine);
    });
}
