//! Carries a plan out: every change in an order from which the next build can go on, whenever this one dies.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use idpc_emit::artifact::Life;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::disk::Disk;
use super::journal::{self, Step};
use super::plan::{Plan, Write};
use super::tree::{LEFTOVER, Tree, ancestors_and_self};

/// The place at which the disk refused, and how.
pub(super) type DiskError = (PathBuf, io::Error);

/// Writes the plan. The manifests come last, so that until then the old ones own all that is left over.
pub(super) fn apply(disk: &impl Disk, plan: &mut Plan<'_>) -> Result<(), DiskError> {
    let journal = journal::file_name();
    for leftover in plan.tree.leftovers.iter().filter(|path| **path != journal) {
        remove(disk, &plan.top, leftover)?;
    }
    let journaled = plan.tree.leftovers.contains(&journal);
    if is_idle(plan) {
        return if journaled && plan.whole { remove(disk, &plan.top, &journal) } else { Ok(()) };
    }
    write_journal(disk, plan)?;
    for path in &plan.delete {
        remove(disk, &plan.top, path)?;
    }
    for path in plan.empty.iter().filter(|path| in_the_way(plan, path)) {
        remove_dir(disk, &plan.top, path)?;
    }
    let top = &plan.top;
    write_files(disk, plan)?;
    let create = plan.manifests.create.par_iter().map(|write| (write, Step::Create));
    let change = plan.manifests.change.par_iter().map(|write| (write, Step::Replace));
    create.chain(change).try_for_each(|(write, step)| put(disk, &top.join(write.path.as_ref()), write, step))?;
    for path in &plan.manifests.delete {
        remove(disk, top, path)?;
    }
    for path in plan.empty.iter().filter(|path| !in_the_way(plan, path)) {
        remove_dir(disk, top, path)?;
    }
    // What an earlier build has left outside of a narrowed one still needs its journal.
    if journaled && !plan.whole {
        return Ok(());
    }
    remove(disk, top, &journal)
}

/// Writes all but the manifests, and makes the folders of those too.
fn write_files(disk: &impl Disk, plan: &Plan<'_>) -> Result<(), DiskError> {
    let work = Work { disk, tree: &plan.tree, failed: Mutex::new(None) };
    let done = Folder::new(plan).write(&plan.top, Age::Known, &work);
    let failed = work.failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    failed.map_or(done.map_err(|Stopped| no_reason(&plan.top)), Err)
}

fn is_idle(plan: &Plan<'_>) -> bool {
    let manifests = &plan.manifests;
    plan.create.is_empty()
        && plan.change.is_empty()
        && plan.delete.is_empty()
        && plan.empty.is_empty()
        && manifests.create.is_empty()
        && manifests.change.is_empty()
        && manifests.delete.is_empty()
}

/// Adds what this build will write to what earlier ones, which died, were about to.
fn write_journal(disk: &impl Disk, plan: &mut Plan<'_>) -> Result<(), DiskError> {
    let Plan { journal, create, change, manifests, top, .. } = plan;
    for write in create.iter().chain(&manifests.create) {
        journal.add(&write.path, step(write), write.content.digest(), write.content.len());
    }
    for write in change.iter().chain(&manifests.change) {
        journal.add(&write.path, Step::Replace, write.content.digest(), write.content.len());
    }
    let name = journal::file_name();
    let (temporary, last) = (top.join(format!("{name}-new")), top.join(name));
    disk.create(&temporary, journal.text().as_bytes()).map_err(|error| (temporary.clone(), error))?;
    disk.rename(&temporary, &last).map_err(|error| (last, error))
}

/// Whether a file takes the place of this folder or of one around it.
fn in_the_way(plan: &Plan<'_>, folder: &str) -> bool {
    ancestors_and_self(folder).any(|path| plan.create.binary_search_by(|write| write.path.as_ref().cmp(path)).is_ok())
}

fn remove(disk: &impl Disk, top: &Path, path: &str) -> Result<(), DiskError> {
    let full = top.join(path);
    disk.remove_file(&full).map_err(|error| (full, error))
}

/// A folder that got a file in the meantime stays.
fn remove_dir(disk: &impl Disk, top: &Path, path: &str) -> Result<(), DiskError> {
    let full = top.join(path);
    match disk.remove_dir(&full) {
        Err(error) if error.kind() != io::ErrorKind::DirectoryNotEmpty => Err((full, error)),
        _ => Ok(()),
    }
}

