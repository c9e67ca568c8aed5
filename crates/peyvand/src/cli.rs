//! What may be typed: the verbs, their words and their help.

use std::collections::HashMap;
use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

/// Serves a city's 137 line: people report, the city answers, everybody can see.
#[derive(Debug, Parser)]
#[command(name = "peyvand", version, max_term_width = 100, after_help = AFTER)]
pub struct Cli {
    #[command(flatten)]
    pub options: Options,
    #[command(subcommand)]
    pub command: Command,
}

const AFTER: &str = "First steps:
  peyvand demo                       a whole city from nothing, at http://127.0.0.1:8137
  peyvand city load my-city          load a city pack: a folder of files
  peyvand serve                      open the line

Settings come from peyvand.toml in the data folder, then PEYVAND_* in the environment, then these flags.
`peyvand settings` prints what is in force and why.";

/// Settings that every verb takes. What stays empty here is looked up in the file.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Settings")]
pub struct Options {
    /// Folder for the database, the photos and peyvand.toml; made when it is missing [default: ./peyvand-data]
    #[arg(long, global = true, env = "PEYVAND_DATA", value_name = "DIR", hide_env_values = true)]
    pub data: Option<PathBuf>,
    /// Settings file [default: peyvand.toml in the data folder]
    #[arg(long, global = true, env = "PEYVAND_CONFIG", value_name = "FILE", hide_env_values = true)]
    pub config: Option<PathBuf>,
    /// Where the rows are: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME [default: city.db in the data folder]
    #[arg(long, global = true, env = "PEYVAND_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
    /// Address and port of the pages [default: 127.0.0.1:8137]
    #[arg(long, global = true, env = "PEYVAND_LISTEN", value_name = "ADDR:PORT", hide_env_values = true)]
    pub listen: Option<String>,
    /// Address and port of /metrics, or "off" [default: 127.0.0.1:9137]
    #[arg(
        long,
        global = true,
        env = "PEYVAND_METRICS_LISTEN",
        value_name = "ADDR:PORT",
        hide_env_values = true
    )]
    pub metrics_listen: Option<String>,
    /// The address people know, such as https://137.example.ir, for links in feeds and messages
    #[arg(long, global = true, env = "PEYVAND_PUBLIC_URL", value_name = "URL", hide_env_values = true)]
    pub public_url: Option<String>,
    /// Whether one address may only ask so often: on or off [default: on]
    #[arg(long, global = true, env = "PEYVAND_RATE_LIMITS", value_name = "on|off", hide_env_values = true)]
    pub rate_limits: Option<String>,
    /// Proxies whose X-Forwarded-For is believed, separated by commas: 10.0.0.0/8,::1
    #[arg(
        long,
        global = true,
        env = "PEYVAND_TRUSTED_PROXIES",
        value_name = "NETWORKS",
        hide_env_values = true
    )]
    pub trusted_proxies: Option<String>,
    /// How much to log: error, warn, info, debug, trace, or per part: info,storage=debug [default: info]
    #[arg(long, global = true, env = "PEYVAND_LOG", value_name = "LEVEL", hide_env_values = true)]
    pub log: Option<String>,
    /// How to log: text or json [default: text]
    #[arg(long, global = true, env = "PEYVAND_LOG_FORMAT", value_name = "FORMAT", hide_env_values = true)]
    pub log_format: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open the line: serve the pages and the programming interface
    Serve,
    /// Build a demonstration city from nothing and serve it
    Demo(Demo),
    /// Load city packs, and list the cities that are there
    City {
        #[command(subcommand)]
        verb: CityVerb,
    },
    /// Bring in records from elsewhere
    Import {
        #[command(subcommand)]
        what: ImportWhat,
    },
    /// Write records out as a table
    Export {
        #[command(subcommand)]
        what: ExportWhat,
    },
    /// Verify the database, the journal's chain, the files and the figures
    Check {
        #[command(subcommand)]
        what: Option<CheckWhat>,
    },
    /// Copy everything into a new folder while the city goes on working
    Backup {
        /// An empty or absent folder
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
    /// Put a backup back where there is no city yet
    Restore {
        /// A folder that `peyvand backup` made
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
    /// Copy the city into another database, for example from SQLite to PostgreSQL. Stop `serve` before
    Move {
        /// The empty database to fill: sqlite:PATH or postgres://...
        #[arg(long, value_name = "URL")]
        to: String,
    },
    /// Make, list and revoke keys for programs that write through the interface
    Key {
        #[command(subcommand)]
        verb: KeyVerb,
    },
    /// Open a service to new requests, or close it
    Service {
        #[command(subcommand)]
        verb: ServiceVerb,
    },
    /// Look after the accounts of staff: who may sign in, and in which roles
    User {
        #[command(subcommand)]
        verb: UserVerb,
    },
    /// Say where travel times of crews come from: a map, a matrix, trails of crews
    Roads {
        #[command(subcommand)]
        verb: crate::roads::RoadsVerb,
    },
    /// Print the settings in force and where each comes from
    Settings,
    /// Look at text the way search does
    Text {
        #[command(subcommand)]
        verb: TextVerb,
    },
    /// Say a date in both calendars
    Date {
        /// A Jalali date such as 1404-01-01, in Persian or Latin digits
        #[arg(value_name = "DATE")]
        date: String,
        /// DATE is Gregorian, such as 2025-03-21
        #[arg(long)]
        gregorian: bool,
    },
    /// Count the ballots of a file: winners in order of selection, one id a line, and what they cost
    Tally(crate::tally::Tally),
    /// Plan a day of crews from a file: who does what, in which order
    Plan {
        /// Solomon, Homberger or VRPLIB text, or our own JSON
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// How FILE is written [default: what it looks like]
        #[arg(long, value_enum)]
        format: Option<crate::plan::Format>,
        /// How long to search
        #[arg(long, default_value_t = 1.0, value_name = "S")]
        seconds: f64,
        /// The same seed and number of steps give the same plan
        #[arg(long, default_value_t = 1, value_name = "N")]
        seed: u64,
        /// Print a document instead of lines
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub struct Demo {
    /// A small city: about 2,000 requests instead of 70,000, for tests
    #[arg(long)]
    pub small: bool,
    /// Build only; do not serve afterwards
    #[arg(long)]
    pub no_serve: bool,
    /// Other made-up requests: the same number makes the same city on the same day
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<u64>,
}

#[derive(Debug, Subcommand)]
pub enum CityVerb {
    /// Load a city pack, or renew a city from a newer edition of its pack
    Load {
        /// A folder with a city.toml, or the name of a pack inside the program (see `city list`)
        #[arg(value_name = "FOLDER|NAME")]
        pack: String,
    },
    /// List the cities in the database and the packs inside the program
    List,
}

#[derive(Debug, Subcommand)]
pub enum ImportWhat {
    /// Import requests from a CSV file, as a mapping file reads it. It can be repeated: what is there already is left
    Requests(Import),
}

#[derive(Debug, Args)]
pub struct Import {
    /// A CSV file with a header, plain or compressed with zstd (.zst)
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Only the rows of this city; without it, the rows of every city that is loaded
    #[arg(long, short, value_name = "CITY")]
    pub jurisdiction: Option<String>,
    /// How the columns are read: a mapping file, or the name of one inside the program (maps/requests_unified.toml)
    #[arg(long, value_name = "MAP")]
    pub map: String,
    /// Where rows that were refused or mended are written [default: rejects/FILE.csv in the data folder]
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum ExportWhat {
    /// Write all requests of a city, newest first. Nobody who reported is named
    Requests(Export),
}

#[derive(Debug, Args)]
pub struct Export {
    /// The city; may be left out when there is only one
    #[arg(long, short, value_name = "CITY")]
    pub jurisdiction: Option<String>,
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    pub format: Format,
    /// The file to write [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Include requests that are not public
    #[arg(long)]
    pub private: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A table with a header
    Csv,
    /// One JSON object in each line
    Jsonl,
}

#[derive(Debug, Subcommand)]
pub enum KeyVerb {
    /// Make a key and print it; it cannot be shown again
    Make(MakeKey),
    /// List keys; their texts are not stored
    List {
        /// The city; without it all of them
        #[arg(long, short, value_name = "CITY")]
        jurisdiction: Option<String>,
    },
    /// Take a key's rights away at once
    Revoke {
        /// The number of the key in `key list`
        #[arg(value_name = "ID")]
        id: i64,
        /// The city; may be left out when there is only one
        #[arg(long, short, value_name = "CITY")]
        jurisdiction: Option<String>,
    },
}

#[derive(Debug, Args)]
pub struct MakeKey {
    /// Who will use it, for the list
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// What it may do: sender (reports through Open311), operator, unit-member, unit-manager, supervisor, administrator
    #[arg(long, value_name = "ROLE", default_value = "sender")]
    pub role: String,
    /// The unit of a unit-member or unit-manager, by its code
    #[arg(long, value_name = "CODE")]
    pub unit: Option<String>,
    /// Narrows the role: requests, read, work, calls, import, manage, with commas between [default: whatever the role may]
    #[arg(long, value_name = "LIST", default_value = "", hide_default_value = true)]
    pub scopes: String,
    /// Calls that it may make in a minute [default: as many as any address]
    #[arg(long, value_name = "NUMBER")]
    pub per_minute: Option<i64>,
    /// The city; may be left out when there is only one
    #[arg(long, short, value_name = "CITY")]
    pub jurisdiction: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum CheckWhat {
    /// Print who may do what, how far, and what every page needs
    Permissions,
}

pub use crate::services::ServiceVerb;
pub use crate::user::words::UserVerb;

#[derive(Debug, Subcommand)]
pub enum TextVerb {
    /// Read lines from standard input and print the search tokens of each, one line for each line
    Fold,
}

/// Where the value of each setting was given: `data` → command line or environment.
pub type From = HashMap<String, &'static str>;

/// Reads the command line. Ends the program, as clap does, when it makes no sense or asks for help.
pub fn read() -> (Cli, From) {
    let matches = Cli::command().get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|e| e.exit());
    let mut deepest: &ArgMatches = &matches;
    while let Some((_, below)) = deepest.subcommand() {
        deepest = below;
    }
    let from = deepest
        .ids()
        .filter_map(|id| {
            let source = match deepest.value_source(id.as_str())? {
                ValueSource::CommandLine => "command line",
                ValueSource::EnvVariable => "environment",
                _ => return None,
            };
            Some((id.as_str().to_owned(), source))
        })
        .collect();
    (cli, from)
}
