//! The files that `idpc fmt` is asked for: those named, and the sources in the folders named.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::outcome::Failure;

/// The extension of sources.
const EXTENSION: &str = "idp";

/// Every file once, sorted. What is ignored or hidden is only taken if it is named itself.
pub fn files(paths: &[PathBuf]) -> Result<BTreeSet<PathBuf>, Failure> {
    let mut found = BTreeSet::new();
    for path in paths {
        let kind = fs::metadata(path).map_err(|error| Failure::io(path, &error))?;
        if kind.is_dir() {
            below(path, &mut found)?;
        } else {
            found.insert(path.clone());
        }
    }
    Ok(found)
}

fn below(folder: &Path, found: &mut BTreeSet<PathBuf>) -> Result<(), Failure> {
    for entry in WalkBuilder::new(folder).require_git(false).build() {
        let entry = entry.map_err(|error| Failure::Io(error.to_string()))?;
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        let path = entry.path();
        if is_file && path.extension().is_some_and(|extension| extension == EXTENSION) {
            found.insert(path.strip_prefix("./").unwrap_or(path).to_path_buf());
        }
    }
    Ok(())
}
