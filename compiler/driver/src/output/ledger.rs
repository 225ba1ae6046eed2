//! The manifests in the output folder: who owns what there, before this build and after it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use idpc_emit::artifact::{Artifact, Build, Durable, Life, Unit, UnitInfo};
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::journal::Journal;
use super::manifest::{Given, Manifest, ManifestFault, Owned, is_manifest_path};
use super::scope::Scope;
use super::tree::Tree;

/// A manifest as it lies on disk.
#[derive(Debug)]
pub(super) struct Filed {
    pub(super) text: String,
    pub(super) manifest: Manifest,
}

/// All manifests of the last build, by path.
#[derive(Debug, Default)]
pub(super) struct Ledger(pub(super) BTreeMap<String, Filed>);

/// Why the manifests cannot be read.
#[derive(Debug)]
pub(super) enum LedgerError {
    Io(PathBuf, io::Error),
    Fault(String, ManifestFault),
}

impl Ledger {
    /// Reads every manifest of the tree, apart from those that a dying build cut short.
    pub(super) fn read(top: &Path, tree: &Tree, journal: &Journal) -> Result<Self, LedgerError> {
        let paths: Vec<&String> = tree.files.iter().filter(|path| is_manifest_path(path)).collect();
        let filed = paths.par_iter().map(|path| file(top, path, journal)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self(filed.into_iter().flatten().collect()))
    }

    /// Every manifest that the build speaks for.
    pub(super) fn owned<'a>(&'a self, scope: &'a Scope) -> impl Iterator<Item = &'a Manifest> {
        self.0.values().map(|filed| &filed.manifest).filter(|manifest| scope.owns(&manifest.unit))
    }
}

fn file(top: &Path, path: &str, journal: &Journal) -> Result<Option<(String, Filed)>, LedgerError> {
    let full = top.join(path);
    let bytes = fs::read(&full).map_err(|error| LedgerError::Io(full, error))?;
    let parsed = match str::from_utf8(&bytes) {
        Ok(text) => Manifest::parse(path, text).map(|manifest| Filed { text: text.to_owned(), manifest }),
        Err(_) => Err(ManifestFault::Json(String::from("it is not UTF-8"))),
    };
    match parsed {
        Ok(filed) => Ok(Some((path.to_owned(), filed))),
        Err(_) if journal.wrote(path, &bytes) => Ok(None),
        Err(fault) => Err(LedgerError::Fault(path.to_owned(), fault)),
    }
}

/// Who owns each file, by path.
pub(super) struct Owners<'a> {
    files: Vec<(&'a Owned, &'a Unit)>,
    once: Vec<&'a str>,
}

impl<'a> Owners<'a> {
    pub(super) fn new(ledger: &'a Ledger) -> Self {
        let manifests = || ledger.0.values().map(|filed| &filed.manifest);
        let mut files: Vec<_> =
            manifests().flat_map(|manifest| manifest.files.iter().map(move |file| (file, &manifest.unit))).collect();
        files.sort_by(|(one, _), (other, _)| one.path.cmp(&other.path));
        let mut once: Vec<&str> =
            manifests().flat_map(|manifest| manifest.once.iter().map(|file| file.path.as_str())).collect();
        once.sort_unstable();
        Self { files, once }
    }

    /// Every entry for this path; more than one only after a move or a bad merge.
    pub(super) fn of(&self, path: &str) -> &[(&'a Owned, &'a Unit)] {
        let start = self.files.partition_point(|(file, _)| file.path.as_str() < path);
        let tail = self.files.get(start..).unwrap_or_default();
        let len = tail.iter().take_while(|(file, _)| file.path == path).count();
        tail.get(..len).unwrap_or_default()
    }

    /// Whether an earlier build made this file, or gave it away.
    pub(super) fn knows(&self, path: &str) -> bool {
        !self.of(path).is_empty() || self.once.binary_search(&path).is_ok()
    }

    /// The folders that hold a file given away.
    pub(super) fn given_folders(&self) -> impl Iterator<Item = &'a str> {
        self.once.iter().filter_map(|path| path.rsplit_once('/').map(|(folder, _)| folder))
    }
}

/// What this build makes of one unit.
#[derive(Default)]
struct Made<'a> {
    unit: Option<&'a Unit>,
    info: Option<&'a UnitInfo>,
    files: Vec<Owned>,
    once: Vec<Given>,
}

/// The manifests after this build and the files that leave with it.
pub(super) struct Turnover<'a> {
    /// By path; an empty one is to be removed.
    pub(super) manifests: BTreeMap<String, Manifest>,
    /// Files that no build makes any more, with the unit that had them.
    pub(super) stale: Vec<(&'a Owned, &'a Unit)>,
    /// Files given away whose unit is gone.
    pub(super) abandoned: Vec<&'a str>,
}

