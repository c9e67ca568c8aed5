//! When an official answers callers: announced by staff, shown to everybody.

use calendar::Timestamp;
use language::display;
use people::{Act, Permission, Where};
use storage::{Result, Row, Tx, params, sql};

use super::{OfficialError, SUBJECT};
use crate::kinds::coded;
use crate::rules::MOST_LINE;
use crate::service::Both;
use crate::submit::json;

/// The longest an hour may last, in milliseconds: half a day.
const LONGEST: i64 = 12 * 3_600_000;

/// An hour of one official.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hour {
    pub id: i64,
    /// The official's own account, when they have one; promises belong to it.
    pub account: Option<i64>,
    pub name: Both,
    pub title: Both,
    pub begins_at: Timestamp,
    pub ends_at: Timestamp,
    /// The number to call; empty for the line itself.
    pub phone: String,
    /// Where one may come instead; empty when one may not.
    pub place: Both,
    pub is_published: bool,
    pub is_cancelled: bool,
}

impl Hour {
    pub fn is_now(&self, now: Timestamp) -> bool {
        !self.is_cancelled && self.begins_at <= now && now < self.ends_at
    }
}

/// What is announced.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewHour {
    pub account: Option<i64>,
    pub name: Both,
    pub title: Both,
    pub begins_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
    pub phone: String,
    pub place: Both,
    pub is_published: bool,
}

coded! {
    /// A field of [`NewHour`] that was not right.
    HourField {
        Name = "hour-name",
        Title = "hour-title",
        Begins = "hour-begins",
        Ends = "hour-ends",
        Phone = "hour-phone",
        Place = "hour-place",
    }
}

macro_rules! columns {
    () => {
        "id, account_id, name_fa, name_en, title_fa, title_en, begins_at, ends_at, phone, place_fa, place_en, is_published, \
         is_cancelled"
    };
}

fn read(row: &Row<'_>) -> Result<Hour> {
    Ok(Hour {
        id: row.get(0)?,
        account: row.get(1)?,
        name: Both::new(row.get::<String>(2)?, row.get::<String>(3)?),
        title: Both::new(row.get::<String>(4)?, row.get::<String>(5)?),
        begins_at: Timestamp(row.get(6)?),
        ends_at: Timestamp(row.get(7)?),
        phone: row.get(8)?,
        place: Both::new(row.get::<String>(9)?, row.get::<String>(10)?),
        is_published: row.get(11)?,
        is_cancelled: row.get(12)?,
    })
}

pub fn by_id(tx: &mut Tx<'_>, jurisdiction: i64, id: i64) -> Result<Option<Hour>> {
    tx.query_opt(
        sql!(concat!("SELECT ", columns!(), " FROM official_hours WHERE jurisdiction_id = $1 AND id = $2")),
        &params![jurisdiction, id],
        read,
    )
}

/// Published hours that are not over, the next one first.
pub fn upcoming(tx: &mut Tx<'_>, jurisdiction: i64, now: Timestamp, most: u32) -> Result<Vec<Hour>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM official_hours WHERE jurisdiction_id = $1 AND ends_at > $2 AND is_published = 1 AND is_cancelled = 0
              ORDER BY begins_at, id LIMIT $3"
        )),
        &params![jurisdiction, now.0, most],
        read,
    )
}

/// Published hours that are over, the latest first.
pub fn past(tx: &mut Tx<'_>, jurisdiction: i64, now: Timestamp, most: u32) -> Result<Vec<Hour>> {
    tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM official_hours WHERE jurisdiction_id = $1 AND ends_at <= $2 AND is_published = 1 AND is_cancelled = 0
              ORDER BY begins_at DESC, id DESC LIMIT $3"
        )),
        &params![jurisdiction, now.0, most],
        read,
    )
}

/// Every hour, the latest first, for those who arrange them.
pub fn all(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    most: u32,
) -> std::result::Result<Vec<Hour>, OfficialError> {
    act.require(Permission::ManageOfficials, Where::city(jurisdiction))?;
    Ok(tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM official_hours WHERE jurisdiction_id = $1 ORDER BY begins_at DESC, id DESC LIMIT $2"
        )),
        &params![jurisdiction, most],
        read,
    )?)
}

