//! What people text us: yes and no, stop, a tracking code, an answer to a question, or something new.
//!
//! One message of a gateway is one row, whose insertion is the first thing that happens: handed over three times, in
//! any order, on any machine, it does what it says once. Whatever is done with it happens in the same transaction.

mod guess; // which service and which place somebody's words name
mod open; // a request begun by text, and what is still missing
mod understand; // what a text means

use language::{Lang, TrackingCode, digits, mobile};
use people::{Act, Actor};
use requests::reply::{self, How, ReplyError};
use requests::{RequestId, find};
use storage::{Result, Tx, params, sql};
use words::Words;

use crate::city::{City, city};
use crate::gateway::Channel;
use crate::outbox::{self, New};
use crate::templates;
use crate::text::Values;
use crate::wanted;

pub use understand::{Meaning, understand};

/// The longest text that is read, in characters; ten parts have fewer.
const MOST_LETTERS: usize = 2_000;
/// Messages of one number within an hour that are acted upon. Two machines that answer each other stop here.
const MOST_AN_HOUR: i64 = 30;
const HOUR_MS: i64 = 3_600_000;
/// An answer that could not be sent for this long is not wanted any more.
const GOOD_FOR_MS: i64 = 6 * HOUR_MS;

/// A text as a gateway handed it over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    pub gateway: String,
    /// The gateway's name of it.
    pub message_id: String,
    pub sender: String,
    pub text: String,
}

/// A name for a call that has none: what was sent, in short.
pub fn name_of(body: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(body).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// What was done with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It was understood so; the codes stand on the page of messages.
    Now(&'static str),
    /// It was handed over before.
    Before,
}

/// Takes a text in and does what it says.
pub fn take(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, incoming: &Incoming) -> Result<Taken> {
    let sender = mobile::parse(&incoming.sender).unwrap_or_default();
    let text: String = language::display::clean_text(&incoming.text).chars().take(MOST_LETTERS).collect();
    let kept_sender =
        if sender.is_empty() { language::display::clean_line(&incoming.sender) } else { sender.clone() };
    let added = tx.execute(
        sql!(
            "INSERT INTO notice_inbound (jurisdiction_id, gateway, message_id, id, sender, text, at, understood)
             VALUES ($1, $2, $3, $4, $5, $6, $7, '') ON CONFLICT (jurisdiction_id, gateway, message_id) DO NOTHING"
        ),
        &params![
            jurisdiction, &incoming.gateway, &incoming.message_id, act.new_id(),
            &kept_sender.chars().take(100).collect::<String>(), &text, act.at.0
        ],
    )?;
    if added == 0 {
        return Ok(Taken::Before);
    }
    outbox::count(tx, jurisdiction, act.at, Channel::Sms.code(), &incoming.gateway, "received", 0, 0)?;
    let done = if sender.is_empty() {
        // A bank or an operator: there is nobody to answer.
        Done::silently("no-number")
    } else if is_too_much(tx, act, jurisdiction, &sender)? {
        Done::silently("too-many")
    } else {
        let city = city(tx, jurisdiction)?;
        Reading { city: &city, act, jurisdiction, sender: &sender, incoming, lang: lang_of(&text, city.lang) }
            .read(tx, &text)?
    };
    tx.execute(
        sql!(
            "UPDATE notice_inbound SET understood = $4, request_id = $5 WHERE jurisdiction_id = $1 AND gateway = $2 AND message_id = $3"
        ),
        &params![jurisdiction, &incoming.gateway, &incoming.message_id, done.understood, done.request.map(|id| id.0)],
    )?;
    Ok(Taken::Now(done.understood))
}

fn is_too_much(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, sender: &str) -> Result<bool> {
    let lately: Option<i64> = tx.value(
        sql!("SELECT COUNT(*) FROM notice_inbound WHERE jurisdiction_id = $1 AND sender = $2 AND at > $3"),
        &params![jurisdiction, sender, act.at.0 - HOUR_MS],
    )?;
    Ok(lately.unwrap_or(0) > MOST_AN_HOUR)
}

/// The language that somebody wrote in; digits alone say nothing.
fn lang_of(text: &str, usual: Lang) -> Lang {
    let is_latin = |letter: char| letter.is_ascii_alphabetic();
    match (text.chars().any(|letter| letter.is_alphabetic() && !is_latin(letter)), text.chars().any(is_latin))
    {
        (true, _) => Lang::Fa,
        (false, true) => Lang::En,
        (false, false) => usual,
    }
}

/// What came of a text.
pub(crate) struct Done {
    understood: &'static str,
    request: Option<RequestId>,
}

impl Done {
    fn silently(understood: &'static str) -> Done {
        Done { understood, request: None }
    }

    fn about(understood: &'static str, request: RequestId) -> Done {
        Done { understood, request: Some(request) }
    }
}

/// One text of one person.
pub(crate) struct Reading<'a> {
    city: &'a City,
    act: &'a Act,
    jurisdiction: i64,
    sender: &'a str,
    incoming: &'a Incoming,
    lang: Lang,
}