/// Works out the manifests after a build of these files, sorted by path.
pub(super) fn turnover<'a>(ledger: &'a Ledger, build: &Build<'_>, made: &[&Artifact], scope: &Scope) -> Turnover<'a> {
    let units = by_unit(build, made);
    let produced = |path: &str| made.binary_search_by(|one| one.path.as_str().cmp(path)).is_ok();
    let elsewhere = owned_elsewhere(ledger, scope);
    let mut turnover = Turnover { manifests: BTreeMap::new(), stale: Vec::new(), abandoned: Vec::new() };
    let nothing = Made::default();
    for (path, filed) in &ledger.0 {
        let old = &filed.manifest;
        let now = units.get(path).unwrap_or(&nothing);
        if scope.owns(&old.unit) {
            let leaves = |path: &str, target: &str| scope.makes(target) && !produced(path) && !elsewhere.contains(path);
            turnover
                .stale
                .extend(old.files.iter().filter(|file| leaves(&file.path, &file.target)).map(|file| (file, &old.unit)));
            if now.unit.is_none() {
                turnover.abandoned.extend(
                    old.once.iter().filter(|file| leaves(&file.path, &file.target)).map(|file| file.path.as_str()),
                );
            }
        } else if now.unit.is_none() {
            continue;
        }
        turnover.manifests.insert(path.clone(), next(now.unit.unwrap_or(&old.unit), now, Some(old), scope, &produced));
    }
    for (path, now) in units {
        if let Some(unit) = now.unit
            && !ledger.0.contains_key(&path)
        {
            turnover.manifests.insert(path, next(unit, &now, None, scope, &produced));
        }
    }
    turnover
}

fn by_unit<'a>(build: &'a Build<'_>, made: &[&'a Artifact]) -> BTreeMap<String, Made<'a>> {
    let mut units: BTreeMap<String, Made<'a>> = BTreeMap::new();
    for info in &build.units {
        let entry = units.entry(info.unit.manifest_path()).or_default();
        entry.unit = Some(&info.unit);
        entry.info = Some(info);
    }
    // Files are sorted by path, so those of a unit mostly come together.
    let mut last: Option<(&Unit, String)> = None;
    for artifact in made {
        let place = match last.take() {
            Some((unit, place)) if *unit == artifact.unit => place,
            _ => artifact.unit.manifest_path(),
        };
        let entry = units.entry(place.clone()).or_default();
        last = Some((&artifact.unit, place));
        entry.unit = entry.unit.or(Some(&artifact.unit));
        let (path, target) = (artifact.path.as_str().to_owned(), artifact.target.clone());
        match artifact.life {
            Life::Generated => entry.files.push(Owned { path, digest: artifact.text.digest(), target }),
            Life::Once => entry.once.push(Given { path, target }),
        }
    }
    units
}

/// In a narrowed build: paths that manifests outside its scope list, which it must not remove.
fn owned_elsewhere<'a>(ledger: &'a Ledger, scope: &Scope) -> BTreeSet<&'a str> {
    if scope.is_whole() {
        return BTreeSet::new();
    }
    let outside = ledger.0.values().map(|filed| &filed.manifest).filter(|manifest| !scope.owns(&manifest.unit));
    outside.flat_map(|manifest| manifest.files.iter().map(|file| file.path.as_str())).collect()
}

/// The manifest of a unit after the build.
fn next(
    unit: &Unit,
    made: &Made<'_>,
    old: Option<&Manifest>,
    scope: &Scope,
    produced: &dyn Fn(&str) -> bool,
) -> Manifest {
    let lives = made.unit.is_some();
    let rebuilt = |target: &str| scope.owns(unit) && scope.makes(target);
    let mut files = made.files.clone();
    let mut once = made.once.clone();
    if let Some(old) = old {
        files.extend(old.files.iter().filter(|file| !rebuilt(&file.target) && !produced(&file.path)).cloned());
        once.extend(old.once.iter().filter(|file| (lives || !rebuilt(&file.target)) && !produced(&file.path)).cloned());
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    once.sort_by(|one, other| one.path.cmp(&other.path));
    let owner = made.info.and_then(|info| info.owner.clone());
    Manifest {
        unit: unit.clone(),
        owner: owner.or_else(|| old.and_then(|old| old.owner.clone())),
        files,
        once,
        durable: durables(unit, made, old, scope),
    }
}

/// A build that leaves out targets may leave out the very files of an object, so it forgets none.
fn durables(unit: &Unit, made: &Made<'_>, old: Option<&Manifest>, scope: &Scope) -> Vec<Durable> {
    let mut durables = made.info.map(|info| info.durables.clone()).unwrap_or_default();
    let complete = scope.owns(unit) && scope.targets.is_none();
    if let Some(old) = old.filter(|_| !complete) {
        let kept = old.durable.iter().filter(|item| durables.iter().all(|one| one.id != item.id));
        let kept: Vec<Durable> = kept.cloned().collect();
        durables.extend(kept);
    }
    durables.sort();
    durables
}
