//! What lies in the output folder: every name and its type, no content.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::lock::LOCK_FILE;

/// What the writer leaves behind when it is interrupted begins with this.
pub(super) const LEFTOVER: &str = ".idpc-tmp-";

/// The names below a folder, `/`-separated, sorted.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// Whether the folder itself exists.
    pub(super) exists: bool,
    /// Regular files.
    pub(super) files: Vec<String>,
    /// Folders, without the top.
    pub(super) dirs: Vec<String>,
    /// Links, sockets and names that are not UTF-8; never entered, never touched.
    pub(super) odd: Vec<String>,
    /// Files of an interrupted build.
    pub(super) leftovers: Vec<String>,
}

impl Tree {
    /// Lists the folder. A missing one is empty.
    pub(super) fn scan(top: &Path) -> Result<Self, (PathBuf, io::Error)> {
        match fs::symlink_metadata(top) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => {
                return Err((top.to_owned(), io::Error::from(io::ErrorKind::NotADirectory)));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err((top.to_owned(), error)),
        }
        let mut tree = Self { exists: true, ..list(top, "")? };
        tree.files.sort_unstable();
        tree.dirs.sort_unstable();
        tree.odd.sort_unstable();
        tree.leftovers.sort_unstable();
        Ok(tree)
    }

    /// Whether a regular file has this path.
    pub(super) fn has_file(&self, path: &str) -> bool {
        holds(&self.files, path)
    }

    /// Whether a folder has this path.
    pub(super) fn has_dir(&self, path: &str) -> bool {
        holds(&self.dirs, path)
    }

    /// What stands in the way of writing a file at this path without following a link.
    pub(super) fn obstacle(&self, path: &str) -> Option<Obstacle> {
        if !self.odd.is_empty()
            && let Some(odd) = ancestors_and_self(path).find(|part| self.odd.iter().any(|odd| odd == part))
        {
            return Some(Obstacle::Odd(odd.to_owned()));
        }
        self.has_dir(path).then(|| Obstacle::Folder(path.to_owned()))
    }

    fn join(mut self, other: Self) -> Self {
        self.files.extend(other.files);
        self.dirs.extend(other.dirs);
        self.odd.extend(other.odd);
        self.leftovers.extend(other.leftovers);
        self
    }
}

fn holds(sorted: &[String], path: &str) -> bool {
    sorted.binary_search_by(|one| one.as_str().cmp(path)).is_ok()
}

/// Why a path cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// A link or another thing that is neither file nor folder.
    Odd(String),
    /// A folder where a file must be.
    Folder(String),
}

/// `a`, `a/b`, `a/b/c` of `a/b/c`.
pub(super) fn ancestors_and_self(path: &str) -> impl Iterator<Item = &str> {
    ancestors(path).chain(std::iter::once(path))
}

/// `a`, `a/b` of `a/b/c`.
pub(super) fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').filter_map(|(end, _)| path.get(..end))
}

/// Lists one folder and, in parallel, those in it. The file type comes with the listing, so nothing else is asked.
fn list(top: &Path, below: &str) -> Result<Tree, (PathBuf, io::Error)> {
    let folder = if below.is_empty() { top.to_owned() } else { top.join(below) };
    let fail = |error| (folder.clone(), error);
    let mut tree = Tree::default();
    let mut deeper = Vec::new();
    for entry in fs::read_dir(&folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let kind = entry.file_type().map_err(fail)?;
        let raw = entry.file_name();
        let name = raw.to_string_lossy();
        let path = if below.is_empty() { name.to_string() } else { format!("{below}/{name}") };
        if below.is_empty() && (name == ".git" || name == LOCK_FILE) {
            // The output folder may be a repository of its own, and the lock is none of its content.
        } else if raw.to_str().is_none() {
            tree.odd.push(path);
        } else if kind.is_dir() {
            deeper.push(path);
        } else if !kind.is_file() {
            tree.odd.push(path);
        } else if name.starts_with(LEFTOVER) {
            tree.leftovers.push(path);
        } else {
            tree.files.push(path);
        }
    }
    let below =
        deeper.par_iter().map(|path| list(top, path)).try_reduce(Tree::default, |all, one| Ok(all.join(one)))?;
    tree.dirs.extend(deeper);
    Ok(tree.join(below))
}
