//! `peyvand`: one program that serves a city's line, and the verbs that look after it.
//!
//! Every verb has a file of its own. Settings come from `peyvand.toml`, the environment and the command line, in
//! that order; see [`settings`]. What a verb has to say goes to standard output, the log to standard error. It ends
//! with 0 when all is well, 1 when the machine failed, 2 when what was asked for cannot be, 3 when part of an
//! import was refused.

mod backup; // backup, restore, move
mod check; // does everything still agree
mod cities; // city load, city list; the packs inside the program
mod cli; // what may be typed
mod date; // both calendars
mod demo; // a year of a city, made from nothing
mod end; // how a verb ends badly
mod export; // requests as a table
mod house; // the database and the files, opened
mod import; // tables of requests from elsewhere
mod keys; // programs that may write
mod logs; // where the log goes
mod measure; // numbers for the operator, on a listener of their own
mod notices; // the threads that send
mod permissions; // who may do what, as a table
mod plan; // a day's plan from a file
mod progress; // bars on long work
mod replan; // days are planned again while they go on
mod roads; // maps, matrices, routing services
mod serve; // the city is open
mod services; // open to new requests, or closed
mod settings; // what the operator decided, and where
mod studies; // what the worker learns for the city
mod sweep; // photos that belong to nothing
mod tally; // ballots of a file, counted
mod text; // what search sees of a text
mod user; // accounts of staff
mod worker; // what happens between requests

use std::process::ExitCode;

use cli::{CheckWhat, CityVerb, Command, ExportWhat, ImportWhat, KeyVerb, TextVerb};
use settings::Settings;

#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => end::badly(&error),
    }
}

fn run() -> anyhow::Result<ExitCode> {
    let (cli, from) = cli::read();
    // These need neither a folder nor a database.
    match &cli.command {
        Command::Text { verb: TextVerb::Fold } => return text::fold(),
        Command::Date { date, gregorian } => return date::say(date, *gregorian),
        Command::Plan { file, format, seconds, seed, json } => {
            return plan::run(file, *format, *seconds, *seed, *json);
        }
        Command::Tally(tally) => return tally::run(tally),
        Command::Check { what: Some(CheckWhat::Permissions) } => return permissions::say(),
        _ => {}
    }
    let settings = Settings::read(&cli.options, &from)?;
    logs::begin(&settings)?;
    match cli.command {
        Command::Serve => serve::run(settings),
        Command::Demo(wishes) => demo::run(settings, &wishes),
        Command::City { verb: CityVerb::Load { pack } } => cities::load(&settings, &pack),
        Command::City { verb: CityVerb::List } => cities::list(&settings),
        Command::Import { what: ImportWhat::Requests(wishes) } => import::run(&settings, &wishes),
        Command::Export { what: ExportWhat::Requests(wishes) } => export::run(&settings, &wishes),
        Command::Check { what: None } => check::run(&settings),
        Command::Check { what: Some(_) } => Ok(ExitCode::SUCCESS),
        Command::Service { verb } => services::run(&settings, verb),
        Command::User { verb } => user::run(&settings, verb),
        Command::Backup { folder } => backup::make(&settings, &folder),
        Command::Restore { folder } => backup::restore(&settings, &folder),
        Command::Move { to } => backup::move_to(&settings, &to),
        Command::Key { verb: KeyVerb::Make(wishes) } => keys::make(&settings, &wishes),
        Command::Key { verb: KeyVerb::List { jurisdiction } } => {
            keys::list(&settings, jurisdiction.as_deref())
        }
        Command::Key { verb: KeyVerb::Revoke { id, jurisdiction } } => {
            keys::revoke(&settings, id, jurisdiction.as_deref())
        }
        Command::Roads { verb } => roads::run(&settings, verb),
        Command::Settings => settings.print(),
        Command::Text { .. } | Command::Date { .. } | Command::Plan { .. } | Command::Tally(_) => {
            Ok(ExitCode::SUCCESS)
        }
    }
}
