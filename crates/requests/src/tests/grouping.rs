//! How well reports find each other, against what truly belongs together and against an exhaustive comparison.
//!
//! The made storm is hard on purpose: telephones are off by fifty metres, a tenth of the people choose another service
//! of the family, a fifth write nothing, some incidents of one family are neighbours, and there are lone reports in between.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use territory::Point;

use crate::incidents::Families;
use crate::incidents::likeness::{JOINS, Learned, PAIRS, Seen, words};
use crate::service::{Both, Definition, Service};
use crate::storm::StormRules;

const MINUTE: i64 = 60_000;

/// SplitMix64; the same storm every time.
struct Mix(u64);

impl Mix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn one<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[(self.next() % all.len() as u64) as usize]
    }

    /// Normal, by Box and Muller.
    fn bell(&mut self) -> f64 {
        (-2.0 * self.share().max(1e-12).ln()).sqrt() * (std::f64::consts::TAU * self.share()).cos()
    }
}

fn families() -> Families {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cities/tehran/storm.toml"))
            .unwrap();
    let rules: StormRules = toml::from_str(&text).unwrap();
    // Only the words that are usual in a family are read from the services.
    let mut catalogue = crate::Catalogue::empty();
    catalogue.services = [("fallen-tree", "درخت یا شاخه افتاده"), ("street-flood", "آبگرفتگی خیابان")]
        .into_iter()
        .enumerate()
        .map(|(n, (code, name))| Service {
            id: n as i64,
            code: code.into(),
            group: 1,
            is_open: true,
            about: Definition { name: Both::new(name, ""), ..Definition::default() },
        })
        .collect();
    Families::of(Arc::new(rules), &catalogue)
}

const STREETS: [&str; 8] = ["گلستان", "بهار", "سعدی", "حافظ", "فردوسی", "آزادی", "سرو", "نرگس"];
const TREES: [&str; 4] =
    ["درخت در خیابان {} افتاده", "یک تنه بزرگ راه {} را بسته", "شاخه شکسته خیابان {}", "درخت خم شده کوچه {}"];
const WATER: [&str; 4] =
    ["آب تا زانو در خیابان {}", "آبگرفتگی خیابان {}", "جوی {} بالا زده", "زیرگذر {} پر آب است"];

fn storm(seed: u64) -> Vec<(Option<usize>, Seen)> {
    let mut mix = Mix(seed);
    let at = |north: f64, east: f64| Point::new(35.7 + north / 111_320.0, 51.4 + east / 90_400.0).unwrap();
    let mut all = Vec::new();
    for n in 0..24usize {
        // Pairs of one family 300 metres apart, among others far away.
        let middle = ((n / 2) as f64 * 1100.0, (n % 2) as f64 * 300.0);
        let (family, service, texts) = if n % 4 < 2 { ("trees", 1, TREES) } else { ("water", 2, WATER) };
        let (street, wide) = (STREETS[n % 8], 25.0 + mix.share() * 30.0);
        let begins = (mix.share() * 240.0) as i64;
        for _ in 0..10 + mix.next() % 150 {
            let text = if mix.share() < 0.2 { String::new() } else { mix.one(&texts).replace("{}", street) };
            all.push((
                Some(n),
                report(&mut mix, family, service, at(middle.0, middle.1), wide, begins, &text),
            ));
        }
    }
    for _ in 0..400 {
        let middle = at(mix.share() * 13_000.0 - 500.0, mix.share() * 12_000.0 - 6_000.0);
        let (family, service, texts) =
            if mix.share() < 0.5 { ("trees", 1, TREES) } else { ("water", 2, WATER) };
        let street = *mix.one(&STREETS);
        let text = mix.one(&texts).replace("{}", street);
        all.push((None, report(&mut mix, family, service, middle, 0.0, (480.0 * 0.5) as i64, &text)));
    }
    all.sort_by_key(|(_, seen)| seen.at);
    all
}

