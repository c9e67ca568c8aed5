//! A contractor's contract: a month that has its statement, and the month that runs.
//!
//! What `cities/demo.toml` says is told move by move through the same verbs that people use, in the order of time: so
//! the fines of the demo are reckoned and not written down.

use std::sync::Arc;

use anyhow::{Context, Result};
use calendar::{Day, Timestamp};
use dispatch::contracts::terms::{CLASSES, Class};
use dispatch::contracts::{self, ContractError, Hand, Item, NewLine, State, Terms, Verdict, money};
use dispatch::{Seen, Urgency, orders};
use people::{Act, Actor, Dice};
use requests::service::Both;
use serde::Deserialize;
use storage::Tx;
use territory::{Level, Point};

use crate::house::{self, House};

/// A contract of `cities/demo.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    city: String,
    code: String,
    title: Both,
    /// The code of the external unit.
    contractor: String,
    district: String,
    coefficient: f64,
    ceiling: i64,
    /// Fines for each begun hour or day, in the order of urgency: there late, done late.
    late: [[i64; 2]; 4],
    no_show: i64,
    failed_check: i64,
    missing_proof: i64,
    price: Vec<Price>,
    order: Vec<Order>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Price {
    code: String,
    name: Both,
    unit: String,
    rial: i64,
    usual: Option<f64>,
}

/// One order and what became of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    /// The day of the last month, or hours before the start of the demo.
    last_month_day: Option<i64>,
    hours_ago: Option<i64>,
    job_type: String,
    urgency: String,
    address: String,
    lat: f64,
    long: f64,
    #[serde(default)]
    words: String,
    /// Minutes from the acceptance; without them nobody has answered yet.
    there: Option<i64>,
    done: Option<i64>,
    #[serde(default)]
    measured: Vec<Measured>,
    /// `certify`, or a smaller quantity of the first line, or `reject`; left out where it still waits.
    verdict: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Measured {
    item: String,
    quantity: f64,
    #[serde(default)]
    photo: bool,
}

/// Tells every contract that is not there yet.
pub fn agree(house: &House, all: &[Contract], seed: u64) -> Result<()> {
    for city in house.cities()? {
        for contract in all.iter().filter(|contract| contract.city == city.code).cloned() {
            let (id, code) = (city.id, contract.code.clone());
            if house.db.read_blocking(move |tx| contracts::by_code(tx, id, &code))?.is_some() {
                continue;
            }
            let name = contract.code.clone();
            let told =
                Teller { house, city: &city, now: house::now(), dice: Arc::new(Dice::seeded(seed ^ 0xc0a7)) };
            told.tell(&contract).with_context(|| format!("demo.toml: the contract {name}"))?;
        }
    }
    Ok(())
}

struct Teller<'h> {
    house: &'h House,
    city: &'h territory::Jurisdiction,
    now: Timestamp,
    dice: Arc<Dice>,
}