/// The hours of the official who acts, the latest first.
pub fn mine(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, most: u32) -> Result<Vec<Hour>> {
    let Some(account) = act.by.account() else { return Ok(Vec::new()) };
    tx.query(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM official_hours WHERE jurisdiction_id = $1 AND account_id = $2 AND is_cancelled = 0
              ORDER BY begins_at DESC, id DESC LIMIT $3"
        )),
        &params![jurisdiction, account, most],
        read,
    )
}

/// Announces an hour, or changes the one with this id.
pub fn put(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: Option<i64>,
    new: &NewHour,
) -> std::result::Result<i64, OfficialError> {
    act.require(Permission::ManageOfficials, Where::city(jurisdiction))?;
    let hour = checked(new)?;
    if let Some(id) = id
        && by_id(tx, jurisdiction, id)?.is_none()
    {
        return Err(OfficialError::NotFound);
    }
    let fact = if id.is_some() { "changed" } else { "announced" };
    let id = id.unwrap_or_else(|| act.new_id());
    tx.execute(
        sql!(
            "INSERT INTO official_hours (jurisdiction_id, id, account_id, name_fa, name_en, title_fa, title_en, begins_at, ends_at,
                 phone, place_fa, place_en, is_published)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             ON CONFLICT (jurisdiction_id, id) DO UPDATE SET account_id = excluded.account_id, name_fa = excluded.name_fa,
                 name_en = excluded.name_en, title_fa = excluded.title_fa, title_en = excluded.title_en,
                 begins_at = excluded.begins_at, ends_at = excluded.ends_at, phone = excluded.phone,
                 place_fa = excluded.place_fa, place_en = excluded.place_en, is_published = excluded.is_published"
        ),
        &params![
            jurisdiction, id, hour.account, &hour.name.fa, &hour.name.en, &hour.title.fa, &hour.title.en, hour.begins_at.0,
            hour.ends_at.0, &hour.phone, &hour.place.fa, &hour.place.en, hour.is_published
        ],
    )?;
    let payload = serde_json::json!({ "begins": hour.begins_at.0, "published": hour.is_published });
    act.record(tx, jurisdiction, SUBJECT, id, fact, json(&payload)?);
    Ok(id)
}

/// Takes an hour back; what was promised in it stays.
pub fn cancel(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    id: i64,
) -> std::result::Result<(), OfficialError> {
    act.require(Permission::ManageOfficials, Where::city(jurisdiction))?;
    let cancelled = tx.execute(
        sql!("UPDATE official_hours SET is_cancelled = 1 WHERE jurisdiction_id = $1 AND id = $2 AND is_cancelled = 0"),
        &params![jurisdiction, id],
    )?;
    if cancelled == 1 {
        act.record(tx, jurisdiction, SUBJECT, id, "cancelled", "{}".into());
    } else if by_id(tx, jurisdiction, id)?.is_none() {
        return Err(OfficialError::NotFound);
    }
    Ok(())
}

fn checked(new: &NewHour) -> std::result::Result<Hour, OfficialError> {
    let wrong = |field| OfficialError::Wrong { field };
    let line = |text: &str, field| {
        let text = display::clean_line(text);
        if text.chars().count() > MOST_LINE { Err(wrong(field)) } else { Ok(text) }
    };
    let both = |text: &Both, field| {
        Ok::<_, OfficialError>(Both::new(line(&text.fa, field)?, line(&text.en, field)?))
    };
    let name = both(&new.name, HourField::Name)?;
    let title = both(&new.title, HourField::Title)?;
    if name.is_empty() {
        return Err(wrong(HourField::Name));
    }
    if title.is_empty() {
        return Err(wrong(HourField::Title));
    }
    let begins_at = new.begins_at.ok_or(wrong(HourField::Begins))?;
    let lasts = |ends: &Timestamp| (1..=LONGEST).contains(&ends.millis_since(begins_at));
    let ends_at = new.ends_at.filter(lasts).ok_or(wrong(HourField::Ends))?;
    Ok(Hour {
        id: 0,
        account: new.account,
        name,
        title,
        begins_at,
        ends_at,
        phone: line(&new.phone, HourField::Phone)?,
        place: both(&new.place, HourField::Place)?,
        is_published: new.is_published,
        is_cancelled: false,
    })
}
