//! Which gateway does well lately.
//!
//! Each success and each failure counts one and fades by half every ten minutes. After three failures in a row a
//! gateway rests, longer each time, and then one message tries it before the others follow. The figures are rows, so
//! that all machines agree and the page shows what is in force.

use calendar::Timestamp;
use storage::{Result, Tx, params, sql};

use crate::gateway::{Channel, Gateways};

const HALF_LIFE_MS: f64 = 600_000.0;
const FAILURES_BEFORE_REST: i64 = 3;
const REST_MS: i64 = 30_000;
const LONGEST_REST_MS: i64 = 600_000;
/// While one message tries a gateway that rested, the others wait this long at most.
const TRIAL_MS: i64 = 20_000;

/// The state of one gateway in one city.
#[derive(Debug, Clone, PartialEq)]
pub struct Health {
    pub gateway: String,
    good: f64,
    bad: f64,
    measured_at: i64,
    /// In a row.
    pub failures: i64,
    pub rest_until: Timestamp,
    pub last_error: String,
    pub last_error_at: Option<Timestamp>,
}

impl Health {
    fn new(gateway: &str, at: Timestamp) -> Self {
        Health {
            gateway: gateway.to_owned(),
            good: 0.0,
            bad: 0.0,
            measured_at: at.0,
            failures: 0,
            rest_until: Timestamp(0),
            last_error: String::new(),
            last_error_at: None,
        }
    }

    fn faded(&self, now: Timestamp) -> (f64, f64) {
        let age = (now.0 - self.measured_at).max(0) as f64;
        let factor = 0.5_f64.powf(age / HALF_LIFE_MS);
        (self.good * factor, self.bad * factor)
    }

    /// The share of recent attempts that went well, from 0 to 1; 1 when nothing is known.
    pub fn share(&self, now: Timestamp) -> f64 {
        let (good, bad) = self.faded(now);
        // One imagined success, so that a gateway without a past is trusted and a past fades towards trust.
        (good + 1.0) / (good + bad + 1.0)
    }

    pub fn is_resting(&self, now: Timestamp) -> bool {
        now < self.rest_until
    }

    fn is_on_trial(&self) -> bool {
        self.failures >= FAILURES_BEFORE_REST
    }

    fn note(&mut self, good: bool, now: Timestamp, why: &str) {
        let (mut well, mut ill) = self.faded(now);
        if good {
            well += 1.0;
            self.failures = 0;
            self.rest_until = Timestamp(0);
        } else {
            ill += 1.0;
            self.failures += 1;
            let over = self.failures - FAILURES_BEFORE_REST;
            if over >= 0 {
                let rest = REST_MS.saturating_mul(1 << over.min(10)).min(LONGEST_REST_MS);
                self.rest_until = now.plus_millis(rest);
            }
            self.last_error = why.chars().take(300).collect();
            self.last_error_at = Some(now);
        }
        (self.good, self.bad, self.measured_at) = (well, ill, now.0);
    }
}

/// What is known of the gateways of a city.
pub fn all(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Vec<Health>> {
    tx.query(
        sql!(
            "SELECT gateway, good, bad, measured_at, failures, rest_until, last_error, last_error_at FROM notice_gateways
             WHERE jurisdiction_id = $1 ORDER BY gateway LIMIT 100"
        ),
        &params![jurisdiction],
        |row| {
            Ok(Health {
                gateway: row.get(0)?,
                good: row.get(1)?,
                bad: row.get(2)?,
                measured_at: row.get(3)?,
                failures: row.get(4)?,
                rest_until: Timestamp(row.get(5)?),
                last_error: row.get(6)?,
                last_error_at: row.get::<Option<i64>>(7)?.map(Timestamp),
            })
        },
    )
}

/// The gateway to use now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    Use(String),
    /// All of them rest; the first is tried again then.
    Wait(Timestamp),
    /// The installation has none for this channel.
    None,
}