fn report(
    mix: &mut Mix,
    family: &str,
    service: i64,
    middle: Point,
    wide: f64,
    begins: i64,
    text: &str,
) -> Seen {
    let (north, east) = (mix.bell() * wide, mix.bell() * wide);
    Seen {
        family: family.into(),
        service: service + if mix.share() < 0.1 { 10 } else { 0 },
        point: Point::new(middle.lat + north / 111_320.0, middle.long + east / 90_400.0).unwrap(),
        at: (begins + (mix.share() * 180.0) as i64) * MINUTE,
        danger: 0,
        words: words(text, ""),
        district: None,
        neighbourhood: None,
        unit: None,
    }
}

/// The follower's rule over a list, without rows. It must stay the same as `incidents::group`.
fn group(reports: &[(Option<usize>, Seen)], families: &Families) -> Vec<Option<usize>> {
    let mut bodies: Vec<(String, Learned, Option<usize>)> = Vec::new();
    let mut of: Vec<Option<usize>> = vec![None; reports.len()];
    for (n, (_, seen)) in reports.iter().enumerate() {
        let (family, usual) = (families.get(&seen.family), families.usual(&seen.family));
        let best = bodies
            .iter()
            .enumerate()
            .filter(|(_, (code, _, into))| *code == seen.family && into.is_none())
            .map(|(b, (_, body, _))| (body.likeness(seen, &family, usual), b))
            .filter(|(alike, _)| *alike >= JOINS)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, body)) = best {
            bodies[body].1.take(seen);
            of[n] = Some(body);
        } else {
            let alone = Learned::of(seen);
            let like: Vec<usize> = (0..n)
                .filter(|m| of[*m].is_none() && reports[*m].1.family == seen.family)
                .filter(|m| alone.likeness(&reports[*m].1, &family, usual) >= PAIRS)
                .collect();
            if like.len() + 1 < families.rules.incident.least {
                continue;
            }
            let mut body = alone;
            of[n] = Some(bodies.len());
            for m in like {
                body.take(&reports[m].1);
                of[m] = Some(bodies.len());
            }
            bodies.push((seen.family.clone(), body, None));
        }
        // What was touched may have become one with a neighbour.
        let Some(mine) = of[n] else { continue };
        let same = (0..bodies.len()).find(|b| {
            *b != mine
                && bodies[*b].2.is_none()
                && bodies[*b].0 == seen.family
                && bodies[*b].1.is_same(&bodies[mine].1, &family, usual)
        });
        if let Some(other) = same {
            let (into, from) =
                if bodies[mine].1.count >= bodies[other].1.count { (mine, other) } else { (other, mine) };
            let gone = bodies[from].1.clone();
            bodies[into].1.absorb(&gone);
            bodies[from].2 = Some(into);
            of.iter_mut().filter(|o| **o == Some(from)).for_each(|o| *o = Some(into));
        }
    }
    of
}

/// Exhaustive DBSCAN (Ester and others, 1996) on place and family alone, with every pair compared: what a stranger
/// would do with the same reports, without words and without time.
fn dbscan(reports: &[(Option<usize>, Seen)], metres: f64, least: usize) -> Vec<Option<usize>> {
    let near: Vec<Vec<usize>> = reports
        .iter()
        .map(|(_, a)| {
            (0..reports.len())
                .filter(|m| {
                    reports[*m].1.family == a.family && reports[*m].1.point.metres_to(a.point) <= metres
                })
                .collect()
        })
        .collect();
    let mut of = vec![None; reports.len()];
    let mut count = 0;
    for n in 0..reports.len() {
        if of[n].is_some() || near[n].len() < least {
            continue;
        }
        let mut queue = vec![n];
        while let Some(m) = queue.pop() {
            if of[m].is_none() {
                of[m] = Some(count);
                if near[m].len() >= least {
                    queue.extend(&near[m]);
                }
            }
        }
        count += 1;
    }
    of
}

