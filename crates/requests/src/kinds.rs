//! The five kinds of message, how urgent one is, and the way it came.

/// An enum whose values have a code that is stored, sent and shown as a message key.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant),+ }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The stored spelling.
            pub const fn code(self) -> &'static str {
                match self { $($name::$variant => $code),+ }
            }

            pub fn parse(code: &str) -> Option<Self> {
                match code { $($code => Some($name::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use coded;

coded! {
    /// What sort of thing a person says to the city.
    Kind {
        Request = "request",
        Complaint = "complaint",
        Criticism = "criticism",
        Suggestion = "suggestion",
        Appreciation = "appreciation",
    }
}

coded! {
    /// How soon it matters. Chosen by triage questions, never by a bare check box.
    Priority { Normal = "normal", Urgent = "urgent", Emergency = "emergency" }
}

coded! {
    /// The way a message came in.
    Channel {
        Web = "web",
        Open311 = "open311",
        Api = "api",
        Phone = "phone",
        Sms = "sms",
        WalkIn = "walk-in",
        Messenger = "messenger",
        Import = "import",
    }
}
