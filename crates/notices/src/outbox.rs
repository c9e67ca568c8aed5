//! The rows: a message is put once, claimed under a lease, and marked with how it went.
//!
//! A key makes a message the same for ever. Of each person's messages only the oldest that waits can be claimed, so
//! their order is kept however long a gateway is down; emergencies and codes do not stand in that line.

use calendar::Timestamp;
use language::Lang;
use storage::{Result, Row, Tx, params, sql};

use crate::city::city;
use crate::code;
use crate::gateway::{Channel, Gateways, Message, Outcome};
use crate::health::{self, Choice};
use crate::{browsers, parts, wanted};

/// After this many attempts a message is given up: with the pauses between them more than five hours.
pub const MOST_ATTEMPTS: i64 = 30;
const FIRST_PAUSE_MS: i64 = 10_000;
const LONGEST_PAUSE_MS: i64 = 15 * 60_000;
/// A sender that died is followed by another after this long, in milliseconds.
pub const LEASE_MS: i64 = 120_000;
/// A message to be sent.
#[derive(Debug, Clone)]
pub struct New {
    pub key: String,
    pub channel: Channel,
    pub to: String,
    pub template: &'static str,
    pub lang: Lang,
    pub subject: String,
    pub text: String,
    pub request: Option<i64>,
    /// An emergency or a code: sent at any hour, before others, and to those who want no news.
    pub urgent: bool,
    pub made_at: Timestamp,
    pub expires_at: Timestamp,
    /// The wished id; the next free one is taken.
    pub id: i64,
}

/// Puts a message into the outbox. Returns false when its key is there already.
pub fn put(tx: &mut Tx<'_>, jurisdiction: i64, new: &New) -> Result<bool> {
    let unwanted = !new.urgent && wanted::is_opted_out(tx, jurisdiction, &new.to)?;
    let (state, reason) = if unwanted { ("suppressed", "opted-out") } else { ("queued", "") };
    let parts = if new.channel == Channel::Sms { parts::size(&new.text).parts as i64 } else { 0 };
    // Ids are the order of a person's line, so the next stands behind the last, whatever the clock said meanwhile.
    let last: Option<i64> = tx
        .value::<Option<i64>>(
            sql!(
                "SELECT MAX(id) FROM notice_outbox WHERE jurisdiction_id = $1 AND channel = $2 AND recipient = $3 AND waiting = 1"
            ),
            &params![jurisdiction, new.channel.code(), &new.to],
        )?
        .flatten();
    for id in (new.id.max(last.map_or(0, |last| last + 1))..).take(64) {
        let added = tx.execute(
            sql!(
                "INSERT INTO notice_outbox (jurisdiction_id, id, key, channel, recipient, template, language, subject, text, request_id,
                     urgent, state, waiting, reason, attempts, next_at, lease_until, expires_at, gateway, parts, cost, made_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, 0, $16, '', $17, 0, $15)
                 ON CONFLICT DO NOTHING"
            ),
            &params![
                jurisdiction, id, &new.key, new.channel.code(), &new.to, new.template, new.lang.code(), &new.subject, &new.text,
                new.request, new.urgent, state, !unwanted, reason, new.made_at.0, new.expires_at.0, parts
            ],
        )?;
        if added == 1 {
            if unwanted {
                count(tx, jurisdiction, new.made_at, new.channel.code(), "", "suppressed", parts, 0)?;
            }
            return Ok(true);
        }
        let known: Option<i64> = tx.value(
            sql!("SELECT id FROM notice_outbox WHERE jurisdiction_id = $1 AND key = $2"),
            &params![jurisdiction, &new.key],
        )?;
        if known.is_some() {
            return Ok(false);
        }
    }
    Err(storage::Error::Conflict)
}

/// A message under lease, with the gateway it goes to.
#[derive(Debug, Clone)]
pub struct Leased {
    pub id: i64,
    pub message: Message,
    pub gateway: String,
    pub attempts: i64,
    pub parts: i64,
    urgent: bool,
    expires_at: Timestamp,
    lease_until: i64,
}

/// Whether anything may be due; asked before a write is made for it.
pub fn is_due(tx: &mut Tx<'_>, jurisdiction: i64, now: Timestamp) -> Result<bool> {
    let found: Option<i64> = tx.value(
        sql!(
            "SELECT id FROM notice_outbox WHERE jurisdiction_id = $1 AND waiting = 1 AND next_at <= $2 AND lease_until < $2
             ORDER BY next_at, id LIMIT 1"
        ),
        &params![jurisdiction, now.0],
    )?;
    Ok(found.is_some())
}

