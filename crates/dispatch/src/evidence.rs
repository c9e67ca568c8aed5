//! What a crew brought back: photos before and after, checks, materials, quantities, words. Added, never changed.

use calendar::Timestamp;
use people::Act;
use requests::PhotoRef;
use storage::{Error, Result, Row, Tx, params, sql};
use territory::Point;

use crate::kinds::coded;
use crate::{CrewId, DispatchError, Done, OrderId, OrderStatus, WorkOrder, crews, members, orders};

coded! {
    /// What sort of thing it is.
    EvidenceKind {
        /// A photo of the place before the work.
        Before = "before",
        /// A photo of the place after the work.
        After = "after",
        /// A point of the list; content `{"code": …, "ticked": true}`.
        Check = "check",
        /// Something used up; content `{"code": …, "amount": 3}`.
        Material = "material",
        /// Something measured for the price list; content `{"code": …, "amount": 12.5}`.
        Quantity = "quantity",
        /// Words; content `{"words": …}`.
        Note = "note",
    }
}

/// One thing that a crew brought back.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    pub order: OrderId,
    pub id: i64,
    pub kind: EvidenceKind,
    pub crew: Option<CrewId>,
    pub account: Option<i64>,
    /// By our clock.
    pub at: Timestamp,
    /// By the telephone's.
    pub device_at: Option<Timestamp>,
    pub point: Option<Point>,
    pub photo: Option<PhotoRef>,
    pub content: serde_json::Value,
}

impl Evidence {
    /// The words of a note; empty for anything else.
    pub fn words(&self) -> &str {
        self.text("words")
    }

    /// Of a check, a material or a quantity: which one.
    pub fn code(&self) -> &str {
        self.text("code")
    }

    pub fn amount(&self) -> f64 {
        self.content.get("amount").and_then(serde_json::Value::as_f64).unwrap_or(0.0)
    }

    pub(crate) fn ticks(&self, code: &str) -> bool {
        let ticked = self.content.get("ticked").and_then(serde_json::Value::as_bool);
        self.kind == EvidenceKind::Check && self.code() == code && ticked == Some(true)
    }

    fn text(&self, key: &str) -> &str {
        self.content.get(key).and_then(serde_json::Value::as_str).unwrap_or("")
    }
}

/// What somebody brings.
#[derive(Debug, Clone, PartialEq)]
pub struct Brought {
    /// A number that the sender made, so that sending again adds nothing.
    pub id: Option<i64>,
    pub kind: EvidenceKind,
    pub device_at: Option<Timestamp>,
    pub point: Option<Point>,
    pub photo: Option<PhotoRef>,
    pub content: serde_json::Value,
}

impl Brought {
    pub fn photo(kind: EvidenceKind, photo: PhotoRef) -> Brought {
        Brought { photo: Some(photo), ..Brought::new(kind, serde_json::json!({})) }
    }

    pub fn tick(code: &str) -> Brought {
        Brought::new(EvidenceKind::Check, serde_json::json!({ "code": code, "ticked": true }))
    }

    pub fn amount(kind: EvidenceKind, code: &str, amount: f64) -> Brought {
        Brought::new(kind, serde_json::json!({ "code": code, "amount": amount }))
    }

    pub fn words(words: &str) -> Brought {
        Brought::new(EvidenceKind::Note, serde_json::json!({ "words": words }))
    }

    fn new(kind: EvidenceKind, content: serde_json::Value) -> Brought {
        Brought { id: None, kind, device_at: None, point: None, photo: None, content }
    }
}

/// Of one order; more is a program gone wild.
const MOST: i64 = 300;
const MOST_CONTENT: usize = 8_000;

