//! Who reports what, when and where: one day of storm, and what truly belongs together.
//!
//! Hard on purpose: telephones are off by twenty to a hundred metres, two of a hundred report from somewhere else, one
//! of a hundred says only an address, a tenth chooses another service of the family, every third does not name the
//! street or names another, a seventh says hardly anything; some incidents of one family are neighbours; and the rest of
//! the city goes on reporting, half of it about the same services.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use requests::service::Datatype;
use serde_json::json;
use storage::Db;
use territory::{Located, Point};

use crate::data::{Ground, Mix};

pub const INCIDENTS: usize = 60;
/// Of a hundred messages, so many are about the incidents.
const ABOUT_INCIDENTS: u64 = 85;

/// One message.
pub struct Message {
    /// After the beginning.
    pub at: Duration,
    /// What it is truly about; none for a lone report.
    pub incident: Option<usize>,
    pub body: String,
}

struct Incident {
    services: &'static [&'static str],
    middle: Point,
    /// Metres by which reports scatter.
    wide: f64,
    street: String,
    weight: f64,
    /// When it begins and how fast people stop reporting it, in shares of the day.
    begins: f64,
    fades: f64,
}

/// Services of one family, the usual one first, how often a storm brings it, and how wide its reports scatter.
const KINDS: [(&[&str], f64, f64, f64); 5] = [
    (&["fallen-tree", "tree-power-line"], 0.42, 18.0, 48.0),
    (&["street-flood", "blocked-drain"], 0.28, 30.0, 75.0),
    (&["power-outage", "street-light"], 0.12, 60.0, 100.0),
    (&["snow-clearing", "icy-road"], 0.10, 30.0, 75.0),
    (&["dangerous-building", "urban-furniture"], 0.08, 15.0, 40.0),
];

/// Messages an hour on the worst day of the storm of summer 1401, as shares: quiet until the afternoon, then all at once.
const HOURS: [f64; 24] = [
    1.2, 0.8, 0.6, 0.5, 0.5, 0.8, 1.6, 3.0, 4.5, 5.0, 5.2, 5.0, 4.8, 4.6, 5.5, 7.5, 9.5, 9.0, 7.5, 6.2, 5.4,
    4.6, 3.9, 2.8,
];

struct Speech {
    texts: HashMap<String, Vec<String>>,
    streets: Vec<String>,
    alleys: Vec<String>,
    landmarks: Vec<String>,
}

/// All messages in the order of time.
pub fn make(db: &Db, ground: &Ground, count: usize, lasting: Duration, seed: u64) -> Result<Vec<Message>> {
    let mut mix = Mix(seed);
    let speech = speech()?;
    let questions = questions(db, ground)?;
    let incidents = incidents(ground, &speech, &mut mix);
    let sums: Vec<f64> = incidents
        .iter()
        .scan(0.0, |sum, incident| {
            *sum += incident.weight;
            Some(*sum)
        })
        .collect();
    let all = sums.last().copied().unwrap_or(1.0);
    let mut messages = Vec::with_capacity(count);
    while messages.len() < count {
        let about = (mix.below(100) < ABOUT_INCIDENTS).then(|| {
            let wish = mix.unit() * all;
            sums.partition_point(|sum| *sum <= wish).min(incidents.len() - 1)
        });
        let (at, body) = match about.and_then(|n| incidents.get(n)) {
            Some(incident) => {
                (moment(incident, &mut mix), of_incident(incident, ground, &speech, &questions, &mut mix))
            }
            None => (hour(&mut mix), alone(ground, &speech, &questions, &mut mix)),
        };
        if let Some(body) = body {
            messages.push(Message { at: lasting.mul_f64(at), incident: about, body });
        }
    }
    messages.sort_by_key(|message| message.at);
    Ok(messages)
}

fn incidents(ground: &Ground, speech: &Speech, mix: &mut Mix) -> Vec<Incident> {
    let mut all: Vec<Incident> = Vec::new();
    for n in 0..INCIDENTS {
        let mut wish = mix.unit();
        let kind = KINDS.iter().find(|(_, share, _, _)| {
            wish -= share;
            wish <= 0.0
        });
        let (services, _, least, most) = *kind.unwrap_or(&KINDS[0]);
        // Every sixth one is a few streets from another of its family.
        let beside = (n % 6 == 5).then(|| all.iter().rev().find(|i| i.services == services)).flatten();
        let middle = match beside {
            Some(other) => {
                let turn = mix.unit() * std::f64::consts::TAU;
                let far = 480.0 + mix.unit() * 200.0;
                inside(ground, away(other.middle, far * turn.sin(), far * turn.cos()))
                    .unwrap_or(ground.point(mix))
            }
            None => ground.point(mix),
        };
        let begins = hour(mix) * 0.9;
        all.push(Incident {
            services,
            middle,
            wide: least + mix.unit() * (most - least),
            street: one(&speech.streets, mix).to_owned(),
            // A few are known to the whole quarter.
            weight: 1.0 / (1.0 + n as f64).powf(0.7),
            begins,
            fades: 0.05 + mix.unit() * 0.15,
        });
    }
    all
}

fn moment(incident: &Incident, mix: &mut Mix) -> f64 {
    loop {
        // Most report at once, some for hours.
        let at = incident.begins - incident.fades * (1.0 - mix.unit()).max(1e-9).ln();
        if at < 1.0 {
            return at;
        }
    }
}

/// A moment of the day by the shape of its hours.
fn hour(mix: &mut Mix) -> f64 {
    let all: f64 = HOURS.iter().sum();
    let mut wish = mix.unit() * all;
    let at = HOURS.iter().position(|share| {
        wish -= share;
        wish <= 0.0
    });
    (at.unwrap_or(23) as f64 + mix.unit()) / 24.0
}

