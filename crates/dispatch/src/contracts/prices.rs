//! Price lists. Each is a whole one and valid from its day until the next one begins; what was measured counts by the
//! list of the day on which it was measured. A list cannot begin in a month whose statement was presented.

use people::{Act, Permission, Where};
use storage::{Result, Tx, params, sql};

use super::contract::{self, Contract};
use super::{CONTRACT, ContractError, Done};

/// One position of a price list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    pub code: String,
    pub name_fa: String,
    /// Empty where nobody said it in English.
    pub name_en: String,
    /// m³, metre, piece, as the list says it.
    pub unit: String,
    /// Rial for one unit, before the coefficient.
    pub price: i64,
    /// More than this in one line is looked at, in thousandths.
    pub usual_most: Option<i64>,
}

/// A list and the day from which it is valid, in days since 1970.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriceList {
    pub valid_from: i64,
    pub items: Vec<Item>,
}

impl PriceList {
    pub fn item(&self, code: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.code == code)
    }
}

/// Every list of a contract, the latest first.
pub fn lists(tx: &mut Tx<'_>, jurisdiction: i64, contract: i64) -> Result<Vec<PriceList>> {
    let mut all: Vec<PriceList> = Vec::new();
    tx.for_each(
        sql!(
            "SELECT valid_from, code, name_fa, name_en, unit, price, usual_most FROM contract_prices
             WHERE jurisdiction_id = $1 AND contract_id = $2 ORDER BY valid_from DESC, position, code LIMIT 100000"
        ),
        &params![jurisdiction, contract],
        |row| {
            let valid_from: i64 = row.get(0)?;
            if all.last().is_none_or(|list| list.valid_from != valid_from) {
                all.push(PriceList { valid_from, items: Vec::new() });
            }
            let item = Item {
                code: row.get(1)?,
                name_fa: row.get(2)?,
                name_en: row.get(3)?,
                unit: row.get(4)?,
                price: row.get(5)?,
                usual_most: row.get(6)?,
            };
            if let Some(list) = all.last_mut() {
                list.items.push(item);
            }
            Ok(())
        },
    )?;
    Ok(all)
}

/// The list that is valid on a day, of lists with the latest first.
pub fn on_day(lists: &[PriceList], day: i64) -> Option<&PriceList> {
    lists.iter().find(|list| list.valid_from <= day)
}

/// Puts a list in force from a day, or replaces the one that begins on that very day.
pub fn put(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    contract: i64,
    valid_from: i64,
    items: &[Item],
) -> Done<()> {
    act.require(Permission::ManageContracts, Where::city(jurisdiction))?;
    let contract: Contract = contract::by_id(tx, jurisdiction, contract)?.ok_or(ContractError::NotFound)?;
    if items.is_empty() {
        return Err(ContractError::Wrong { field: "items", code: "missing" });
    }
    if contract.state == super::State::Ended {
        return Err(ContractError::Refused("contract-over"));
    }
    if !(contract.starts_on..=contract.ends_on).contains(&valid_from) {
        return Err(ContractError::Wrong { field: "valid_from", code: "outside-contract" });
    }
    // What was presented or paid stays as it was computed.
    let told: Option<i64> = tx
        .value(
            sql!("SELECT MAX(until_on) FROM statements WHERE jurisdiction_id = $1 AND contract_id = $2"),
            &params![jurisdiction, contract.id],
        )?
        .unwrap_or(None);
    if told.is_some_and(|until| valid_from <= until) {
        return Err(ContractError::Wrong { field: "valid_from", code: "already-billed" });
    }
    tx.execute(
        sql!(
            "DELETE FROM contract_prices WHERE jurisdiction_id = $1 AND contract_id = $2 AND valid_from = $3"
        ),
        &params![jurisdiction, contract.id, valid_from],
    )?;
    let mut values = Vec::with_capacity(items.len() * 10);
    for (n, item) in items.iter().enumerate() {
        let position = i64::try_from(n).unwrap_or(i64::MAX);
        values.extend(params![
            jurisdiction,
            contract.id,
            valid_from,
            &item.code,
            position,
            &item.name_fa,
            &item.name_en,
            &item.unit,
            item.price,
            item.usual_most
        ]);
    }
    tx.insert_many(
        "INSERT INTO contract_prices (jurisdiction_id, contract_id, valid_from, code, position, name_fa, name_en, unit, price,
             usual_most) VALUES",
        10,
        &values,
        "",
    )?;
    let payload = format!("{{\"from\":{valid_from},\"items\":{}}}", items.len());
    act.record(tx, jurisdiction, CONTRACT, contract.id, "priced", payload);
    Ok(())
}