/// Chooses for a channel: of those that do not rest the one with the best recent share, in steps of a tenth, and among
/// equals the first in the settings. `not` is left out where there is another.
pub fn choose(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    gateways: &Gateways,
    channel: Channel,
    not: &str,
    now: Timestamp,
) -> Result<Choice> {
    let known = all(tx, jurisdiction)?;
    let mut best: Option<(i64, Health)> = None;
    let mut soonest: Option<Timestamp> = None;
    for named in gateways.of(channel) {
        let health = known.iter().find(|health| health.gateway == named.name).cloned();
        let health = health.unwrap_or_else(|| Health::new(&named.name, now));
        soonest = Some(soonest.map_or(health.rest_until, |at| at.min(health.rest_until)));
        if health.is_resting(now) {
            continue;
        }
        let avoided = if named.name == not { 100 } else { 0 };
        let rank = (health.share(now) * 10.0).round() as i64 - avoided;
        if best.as_ref().is_none_or(|(top, _)| rank > *top) {
            best = Some((rank, health));
        }
    }
    match (best, soonest) {
        (Some((_, health)), _) => {
            if health.is_on_trial() {
                // Only this message tries it.
                keep(tx, jurisdiction, &Health { rest_until: now.plus_millis(TRIAL_MS), ..health.clone() })?;
            }
            Ok(Choice::Use(health.gateway))
        }
        (None, Some(at)) => Ok(Choice::Wait(at)),
        (None, None) => Ok(Choice::None),
    }
}

/// The channels of which every gateway rests.
pub fn resting(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    gateways: &Gateways,
    now: Timestamp,
) -> Result<Vec<Channel>> {
    let known = all(tx, jurisdiction)?;
    let rests = |name: &str| known.iter().any(|health| health.gateway == name && health.is_resting(now));
    let all_rest = |channel: &Channel| {
        let mut of = gateways.of(*channel).peekable();
        of.peek().is_some() && of.all(|gateway| rests(&gateway.name))
    };
    Ok(Channel::ALL.into_iter().filter(all_rest).collect())
}

/// Notes how one attempt went.
pub fn note(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    gateway: &str,
    good: bool,
    why: &str,
    now: Timestamp,
) -> Result<()> {
    let known = all(tx, jurisdiction)?;
    let health = known.into_iter().find(|health| health.gateway == gateway);
    let mut health = health.unwrap_or_else(|| Health::new(gateway, now));
    health.note(good, now, why);
    keep(tx, jurisdiction, &health)
}

fn keep(tx: &mut Tx<'_>, jurisdiction: i64, health: &Health) -> Result<()> {
    tx.execute(
        sql!(
            "INSERT INTO notice_gateways (jurisdiction_id, gateway, good, bad, measured_at, failures, rest_until, last_error, last_error_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (jurisdiction_id, gateway) DO UPDATE SET good = excluded.good, bad = excluded.bad,
                 measured_at = excluded.measured_at, failures = excluded.failures, rest_until = excluded.rest_until,
                 last_error = excluded.last_error, last_error_at = excluded.last_error_at"
        ),
        &params![
            jurisdiction, &health.gateway, health.good, health.bad, health.measured_at, health.failures,
            health.rest_until.0, &health.last_error, health.last_error_at.map(|at| at.0)
        ],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp(1_794_637_800_000).plus_minutes(minutes)
    }

    #[test]
    fn success_and_failure_fade() {
        let mut health = Health::new("a", at(0));
        assert_eq!(health.share(at(0)), 1.0);
        for _ in 0..7 {
            health.note(false, at(0), "timed out");
        }
        assert!(health.share(at(0)) < 0.2);
        assert!(health.share(at(60)) > 0.85);
        assert_eq!(health.last_error, "timed out");
    }

    #[test]
    fn a_gateway_that_fails_rests_longer_each_time() {
        let mut health = Health::new("a", at(0));
        health.note(false, at(0), "");
        health.note(false, at(0), "");
        assert!(!health.is_resting(at(0)));
        let mut rests = Vec::new();
        for _ in 0..7 {
            health.note(false, at(0), "");
            rests.push((health.rest_until.0 - at(0).0) / 1000);
        }
        assert_eq!(rests, [30, 60, 120, 240, 480, 600, 600]);
        health.note(true, at(0), "");
        assert!(!health.is_resting(at(0)) && !health.is_on_trial());
    }
}
