//! Load and size, measured: each table ends in a ratio to a baseline or a limit of the same run.
//!
//! `cargo xtask bench` runs them all. Numbers of a shared machine are noise; ratios of one run are not.

mod create; // durable creates through HTTP against raw group-commit inserts of the same rows
mod data; // a city with many requests
mod day; // a simulated day of crews
mod http; // a small client that keeps its connections
mod import; // rows a second brought in
mod insert; // one urgent job into a running day, and a district planned again
mod pages; // pages a second, time to ready, memory
mod plan; // crews, beside other engines
mod positions; // where crews are, on every board
mod python; // other people's engines, as oracles
mod queries; // boxes, tiles and words over a million requests
mod server; // the program itself, as a child
mod storm; // a storm, replayed against the program with open screens
mod suggest; // services for words that were held back, against scikit-learn
mod table; // how results are shown
mod tally;
mod voting; // a voting storm through HTTP, one ballot per person // ballots into winners, beside pabutools and what cities decided

use std::path::PathBuf;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Measures Peyvand against named baselines; run with --release")]
struct Cli {
    /// Where the measured databases are kept between runs.
    #[arg(long, default_value = "target/benches")]
    data: PathBuf,
    /// How many requests the large city has.
    #[arg(long, default_value_t = 1_000_000)]
    requests: u64,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Make the large city.
    Fill,
    /// Durable creates through HTTP, against raw inserts of the same rows.
    Create {
        #[arg(long, default_value_t = 8)]
        seconds: u64,
    },
    /// Request page and list page; time to ready; memory.
    Pages {
        #[arg(long, default_value_t = 8)]
        seconds: u64,
    },
    /// Boxes with filters, tiles at every zoom, Persian words.
    Queries {
        #[arg(long, default_value_t = 300)]
        times: usize,
    },
    /// Rows a second brought in.
    Import,
    /// A storm with 150 open screens. The full form is `--messages 266000 --seconds 600`.
    Storm {
        #[arg(long, default_value_t = 26_600)]
        messages: usize,
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        #[arg(long, default_value_t = 150)]
        screens: usize,
        #[arg(long, default_value_t = 1401)]
        seed: u64,
    },
    /// Plans of crews, beside PyVRP, OR-Tools and VROOM.
    Plan {
        /// A folder of Solomon and Homberger files.
        #[arg(long)]
        instances: Option<PathBuf>,
        /// How long each engine may search.
        #[arg(long, value_delimiter = ',', default_value = "1,5")]
        seconds: Vec<f64>,
    },
    /// One urgent job into 40 running routes, and a district planned again; a part of `plan`, by itself.
    Insert,
    /// A simulated day of crews: planned again at every arrival, against the nearest free crew.
    DaySimulation,
    /// Where crews are, from 300 telephones to 60 boards.
    Positions {
        #[arg(long, default_value_t = 300)]
        crews: usize,
        #[arg(long, default_value_t = 60)]
        boards: usize,
        #[arg(long, default_value_t = 40)]
        seconds: u64,
    },
    /// Ballots into winners: seconds, memory, what cities decided, and pabutools.
    Tally {
        /// A folder with the `.pb` files of the public collection.
        #[arg(long)]
        pabulib: Option<PathBuf>,
        /// How many of them are counted beside pabutools.
        #[arg(long, default_value_t = 200)]
        sample: usize,
    },
    /// Ballots through HTTP from 64 clients with duplicates. The full form is `--voters 2000000`.
    Voting {
        #[arg(long, default_value_t = 20_000)]
        voters: u64,
    },
    /// Services suggested for words that were held back, against scikit-learn on the same ones.
    Suggest {
        /// The table of real records (`requests_unified.csv.zst`).
        #[arg(long)]
        records: Option<PathBuf>,
    },
}

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    std::fs::create_dir_all(&cli.data)?;
    match cli.what {
        What::Fill => data::fill(&cli.data, cli.requests).map(|_| ()),
        What::Create { seconds } => create::run(&cli.data, seconds),
        What::Pages { seconds } => pages::run(&cli.data, cli.requests, seconds),
        What::Queries { times } => queries::run(&cli.data, cli.requests, times),
        What::Import => import::run(&cli.data),
        What::Storm { messages, seconds, screens, seed } => {
            storm::run(&cli.data, messages, seconds, screens, seed)
        }
        What::Plan { instances, seconds } => plan::run(&cli.data, instances, &seconds),
        What::Insert => insert::run(),
        What::DaySimulation => day::run(),
        What::Positions { crews, boards, seconds } => positions::run(&cli.data, crews, boards, seconds),
        What::Tally { pabulib, sample } => tally::run(&cli.data, pabulib, sample),
        What::Voting { voters } => voting::run(&cli.data, voters),
        What::Suggest { records } => suggest::run(&cli.data, records),
    }
}
