//! Amounts with decimals, as whole numbers.

use crate::election::MOST_MONEY;

/// `units`·10⁻ᵈ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    pub units: i64,
    pub decimals: u32,
}

impl Amount {
    /// Reads `1500`, `1500.50` and `1500,50`. Nothing else is an amount: no sign but a minus, no thousands, no exponent.
    pub fn read(text: &str) -> Option<Amount> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, part) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
        let part = part.trim_end_matches('0');
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !are_digits(whole) || !are_digits(part) || part.len() > 9 || whole.len() > 19 {
            return None;
        }
        let units = whole
            .bytes()
            .chain(part.bytes())
            .try_fold(0i64, |sum, byte| sum.checked_mul(10)?.checked_add(i64::from(byte - b'0')))?;
        Some(Amount { units: sign * units, decimals: part.len() as u32 })
    }

    /// In units of 10⁻ᵈ for another, not smaller d; `None` where that is more than any amount may be.
    pub fn at(self, decimals: u32) -> Option<i64> {
        let by = 10i64.checked_pow(decimals.checked_sub(self.decimals)?)?;
        self.units.checked_mul(by).filter(|units| units.abs() <= MOST_MONEY)
    }
}

/// The way back: `150050` with two decimals is `1500.50`.
pub fn in_words(units: i64, decimals: u32) -> String {
    if decimals == 0 {
        return units.to_string();
    }
    let by = 10u64.saturating_pow(decimals);
    let sign = if units < 0 { "-" } else { "" };
    let units = units.unsigned_abs();
    let part = format!("{:0wide$}", units % by, wide = decimals as usize);
    let part = part.trim_end_matches('0');
    if part.is_empty() { format!("{sign}{}", units / by) } else { format!("{sign}{}.{part}", units / by) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_they_are_written() {
        let read = |text: &str| Amount::read(text).map(|amount| (amount.units, amount.decimals));
        for (text, amount) in [
            ("1500", Some((1500, 0))),
            ("1500.50", Some((15005, 1))),
            ("1500,05", Some((150005, 2))),
            ("400000.0", Some((400000, 0))),
            ("-3", Some((-3, 0))),
            ("0", Some((0, 0))),
            ("", None),
            (".5", None),
            ("1e9", None),
            ("1 000", None),
            ("1.000.000", None),
            ("99999999999999999999", None),
            ("9223372036854775808", None),
            ("NaN", None),
        ] {
            assert_eq!(read(text), amount, "{text:?}");
        }
        assert_eq!(Amount::read("15,5").and_then(|amount| amount.at(2)), Some(1550));
        assert_eq!(Amount::read("9000000000000000000").and_then(|amount| amount.at(0)), None);
        assert_eq!(
            (in_words(1550, 2), in_words(1500, 2), in_words(-5, 2)),
            ("15.5".into(), "15".into(), "-0.05".into())
        );
    }
}
