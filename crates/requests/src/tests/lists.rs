//! What stands first in a list of work, and how deep words are found in it.

use people::Role;

use super::storms::{MINUTE, a_tree, begin};
use super::{SATURDAY, in_the_city};
use crate::RequestId;
use crate::storm::{self, Mode};
use crate::work::{self, Narrow, Reach, queue};

#[test]
fn what_comes_first_in_a_storm_stands_first_in_every_list() {
    in_the_city("tehran", |city| {
        let (j, district) = (city.jurisdiction, city.show(a_tree(&city).1[0]).district);
        let swept = city.submit(city.draft("street-sweeping", "جارو")).unwrap().id;
        let lamp = city.submit(city.draft("blocked-drain", "آب")).unwrap().id;
        let late = SATURDAY.plus_millis(4_000 * 60 * MINUTE);
        let listed = |city: &super::City| {
            city.db
                .read_blocking(move |tx| -> Result<_, storage::Error> {
                    let reach = work::Reach { jurisdiction: j, city: true, ..work::Reach::default() };
                    let (mut all, mut after) = (Vec::new(), None);
                    loop {
                        let page = queue::list(tx, &reach, &work::Narrow::default(), late, after, 2)?;
                        all.extend(page.requests.iter().map(|r| r.id));
                        after = page.next.and_then(|mark| queue::Mark::parse(&mark.to_string()));
                        if after.is_none() {
                            return Ok(all);
                        }
                    }
                })
                .unwrap()
        };
        let usual = listed(&city);
        assert_eq!(usual.len(), 5, "{}", city.engine);
        let mode = |first: &str| Mode { first: vec![first.into()], wait: vec![], ..Mode::default() };
        begin(&city, Role::Supervisor, None, Some(mode("blocked-drain"))).unwrap();
        assert_eq!(listed(&city)[0], lamp, "{}", city.engine);
        // A district's own storm says what comes first there.
        begin(&city, Role::Supervisor, district, Some(mode("street-sweeping"))).unwrap();
        let now = listed(&city);
        assert_eq!(now[0], swept, "{}", city.engine);
        let (mut a, mut b) = (usual.clone(), now.clone());
        (a.sort(), b.sort());
        assert_eq!(a, b, "{}: each stands there once", city.engine);
        let simple = city
            .db
            .read_blocking(move |tx| {
                let storms = storm::current(tx, j)?;
                Ok::<_, storage::Error>((storms.is_simple(district), storms.is_simple(None)))
            })
            .unwrap();
        assert_eq!(simple, (true, true));
    });
}

#[test]
fn a_district_in_a_storm_asks_less_and_the_rest_of_the_city_as_usual() {
    in_the_city("tehran", |city| {
        let (j, district) = (city.jurisdiction, city.show(a_tree(&city).1[0]).district);
        begin(&city, Role::Supervisor, district, None).unwrap();
        let storms = city.db.read_blocking(move |tx| storm::current(tx, j)).unwrap();
        let said = [district, district.map(|id| id + 1), None].map(|d| storms.is_simple(d));
        assert_eq!(said, [true, false, false], "{}", city.engine);
    });
}

#[test]
fn words_are_found_however_deep_they_stand_in_a_list() {
    in_the_city("tehran", |city| {
        let j = city.jurisdiction;
        // Three are looked at in one go here, so that each of these lies in another look.
        let made: Vec<RequestId> = (0..9)
            .map(|n| {
                let words = if n % 3 == 2 { "نیمکت شکسته" } else { "جارو" };
                city.submit(city.draft("street-sweeping", &format!("{words} {n}"))).unwrap().id
            })
            .collect();
        let found = city
            .db
            .read_blocking(move |tx| -> Result<_, storage::Error> {
                let reach = Reach { jurisdiction: j, city: true, ..Reach::default() };
                let narrow = Narrow { words: "نیمکت".into(), ..Narrow::default() };
                let (mut seen, mut pages, mut after) = (Vec::new(), 0, None);
                loop {
                    let page = queue::list(tx, &reach, &narrow, SATURDAY, after, 2)?;
                    pages += 1;
                    seen.extend(page.requests.iter().map(|r| r.id));
                    after = page.next;
                    if after.is_none() {
                        return Ok((seen, pages));
                    }
                }
            })
            .unwrap();
        assert_eq!(found.0, [made[2], made[5], made[8]], "{}", city.engine);
        assert!(found.1 >= 2, "two on the first page, and the rest behind it");
    });
}
