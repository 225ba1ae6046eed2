//! Workspaces on real folders.

mod finding;
mod manifest;
mod packages;
mod reading;

use std::fs;
use std::path::Path;

use super::{Loaded, find};

/// Writes files, making their folders.
fn lay(root: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

const MINIMAL: &str = "[workspace]\nname = \"shop\"\nedition = \"2026\"\n";

fn load(path: &Path) -> Loaded {
    find(path).unwrap().load().unwrap()
}

fn paths(loaded: &Loaded) -> Vec<&str> {
    loaded.files.iter().map(|file| file.path.as_str()).collect()
}

/// The findings as `CODE file:text-under-the-span: message | help`.
fn findings(loaded: &Loaded) -> Vec<String> {
    let manifest = loaded.manifest.as_ref().map_or("", |(_, text)| text.as_ref());
    loaded
        .errors
        .iter()
        .map(|error| {
            let under = if error.file == "idp.toml" { &manifest[error.span.clone()] } else { "" };
            let help = error.help.as_ref().map_or(String::new(), |help| format!(" | {help}"));
            format!("{} {}:{under}: {}{help}", error.code, error.file, error.message)
        })
        .collect()
}
