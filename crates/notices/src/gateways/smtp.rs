//! Letters, by SMTP.

use std::time::Duration;

use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Message as Letter, SmtpTransport, Transport};
use serde::Deserialize;

use crate::follow::short_hash;
use crate::gateway::{Gateway, Message, Outcome};
use crate::settings::Secret;

/// `kind = "smtp"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    pub name: String,
    pub host: String,
    /// 465 for `tls`, 587 for `starttls`, 25 for `none`, where none is said.
    pub port: Option<u16>,
    /// `tls` from the first byte, `starttls` and nothing without it, or `none` for a relay on the same machine.
    pub security: Security,
    pub user: String,
    pub password: Secret,
    /// Who writes: `۱۳۷ <no-reply@137.example.ir>` or the address alone.
    pub from: String,
    /// A file of certificates (PEM) to trust beside the usual ones.
    pub ca_file: String,
    pub timeout_ms: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    Tls,
    StartTls,
    None,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            name: String::new(),
            host: String::new(),
            port: None,
            security: Security::Tls,
            user: String::new(),
            password: Secret::default(),
            from: String::new(),
            ca_file: String::new(),
            timeout_ms: 15_000,
        }
    }
}

pub(crate) struct Smtp {
    transport: SmtpTransport,
    from: Mailbox,
}

impl Smtp {
    pub(crate) fn open(settings: &Settings) -> Result<Smtp, String> {
        let from = settings.from.parse().map_err(|error| format!("from: {error}"))?;
        if settings.host.is_empty() {
            return Err("host is missing".into());
        }
        let encrypted = || {
            let mut parameters = TlsParameters::builder(settings.host.clone());
            if !settings.ca_file.is_empty() {
                let pem = std::fs::read(&settings.ca_file)
                    .map_err(|error| format!("{}: {error}", settings.ca_file))?;
                let known =
                    Certificate::from_pem(&pem).map_err(|error| format!("{}: {error}", settings.ca_file))?;
                parameters = parameters.add_root_certificate(known);
            }
            parameters.build_rustls().map_err(|error| error.to_string())
        };
        let (usual, tls) = match settings.security {
            Security::Tls => (465, Tls::Wrapper(encrypted()?)),
            Security::StartTls => (587, Tls::Required(encrypted()?)),
            Security::None => (25, Tls::None),
        };
        let mut builder = SmtpTransport::builder_dangerous(settings.host.clone())
            .port(settings.port.unwrap_or(usual))
            .timeout(Some(Duration::from_millis(settings.timeout_ms)))
            .tls(tls);
        if !settings.user.is_empty() {
            builder =
                builder.credentials(Credentials::new(settings.user.clone(), settings.password.0.clone()));
        }
        Ok(Smtp { transport: builder.build(), from })
    }
}

impl Gateway for Smtp {
    fn send(&self, message: &Message) -> Outcome {
        let Ok(to) = message.to.parse::<Mailbox>() else {
            return Outcome::Refused { why: "no e-mail address".into() };
        };
        // The same letter has the same id, so that a second copy can be told from a second letter.
        let id = format!("<{}@{}>", short_hash(&message.key), self.from.email.domain());
        let letter = Letter::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&message.subject)
            .message_id(Some(id.clone()))
            .header(ContentType::TEXT_PLAIN)
            .body(message.text.clone());
        let letter = match letter {
            Ok(letter) => letter,
            Err(error) => return Outcome::Refused { why: error.to_string() },
        };
        match self.transport.send(&letter) {
            Ok(_) => Outcome::Sent { id: Some(id) },
            Err(error) => judge(&error),
        }
    }
}

/// A refusal of the letter is for ever; one of us (530 and 535: who are you, 421: not now) is not.
fn judge(error: &lettre::transport::smtp::Error) -> Outcome {
    let code = error.status().map(u16::from);
    match code {
        Some(530 | 534 | 535 | 538 | 454) => Outcome::failed(error),
        Some(_) if error.is_permanent() => Outcome::Refused { why: error.to_string() },
        Some(_) => Outcome::failed(error),
        None if error.is_timeout() => Outcome::lost(error),
        None => Outcome::failed(error),
    }
}
