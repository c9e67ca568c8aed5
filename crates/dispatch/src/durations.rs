//! How long work really takes: learned by kind of work and district, with its spread.
//!
//! A running mean and sum of squares (Welford 1962), so that a million orders are one row. Where a district has done
//! enough, its own experience counts; else the city's; else the estimate of the city pack.

use storage::{Result, Tx, params, sql};

use crate::{JobType, WorkOrder};

/// So many finished orders say more than an estimate.
pub const ENOUGH: i64 = 20;
/// What took less or longer was not the work itself: a slip, or a telephone forgotten in a pocket.
const LEAST: i64 = 60;
const MOST: i64 = 12 * 3600;

/// How long something takes, in seconds, with one standard deviation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    pub seconds: i64,
    pub spread: i64,
    /// From so many finished orders; 0 when it is the pack's word.
    pub from: i64,
}

/// One row of experience.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Learned {
    pub count: i64,
    pub mean: f64,
    /// Sum of squared differences from the mean.
    pub squares: f64,
}

impl Learned {
    /// One more observation.
    pub fn with(self, seconds: f64) -> Learned {
        let count = self.count + 1;
        let away = seconds - self.mean;
        let mean = self.mean + away / count as f64;
        Learned { count, mean, squares: self.squares + away * (seconds - mean) }
    }

    /// One standard deviation.
    pub fn deviation(&self) -> f64 {
        if self.count < 2 { 0.0 } else { (self.squares / (self.count - 1) as f64).max(0.0).sqrt() }
    }
}

/// What a kind of work takes in a district.
pub fn of(tx: &mut Tx<'_>, jurisdiction: i64, kind: &JobType, district: Option<i64>) -> Result<Estimate> {
    let mut known = Vec::new();
    if let Some(district) = district {
        known.push(learned(tx, jurisdiction, &kind.code, district)?);
    }
    known.push(learned(tx, jurisdiction, &kind.code, 0)?);
    Ok(match known.into_iter().find(|learned| learned.count >= ENOUGH) {
        Some(learned) => Estimate {
            seconds: learned.mean.round() as i64,
            spread: learned.deviation().round() as i64,
            from: learned.count,
        },
        None => Estimate { seconds: kind.minutes * 60, spread: kind.spread * 60, from: 0 },
    })
}

/// What was learned of a kind of work in a district; of the whole city for district 0.
pub fn learned(tx: &mut Tx<'_>, jurisdiction: i64, job_type: &str, district: i64) -> Result<Learned> {
    let found = tx.query_opt(
        sql!(
            "SELECT count, mean, spread FROM work_durations WHERE jurisdiction_id = $1 AND job_type = $2 AND district_id = $3"
        ),
        &params![jurisdiction, job_type, district],
        |row| Ok(Learned { count: row.get(0)?, mean: row.get(1)?, squares: row.get(2)? }),
    )?;
    Ok(found.unwrap_or_default())
}

/// An order was done in so many seconds on the spot.
pub(crate) fn learn(tx: &mut Tx<'_>, order: &WorkOrder, seconds: i64) -> Result<()> {
    if !(LEAST..=MOST).contains(&seconds) {
        return Ok(());
    }
    // The whole city stands under district 0; an order without a district is learned once.
    let mut districts = vec![0];
    districts.extend(order.district.filter(|district| *district != 0));
    for district in districts {
        // One statement, so that two crews that finish at once are both learned from.
        tx.execute(
            sql!(
                "INSERT INTO work_durations (jurisdiction_id, job_type, district_id, count, mean, spread) VALUES ($1, $2, $3, 1, $4, 0.0)
                 ON CONFLICT (jurisdiction_id, job_type, district_id) DO UPDATE SET
                     count = work_durations.count + 1,
                     mean = work_durations.mean + (excluded.mean - work_durations.mean) / (work_durations.count + 1),
                     spread = work_durations.spread + (excluded.mean - work_durations.mean) * (excluded.mean - (work_durations.mean
                         + (excluded.mean - work_durations.mean) / (work_durations.count + 1)))"
            ),
            &params![order.jurisdiction, &order.job_type, district, seconds as f64],
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Learned;

    #[test]
    fn a_running_mean_is_the_mean() {
        let seen = [600.0, 900.0, 1200.0, 700.0, 3600.0];
        let learned = seen.iter().fold(Learned::default(), |learned, seconds| learned.with(*seconds));
        let mean = seen.iter().sum::<f64>() / 5.0;
        let variance = seen.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / 4.0;
        assert!((learned.mean - mean).abs() < 1e-9);
        assert!((learned.deviation() - variance.sqrt()).abs() < 1e-9);
    }

    #[test]
    fn one_order_has_no_spread() {
        assert_eq!(Learned::default().with(600.0).deviation(), 0.0);
        assert_eq!(Learned::default().deviation(), 0.0);
    }
}
