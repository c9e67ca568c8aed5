//! Crews of one district with their people and a shift that runs now, and a day's work behind them and before them.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result};
use calendar::Timestamp;
use dispatch::crews::{self, CrewKind, Wanted, Wish};
use dispatch::evidence::{self, Brought, EvidenceKind};
use dispatch::orders::{self, Outcome};
use dispatch::shifts::{self, Rest};
use dispatch::{CrewId, DispatchError, OrderId, Seen, members, routines};
use people::accounts::{self, NewAccount};
use people::memberships::{self, Offer};
use people::{Act, Actor, Dice, Role};
use requests::PhotoRef;
use requests::service::Both;
use serde::Deserialize;
use storage::Tx;
use territory::{Jurisdiction, Level, Point};

use super::chance::Chance;
use super::live::Live;
use crate::house::{self, House};

/// A crew of `cities/demo.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crew {
    city: String,
    code: String,
    name: Both,
    #[serde(default)]
    kind: Option<CrewKind>,
    unit: String,
    district: String,
    at: [f64; 2],
    people: i64,
    vehicle: String,
    skills: Vec<String>,
    equipment: Vec<String>,
    #[serde(default)]
    loads: [i64; 3],
    #[serde(default)]
    stock: BTreeMap<String, i64>,
    /// Names of people made for it.
    #[serde(default)]
    members: Vec<String>,
    /// An account of the demo that is in it.
    #[serde(default)]
    account: Option<String>,
}

const MINUTE: i64 = 60_000;

/// Makes the crews that are not there yet and gives each of them a shift that runs now.
pub fn muster(house: &House, all: &[Crew], live: Option<&Live>, seed: u64) -> Result<()> {
    let dice = Arc::new(Dice::seeded(seed ^ 0xc4e3));
    for city in house.cities()? {
        let of_city: Vec<&Crew> = all.iter().filter(|crew| crew.city == city.code).collect();
        if of_city.is_empty() {
            continue;
        }
        let id = city.id;
        let known = house.db.read_blocking(move |tx| crews::list(tx, id, &Wanted::default()))?;
        let is_new = known.is_empty();
        if is_new {
            let act = Act::new(Actor::System("demo"), house::now().plus_hours(-4), dice.clone());
            for crew in &of_city {
                add(house, &act, &city, crew)
                    .with_context(|| format!("demo.toml: the crew {}", crew.code))?;
            }
        }
        begin(house, &city, is_new, &dice)?;
        if is_new {
            week(house, &city, live)?;
        }
        if let Some(live) = live.filter(|live| is_new && live.city == city.code) {
            day(house, &city, live, &dice, seed)?;
        }
    }
    Ok(())
}

fn add(house: &House, act: &Act, city: &Jurisdiction, crew: &Crew) -> Result<()> {
    let (id, act, crew) = (city.id, act.clone(), crew.clone());
    house.db.write_blocking(move |tx| -> Result<()> {
        let catalogue = requests::catalogue(tx, id)?;
        let atlas = territory::atlas(tx, id)?;
        let unit = catalogue.unit_by_code(&crew.unit).context("there is no such unit")?.id;
        let district =
            atlas.by_code(Level::District, &crew.district).context("there is no such district")?.id;
        let base = Point::new(crew.at[0], crew.at[1]).context("its base is no place")?;
        let wish = Wish {
            name_fa: crew.name.fa.clone(),
            name_en: crew.name.en.clone(),
            kind: crew.kind.unwrap_or(CrewKind::Own),
            unit: Some(unit),
            district: Some(district),
            people: crew.people,
            vehicle: crew.vehicle.clone(),
            skills: crew.skills.clone(),
            equipment: crew.equipment.clone(),
            loads: crew.loads,
            stock: crew.stock.clone(),
            ..Wish::new(crew.code.clone(), base)
        };
        let made = crews::add(tx, &act, id, &wish)?;
        let mut accounts_of = Vec::new();
        if let Some(name) = &crew.account {
            accounts_of.push(accounts::by_sign_name(tx, id, name)?.context("there is no such account")?.id);
        }
        for (n, name) in crew.members.iter().enumerate() {
            // Nobody signs in as them: they have no password.
            let wish = NewAccount {
                name: name.clone(),
                sign_name: Some(format!("{}-{}", crew.code, n + 1)),
                ..NewAccount::default()
            };
            let account = accounts::create(tx, &act, id, &wish)?;
            memberships::give(tx, &act, id, account, &Offer::unit(Role::CrewMember, unit))?;
            accounts_of.push(account);
        }
        for (n, account) in accounts_of.into_iter().enumerate() {
            members::join(tx, &act, id, made.id, account, n == 0)?;
        }
        Ok(())
    })
}

