//! What a contractor measured: lines with a position of the price list, a quantity and a photo, and the signature under
//! them. With the signature everything odd is noted on the line, and it is decided who looks at it.

use calendar::Timestamp;
use people::Act;
use storage::{Result, Row, Tx, params, sql};
use territory::Point;

use super::contract::{self, Contract, day_of};
use super::links::{self, Hand};
use super::offers::{self, Work};
use super::{CONTRACT, ContractError, Done, draw, money, one, prices};
use crate::kinds::{coded, split};

/// Lines of one order.
const MOST_LINES: usize = 100;
/// Two places nearer than this are one place, in metres.
const SAME_PLACE: f64 = 25.0;
/// A quantity is looked at when it is more than so many times the median of what was certified before…
const OUTLIER: i64 = 3;
/// … of at least so many lines.
const ENOUGH: usize = 5;

coded! {
    /// Where a line stands.
    LineState {
        /// Not signed yet; it can be taken out.
        Written = "written",
        /// Signed, and somebody looks at it.
        Submitted = "submitted",
        Certified = "certified",
        /// For a smaller quantity.
        Partly = "partly",
        Rejected = "rejected",
        /// The approval was void: nothing is paid until somebody looks again.
        Reopened = "reopened",
    }
}

/// One measured line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub id: i64,
    pub contract: i64,
    pub contractor: i64,
    pub order: i64,
    /// The code of its position in the price list.
    pub item: String,
    /// Thousandths of the unit.
    pub quantity: i64,
    /// In days since 1970; the price list of this day counts.
    pub measured_on: i64,
    pub measured_at: Timestamp,
    pub measured_by: String,
    pub note: String,
    pub photo: Option<String>,
    pub thumbnail: Option<String>,
    pub state: LineState,
    /// What is paid for, in thousandths.
    pub certified: i64,
    pub is_paid: bool,
    /// `outlier`, `same-photo`, `same-place`, `no-photo`
    pub flags: Vec<String>,
    pub submitted_at: Option<Timestamp>,
    pub checked_at: Option<Timestamp>,
    /// `not-drawn` where nobody had to look; `looked` where somebody did.
    pub reason: String,
    /// The words of the verdict.
    pub words: String,
    /// What statements paid for it so far, and at which price.
    pub billed: i64,
    pub billed_in: Option<i64>,
    pub billed_price: Option<i64>,
    pub version: i64,
}

/// A line as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewLine {
    pub item: String,
    pub quantity: Option<i64>,
    pub measured_on: Option<i64>,
    pub measured_by: String,
    pub note: String,
    /// The names of the photo and its small copy among the files.
    pub photo: Option<(String, String)>,
}

macro_rules! columns {
    () => {
        "id, contract_id, contractor_id, order_id, item, quantity, measured_on, measured_at, measured_by, note, photo, thumbnail,
         state, certified, is_paid, flags, submitted_at, checked_at, reason, words, billed, billed_in, billed_price, version"
    };
}
pub(super) use columns;

pub(super) fn read(row: &Row<'_>) -> Result<Line> {
    let at = |n: usize| Ok::<_, storage::Error>(row.get::<Option<i64>>(n)?.map(Timestamp));
    Ok(Line {
        id: row.get(0)?,
        contract: row.get(1)?,
        contractor: row.get(2)?,
        order: row.get(3)?,
        item: row.get(4)?,
        quantity: row.get(5)?,
        measured_on: row.get(6)?,
        measured_at: Timestamp(row.get(7)?),
        measured_by: row.get(8)?,
        note: row.get(9)?,
        photo: row.get(10)?,
        thumbnail: row.get(11)?,
        state: LineState::parse(&row.get::<String>(12)?).unwrap_or(LineState::Reopened),
        certified: row.get(13)?,
        is_paid: row.get(14)?,
        flags: split(&row.get::<String>(15)?),
        submitted_at: at(16)?,
        checked_at: at(17)?,
        reason: row.get(18)?,
        words: row.get(19)?,
        billed: row.get(20)?,
        billed_in: row.get(21)?,
        billed_price: row.get(22)?,
        version: row.get(23)?,
    })
}

