//! One file on disk against what the build makes of it.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use idpc_emit::digest::Digest;
use idpc_emit::packed::Packed;

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
    pub(super) fn compare(&self, path: &str, wanted: Option<&Packed>) -> Result<Found, (PathBuf, io::Error)> {
        let full = self.top.join(path);
        let failed = |error| (full.clone(), error);
        if let Some(text) = wanted
            && holds(&full, text).map_err(failed)?
        {
            return Ok(Found::Same);
        }
        let content = fs::read(&full).map_err(failed)?;
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

/// Whether a file is exactly this text, with one read and no question for its size.
fn holds(path: &Path, wanted: &Packed) -> io::Result<bool> {
    let mut file = File::open(path)?;
    // There is room for one byte more than wanted, which a longer file fills: a read that leaves it empty met the end.
    let mut content = vec![0; wanted.len() + 1];
    let mut filled = 0;
    while let Some(rest) = content.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(more) => {
                filled += more;
                if filled == wanted.len() {
                    break;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled == wanted.len() && content.get(..filled).map(Digest::of) == Some(wanted.digest()))
}
