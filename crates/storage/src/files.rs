//! Photos and documents by the hash of their content.
//!
//! The same bytes are kept once. A file is complete before its name exists: it is written beside its place,
//! synced, renamed, and the folder is synced, so that a row can never point at half a photo.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// The SHA-256 of a file's bytes; its name in lower-case hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId([u8; 32]);

impl FileId {
    pub fn of(bytes: &[u8]) -> Self {
        FileId(Sha256::digest(bytes).into())
    }

    /// Reads 64 hexadecimal digits; anything else is no file of ours.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            return None;
        }
        let mut id = [0u8; 32];
        for (byte, pair) in id.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(FileId(id))
    }
}

impl std::fmt::Display for FileId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A folder of files.
#[derive(Debug, Clone)]
pub struct Files(PathBuf);

impl Files {
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self> {
        let folder = folder.into();
        fs::create_dir_all(&folder)?;
        Ok(Files(folder))
    }

    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// Keeps the bytes; returns after they are on the disk.
    pub fn put(&self, bytes: &[u8]) -> Result<FileId> {
        let id = FileId::of(bytes);
        let path = self.path(id);
        if let Ok(known) = fs::File::open(&path) {
            // Whoever removes what nobody names looks at this time: a file that is sent again is young again.
            #[expect(
                clippy::disallowed_methods,
                reason = "the age of a file is the file system's business, no city's"
            )]
            known.set_modified(SystemTime::now())?;
            return Ok(id);
        }
        let folder = path.parent().ok_or_else(|| Error::Io("a file without a folder".into()))?;
        fs::create_dir_all(folder)?;
        let mut half = tempfile::NamedTempFile::new_in(folder)?;
        half.write_all(bytes)?;
        half.as_file().sync_all()?;
        half.persist(&path).map_err(|e| Error::from(e.error))?;
        fs::File::open(folder)?.sync_all()?;
        Ok(id)
    }

    /// The bytes, checked against their name: a damaged photo is never served silently.
    pub fn get(&self, id: FileId) -> Result<Option<Vec<u8>>> {
        match fs::read(self.path(id)) {
            Ok(bytes) if FileId::of(&bytes) == id => Ok(Some(bytes)),
            Ok(_) => Err(Error::corrupt(format_args!("file {id} is damaged"))),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e.into()),
        }
    }

    /// Two levels of 256 folders keep every folder short for millions of files.
    pub fn path(&self, id: FileId) -> PathBuf {
        let name = id.to_string();
        let (first, rest) = name.split_at(2);
        let (second, _) = rest.split_at(2);
        self.0.join(first).join(second).join(&name)
    }

    /// How long ago a file was put here last; `None` when it is not here.
    pub fn age(&self, id: FileId) -> Result<Option<Duration>> {
        match fs::metadata(self.path(id)).and_then(|about| about.modified()) {
            // A clock that was set back makes everything young, which is the safe side.
            Ok(at) => Ok(Some(at.elapsed().unwrap_or_default())),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e.into()),
        }
    }

    /// Takes a file away, whether it is there or not.
    pub fn remove(&self, id: FileId) -> Result<()> {
        match fs::remove_file(self.path(id)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.into()),
            _ => Ok(()),
        }
    }

    /// Every file in the folder.
    pub fn all(&self) -> Result<Vec<FileId>> {
        let mut found = Vec::new();
        for first in folders(&self.0)? {
            for second in folders(&first)? {
                for file in fs::read_dir(second)? {
                    found.extend(file?.file_name().to_str().and_then(FileId::parse));
                }
            }
        }
        found.sort_unstable();
        Ok(found)
    }
}

fn folders(of: &Path) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(of)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            all.push(entry.path());
        }
    }
    Ok(all)
}
