//! One build at a time in one output folder.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// The lock file, for systems on which a folder itself cannot be locked.
pub(super) const LOCK_FILE: &str = ".idpc-lock";

/// How often a waiting build looks again.
const PAUSE: Duration = Duration::from_millis(20);

/// Held while a build plans and writes. The system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    _held: File,
}

/// Why there is no lock.
#[derive(Debug)]
pub(super) enum LockError {
    /// Another build held it all the time.
    Busy,
    /// The system refused.
    Io(io::Error),
}

impl Lock {
    /// Waits for the folder, which exists, and calls `waiting` once if another build holds it.
    pub(super) fn acquire(top: &Path, patience: Duration, waiting: &dyn Fn()) -> Result<Self, LockError> {
        let deadline = Instant::now() + patience;
        let mut told = false;
        loop {
            if let Some(held) = attempt(top).map_err(LockError::Io)? {
                return Ok(Self { _held: held });
            }
            if Instant::now() >= deadline {
                return Err(LockError::Busy);
            }
            if !told {
                waiting();
                told = true;
            }
            std::thread::sleep(PAUSE);
        }
    }
}

/// The locked folder, or `None` while another build holds it.
fn attempt(top: &Path) -> io::Result<Option<File>> {
    if let Ok(folder) = File::open(top) {
        match folder.try_lock() {
            // The folder may have been removed and made again while this build waited for it.
            Ok(()) => return Ok(is_still(top, &folder)?.then_some(folder)),
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(_)) => {}
        }
    }
    let path = top.join(LOCK_FILE);
    if fs::symlink_metadata(&path).is_ok_and(|found| !found.is_file()) {
        return Err(io::Error::other(format!("`{LOCK_FILE}` is not a file")));
    }
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(unix)]
fn is_still(top: &Path, folder: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let (named, held) = (fs::symlink_metadata(top)?, folder.metadata()?);
    Ok(named.dev() == held.dev() && named.ino() == held.ino())
}

#[cfg(not(unix))]
fn is_still(top: &Path, _folder: &File) -> io::Result<bool> {
    fs::symlink_metadata(top).map(|found| found.is_dir())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_second_build_waits_says_so_once_and_gives_up() {
        let folder = tempfile::tempdir().unwrap();
        let held = Lock::acquire(folder.path(), Duration::ZERO, &|| panic!("nobody holds it")).unwrap();
        let told = AtomicUsize::new(0);
        let count = || {
            told.fetch_add(1, Ordering::Relaxed);
        };
        let refused = Lock::acquire(folder.path(), Duration::from_millis(70), &count);
        assert!(matches!(refused, Err(LockError::Busy)));
        assert_eq!(told.load(Ordering::Relaxed), 1);
        drop(held);
        assert!(Lock::acquire(folder.path(), Duration::ZERO, &count).is_ok());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "the lock leaves nothing behind");
    }

    #[test]
    fn a_missing_folder_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let refused = Lock::acquire(&folder.path().join("none"), Duration::ZERO, &|| {});
        assert!(matches!(refused, Err(LockError::Io(_))));
    }
}
