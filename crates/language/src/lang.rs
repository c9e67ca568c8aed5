//! The two languages the program speaks.

use serde::{Deserialize, Serialize};

/// A language of the program. Persian comes first and is what an unknown visitor gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Persian, written from right to left, with Persian digits and the Jalali calendar.
    #[default]
    Fa,
    /// English, written from left to right, with ASCII digits and the Gregorian calendar.
    En,
}

/// The direction a language is written in, as the HTML `dir` attribute says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    RightToLeft,
    LeftToRight,
}

impl Lang {
    /// Both languages, Persian first.
    pub const ALL: [Lang; 2] = [Lang::Fa, Lang::En];

    /// The BCP 47 code, as in `<html lang>` and in the names of the folders under `locales/`.
    pub const fn code(self) -> &'static str {
        match self {
            Lang::Fa => "fa",
            Lang::En => "en",
        }
    }

    /// The language of a code such as `fa`, `fa-IR` or `EN`; none when the program does not speak it.
    pub fn from_code(code: &str) -> Option<Lang> {
        let primary = code.split(['-', '_']).next().unwrap_or(code);
        Lang::ALL.into_iter().find(|lang| primary.eq_ignore_ascii_case(lang.code()))
    }

    /// The value of the HTML `dir` attribute: `rtl` or `ltr`.
    pub const fn dir(self) -> &'static str {
        match self {
            Lang::Fa => "rtl",
            Lang::En => "ltr",
        }
    }

    /// The direction the language is written in.
    pub const fn direction(self) -> Direction {
        match self {
            Lang::Fa => Direction::RightToLeft,
            Lang::En => Direction::LeftToRight,
        }
    }

    /// The language a language switch offers.
    pub const fn other(self) -> Lang {
        match self {
            Lang::Fa => Lang::En,
            Lang::En => Lang::Fa,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_with_a_region_still_names_its_language() {
        assert_eq!(Lang::from_code("fa-IR"), Some(Lang::Fa));
        assert_eq!(Lang::from_code("EN"), Some(Lang::En));
        assert_eq!(Lang::from_code("ckb"), None);
        assert_eq!(Lang::from_code(""), None);
    }
}
