//! Browsers, by the web push protocol: RFC 8030 to send, RFC 8291 so that only the browser can read it, RFC 8292 so
//! that the push service knows who sends.
//!
//! A subscription comes from outside and names an address to be called, so only services of the list are called. Salt
//! and passing key of a message are drawn from its key and our own secret: the same message is the same to the last
//! byte, and no two messages share them.

mod encrypt; // what only the browser can read
mod vapid; // who sends

use std::path::{Path, PathBuf};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use p256::SecretKey;
use serde::Deserialize;
use sha2::Sha256;

use crate::browsers::Browser;
use crate::gateway::{Gateway, Message, Outcome};

/// `kind = "push"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    pub name: String,
    /// The secret of this city's messages to browsers, 64 hexadecimal digits; relative to the data folder. It is made at
    /// the first start. Browsers that subscribed under another one hear nothing more.
    pub key_file: PathBuf,
    /// Whom a push service may write to about us: `mailto:` or `https:`.
    pub contact: String,
    /// Hosts of push services that may be called; `*.` in front stands for any name below.
    pub services: Vec<String>,
    pub timeout_ms: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            name: String::new(),
            key_file: "push.key".into(),
            contact: String::new(),
            services: [
                "fcm.googleapis.com",
                "*.push.services.mozilla.com",
                "*.push.apple.com",
                "*.notify.windows.com",
            ]
            .map(String::from)
            .into(),
            timeout_ms: 10_000,
        }
    }
}

impl Settings {
    /// Whether a push service is one of the list, reached by an encrypted connection.
    pub fn may_call(&self, endpoint: &str) -> bool {
        let Some(host) = host(endpoint) else { return false };
        self.services.iter().any(|service| match service.strip_prefix("*.") {
            Some(below) => host.strip_suffix(below).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
            None => host == service,
        })
    }

    /// The public key that browsers subscribe with, base64url.
    pub fn public_key(&self, data: &Path) -> Result<String, String> {
        Ok(vapid::public_key(&self.secret(data)?))
    }

    fn secret(&self, data: &Path) -> Result<SecretKey, String> {
        let path = data.join(&self.key_file);
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let bytes = unhex(text.trim()).ok_or_else(|| format!("{}: 64 hexadecimal digits", path.display()))?;
        SecretKey::from_slice(&bytes).map_err(|error| format!("{}: {error}", path.display()))
    }
}

/// The host of `https://host/...` without a port; none for anything else.
fn host(endpoint: &str) -> Option<&str> {
    let rest = endpoint.strip_prefix("https://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    (!host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.'))
        .then_some(host)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let is_hex = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    is_hex.then(|| (0..32).filter_map(|n| u8::from_str_radix(text.get(2 * n..2 * n + 2)?, 16).ok()).collect())
}

pub(crate) struct Push {
    settings: Settings,
    secret: SecretKey,
    agent: ureq::Agent,
}

impl Push {
    pub(crate) fn open(settings: &Settings, data: &Path) -> Result<Push, String> {
        if !(settings.contact.starts_with("mailto:") || settings.contact.starts_with("https:")) {
            return Err("contact begins with mailto: or https:".into());
        }
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_millis(settings.timeout_ms)))
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None);
        Ok(Push { secret: settings.secret(data)?, settings: settings.clone(), agent: config.build().into() })
    }

    /// 32 bytes that belong to this message and purpose alone.
    fn drawn(&self, message: &Message, purpose: &str, turn: u8) -> [u8; 32] {
        let mut bytes = [0; 32];
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.secret.to_bytes().as_slice()) {
            for part in [purpose.as_bytes(), message.key.as_bytes(), message.to.as_bytes(), &[turn]] {
                mac.update(&(part.len() as u64).to_be_bytes());
                mac.update(part);
            }
            bytes.copy_from_slice(&mac.finalize().into_bytes());
        }
        bytes
    }

    fn passing_key(&self, message: &Message) -> Option<SecretKey> {
        // One draw in four billion is no key of the curve.
        (0..8).find_map(|turn| SecretKey::from_slice(&self.drawn(message, "key", turn)).ok())
    }

    fn letter(&self, browser: &Browser, message: &Message) -> Option<Vec<u8>> {
        let (body, link) = message.text.rsplit_once('\n').unwrap_or((&message.text, ""));
        let said = serde_json::json!({
            "title": message.subject, "body": body, "url": link, "lang": message.lang.code(), "tag": message.key
        });
        let salt = self.drawn(message, "salt", 0);
        let salt: [u8; 16] = salt.get(..16)?.try_into().ok()?;
        encrypt::encrypt(browser, &self.passing_key(message)?, &salt, said.to_string().as_bytes())
    }
}

impl Gateway for Push {
    fn send(&self, message: &Message) -> Outcome {
        let refused = |why: &str| Outcome::Refused { why: why.into() };
        let Ok(browser) = serde_json::from_str::<Browser>(&message.to) else {
            return refused("no subscription");
        };
        if !self.settings.may_call(&browser.endpoint) {
            return refused("a push service that is not in the list");
        }
        let Some(body) = self.letter(&browser, message) else {
            return refused("a subscription without keys");
        };
        let Some(proof) = vapid::header(&self.secret, &browser.endpoint, &self.settings.contact, message.at)
        else {
            return Outcome::failed("no signature could be made");
        };
        let asked = self
            .agent
            .post(&browser.endpoint)
            .header("authorization", proof)
            .header("content-encoding", "aes128gcm")
            .header("content-type", "application/octet-stream")
            .header("ttl", "86400")
            .send(body.as_slice());
        match asked {
            Ok(answer) => match answer.status().as_u16() {
                200..=202 => Outcome::Sent { id: None },
                // The person took the permission back, or the browser is gone.
                404 | 410 => refused("gone"),
                413 => refused("too large"),
                status => Outcome::failed(status),
            },
            Err(error) => Outcome::failed(error),
        }
    }
}

#[cfg(test)]
mod tests;
