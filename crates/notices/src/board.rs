//! What the page of messages shows, and what can be done there: figures, the outbox, what came in, gateways.
//!
//! Numbers of people are shown by their last digits only: whoever looks after gateways need not know who wrote.

use calendar::Timestamp;
use language::{Lang, digits};
use people::{Act, Denied, Permission, permissions::Where};
use requests::Catalogue;
use storage::{Result, Row, Tx, params, sql};
use words::Words;

use crate::city::{City, city};
use crate::gateway::Channel;
use crate::health::{self, Health};
use crate::outbox::{self, New};
use crate::parts::{self, Size};
use crate::templates::{self, OCCASIONS, Reader, shared};
use crate::text;

/// How many rows of a list one page shows.
pub const MOST: u32 = 100;
/// Days that the table of counts goes back.
pub const DAYS: i64 = 14;
/// A message that is tried again has this long, in milliseconds.
const GOOD_FOR_MS: i64 = 24 * 3_600_000;
const DAY_MS: i64 = 24 * 3_600_000;

/// The states of a message, in the order of its life.
pub const STATES: [&str; 6] = ["queued", "sending", "sent", "delivered", "failed", "suppressed"];

#[derive(Debug, thiserror::Error)]
pub enum BoardError {
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The number that a test should go to is none.
    #[error("this is not a mobile number")]
    MobileWrong,
    #[error(transparent)]
    Failure(#[from] storage::Error),
}

/// One day of one gateway.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Day {
    /// Days since 1970.
    pub day: i64,
    pub channel: String,
    pub gateway: String,
    pub sent: i64,
    pub delivered: i64,
    pub undelivered: i64,
    pub failed: i64,
    pub suppressed: i64,
    pub received: i64,
    pub parts: i64,
    pub cost: i64,
}

/// A message that was sent or is to be.
#[derive(Debug, Clone)]
pub struct Sent {
    pub id: i64,
    pub channel: String,
    /// The last digits, or the host of an address.
    pub to: String,
    pub template: String,
    pub text: String,
    pub state: String,
    pub reason: String,
    pub attempts: i64,
    pub gateway: String,
    pub parts: i64,
    pub made_at: Timestamp,
    pub next_at: Timestamp,
}

/// A text that came in.
#[derive(Debug, Clone)]
pub struct Received {
    pub gateway: String,
    pub from: String,
    pub text: String,
    pub at: Timestamp,
    /// What it was taken for; empty never.
    pub understood: String,
    pub request: Option<i64>,
}

