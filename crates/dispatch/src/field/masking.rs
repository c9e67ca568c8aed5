//! Citizens are called without their number being shown.
//!
//! The city's telephone exchange has one number for crews. Who calls it dials the digits of the order's code, and the
//! exchange puts them through to the citizen; neither sees the other's number. The exchange asks for the number with a
//! key of its own. Which number it is stands in `dispatch.toml`:
//!
//! ```toml
//! [masking]
//! number = "02112345678"
//! ends = "#"
//! ```

use people::{Act, Permission, Where};
use requests::work::WorkError;
use serde::{Deserialize, Serialize};
use storage::Tx;

use crate::{DispatchError, Done, orders};

/// How a crew reaches a citizen. Without a number crews call nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Masking {
    /// Of the exchange, as a machine dials it.
    pub number: String,
    /// Pauses of two seconds between the number and the code; 2 when nothing is said.
    pub pauses: Option<u8>,
    /// What is pressed after the code.
    pub ends: String,
}

impl Masking {
    /// What a telephone dials for an order: number, pauses, digits of the code. None without a number.
    pub fn dial(&self, order_code: &str) -> Option<String> {
        let is_dialled = |c: &char| c.is_ascii_digit() || matches!(c, '+' | '*' | '#');
        let number: String = self.number.chars().filter(is_dialled).collect();
        let code = digits(order_code);
        if number.is_empty() || code.is_empty() {
            return None;
        }
        let pauses = ",".repeat(usize::from(self.pauses.unwrap_or(2).min(10)));
        let ends: String = self.ends.chars().filter(is_dialled).collect();
        Some(format!("{number}{pauses}{code}{ends}"))
    }
}

/// The digits of a code, which a crew can also press by hand.
pub(crate) fn digits(code: &str) -> String {
    code.chars().filter(char::is_ascii_digit).collect()
}

/// Whom a crew wants to speak to, by the digits that it pressed: for the exchange, which connects both and shows the number
/// to neither. Only while a crew has the order; None when nobody is to be called. Who asks needs the right to see who
/// reported, and that they asked is in the journal.
pub fn citizen_of(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, pressed: &str) -> Done<Option<String>> {
    act.require(Permission::TakeCalls, Where::city(jurisdiction))?;
    let pressed = digits(&language::digits::to_ascii(pressed));
    // The year, and the number of the order in it.
    let Some((year, number)) = pressed.split_at_checked(4) else { return Ok(None) };
    let order = orders::by_code(tx, jurisdiction, &format!("{year}-{number}"))?;
    let order = order.filter(|order| order.is_open() && order.crew.is_some());
    let Some(request) = order.and_then(|order| order.request) else { return Ok(None) };
    match requests::work::history::contact(tx, act, jurisdiction, request) {
        Ok(contact) => Ok(contact.map(|contact| contact.mobile).filter(|mobile| !mobile.is_empty())),
        Err(WorkError::Denied(denied)) => Err(denied.into()),
        Err(WorkError::Failure(failure)) => Err(failure.into()),
        // The request ended meanwhile.
        Err(_) => Err(DispatchError::NotFound),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crew_dials_the_exchange_and_the_code_of_the_order() {
        let masking = Masking { number: "021 1234".into(), pauses: None, ends: "#".into() };
        assert_eq!(masking.dial("1405-00012").as_deref(), Some("0211234,,140500012#"));
        let slow = Masking { pauses: Some(4), ends: String::new(), ..masking.clone() };
        assert_eq!(slow.dial("1405-00012").as_deref(), Some("0211234,,,,140500012"));
        assert_eq!(Masking::default().dial("1405-00012"), None);
        let broken = Masking { number: "<script>".into(), ..masking };
        assert_eq!(broken.dial("1405-00012"), None);
    }
}
