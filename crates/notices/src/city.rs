//! The city's own wishes: when it is quiet, which digits mean yes and no, and words of its own.
//!
//! They come from `notices.toml` of the city pack and are kept with the city. A pack without that file gets the
//! defaults, which are those of the one-number lines that people know: 31, 33, 11 and 12.

use std::path::Path;
use std::sync::Arc;

use calendar::{Timestamp, Zone};
use language::Lang;
use people::Act;
use requests::service::Both;
use serde::{Deserialize, Serialize};
use storage::{Error, Result, Tx, params, sql};

use crate::templates;
use crate::text::unknown_placeholder;

const MINUTES: u16 = 24 * 60;

/// What a city decided about its messages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wishes {
    /// From when until when only emergencies and codes are sent; equal times mean never quiet.
    pub quiet_hours: (Wall, Wall),
    pub replies: Replies,
    /// The city's own wording, and what it wants sent or not sent.
    #[serde(rename = "template")]
    pub templates: Vec<Own>,
}

impl Default for Wishes {
    fn default() -> Self {
        Wishes {
            quiet_hours: (Wall(22 * 60), Wall(7 * 60)),
            replies: Replies::default(),
            templates: Vec::new(),
        }
    }
}

/// The digits that mean something when they are texted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Replies {
    pub accept: String,
    pub object: String,
    /// No more news. Behind «لغو» or alone.
    pub stop: String,
    pub join: String,
}

impl Default for Replies {
    fn default() -> Self {
        Replies { accept: "31".into(), object: "33".into(), stop: "11".into(), join: "12".into() }
    }
}

/// A wording of the city's own, for one occasion and perhaps one service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Own {
    /// One of the facts in `templates::OCCASIONS`.
    pub fact: String,
    /// A service's code; empty for all.
    pub service: String,
    /// False: say nothing on this occasion. True: say it although the default is silence.
    pub send: Option<bool>,
    pub fa: String,
    pub en: String,
}

impl Own {
    /// The city's words in a language; none where ours are used.
    pub fn words(&self, lang: Lang) -> Option<&str> {
        let words = match lang {
            Lang::Fa => &self.fa,
            Lang::En => &self.en,
        };
        Some(words.as_str()).filter(|words| !words.is_empty())
    }
}

/// A time on the wall, `HH:MM`, in minutes after midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Wall(pub u16);

impl TryFrom<String> for Wall {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no time such as \"22:00\"");
        let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
        match (hour.parse::<u16>(), minute.parse::<u16>()) {
            (Ok(hour), Ok(minute)) if hour < 24 && minute < 60 => Ok(Wall(hour * 60 + minute)),
            _ => Err(wrong()),
        }
    }
}

impl From<Wall> for String {
    fn from(wall: Wall) -> Self {
        format!("{:02}:{:02}", wall.0 / 60, wall.0 % 60)
    }
}

impl Wishes {
    /// When the quiet that reigns at a moment ends; none when it is not quiet.
    pub fn quiet_until(&self, at: Timestamp, zone: &Zone) -> Option<Timestamp> {
        let (from, until) = (self.quiet_hours.0.0, self.quiet_hours.1.0);
        let now = at.minute_of_day(zone);
        let is_quiet = if from <= until { (from..until).contains(&now) } else { now >= from || now < until };
        let tomorrow = from > until && now >= from;
        is_quiet.then(|| zone.at(at.day(zone), until + if tomorrow { MINUTES } else { 0 }))
    }

    /// The wording of the city for an occasion: for this service before one for all.
    pub fn own(&self, fact: &str, service: &str) -> Option<&Own> {
        let of = |wanted: &str| self.templates.iter().find(|own| own.fact == fact && own.service == wanted);
        of(service).or_else(|| of(""))
    }