/// Adds something to an order that its crew has, or had when it ended. Returns its number; of what is here already, the
/// same number, and nothing is added.
pub fn add(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, order: OrderId, brought: &Brought) -> Done<i64> {
    let mut order = orders::by_id(tx, jurisdiction, order)?.ok_or(DispatchError::NotFound)?;
    match order.crew {
        Some(crew) => {
            let crew = crews::by_id(tx, jurisdiction, crew)?.ok_or(DispatchError::NotFound)?;
            members::stands_for(tx, act, &crew)?;
        }
        None => order.require(act, people::Permission::Dispatch)?,
    }
    let is_photo = matches!(brought.kind, EvidenceKind::Before | EvidenceKind::After);
    if is_photo != brought.photo.is_some() {
        return Err(DispatchError::Refused("evidence-photo-wrong"));
    }
    let amount = brought.content.get("amount").and_then(serde_json::Value::as_f64);
    let is_counted = matches!(brought.kind, EvidenceKind::Material | EvidenceKind::Quantity);
    if is_counted && !amount.is_some_and(|amount| amount.is_finite() && (0.0..=1e9).contains(&amount)) {
        return Err(DispatchError::Refused("evidence-amount-wrong"));
    }
    // A bill that was checked does not grow.
    if order.status == OrderStatus::Checked && brought.kind == EvidenceKind::Quantity {
        return Err(DispatchError::Refused("order-over"));
    }
    let count: Option<i64> = tx.value(
        sql!("SELECT COUNT(*) FROM work_evidence WHERE jurisdiction_id = $1 AND order_id = $2"),
        &params![jurisdiction, order.id.0],
    )?;
    if count.unwrap_or(0) >= MOST {
        return Err(DispatchError::Refused("evidence-too-much"));
    }
    let id = put(tx, act, &order, brought)?;
    if order.reason == orders::PHOTOS_OWED && is_photo && orders::owed(tx, &order)?.is_none() {
        order.reason = String::new();
        orders::update(tx, act, &mut order)?;
        order.record(tx, act, "changed", &order.told())?;
    }
    Ok(id)
}

/// Words about an order that a verb was told; the verb has asked for the right.
pub(crate) fn remark(tx: &mut Tx<'_>, act: &Act, order: &WorkOrder, words: &str) -> Done<()> {
    put(tx, act, order, &Brought::words(words)).map(|_| ())
}

fn put(tx: &mut Tx<'_>, act: &Act, order: &WorkOrder, brought: &Brought) -> Done<i64> {
    let id = brought.id.unwrap_or_else(|| act.new_id());
    let content = crate::json(&brought.content)?;
    if content.len() > MOST_CONTENT {
        return Err(DispatchError::Refused("words-too-long"));
    }
    let photo = brought.photo.as_ref().map(PhotoRef::text);
    tx.execute(
        sql!(
            "INSERT INTO work_evidence (jurisdiction_id, order_id, id, kind, crew_id, account_id, at, device_at, lat, long, file, content)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             ON CONFLICT (jurisdiction_id, order_id, id) DO NOTHING"
        ),
        &params![
            order.jurisdiction,
            order.id.0,
            id,
            brought.kind.code(),
            order.crew.map(|crew| crew.0),
            act.by.account(),
            act.at.0,
            brought.device_at.map(|at| at.0),
            brought.point.map(|point| point.lat),
            brought.point.map(|point| point.long),
            photo.as_deref(),
            &content
        ],
    )?;
    Ok(id)
}

/// Everything that was brought for an order, in the order in which it came.
pub fn of_order(tx: &mut Tx<'_>, jurisdiction: i64, order: OrderId) -> Result<Vec<Evidence>> {
    tx.query(
        sql!(
            "SELECT order_id, id, kind, crew_id, account_id, at, device_at, lat, long, file, content FROM work_evidence
             WHERE jurisdiction_id = $1 AND order_id = $2 ORDER BY at, id LIMIT 1000"
        ),
        &params![jurisdiction, order.0],
        from_row,
    )
}

fn from_row(row: &Row<'_>) -> Result<Evidence> {
    let point = match (row.get::<Option<f64>>(7)?, row.get::<Option<f64>>(8)?) {
        (Some(lat), Some(long)) => Point::new(lat, long),
        _ => None,
    };
    Ok(Evidence {
        order: OrderId(row.get(0)?),
        id: row.get(1)?,
        kind: EvidenceKind::parse(&row.get::<String>(2)?)
            .ok_or_else(|| Error::corrupt("evidence of an unknown kind"))?,
        crew: row.get::<Option<i64>>(3)?.map(CrewId),
        account: row.get(4)?,
        at: Timestamp(row.get(5)?),
        device_at: row.get::<Option<i64>>(6)?.map(Timestamp),
        point,
        photo: row.get::<Option<String>>(9)?.and_then(|text| PhotoRef::parse(&text)),
        content: serde_json::from_str(&row.get::<String>(10)?).map_err(Error::corrupt)?,
    })
}
