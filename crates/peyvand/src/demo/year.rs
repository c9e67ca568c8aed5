//! When people write, and about what: the last twelve months, hour by hour, with their weather and storms.

use std::collections::HashMap;

use anyhow::Result;
use calendar::{Day, Timestamp, Weekday, Zone};

use super::chance::{Chance, Weighted};
use super::script::{Event, Script};

/// One message that will be written.
#[derive(Debug, Clone)]
pub struct Moment {
    pub at: Timestamp,
    pub service: String,
    /// The storm it belongs to, by its number in the script.
    pub event: Option<usize>,
}

const HOUR: i64 = 3_600_000;
const DAYS: i64 = 365;

/// About `wanted` messages in the year that ends at `now`, in the order of time.
pub fn moments(
    script: &Script,
    zone: &Zone,
    now: Timestamp,
    wanted: usize,
    chance: &mut Chance,
) -> Result<Vec<Moment>> {
    let today = now.day(zone);
    let first = today.plus_days(1 - DAYS);
    let days: Vec<Day> = (0..DAYS).map(|n| first.plus_days(n)).collect();
    let weights: Vec<f64> = days.iter().map(|day| weight(script, *day)).collect();
    let storms: Vec<(usize, usize, f64)> = storm_days(script, &days);
    let all: f64 = weights.iter().sum::<f64>() + storms.iter().map(|(_, _, messages)| messages).sum::<f64>();
    let scale = wanted as f64 / all.max(1.0);

    let hours = Weighted::new(script.rhythm.hours.iter().copied().enumerate());
    let services = |mix: &str| -> Result<Weighted<String>> {
        Ok(Weighted::new(script.mix(mix)?.weights.iter().map(|(code, weight)| (code.clone(), *weight))))
    };
    let mixes: HashMap<&str, Weighted<String>> =
        script.mix.iter().map(|mix| Ok((mix.code.as_str(), services(&mix.code)?))).collect::<Result<_>>()?;
    let weather = weather(script, &days, chance);

    let mut found = Vec::with_capacity(wanted + 1000);
    // What rounding leaves over goes to the next day, so that small years have the right size too.
    let mut owed = 0.0;
    for (n, day) in days.iter().enumerate() {
        owed += weights.get(n).copied().unwrap_or(0.0) * scale;
        while owed >= 1.0 {
            owed -= 1.0;
            let Some((hour, _)) = hours.draw(chance).map(|hour| (*hour, ())) else { break };
            // Rain changes what half of the people write about.
            let mix = match weather.get(n).copied().flatten() {
                Some(mix) if chance.happens(0.5) => mix,
                _ => "normal",
            };
            let at = moment(zone, *day, hour as i64, chance);
            found.extend(draw(&mixes, mix, at, None, chance));
        }
    }
    for (event_number, day, messages) in storms {
        owed += messages * scale;
        let (Some(event), Some(day_of)) = (script.event.get(event_number), days.get(day)) else { continue };
        while owed >= 1.0 {
            owed -= 1.0;
            let at = storm_moment(event, zone, &days, *day_of, &hours, chance);
            found.extend(draw(&mixes, &event.mix, at, Some(event_number), chance));
        }
    }
    // Nobody has written anything that is still to come.
    found.retain(|m| m.at.0 < now.0 - 60_000);
    found.sort_by(|a, b| (a.at, &a.service).cmp(&(b.at, &b.service)));
    Ok(found)
}

fn draw(
    mixes: &HashMap<&str, Weighted<String>>,
    mix: &str,
    at: Timestamp,
    event: Option<usize>,
    chance: &mut Chance,
) -> Option<Moment> {
    let service = mixes.get(mix)?.draw(chance)?.clone();
    Some(Moment { at, service, event })
}

fn moment(zone: &Zone, day: Day, hour: i64, chance: &mut Chance) -> Timestamp {
    zone.start_of(day).plus_millis(hour * HOUR + chance.between(0, HOUR - 1))
}

/// Messages on a day without storms.
fn weight(script: &Script, day: Day) -> f64 {
    let date = day.jalali();
    let month = script.month.iter().find(|m| m.number == date.month()).map_or(0.0, |m| m.messages);
    let weekdays = &script.rhythm.weekdays;
    let mean = weekdays.values().sum::<f64>() / weekdays.len().max(1) as f64;
    let share = weekdays.get(short_name(day.weekday())).copied().unwrap_or(mean) / mean.max(1e-9);
    month / f64::from(date.days_in_month().max(1)) * share
}

fn short_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Saturday => "sat",
        Weekday::Sunday => "sun",
        Weekday::Monday => "mon",
        Weekday::Tuesday => "tue",
        Weekday::Wednesday => "wed",
        Weekday::Thursday => "thu",
        Weekday::Friday => "fri",
    }
}

/// For each day the mix of its weather, if it has any.
fn weather<'s>(script: &'s Script, days: &[Day], chance: &mut Chance) -> Vec<Option<&'s str>> {
    let mut found: Vec<Option<&'s str>> = vec![None; days.len()];
    for month in 1..=12u8 {
        let mut candidates: Vec<usize> = days
            .iter()
            .enumerate()
            .filter(|(_, day)| day.jalali().month() == month)
            .map(|(n, _)| n)
            .collect();
        let of = |list: &[usize]| list.get(usize::from(month) - 1).copied().unwrap_or(0);
        let wet = [("rain", of(&script.rhythm.rain_days)), ("snow", of(&script.rhythm.snow_days))];
        for (mix, count) in wet {
            for _ in 0..count.min(candidates.len()) {
                let at = (chance.number() % candidates.len() as u64) as usize;
                if let Some(day) = found.get_mut(candidates.swap_remove(at)) {
                    *day = Some(mix);
                }
            }
        }
    }
    found
}

/// Storm, day, messages. A storm happens on its date, whichever year that falls into.
fn storm_days(script: &Script, days: &[Day]) -> Vec<(usize, usize, f64)> {
    let mut found = Vec::new();
    for (number, event) in script.event.iter().enumerate() {
        let starts = |day: &Day| {
            let date = day.jalali();
            format!("{:02}-{:02}", date.month(), date.day()) == event.on
        };
        let Some(first) = days.iter().position(starts) else { continue };
        for (n, messages) in event.days.iter().enumerate() {
            found.push((number, first + n, *messages));
        }
    }
    found.retain(|(_, day, _)| *day < days.len());
    found
}

fn storm_moment(
    event: &Event,
    zone: &Zone,
    days: &[Day],
    day: Day,
    hours: &Weighted<usize>,
    chance: &mut Chance,
) -> Timestamp {
    let first = days.iter().find(|d| {
        let date = d.jalali();
        format!("{:02}-{:02}", date.month(), date.day()) == event.on
    });
    let first = first.copied().unwrap_or(day);
    let begins = zone.start_of(first).plus_hours(i64::from(event.from_hour));
    if let Some(length) = event.hours {
        return begins.plus_millis(chance.between(0, i64::from(length) * HOUR - 1));
    }
    for _ in 0..64 {
        let hour = hours.draw(chance).copied().unwrap_or(12);
        let at = moment(zone, day, hour as i64, chance);
        if at >= begins {
            return at;
        }
    }
    begins
}