pub fn by_id(tx: &mut Tx<'_>, jurisdiction: i64, id: i64) -> Result<Option<Line>> {
    tx.query_opt(
        sql!(concat!("SELECT ", columns!(), " FROM contract_lines WHERE jurisdiction_id = $1 AND id = $2")),
        &params![jurisdiction, id],
        read,
    )
}

/// The lines of an order under one contract, in the order in which they were written.
pub fn lines_of(tx: &mut Tx<'_>, jurisdiction: i64, order: i64, contract: i64) -> Result<Vec<Line>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM contract_lines WHERE jurisdiction_id = $1 AND order_id = $2 AND contract_id = $3 ORDER BY id LIMIT 200"
        )),
        &params![jurisdiction, order, contract],
        read,
    )
}

/// Everything that an order's page of a contractor shows.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub offer: super::Offer,
    pub work: Work,
    pub contract: Contract,
    pub lines: Vec<Line>,
    /// Every price list of the contract, the latest first.
    pub prices: Vec<prices::PriceList>,
    pub today: i64,
}

impl Sheet {
    /// What a line is worth with what is certified, or with what was measured while nobody decided.
    pub fn worth(&self, line: &Line) -> Option<i64> {
        let quantity = match line.state {
            LineState::Written | LineState::Submitted => line.quantity,
            _ => line.certified,
        };
        if !line.is_paid {
            return Some(0);
        }
        let item = prices::on_day(&self.prices, line.measured_on)?.item(&line.item)?;
        money::line(line.billed_price.unwrap_or(item.price), quantity, self.contract.terms.coefficient)
    }
}

/// Reads everything about an offer.
pub fn sheet(tx: &mut Tx<'_>, jurisdiction: i64, offer: i64, now: Timestamp) -> Result<Option<Sheet>> {
    let Some((offer, work)) = offers::with_work(tx, jurisdiction, offer)? else { return Ok(None) };
    let Some(contract) = contract::by_id(tx, jurisdiction, offer.contract)? else { return Ok(None) };
    Ok(Some(Sheet {
        lines: lines_of(tx, jurisdiction, work.id.0, contract.id)?,
        prices: prices::lists(tx, jurisdiction, contract.id)?,
        today: day_of(tx, jurisdiction, now)?,
        offer,
        work,
        contract,
    }))
}

/// Writes down what was measured.
pub fn add_line(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    offer: i64,
    new: &NewLine,
    hand: Hand<'_>,
) -> Done<i64> {
    let offer = offers::accepted(tx, act, jurisdiction, offer, hand)?;
    let sheet = sheet(tx, jurisdiction, offer.id, act.at)?.ok_or(ContractError::NotFound)?;
    let wrong = |field, code| Err(ContractError::Wrong { field, code });
    if sheet.work.on_site_at.is_none() {
        return Err(ContractError::Refused("offer-not-there"));
    }
    if sheet.lines.len() >= MOST_LINES {
        return Err(ContractError::Refused("lines-too-many"));
    }
    let accepted = day_of(tx, jurisdiction, offer.answered_at.unwrap_or(offer.offered_at))?;
    let Some(day) = new.measured_on.filter(|day| (accepted..=sheet.today).contains(day)) else {
        return wrong("measured_on", "wrong");
    };
    let Some(item) = prices::on_day(&sheet.prices, day).and_then(|list| list.item(&new.item)) else {
        return wrong("item", "unknown");
    };
    let Some(quantity) = new.quantity.filter(|q| (1..=money::MOST_QUANTITY).contains(q)) else {
        return wrong("quantity", "wrong");
    };
    if money::line(item.price, quantity, sheet.contract.terms.coefficient).is_none() {
        return wrong("quantity", "wrong");
    }
    let measured_by: String = language::display::clean_line(&new.measured_by).chars().take(100).collect();
    let note: String = language::display::clean_text(&new.note).chars().take(1_000).collect();
    let id = act.new_id();
    let (photo, thumbnail) =
        new.photo.as_ref().map_or((None, None), |(p, t)| (Some(p.as_str()), Some(t.as_str())));
    tx.execute(
        sql!(
            "INSERT INTO contract_lines (jurisdiction_id, id, contract_id, contractor_id, order_id, item, quantity, measured_on,
                 measured_at, measured_by, account_id, note, photo, thumbnail, state, certified, is_paid, flags, checked_by,
                 reason, words)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'written', 0, $15, '', '', '', '')"
        ),
        &params![
            jurisdiction,
            id,
            offer.contract,
            offer.contractor,
            offer.order.0,
            &item.code,
            quantity,
            day,
            act.at.0,
            &measured_by,
            act.by.account(),
            &note,
            photo,
            thumbnail,
            sheet.work.is_paid
        ],
    )?;
    let payload = format!("{{\"order\":{},\"line\":{id},\"quantity\":{quantity}}}", offer.order.0);
    act.record(tx, jurisdiction, CONTRACT, offer.contract, "measured", payload);
    Ok(id)
}

