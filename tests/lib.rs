//! What the tests that cross crates share.

#![expect(clippy::unwrap_used, reason = "a test that cannot copy its files has failed")]

use std::fs;
use std::path::Path;

/// Copies a workspace without its output.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if !entry.file_type().unwrap().is_dir() {
            fs::copy(entry.path(), target).unwrap();
        } else if entry.file_name() != "out" {
            copy(&entry.path(), &target);
        }
    }
}
