//! What stands in a statement: work, corrections and penalties, each with what it was computed from.

use calendar::Timestamp;
use storage::{Result, Tx, params, sql};

use crate::kinds::coded;

coded! {
    /// What a row of a statement is.
    RowKind {
        Work = "work",
        /// What a closed statement had wrong.
        Correction = "correction",
        LateArrival = "late-arrival",
        LateFinish = "late-finish",
        NoShow = "no-show",
        FailedCheck = "failed-check",
        MissingProof = "missing-proof",
    }
}

impl RowKind {
    pub const fn is_penalty(self) -> bool {
        !matches!(self, RowKind::Work | RowKind::Correction)
    }
}

coded! {
    /// Where a contractor's objection to a row stands.
    Dispute {
        Open = "open",
        Upheld = "upheld",
        TurnedDown = "turned-down",
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its place in the statement, from 1.
    pub number: i64,
    pub kind: RowKind,
    /// The measured line it is about.
    pub line: Option<i64>,
    /// The offer whose times were judged, or the correction.
    pub source: Option<i64>,
    pub order_code: String,
    pub item: String,
    pub name_fa: String,
    pub name_en: String,
    /// What a quantity is counted in; of lateness `hour` or `day`.
    pub unit: String,
    /// In days since 1970.
    pub measured_on: Option<i64>,
    /// Certified, in thousandths.
    pub quantity: i64,
    pub price: i64,
    pub coefficient: i64,
    /// What statements paid for the same line before.
    pub before: i64,
    /// Rial. Of a penalty what is taken off, at least 0.
    pub amount: i64,
    /// The times it was computed from, by name, in milliseconds.
    pub events: Vec<(String, i64)>,
    /// Hours or days begun after the target.
    pub units: i64,
    /// A supervisor's words, or the code `rework` where nothing is paid.
    pub words: String,
    pub dispute: Option<Dispute>,
    pub disputed_at: Option<Timestamp>,
    pub dispute_words: String,
    pub answered_at: Option<Timestamp>,
    pub answer_words: String,
    /// What stood here before a dispute was upheld.
    pub amount_before: Option<i64>,
}

impl Row {
    pub(super) fn empty(kind: RowKind) -> Row {
        Row {
            number: 0,
            kind,
            line: None,
            source: None,
            order_code: String::new(),
            item: String::new(),
            name_fa: String::new(),
            name_en: String::new(),
            unit: String::new(),
            measured_on: None,
            quantity: 0,
            price: 0,
            coefficient: 0,
            before: 0,
            amount: 0,
            events: Vec::new(),
            units: 0,
            words: String::new(),
            dispute: None,
            disputed_at: None,
            dispute_words: String::new(),
            answered_at: None,
            answer_words: String::new(),
            amount_before: None,
        }
    }
}

/// The rows of a statement, in order.
pub(super) fn of(tx: &mut Tx<'_>, jurisdiction: i64, statement: i64) -> Result<Vec<Row>> {
    tx.query(
        sql!(
            "SELECT number, kind, line_id, source_id, order_code, item, name_fa, name_en, unit, measured_on, quantity, price,
                 coefficient, before, amount, events, units, words, dispute, disputed_at, dispute_words, answered_at,
                 answer_words, amount_before
             FROM statement_rows WHERE jurisdiction_id = $1 AND statement_id = $2 ORDER BY number LIMIT 20000"
        ),
        &params![jurisdiction, statement],
        |row| {
            Ok(Row {
                number: row.get(0)?,
                kind: RowKind::parse(&row.get::<String>(1)?).unwrap_or(RowKind::Correction),
                line: row.get(2)?,
                source: row.get(3)?,
                order_code: row.get(4)?,
                item: row.get(5)?,
                name_fa: row.get(6)?,
                name_en: row.get(7)?,
                unit: row.get(8)?,
                measured_on: row.get(9)?,
                quantity: row.get(10)?,
                price: row.get(11)?,
                coefficient: row.get(12)?,
                before: row.get(13)?,
                amount: row.get(14)?,
                events: serde_json::from_str(&row.get::<String>(15)?).unwrap_or_default(),
                units: row.get(16)?,
                words: row.get(17)?,
                dispute: Dispute::parse(&row.get::<String>(18)?),
                disputed_at: row.get::<Option<i64>>(19)?.map(Timestamp),
                dispute_words: row.get(20)?,
                answered_at: row.get::<Option<i64>>(21)?.map(Timestamp),
                answer_words: row.get(22)?,
                amount_before: row.get(23)?,
            })
        },
    )
}

/// Writes the rows of a new statement.
pub(super) fn write(tx: &mut Tx<'_>, jurisdiction: i64, statement: i64, rows: &[Row]) -> Result<()> {
    for row in rows {
        tx.execute(
            sql!(
                "INSERT INTO statement_rows (jurisdiction_id, statement_id, number, kind, line_id, source_id, order_code, item,
                     name_fa, name_en, unit, measured_on, quantity, price, coefficient, before, amount, events, units, words,
                     dispute, dispute_words, answered_by, answer_words)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, '', '', '', '')"
            ),
            &params![
                jurisdiction,
                statement,
                row.number,
                row.kind.code(),
                row.line,
                row.source,
                &row.order_code,
                &row.item,
                &row.name_fa,
                &row.name_en,
                &row.unit,
                row.measured_on,
                row.quantity,
                row.price,
                row.coefficient,
                row.before,
                row.amount,
                &crate::json(&row.events)?,
                row.units,
                &row.words
            ],
        )?;
    }
    Ok(())
}
