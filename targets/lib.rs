//! The built-in targets: one folder each (`target.json`, templates), embedded in the binary.

use include_dir::{Dir, include_dir};

static FOLDERS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR");

/// Every embedded target file as (path such as `argocd/target.json`, text), sorted by path.
#[must_use]
pub fn files() -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    collect(&FOLDERS, &mut found);
    found.sort_unstable();
    found
}

fn collect(dir: &'static Dir<'static>, found: &mut Vec<(&'static str, &'static str)>) {
    for file in dir.files() {
        if let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8())
            && path.contains('/')
        {
            found.push((path, text));
        }
    }
    for child in dir.dirs() {
        collect(child, found);
    }
}
