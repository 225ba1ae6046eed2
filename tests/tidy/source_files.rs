//! The Rust files of the repository.

use std::path::{Path, PathBuf};

/// A Rust file with its path from the repository's root.
pub struct SourceFile {
    pub path: String,
    pub text: String,
}

/// The root of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// Every Rust file that belongs to the project.
pub fn rust_files() -> Vec<SourceFile> {
    let mut found = Vec::new();
    for folder in ["compiler", "lsp", "stdlib", "targets", "tests"] {
        collect(&repository().join(folder), &mut found);
    }
    assert!(found.len() > 80, "only {} Rust files were found", found.len());
    found
}

fn collect(folder: &Path, found: &mut Vec<SourceFile>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !["target", "node_modules"].contains(&name.as_str()) && !name.starts_with('.') {
            collect(&path, found);
        } else if name.ends_with(".rs") {
            let short = path.strip_prefix(repository()).unwrap().to_string_lossy().replace('\\', "/");
            found.push(SourceFile { path: short, text: std::fs::read_to_string(&path).unwrap() });
        }
    }
}

impl SourceFile {
    /// Whether the file uses a library.
    pub fn names(&self, library: &str) -> bool {
        self.text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .any(|line| line.contains(&format!("{library}::")) || line.trim_end().ends_with(&format!("use {library};")))
    }

    /// Every function with how many lines it takes, by indentation: rustfmt puts its end below its beginning.
    pub fn functions(&self) -> Vec<(String, usize)> {
        let lines: Vec<&str> = self.text.lines().collect();
        let mut found = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let Some(name) = function_name(line.trim_start()) else { continue };
            let end = lines
                .iter()
                .skip(at + 1)
                .position(|other| other.len() > indent && other.starts_with(&format!("{}}}", " ".repeat(indent))));
            if let Some(end) = end {
                found.push((name.to_owned(), end + 2));
            }
        }
        found
    }
}

fn function_name(line: &str) -> Option<&str> {
    let rest = line
        .strip_prefix("pub fn ")
        .or_else(|| line.strip_prefix("fn "))
        .or_else(|| line.strip_prefix("pub(super) fn "))
        .or_else(|| line.strip_prefix("pub(crate) fn "))?;
    rest.split(['(', '<']).next()
}
