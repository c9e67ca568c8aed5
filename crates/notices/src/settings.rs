//! The gateways of this installation: `[notices]` and `[[notices.gateway]]` of `peyvand.toml`.
//!
//! They belong to the machine and not to a city, and hold secrets, so they stay out of the database.

use std::fmt;
use std::path::Path;

use serde::Deserialize;

use crate::callback::CalledBack;
use crate::gateway::{Channel, Gateways, Named};
use crate::gateways::{file, http, push, smtp};

/// `[notices]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Threads that send. Each waits for one gateway at a time.
    pub threads: usize,
    /// Whether the quiet hours of a city are kept. A demo city and a rehearsal are awake all night.
    pub quiet_hours: bool,
    /// The ways out, the preferred first.
    #[serde(rename = "gateway")]
    pub gateways: Vec<Way>,
    /// What browsers subscribe with, from the push gateway's key file; empty when browsers are no way out.
    #[serde(skip)]
    pub push_key: String,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { threads: 4, quiet_hours: true, gateways: Vec::new(), push_key: String::new() }
    }
}

/// One `[[notices.gateway]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Way {
    Http(http::Settings),
    Smtp(smtp::Settings),
    Push(push::Settings),
    File(file::Settings),
}

impl Way {
    pub fn name(&self) -> &str {
        match self {
            Way::Http(way) => &way.name,
            Way::Smtp(way) => &way.name,
            Way::Push(way) => &way.name,
            Way::File(way) => &way.name,
        }
    }
}

/// A text that is never printed.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Settings {
    /// How the gateway of a name calls us back, if it does.
    pub fn called_back(&self, name: &str) -> Option<CalledBack<'_>> {
        self.gateways.iter().find(|way| way.name() == name).and_then(|way| match way {
            Way::Http(way) => Some(CalledBack {
                jurisdiction: &way.jurisdiction,
                report: way.report.as_ref(),
                inbound: way.inbound.as_ref(),
            }),
            Way::File(way) => Some(CalledBack {
                jurisdiction: "",
                report: way.report.as_ref(),
                inbound: way.inbound.as_ref(),
            }),
            Way::Smtp(_) | Way::Push(_) => None,
        })
    }

    /// Browsers as a way out, if they are.
    pub fn push(&self) -> Option<&push::Settings> {
        self.gateways.iter().find_map(|way| match way {
            Way::Push(way) => Some(way),
            _ => None,
        })
    }

    /// Opens them all. Without any, everything is written to `outbox.jsonl` in the data folder.
    pub fn open(&self, data: &Path) -> Result<Gateways, String> {
        let mut all = Vec::new();
        for way in &self.gateways {
            let name = way.name().to_owned();
            if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
                return Err(format!("a gateway's name is letters, digits and '-', not {name:?}"));
            }
            if all.iter().any(|known: &Named| known.name == name) {
                return Err(format!("two gateways are named {name:?}"));
            }
            let wrong = |error: String| format!("gateway {name}: {error}");
            match way {
                Way::Http(way) => all.push(Named {
                    channel: Channel::Sms,
                    cost: way.cost,
                    gateway: Box::new(http::Http::open(way.clone()).map_err(wrong)?),
                    name,
                }),
                Way::Smtp(way) => all.push(Named {
                    channel: Channel::Email,
                    cost: 0,
                    gateway: Box::new(smtp::Smtp::open(way).map_err(wrong)?),
                    name,
                }),
                Way::Push(way) => all.push(Named {
                    channel: Channel::Push,
                    cost: 0,
                    gateway: Box::new(push::Push::open(way, data).map_err(wrong)?),
                    name,
                }),
                Way::File(way) => all.extend(file::open(way, data)),
            }
        }
        if all.is_empty() {
            all = file::open(&file::Settings::default(), data);
        }
        Ok(Gateways { all, quiet_hours: self.quiet_hours })
    }
}
