//! How a gateway calls us back: with reports of what became of a message, and with what people text.

mod proof; // does whoever calls back belong to the gateway

use serde::Deserialize;

use crate::settings::Secret;

/// A gateway that calls us back, as the settings describe it.
#[derive(Debug, Clone, Copy)]
pub struct CalledBack<'s> {
    /// Which city its inbound messages are for, by code; the first one without it.
    pub jurisdiction: &'s str,
    pub report: Option<&'s Report>,
    pub inbound: Option<&'s Inbound>,
}

/// How its delivery reports look.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Report {
    pub proof: Proof,
    /// Where the message is named, and where its state is.
    pub id: String,
    pub status: String,
    pub delivered: Vec<String>,
    pub undelivered: Vec<String>,
}

/// How its inbound messages look.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Inbound {
    pub proof: Proof,
    /// Where the message is named. Without one, sender, text and time are the name.
    pub id: String,
    pub from: String,
    pub text: String,
    /// Where the time stands, for naming only.
    pub time: String,
}

/// How a caller proves to be the gateway. One of the two is needed; without any nothing is believed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Proof {
    /// A secret that the caller sends in this header, or in the parameter `secret` of the address.
    pub header: String,
    pub secret: Secret,
    /// HMAC-SHA-256 of the body under this key, in `header` as hexadecimal, behind `prefix` where there is one.
    pub hmac: Secret,
    pub prefix: String,
    /// The header in which the caller says when it calls, in seconds since 1970. With it the HMAC is over this number, a
    /// full stop, and the body, and a call whose time is not near ours is not believed.
    pub time: String,
    /// How many seconds its time may be before or after ours; [`WITHIN`] without it.
    pub within: Option<i64>,
}

/// A call that is older, or comes from so far in the future, is somebody else's copy.
pub const WITHIN: i64 = 300;

/// What a call shows of itself.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The value of [`Proof::header`], or of the parameter `secret` of the address.
    pub proof: &'a str,
    /// The value of [`Proof::time`].
    pub time: &'a str,
    pub body: &'a [u8],
}
