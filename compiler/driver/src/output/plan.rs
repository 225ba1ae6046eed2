//! What a build would do to the output folder. Reads it and changes nothing.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use idpc_emit::artifact::{Artifact, Build, Life, Unit};
use idpc_emit::digest::Digest;
use idpc_emit::packed::Packed;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use rayon::slice::ParallelSliceMut as _;

use super::compare::{Found, Ground};
use super::error::PlanError;
use super::foreign;
use super::gate::{self, GateError, Removal};
use super::journal::{self, Journal};
use super::ledger::{Ledger, Owners, Turnover, turnover};
use super::narrowing::{self, Committed};
use super::objects::{ObjectId, is_applied, objects};
use super::paths::{collision, folders};
use super::scope::Scope;
use super::tree::{Obstacle, Tree, ancestors};

/// A file to be written.
#[derive(Clone, Debug)]
pub(super) struct Write<'a> {
    pub(super) path: Cow<'a, str>,
    pub(super) content: Content<'a>,
    pub(super) life: Life,
}

/// What a file will hold.
#[derive(Clone, Debug)]
pub(super) enum Content<'a> {
    /// What the build made.
    Made(&'a Packed),
    /// What the writer itself adds: a manifest.
    Own(String),
}

impl Content<'_> {
    /// The text that is to be written.
    pub(super) fn text(&self) -> io::Result<Cow<'_, str>> {
        match self {
            Self::Made(packed) => packed.text().map(Cow::Owned).map_err(io::Error::other),
            Self::Own(text) => Ok(Cow::Borrowed(text)),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Made(packed) => packed.len(),
            Self::Own(text) => text.len(),
        }
    }

    pub(super) fn digest(&self) -> Digest {
        match self {
            Self::Made(packed) => packed.digest(),
            Self::Own(text) => Digest::of(text.as_bytes()),
        }
    }
}

/// Everything that a build would do, each list sorted by path.
#[derive(Debug, Default)]
pub struct Plan<'a> {
    pub(super) top: PathBuf,
    pub(super) create: Vec<Write<'a>>,
    pub(super) change: Vec<Write<'a>>,
    pub(super) delete: Vec<String>,
    pub(super) same: usize,
    /// Ours, but changed by hand: written or removed only by force.
    pub(super) edited: Vec<Write<'a>>,
    pub(super) edited_stale: Vec<String>,
    /// Somebody else's files in our places: overwritten only by force.
    pub(super) unowned: Vec<Write<'a>>,
    pub(super) obstacles: Vec<String>,
    pub(super) foreign: Vec<String>,
    pub(super) gate: Vec<GateError>,
    pub(super) manifests: Manifests<'a>,
    pub(super) tree: Tree,
    pub(super) journal: Journal,
    pub(super) empty: Vec<String>,
    pub(super) whole: bool,
}

/// What happens to the manifests, after all else.
#[derive(Debug, Default)]
pub(super) struct Manifests<'a> {
    pub(super) create: Vec<Write<'a>>,
    pub(super) change: Vec<Write<'a>>,
    pub(super) delete: Vec<String>,
}

/// Works out what a build would do to the output folder, which need not exist.
///
/// # Errors
///
/// When the folder or a manifest in it cannot be read, or when two files of the build exclude each other.
pub fn plan<'a>(top: &Path, build: &Build<'a>, scope: &Scope) -> Result<Plan<'a>, PlanError> {
    let mut artifacts = build.artifacts.clone();
    artifacts.par_sort_unstable_by(|one, other| one.path.cmp(&other.path));
    if let Some(found) = collision(&artifacts) {
        return Err(PlanError::Collision(found));
    }
    let tree = Tree::scan(top)?;
    let journal = Journal::read(top).map_err(|error| PlanError::Io(top.join(journal::file_name()), error))?;
    let ledger = Ledger::read(top, &tree, &journal)?;
    let turnover = turnover(&ledger, build, &artifacts, scope);
    let owners = Owners::new(&ledger);
    let survey = Survey {
        ground: Ground { top, owners: &owners, journal: &journal },
        tree: &tree,
        build,
        scope,
        made: &artifacts,
        ledger: &ledger,
    };
    let mut plan = survey.plan(&turnover)?;
    plan.top = top.to_owned();
    plan.tree = tree;
    plan.journal = journal;
    plan.whole = scope.is_whole();
    Ok(plan)
}

