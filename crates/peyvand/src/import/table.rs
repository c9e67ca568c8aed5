//! A file as rows: CSV with a header, plain or zstd, from a disk or from inside the program.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::PathBuf;

use anyhow::{Context, Result};
use csv::{ByteRecord, StringRecord};
use indicatif::ProgressBar;

use crate::end::wrong;
use crate::progress;

/// Where a table lies.
pub enum Source {
    File(PathBuf),
    Inside { name: String, content: &'static [u8] },
}

pub struct Table {
    rows: csv::Reader<Box<dyn Read + Send>>,
    header: StringRecord,
    bytes: ByteRecord,
    fields: StringRecord,
    bar: ProgressBar,
}

/// What comes next.
pub enum Next<'t> {
    Row {
        line: u64,
        fields: &'t StringRecord,
    },
    /// Not as many fields as the header, or no text.
    Broken {
        line: u64,
        reason: &'static str,
        fields: &'t StringRecord,
    },
    /// The file ends in the middle, or the disk fails.
    BrokenOff(String),
    End,
}

impl Table {
    pub fn open(source: &Source) -> Result<Table> {
        let (raw, length, name): (Box<dyn Read + Send>, u64, String) = match source {
            Source::File(path) => {
                let file = File::open(path).map_err(|e| wrong!("{}: {e}", path.display()))?;
                let length = file.metadata().map_or(0, |m| m.len());
                (Box::new(file), length, path.display().to_string())
            }
            Source::Inside { name, content } => (Box::new(*content), content.len() as u64, name.clone()),
        };
        let bar = progress::bytes("Importing", length);
        let counted = bar.wrap_read(raw);
        let plain: Box<dyn Read + Send> = if name.ends_with(".zst") {
            Box::new(zstd::Decoder::new(counted).with_context(|| format!("opening {name}"))?)
        } else {
            Box::new(BufReader::with_capacity(1 << 16, counted))
        };
        let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(plain);
        let mut first = ByteRecord::new();
        let is_there = rows.read_byte_record(&mut first).map_err(|e| wrong!("{name}: {e}"))?;
        if !is_there {
            return Err(wrong!("{name} is empty; a header is expected"));
        }
        let header = StringRecord::from_byte_record(first)
            .map_err(|_| wrong!("{name}: the header is not UTF-8 text"))?;
        // Some programs begin a file with a byte order mark.
        let header = header.iter().map(|column| column.trim_start_matches('\u{feff}')).collect();
        Ok(Table { rows, header, bytes: ByteRecord::new(), fields: StringRecord::new(), bar })
    }

    pub fn header(&self) -> &StringRecord {
        &self.header
    }

    pub fn next(&mut self) -> Next<'_> {
        match self.rows.read_byte_record(&mut self.bytes) {
            Ok(true) => {}
            Ok(false) => {
                self.bar.finish_and_clear();
                return Next::End;
            }
            Err(e) => {
                self.bar.finish_and_clear();
                return Next::BrokenOff(e.to_string());
            }
        }
        let line = self.bytes.position().map_or(0, |p| p.line());
        let bytes = std::mem::take(&mut self.bytes);
        let reason = match StringRecord::from_byte_record(bytes) {
            Ok(fields) => {
                // The room of the row before is used again.
                self.bytes = std::mem::replace(&mut self.fields, fields).into_byte_record();
                (self.fields.len() != self.header.len()).then_some("broken_row")
            }
            Err(e) => {
                let bytes = e.into_byte_record();
                self.fields = bytes.iter().map(String::from_utf8_lossy).collect::<Vec<_>>().into();
                self.bytes = bytes;
                Some("not_utf8")
            }
        };
        match reason {
            None => Next::Row { line, fields: &self.fields },
            Some(reason) => Next::Broken { line, reason, fields: &self.fields },
        }
    }
}
