//! What came of an import: totals that add up, and the reject file.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use csv::StringRecord;

use super::desk::Stored;
use crate::end::say;

#[derive(Debug, Default)]
pub struct Totals {
    /// Rows of the file, without its header.
    pub rows: u64,
    pub added: u64,
    /// Of those, the ones that were kept without a part of them.
    pub mended: u64,
    /// There already, from an earlier import.
    pub known: u64,
    /// Of cities that were not asked for.
    pub elsewhere: u64,
    /// The reject file, when something was written to it.
    pub rejects: Option<PathBuf>,
    /// Why the file ended too early.
    pub broken_off: Option<String>,
    reasons: BTreeMap<String, u64>,
    cities: BTreeMap<String, u64>,
    services_made: usize,
    units_made: usize,
}

impl Totals {
    pub fn reject(&mut self, reason: &str) {
        *self.reasons.entry(reason.to_owned()).or_default() += 1;
    }

    pub fn rejected(&self) -> u64 {
        self.reasons.values().sum()
    }

    pub fn take(&mut self, stored: Stored) {
        self.added = stored.added.values().sum();
        self.known = stored.known;
        self.cities = stored.added;
        self.services_made = stored.services_made;
        self.units_made = stored.units_made;
    }

    pub fn by_city(&self) -> String {
        self.cities.iter().map(|(code, count)| format!("{code} {count}")).collect::<Vec<_>>().join(", ")
    }

    pub fn print(&self) {
        let rejected = self.rejected();
        say!("{:>10} rows read", self.rows);
        say!("{:>10} imported ({})", self.added, self.by_city());
        say!("{rejected:>10} rejected");
        for (reason, count) in &self.reasons {
            say!("{:>14} {reason}", count);
        }
        say!("{:>10} skipped: there already", self.known);
        if self.elsewhere > 0 {
            say!("{:>10} skipped: of other cities", self.elsewhere);
        }
        if self.mended > 0 {
            say!("{:>10} rows were kept without a part that cannot be right", self.mended);
        }
        if self.services_made + self.units_made > 0 {
            say!("{} services and {} units were made from the data", self.services_made, self.units_made);
        }
        if let Some(path) = &self.rejects {
            say!("Rejected and mended rows, with their reasons: {}", path.display());
        }
        // Said by arithmetic, not by hope.
        let sum = self.added + rejected + self.known + self.elsewhere;
        if sum != self.rows {
            say!("WARNING: {} rows are unaccounted for", self.rows.abs_diff(sum));
        }
    }
}

/// The file of rows that were refused or mended, made when the first one comes.
pub struct Rejects {
    path: PathBuf,
    header: StringRecord,
    file: Option<csv::Writer<File>>,
}

impl Rejects {
    pub fn new(path: &Path, header: &StringRecord) -> Rejects {
        Rejects { path: path.to_owned(), header: header.clone(), file: None }
    }

    pub fn write<'r>(
        &mut self,
        line: u64,
        outcome: &str,
        reason: &str,
        row: impl Iterator<Item = &'r str>,
    ) -> Result<()> {
        let context = || format!("writing {}", self.path.display());
        let file = match &mut self.file {
            Some(file) => file,
            None => {
                if let Some(folder) = self.path.parent().filter(|f| !f.as_os_str().is_empty()) {
                    std::fs::create_dir_all(folder).with_context(context)?;
                }
                let made = File::create(&self.path).with_context(context)?;
                // A broken row has as many fields as it has.
                let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(made);
                writer.write_record(["line", "outcome", "reason"].into_iter().chain(self.header.iter()))?;
                self.file.insert(writer)
            }
        };
        let line = line.to_string();
        for field in [line.as_str(), outcome, reason] {
            file.write_field(field)?;
        }
        row.into_iter().try_for_each(|field| file.write_field(field))?;
        Ok(file.write_record(None::<&[u8]>)?)
    }

    /// Closes the file; its path, when there is one.
    pub fn finish(self) -> Result<Option<PathBuf>> {
        match self.file {
            Some(mut file) => {
                file.flush()?;
                Ok(Some(self.path))
            }
            None => Ok(None),
        }
    }
}