/// Every crew without a shift now gets one for the next hours; a demo that was closed for a week is at work again.
fn begin(house: &House, city: &Jurisdiction, is_new: bool, dice: &Arc<Dice>) -> Result<()> {
    let (id, now) = (city.id, house::now());
    let act = match is_new {
        true => Act::new(Actor::System("demo"), now.plus_hours(-4), dice.clone()),
        false => Act { at: now, ..house.act("demo") },
    };
    house.db.write_blocking(move |tx| -> Result<(), DispatchError> {
        for crew in crews::list(tx, id, &Wanted { active: true, ..Wanted::default() })? {
            let has_one = shifts::current(tx, id, crew.id, now)?.is_some_and(|shift| shift.over_at() > now);
            if has_one || crew.order.is_some() {
                continue;
            }
            if shifts::current(tx, id, crew.id, now)?.is_some() {
                shifts::end(tx, &act, id, crew.id, "")?;
            }
            let starts_at = act.at.plus_minutes(-5);
            let wish = shifts::Wish {
                crew: crew.id,
                starts_at,
                ends_at: now.plus_hours(8),
                overtime_until: Some(now.plus_hours(9)),
                rest: Some(Rest { from: now.plus_hours(3), to: now.plus_hours(5), length: 30 * 60 }),
            };
            match shifts::plan(tx, &act, id, &wish) {
                Err(DispatchError::Refused(_)) => continue,
                other => other?,
            };
            shifts::begin(tx, &act, id, crew.id, true)?;
        }
        Ok(())
    })?;
    Ok(())
}

/// The days to come, on the wall clock, and two things that come again.
fn week(house: &House, city: &Jurisdiction, live: Option<&Live>) -> Result<()> {
    let routines_of = live.map(|live| live.again.clone()).unwrap_or_default();
    let (id, centre, now) = (city.id, city.centre, house::now());
    let (act, tomorrow) = (house.act("demo"), now.day(&city.zone).plus_days(1));
    let morning = city.zone.at(tomorrow, 8 * 60);
    house.db.write_blocking(move |tx| -> Result<(), DispatchError> {
        for (n, crew) in
            crews::list(tx, id, &Wanted { active: true, ..Wanted::default() })?.into_iter().enumerate()
        {
            // Every third crew works at night.
            let (begins, ends) = if n % 3 == 2 { (22 * 60, 6 * 60) } else { (7 * 60, 15 * 60) };
            let roster = shifts::Roster {
                crew: crew.id,
                from: tomorrow,
                until: tomorrow.plus_days(6),
                weekdays: calendar::Weekday::ALL.to_vec(),
                begins,
                ends,
                overtime: 60,
                rest: Some((240, 300, 30)),
                skip_holidays: true,
            };
            match shifts::roster(tx, &act, id, &roster) {
                // A week of nothing but holidays.
                Err(DispatchError::Refused(_)) => continue,
                other => other?,
            };
        }
        for again in &routines_of {
            let wish = routines::Wish {
                job_type: again.job_type.clone(),
                title: again.title.clone(),
                point: centre,
                address: String::new(),
                every_days: again.every_days,
                next_at: morning,
            };
            match routines::add(tx, &act, id, &wish) {
                Err(DispatchError::Refused(_)) => continue,
                other => other?,
            };
        }
        Ok(())
    })?;
    Ok(())
}

/// Some hours of work that are over, and orders that wait.
fn day(house: &House, city: &Jurisdiction, live: &Live, dice: &Arc<Dice>, seed: u64) -> Result<()> {
    let (id, now) = (city.id, house::now());
    let mut chance = Chance::new(seed ^ 0x6006);
    let photos = pictures(house, dice, 6)?;
    let (all, kinds, atlas) = house.db.read_blocking(move |tx| {
        let all = crews::list(tx, id, &Wanted { active: true, ..Wanted::default() })?;
        Ok::<_, storage::Error>((all, dispatch::job_types::kinds(tx, id)?, territory::atlas(tx, id)?))
    })?;
    // Three finished orders each, an hour apart, all told in the order of time.
    let mut past = Vec::new();
    for (n, crew) in all.iter().enumerate() {
        for round in 0..3 {
            past.push((now.plus_minutes(-225 + round * 70 + (n as i64 % 7) * 2), crew.clone()));
        }
    }
    past.sort_by_key(|(at, _)| *at);
    for (at, crew) in past {
        let Some(draft) = live.draft(&kinds, &atlas, &mut chance, Some(&crew)) else { continue };
        let (dice, photos) = (dice.clone(), photos.clone());
        let takes = chance.between(18, 42);
        house.db.write_blocking(move |tx| -> Result<(), DispatchError> {
            let act = |minutes: i64| Act::new(Actor::System("demo"), at.plus_minutes(minutes), dice.clone());
            let order = orders::make(tx, &act(0), id, draft.clone())?;
            match orders::assign(tx, &act(2), id, order.id, crew.id, Seen(order.version)) {
                // It belongs to nobody here; it waits on the board.
                Err(DispatchError::Refused(_)) => return Ok(()),
                other => other?,
            };
            orders::on_the_way(tx, &act(4), id, order.id)?;
            orders::on_site(tx, &act(14), id, order.id)?;
            prove(tx, &act(14 + takes), id, order.id, &photos)?;
            orders::done(tx, &act(14 + takes), id, order.id, &Outcome::default())?;
            let there = order.point;
            stand(tx, &act(14 + takes), id, crew.id, there)
        })?;
    }
    for n in 0..live.waiting {
        let Some(draft) = live.draft(&kinds, &atlas, &mut chance, None) else { continue };
        let at = now.plus_millis(-(live.waiting as i64 - n as i64) * 4 * MINUTE);
        let act = Act::new(Actor::System("demo"), at, dice.clone());
        house.db.write_blocking(move |tx| orders::make(tx, &act, id, draft.clone()))?;
    }
    Ok(())
}