/// Counts of the messages that are kept, by state.
pub fn counts(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<Vec<(String, i64)>, BoardError> {
    act.require(Permission::ManageNotices, Where::city(jurisdiction))?;
    let found: Vec<(String, i64)> = tx.query(
        sql!("SELECT state, COUNT(*) FROM notice_outbox WHERE jurisdiction_id = $1 GROUP BY state ORDER BY state LIMIT 20"),
        &params![jurisdiction],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let count = |state: &str| found.iter().find(|(known, _)| known == state).map_or(0, |(_, count)| *count);
    Ok(STATES.iter().map(|state| ((*state).to_owned(), count(state))).collect())
}

/// The newest messages, of one state or of all.
pub fn messages(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    state: Option<&str>,
) -> Result<Vec<Sent>, BoardError> {
    act.require(Permission::ManageNotices, Where::city(jurisdiction))?;
    let state = state.filter(|state| STATES.contains(state));
    Ok(tx.query(
        sql!(
            "SELECT id, channel, recipient, template, text, state, reason, attempts, gateway, parts, made_at, next_at FROM notice_outbox
             WHERE jurisdiction_id = $1 AND (state = $2 OR $3 = 1) ORDER BY id DESC LIMIT $4"
        ),
        &params![jurisdiction, state.unwrap_or(""), state.is_none(), MOST],
        sent_of,
    )?)
}

fn sent_of(row: &Row<'_>) -> Result<Sent> {
    let template: String = row.get(3)?;
    let text: String = row.get(4)?;
    Ok(Sent {
        id: row.get(0)?,
        channel: row.get(1)?,
        to: masked(&row.get::<String>(2)?),
        // A code that waits is the key to somebody's account.
        text: if template == crate::code::TEMPLATE { String::new() } else { text },
        template,
        state: row.get(5)?,
        reason: row.get(6)?,
        attempts: row.get(7)?,
        gateway: row.get(8)?,
        parts: row.get(9)?,
        made_at: Timestamp(row.get(10)?),
        next_at: Timestamp(row.get(11)?),
    })
}

/// The newest texts that came in.
pub fn received(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<Vec<Received>, BoardError> {
    act.require(Permission::ManageNotices, Where::city(jurisdiction))?;
    Ok(tx.query(
        sql!(
            "SELECT gateway, sender, text, at, understood, request_id FROM notice_inbound
             WHERE jurisdiction_id = $1 ORDER BY id DESC LIMIT $2"
        ),
        &params![jurisdiction, MOST],
        |row| {
            Ok(Received {
                gateway: row.get(0)?,
                from: masked(&row.get::<String>(1)?),
                text: row.get(2)?,
                at: Timestamp(row.get(3)?),
                understood: row.get(4)?,
                request: row.get(5)?,
            })
        },
    )?)
}

/// Enough of a number or an address to recognise it when somebody asks about it.
fn masked(to: &str) -> String {
    if let Some((_, host)) = to.split_once('@') {
        return format!("…@{host}");
    }
    if to.starts_with('{') {
        return "…".into();
    }
    let last: Vec<char> = to.chars().rev().take(4).collect();
    if last.is_empty() { String::new() } else { format!("…{}", last.iter().rev().collect::<String>()) }
}

/// What is known of the gateways.
pub fn gateways(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<Vec<Health>, BoardError> {
    act.require(Permission::ManageNotices, Where::city(jurisdiction))?;
    Ok(health::all(tx, jurisdiction)?)
}

/// The last days, newest first, a row for each gateway.
pub fn days(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<Vec<Day>, BoardError> {
    act.require(Permission::ManageNotices, Where::city(jurisdiction))?;
    let today = act.at.day(&city(tx, jurisdiction)?.zone).days_since_epoch();
    let mut days: Vec<Day> = Vec::new();
    tx.for_each(
        sql!(
            "SELECT day, channel, gateway, outcome, messages, parts, cost FROM notice_days
             WHERE jurisdiction_id = $1 AND day > $2 ORDER BY day DESC, channel, gateway, outcome LIMIT 2000"
        ),
        &params![jurisdiction, today - DAYS],
        |row| {
            let (day, channel, gateway) = (row.get(0)?, row.get::<String>(1)?, row.get::<String>(2)?);
            let outcome: String = row.get(3)?;
            let messages: i64 = row.get(4)?;
            if !days.last().is_some_and(|d| d.day == day && d.channel == channel && d.gateway == gateway) {
                days.push(Day { day, channel, gateway, ..Day::default() });
            }
            let Some(line) = days.last_mut() else { return Ok(()) };
            line.parts += row.get::<i64>(5)?;
            line.cost += row.get::<i64>(6)?;
            match outcome.as_str() {
                "sent" => line.sent += messages,
                "delivered" => line.delivered += messages,
                "undelivered" => line.undelivered += messages,
                "failed" => line.failed += messages,
                "suppressed" => line.suppressed += messages,
                "received" => line.received += messages,
                _ => {}
            }
            Ok(())
        },
    )?;
    Ok(days)
}

/// Tries again what failed within the last day. Codes are not among it: nobody waits for them any more. Returns how many.
pub fn retry(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64) -> Result<u64, BoardError> {
    act.require(Permission::ManageNotices, Where::city(jurisdiction))?;
    let count = tx.execute(
        sql!(
            "UPDATE notice_outbox SET state = 'queued', waiting = 1, attempts = 0, next_at = $2, lease_until = 0, expires_at = $3, reason = ''
             WHERE jurisdiction_id = $1 AND state = 'failed' AND made_at > $4 AND recipient <> '' AND template <> 'code'
               AND reason <> 'undelivered'"
        ),
        &params![jurisdiction, act.at.0, act.at.0 + GOOD_FOR_MS, act.at.0 - DAY_MS],
    )?;
    act.record(tx, jurisdiction, "notice", 0, "notices-retried", format!("{{\"count\":{count}}}"));
    Ok(count)
}

/// Sends a message to a number, to see whether gateways work.
pub fn test(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    mobile: &str,
    lang: Lang,
) -> Result<(), BoardError> {
    act.require(Permission::ManageNotices, Where::city(jurisdiction))?;
    let to = language::mobile::parse(mobile).map_err(|_| BoardError::MobileWrong)?;
    let city = city(tx, jurisdiction)?;
    let text = text::fit(&Words(lang).notices_test_plain("{city}"), &shared(&city, lang), lang);
    let id = act.new_id();
    outbox::put(
        tx,
        jurisdiction,
        &New {
            key: format!("test:{id}"),
            channel: Channel::Sms,
            to,
            template: "test",
            lang,
            subject: String::new(),
            text,
            request: None,
            urgent: true,
            made_at: act.at,
            expires_at: act.at.plus_millis(3_600_000),
            id,
        },
    )?;
    act.record(tx, jurisdiction, "notice", 0, "notices-tested", "{}".into());
    Ok(())
}

/// A template as a person would get it.
#[derive(Debug, Clone)]
pub struct Preview {
    pub fact: &'static str,
    pub reader: Reader,
    /// Whether it is sent in this city.
    pub is_told: bool,
    /// The city's own wording.
    pub is_own: bool,
    pub text: String,
    pub size: Size,
}

/// Every SMS in a language, filled with an example of this city.
pub fn previews(city: &City, catalogue: &Catalogue, lang: Lang) -> Vec<Preview> {
    let values = example(city, catalogue, lang);
    let mut all = Vec::new();
    for occasion in OCCASIONS {
        let own = city.wishes.own(occasion.fact, "");
        for reader in [Reader::Reporter, Reader::Follower] {
            if reader == Reader::Follower && !occasion.followers {
                continue;
            }
            let text = text::fit(&templates::sms(occasion, reader, own, lang), &values, lang);
            all.push(Preview {
                fact: occasion.fact,
                reader,
                is_told: occasion.is_told(reader, own),
                is_own: reader == Reader::Reporter && own.is_some_and(|own| own.words(lang).is_some()),
                size: parts::size(&text),
                text,
            });
        }
    }
    all
}

fn example(city: &City, catalogue: &Catalogue, lang: Lang) -> Vec<(&'static str, String)> {
    let w = Words(lang);
    let (code, other) = ("1234567890", "9876543210");
    let service = catalogue.services.first().map_or("", |service| service.name(lang));
    let mut units: Vec<_> = catalogue.units().collect();
    units.sort_by_key(|unit| unit.id);
    let unit = catalogue.unit_name(units.first().map(|unit| unit.id), lang);
    let mut values = shared(city, lang);
    values.extend([
        ("link", city.link(lang, &format!("/r/{code}"))),
        ("code", digits::shown(code, lang)),
        ("other", digits::shown(other, lang)),
        ("service", service.to_owned()),
        ("unit", unit.to_owned()),
        ("words", w.notices_example_words().to_owned()),
        ("status", w.by_key("status-answered").unwrap_or("").to_owned()),
    ]);
    values
}
