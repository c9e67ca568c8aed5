//! Rows a second brought in through the verb that every import uses, into an empty city.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;

use crate::{data, table};

const ROWS: u64 = 200_000;
/// The least that is promised.
const LEAST: f64 = 20_000.0;

pub fn run(data: &Path) -> Result<()> {
    let folder = tempfile::tempdir_in(data)?;
    let db = data::open(folder.path())?;
    let ground = data::found_city(&db)?;
    let began = Instant::now();
    let storing = data::bring(&db, &ground, ROWS)?;
    let all = ROWS as f64 / began.elapsed().as_secs_f64();
    table::heading(&format!(
        "{ROWS} rows brought in, journal and search included, against {LEAST:.0} a second"
    ));
    table::line("made and stored", all, "rows/s", &format!("{:.2} of what is promised", all / LEAST));
    table::line("storing alone", ROWS as f64 / storing.as_secs_f64(), "rows/s", "");
    Ok(())
}
