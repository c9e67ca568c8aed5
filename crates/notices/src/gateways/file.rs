//! A file of JSON lines, for demo cities and tests: what would have been sent, readable by people and programs.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::callback::{Inbound, Report};
use crate::gateway::{Channel, Gateway, Message, Named, Outcome};

#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    pub name: String,
    /// Relative to the data folder.
    pub path: PathBuf,
    /// Tests and demo cities play the people who text, and the provider that reports.
    pub inbound: Option<Inbound>,
    pub report: Option<Report>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { name: "file".into(), path: "outbox.jsonl".into(), inbound: None, report: None }
    }
}

/// One gateway for each channel, all into one file.
pub(crate) fn open(settings: &Settings, data: &Path) -> Vec<Named> {
    let path = data.join(&settings.path);
    let turn = Arc::new(Mutex::new(()));
    let named = |channel: Channel| {
        // Two gateways have two names; letters and browsers say theirs behind the file's.
        let name = match channel {
            Channel::Sms => settings.name.clone(),
            other => format!("{}-{}", settings.name, other.code()),
        };
        Named { name, channel, cost: 0, gateway: Box::new(Lines { path: path.clone(), turn: turn.clone() }) }
    };
    Channel::ALL.into_iter().map(named).collect()
}

struct Lines {
    path: PathBuf,
    turn: Arc<Mutex<()>>,
}

/// One line of the file.
#[derive(Serialize)]
struct Line<'a> {
    key: &'a str,
    channel: &'a str,
    to: &'a str,
    template: &'a str,
    lang: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    subject: &'a str,
    text: &'a str,
    at: String,
}

impl Gateway for Lines {
    fn send(&self, message: &Message) -> Outcome {
        let line = Line {
            key: &message.key,
            channel: message.channel.code(),
            to: &message.to,
            template: &message.template,
            lang: message.lang.code(),
            subject: &message.subject,
            text: &message.text,
            at: message.at.to_rfc3339_z(),
        };
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let written = serde_json::to_vec(&line).map_err(std::io::Error::other).and_then(|mut bytes| {
            bytes.push(b'\n');
            // One call for the whole line, so that whoever reads never meets half of one.
            private().open(&self.path)?.write_all(&bytes)
        });
        match written {
            Ok(()) => Outcome::Sent { id: Some(message.key.clone()) },
            Err(error) => Outcome::failed(format_args!("{}: {error}", self.path.display())),
        }
    }
}

/// Codes and numbers stand in it, so only its owner may read it.
fn private() -> std::fs::OpenOptions {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
