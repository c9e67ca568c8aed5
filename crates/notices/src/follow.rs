//! Facts of the journal become messages: one for each person, once for ever.
//!
//! A fact has one number, so number and recipient make the key of a message. Made-up requests and records of the past
//! concern nobody who waits for news, so they are passed over.

use std::collections::HashMap;
use std::sync::Arc;

use calendar::Timestamp;
use language::{Lang, digits};
use people::{Act, Actor, Dice};
use requests::{Catalogue, Channel as Way, Priority, RequestId, SUBJECT, ServiceRequest, find};
use sha2::{Digest, Sha256};
use storage::followers::Follower;
use storage::journal::Entry;
use storage::{Error, Result, Tx};
use words::Words;

use crate::browsers;
use crate::city::{City, Own, city};
use crate::gateway::Channel;
use crate::outbox::{self, New};
use crate::templates::{self, Occasion, Reader, occasion, shared};
use crate::text;
use crate::wanted;

/// Its cursor begins at the end of the journal in a city that was there before messages were.
pub const FOLLOWER: Follower = Follower { name: "notices", at_once: 200, follow };

/// News that nobody could be told for this long is no news, in milliseconds.
const GOOD_FOR_MS: i64 = 48 * 3_600_000;
/// How many followers of one request hear of it.
const MOST_FOLLOWERS: u32 = 5_000;

fn follow(tx: &mut Tx<'_>, jurisdiction: i64, entries: &[Entry]) -> Result<()> {
    let told: Vec<(&Entry, &Occasion)> = entries
        .iter()
        .filter(|entry| entry.subject_kind == SUBJECT)
        .filter_map(|entry| Some((entry, occasion(&entry.fact)?)))
        .collect();
    if told.is_empty() {
        return Ok(());
    }
    let mut ids: Vec<RequestId> = told.iter().map(|(entry, _)| RequestId(entry.subject)).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = find::by_ids(tx, jurisdiction, &ids)?;
    let by_id: HashMap<i64, ServiceRequest> =
        found.into_iter().map(|request| (request.id.0, request)).collect();
    let (city, catalogue) = (city(tx, jurisdiction)?, requests::catalogue(tx, jurisdiction)?);
    for (entry, occasion) in told {
        let Some(request) = by_id.get(&entry.subject) else { continue };
        if request.is_generated() || request.channel == Way::Import {
            continue;
        }
        let dice = Dice::seeded(entry.seq as u64);
        let act = Act::new(Actor::System("notices"), Timestamp(entry.at), Arc::new(dice));
        Telling { city: &city, catalogue: &catalogue, entry, occasion, request, act }.tell(tx)?;
    }
    Ok(())
}

/// One fact about one request, on its way to everybody who hears of it.
struct Telling<'a> {
    city: &'a City,
    catalogue: &'a Catalogue,
    entry: &'a Entry,
    occasion: &'static Occasion,
    request: &'a ServiceRequest,
    act: Act,
}

