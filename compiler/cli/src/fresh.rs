//! Files that must not exist yet: all of them are written, or none.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use crate::outcome::Failure;

/// Writes new files below a folder, with the folders that they need.
///
/// # Errors
/// When one of them exists, or when the disk refuses.
pub fn write(folder: &Path, files: &[(String, String)]) -> Result<(), Failure> {
    let taken: Vec<String> = files
        .iter()
        .filter(|(path, _)| fs::symlink_metadata(folder.join(path)).is_ok())
        .map(|(path, _)| format!("`{path}`"))
        .collect();
    if !taken.is_empty() {
        let verb = if taken.len() == 1 { "exists" } else { "exist" };
        let message = format!("{} {verb} already in `{}`", taken.join(", "), folder.display());
        return Err(Failure::advice(message, "nothing was written; files are never overwritten"));
    }
    for (path, text) in files {
        let path = folder.join(path);
        create(&path, text).map_err(|error| Failure::io(&path, &error))?;
    }
    Ok(())
}

fn create(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}
