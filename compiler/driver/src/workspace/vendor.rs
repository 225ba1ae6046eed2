//! `idpc vendor`: copies of packages, and the record of what they contain.
//!
//! The only code that writes `vendor/` and `idp.lock`; a build does neither.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::LoadError;
use super::lock::{LOCK, Lock, contents, hash};
use super::manifest::{Manifest, Origin, VENDOR, bad_package_name};
use super::table::MANIFEST;
use super::walk::Link;

/// What became of one vendored package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its name.
    pub name: String,
    /// Its hash, as the lock file has it now.
    pub hash: String,
    /// Whether the lock file had the same before.
    pub change: Change,
}

/// Whether the record of a package had to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was not recorded before.
    New,
    /// It was recorded with other contents.
    Changed,
    /// It is as it was.
    None,
}

/// Why packages cannot be vendored.
#[derive(Debug)]
pub enum VendorError {
    /// `[dependencies]` has no vendored package of this name.
    NotVendored(String),
    /// The folder to copy from does not exist, or holds the copy, or lies in it.
    BadSource(PathBuf),
    /// The copy is not there.
    NoCopy(String),
    /// A link stands where a copy would be, or in the folder to copy.
    Link(PathBuf),
    /// The system refused.
    Io(PathBuf, io::Error),
}

impl fmt::Display for VendorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotVendored(name) => write!(f, "`[dependencies]` has no `{name} = {{ vendored = true }}`"),
            Self::BadSource(path) => write!(f, "`{}` is no folder to copy a package from", path.display()),
            Self::NoCopy(name) => write!(f, "there is no folder `{VENDOR}/{name}`"),
            Self::Link(path) => write!(f, "`{}` is a link, which cannot be vendored", path.display()),
            Self::Io(path, error) => write!(f, "`{}`: {error}", path.display()),
        }
    }
}

impl std::error::Error for VendorError {}

impl From<LoadError> for VendorError {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Io(path, error) => Self::Io(path, error),
            other => Self::Io(PathBuf::from(MANIFEST), io::Error::other(other.to_string())),
        }
    }
}

/// Replaces the copy of a package by what lies in a folder.
///
/// # Errors
/// When the manifest does not vendor it, or when it cannot be copied; then the copy is as it was.
pub fn copy(root: &Path, name: &str, from: &Path) -> Result<(), VendorError> {
    if !vendored(root)?.iter().any(|known| known == name) {
        return Err(VendorError::NotVendored(name.to_owned()));
    }
    let vendor = root.join(VENDOR);
    let target = vendor.join(name);
    if let Some(link) = [&vendor, &target].into_iter().find(|path| path.is_symlink()) {
        return Err(VendorError::Link(link.clone()));
    }
    let from = fs::canonicalize(from).map_err(|_| VendorError::BadSource(from.to_owned()))?;
    let home = fs::canonicalize(root).map_err(|error| VendorError::Io(root.to_owned(), error))?;
    let there = home.join(VENDOR).join(name);
    if !from.is_dir() || there.starts_with(&from) || from.starts_with(&there) {
        return Err(VendorError::BadSource(from));
    }
    let fresh = vendor.join(format!(".{name}.new"));
    let old = vendor.join(format!(".{name}.old"));
    for left in [&fresh, &old] {
        remove(left)?;
    }
    copy_files(&from, &fresh).inspect_err(|_| {
        // The first error is the one to report.
        let _ = fs::remove_dir_all(&fresh);
    })?;
    if target.exists() {
        fs::rename(&target, &old).map_err(|error| VendorError::Io(target.clone(), error))?;
    }
    fs::rename(&fresh, &target).map_err(|error| VendorError::Io(target.clone(), error))?;
    remove(&old)
}

fn remove(folder: &Path) -> Result<(), VendorError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(VendorError::Io(folder.to_owned(), error)),
        _ => Ok(()),
    }
}

fn copy_files(from: &Path, to: &Path) -> Result<(), VendorError> {
    fs::create_dir_all(to).map_err(|error| VendorError::Io(to.to_owned(), error))?;
    for member in contents(from)? {
        let (source, target) = (from.join(&member.path), to.join(&member.path));
        if member.link == Link::Yes {
            return Err(VendorError::Link(source));
        }
        let folder = target.parent().unwrap_or(to);
        fs::create_dir_all(folder).map_err(|error| VendorError::Io(folder.to_owned(), error))?;
        fs::copy(&source, &target).map_err(|error| VendorError::Io(target, error))?;
    }
    Ok(())
}

/// Records every vendored package in the lock file, which is written if it differs.
///
/// # Errors
/// When a copy is missing or cannot be read, or when the lock file cannot be written.
pub fn record(root: &Path) -> Result<Vec<Recorded>, VendorError> {
    // A lock file that cannot be read is written anew.
    let before = Lock::read(root).unwrap_or_default();
    let mut now = Lock::default();
    let mut found = Vec::new();
    for name in vendored(root)? {
        let folder = root.join(VENDOR).join(&name);
        if !folder.is_dir() {
            return Err(VendorError::NoCopy(name));
        }
        let hash = hash(&folder)?;
        let change = match before.0.get(&name) {
            None => Change::New,
            Some(known) if *known == hash => Change::None,
            Some(_) => Change::Changed,
        };
        now.0.insert(name.clone(), hash.clone());
        found.push(Recorded { name, hash, change });
    }
    let path = root.join(LOCK);
    let failed = |error| VendorError::Io(path.clone(), error);
    if now.0.is_empty() {
        // A workspace that vendors nothing has no lock file.
        return match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(error)),
            _ => Ok(found),
        };
    }
    let text = now.text();
    if fs::read_to_string(&path).is_ok_and(|known| known == text) {
        return Ok(found);
    }
    let beside = root.join(format!(".{LOCK}.new"));
    fs::write(&beside, text).and_then(|()| fs::rename(&beside, &path)).map_err(failed)?;
    Ok(found)
}

/// The vendored packages of a manifest, in their order.
fn vendored(root: &Path) -> Result<Vec<String>, VendorError> {
    let path = root.join(MANIFEST);
    let text = fs::read_to_string(&path).map_err(|error| VendorError::Io(path, error))?;
    let (manifest, _) = Manifest::parse(&text);
    let vendored = manifest.dependencies.into_iter().filter(|dependency| dependency.origin == Origin::Vendored);
    // A name becomes a folder: one that cannot name a package must not lead anywhere.
    let names = vendored.map(|dependency| dependency.name.value).filter(|name| bad_package_name(name).is_none());
    Ok(names.collect())
}