impl Telling<'_> {
    fn tell(&self, tx: &mut Tx<'_>) -> Result<()> {
        let service = self.catalogue.service(self.request.service).map_or("", |service| &service.code);
        let own = self.city.wishes.own(&self.entry.fact, service);
        if self.occasion.needs_words && self.said(tx)?.is_empty() {
            return Ok(());
        }
        if self.occasion.is_told(Reader::Reporter, own) {
            self.tell_reporter(tx, own)?;
        }
        if self.occasion.is_told(Reader::Follower, own) && self.request.is_public {
            self.tell_followers(tx, own)?;
        }
        Ok(())
    }

    fn tell_reporter(&self, tx: &mut Tx<'_>, own: Option<&Own>) -> Result<()> {
        let contact = match find::contact(tx, &self.act, self.request) {
            Ok(contact) => contact,
            Err(find::ContactError::Failure(error)) => return Err(error),
            Err(find::ContactError::Denied(denied)) => return Err(Error::corrupt(denied)),
        };
        let Some(contact) = contact else { return Ok(()) };
        let no_sms = contact.mobile.is_empty()
            || (wanted::is_opted_out(tx, self.request.jurisdiction, &contact.mobile)?
                && !contact.email.is_empty());
        match (no_sms, contact.email.is_empty()) {
            (false, _) => self.put(tx, Channel::Sms, &contact.mobile, Reader::Reporter, own),
            (true, false) => self.put(tx, Channel::Email, &contact.email, Reader::Reporter, own),
            (true, true) => Ok(()),
        }
    }

    fn tell_followers(&self, tx: &mut Tx<'_>, own: Option<&Own>) -> Result<()> {
        let (jurisdiction, id) = (self.request.jurisdiction, self.request.id);
        let contacts = requests::contacts_following(tx, &self.act, jurisdiction, id, MOST_FOLLOWERS);
        for contact in contacts.map_err(Error::corrupt)? {
            if contact.starts_with('+') {
                self.put(tx, Channel::Sms, &contact, Reader::Follower, own)?;
            } else if contact.contains('@') {
                self.put(tx, Channel::Email, &contact, Reader::Follower, own)?;
            }
        }
        for (browser, lang) in browsers::of(tx, jurisdiction, id.0)? {
            self.put_in(tx, Channel::Push, &browser, Reader::Follower, own, lang)?;
        }
        Ok(())
    }

    fn put(
        &self,
        tx: &mut Tx<'_>,
        channel: Channel,
        to: &str,
        reader: Reader,
        own: Option<&Own>,
    ) -> Result<()> {
        self.put_in(tx, channel, to, reader, own, self.request.language)
    }

    fn put_in(
        &self,
        tx: &mut Tx<'_>,
        channel: Channel,
        to: &str,
        reader: Reader,
        own: Option<&Own>,
        lang: Lang,
    ) -> Result<()> {
        let mut values = self.values(tx, lang)?;
        // Nobody answers a letter with two digits; a signed address lets the reporter do so on the page.
        if channel == Channel::Email
            && reader == Reader::Reporter
            && self.occasion.asks
            && let Some(path) = requests::reply::link(tx, self.request)?
        {
            values.retain(|(name, _)| *name != "link");
            values.push(("link", self.city.link(lang, &path)));
        }
        let text = match channel {
            Channel::Sms => text::fit(&templates::sms(self.occasion, reader, own, lang), &values, lang),
            Channel::Email => {
                let letter = text::fill(&templates::letter(self.occasion, reader, own, lang), &values, lang);
                letter.replace('\n', "\n\n")
            }
            // The last line is where a click leads.
            Channel::Push => {
                let said = text::fit(&templates::core(self.occasion.fact, reader, own, lang), &values, lang);
                format!("{said}\n{}", city_path(lang, &format!("/requests/{}", self.request.code)))
            }
        };
        let subject = match channel {
            Channel::Sms => String::new(),
            _ => text::fill(&Words(lang).notices_email_subject_plain("{code}", "{service}"), &values, lang),
        };
        let request = self.request;
        outbox::put(
            tx,
            request.jurisdiction,
            &New {
                key: format!("request:{}:{}:{}", self.entry.seq, channel.code(), short_hash(to)),
                channel,
                to: to.to_owned(),
                template: self.occasion.fact,
                lang,
                subject,
                text,
                request: Some(request.id.0),
                // Who texts at night waits for the code now.
                urgent: request.priority == Priority::Emergency
                    || (self.occasion.fact == "submitted" && request.channel == Way::Sms),
                made_at: self.act.at,
                expires_at: self.act.at.plus_millis(GOOD_FOR_MS),
                id: self.act.new_id(),
            },
        )?;
        Ok(())
    }

    fn said(&self, tx: &mut Tx<'_>) -> Result<String> {
        requests::said(tx, self.request.jurisdiction, self.request.id, &self.entry.payload)
    }

    fn values(&self, tx: &mut Tx<'_>, lang: Lang) -> Result<Vec<(&'static str, String)>> {
        let request = self.request;
        let said = self.said(tx)?;
        let other = match request.duplicate_of {
            Some(id) => find::by_id(tx, request.jurisdiction, id)?.map(|other| other.code.to_string()),
            None => None,
        };
        let code = request.code.to_string();
        let service = self.catalogue.service(request.service).map_or("", |service| service.name(lang));
        let unit = match self.catalogue.unit_name(request.unit, lang) {
            "" => self.city.name.get(lang),
            unit => unit,
        };
        let due = request.due_at.map(|due| calendar::words::date_time(lang, due, &self.city.zone));
        let mut values = shared(self.city, lang);
        values.extend([
            ("link", self.city.link(lang, &format!("/r/{code}"))),
            ("code", digits::shown(&code, lang)),
            ("service", service.to_owned()),
            ("unit", unit.to_owned()),
            ("words", said.split_whitespace().collect::<Vec<_>>().join(" ")),
            ("due", due.unwrap_or_default()),
            ("other", other.map(|other| digits::shown(&other, lang)).unwrap_or_default()),
            (
                "status",
                Words(lang).by_key(&format!("status-{}", request.status.code())).unwrap_or("").to_owned(),
            ),
        ]);
        Ok(values)
    }
}

/// The path of a page in a language.
fn city_path(lang: Lang, path: &str) -> String {
    if lang == Lang::Fa { path.to_owned() } else { format!("/{}{path}", lang.code()) }
}

/// Enough of a hash to tell recipients apart in a key, and nothing to call.
pub(crate) fn short_hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}
