//! Whole rial, and one rule of rounding.
//!
//! Money is an `i64` of rial; nothing here is a floating-point number. A product is worked out exactly in 128 bits and
//! rounded once, to the nearest rial, half a rial away from zero, so that a correction of minus something is exactly what
//! was paid before. Sums of rounded amounts are never rounded again.

/// Quantities are thousandths of the unit: 2.5 m³ is 2500.
pub const QUANTITY: i64 = 1_000;
/// Coefficients are ten-thousandths: 10000 leaves a price as it is.
pub const COEFFICIENT: i64 = 10_000;
/// Shares are hundredths of a percent: 1000 is a tenth.
pub const SHARE: i64 = 10_000;

/// The most that one unit may cost, that one line may measure, and that a coefficient may be; together they stay below
/// what 64 bits hold.
pub const MOST_PRICE: i64 = 100_000_000_000;
pub const MOST_QUANTITY: i64 = 1_000_000 * QUANTITY;
pub const MOST_COEFFICIENT: i64 = 10 * COEFFICIENT;

/// `number / by`, to the nearest whole, half away from zero. `by` is positive.
fn rounded(number: i128, by: i128) -> Option<i64> {
    let half = by / 2;
    let whole = if number < 0 { (number - half) / by } else { (number + half) / by };
    i64::try_from(whole).ok()
}

/// What a line is worth: price of the unit × quantity × coefficient. None when it is more than 64 bits hold.
pub fn line(price: i64, quantity: i64, coefficient: i64) -> Option<i64> {
    let product =
        i128::from(price).checked_mul(i128::from(quantity))?.checked_mul(i128::from(coefficient))?;
    rounded(product, i128::from(QUANTITY) * i128::from(COEFFICIENT))
}

/// A share of an amount, in hundredths of a percent.
pub fn share(amount: i64, hundredths: i64) -> Option<i64> {
    rounded(i128::from(amount).checked_mul(i128::from(hundredths))?, i128::from(SHARE))
}

/// The sum, or none when it is more than 64 bits hold.
pub fn sum(amounts: impl IntoIterator<Item = i64>) -> Option<i64> {
    amounts.into_iter().try_fold(0_i64, |sum, amount| sum.checked_add(amount))
}

/// What goes into an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entries {
    /// Work of all closed statements, before the ceiling of the contract.
    pub previous: i64,
    /// What is certified to date less what was billed before, line by line.
    pub work: Vec<i64>,
    pub corrections: Vec<i64>,
    /// Each at least 0.
    pub penalties: Vec<i64>,
    /// What the last statement could not take off, at most 0.
    pub carried_in: i64,
}

/// The conditions that an account needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rates {
    /// The most that the contract pays for work in all; 0 for no ceiling.
    pub ceiling: i64,
    /// Retention and the most of penalties, in hundredths of a percent.
    pub retention: i64,
    pub penalty_most: i64,
}

/// A month's account. `payable + carried_out` is always
/// `gross + corrections - retention - penalties + carried_in`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Account {
    /// Everything certified since the contract began, before its ceiling.
    pub to_date: i64,
    pub previous: i64,
    /// Of this month's work, what lies above the ceiling and is not paid.
    pub over_ceiling: i64,
    /// This month's work.
    pub gross: i64,
    pub corrections: i64,
    /// All penalties, and what of them may be taken off.
    pub penalties_full: i64,
    pub penalties: i64,
    pub retention: i64,
    pub carried_in: i64,
    /// At least 0.
    pub payable: i64,
    /// At most 0: taken off the next statement.
    pub carried_out: i64,
}

/// Works out an account. None when a sum is more than 64 bits hold.
pub fn account(entries: &Entries, rates: Rates) -> Option<Account> {
    let work = sum(entries.work.iter().copied())?;
    let to_date = entries.previous.checked_add(work)?;
    let capped = |amount: i64| if rates.ceiling > 0 { amount.min(rates.ceiling) } else { amount };
    let gross = capped(to_date).checked_sub(capped(entries.previous))?;
    let corrections = sum(entries.corrections.iter().copied())?;
    let base = gross.checked_add(corrections)?;
    let retention = share(base, rates.retention)?;
    let penalties_full = sum(entries.penalties.iter().copied())?;
    let penalties = penalties_full.min(share(base.max(0), rates.penalty_most)?);
    let net = base.checked_sub(retention)?.checked_sub(penalties)?.checked_add(entries.carried_in)?;
    Some(Account {
        to_date,
        previous: entries.previous,
        over_ceiling: work.checked_sub(gross)?,
        gross,
        corrections,
        penalties_full,
        penalties,
        retention,
        carried_in: entries.carried_in,
        payable: net.max(0),
        carried_out: net.min(0),
    })
}

/// Reads a number with up to three decimals that a person typed in any digit set, as thousandths: `2.5`, «۲٫۵»,
/// `1,250`. None for anything else, for negative numbers and for what does not fit.
pub fn parse_thousandths(typed: &str) -> Option<i64> {
    parse_decimal(typed, 3)
}

/// [`parse_thousandths`] for a number with up to `decimals` of them.
pub fn parse_decimal(typed: &str, decimals: u32) -> Option<i64> {
    let ascii = language::digits::to_ascii(typed.trim());
    let (whole, fraction) = match ascii.split_once(['.', '٫']) {
        Some((whole, fraction)) => (whole, fraction),
        None => (ascii.as_str(), ""),
    };
    let places = usize::try_from(decimals).ok()?;
    if fraction.len() > places || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let whole = language::digits::parse_i64(whole).filter(|n| *n >= 0 && !ascii.starts_with(['-', '−']))?;
    let fraction: i64 = format!("{fraction:0<places$}").parse().ok().or((places == 0).then_some(0))?;
    whole.checked_mul(10_i64.checked_pow(decimals)?)?.checked_add(fraction)
}