/// All that the plan is made of.
struct Survey<'s, 'a> {
    ground: Ground<'s>,
    tree: &'s Tree,
    build: &'s Build<'a>,
    scope: &'s Scope,
    made: &'s [&'a Artifact],
    ledger: &'s Ledger,
}

/// What one artifact asks for.
enum Step<'a> {
    Create(Write<'a>),
    Change(Write<'a>, Vec<ObjectId>),
    Edited(Write<'a>),
    Unowned(Write<'a>),
    Same,
}

impl<'s, 'a> Survey<'s, 'a> {
    fn plan(&self, turnover: &Turnover<'s>) -> Result<Plan<'a>, PlanError> {
        let mut plan = Plan::default();
        let mut removals = Vec::new();
        self.artifacts(&mut plan, &mut removals)?;
        self.leave(turnover, &mut plan, &mut removals)?;
        self.manifests(turnover, &mut plan);
        plan.empty = self.empty_folders(&plan);
        plan.obstacles = self.obstacles(turnover, &plan);
        plan.foreign = foreign::files(self.tree, &self.ground, self.ledger, self.made, self.scope);
        if self.build.services == 0 {
            plan.gate.push(GateError::NoServices);
        }
        plan.gate.extend(gate::durables(self.ledger, self.build, self.scope));
        plan.gate.extend(self.narrowed(&plan)?);
        plan.gate.extend(self.mass(removals)?);
        Ok(plan)
    }

    fn artifacts(&self, plan: &mut Plan<'a>, removals: &mut Vec<Removal<'s>>) -> Result<(), PlanError> {
        let steps = self.made.par_iter().map(|artifact| self.step(artifact)).collect::<Result<Vec<_>, _>>()?;
        for (step, artifact) in steps.into_iter().zip(self.made) {
            match step {
                Step::Create(write) => plan.create.push(write),
                Step::Change(write, objects) => {
                    plan.change.push(write);
                    if !objects.is_empty() {
                        let unit = self.former_owner(artifact.path.as_str()).unwrap_or(&artifact.unit);
                        removals.push(Removal { unit, objects });
                    }
                }
                Step::Edited(write) => plan.edited.push(write),
                Step::Unowned(write) => plan.unowned.push(write),
                Step::Same => plan.same += 1,
            }
        }
        Ok(())
    }

    fn step(&self, artifact: &'a Artifact) -> Result<Step<'a>, PlanError> {
        let path = artifact.path.as_str();
        let write = || Write { path: Cow::Borrowed(path), content: Content::Made(&artifact.text), life: artifact.life };
        if !self.tree.has_file(path) {
            return Ok(Step::Create(write()));
        }
        if artifact.life == Life::Once {
            return Ok(Step::Same);
        }
        Ok(match self.ground.compare(path, Some(&artifact.text))? {
            Found::Same => Step::Same,
            Found::Ours(old) => Step::Change(write(), vanished(path, &old, || text(artifact))?),
            Found::Edited(_) => Step::Edited(write()),
            Found::Unowned(_) => Step::Unowned(write()),
        })
    }

    fn former_owner(&self, path: &str) -> Option<&'s Unit> {
        self.ground.owners.of(path).first().map(|(_, unit)| *unit)
    }

    /// Files that no build makes any more.
    fn leave(
        &self,
        turnover: &Turnover<'s>,
        plan: &mut Plan<'a>,
        removals: &mut Vec<Removal<'s>>,
    ) -> Result<(), PlanError> {
        let present: Vec<_> = turnover.stale.iter().filter(|(file, _)| self.tree.has_file(&file.path)).collect();
        let found =
            present.par_iter().map(|(file, _)| self.ground.compare(&file.path, None)).collect::<Result<Vec<_>, _>>()?;
        for (found, (file, unit)) in found.into_iter().zip(present) {
            match found {
                Found::Ours(old) => {
                    let objects = vanished(&file.path, &old, || Ok(String::new()))?;
                    removals.push(Removal { unit, objects });
                    plan.delete.push(file.path.clone());
                }
                Found::Edited(_) | Found::Unowned(_) => plan.edited_stale.push(file.path.clone()),
                Found::Same => {}
            }
        }
        let abandoned = turnover.abandoned.iter().filter(|path| self.tree.has_file(path));
        plan.delete.extend(abandoned.map(|path| (*path).to_owned()));
        plan.delete.extend(self.orphans(turnover)?);
        plan.delete.sort();
        plan.delete.dedup();
        plan.edited_stale.sort();
        plan.edited_stale.dedup();
        Ok(())
    }

    /// Files of a build that died, which neither an old manifest nor this build knows.
    fn orphans(&self, turnover: &Turnover<'_>) -> Result<Vec<String>, PlanError> {
        if !self.scope.is_whole() {
            return Ok(Vec::new());
        }
        let known = |path: &str| {
            self.made.binary_search_by(|artifact| artifact.path.as_str().cmp(path)).is_ok()
                || self.ground.owners.knows(path)
                || self.ledger.0.contains_key(path)
                || turnover.manifests.contains_key(path)
        };
        let mut orphans = Vec::new();
        for path in self.ground.journal.paths().filter(|path| self.tree.has_file(path) && !known(path)) {
            if matches!(self.ground.compare(path, None)?, Found::Ours(_)) {
                orphans.push(path.clone());
            }
        }
        Ok(orphans)
    }

    fn manifests(&self, turnover: &Turnover<'s>, plan: &mut Plan<'a>) {
        for (path, manifest) in &turnover.manifests {
            let exists = self.tree.has_file(path);
            if manifest.is_empty() {
                if exists {
                    plan.manifests.delete.push(path.clone());
                }
                continue;
            }
            let text = manifest.text();
            if self.ledger.0.get(path).is_some_and(|filed| filed.text == text) {
                continue;
            }
            let write = Write { path: Cow::Owned(path.clone()), content: Content::Own(text), life: Life::Generated };
            if exists {
                plan.manifests.change.push(write);
            } else {
                plan.manifests.create.push(write);
            }
        }
    }

    /// Folders that will hold nothing, the innermost first.
    fn empty_folders(&self, plan: &Plan<'_>) -> Vec<String> {
        let leaves = |path: &String| {
            plan.delete.binary_search(path).is_ok() || plan.manifests.delete.binary_search(path).is_ok()
        };
        let mut needed: BTreeSet<&str> = BTreeSet::new();
        let mut last = "";
        let remaining = self.tree.files.iter().filter(|path| !leaves(path));
        for path in remaining.chain(&self.tree.odd) {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            if folder != last {
                needed.extend(ancestors(path));
                last = folder;
            }
        }
        for write in plan.create.iter().chain(&plan.manifests.create) {
            needed.extend(ancestors(&write.path));
        }
        let empty = self.tree.dirs.iter().rev().filter(|dir| !needed.contains(dir.as_str()));
        empty.cloned().collect()
    }

    /// What stands where a file or folder must be: links first of all, which are never followed.
    fn obstacles(&self, turnover: &Turnover<'_>, plan: &Plan<'_>) -> Vec<String> {
        let mut found = BTreeSet::new();
        if !self.tree.exists {
            return Vec::new();
        }
        let writes = plan.create.iter().chain(&plan.change).chain(&plan.edited).chain(&plan.unowned);
        let manifests = plan.manifests.create.iter().chain(&plan.manifests.change);
        let stale = turnover.stale.iter().map(|(file, _)| file.path.as_str());
        let touched = writes.chain(manifests).map(|write| write.path.as_ref()).chain(stale);
        let touched = touched.chain(turnover.abandoned.iter().copied());
        for path in touched {
            match self.tree.obstacle(path) {
                Some(Obstacle::Odd(path)) => {
                    found.insert(path);
                }
                Some(Obstacle::Folder(path)) if !plan.empty.contains(&path) && !plan.delete.contains(&path) => {
                    found.insert(path);
                }
                _ => {}
            }
        }
        let files = folders(self.made).into_iter().filter(|dir| self.tree.has_file(dir));
        found.extend(files.filter(|dir| plan.delete.iter().all(|gone| gone != dir)).map(str::to_owned));
        found.into_iter().collect()
    }

    fn narrowed(&self, plan: &Plan<'_>) -> Result<Vec<GateError>, PlanError> {
        narrowing::judge(&Committed {
            top: self.ground.top,
            tree: self.tree,
            made: self.made,
            leaving: &plan.delete,
            build: self.build,
        })
    }

    fn mass(&self, removals: Vec<Removal<'s>>) -> Result<Option<GateError>, PlanError> {
        let count: usize = removals.iter().map(|removal| removal.objects.len()).sum();
        if count <= gate::FREE_REMOVALS {
            return Ok(None);
        }
        let applied = self.made.par_iter().filter(|artifact| is_applied(artifact.path.as_str()));
        let remaining = applied
            .map(|artifact| Ok((artifact.unit.env().unwrap_or_default(), objects(&text(artifact)?))))
            .collect::<Result<Vec<_>, PlanError>>()?;
        let remaining: BTreeSet<(&str, ObjectId)> = remaining
            .into_iter()
            .flat_map(|(env, objects)| objects.into_iter().map(move |object| (env, object)))
            .collect();
        Ok(gate::mass(removals, self.build, |env, object| remaining.contains(&(env, object.clone()))))
    }
}

/// The text of an artifact.
pub(super) fn text(artifact: &Artifact) -> Result<String, PlanError> {
    let failed = |damaged| PlanError::Io(PathBuf::from(artifact.path.as_str()), io::Error::other(damaged));
    artifact.text.text().map_err(failed)
}

/// The objects that the old text has and the new one has not.
fn vanished(path: &str, old: &str, new: impl Fn() -> Result<String, PlanError>) -> Result<Vec<ObjectId>, PlanError> {
    if !is_applied(path) {
        return Ok(Vec::new());
    }
    let kept: BTreeSet<ObjectId> = objects(&new()?).into_iter().collect();
    Ok(objects(old).into_iter().filter(|object| !kept.contains(object)).collect())
}

impl From<(PathBuf, io::Error)> for PlanError {
    fn from((path, error): (PathBuf, io::Error)) -> Self {
        Self::Io(path, error)
    }
}

/// What would change, for `--check` and for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// Files that are missing.
    pub missing: Vec<String>,
    /// Files with another content, manifests included.
    pub changed: Vec<String>,
    /// Files that no build makes any more.
    pub stale: Vec<String>,
    /// Files changed by hand since the last build.
    pub edited: Vec<String>,
    /// Files that no manifest owns.
    pub foreign: Vec<String>,
    /// What an interrupted build has left behind.
    pub leftovers: Vec<String>,
}

impl Differences {
    /// Whether the tree is exactly what the build makes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Plan<'_> {
    /// How the folder differs from the build.
    #[must_use]
    pub fn differences(&self) -> Differences {
        let paths = |lists: &[&[Write<'_>]]| {
            let mut paths: Vec<String> =
                lists.iter().flat_map(|list| list.iter().map(|write| write.path.to_string())).collect();
            paths.sort();
            paths
        };
        let mut edited = paths(&[&self.edited]);
        edited.extend(self.edited_stale.iter().cloned());
        edited.sort();
        let mut stale = self.delete.clone();
        stale.extend(self.manifests.delete.iter().cloned());
        stale.sort();
        let mut foreign = self.foreign.clone();
        foreign.extend(paths(&[&self.unowned]));
        foreign.extend(self.obstacles.iter().cloned());
        foreign.sort();
        foreign.dedup();
        Differences {
            missing: paths(&[&self.create, &self.manifests.create]),
            changed: paths(&[&self.change, &self.manifests.change]),
            stale,
            edited,
            foreign,
            leftovers: self.tree.leftovers.clone(),
        }
    }

    /// What the gate says.
    #[must_use]
    pub fn gate(&self) -> &[GateError] {
        &self.gate
    }

    /// How many files are as they should be.
    #[must_use]
    pub fn same(&self) -> usize {
        self.same
    }
}
