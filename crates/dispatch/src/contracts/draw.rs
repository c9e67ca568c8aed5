//! Which orders of a month somebody looks at.
//!
//! Each contract keeps a secret number. Of it and the month comes the seed of the month, of the seed and the number of
//! an order comes its lot. While the month runs nobody outside can foretell a lot; in the closed statement the seed and
//! the percentage are printed, and whoever has them and the numbers of the orders draws the same sample again.

use sha2::{Digest, Sha256};

/// The seed of a month that begins on a day, as 16 hexadecimal digits.
pub fn month_seed(contract_seed: i64, month_from: i64) -> String {
    let mut sha = Sha256::new();
    sha.update(b"peyvand sample");
    sha.update(contract_seed.to_be_bytes());
    sha.update(month_from.to_be_bytes());
    sha.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The lot of an order, 0 to 99: the first eight bytes of SHA-256 of the seed's text and the order's code, as a number,
/// modulo 100.
pub fn lot(seed: &str, order_code: &str) -> i64 {
    let mut sha = Sha256::new();
    sha.update(seed.as_bytes());
    sha.update(b" ");
    sha.update(order_code.as_bytes());
    let number = sha.finalize().iter().take(8).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    i64::try_from(number % 100).unwrap_or(0)
}

/// Whether an order is in the sample.
pub fn is_drawn(seed: &str, order_code: &str, percent: i64) -> bool {
    lot(seed, order_code) < percent
}
