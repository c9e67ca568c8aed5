//! What the operator decided, and where: file, then environment, then command line.
//!
//! The file is `peyvand.toml` in the data folder. A key that it has and we do not know is an error with its line,
//! because a misspelt limit that is silently ignored is found out on the worst day.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use door::Network;
use serde::Deserialize;
use storage::Target;

use crate::cli::{From, Options};
use crate::end::{say, wrong};

/// Everything in force.
#[derive(Debug, Clone)]
pub struct Settings {
    pub data: PathBuf,
    pub target: Target,
    /// None when it is off.
    pub metrics_listen: Option<String>,
    /// Whether the operator chose the address of the metrics; a default that is taken is no reason to stop.
    pub metrics_chosen: bool,
    pub log: String,
    pub log_json: bool,
    pub door: door::Settings,
    /// Routing services, by city.
    pub roads: Vec<crate::roads::Osrm>,
    /// One line for each: key, value as it may be shown, where it comes from.
    shown: Vec<(&'static str, String, &'static str)>,
    /// The file that was read, if there was one.
    file: Option<PathBuf>,
}

/// `peyvand.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    database: Option<String>,
    listen: Option<String>,
    metrics_listen: Option<String>,
    public_url: Option<String>,
    rate_limits: Option<bool>,
    trusted_proxies: Option<Vec<String>>,
    connections: Option<usize>,
    header_timeout_ms: Option<u64>,
    log: Option<String>,
    log_format: Option<String>,
    notices: notices::Settings,
    oidc: Option<door::Oidc>,
    telephone: door::Telephone,
    roads: Vec<crate::roads::Osrm>,
}

/// Names in the environment that are ours but no settings.
const OTHER_NAMES: [&str; 2] = ["PEYVAND_DATA_SAMPLES", "PEYVAND_TEST_POSTGRES"];
const NAMES: [&str; 10] = [
    "PEYVAND_DATA",
    "PEYVAND_CONFIG",
    "PEYVAND_DATABASE",
    "PEYVAND_LISTEN",
    "PEYVAND_METRICS_LISTEN",
    "PEYVAND_PUBLIC_URL",
    "PEYVAND_RATE_LIMITS",
    "PEYVAND_TRUSTED_PROXIES",
    "PEYVAND_LOG",
    "PEYVAND_LOG_FORMAT",
];

/// Picks the value that counts and remembers where it came from.
struct Picker<'a> {
    from: &'a From,
    shown: Vec<(&'static str, String, &'static str)>,
}

impl Picker<'_> {
    fn pick(
        &mut self,
        key: &'static str,
        given: Option<String>,
        file: Option<String>,
        default: &str,
    ) -> String {
        let (value, source) = match (given, file) {
            (Some(given), _) => (given, self.from.get(key).copied().unwrap_or("command line")),
            (None, Some(file)) => (file, "file"),
            (None, None) => (default.to_owned(), "default"),
        };
        self.shown.push((key, value.clone(), source));
        value
    }

    fn is_chosen(&self, key: &str) -> bool {
        self.shown.iter().any(|(name, _, source)| *name == key && *source != "default")
    }
}

impl Settings {
    pub fn read(options: &Options, from: &From) -> Result<Settings> {
        let mut p = Picker { from, shown: Vec::new() };
        let given = options.data.as_ref().map(|p| p.display().to_string());
        let data = PathBuf::from(p.pick("data", given, None, "peyvand-data"));
        let (file, path) = read_file(&data, options.config.as_deref())?;

        let default = format!("sqlite:{}", data.join("city.db").display());
        let database = p.pick("database", options.database.clone(), file.database, &default);
        let target = Target::parse(&database).map_err(|e| wrong!("{}", masked(&e.to_string())))?;
        let defaults = door::Settings::default();
        let listen = p.pick("listen", options.listen.clone(), file.listen, &defaults.listen);
        let metrics =
            p.pick("metrics_listen", options.metrics_listen.clone(), file.metrics_listen, "127.0.0.1:9137");
        let public_url = p.pick("public_url", options.public_url.clone(), file.public_url, "");
        let limits = file.rate_limits.map(|on| if on { "on" } else { "off" }.to_owned());
        let limits = p.pick("rate_limits", options.rate_limits.clone(), limits, "on");
        let proxies = file.trusted_proxies.map(|all| all.join(","));
        let proxies = p.pick("trusted_proxies", options.trusted_proxies.clone(), proxies, "");
        let connections = p.pick(
            "connections",
            None,
            file.connections.map(|n| n.to_string()),
            &defaults.connections.to_string(),
        );
        let header = file.header_timeout_ms.map(|n| n.to_string());
        let header = p.pick("header_timeout_ms", None, header, &defaults.header_timeout_ms.to_string());
        let log = p.pick("log", options.log.clone(), file.log, "info");
        let log_format = p.pick("log_format", options.log_format.clone(), file.log_format, "text");

        let notices = file.notices;
        let ways: Vec<&str> = notices.gateways.iter().map(notices::settings::Way::name).collect();
        p.shown.push(("notices.gateway", ways.join(","), if ways.is_empty() { "default" } else { "file" }));

        for osrm in &file.roads {
            if !(osrm.service.starts_with("http://") || osrm.service.starts_with("https://")) {
                return Err(wrong!(
                    "roads: a service begins with http:// or https://, not {:?}",
                    osrm.service
                ));
            }
        }
        let services: Vec<&str> = file.roads.iter().map(|osrm| osrm.service.as_str()).collect();
        p.shown.push(("roads", services.join(","), if services.is_empty() { "default" } else { "file" }));

        let door = door::Settings {
            public_url: read_url(&public_url)?,
            trusted_proxies: read_networks(&proxies)?,
            rate_limits: read_switch("rate_limits", &limits)?,
            connections: connections.parse().unwrap_or(defaults.connections),
            header_timeout_ms: header.parse().unwrap_or(defaults.header_timeout_ms),
            listen,
            seal: None,
            second_factor: defaults.second_factor,
            notices: notices.into(),
            oidc: file.oidc.map(Into::into),
            telephone: file.telephone.into(),
        };
        let metrics_chosen = p.is_chosen("metrics_listen");
        let log_json = match log_format.as_str() {
            "text" => false,
            "json" => true,
            other => return Err(wrong!("log_format is text or json, not {other:?}")),
        };
        warn_of_strangers();
        Ok(Settings {
            target,
            metrics_listen: (metrics != "off").then_some(metrics),
            metrics_chosen,
            log,
            log_json,
            door,
            roads: file.roads,
            shown: p.shown,
            file: path,
            data,
        })
    }

