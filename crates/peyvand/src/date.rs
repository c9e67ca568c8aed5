//! A date in both calendars, in numbers and in words.

use std::process::ExitCode;

use anyhow::Result;
use calendar::words::{self, CalendarKind};
use calendar::{Day, Jalali};
use language::Lang;

use crate::end::{say, wrong};

pub fn say(typed: &str, gregorian: bool) -> Result<ExitCode> {
    let day = if gregorian {
        Day::parse_gregorian(typed).map_err(|e| wrong!("{typed} is no Gregorian date: {e}"))?
    } else {
        Jalali::parse(typed).map_err(|e| wrong!("{typed} is no Jalali date: {e}"))?.to_day()
    };
    say!("{} Jalali", day.jalali());
    say!("{day} Gregorian");
    for lang in Lang::ALL {
        let other = CalendarKind::of(lang).other();
        say!("{} · {}", words::date(lang, day), words::short_date_in(lang, other, day));
    }
    Ok(ExitCode::SUCCESS)
}
