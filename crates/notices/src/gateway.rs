//! What every way out has in common: a message goes in, one of three answers comes out.

/// The ways to reach a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Channel {
    Sms,
    Email,
    Push,
}

impl Channel {
    pub const ALL: [Channel; 3] = [Channel::Sms, Channel::Email, Channel::Push];

    /// The stored spelling.
    pub const fn code(self) -> &'static str {
        match self {
            Channel::Sms => "sms",
            Channel::Email => "email",
            Channel::Push => "push",
        }
    }

    pub fn parse(code: &str) -> Option<Channel> {
        Channel::ALL.into_iter().find(|channel| channel.code() == code)
    }
}

/// What a gateway is handed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The same key is the same message: a gateway that knows keys sends it once, however often it is asked.
    pub key: String,
    pub channel: Channel,
    /// E.164, an e-mail address, or a browser's subscription as JSON.
    pub to: String,
    /// Of letters only.
    pub subject: String,
    pub text: String,
    pub template: String,
    pub lang: language::Lang,
    /// When it is handed over.
    pub at: calendar::Timestamp,
}

/// How a sending went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The gateway took it, under a name of its own where it gave one.
    Sent { id: Option<String> },
    /// It will never take this message: no such number, blocked, malformed.
    Refused { why: String },
    /// It could not now. `maybe_sent` when the answer was lost, so that the message may have left.
    Failed { why: String, maybe_sent: bool },
}

impl Outcome {
    /// It certainly did not leave.
    pub fn failed(why: impl std::fmt::Display) -> Outcome {
        Outcome::Failed { why: why.to_string(), maybe_sent: false }
    }

    /// It may have left.
    pub fn lost(why: impl std::fmt::Display) -> Outcome {
        Outcome::Failed { why: why.to_string(), maybe_sent: true }
    }
}

/// A way out. It blocks, within a time-out of its own, and is called from the sender's threads only.
pub trait Gateway: Send + Sync {
    fn send(&self, message: &Message) -> Outcome;
}

/// A gateway with its name and its place in the order.
pub struct Named {
    pub name: String,
    pub channel: Channel,
    /// What one part costs, in the smallest unit of money that the city counts in.
    pub cost: i64,
    pub gateway: Box<dyn Gateway>,
}

/// All gateways, the preferred first, and whether they keep the city's quiet hours.
pub struct Gateways {
    pub all: Vec<Named>,
    pub quiet_hours: bool,
}

impl Gateways {
    pub fn by_name(&self, name: &str) -> Option<&Named> {
        self.all.iter().find(|gateway| gateway.name == name)
    }

    pub fn of(&self, channel: Channel) -> impl Iterator<Item = &Named> {
        self.all.iter().filter(move |gateway| gateway.channel == channel)
    }
}
