//! Every test of some pages: found, run side by side, and written anew if asked for.

use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::case::{Failure, Setting};
use crate::page::Page;

/// Where pages lie that belong to a workspace.
pub const FOLDER: &str = "tests";

/// A page on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Where it lies.
    pub path: PathBuf,
    /// What it says.
    pub page: Page,
}

/// A test that has run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// The page, as people name it.
    pub page: String,
    /// Its heading with those above it.
    pub heading: String,
    /// The line of its heading.
    pub line: usize,
    /// What is wrong with it; empty if it passed.
    pub failures: Vec<Failure>,
}

/// What is done with blocks that differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// They are failures.
    Kept,
    /// They are written anew, and are no failures then.
    Rewritten,
}

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Results {
    /// Every test that ran, in the order of pages and of headings.
    pub tests: Vec<Ran>,
    /// The pages that were written anew, with how many of their blocks.
    pub rewritten: Vec<(String, usize)>,
}

impl Results {
    /// The tests that failed.
    pub fn failed(&self) -> impl Iterator<Item = &Ran> {
        self.tests.iter().filter(|test| !test.failures.is_empty())
    }
}

/// Reads every Markdown page below a folder, or the one page that a path names, sorted by path. Hidden files, links and
/// workspaces below are left out. Names of pages begin at `root`.
///
/// # Errors
/// When something cannot be read: its path, and why.
pub fn read(root: &Path, path: &Path) -> Result<Vec<Written>, (PathBuf, io::Error)> {
    let mut paths = Vec::new();
    if path.is_file() {
        paths.push(path.to_owned());
    } else {
        below(path, &mut paths)?;
    }
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).map_err(|error| (path.clone(), error))?;
            let short = path.strip_prefix(root).unwrap_or(&path);
            let parts: Vec<_> = short.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            let page = Page::new(&parts.join("/"), &text);
            Ok(Written { path, page })
        })
        .collect()
}

fn below(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), (PathBuf, io::Error)> {
    let failed = |error| (folder.to_owned(), error);
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let kind = entry.file_type().map_err(failed)?;
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if kind.is_dir() && !path.join(idpc_driver::workspace::MANIFEST).is_file() {
            below(&path, found)?;
        } else if kind.is_file() && path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    Ok(())
}

/// Runs every test whose page or heading holds a text.
///
/// # Errors
/// When a page cannot be written: its path, and why.
pub fn run(
    pages: &[Written],
    filter: &str,
    expected: Expected,
    setting: &Setting<'_>,
) -> Result<Results, (PathBuf, io::Error)> {
    let mut results = Results::default();
    let jobs: Vec<_> = pages
        .iter()
        .flat_map(|written| written.page.tests().into_iter().map(move |test| (written, test)))
        .filter(|(written, test)| written.page.name.contains(filter) || test.heading.contains(filter))
        .collect();
    let reports: Vec<_> = jobs.par_iter().map(|(written, test)| written.page.run(test, setting)).collect();
    let mut done = jobs.into_iter().zip(reports).peekable();
    for written in pages {
        let mut updates = Vec::new();
        while let Some(((_, test), mut report)) = done.next_if(|((of, _), _)| of.path == written.path) {
            if expected == Expected::Rewritten {
                report.failures.retain(|failure| !failure.updatable);
                updates.append(&mut report.updates);
            }
            let page = written.page.name.clone();
            results.tests.push(Ran { page, heading: test.heading, line: test.line, failures: report.failures });
        }
        if !updates.is_empty() {
            results.rewritten.push((written.page.name.clone(), updates.len()));
            let text = written.page.updated(updates);
            std::fs::write(&written.path, text).map_err(|error| (written.path.clone(), error))?;
        }
    }
    Ok(results)
}