    /// The folder of photos and documents.
    pub fn files(&self) -> PathBuf {
        self.data.join("files")
    }

    pub fn print(&self) -> Result<ExitCode> {
        match &self.file {
            Some(path) => say!("# read from {}", path.display()),
            None => say!("# no settings file; {} would be read", self.data.join("peyvand.toml").display()),
        }
        for (key, value, source) in &self.shown {
            say!("{key} = {:?} # {source}", masked(value));
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn read_file(data: &Path, chosen: Option<&Path>) -> Result<(File, Option<PathBuf>)> {
    let path = chosen.map_or_else(|| data.join("peyvand.toml"), Path::to_owned);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && chosen.is_none() => {
            return Ok((File::default(), None));
        }
        Err(e) => return Err(wrong!("{}: {e}", path.display())),
    };
    let file = toml::from_str(&text).map_err(|e| {
        let line = e.span().map_or(1, |span| text.get(..span.start).unwrap_or("").matches('\n').count() + 1);
        wrong!("{}, line {line}: {}", path.display(), e.message())
    })?;
    Ok((file, Some(path)))
}

fn read_switch(key: &str, value: &str) -> Result<bool> {
    match value {
        "on" | "true" | "yes" | "1" => Ok(true),
        "off" | "false" | "no" | "0" => Ok(false),
        other => Err(wrong!("{key} is on or off, not {other:?}")),
    }
}

fn read_networks(value: &str) -> Result<Vec<Network>> {
    let words = value.split(',').map(str::trim).filter(|word| !word.is_empty());
    words
        .map(|word| {
            word.parse().map_err(|_| {
                wrong!("trusted_proxies: {word:?} is no address and no network such as 10.0.0.0/8")
            })
        })
        .collect::<Result<_>>()
        .context("reading trusted_proxies")
}

fn read_url(value: &str) -> Result<Option<String>> {
    if value.is_empty() {
        return Ok(None);
    }
    if !(value.starts_with("https://") || value.starts_with("http://")) {
        return Err(wrong!("public_url begins with https:// or http://, not {value:?}"));
    }
    Ok(Some(value.trim_end_matches('/').to_owned()))
}

/// A text without the password of a database address.
pub fn masked(value: &str) -> String {
    let Some(scheme) = value.find("://") else { return value.to_owned() };
    let (head, rest) = value.split_at(scheme + 3);
    let end = rest.find('/').unwrap_or(rest.len());
    let (place, path) = rest.split_at(end);
    let place = match place.rsplit_once('@') {
        Some((who, host)) if who.contains(':') => {
            format!("{}:***@{host}", who.split(':').next().unwrap_or(""))
        }
        _ => place.to_owned(),
    };
    // The password may also stand behind the question mark.
    let path = match path.find("password=") {
        Some(at) => {
            let (before, secret) = path.split_at(at + "password=".len());
            let after = secret.find('&').and_then(|n| secret.get(n..)).unwrap_or("");
            format!("{before}***{after}")
        }
        None => path.to_owned(),
    };
    format!("{head}{place}{path}")
}

/// A name in the environment that looks like ours and is not is most likely misspelt.
fn warn_of_strangers() {
    for (name, _) in std::env::vars_os() {
        let Some(name) = name.to_str().filter(|name| name.starts_with("PEYVAND_")) else { continue };
        if !NAMES.contains(&name) && !OTHER_NAMES.contains(&name) {
            eprintln!("peyvand: {name} in the environment is no setting and is ignored");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(
            masked("postgres://city:secret@db.example/peyvand"),
            "postgres://city:***@db.example/peyvand"
        );
        assert_eq!(masked("postgres://city:se@cret@db/peyvand"), "postgres://city:***@db/peyvand");
        assert_eq!(
            masked("postgres://db/peyvand?user=a&password=secret&x=1"),
            "postgres://db/peyvand?user=a&password=***&x=1"
        );
        assert_eq!(masked("sqlite:peyvand-data/city.db"), "sqlite:peyvand-data/city.db");
        assert_eq!(masked("127.0.0.1:8137"), "127.0.0.1:8137");
    }
}
