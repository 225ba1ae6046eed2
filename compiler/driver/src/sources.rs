//! Writing for people: the sources that `fmt`, `check --fix`, `init` and `new` change, and the pages of `doc`.
//!
//! A file is replaced in one step, so that an interruption leaves the old text or the new one and never a part. A new
//! file never takes the place of another.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Why sources were not written.
#[derive(Debug)]
pub enum SourceError {
    /// These files are in that folder already; nothing was written.
    Taken(PathBuf, Vec<String>),
    /// The file is no longer what was read; it was left alone.
    Changed(PathBuf),
    /// The machine refused.
    Io(PathBuf, io::Error),
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken(folder, paths) => {
                let names: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
                let verb = if paths.len() == 1 { "exists" } else { "exist" };
                write!(f, "{} {verb} already in `{}`", names.join(", "), folder.display())
            }
            Self::Changed(path) => write!(f, "`{}` was changed by somebody else at the same time", path.display()),
            Self::Io(path, error) => write!(f, "`{}`: {error}", path.display()),
        }
    }
}

impl std::error::Error for SourceError {}

/// Gives a file another text, if it still has the one that was read. Its rights stay, and a link keeps pointing where
/// it points.
///
/// # Errors
/// When it was changed meanwhile, or when the disk refuses; the old text stays in both cases.
pub fn replace(path: &Path, old: &str, new: &str) -> Result<(), SourceError> {
    let failed = |error| SourceError::Io(path.to_owned(), error);
    let real = fs::canonicalize(path).map_err(failed)?;
    if fs::read(&real).map_err(failed)? != old.as_bytes() {
        return Err(SourceError::Changed(path.to_owned()));
    }
    swap(&real, new).map_err(failed)
}

fn swap(path: &Path, text: &str) -> io::Result<()> {
    let beside = beside(path);
    let file = OpenOptions::new().write(true).create_new(true).open(&beside)?;
    let rights = || match fs::metadata(path) {
        Ok(old) => file.set_permissions(old.permissions()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    };
    let written = (&file).write_all(text.as_bytes()).and_then(|()| rights()).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // The first error is the one to report.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}

/// Writes a file that is made anew each time, with the folders that it needs.
///
/// # Errors
/// When the disk refuses; an old text stays then.
pub fn put(path: &Path, text: &str) -> Result<(), SourceError> {
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| swap(path, text)).map_err(|error| SourceError::Io(path.to_owned(), error))
}

/// Removes a file that is no longer made.
///
/// # Errors
/// When the disk refuses.
pub fn remove(path: &Path) -> Result<(), SourceError> {
    fs::remove_file(path).map_err(|error| SourceError::Io(path.to_owned(), error))
}

/// Writes new files below a folder, with the folders that they need: all of them, or none if one is there already.
///
/// # Errors
/// When one of them exists, or when the disk refuses.
pub fn create(folder: &Path, files: &[(String, String)]) -> Result<(), SourceError> {
    let taken: Vec<String> = files
        .iter()
        .filter(|(path, _)| fs::symlink_metadata(folder.join(path)).is_ok())
        .map(|(path, _)| path.clone())
        .collect();
    if !taken.is_empty() {
        return Err(SourceError::Taken(folder.to_owned(), taken));
    }
    for (path, text) in files {
        let path = folder.join(path);
        create_one(&path, text).map_err(|error| SourceError::Io(path, error))?;
    }
    Ok(())
}

fn create_one(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changed_meanwhile_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.idp");
        fs::write(&path, "theirs\n").unwrap();
        let error = replace(&path, "old\n", "new\n").unwrap_err();
        assert!(matches!(&error, SourceError::Changed(_)) && error.to_string().contains("a.idp"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "theirs\n");
        replace(&path, "theirs\n", "new\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left behind");
    }

    #[test]
    fn new_files_are_all_written_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = |path: &str| (path.to_owned(), String::from("new\n"));
        fs::write(folder.path().join("b"), "theirs\n").unwrap();
        let error = create(folder.path(), &[file("a"), file("b")]).unwrap_err();
        assert!(error.to_string().starts_with("`b` exists already in `"));
        assert!(!folder.path().join("a").exists());
        create(folder.path(), &[file("a"), file("deep/c")]).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("deep/c")).unwrap(), "new\n");
    }

    #[test]
    fn what_is_made_anew_is_put_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/a.md");
        for text in ["one\n", "two\n"] {
            put(&path, text).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        remove(&path).unwrap();
        assert!(matches!(remove(&path), Err(SourceError::Io(..))));
    }

    #[test]
    fn a_file_that_is_gone_is_an_error_of_the_machine() {
        let folder = tempfile::tempdir().unwrap();
        let error = replace(&folder.path().join("a"), "", "new\n").unwrap_err();
        assert!(matches!(error, SourceError::Io(..)));
    }
}
