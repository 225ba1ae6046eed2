//! Writing the output: a plan first, the gate, then the files, the manifests last.
//!
//! Nothing is written when anything is wrong, nothing is followed through a link, nothing that others own is touched.

mod apply;
mod compare;
mod disk;
mod error;
mod foreign;
mod gate;
mod journal;
mod ledger;
mod lock;
mod manifest;
mod narrowing;
mod notice;
mod objects;
mod paths;
mod plan;
mod scope;
#[cfg(test)]
mod tests;
mod tree;

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use idpc_emit::artifact::Build;

pub use self::error::{PlanError, WriteError};
pub use self::gate::{FREE_REMOVALS, GateError, Gone, Whole};
pub use self::manifest::ManifestFault;
pub use self::notice::{Notice, SchemaPlace};
pub use self::objects::ObjectId;
pub use self::paths::Collision;
pub use self::plan::{Differences, Plan, plan};
pub use self::scope::Scope;

use self::disk::{Disk, LocalDisk};
use self::lock::{Lock, LockError};

/// How long a build waits for another one in the same folder.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The most threads that write at once; more only wait for the file system.
const WRITERS: usize = 4;

/// How a build writes.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// What becomes of files that were changed by hand or are not ours.
    pub force: Force,
    /// How long to wait for another build.
    pub patience: Duration,
    /// Called once when there is another build to wait for.
    pub waiting: &'a (dyn Fn() + Sync),
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { force: Force::Never, patience: PATIENCE, waiting: &|| {} }
    }
}

/// What a build does with files in its places that it did not write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Force {
    /// Nothing is written at all.
    Never,
    /// They are overwritten, and removed where they are stale.
    Overwrite,
}

/// What a build did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Files that are new.
    pub created: usize,
    /// Files with a new content.
    pub changed: usize,
    /// Files that are gone.
    pub deleted: usize,
    /// Files that were left as they are.
    pub same: usize,
}

/// Brings the output folder to what the build makes.
///
/// # Errors
///
/// When anything speaks against it; then nothing was written, unless the disk itself failed.
pub fn write(top: &Path, build: &Build<'_>, scope: &Scope, options: Options<'_>) -> Result<Report, WriteError> {
    write_to(&LocalDisk, top, build, scope, options)
}

/// Says how the output folder differs from what the build makes, and what the gate would say. Writes nothing.
///
/// # Errors
///
/// When the folder or a manifest in it cannot be read, or when two files of the build exclude each other.
pub fn check(top: &Path, build: &Build<'_>, scope: &Scope) -> Result<(Differences, Vec<GateError>), PlanError> {
    let plan = plan(top, build, scope)?;
    Ok((plan.differences(), plan.gate))
}

fn write_to(
    disk: &impl Disk,
    top: &Path,
    build: &Build<'_>,
    scope: &Scope,
    options: Options<'_>,
) -> Result<Report, WriteError> {
    if build.services == 0 {
        return Err(WriteError::Gate(vec![GateError::NoServices]));
    }
    make_top(top)?;
    let _lock = Lock::acquire(top, options.patience, options.waiting).map_err(|error| match error {
        LockError::Busy => WriteError::Locked(top.to_owned()),
        LockError::Io(error) => WriteError::Io(top.to_owned(), error),
    })?;
    in_pool(|| {
        let mut plan = plan(top, build, scope)?;
        plan.decide(options.force)?;
        let report = plan.report();
        apply::apply(disk, &mut plan).map_err(|(path, error)| WriteError::Io(path, error))?;
        Ok(report)
    })
}

/// Makes the output folder if it is missing.
fn make_top(top: &Path) -> Result<(), WriteError> {
    match fs::symlink_metadata(top) {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => Err(WriteError::NoFolder(top.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(top).map_err(|error| WriteError::Io(top.to_owned(), error))
        }
        Err(error) => Err(WriteError::Io(top.to_owned(), error)),
    }
}

/// Runs on few threads, whatever the machine has.
fn in_pool<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if rayon::current_num_threads() <= WRITERS {
        return work();
    }
    match rayon::ThreadPoolBuilder::new().num_threads(WRITERS).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}

impl Plan<'_> {
    /// Refuses what speaks against writing, and turns what is forced into changes.
    fn decide(&mut self, force: Force) -> Result<(), WriteError> {
        if !self.obstacles.is_empty() {
            return Err(WriteError::Obstacles(std::mem::take(&mut self.obstacles)));
        }
        if !self.gate.is_empty() {
            return Err(WriteError::Gate(std::mem::take(&mut self.gate)));
        }
        if force == Force::Overwrite {
            self.change.append(&mut self.edited);
            self.change.append(&mut self.unowned);
            self.delete.append(&mut self.edited_stale);
            self.delete.sort();
            return Ok(());
        }
        let mut edited: Vec<String> = self.edited.iter().map(|write| write.path.to_string()).collect();
        edited.append(&mut self.edited_stale);
        edited.sort();
        if !edited.is_empty() {
            return Err(WriteError::Edited(edited));
        }
        if !self.unowned.is_empty() {
            return Err(WriteError::Unowned(self.unowned.iter().map(|write| write.path.to_string()).collect()));
        }
        Ok(())
    }

    fn report(&self) -> Report {
        Report { created: self.create.len(), changed: self.change.len(), deleted: self.delete.len(), same: self.same }
    }
}
