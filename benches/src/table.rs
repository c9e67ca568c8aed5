//! How results are shown: one line each, with what it is measured against.

use std::time::Duration;

pub fn heading(text: &str) {
    println!("\n{text}\n{}", "-".repeat(text.chars().count()));
}

/// `name  value unit  (ratio to what)`.
pub fn line(name: &str, value: f64, unit: &str, against: &str) {
    println!("{name:<44} {value:>12.1} {unit:<8} {against}");
}

/// The value below which a share of all lie.
pub fn percentile(times: &mut [Duration], share: f64) -> Duration {
    times.sort_unstable();
    let at = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
    times.get(at).copied().unwrap_or_default()
}

pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
