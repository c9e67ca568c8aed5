//! Everything the program says to people, from `locales/`, checked when the program is built.
//!
//! `Words(lang).requests_new_title()` is the message `requests-new-title`: '-' becomes '_'. Arguments stand in
//! alphabetical order. See `language::catalogue` for how the files become these functions.

pub use language::Lang;

include!(concat!(env!("OUT_DIR"), "/words.rs"));

impl From<Lang> for Words {
    fn from(lang: Lang) -> Self {
        Words(lang)
    }
}

#[cfg(test)]
mod tests;
