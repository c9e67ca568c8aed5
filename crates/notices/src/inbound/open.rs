//! A request begun by text.
//!
//! Who texts says in one line what happened and where, or in two: what came first waits a day for the rest. What is
//! still missing is asked for, one thing at a time.

use requests::{AnswerRefusal, Channel as Way, Contact, Draft, Refusal, SubmitError};
use storage::{Result, Tx, params, sql};
use words::Words;

use super::{Done, Reading, guess};

/// How long half a message waits for its other half, in milliseconds.
const WAITS_MS: i64 = 24 * 3_600_000;
/// No description is longer.
const MOST_LETTERS: usize = 3_000;

/// Something new, or the rest of what was begun.
pub(super) fn open(reading: &Reading<'_>, tx: &mut Tx<'_>, text: &str) -> Result<Done> {
    let begun = begun(reading, tx)?;
    let words = match &begun {
        Some(before) => format!("{before}\n{text}").chars().take(MOST_LETTERS).collect(),
        None => text.to_owned(),
    };
    let w = Words(reading.lang);
    let catalogue = requests::catalogue(tx, reading.jurisdiction)?;
    let atlas = territory::atlas(tx, reading.jurisdiction)?;
    let likely = requests::suggest::suggest(tx, reading.jurisdiction, &words, 5)?;
    let likely: Vec<i64> = likely.iter().map(|suggestion| suggestion.service).collect();
    let place = guess::place(&atlas, &words);
    let Some(service) = guess::service(&catalogue, &words, &likely) else {
        // Asked twice is enough: somebody should talk to them.
        if begun.is_some() {
            return not_understood(reading, tx, &words);
        }
        keep(reading, tx, &words)?;
        reading.answer(tx, w.notices_inbound_service_missing(), &[], None)?;
        return Ok(Done::silently("service-missing"));
    };
    let Some(place) = place else {
        keep(reading, tx, &words)?;
        let values = [("service", service.name(reading.lang).to_owned())];
        reading.answer(tx, &w.notices_inbound_place_missing_plain("{service}"), &values, None)?;
        return Ok(Done::silently("place-missing"));
    };
    let (answers, missing) = guess::answers(service, &words, begun.as_ref().map(|_| text));
    if let Some(question) = missing {
        keep(reading, tx, &words)?;
        let values = [
            ("service", service.name(reading.lang).to_owned()),
            ("words", guess::asked(question, reading.lang)),
        ];
        reading.answer(tx, &w.notices_inbound_answer_missing_plain("{service}", "{words}"), &values, None)?;
        return Ok(Done::silently("answer-missing"));
    }
    let draft = Draft {
        service_code: service.code.clone(),
        kind: service.about.kind.unwrap_or(requests::Kind::Request),
        words: words.clone(),
        place,
        answers,
        contact: Contact { mobile: reading.sender.to_owned(), ..Contact::default() },
        idempotency_key: Some(format!("sms:{}:{}", reading.incoming.gateway, reading.incoming.message_id)),
        ..Draft::new(reading.jurisdiction, Way::Sms, reading.lang)
    };
    match requests::submit(tx, &reading.citizen(), &draft) {
        Ok(submitted) => {
            forget(reading, tx)?;
            // Whom to call when somebody is in danger cannot wait for anybody to read it.
            if let Some(emergency) = &service.about.emergency {
                let hint = emergency.hint.get(reading.lang).to_owned();
                let text = crate::templates::reply(reading.city, reading.lang, "{words}", &[("words", hint)]);
                reading.say(tx, "danger", text, Some(submitted.id))?;
            }
            Ok(Done::about("opened", submitted.id))
        }
        Err(SubmitError::Failure(error)) => Err(error),
        Err(SubmitError::Refused(refusals)) if refusals.iter().all(is_about_place) => {
            keep(reading, tx, &words)?;
            let values = [("service", service.name(reading.lang).to_owned())];
            reading.answer(tx, &w.notices_inbound_place_missing_plain("{service}"), &values, None)?;
            Ok(Done::silently("place-missing"))
        }
        Err(SubmitError::Refused(_) | SubmitError::Denied(_)) => not_understood(reading, tx, &words),
    }
}

fn is_about_place(refusal: &Refusal) -> bool {
    !matches!(refusal, Refusal::Answer(AnswerRefusal::Missing { .. })) && refusal.field() == "place"
}

fn not_understood(reading: &Reading<'_>, tx: &mut Tx<'_>, words: &str) -> Result<Done> {
    keep(reading, tx, words)?;
    let values = [("link", reading.city.link(reading.lang, "/report"))];
    let template = Words(reading.lang).notices_inbound_not_understood_plain("{link}", "{phone}");
    reading.answer(tx, &template, &values, None)?;
    Ok(Done::silently("not-understood"))
}

/// What this number began and did not finish.
fn begun(reading: &Reading<'_>, tx: &mut Tx<'_>) -> Result<Option<String>> {
    tx.value(
        sql!(
            "SELECT words FROM notice_drafts WHERE jurisdiction_id = $1 AND sender = $2 AND expires_at > $3"
        ),
        &params![reading.jurisdiction, reading.sender, reading.act.at.0],
    )
}

fn keep(reading: &Reading<'_>, tx: &mut Tx<'_>, words: &str) -> Result<()> {
    tx.execute(
        sql!(
            "INSERT INTO notice_drafts (jurisdiction_id, sender, words, expires_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (jurisdiction_id, sender) DO UPDATE SET words = excluded.words, expires_at = excluded.expires_at"
        ),
        &params![reading.jurisdiction, reading.sender, words, reading.act.at.0 + WAITS_MS],
    )?;
    Ok(())
}

fn forget(reading: &Reading<'_>, tx: &mut Tx<'_>) -> Result<()> {
    tx.execute(
        sql!("DELETE FROM notice_drafts WHERE jurisdiction_id = $1 AND sender = $2"),
        &params![reading.jurisdiction, reading.sender],
    )?;
    Ok(())
}