/// Of all pairs said to belong together, how many do; of all that do, how many are said to.
fn quality(truth: &[Option<usize>], said: &[Option<usize>]) -> (f64, f64) {
    let pairs = |n: u64| n * n.saturating_sub(1) / 2;
    let mut both: HashMap<(usize, usize), u64> = HashMap::new();
    let (mut true_sizes, mut said_sizes) = (HashMap::new(), HashMap::new());
    for (t, s) in truth.iter().zip(said) {
        if let Some(t) = t {
            *true_sizes.entry(*t).or_insert(0u64) += 1;
        }
        if let Some(s) = s {
            *said_sizes.entry(*s).or_insert(0u64) += 1;
        }
        if let (Some(t), Some(s)) = (t, s) {
            *both.entry((*t, *s)).or_default() += 1;
        }
    }
    let hit: u64 = both.values().map(|n| pairs(*n)).sum();
    let said: u64 = said_sizes.values().map(|n| pairs(*n)).sum();
    let truth: u64 = true_sizes.values().map(|n| pairs(*n)).sum();
    (hit as f64 / said.max(1) as f64, hit as f64 / truth.max(1) as f64)
}

#[test]
fn reports_find_their_like_as_well_as_in_an_exhaustive_comparison() {
    let families = families();
    for seed in [1, 2, 3] {
        let reports = storm(seed);
        let truth: Vec<Option<usize>> = reports.iter().map(|(truth, _)| *truth).collect();
        let (precision, recall) = quality(&truth, &group(&reports, &families));
        let (oracle_precision, oracle_recall) = quality(&truth, &dbscan(&reports, 40.0, 4));
        println!(
            "seed {seed}: {} reports, precision {precision:.3} recall {recall:.3}; DBSCAN {oracle_precision:.3} {oracle_recall:.3}",
            reports.len()
        );
        assert!(precision >= 0.95 && recall >= 0.9, "seed {seed}: {precision:.3} {recall:.3}");
        let f1 = |p: f64, r: f64| 2.0 * p * r / (p + r);
        assert!(
            f1(precision, recall) + 0.02 >= f1(oracle_precision, oracle_recall),
            "seed {seed}: DBSCAN does better"
        );
    }
}

#[test]
fn sums_know_the_middle_and_the_spread_however_they_were_put_together() {
    let mut mix = Mix(9);
    let middle = Point::new(35.7, 51.4).unwrap();
    let all: Vec<Seen> =
        (0..200).map(|_| report(&mut mix, "trees", 1, middle, 60.0, 0, "درخت خیابان گلستان")).collect();
    let learn = |some: &[Seen]| {
        let mut learned = Learned::default();
        some.iter().for_each(|seen| learned.take(seen));
        learned
    };
    let whole = learn(&all);
    let mut parts = learn(&all[..70]);
    parts.absorb(&learn(&all[70..]));
    // The same by hand.
    let n = all.len() as f64;
    let lat = all.iter().map(|s| s.point.lat).sum::<f64>() / n;
    let long = all.iter().map(|s| s.point.long).sum::<f64>() / n;
    let by_hand = Point::new(lat, long).unwrap();
    let spread = (all.iter().map(|s| s.point.metres_to(by_hand).powi(2)).sum::<f64>() / n).sqrt();
    for learned in [&whole, &parts] {
        assert!(learned.middle().unwrap().metres_to(by_hand) < 0.1);
        assert!((learned.spread() - spread).abs() < 0.5, "{} {spread}", learned.spread());
        assert_eq!(learned.count, 200);
    }
    let mut fewer = whole.clone();
    for seen in &all[100..] {
        fewer.release(seen.point, seen.service);
    }
    assert!(fewer.middle().unwrap().metres_to(learn(&all[..100]).middle().unwrap()) < 0.1);
}

#[test]
fn names_of_streets_are_told_from_what_everybody_says() {
    assert_eq!(words("درخت در خیابان شهید بهشتی افتاده", ""), ["درخت", "در", "@بهشتی", "@افتاده"]);
    let (families, at) = (families(), |text: &str| Seen { words: words(text, ""), ..storm(1)[0].1.clone() });
    let (family, usual) = (families.get("trees"), families.usual("trees"));
    let mut golestan = Learned::default();
    (0..6).for_each(|_| golestan.take(&at("درخت خیابان گلستان")));
    let same = golestan.likeness(&at("شاخه خیابان گلستان"), &family, usual);
    let other = golestan.likeness(&at("درخت خیابان حافظ"), &family, usual);
    assert!(same > other + 0.2, "{same} {other}");
}
