//! Hours of officials on the line: one that is over, with what was promised in it, and some to come.

use std::sync::Arc;

use anyhow::{Context, Result};
use calendar::{TimeOfDay, Timestamp};
use language::Lang;
use people::{Act, Actor, Dice, accounts};
use requests::officials::{self, NewHour};
use requests::service::Both;
use requests::{Channel, Draft, GENERATED, PlaceDraft};
use serde::Deserialize;

use crate::house::{self, House};

/// An hour of `cities/demo.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hour {
    city: String,
    /// The sign name of the official's account.
    account: Option<String>,
    name: Both,
    title: Both,
    /// Days from the start of the demo; negative for one that is over.
    in_days: i64,
    from: TimeOfDay,
    to: TimeOfDay,
    #[serde(default)]
    place: Both,
    #[serde(default)]
    promise: Vec<Promise>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Promise {
    service: String,
    address: String,
    words: String,
}

/// Announces the hours of each city that has none yet.
pub fn announce(house: &House, all: &[Hour], seed: u64) -> Result<()> {
    for city in house.cities()? {
        let of_city: Vec<Hour> = all.iter().filter(|hour| hour.city == city.code).cloned().collect();
        let (id, zone) = (city.id, city.zone.clone());
        let is_new = house.db.read_blocking(move |tx| {
            let now = Timestamp(0);
            Ok::<_, storage::Error>(officials::upcoming(tx, id, now, 1)?.is_empty())
        })?;
        if !is_new || of_city.is_empty() {
            continue;
        }
        // Like the stories, the past is told with dice of its own.
        let (dice, now) = (Arc::new(Dice::seeded(seed ^ 0x0ff1)), house::now());
        let today = now.day(&zone);
        for hour in of_city {
            let day = today.plus_days(hour.in_days);
            let begins_at = zone.at(day, hour.from.minute());
            let told_at = begins_at.0.min(now.0);
            let act = Act::new(Actor::System("demo"), Timestamp(told_at), dice.clone());
            let ends_at = zone.at(day, hour.to.minute());
            let name = hour.name.fa.clone();
            house
                .db
                .write_blocking(move |tx| tell(tx, &act, id, &hour, begins_at, ends_at))
                .with_context(|| format!("demo.toml: the hour of {name}"))?;
        }
    }
    Ok(())
}

fn tell(
    tx: &mut storage::Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    hour: &Hour,
    begins_at: Timestamp,
    ends_at: Timestamp,
) -> Result<(), officials::OfficialError> {
    let account = match &hour.account {
        Some(name) => accounts::by_sign_name(tx, jurisdiction, name)?.map(|account| account.id),
        None => None,
    };
    let new = NewHour {
        account,
        name: hour.name.clone(),
        title: hour.title.clone(),
        begins_at: Some(begins_at),
        ends_at: Some(ends_at),
        phone: String::new(),
        place: hour.place.clone(),
        is_published: true,
    };
    let id = officials::put(tx, act, jurisdiction, None, &new)?;
    for (n, promise) in hour.promise.iter().enumerate() {
        let draft = Draft {
            service_code: promise.service.clone(),
            words: promise.words.clone(),
            place: PlaceDraft { address: promise.address.clone(), ..PlaceDraft::default() },
            source: Some((GENERATED.to_owned(), format!("promise-{id}-{n}"))),
            ..Draft::new(jurisdiction, Channel::Phone, Lang::Fa)
        };
        officials::promise(tx, act, jurisdiction, id, None, &draft)?;
    }
    Ok(())
}