impl Teller<'_> {
    fn act(&self, at: Timestamp) -> Act {
        Act::new(Actor::System("demo"), Timestamp(at.0.min(self.now.0)), self.dice.clone())
    }

    fn write<T: Send + 'static>(
        &self,
        verb: impl Fn(&mut Tx<'_>, i64) -> contracts::Done<T> + Send + 'static,
    ) -> Result<T, ContractError> {
        let city = self.city.id;
        self.house.db.write_blocking(move |tx| verb(tx, city))
    }

    fn day(&self, days: i64) -> Timestamp {
        self.city.zone.start_of(Day::from_days_since_epoch(days))
    }

    fn tell(&self, contract: &Contract) -> Result<()> {
        let today = self.now.day(&self.city.zone).days_since_epoch();
        let lang = self.city.languages.first().copied().unwrap_or_default();
        let (this_month, _) = contracts::month(lang, today);
        let (first, last) = contracts::month(lang, this_month - 1);
        let id = self.make(contract, first)?;
        let mut orders: Vec<(Timestamp, &Order)> = contract
            .order
            .iter()
            .map(|order| match (order.last_month_day, order.hours_ago) {
                (Some(day), _) => (self.day((first + day - 1).min(last)).plus_hours(9), order),
                (None, hours) => (self.now.plus_hours(-hours.unwrap_or(0)), order),
            })
            .collect();
        orders.sort_by_key(|(at, _)| *at);
        // Two days ago, so that the contractor may still object; on the first days of a month as soon as it began.
        let present_at =
            self.day(this_month).plus_hours(12).0.max(self.now.plus_hours(-48).0).min(self.now.0);
        let mut presented = false;
        for (at, order) in orders {
            if at.0 > present_at && !presented {
                self.present(id, first, Timestamp(present_at))?;
                presented = true;
            }
            self.work(id, order, at)?;
        }
        if !presented {
            self.present(id, first, Timestamp(present_at))?;
        }
        Ok(())
    }

    fn make(&self, contract: &Contract, first: i64) -> Result<i64> {
        let (city, act) = (self.city.id, self.act(self.day(first)));
        let (units, atlas) = self.house.db.read_blocking(move |tx| {
            Ok::<_, storage::Error>((people::units::all(tx, city)?, territory::atlas(tx, city)?))
        })?;
        let unit = units
            .iter()
            .find(|unit| unit.code == contract.contractor)
            .context("there is no such contractor")?;
        let district =
            atlas.by_code(Level::District, &contract.district).context("there is no such district")?;
        let mut terms = Terms {
            districts: vec![district.id],
            coefficient: thousandths(contract.coefficient * 10.0),
            no_show: contract.no_show,
            failed_check: contract.failed_check,
            missing_proof: contract.missing_proof,
            ceiling: contract.ceiling,
            ..Terms::default()
        };
        for ((class, [there, done]), _) in terms.class.iter_mut().zip(contract.late).zip(CLASSES) {
            *class = Class { late_arrival: there, late_finish: done, ..*class };
        }
        let draft = contracts::Draft {
            code: contract.code.clone(),
            title_fa: contract.title.fa.clone(),
            title_en: contract.title.en.clone(),
            contractor: Some(unit.id),
            starts_on: Some(first),
            ends_on: Some(first + 364),
            terms,
        };
        let items: Vec<Item> = contract
            .price
            .iter()
            .map(|price| Item {
                code: price.code.clone(),
                name_fa: price.name.fa.clone(),
                name_en: price.name.en.clone(),
                unit: price.unit.clone(),
                price: price.rial,
                usual_most: price.usual.map(thousandths),
            })
            .collect();
        Ok(self.write(move |tx, j| {
            let made = contracts::make(tx, &act, j, &draft)?;
            contracts::put_prices(tx, &act, j, made.id, first, &items)?;
            contracts::set_state(tx, &act, j, made.id, made.version, State::InForce)?;
            Ok(made.id)
        })?)
    }

    fn present(&self, contract: i64, day: i64, at: Timestamp) -> Result<()> {
        let act = self.act(at);
        self.write(move |tx, j| contracts::present(tx, &act, j, contract, day))?;
        Ok(())
    }

    fn work(&self, contract: i64, order: &Order, at: Timestamp) -> Result<()> {
        let point = Point::new(order.lat, order.long).context("no place on earth")?;
        let draft = orders::Draft {
            urgency: Urgency::parse(&order.urgency),
            address: order.address.clone(),
            words: order.words.clone(),
            ..orders::Draft::at(order.job_type.clone(), point)
        };
        let (act, city) = (self.act(at), self.city.id);
        let made = self.house.db.write_blocking(move |tx| orders::make(tx, &act, city, draft.clone()))?;
        let (act, seen) = (self.act(at), Seen(made.version));
        let offer = self.write(move |tx, j| contracts::give(tx, &act, j, made.id, contract, seen))?.id;
        let Some(there) = order.there else { return Ok(()) };
        let (accept, arrive) = (self.act(at.plus_minutes(4)), self.act(at.plus_minutes(4 + there)));
        self.write(move |tx, j| {
            contracts::accept(tx, &accept, j, offer, accept.at.plus_minutes(30), Hand::Account)?;
            contracts::arrive(tx, &arrive, j, offer, Hand::Account)
        })?;
        let Some(done) = order.done else { return Ok(()) };
        let done = self.act(at.plus_minutes(4 + done));
        let day = done.at.day(&self.city.zone).days_since_epoch();
        let mut lines = Vec::new();
        for measured in &order.measured {
            lines.push(NewLine {
                item: measured.item.clone(),
                quantity: Some(thousandths(measured.quantity)),
                measured_on: Some(day),
                measured_by: "رضا کریمی".into(),
                note: String::new(),
                photo: if measured.photo { Some(self.picture(offer)?) } else { None },
            });
        }
        let end = done.clone();
        self.write(move |tx, j| {
            contracts::finish(tx, &end, j, offer, Hand::Account)?;
            for line in &lines {
                contracts::add_line(tx, &end, j, offer, line, Hand::Account)?;
            }
            contracts::sign(tx, &end, j, offer, "رضا کریمی", Hand::Account)
        })?;
        self.judge(offer, order.verdict.clone(), self.act(done.at.plus_hours(20)))
    }

    fn judge(&self, offer: i64, verdict: Option<String>, act: Act) -> Result<()> {
        let Some(verdict) = verdict else { return Ok(()) };
        self.write(move |tx, j| {
            let Some(sheet) = contracts::sheet(tx, j, offer, act.at)? else { return Ok(()) };
            let waiting = sheet.lines.iter().filter(|line| line.state == contracts::LineState::Submitted);
            for (n, line) in waiting.enumerate() {
                let given = match (n, verdict.as_str()) {
                    (0, "reject") => {
                        Verdict::Reject { words: "در بازدید انجام نشده بود.".into() }
                    }
                    (0, smaller) if smaller != "certify" => Verdict::Partly {
                        quantity: money::parse_thousandths(smaller).unwrap_or(1),
                        words: "در محل کمتر اندازه گرفته شد.".into(),
                    },
                    _ => Verdict::Certify,
                };
                contracts::check(tx, &act, j, line.id, line.version, &given)?;
            }
            Ok(())
        })?;
        Ok(())
    }

    /// A picture of its own for each line: a field of colour, so that nobody takes it for a photo of a real street.
    fn picture(&self, of: i64) -> Result<(String, String)> {
        let [r, g, b, ..] = self.dice.bytes();
        let shade = |part: u8, y: u32| part / 2 + u8::try_from(y / 4).unwrap_or(0);
        let image =
            image::RgbImage::from_fn(320, 240, |_, y| image::Rgb([shade(r, y), shade(g, y), shade(b, y)]));
        let mut bytes = std::io::Cursor::new(Vec::new());
        image
            .write_to(&mut bytes, image::ImageFormat::Png)
            .with_context(|| format!("the picture of {of}"))?;
        let prepared = requests::photos::prepare(&bytes.into_inner()).context("a picture of the demo")?;
        let files = &self.house.files;
        Ok((files.put(&prepared.photo)?.to_string(), files.put(&prepared.thumbnail)?.to_string()))
    }
}

fn thousandths(number: f64) -> i64 {
    (number * 1000.0).round() as i64
}
