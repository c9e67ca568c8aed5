//! A city with many requests, brought in the way any city's past is.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use calendar::Timestamp;
use language::Lang;
use people::{Act, Actor, Dice};
use requests::import::{Importer, Prepared, Record};
use requests::{Channel, Kind, Priority, Status};
use storage::{Db, Options, Target};
use territory::Point;

pub const SOURCE: &str = "bench";
/// Saturday 23 Aban 1405 in Tehran.
pub const NOW: Timestamp = Timestamp(1_794_637_800_000);
const CHUNK: u64 = 4000;

/// Words as people write them; the mix gives common and rare words.
const THINGS: [&str; 12] = [
    "چالهٔ بزرگ در آسفالت خیابان",
    "زباله‌ها از دیشب جمع نشده",
    "چراغ معبر خاموش است",
    "درخت خشک جلوی ساختمان",
    "آب جوی بالا آمده و پیاده‌رو خیس است",
    "سد معبر دست‌فروش‌ها",
    "نخاله ساختمانی رها شده",
    "صدای کارگاه شبانه",
    "سگ ولگرد در پارک",
    "جدول کنار خیابان شکسته",
    "خط‌کشی عابر پاک شده",
    "دریچهٔ فاضلاب لق است",
];

/// A sequence that looks random and is the same every time.
pub struct Mix(pub u64);

impl Mix {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// What the generator needs to know of the city.
pub struct Ground {
    pub jurisdiction: i64,
    pub services: Vec<String>,
    /// The label points of the neighbourhoods.
    pub middles: Vec<Point>,
    pub atlas: Arc<territory::Atlas>,
}

impl Ground {
    /// A point within some hundred metres of the middle of a neighbourhood.
    pub fn point(&self, mix: &mut Mix) -> Point {
        let middle = self.middles[mix.below(self.middles.len() as u64) as usize];
        let (lat, long) = (middle.lat + (mix.unit() - 0.5) * 0.008, middle.long + (mix.unit() - 0.5) * 0.01);
        match Point::new(lat, long) {
            Some(point) if matches!(self.atlas.locate(point), territory::Located::Inside(_)) => point,
            _ => middle,
        }
    }

    pub fn words(mix: &mut Mix) -> String {
        let a = THINGS[mix.below(THINGS.len() as u64) as usize];
        let b = THINGS[mix.below(THINGS.len() as u64) as usize];
        format!("{a}، {b}. کوچهٔ {} پلاک {}", mix.below(4000), mix.below(300))
    }
}

pub fn open(folder: &Path) -> Result<Db> {
    Ok(Db::open(&Options::new(Target::Sqlite(folder.join("city.db"))))?)
}

pub fn act(by: &'static str) -> Result<Act> {
    let mut key = [0u8; 32];
    getrandom::fill(&mut key).map_err(|e| anyhow::anyhow!("{e}"))?;
    Ok(Act::new(Actor::System(by), NOW, Arc::new(Dice::new(key))))
}

/// Loads the reference city into an empty database.
pub fn found_city(db: &Db) -> Result<Ground> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cities/tehran");
    let (ground, services) = (territory::pack::read(&folder)?, requests::pack::read(&folder)?);
    let one = act("bench")?;
    let jurisdiction = {
        let one = one.clone();
        db.write_blocking(move |tx| territory::pack::load(tx, &one, &ground))?.jurisdiction_id
    };
    db.write_blocking(move |tx| requests::pack::load(tx, &one, jurisdiction, &services))?;
    ground_of(db, jurisdiction)
}

