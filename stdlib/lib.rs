//! The standard library: `.idp` sources embedded in the binary, shown to users under `std:/`.

use include_dir::{Dir, include_dir};

static SOURCES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR");

/// Every embedded source as (path below `std:/`, text), sorted by path.
#[must_use]
pub fn files() -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    collect(&SOURCES, &mut found);
    found.sort_unstable();
    found
}

fn collect(dir: &'static Dir<'static>, found: &mut Vec<(&'static str, &'static str)>) {
    for file in dir.files() {
        if let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8())
            && path.ends_with(".idp")
        {
            found.push((path, text));
        }
    }
    for child in dir.dirs() {
        collect(child, found);
    }
}