/// Takes a line out again, before the signature.
pub fn remove_line(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    offer: i64,
    line: i64,
    hand: Hand<'_>,
) -> Done<()> {
    let offer = offers::accepted(tx, act, jurisdiction, offer, hand)?;
    let removed = tx.execute(
        sql!(
            "DELETE FROM contract_lines WHERE jurisdiction_id = $1 AND id = $2 AND order_id = $3 AND contract_id = $4
               AND state = 'written'"
        ),
        &params![jurisdiction, line, offer.order.0, offer.contract],
    )?;
    if removed == 0 {
        return Err(ContractError::NotFound);
    }
    let payload = format!("{{\"order\":{},\"line\":{line}}}", offer.order.0);
    act.record(tx, jurisdiction, CONTRACT, offer.contract, "line-removed", payload);
    Ok(())
}

/// Signs and hands in everything that was measured for an order that is done. What nobody has to look at is certified
/// at once.
pub fn sign(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    offer: i64,
    name: &str,
    hand: Hand<'_>,
) -> Done<()> {
    let offer = offers::accepted(tx, act, jurisdiction, offer, hand)?;
    let sheet = sheet(tx, jurisdiction, offer.id, act.at)?.ok_or(ContractError::NotFound)?;
    if sheet.work.ended_at.is_none() {
        return Err(ContractError::Refused("offer-not-finished"));
    }
    if sheet.lines.is_empty() {
        return Err(ContractError::Refused("lines-missing"));
    }
    let name = super::said("name", name, 100)?;
    let mut flagged = false;
    let mut flags = Vec::new();
    for line in &sheet.lines {
        let found = flags_of(tx, jurisdiction, &sheet, line)?;
        flagged |= !found.is_empty();
        flags.push(found.join(" "));
    }
    let (from, _) = super::statement::month_of(tx, jurisdiction, sheet.today)?;
    let seed = draw::month_seed(sheet.contract.draw_seed, from);
    let look = if sheet.work.urgency == crate::Urgency::Immediate {
        "immediate"
    } else if flagged {
        "flagged"
    } else if draw::is_drawn(&seed, &sheet.work.code, sheet.contract.terms.check_percent) {
        "drawn"
    } else {
        ""
    };
    for (line, flags) in sheet.lines.iter().zip(&flags) {
        let (state, certified, reason) = match look {
            "" => (LineState::Certified, line.quantity, "not-drawn"),
            _ => (LineState::Submitted, 0, ""),
        };
        one(tx.execute(
            sql!(
                "UPDATE contract_lines SET state = $4, certified = $5, flags = $6, reason = $7, submitted_at = $8,
                     version = version + 1
                 WHERE jurisdiction_id = $1 AND id = $2 AND version = $3 AND state = 'written'"
            ),
            &params![
                jurisdiction,
                line.id,
                line.version,
                state.code(),
                certified,
                flags,
                reason,
                act.at.0
            ],
        )?)?;
    }
    one(tx.execute(
        sql!(
            "UPDATE contract_orders SET signed_at = $4, signed_by = $5, look = $6, version = version + 1
             WHERE jurisdiction_id = $1 AND id = $2 AND version = $3 AND signed_at IS NULL"
        ),
        &params![jurisdiction, offer.id, offer.version, act.at.0, &name, look],
    )?)?;
    links::end_links(tx, act, jurisdiction, offer.id)?;
    let payload =
        format!("{{\"order\":{},\"lines\":{},\"look\":\"{look}\"}}", offer.order.0, sheet.lines.len());
    act.record(tx, jurisdiction, CONTRACT, offer.contract, "signed", payload);
    Ok(())
}

