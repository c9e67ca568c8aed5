//! Boxes with filters, tiles at every zoom, Persian words: each over the large city, each through the public verbs.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use requests::Status;
use requests::list::{Filter, list, spots};
use requests::map::{Asked, marks};
use storage::Db;
use territory::{Bounds, Point, cell};

use crate::data::{self, Ground, Mix};
use crate::table;

/// What one question may take, at the ninety-fifth of a hundred.
const LIMIT_MS: f64 = 50.0;

pub fn run(data: &Path, count: u64, times: usize) -> Result<()> {
    let folder = data::fill(data, count)?;
    let db = data::open(&folder)?;
    let ground = data::ground_of(&db, 1)?;
    table::heading(&format!("Questions over {count} requests, {times} of each, p95 against {LIMIT_MS} ms"));
    boxes(&db, &ground, times)?;
    tiles(&db, &ground, times)?;
    tiles_of_one_state(&db, &ground, times)?;
    words(&db, &ground, times)?;
    work(&db, &ground, times)
}

/// The lists that staff work from, over the whole city and for one unit, and words deep inside them.
fn work(db: &Db, ground: &Ground, times: usize) -> Result<()> {
    use requests::work::{Narrow, Reach, Turn, counts, queue};
    let j = ground.jurisdiction;
    let units = db.read_blocking(move |tx| -> storage::Result<Vec<i64>> {
        Ok(requests::catalogue(tx, j)?.units().map(|unit| unit.id).collect())
    })?;
    let now = crate::storm::now();
    let narrow = |turn| Narrow { turn, ..Narrow::default() };
    let words = |text: &str| Narrow { words: text.into(), ..Narrow::default() };
    let lists = [
        ("work list, all that is open", narrow(Turn::Open)),
        ("work list, what is late", narrow(Turn::Overdue)),
        ("work list, what is over", narrow(Turn::Done)),
        ("work list, a usual word", words("زباله")),
        ("work list, a word that nobody wrote", words("زززقق")),
    ];
    for (what, narrow) in lists {
        for whole in [true, false] {
            let mut mix = Mix(19);
            let place = if whole { "the city" } else { "one unit" };
            measure(&format!("{what}, {place}"), times, || {
                let unit = units.get(mix.below(units.len().max(1) as u64) as usize).copied();
                let reach = Reach {
                    jurisdiction: j,
                    city: whole,
                    units: unit.filter(|_| !whole).into_iter().collect(),
                    ..Reach::default()
                };
                let narrow = narrow.clone();
                Ok(db
                    .read_blocking(move |tx| queue::list(tx, &reach, &narrow, now, None, 50))?
                    .requests
                    .len())
            })?;
        }
    }
    measure("counts of all lists, the city", times, || {
        let reach = Reach { jurisdiction: j, city: true, ..Reach::default() };
        let waiting = db.read_blocking(move |tx| counts::waiting(tx, &reach, now))?;
        Ok(waiting.of(&Narrow::default()).unwrap_or(0) as usize)
    })
}

fn measure(name: &str, times: usize, mut ask: impl FnMut() -> Result<usize>) -> Result<()> {
    let mut took = Vec::with_capacity(times);
    let mut answers = 0;
    for _ in 0..times {
        let began = Instant::now();
        answers += ask()?;
        took.push(began.elapsed());
    }
    let half = table::ms(table::percentile(&mut took, 0.5));
    let p95 = table::ms(table::percentile(&mut took, 0.95));
    let each = answers as f64 / times as f64;
    table::line(
        name,
        p95,
        "ms p95",
        &format!("{:.2} of the limit; p50 {half:.1} ms, {each:.0} answers each", p95 / LIMIT_MS),
    );
    Ok(())
}

