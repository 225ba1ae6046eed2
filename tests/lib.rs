//! What the tests that cross crates share.

#![expect(clippy::unwrap_used, reason = "a test without its files has failed")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use idpc_driver::host::Host;

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

/// What a build of a workspace without errors writes: path to text.
pub fn build(folder: &Path) -> BTreeMap<String, String> {
    let host = Host::load(folder).unwrap();
    let analysis = host.analyze();
    assert!(!analysis.has_errors(), "{:?}", analysis.diagnostics);
    let emission = host.emit(&analysis.model, None);
    assert!(emission.errors.is_empty(), "{:?}", emission.errors);
    emission.artifacts.into_iter().map(|file| (file.path.to_string(), file.text.text().unwrap())).collect()
}