/// Leases at most `most` messages that are due, urgent ones first, and says to which gateway each goes.
///
/// The gateway is kept with the row before anything leaves: whoever takes over from a sender that died asks the same
/// gateway with the same key.
pub fn claim(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    gateways: &Gateways,
    now: Timestamp,
    most: u32,
) -> Result<Vec<Leased>> {
    let city = city(tx, jurisdiction)?;
    let is_quiet = gateways.quiet_hours && city.wishes.quiet_until(now, &city.zone).is_some();
    // While all gateways of a channel rest its messages stay as they are.
    let resting = health::resting(tx, jurisdiction, gateways, now)?;
    let [first, second, third] =
        Channel::ALL.map(|channel| if resting.contains(&channel) { channel.code() } else { "" });
    let mut leased = tx.query(
        sql!(
            "UPDATE notice_outbox SET state = 'sending', lease_until = $3, attempts = attempts + 1
             WHERE jurisdiction_id = $1 AND waiting = 1 AND lease_until < $2 AND id IN (
                 SELECT o.id FROM notice_outbox o
                 WHERE o.jurisdiction_id = $1 AND o.waiting = 1 AND o.next_at <= $2 AND o.lease_until < $2
                   AND o.channel NOT IN ($6, $7, $8)
                   AND (o.urgent = 1 OR ($5 = 0 AND NOT EXISTS (
                       SELECT 1 FROM notice_outbox e
                       WHERE e.jurisdiction_id = $1 AND e.channel = o.channel AND e.recipient = o.recipient
                         AND e.waiting = 1 AND e.urgent = 0 AND e.id < o.id)))
                 ORDER BY o.urgent DESC, o.id LIMIT $4)
             RETURNING id, key, channel, recipient, template, language, subject, text, gateway, attempts, parts, expires_at, lease_until, urgent"
        ),
        &params![jurisdiction, now.0, now.0 + LEASE_MS, most, is_quiet, first, second, third],
        leased_of,
    )?;
    leased.sort_by_key(|message| (!message.urgent, message.id));
    let mut ready = Vec::new();
    for mut message in leased {
        if message.expires_at <= now {
            give_up(tx, jurisdiction, &message, "expired", now)?;
            continue;
        }
        // A gateway that was asked before and may have sent it is asked again, since it knows the key.
        if !message.gateway.is_empty() && gateways.by_name(&message.gateway).is_some() {
            ready.push(message);
            continue;
        }
        match health::choose(tx, jurisdiction, gateways, message.message.channel, "", now)? {
            Choice::Use(name) => {
                tx.execute(
                    sql!("UPDATE notice_outbox SET gateway = $3 WHERE jurisdiction_id = $1 AND id = $2"),
                    &params![jurisdiction, message.id, &name],
                )?;
                message.gateway = name;
                ready.push(message);
            }
            Choice::Wait(until) => {
                // Waiting for a gateway is no attempt.
                tx.execute(
                    sql!(
                        "UPDATE notice_outbox SET state = 'queued', lease_until = 0, attempts = attempts - 1, next_at = $3
                         WHERE jurisdiction_id = $1 AND id = $2"
                    ),
                    &params![jurisdiction, message.id, until.0.max(now.0 + 1)],
                )?;
            }
            Choice::None => {
                end(tx, jurisdiction, &message, "suppressed", "no-gateway", now)?;
            }
        }
    }
    Ok(ready)
}

fn leased_of(row: &Row<'_>) -> Result<Leased> {
    let channel = Channel::parse(&row.get::<String>(2)?);
    Ok(Leased {
        id: row.get(0)?,
        message: Message {
            key: row.get(1)?,
            channel: channel.ok_or_else(|| storage::Error::corrupt("a message of an unknown channel"))?,
            to: row.get(3)?,
            template: row.get(4)?,
            lang: Lang::from_code(&row.get::<String>(5)?).unwrap_or_default(),
            subject: row.get(6)?,
            text: row.get(7)?,
            at: Timestamp(row.get::<i64>(12)? - LEASE_MS),
        },
        gateway: row.get(8)?,
        attempts: row.get(9)?,
        parts: row.get(10)?,
        expires_at: Timestamp(row.get(11)?),
        lease_until: row.get(12)?,
        urgent: row.get(13)?,
    })
}

/// Notes how a sending went. `chance` spreads the next attempts. A row whose lease went to somebody else stays theirs.
pub fn mark(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    gateways: &Gateways,
    leased: &Leased,
    outcome: &Outcome,
    now: Timestamp,
    chance: u64,
) -> Result<()> {
    match outcome {
        Outcome::Sent { id } => {
            health::note(tx, jurisdiction, &leased.gateway, true, "", now)?;
            sent(tx, jurisdiction, gateways, leased, id.as_deref(), now)
        }
        // The gateway works; it is the message that is wrong.
        Outcome::Refused { why } => {
            health::note(tx, jurisdiction, &leased.gateway, true, "", now)?;
            if leased.message.channel == Channel::Push {
                browsers::forget(tx, jurisdiction, &leased.message.to)?;
            }
            give_up(tx, jurisdiction, leased, why, now)
        }
        Outcome::Failed { why, maybe_sent } => {
            health::note(tx, jurisdiction, &leased.gateway, false, why, now)?;
            if leased.attempts >= MOST_ATTEMPTS {
                return give_up(tx, jurisdiction, leased, why, now);
            }
            again(tx, jurisdiction, gateways, leased, why, *maybe_sent, now, chance)
        }
    }
}