pub fn ground_of(db: &Db, jurisdiction: i64) -> Result<Ground> {
    let (atlas, services) = db.read_blocking(move |tx| {
        let catalogue = requests::catalogue(tx, jurisdiction)?;
        let plain =
            |s: &&requests::service::Service| s.is_public() && s.about.attributes.iter().all(|a| !a.required);
        let codes: Vec<String> = catalogue.services.iter().filter(plain).map(|s| s.code.clone()).collect();
        Ok::<_, storage::Error>((territory::atlas(tx, jurisdiction)?, codes))
    })?;
    let middles: Vec<Point> =
        atlas.divisions(territory::Level::Neighbourhood).filter_map(|d| d.label).collect();
    anyhow::ensure!(!middles.is_empty(), "the city has no neighbourhoods");
    Ok(Ground { jurisdiction, services, middles, atlas })
}

pub fn record(ground: &Ground, mix: &mut Mix, n: u64) -> Record {
    // One after the other in time, as every line keeps its records; about a thousand a day.
    let requested_at = NOW.plus_millis(n as i64 * 60_000 - 1_000_000 * 60_000);
    let status = match mix.below(20) {
        0 => Status::Received,
        1 => Status::Assigned,
        2 => Status::Declined,
        _ => Status::Closed,
    };
    Record {
        external_id: format!("b{n}"),
        kind: Kind::Request,
        service_code: ground.services[mix.below(ground.services.len() as u64) as usize].clone(),
        status,
        channel: Channel::Import,
        language: Lang::Fa,
        priority: Priority::Normal,
        words: Ground::words(mix),
        address: format!("خیابان {}، پلاک {}", mix.below(900), mix.below(200)),
        point: Some(ground.point(mix)),
        division: None,
        unit: None,
        requested_at,
        updated_at: None,
        closed_at: (!status.is_open()).then(|| requested_at.plus_millis(mix.below(5 * 86_400_000) as i64)),
        due_at: None,
        resolution: String::new(),
    }
}

/// Makes the large city if it is not there, and returns its folder.
pub fn fill(data: &Path, count: u64) -> Result<PathBuf> {
    let folder = data.join(format!("city-{count}"));
    let ready = folder.join("ready");
    if ready.exists() {
        return Ok(folder);
    }
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    let db = open(&folder)?;
    let ground = found_city(&db)?;
    let began = Instant::now();
    let took = bring(&db, &ground, count)?;
    println!(
        "{count} requests brought in at {:.0}/s (storing alone {:.0}/s)",
        count as f64 / began.elapsed().as_secs_f64(),
        count as f64 / took.as_secs_f64()
    );
    let began = Instant::now();
    for follower in requests::FOLLOWERS {
        storage::followers::catch_up_blocking(&db, *follower)?;
    }
    println!("figures and words followed at {:.0} facts/s", count as f64 / began.elapsed().as_secs_f64());
    drop(db);
    std::fs::write(ready, "")?;
    Ok(folder)
}

/// Brings in generated records, made and prepared in one thread and stored from another; returns the time spent storing.
pub fn bring(db: &Db, ground: &Ground, count: u64) -> Result<Duration> {
    let act = act("bench")?;
    let jurisdiction = ground.jurisdiction;
    let importer = db.read_blocking(move |tx| Importer::new(tx, &act, jurisdiction))?;
    let (sender, receiver) = std::sync::mpsc::sync_channel::<Result<Vec<Prepared>>>(4);
    std::thread::scope(|scope| {
        let preparing = importer.clone();
        scope.spawn(move || {
            let mut mix = Mix(7);
            let mut first = 0;
            while first < count {
                let end = (first + CHUNK).min(count);
                let chunk =
                    (first..end).map(|n| Ok(preparing.prepare(n, record(ground, &mut mix, n))?)).collect();
                if sender.send(chunk).is_err() {
                    return;
                }
                first = end;
            }
        });
        let mut storing = Duration::ZERO;
        for chunk in receiver {
            let (importer, chunk) = (importer.clone(), chunk?);
            let began = Instant::now();
            db.write_blocking(move |tx| importer.store(tx, SOURCE, &chunk))?;
            storing += began.elapsed();
        }
        Ok(storing)
    })
}