/// The writes of one folder and of those in it.
#[derive(Default)]
struct Folder<'p> {
    name: &'p str,
    /// Below the output folder.
    path: &'p str,
    files: Vec<(&'p Write<'p>, Step)>,
    folders: Vec<Folder<'p>>,
}

/// Whether a folder can exist already.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Age {
    Known,
    New,
}

impl<'p> Folder<'p> {
    /// Sorts the files into their folders, and makes room for the manifests.
    fn new(plan: &'p Plan<'_>) -> Self {
        let create = plan.create.iter().map(|write| (write, Some(step(write))));
        let change = plan.change.iter().map(|write| (write, Some(Step::Replace)));
        let manifests = plan.manifests.create.iter().map(|write| (write, None));
        let mut writes: Vec<(&Write<'_>, Option<Step>)> = create.chain(change).chain(manifests).collect();
        writes.sort_unstable_by(|(one, _), (other, _)| one.path.cmp(&other.path));
        let mut top = Self::default();
        for (write, step) in writes {
            top.add(write, step);
        }
        top
    }

    /// Takes a file in. Files come sorted by path, so the files of a folder come together.
    fn add(&mut self, write: &'p Write<'p>, step: Option<Step>) {
        let path: &'p str = &write.path;
        let rest = path.get(self.path.len()..).unwrap_or_default();
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        let Some((name, _)) = rest.split_once('/') else {
            self.files.extend(step.map(|step| (write, step)));
            return;
        };
        let below = path.get(..path.len() - rest.len() + name.len()).unwrap_or_default();
        if let Some(last) = self.folders.last_mut().filter(|last| last.path == below) {
            return last.add(write, step);
        }
        let mut folder = Self { name, path: below, ..Self::default() };
        folder.add(write, step);
        self.folders.push(folder);
    }

    /// Writes the files of this folder one after the other and the folders in it side by side.
    fn write(&self, place: &Path, age: Age, work: &Work<'_, impl Disk>) -> Result<(), Stopped> {
        let mut path = place.to_owned();
        for (write, step) in &self.files {
            let (_, name) = write.path.rsplit_once('/').unwrap_or(("", &write.path));
            path.push(name);
            work.run(|disk| put(disk, &path, write, *step))?;
            path.pop();
        }
        self.folders.par_iter().try_for_each(|folder| {
            let place = place.join(folder.name);
            let age = if age == Age::Known && work.tree.has_dir(folder.path) { Age::Known } else { Age::New };
            if age == Age::New {
                work.run(|disk| disk.create_dir(&place).map_err(|error| (place.clone(), error)))?;
            }
            folder.write(&place, age, work)
        })
    }
}

/// What the threads of a build share.
struct Work<'p, D> {
    disk: &'p D,
    tree: &'p Tree,
    /// The first failure, which stops all threads.
    failed: Mutex<Option<DiskError>>,
}

/// A thread ends because something failed, here or elsewhere.
struct Stopped;

impl<D: Disk> Work<'_, D> {
    fn run(&self, step: impl FnOnce(&D) -> Result<(), DiskError>) -> Result<(), Stopped> {
        step(self.disk).map_err(|error| {
            self.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
            Stopped
        })
    }
}

/// Reported only if a thread stopped without saying why, which none does.
fn no_reason(top: &Path) -> DiskError {
    (top.to_owned(), io::Error::other("writing stopped"))
}

/// How a new file comes to its place. Nobody would repair one that is given away, so it must not be torn.
fn step(write: &Write<'_>) -> Step {
    match write.life {
        Life::Generated => Step::Create,
        Life::Once => Step::Replace,
    }
}

fn put(disk: &impl Disk, path: &Path, write: &Write<'_>, step: Step) -> Result<(), DiskError> {
    let fail = |error| (path.to_owned(), error);
    let text = write.content.text().map_err(fail)?;
    match step {
        Step::Create => disk.create(path, text.as_bytes()).map_err(fail),
        Step::Replace => {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let temporary = path.with_file_name(format!("{LEFTOVER}{name}"));
            disk.create(&temporary, text.as_bytes()).map_err(fail)?;
            disk.rename(&temporary, path).map_err(fail)
        }
    }
}
