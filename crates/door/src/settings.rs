//! What the operator decides about the doors.

use std::time::Duration;

use serde::Deserialize;

use crate::client::Network;

/// The part of `peyvand.toml` that is about being reached.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The address people know, such as `https://137.example.ir`, without a slash at the end. Links in feeds and
    /// answers begin with it. Without it they begin with the path.
    pub public_url: Option<String>,
    /// Address and port to listen on.
    pub listen: String,
    /// Proxies whose `X-Forwarded-For` is believed: addresses or networks such as `10.0.0.0/8`.
    pub trusted_proxies: Vec<Network>,
    /// Whether one address may only ask so often. Off for measurements and behind a proxy that does it.
    pub rate_limits: bool,
    /// Connections at one time; more wait to be accepted.
    pub connections: usize,
    /// The key for [`people::Seal`], from a file that the operator guards. Never from `peyvand.toml`.
    #[serde(skip)]
    pub seal: Option<people::Seal>,
    /// Whether staff need a second factor besides their password. Off only where everybody may know the passwords
    /// anyway, such as in the demo.
    #[serde(skip)]
    pub second_factor: bool,
    /// The organisation's own sign-on for staff, `[oidc]`.
    pub oidc: Option<std::sync::Arc<Oidc>>,
    /// The telephone exchange, `[telephone]`.
    pub telephone: std::sync::Arc<Telephone>,
    /// Milliseconds within which a request's header must have come.
    pub header_timeout_ms: u64,
    /// The ways out to people; gateways that call back prove themselves by what stands here.
    #[serde(skip)]
    pub notices: std::sync::Arc<notices::Settings>,
}

/// `[oidc]`: where the organisation's staff sign in with the account they have anyway.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    /// The provider's own name for itself, exactly as it writes it: `https://sign-on.example.ir`.
    pub issuer: String,
    pub client_id: String,
    /// A file that holds the secret and nothing else; it is read at every sign-in, so it can be renewed.
    pub client_secret_file: Option<std::path::PathBuf>,
    /// What the button says, in each language.
    pub name_fa: String,
    pub name_en: String,
    /// Only sign-ons of one of these strengths (`acr`) are taken. With none listed the provider is trusted to ask for
    /// a second factor itself.
    #[serde(default)]
    pub acr_values: Vec<String>,
}

/// `[telephone]`: an exchange that signs what it tells instead of carrying a key.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Telephone {
    /// Which city its calls are of, by code; the first one without it.
    pub jurisdiction: String,
    /// The signature; only one by HMAC with a time is taken.
    pub proof: notices::callback::Proof,
}

impl Telephone {
    /// Whether the operator set a signature up, wholly.
    pub fn is_set(&self) -> bool {
        let proof = &self.proof;
        !proof.hmac.0.is_empty() && !proof.header.is_empty() && !proof.time.is_empty()
    }
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            public_url: None,
            listen: "127.0.0.1:8137".into(),
            trusted_proxies: Vec::new(),
            rate_limits: true,
            connections: 10_000,
            seal: None,
            second_factor: true,
            oidc: None,
            telephone: Default::default(),
            header_timeout_ms: 10_000,
            notices: Default::default(),
        }
    }
}

impl Settings {
    pub fn header_timeout(&self) -> Duration {
        Duration::from_millis(self.header_timeout_ms)
    }

    /// Whether people reach the city by an encrypted connection.
    pub fn is_https(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}
