//! One file on disk against what the build makes of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::digest::Digest;
use super::journal::Journal;
use super::ledger::Owners;

/// What lies at a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Exactly what the build makes.
    Same,
    /// What an earlier build made, whole or torn.
    Ours(String),
    /// What an earlier build made and somebody has changed since.
    Edited(String),
    /// Something that no build made.
    Unowned(String),
}

/// What all comparisons need.
pub(super) struct Ground<'a> {
    pub(super) top: &'a Path,
    pub(super) owners: &'a Owners<'a>,
    pub(super) journal: &'a Journal,
}

impl Ground<'_> {
    /// Compares the regular file at this path with the text that shall be there, if any shall.
    pub(super) fn compare(
        &self,
        path: &str,
        wanted: Option<&str>,
    ) -> Result<Found, (PathBuf, io::Error)> {
        let full = self.top.join(path);
        let content = fs::read(&full).map_err(|error| (full, error))?;
        if wanted.is_some_and(|text| text.as_bytes() == content) {
            return Ok(Found::Same);
        }
        let owners = self.owners.of(path);
        let digest = (!owners.is_empty()).then(|| Digest::of(&content));
        let unchanged = owners.iter().any(|(owned, _)| Some(owned.digest) == digest);
        let ours = unchanged || self.journal.wrote(path, &content);
        let text = String::from_utf8_lossy(&content).into_owned();
        Ok(match (ours, owners.is_empty()) {
            (true, _) => Found::Ours(text),
            (false, false) => Found::Edited(text),
            (false, true) => Found::Unowned(text),
        })
    }
}
