//! Enums with a stored spelling.

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

/// A row whose code this program does not know.
pub(crate) fn known<T>(found: Option<T>, what: &str) -> storage::Result<T> {
    found.ok_or_else(|| storage::Error::corrupt(format_args!("an unknown {what}")))
}

/// JSON of our own making.
pub(crate) fn json(value: &impl serde::Serialize) -> storage::Result<String> {
    serde_json::to_string(value).map_err(storage::Error::corrupt)
}
