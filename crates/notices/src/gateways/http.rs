//! An SMS provider, described by its settings: where to ask, what to say, and how to read the answer.
//!
//! A body is a template with the names of [`NAMES`] and nothing else is replaced. Each value is written as the body's
//! form needs it, so that no text of a person can leave its place.

use std::io::Read;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::Value;
use ureq::http;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::callback::{Inbound, Report};
use crate::gateway::{Gateway, Message, Outcome};
use crate::settings::Secret;

/// `{to}` E.164, `{to_plain}` without its plus, `{to_local}` as it is dialled at home, `{text}`, `{key}` the same for the
/// same message, `{from}` and `{token}` from the settings.
pub const NAMES: [&str; 7] = ["to", "to_plain", "to_local", "text", "key", "from", "token"];

/// An answer longer than this is cut.
const MOST_ANSWER: u64 = 64 * 1024;

/// `kind = "http"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    pub name: String,
    pub url: String,
    pub method: String,
    pub headers: Vec<(String, Secret)>,
    /// User and password of basic authentication.
    pub basic: Option<(String, Secret)>,
    pub body: String,
    /// How values are written into the body.
    pub format: Format,
    pub from: String,
    pub token: Secret,
    pub success: Success,
    /// Statuses with which it refuses this message for ever.
    pub refused: Vec<u16>,
    /// Where the answer says its name of the message, such as `messages.0.id`; `.` is the whole answer.
    pub id: String,
    /// What one part costs, in the smallest unit of money.
    pub cost: i64,
    pub timeout_ms: u64,
    /// A file of certificates (PEM) to trust instead of the usual ones.
    pub ca_file: String,
    /// An address such as `http://proxy.example:3128`.
    pub proxy: String,
    /// Which city its inbound messages are for, by code; the first one without it.
    pub jurisdiction: String,
    pub report: Option<Report>,
    pub inbound: Option<Inbound>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            name: String::new(),
            url: String::new(),
            method: "POST".into(),
            headers: Vec::new(),
            basic: None,
            body: String::new(),
            format: Format::Json,
            from: String::new(),
            token: Secret::default(),
            success: Success::default(),
            refused: Vec::new(),
            id: String::new(),
            cost: 0,
            timeout_ms: 15_000,
            ca_file: String::new(),
            proxy: String::new(),
            jurisdiction: String::new(),
            report: None,
            inbound: None,
        }
    }
}

/// How values are written into a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// As JSON strings with their quotes: `{"to": {to}}`.
    Json,
    /// Percent-encoded: `to={to}&text={text}`.
    Form,
}

/// When an answer means that the message was taken: the status is right, and so is what `path` finds.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Success {
    pub status: Vec<u16>,
    /// A place in the answer, such as `result.status`; `.` is the whole answer. Empty: the status is enough.
    pub path: String,
    /// What may stand there.
    pub equals: Vec<String>,
    /// Or the smallest number that may: many providers answer a message's number, or a negative one for an error.
    pub least: Option<i64>,
}

impl Default for Success {
    fn default() -> Self {
        Success { status: vec![200, 201, 202], path: String::new(), equals: Vec::new(), least: None }
    }
}

pub(crate) struct Http {
    settings: Settings,
    agent: ureq::Agent,
}

impl Http {
    pub(crate) fn open(settings: Settings) -> Result<Http, String> {
        if !(settings.url.starts_with("https://") || settings.url.starts_with("http://")) {
            return Err(format!("url begins with https:// or http://, not {:?}", settings.url));
        }
        if !matches!(settings.method.as_str(), "GET" | "POST" | "PUT") {
            return Err(format!("method is GET, POST or PUT, not {:?}", settings.method));
        }
        let templates =
            [&settings.url, &settings.body].into_iter().chain(settings.headers.iter().map(|(_, v)| &v.0));
        for template in templates {
            for (_, name) in pieces(template) {
                if name.is_some_and(|name| !NAMES.contains(&name)) {
                    return Err(format!("there is no placeholder {{{}}}", name.unwrap_or_default()));
                }
            }
        }
        let mut config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_millis(settings.timeout_ms)))
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None);
        if !settings.proxy.is_empty() {
            let proxy = ureq::Proxy::new(&settings.proxy).map_err(|error| format!("proxy: {error}"))?;
            config = config.proxy(Some(proxy));
        }
        if !settings.ca_file.is_empty() {
            let pem =
                std::fs::read(&settings.ca_file).map_err(|error| format!("{}: {error}", settings.ca_file))?;
            let known =
                Certificate::from_pem(&pem).map_err(|error| format!("{}: {error}", settings.ca_file))?;
            let tls = TlsConfig::builder().root_certs(RootCerts::new_with_certs(&[known]));
            config = config.tls_config(tls.build());
        }
        Ok(Http { agent: config.build().into(), settings })
    }

    fn ask(&self, message: &Message) -> Result<http::Request<String>, String> {
        let s = &self.settings;
        // Values in an address are always percent-encoded; in a header they stand as they are, cleaned of line breaks.
        let url = filled(&s.url, |name| encoded(&value(s, message, name)));
        let mut ask = http::Request::builder().method(s.method.as_str()).uri(url);
        let mut has_type = false;
        for (name, template) in &s.headers {
            let text = filled(&template.0, |name| value(s, message, name).replace(['\r', '\n'], " "));
            has_type |= name.eq_ignore_ascii_case("content-type");
            ask = ask.header(name, text);
        }
        if let Some((user, password)) = &s.basic {
            use base64::Engine as _;
            let both = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{}", password.0));
            ask = ask.header("authorization", format!("Basic {both}"));
        }
        if !has_type && s.method != "GET" {
            let kind = match s.format {
                Format::Json => "application/json; charset=utf-8",
                Format::Form => "application/x-www-form-urlencoded; charset=utf-8",
            };
            ask = ask.header("content-type", kind);
        }
        let body = filled(&s.body, |name| {
            let value = value(s, message, name);
            match s.format {
                Format::Json => Value::String(value).to_string(),
                Format::Form => encoded(&value),
            }
        });
        ask.body(body).map_err(|error| error.to_string())
    }
}

