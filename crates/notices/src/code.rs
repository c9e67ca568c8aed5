//! Sign-in codes: before everything, at any hour, and only for as long as the code itself is good.

use language::Lang;
use people::Act;
use storage::{Result, Tx};
use words::Words;

use crate::city::{City, city};
use crate::gateway::Channel;
use crate::outbox::{self, New};
use crate::templates::shared;
use crate::text;

/// The name of the template, for pages and for what is blanked after sending.
pub const TEMPLATE: &str = "code";
/// A code that was not sent by then is not sent any more, in milliseconds.
const GOOD_FOR_MS: i64 = 5 * 60_000;

/// Sends a one-time code to a mobile number (E.164), in the city's first language.
pub fn send_code(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, mobile: &str, code: &str) -> Result<()> {
    let lang = city(tx, jurisdiction)?.lang;
    send_code_in(tx, act, jurisdiction, mobile, code, lang)
}

/// [`send_code`] in a language.
pub fn send_code_in(
    tx: &mut Tx<'_>,
    act: &Act,
    jurisdiction: i64,
    mobile: &str,
    code: &str,
    lang: Lang,
) -> Result<()> {
    let city = city(tx, jurisdiction)?;
    let id = act.new_id();
    outbox::put(
        tx,
        jurisdiction,
        &New {
            key: format!("code:{id}"),
            channel: Channel::Sms,
            to: mobile.to_owned(),
            template: TEMPLATE,
            lang,
            subject: String::new(),
            text: words_for(&city, lang, code),
            request: None,
            urgent: true,
            made_at: act.at,
            expires_at: act.at.plus_millis(GOOD_FOR_MS),
            id,
        },
    )?;
    Ok(())
}

/// The last line holds the code alone, in ASCII digits: telephones read it from there into the form, and where the
/// city's address is known they do so for its pages only (`@host #code`, the WICG form for codes bound to an origin).
fn words_for(city: &City, lang: Lang, code: &str) -> String {
    let w = Words(lang);
    let said = text::fit(&w.notices_code_plain("{city}"), &shared(city, lang), lang);
    let line = match host(&city.address) {
        Some(host) => format!("@{host} #{code}"),
        None => w.notices_code_line_plain(code),
    };
    format!("{said}\n{line}")
}

/// The host of an address that people reach by an encrypted connection; telephones bind codes to no other.
fn host(address: &str) -> Option<&str> {
    address.strip_prefix("https://").map(|rest| rest.split(['/', ':']).next().unwrap_or(rest))
}