fn sent(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    gateways: &Gateways,
    leased: &Leased,
    id: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    let cost = gateways.by_name(&leased.gateway).map_or(0, |gateway| gateway.cost) * leased.parts.max(1);
    // A code is nobody's business once it left.
    let keep_text = leased.message.template != code::TEMPLATE;
    let changed = tx.execute(
        sql!(
            "UPDATE notice_outbox SET state = 'sent', waiting = 0, reason = '', lease_until = 0, gateway_id = $4, sent_at = $5, cost = $6,
                 text = CASE WHEN $7 = 1 THEN text ELSE '' END
             WHERE jurisdiction_id = $1 AND id = $2 AND state = 'sending' AND lease_until = $3"
        ),
        &params![jurisdiction, leased.id, leased.lease_until, id, now.0, cost, keep_text],
    )?;
    if changed == 1 {
        let channel = leased.message.channel.code();
        count(tx, jurisdiction, now, channel, &leased.gateway, "sent", leased.parts, cost)?;
        if let Some(id) = id {
            crate::receipts::apply(tx, jurisdiction, &leased.gateway, id)?;
        }
    }
    Ok(())
}

/// Tries again later; at another gateway at once where it certainly did not leave and another is well.
fn again(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    gateways: &Gateways,
    leased: &Leased,
    why: &str,
    maybe_sent: bool,
    now: Timestamp,
    chance: u64,
) -> Result<()> {
    // After a while a lost answer weighs less than a person who waits.
    let stays = maybe_sent && leased.attempts < 5;
    let channel = leased.message.channel;
    let others = gateways.of(channel).any(|other| other.name != leased.gateway);
    let other = if stays || !others {
        None
    } else {
        match health::choose(tx, jurisdiction, gateways, channel, &leased.gateway, now)? {
            Choice::Use(name) if name != leased.gateway => Some(name),
            _ => None,
        }
    };
    let at_once = other.is_some() && leased.attempts % 2 == 1;
    let next_at = if at_once { now.0 } else { now.0 + pause(leased, chance) };
    let gateway = if stays { leased.gateway.clone() } else { other.unwrap_or_default() };
    tx.execute(
        sql!(
            "UPDATE notice_outbox SET state = 'queued', lease_until = 0, next_at = $4, gateway = $5, reason = $6
             WHERE jurisdiction_id = $1 AND id = $2 AND state = 'sending' AND lease_until = $3"
        ),
        &params![jurisdiction, leased.id, leased.lease_until, next_at, &gateway, &short(why)],
    )?;
    Ok(())
}

/// Twice as long each time, give or take a quarter so that not all come back at once. A code cannot wait.
fn pause(leased: &Leased, chance: u64) -> i64 {
    let (first, longest) = if leased.message.template == code::TEMPLATE {
        (2_000, 20_000)
    } else {
        (FIRST_PAUSE_MS, LONGEST_PAUSE_MS)
    };
    let whole = (first << (leased.attempts - 1).clamp(0, 10)).min(longest);
    whole * 3 / 4 + (chance % (whole as u64 / 2 + 1)) as i64
}

fn give_up(tx: &mut Tx<'_>, jurisdiction: i64, leased: &Leased, why: &str, now: Timestamp) -> Result<()> {
    end(tx, jurisdiction, leased, "failed", why, now)
}

fn end(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    leased: &Leased,
    state: &str,
    why: &str,
    now: Timestamp,
) -> Result<()> {
    let keep_text = leased.message.template != code::TEMPLATE;
    let changed = tx.execute(
        sql!(
            "UPDATE notice_outbox SET state = $4, waiting = 0, lease_until = 0, reason = $5, text = CASE WHEN $6 = 1 THEN text ELSE '' END
             WHERE jurisdiction_id = $1 AND id = $2 AND state = 'sending' AND lease_until = $3"
        ),
        &params![jurisdiction, leased.id, leased.lease_until, state, &short(why), keep_text],
    )?;
    if changed == 1 {
        let channel = leased.message.channel.code();
        count(tx, jurisdiction, now, channel, &leased.gateway, state, leased.parts, 0)?;
    }
    Ok(())
}

fn short(why: &str) -> String {
    why.chars().take(300).collect()
}

/// Adds one message to the figures of its day.
#[allow(clippy::too_many_arguments)]
pub(crate) fn count(
    tx: &mut Tx<'_>,
    jurisdiction: i64,
    at: Timestamp,
    channel: &str,
    gateway: &str,
    outcome: &str,
    parts: i64,
    cost: i64,
) -> Result<()> {
    let day = at.day(&city(tx, jurisdiction)?.zone).days_since_epoch();
    tx.execute(
        sql!(
            "INSERT INTO notice_days (jurisdiction_id, day, channel, gateway, outcome, messages, parts, cost)
             VALUES ($1, $2, $3, $4, $5, 1, $6, $7)
             ON CONFLICT (jurisdiction_id, day, channel, gateway, outcome) DO UPDATE SET
                 messages = notice_days.messages + 1, parts = notice_days.parts + excluded.parts, cost = notice_days.cost + excluded.cost"
        ),
        &params![jurisdiction, day, channel, gateway, outcome, parts, cost],
    )?;
    Ok(())
}