impl Gateway for Http {
    fn send(&self, message: &Message) -> Outcome {
        let ask = match self.ask(message) {
            Ok(ask) => ask,
            Err(why) => return Outcome::failed(why),
        };
        let answered =
            if self.settings.method == "GET" { self.agent.run(ask.map(|_| ())) } else { self.agent.run(ask) };
        let answer = match answered {
            Ok(answer) => answer,
            Err(error) if never_left(&error) => return Outcome::failed(error),
            Err(error) => return Outcome::lost(error),
        };
        let status = answer.status().as_u16();
        let mut text = String::new();
        let read = answer.into_body().into_reader().take(MOST_ANSWER).read_to_string(&mut text);
        if let Err(error) = read
            && self.settings.success.status.contains(&status)
        {
            return Outcome::lost(error);
        }
        judge(&self.settings, status, &text)
    }
}

/// Errors before the first byte of the question went out.
fn never_left(error: &ureq::Error) -> bool {
    use ureq::Timeout;
    match error {
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed | ureq::Error::BadUri(_) => true,
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::InvalidProxyUrl => true,
        ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => true,
        ureq::Error::Io(error) => error.kind() == std::io::ErrorKind::ConnectionRefused,
        _ => false,
    }
}

/// What an answer means.
fn judge(settings: &Settings, status: u16, text: &str) -> Outcome {
    let short = |text: &str| text.chars().take(120).collect::<String>();
    if settings.refused.contains(&status) {
        return Outcome::Refused { why: format!("{status}: {}", short(text)) };
    }
    let success = &settings.success;
    if !success.status.contains(&status) {
        return Outcome::failed(format_args!("{status}: {}", short(text)));
    }
    if !success.path.is_empty() {
        let said = found(text, &success.path).unwrap_or_default();
        let equal = success.equals.contains(&said);
        let enough =
            success.least.is_some_and(|least| said.parse::<i64>().is_ok_and(|number| number >= least));
        if !equal && !enough {
            return Outcome::failed(format_args!("{} says {:?}", success.path, short(&said)));
        }
    }
    Outcome::Sent { id: found(text, &settings.id).filter(|id| !id.is_empty()) }
}

/// What stands at a place of an answer: `a.0.b` in JSON, `.` for the whole text. Numbers and truths as they are written.
pub fn found(text: &str, path: &str) -> Option<String> {
    match path {
        "" => None,
        "." => Some(text.trim().to_owned()),
        path => at(&serde_json::from_str(text).ok()?, path),
    }
}

/// [`found`] in what was read already.
pub fn at(whole: &Value, path: &str) -> Option<String> {
    let mut here = whole;
    for step in path.split('.') {
        here = match here {
            Value::Array(all) => all.get(step.parse::<usize>().ok()?)?,
            other => other.get(step)?,
        };
    }
    match here {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn value(settings: &Settings, message: &Message, name: &str) -> String {
    let plain = message.to.strip_prefix('+').unwrap_or(&message.to);
    match name {
        "to" => message.to.clone(),
        "to_plain" => plain.to_owned(),
        "to_local" => match plain.strip_prefix("98") {
            Some(national) if national.len() == 10 => format!("0{national}"),
            _ => format!("00{plain}"),
        },
        "text" => message.text.clone(),
        "key" => message.key.clone(),
        "from" => settings.from.clone(),
        "token" => settings.token.0.clone(),
        _ => String::new(),
    }
}

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

fn filled(template: &str, value: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(template.len() + 128);
    for (before, name) in pieces(template) {
        out.push_str(before);
        if let Some(name) = name {
            out.push_str(&value(name));
        }
    }
    out
}

/// Text and the placeholder behind it, in turn. Braces around anything but a small word are text: JSON is full of them.
fn pieces(template: &str) -> Vec<(&str, Option<&str>)> {
    let mut all = Vec::new();
    let (mut start, mut from) = (0, 0);
    while let Some(open) = template.get(from..).and_then(|rest| rest.find('{')).map(|at| at + from) {
        let inside = template.get(open + 1..).unwrap_or("");
        let name = inside.split('}').next().unwrap_or("");
        let is_name = inside.len() > name.len()
            && !name.is_empty()
            && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        if is_name {
            all.push((template.get(start..open).unwrap_or(""), Some(name)));
            start = open + name.len() + 2;
            from = start;
        } else {
            from = open + 1;
        }
    }
    all.push((template.get(start..).unwrap_or(""), None));
    all
}

#[cfg(test)]
mod tests;