impl Reading<'_> {
    fn read(&self, tx: &mut Tx<'_>, text: &str) -> Result<Done> {
        let w = Words(self.lang);
        match understand(text, &self.city.wishes.replies) {
            Meaning::Nothing => Ok(Done::silently("empty")),
            Meaning::Stop => {
                wanted::opt_out(tx, self.jurisdiction, self.sender, self.act.at)?;
                self.answer(tx, &w.notices_inbound_stopped_plain("{join}"), &[], None)?;
                Ok(Done::silently("stopped"))
            }
            Meaning::Join => {
                wanted::join(tx, self.jurisdiction, self.sender)?;
                self.answer(tx, &w.notices_inbound_joined_plain("{stop}"), &[], None)?;
                Ok(Done::silently("joined"))
            }
            Meaning::Accept { code, words } => self.reply(tx, text, code, &words, true),
            Meaning::Object { code, words } => self.reply(tx, text, code, &words, false),
            Meaning::Code(code) => self.tell_status(tx, code),
            Meaning::CodeWrong => {
                self.answer(tx, w.notices_inbound_code_unknown(), &[], None)?;
                Ok(Done::silently("code-unknown"))
            }
            Meaning::Words => self.words(tx, text),
        }
    }

    /// Yes or no: to the request of the code, or else to the newest that waits for this number.
    fn reply(
        &self,
        tx: &mut Tx<'_>,
        text: &str,
        code: Option<TrackingCode>,
        words: &str,
        accepts: bool,
    ) -> Result<Done> {
        let waiting = reply::awaiting(tx, self.jurisdiction, self.sender)?;
        let meant = match code {
            None => waiting.first().copied(),
            // Only what waits for this very number: a code is no secret.
            Some(code) => {
                let named = find::by_code(tx, self.jurisdiction, code)?.map(|request| request.id);
                named.filter(|id| waiting.contains(id))
            }
        };
        let Some(id) = meant else {
            // «۳۱ فروردین ...» begins with the same digits and is a story.
            if code.is_none() && !words.is_empty() {
                return self.words(tx, text);
            }
            return self.nothing_awaits(tx);
        };
        let act = self.citizen();
        let said = if accepts {
            reply::accept(tx, &act, self.jurisdiction, id, How::Sms)
        } else {
            reply::object(tx, &act, self.jurisdiction, id, words, How::Sms)
        };
        match said {
            // An objection is confirmed by the message about the fact itself.
            Ok(_) if !accepts => Ok(Done::about("objected", id)),
            Ok(_) => {
                let values = self.code_of(tx, id)?;
                self.answer(
                    tx,
                    &Words(self.lang).notices_inbound_accepted_plain("{code}"),
                    &values,
                    Some(id),
                )?;
                Ok(Done::about("accepted", id))
            }
            Err(ReplyError::Failure(error)) => Err(error),
            Err(_) => self.nothing_awaits(tx),
        }
    }

    fn nothing_awaits(&self, tx: &mut Tx<'_>) -> Result<Done> {
        self.answer(tx, &Words(self.lang).notices_inbound_nothing_awaits_plain("{accept}"), &[], None)?;
        Ok(Done::silently("nothing-awaits"))
    }

    fn tell_status(&self, tx: &mut Tx<'_>, code: TrackingCode) -> Result<Done> {
        let w = Words(self.lang);
        let Some(request) = find::by_code(tx, self.jurisdiction, code)? else {
            self.answer(tx, w.notices_inbound_code_unknown(), &[], None)?;
            return Ok(Done::silently("code-unknown"));
        };
        let status = w.by_key(&format!("status-{}", request.status.code())).unwrap_or("");
        let code = request.code.to_string();
        let values = [
            ("code", digits::shown(&code, self.lang)),
            ("status", status.to_owned()),
            ("link", self.city.link(self.lang, &format!("/r/{code}"))),
        ];
        let template = w.notices_inbound_status_plain("{code}", "{link}", "{status}");
        self.answer(tx, &template, &values, Some(request.id))?;
        Ok(Done::about("status", request.id))
    }

    /// An answer to our question, or something new.
    fn words(&self, tx: &mut Tx<'_>, text: &str) -> Result<Done> {
        let asked = reply::asked_of(tx, self.jurisdiction, self.sender)?;
        if let Some(id) = asked.first().copied() {
            match reply::answer_question(tx, &self.citizen(), self.jurisdiction, id, text, How::Sms) {
                Ok(_) => {
                    let values = self.code_of(tx, id)?;
                    let template = Words(self.lang).notices_inbound_replied_plain("{code}");
                    self.answer(tx, &template, &values, Some(id))?;
                    return Ok(Done::about("replied", id));
                }
                Err(ReplyError::Failure(error)) => return Err(error),
                Err(_) => {}
            }
        }
        open::open(self, tx, text)
    }

    fn code_of(&self, tx: &mut Tx<'_>, id: RequestId) -> Result<Vec<(&'static str, String)>> {
        let code = find::by_id(tx, self.jurisdiction, id)?.map(|request| request.code.to_string());
        Ok(vec![("code", digits::shown(&code.unwrap_or_default(), self.lang))])
    }

    fn citizen(&self) -> Act {
        Act { by: Actor::Citizen, ..self.act.clone() }
    }

    /// An SMS back. It was asked for, so it leaves at any hour and to those who want no news.
    fn answer(
        &self,
        tx: &mut Tx<'_>,
        template: &str,
        values: &Values<'_>,
        request: Option<RequestId>,
    ) -> Result<()> {
        self.say(tx, "inbound", templates::reply(self.city, self.lang, template, values), request)
    }

    fn say(&self, tx: &mut Tx<'_>, kind: &str, text: String, request: Option<RequestId>) -> Result<()> {
        let incoming = self.incoming;
        outbox::put(
            tx,
            self.jurisdiction,
            &New {
                key: format!("{kind}:{}:{}", incoming.gateway, incoming.message_id),
                channel: Channel::Sms,
                to: self.sender.to_owned(),
                template: "inbound",
                lang: self.lang,
                subject: String::new(),
                text,
                request: request.map(|id| id.0),
                urgent: true,
                made_at: self.act.at,
                expires_at: self.act.at.plus_millis(GOOD_FOR_MS),
                id: self.act.new_id(),
            },
        )?;
        Ok(())
    }
}
