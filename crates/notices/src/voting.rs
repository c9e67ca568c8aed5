//! A vote by text message or by a menu on the telephone: the words of `projects::channels::dialogue`, and its way in and
//! out.
//!
//! A text that belongs to a vote is kept without its words, and what is said back by SMS names no project: both lie in
//! tables beside the number of the person.

use language::{Lang, display, mobile};
use people::{Act, Seal};
use projects::BallotKind;
use projects::ProjectError;
use projects::ballots::{Channel as Way, for_people};
use projects::channels::dialogue::{self, Say};
use storage::{Error, Result, Tx, params, sql};
use words::Words;

use crate::city::city;
use crate::gateway::Channel;
use crate::inbound::{Incoming, Taken};
use crate::outbox::{self, New};

const GOOD_FOR_MS: i64 = 15 * 60_000;

/// Takes a text in if it belongs to a vote; otherwise it is somebody else's.
pub fn take(
    tx: &mut Tx<'_>,
    act: &Act,
    seal: &Seal,
    jurisdiction: i64,
    incoming: &Incoming,
) -> Result<Option<Taken>> {
    let Ok(sender) = mobile::parse(&incoming.sender) else { return Ok(None) };
    let text: String = display::clean_text(&incoming.text).chars().take(300).collect();
    if !dialogue::is_for_us(tx, seal, jurisdiction, &sender, &text, act)? {
        return Ok(None);
    }
    let added = tx.execute(
        sql!(
            "INSERT INTO notice_inbound (jurisdiction_id, gateway, message_id, id, sender, text, at, understood)
             VALUES ($1, $2, $3, $4, $5, '', $6, 'vote') ON CONFLICT (jurisdiction_id, gateway, message_id) DO NOTHING"
        ),
        &params![jurisdiction, &incoming.gateway, &incoming.message_id, act.new_id(), &sender, act.at.0],
    )?;
    if added == 0 {
        return Ok(Some(Taken::Before));
    }
    let city = city(tx, jurisdiction)?;
    let lang = lang_of(&text, city.lang);
    let said = step(tx, act, seal, jurisdiction, &sender, Way::Sms, &text)?;
    outbox::put(
        tx,
        jurisdiction,
        &New {
            key: format!("vote:{}:{}", incoming.gateway, incoming.message_id),
            channel: Channel::Sms,
            to: sender,
            template: "inbound",
            lang,
            subject: String::new(),
            text: words(Words(lang), &said),
            request: None,
            urgent: true,
            made_at: act.at,
            expires_at: act.at.plus_millis(GOOD_FOR_MS),
            id: act.new_id(),
        },
    )?;
    Ok(Some(Taken::Now("vote")))
}

/// One answer of a menu; nothing of it is kept.
pub fn menu(
    tx: &mut Tx<'_>,
    act: &Act,
    seal: &Seal,
    jurisdiction: i64,
    sender: &str,
    text: &str,
) -> Result<(bool, String)> {
    let Ok(sender) = mobile::parse(sender) else {
        return Ok((false, Words(Lang::Fa).projects_refusal_identity_mobile().to_owned()));
    };
    // A menu begins with nothing typed.
    let text: String = match text.trim() {
        "" => "vote".into(),
        typed => display::clean_text(typed).chars().take(300).collect(),
    };
    let lang = city(tx, jurisdiction)?.lang;
    let said = step(tx, act, seal, jurisdiction, &sender, Way::Ussd, &text)?;
    Ok((said.goes_on(), words(Words(lang), &said)))
}

fn step(
    tx: &mut Tx<'_>,
    act: &Act,
    seal: &Seal,
    jurisdiction: i64,
    sender: &str,
    way: Way,
    text: &str,
) -> Result<Say> {
    match dialogue::step(tx, act, seal, jurisdiction, sender, way, text) {
        Ok(said) => Ok(said),
        Err(ProjectError::Failure(failure)) => Err(failure),
        Err(other) => Err(Error::corrupt(other)),
    }
}

fn lang_of(text: &str, usual: Lang) -> Lang {
    let latin = text.chars().any(|letter| letter.is_ascii_alphabetic());
    let other = text.chars().any(|letter| letter.is_alphabetic() && !letter.is_ascii_alphabetic());
    match (other, latin) {
        (true, _) => Lang::Fa,
        (false, true) => Lang::En,
        (false, false) => usual,
    }
}

/// What is said, in words.
pub fn words(w: Words, said: &Say) -> String {
    let n = |number: i64| language::digits::grouped(number, w.lang());
    match said {
        Say::NoVote => w.projects_say_no_vote().into(),
        Say::AskNational => w.projects_say_national().into(),
        Say::AskBirth => w.projects_say_birth().into(),
        Say::AskHome => w.projects_say_home().into(),
        Say::AskChoices { kind, most, points, .. } => match kind {
            BallotKind::Approval => w.projects_say_choices_plain(&n(*most)),
            BallotKind::Knapsack => w.projects_say_choices_knapsack().into(),
            BallotKind::Points => w.projects_say_choices_points_plain(&n(*points)),
            BallotKind::Ranked => w.projects_say_choices_ranked_plain(&n(*most)),
        },
        Say::AskConfirm { count, .. } => w.projects_say_confirm_plain(&n(*count)),
        Say::Refused { code, .. } => {
            w.by_key(&format!("projects-refusal-{code}")).unwrap_or_else(|| w.projects_say_cancelled()).into()
        }
        Say::Cancelled => w.projects_say_cancelled().into(),
        Say::Done { receipt, .. } => w.projects_say_done_plain(&for_people(receipt, w.lang())),
    }
}