/// Everything that an order of its kind asks for.
pub fn prove(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    order: OrderId,
    photos: &[PhotoRef],
) -> Result<(), DispatchError> {
    let now = orders::by_id(tx, jurisdiction, order)?.ok_or(DispatchError::NotFound)?;
    let kinds = dispatch::job_types::kinds(tx, jurisdiction)?;
    let Some(kind) = kinds.job_type(&now.job_type) else { return Ok(()) };
    let picture = |n: usize| photos.get((order.0 as usize).wrapping_add(n) % photos.len().max(1)).cloned();
    for (n, (is_asked, what)) in
        [(kind.proof.before, EvidenceKind::Before), (kind.proof.after, EvidenceKind::After)]
            .into_iter()
            .enumerate()
    {
        if let Some(photo) = picture(n).filter(|_| is_asked) {
            evidence::add(tx, act, jurisdiction, order, &Brought::photo(what, photo))?;
        }
    }
    for check in &kind.checklist {
        evidence::add(tx, act, jurisdiction, order, &Brought::tick(&check.code))?;
    }
    for (code, amount) in &kind.materials {
        let used = Brought::amount(EvidenceKind::Material, code, *amount as f64);
        evidence::add(tx, act, jurisdiction, order, &used)?;
    }
    if kind.proof.quantities
        && let Some(code) = kind.measures.first()
    {
        evidence::add(tx, act, jurisdiction, order, &Brought::amount(EvidenceKind::Quantity, code, 12.0))?;
    }
    Ok(())
}

/// The crew's telephone says where it is.
pub fn stand(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    crew: CrewId,
    at: Point,
) -> Result<(), DispatchError> {
    let Some(leader) = members::of_crew(tx, jurisdiction, crew)?.first().map(|member| member.account) else {
        return Ok(());
    };
    let memberships = memberships::memberships(tx, jurisdiction, leader)?;
    let member = people::Member { jurisdiction, account: leader, name: String::new(), memberships };
    let by = Act { by: Actor::Member(Arc::new(member)), ..act.clone() };
    let fix = dispatch::field::Fix { at: act.at, lat: at.lat, long: at.long, accuracy: 12.0 };
    let report = dispatch::field::positions::Report { act: by, sent_at: act.at, fixes: vec![fix] };
    dispatch::field::positions::note(tx, jurisdiction, &[report])?;
    Ok(())
}

/// Fields of colour, so that nobody takes them for photos of a real street.
pub fn pictures(house: &House, dice: &Dice, count: usize) -> Result<Vec<PhotoRef>> {
    (0..count)
        .map(|_| {
            let [r, g, b, ..] = dice.bytes();
            let shade = |part: u8, y: u32| part / 2 + u8::try_from(y / 4).unwrap_or(0);
            let image = image::RgbImage::from_fn(320, 240, |_, y| {
                image::Rgb([shade(r, y), shade(g, y), shade(b, y)])
            });
            let mut bytes = std::io::Cursor::new(Vec::new());
            image.write_to(&mut bytes, image::ImageFormat::Png).context("a picture of the demo")?;
            let prepared = requests::photos::prepare(&bytes.into_inner()).context("a picture of the demo")?;
            Ok(PhotoRef {
                file: house.files.put(&prepared.photo)?.to_string(),
                thumbnail: house.files.put(&prepared.thumbnail)?.to_string(),
                width: 320,
                height: 240,
            })
        })
        .collect()
}

/// Now, for readers of this folder.
pub fn long_ago(at: Timestamp, now: Timestamp, minutes: i64) -> bool {
    now.millis_since(at) >= minutes * MINUTE
}