fn boxes(db: &Db, ground: &Ground, times: usize) -> Result<()> {
    let jurisdiction = ground.jurisdiction;
    for (name, degrees) in [("street", 0.003), ("neighbourhood", 0.015), ("district", 0.06), ("city", 0.5)] {
        for (what, open, service) in
            [("all", None, false), ("open", Some(true), false), ("one service, open", Some(true), true)]
        {
            let mut mix = Mix(11);
            measure(&format!("box of a {name}, {what}, 100 newest"), times, || {
                let at = ground.point(&mut mix);
                let bounds = Bounds::of(at, Point { lat: at.lat + degrees, long: at.long + degrees });
                let code = ground.services[mix.below(ground.services.len() as u64) as usize].clone();
                Ok(db
                    .read_blocking(move |tx| {
                        let services = if service {
                            vec![requests::catalogue(tx, jurisdiction)?.by_code(&code).map_or(0, |s| s.id)]
                        } else {
                            vec![]
                        };
                        list(
                            tx,
                            &Filter {
                                bounds: Some(bounds),
                                open,
                                services,
                                limit: 100,
                                ..Filter::of(jurisdiction)
                            },
                        )
                    })?
                    .requests
                    .len())
            })?;
        }
    }
    Ok(())
}

fn tiles(db: &Db, ground: &Ground, times: usize) -> Result<()> {
    let jurisdiction = ground.jurisdiction;
    for z in [8, 10, 11, 12, 13, 14, 15, 16, 18] {
        let mut mix = Mix(13);
        measure(&format!("tile at zoom {z}"), times, || {
            let (x, y) = cell::position(cell::of(ground.point(&mut mix)));
            let (x, y) = (x >> (cell::BITS - z), y >> (cell::BITS - z));
            Ok(db.read_blocking(move |tx| marks(tx, jurisdiction, z, x, y, &Asked::default()))?.len())
        })?;
    }
    Ok(())
}

/// What the counts by cell do not know: the requests in one state, or with a word, gathered anew for each tile.
fn tiles_of_one_state(db: &Db, ground: &Ground, times: usize) -> Result<()> {
    let states = [Status::Received, Status::Answered, Status::Closed];
    for z in [8, 10, 11, 12, 13, 14] {
        for words in ["", "زباله"] {
            let (mut mix, mut n) = (Mix(17), 0);
            let what = if words.is_empty() { "one state" } else { "one state and a word" };
            measure(&format!("tile at zoom {z}, {what}"), times, || {
                let (x, y) = cell::position(cell::of(ground.point(&mut mix)));
                let side = 1_u32 << (cell::BITS - z);
                let (x, y) = (x / side * side, y / side * side);
                let (a, b) = (corner(x, y), corner(x + side - 1, y + side - 1));
                n += 1;
                let filter = Filter {
                    bounds: Some(Bounds::of(a, b)),
                    statuses: vec![states[n % states.len()]],
                    words: words.into(),
                    ..Filter::of(ground.jurisdiction)
                };
                Ok(db.read_blocking(move |tx| spots(tx, &filter))?.len())
            })?;
        }
    }
    Ok(())
}

/// Where the cell at this position of the deepest grid lies.
fn corner(x: u32, y: u32) -> Point {
    let share = |n: u32| (f64::from(n) + 0.5) / f64::from(1_u32 << cell::BITS);
    let lat = ((1.0 - 2.0 * share(y)) * std::f64::consts::PI).sinh().atan().to_degrees();
    Point { lat, long: share(x) * 360.0 - 180.0 }
}

fn words(db: &Db, ground: &Ground, times: usize) -> Result<()> {
    let jurisdiction = ground.jurisdiction;
    let questions: [(&str, &[&str]); 5] = [
        ("a common word", &["زباله", "خیابان", "چراغ", "پارک"]),
        ("two common words", &["چاله آسفالت", "درخت جوی", "سگ پارک", "نخاله صدا"]),
        ("a beginning", &["درخ", "خیاب", "آسفا", "پیاد"]),
        ("a rare pair", &["دریچه 1377", "کوچه 2504 چراغ", "سگ 3999", "جدول 12 پلاک 7"]),
        ("nothing to be found", &["قطار کهکشان", "زباله زرافه"]),
    ];
    for (name, list_of) in questions {
        let mut n = 0;
        measure(&format!("search, {name}"), times, || {
            n += 1;
            let words = list_of[n % list_of.len()].to_owned();
            Ok(db
                .read_blocking(move |tx| list(tx, &Filter { words, limit: 25, ..Filter::of(jurisdiction) }))?
                .requests
                .len())
        })?;
    }
    Ok(())
}