fn of_incident(
    incident: &Incident,
    ground: &Ground,
    speech: &Speech,
    questions: &Questions,
    mix: &mut Mix,
) -> Option<String> {
    let wrong = mix.below(10) == 0;
    let service = incident.services.get(usize::from(wrong)).or(incident.services.first())?;
    let far = if mix.below(50) == 0 { 300.0 + mix.unit() * 1_200.0 } else { incident.wide };
    let (north, east) = (bell(mix) * far, bell(mix) * far);
    let point = inside(ground, away(incident.middle, north, east))?;
    let street = if mix.below(3) == 0 { one(&speech.streets, mix) } else { &incident.street };
    body(service, point, street, speech, questions, mix)
}

/// A report of one's own, somewhere in the city.
fn alone(ground: &Ground, speech: &Speech, questions: &Questions, mix: &mut Mix) -> Option<String> {
    let point = ground.point(mix);
    let service = if mix.below(2) == 0 {
        let (services, _, _, _) = KINDS.get(mix.below(KINDS.len() as u64) as usize)?;
        (*services.get(mix.below(2) as usize)?).to_owned()
    } else {
        ground.services.get(mix.below(ground.services.len() as u64) as usize)?.clone()
    };
    body(&service, point, one(&speech.streets, mix), speech, questions, mix)
}

fn body(
    service: &str,
    point: Point,
    street: &str,
    speech: &Speech,
    questions: &Questions,
    mix: &mut Mix,
) -> Option<String> {
    let said = speech.texts.get(service).map_or("لطفاً رسیدگی کنید", |texts| one(texts, mix));
    let words = said
        .replace("{street}", if mix.below(3) == 0 { "خیابان ما" } else { street })
        .replace("{alley}", one(&speech.alleys, mix))
        .replace("{landmark}", one(&speech.landmarks, mix))
        .replace("{number}", &(1 + mix.below(200)).to_string())
        .replace("{since}", "از صبح")
        .replace("{neighbourhood}", "محلهٔ ما");
    let words = if mix.below(7) == 0 { "لطفاً زود بیایید".to_owned() } else { words };
    let attributes: serde_json::Map<String, serde_json::Value> = questions
        .get(service)
        .into_iter()
        .flatten()
        .map(|(code, values)| (code.clone(), json!(one(values, mix))))
        .collect();
    let mut body =
        json!({ "service_code": service, "description": words, "attributes": attributes, "language": "fa" });
    let fields = body.as_object_mut()?;
    if mix.below(100) == 0 {
        fields.insert("address".into(), json!(format!("{street}، پلاک {}", mix.below(200))));
    } else {
        fields.insert("lat".into(), json!((point.lat * 1e5).round() / 1e5));
        fields.insert("long".into(), json!((point.long * 1e5).round() / 1e5));
    }
    Some(body.to_string())
}

type Questions = HashMap<String, Vec<(String, Vec<String>)>>;

/// Required questions of each service with what may be answered.
fn questions(db: &Db, ground: &Ground) -> Result<Questions> {
    let city = ground.jurisdiction;
    let catalogue = db.read_blocking(move |tx| requests::catalogue(tx, city))?;
    let of = |service: &requests::service::Service| {
        let asked = service.about.attributes.iter().filter(|a| a.required && a.variable);
        asked
            .map(|a| {
                let values = match a.datatype {
                    Datatype::SingleValueList | Datatype::MultiValueList => {
                        a.values.iter().map(|v| v.key.clone()).collect()
                    }
                    _ => vec!["1".to_owned()],
                };
                (a.code.clone(), values)
            })
            .collect()
    };
    Ok(catalogue.services.iter().map(|s| (s.code.clone(), of(s))).collect())
}

/// What people write, from the demo city's own sentences.
fn speech() -> Result<Speech> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cities/tehran/demo.toml");
    let script: toml::Table = std::fs::read_to_string(&path)?.parse().context("demo.toml")?;
    let texts = |value: Option<&toml::Value>| -> Vec<String> {
        let list = value.and_then(toml::Value::as_array).into_iter().flatten();
        list.filter_map(|text| text.as_str().map(str::to_owned)).collect()
    };
    let slots = script.get("slots").context("no slots")?;
    let mut by_service = HashMap::new();
    for entry in script.get("words_for").and_then(toml::Value::as_array).into_iter().flatten() {
        let service = entry.get("service").and_then(toml::Value::as_str).context("no service")?;
        by_service.insert(service.to_owned(), texts(entry.get("texts")));
    }
    Ok(Speech {
        texts: by_service,
        streets: texts(slots.get("streets")),
        alleys: texts(slots.get("alleys")),
        landmarks: texts(slots.get("landmarks")),
    })
}

fn one<'a>(all: &'a [String], mix: &mut Mix) -> &'a str {
    all.get(mix.below(all.len() as u64) as usize).map_or("", String::as_str)
}

/// Normal, by Box and Muller.
fn bell(mix: &mut Mix) -> f64 {
    (-2.0 * mix.unit().max(1e-12).ln()).sqrt() * (std::f64::consts::TAU * mix.unit()).cos()
}

fn away(from: Point, north: f64, east: f64) -> Point {
    let lat = from.lat + north / 111_320.0;
    let long = from.long + east / (111_320.0 * from.lat.to_radians().cos());
    Point::new(lat, long).unwrap_or(from)
}

fn inside(ground: &Ground, point: Point) -> Option<Point> {
    matches!(ground.atlas.locate(point), Located::Inside(_)).then_some(point)
}