    fn check(&self) -> Result<(), String> {
        for own in &self.templates {
            if !templates::OCCASIONS.iter().any(|occasion| occasion.fact == own.fact) {
                return Err(format!("nothing is said on the occasion {:?}", own.fact));
            }
            for lang in Lang::ALL {
                if let Some(name) = own.words(lang).and_then(unknown_placeholder) {
                    return Err(format!("{}: there is no placeholder {{{name}}}", own.fact));
                }
            }
        }
        let replies = &self.replies;
        for word in [&replies.accept, &replies.object, &replies.stop, &replies.join] {
            if word.is_empty() || word.len() > 3 || !word.bytes().all(|digit| digit.is_ascii_digit()) {
                return Err(format!("a reply is one to three digits, not {word:?}"));
            }
        }
        Ok(())
    }
}

/// Reads `notices.toml` of a city pack; the defaults when there is none.
pub fn read(folder: &Path) -> Result<Wishes, String> {
    let path = folder.join("notices.toml");
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Wishes::default()),
        Err(error) => return Err(format!("{}: {error}", path.display())),
    };
    let wishes: Wishes = toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    wishes.check().map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(wishes)
}

/// Keeps the wishes of a city.
pub fn load(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, wishes: &Wishes) -> Result<()> {
    let settings = serde_json::to_string(wishes).map_err(Error::corrupt)?;
    tx.execute(
        sql!(
            "INSERT INTO notice_settings (jurisdiction_id, settings, address) VALUES ($1, $2, '')
             ON CONFLICT (jurisdiction_id) DO UPDATE SET settings = excluded.settings"
        ),
        &params![jurisdiction, &settings],
    )?;
    tx.new_edition(jurisdiction, act.new_id())
}

/// Keeps the address that links in messages begin with, such as `https://137.example.ir`. Returns whether it is new.
pub fn settle_address(tx: &mut Tx<'_>, act: &Act, jurisdiction: i64, address: &str) -> Result<bool> {
    if city(tx, jurisdiction)?.address == address {
        return Ok(false);
    }
    let settings = serde_json::to_string(&Wishes::default()).map_err(Error::corrupt)?;
    tx.execute(
        sql!(
            "INSERT INTO notice_settings (jurisdiction_id, settings, address) VALUES ($1, $2, $3)
             ON CONFLICT (jurisdiction_id) DO UPDATE SET address = excluded.address"
        ),
        &params![jurisdiction, &settings, address],
    )?;
    tx.new_edition(jurisdiction, act.new_id())?;
    Ok(true)
}

/// Everything about a city that a message needs.
#[derive(Debug, Clone)]
pub struct City {
    pub wishes: Wishes,
    /// What links begin with; empty when the operator said none, and then no link is sent.
    pub address: String,
    pub zone: Zone,
    pub name: Both,
    pub phone: String,
    /// The language of whoever did not say theirs.
    pub lang: Lang,
}

impl City {
    /// A page of ours in a message; empty without an address.
    pub fn link(&self, lang: Lang, path: &str) -> String {
        match (self.address.as_str(), lang) {
            ("", _) => String::new(),
            (address, Lang::Fa) => format!("{address}{path}"),
            (address, Lang::En) => format!("{address}/en{path}"),
        }
    }
}

/// The city as this transaction sees it.
pub fn city(tx: &mut Tx<'_>, jurisdiction: i64) -> Result<Arc<City>> {
    tx.memo(jurisdiction, |tx, jurisdiction| {
        let kept = tx.query_opt(
            sql!("SELECT settings, address FROM notice_settings WHERE jurisdiction_id = $1"),
            &params![jurisdiction],
            |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)),
        )?;
        let (wishes, address) = match kept {
            Some((settings, address)) => (serde_json::from_str(&settings).map_err(Error::corrupt)?, address),
            None => (Wishes::default(), String::new()),
        };
        let cities = territory::cities(tx)?;
        let ground = cities.iter().find(|city| city.id == jurisdiction);
        let ground = ground.ok_or_else(|| Error::corrupt(format_args!("there is no city {jurisdiction}")))?;
        Ok(City {
            wishes,
            address,
            zone: ground.zone.clone(),
            name: Both::new(&ground.name_fa, &ground.name_en),
            phone: ground.phone.clone(),
            lang: ground.languages.first().copied().unwrap_or_default(),
        })
    })
}