/// What is odd about a line.
fn flags_of(tx: &mut Tx<'_>, jurisdiction: i64, sheet: &Sheet, line: &Line) -> Result<Vec<&'static str>> {
    let mut flags = Vec::new();
    let item = prices::on_day(&sheet.prices, line.measured_on).and_then(|list| list.item(&line.item));
    let usual = item.and_then(|item| item.usual_most);
    if usual.is_some_and(|most| line.quantity > most)
        || is_outlier(line.quantity, &certified_before(tx, jurisdiction, line)?)
    {
        flags.push("outlier");
    }
    match &line.photo {
        None => flags.push("no-photo"),
        Some(photo) => {
            let others: Option<i64> = tx.value(
                sql!(
                    "SELECT COUNT(*) FROM contract_lines
                     WHERE jurisdiction_id = $1 AND photo = $2 AND photo IS NOT NULL AND id <> $3"
                ),
                &params![jurisdiction, photo, line.id],
            )?;
            if others.unwrap_or(0) > 0 {
                flags.push("same-photo");
            }
        }
    }
    if line.is_paid && is_same_place(tx, jurisdiction, sheet, line)? {
        flags.push("same-place");
    }
    Ok(flags)
}

/// More than three times the median of what was certified before, when there is enough of it.
pub(super) fn is_outlier(quantity: i64, before: &[i64]) -> bool {
    let mut sorted = before.to_vec();
    sorted.sort_unstable();
    let median = sorted.get(sorted.len() / 2).copied().unwrap_or(0);
    sorted.len() >= ENOUGH && median > 0 && quantity > median.saturating_mul(OUTLIER)
}

fn certified_before(tx: &mut Tx<'_>, jurisdiction: i64, line: &Line) -> Result<Vec<i64>> {
    tx.query(
        sql!(
            "SELECT certified FROM contract_lines
             WHERE jurisdiction_id = $1 AND contract_id = $2 AND item = $3 AND certified > 0
             ORDER BY measured_on DESC, id DESC LIMIT 50"
        ),
        &params![jurisdiction, line.contract, &line.item],
        |row| row.get(0),
    )
}

/// The same position was measured at the same place within the warranty, for another order.
fn is_same_place(tx: &mut Tx<'_>, jurisdiction: i64, sheet: &Sheet, line: &Line) -> Result<bool> {
    let Some(here) = sheet.work.point else { return Ok(false) };
    let since = line.measured_on - sheet.contract.terms.warranty_days;
    let places = tx.query(
        sql!(
            "SELECT w.lat, w.long FROM contract_lines l
             JOIN work_orders w ON w.jurisdiction_id = l.jurisdiction_id AND w.id = l.order_id
             WHERE l.jurisdiction_id = $1 AND l.contract_id = $2 AND l.item = $3 AND l.order_id <> $4 AND l.measured_on >= $5
               AND l.state IN ('submitted', 'certified', 'partly')
               AND w.lat BETWEEN $6 AND $7
             ORDER BY l.id DESC LIMIT 2000"
        ),
        &params![
            jurisdiction,
            line.contract,
            &line.item,
            line.order,
            since,
            here.lat - 0.001,
            here.lat + 0.001
        ],
        |row| Ok(Point::new(row.get(0)?, row.get(1)?)),
    )?;
    Ok(places.into_iter().flatten().any(|there| there.metres_to(here) <= SAME_PLACE))
}
