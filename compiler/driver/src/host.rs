//! The host of a workspace: it loads files, owns the database and hands out snapshots.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use idpc_emit::artifact::Artifact;
use idpc_emit::build::{Emission, emit_unless};
use idpc_emit::target::amended;
use idpc_emit::view::kept::Kept;
use idpc_emit::view::service::Extras;
use idpc_model::allows::Finder;
use idpc_model::code::Code;
use idpc_model::db::{self, Database, Workspace};
use idpc_model::diagnostic::{Diagnostic, Severity};
use idpc_model::findings::{self, Settling};
use idpc_model::model::{Declared, Model, model, steps};
use idpc_model::source::{FileView, Role, in_package, package_path};
use idpc_model::span::FileId;
use idpc_model::suggest::nearest;
use rayon::prelude::*;

use crate::code;
use crate::texts::Texts;
use crate::workspace::{Completeness, LoadError, Loaded, MANIFEST, ManifestError, SourceText, find};

/// Embedded placeholders for what a workspace must state; used only for a file outside any workspace.
const PLACEHOLDERS: &str = "placeholders/";

/// One loaded workspace with its database.
pub struct Host {
    database: Database,
    workspace: Workspace,
    files: Texts,
    /// Whether the syntax of every file was computed once.
    read: Arc<OnceLock<()>>,
    /// What was read from disk.
    pub loaded: Arc<Loaded>,
}

/// A workspace as it was at a moment: it can be read on another thread while the host goes on. Whoever changes a text waits
/// until the snapshots before it are gone; their queries are called off.
pub struct Snapshot(Host);

impl std::ops::Deref for Snapshot {
    type Target = Host;

    fn deref(&self) -> &Host {
        &self.0
    }
}

/// The result of an analysis.
pub struct Analysis {
    /// The resolved model.
    pub model: Model,
    /// Every finding, merged over environments and sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// What all queries say, before it is looked at together.
struct Gathered {
    found: Vec<Diagnostic>,
    model: Model,
    settling: Arc<Settling>,
}

/// Everything that there is to say about a workspace.
pub struct Examination {
    /// The resolved model.
    pub model: Model,
    /// What the language and the graph find, and what the targets find if nothing else is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// Errors of templates, which name their place in their text.
    pub templates: Vec<String>,
    /// The files of a build, if nothing refuses it.
    pub artifacts: Vec<Artifact>,
}

/// Joins what was analyzed with what the targets made of it, if they ran.
fn examination(analysis: Analysis, settling: &Settling, emission: Option<Emission>) -> Examination {
    let Analysis { model, mut diagnostics } = analysis;
    let (mut templates, mut artifacts) = (Vec::new(), Vec::new());
    // A comment for the targets is judged only if they ran.
    if let Some(emission) = emission {
        diagnostics.extend(settling.settle(emission.diagnostics, Finder::Targets));
        (templates, artifacts) = (emission.errors, emission.artifacts);
    }
    Examination { model, diagnostics, templates, artifacts }
}

impl Snapshot {
    /// Examines the workspace. The database is given back before the graph is looked at and the targets run, so that no edit
    /// waits for them; from then on only texts and what was loaded can be read, and `stop` says whether it is called off.
    #[must_use]
    pub fn examine_unless(mut self, stop: &(dyn Fn() -> bool + Sync)) -> Option<(Self, Examination)> {
        let gathered = self.0.gathered();
        self.0.database = Database::default();
        let settling = gathered.settling.clone();
        let host = &self.0;
        let analysis = host.analyzed(gathered);
        let emission = if host.is_sound(&analysis) {
            let (model, targets) = (&analysis.model, host.loaded.targets.as_deref());
            Some(emit_unless(model, &host.target_files(), targets, &host.extras(model), stop)?)
        } else {
            None
        };
        Some((self, examination(analysis, &settling, emission)))
    }
}

impl Loaded {
    /// Finds and reads the workspace, or the single file, that a path names.
    ///
    /// # Errors
    /// When there is none, or when it cannot be read.
    pub fn open(path: &Path) -> Result<Self, LoadError> {
        find(path)?.load()
    }

    /// Every source: those of packages, then those of the workspace.
    pub fn texts(&self) -> impl Iterator<Item = &SourceText> {
        self.packages.iter().flat_map(|package| &package.files).chain(&self.files)
    }

    /// The name of the source that lies at a path from the top of the file system: from the workspace's root, or
    /// `PACKAGE:/…`. There need not be one yet; `None` when it would lie elsewhere.
    #[must_use]
    pub fn source(&self, path: &Path) -> Option<String> {
        let slashed = |path: &Path| {
            path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
        };
        let mut packages = self.packages.iter();
        let inner = packages.find_map(|package| Some((&package.name, path.strip_prefix(&package.folder).ok()?)));
        match inner {
            Some((package, below)) => Some(package_path(package, &slashed(below))),
            None => path.strip_prefix(&self.root).ok().map(slashed),
        }
    }

    /// Where a source lies, by its name; `None` for one of the library.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<PathBuf> {
        let (folder, below) = match in_package(name) {
            Some((package, below)) => (&self.packages.iter().find(|known| known.name == package)?.folder, below),
            None => (&self.root, name),
        };
        Some(below.split('/').fold(folder.clone(), |path, part| path.join(part)))
    }

    /// Adds a source that is not on disk, or replaces the text of one that is.
    pub fn add(&mut self, path: &str, text: &str) {
        let packaged = self.packages.iter_mut().flat_map(|package| &mut package.files);
        match packaged.chain(&mut self.files).find(|file| file.path == path) {
            Some(file) => file.text = text.into(),
            None => {
                if let Some((package, _)) = in_package(path) {
                    let file = SourceText { path: path.to_owned(), text: text.into(), role: Role::Package };
                    for package in self.packages.iter_mut().filter(|known| known.name == package) {
                        package.files.push(file.clone());
                        package.files.sort_by(|a, b| a.path.cmp(&b.path));
                    }
                    return;
                }
                self.files.push(SourceText { path: path.to_owned(), text: text.into(), role: self.role(path) });
                self.files.sort_by(|a, b| a.path.cmp(&b.path));
            }
        }
    }

    /// What a new file of this workspace may declare.
    fn role(&self, path: &str) -> Role {
        let Some((manifest, _)) = &self.manifest else {
            return Role::Single;
        };
        let platform = manifest.platform.as_ref().map_or("platform", |folder| folder.value.as_str());
        match path.strip_prefix(platform.trim_start_matches("./").trim_end_matches('/')) {
            Some(rest) if rest.starts_with('/') => Role::Platform,
            _ => Role::Application,
        }
    }
}

impl Analysis {
    /// Whether anything refuses the program.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|finding| finding.severity == Severity::Error)
    }
}

impl Host {
    /// Finds and reads the workspace that holds a path.
    ///
    /// # Errors
    /// When a file cannot be read; what is wrong inside files is in [`Loaded::errors`] or a diagnostic.
    pub fn load(path: &Path) -> Result<Self, LoadError> {
        Ok(Self::new(Loaded::open(path)?))
    }

    /// A host for files that were read already.
    #[must_use]
    pub fn new(loaded: Loaded) -> Self {
        let database = Database::default();
        let single = loaded.files.iter().any(|file| file.role == Role::Single);
        let mut sources: Vec<(Arc<str>, Arc<str>, Role)> = idpc_stdlib::files()
            .into_iter()
            .filter(|(path, _)| single || !path.starts_with(PLACEHOLDERS))
            .map(|(path, text)| (Arc::from(format!("std:/{path}")), Arc::from(text), Role::Library))
            .collect();
        sources.extend(loaded.texts().map(|file| (Arc::from(file.path.as_str()), file.text.clone(), file.role)));
        let files = sources
            .iter()
            .enumerate()
            .map(|(id, (path, text, role))| {
                let id = u32::try_from(id).unwrap_or(u32::MAX);
                db::steady_file(&database, id, path.clone(), *role, text.clone())
            })
            .collect();
        let workspace = db::steady_workspace(&database, Arc::from(loaded.name.as_str()), files);
        let files: Vec<_> = sources.into_iter().map(|(path, text, _)| (path, text)).collect();
        Self { database, workspace, files: Texts::new(&files), read: Arc::default(), loaded: Arc::new(loaded) }
    }

    /// A snapshot for another thread; it shares all memory.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(Self {
            database: self.database.clone(),
            workspace: self.workspace,
            files: self.files.clone(),
            read: self.read.clone(),
            loaded: self.loaded.clone(),
        })
    }

    /// The database, for queries about single things.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// The workspace in the database.
    #[must_use]
    pub fn workspace(&self) -> Workspace {
        self.workspace
    }

    /// The path and text of a file, for whoever shows a finding.
    #[must_use]
    pub fn file(&self, id: FileId) -> Option<(&str, &str)> {
        let (path, text) = self.files.get(usize::try_from(id.0).ok()?)?;
        Some((path, text))
    }

    /// The id of a file by its path from the workspace's root.
    #[must_use]
    pub fn file_id(&self, path: &str) -> Option<FileId> {
        u32::try_from(self.files.place(path)?).ok().map(FileId)
    }

    /// The syntax of a file.
    #[must_use]
    pub fn view(&self, id: FileId) -> Option<Arc<FileView>> {
        let file = self.workspace.files(&self.database).get(usize::try_from(id.0).ok()?)?;
        Some(db::parsed(&self.database, *file).view.clone())
    }

    /// Gives a file another text, without the disk; the next analysis computes what depends on it. `false` when the
    /// workspace has no such file.
    pub fn set_text(&mut self, path: &str, text: &str) -> bool {
        let Some(at) = self.files.place(path) else {
            return false;
        };
        if self.files.get(at).is_some_and(|(_, known)| &**known == text) {
            return true;
        }
        let text: Arc<str> = Arc::from(text);
        self.files.set(at, text.clone());
        if let Some(file) = self.workspace.files(&self.database).get(at).copied() {
            db::set_text(&mut self.database, file, text);
        }
        true
    }

    /// Takes over what was read anew. The database is kept, unless files came or went.
    pub fn reload(&mut self, loaded: Loaded) {
        let shape = |loaded: &Loaded| {
            let files = loaded.texts().map(|file| (file.path.clone(), file.role));
            (loaded.name.clone(), files.collect::<Vec<_>>())
        };
        if shape(&self.loaded) != shape(&loaded) {
            *self = Self::new(loaded);
            return;
        }
        for file in loaded.texts() {
            self.set_text(&file.path, &file.text);
        }
        self.loaded = Arc::new(loaded);
    }

    /// The output folder.
    #[must_use]
    pub fn out(&self) -> &PathBuf {
        &self.loaded.out
    }

    /// How many steps all evaluations take together: the same number on every machine.
    #[must_use]
    pub fn steps(&self) -> u64 {
        steps(&self.database, self.workspace)
    }

    /// Evaluates everything, on all threads, and collects what there is to say.
    #[must_use]
    pub fn analyze(&self) -> Analysis {
        self.analyzed(self.gathered())
    }

    /// Asks every query that there is to ask.
    fn gathered(&self) -> Gathered {
        self.warm();
        Gathered {
            found: findings::findings(&self.database, self.workspace),
            model: model(&self.database, self.workspace),
            settling: Arc::new(Settling::new(&self.database, self.workspace)),
        }
    }

    /// What there is to say about what was gathered; reads no query.
    fn analyzed(&self, gathered: Gathered) -> Analysis {
        let Gathered { mut found, model, settling } = gathered;
        found.extend(idpc_graph::findings::findings(&model));
        self.hold_back(&mut found);
        Analysis { model, diagnostics: settling.settle(found, Finder::Language) }
    }

    /// What one file says by itself, without the graph and the targets; computed from what changed.
    #[must_use]
    pub fn findings_of(&self, id: FileId) -> Vec<Diagnostic> {
        let files = self.workspace.files(&self.database);
        let Some(file) = usize::try_from(id.0).ok().and_then(|at| files.get(at)) else { return Vec::new() };
        self.read.get_or_init(|| self.read_all());
        let mut found = findings::of_file(&self.database, self.workspace, *file);
        self.hold_back(&mut found);
        found
    }

    /// Leaves only syntax where sources are missing: whatever else is wrong may stand in a package that could not be read,
    /// and that is said already.
    fn hold_back(&self, found: &mut Vec<Diagnostic>) {
        if self.loaded.completeness == Completeness::Partial {
            found.retain(|finding| matches!(finding.code, Code::Syntax(_)));
        }
    }

    /// What the targets found, merged over environments, sorted by place, and without what comments silence.
    #[must_use]
    pub fn settled(&self, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        findings::settle(&self.database, self.workspace, found, Finder::Targets)
    }

    /// Analyzes, and runs the targets if nothing is wrong so far: all that a user should hear.
    #[must_use]
    pub fn examine(&self) -> Examination {
        let gathered = self.gathered();
        let settling = gathered.settling.clone();
        let analysis = self.analyzed(gathered);
        let emission = self.is_sound(&analysis).then(|| self.emit(&analysis.model, self.loaded.targets.as_deref()));
        examination(analysis, &settling, emission)
    }

    /// Whether the targets can run.
    fn is_sound(&self, analysis: &Analysis) -> bool {
        !analysis.has_errors() && self.loaded.errors.is_empty() && self.unknown_targets().is_empty()
    }

    /// Computes the syntax of every file, on all threads.
    fn read_all(&self) {
        let files = self.workspace.files(&self.database).clone();
        files.par_iter().for_each_with(self.database.clone(), |database, file| {
            db::file_names(database, *file);
        });
    }

    /// Computes the independent queries in parallel, so that collecting them afterwards only reads.
    fn warm(&self) {
        self.read_all();
        let names = db::names(&self.database, self.workspace);
        let environments = db::environments(&self.database, self.workspace);
        db::schema_set(&self.database, self.workspace);
        db::shared_clusters(&self.database, self.workspace);
        let subjects: Vec<(&str, &Arc<str>, &Arc<str>)> = ["service", "resource"]
            .into_iter()
            .flat_map(|root| names.names(root).map(move |name| (root, name)))
            .flat_map(|(root, name)| environments.iter().map(move |environment| (root, name, environment)))
            .collect();
        let workspace = self.workspace;
        subjects.par_iter().for_each_with(self.database.clone(), |database, (root, name, environment)| {
            db::evaluated(database, workspace, db::subject(database, root, name, environment));
        });
    }

    /// Runs the targets over a model without errors.
    #[must_use]
    pub fn emit(&self, model: &Model, targets: Option<&[String]>) -> Emission {
        idpc_emit::build::emit(model, &self.target_files(), targets, &self.extras(model))
    }

    /// The secrets whose values the platform's store keeps, by environment.
    #[must_use]
    pub fn kept_secrets(&self, model: &Model) -> Vec<(Arc<str>, Vec<Kept>)> {
        idpc_emit::build::kept_secrets(model, &self.target_files())
    }

    /// The names of all targets, sorted.
    #[must_use]
    pub fn targets(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .target_files()
            .iter()
            .filter_map(|(path, _)| path.strip_suffix("/target.json").map(str::to_owned))
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// Targets that `idp.toml` asks for and nothing provides.
    #[must_use]
    pub fn unknown_targets(&self) -> Vec<ManifestError> {
        let Some((manifest, _)) = &self.loaded.manifest else {
            return Vec::new();
        };
        let known = self.targets();
        let unknown = manifest.targets.iter().flatten().filter(|target| !known.contains(&target.value));
        unknown
            .map(|target| {
                let message = format!("there is no target `{}`", target.value);
                let help = match nearest(&target.value, known.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("there is {}", known.join(", ")),
                };
                ManifestError::new(code::UNKNOWN_TARGET, MANIFEST, target.span.clone(), message).help(help)
            })
            .collect()
    }

    /// Hand-made objects belong to the services whose file lies beside them.
    fn extras(&self, model: &Model) -> Extras {
        let mut owners: BTreeMap<&str, Vec<&Declared>> = BTreeMap::new();
        for service in &model.services {
            let folder = model.path(service.span.file).rsplit_once('/').map_or("", |(folder, _)| folder);
            owners.entry(folder).or_default().push(service);
        }
        let mut extras = Extras::new();
        for extra in &self.loaded.extras {
            for service in owners.get(extra.folder.as_str()).into_iter().flatten() {
                let key = (Arc::from(extra.env.as_str()), service.name.clone());
                extras.entry(key).or_default().push((extra.name.clone(), extra.text.clone()));
            }
        }
        extras
    }

    /// The embedded target folders, with those of packages laid over them in their order, and the workspace's over all.
    fn target_files(&self) -> Vec<(String, Arc<str>)> {
        let mut files: Vec<(String, Arc<str>)> =
            idpc_targets::files().into_iter().map(|(path, text)| (path.to_owned(), Arc::from(text))).collect();
        let packaged = self.loaded.packages.iter().flat_map(|package| &package.templates);
        let mut amendments = Vec::new();
        for (path, text) in packaged.chain(&self.loaded.templates) {
            match files.iter_mut().find(|(known, _)| known == path) {
                Some((_, slot)) => match path.ends_with(".json").then(|| amended(slot, text)).flatten() {
                    Some(whole) => {
                        *slot = Arc::from(whole);
                        // Behind the whole, so that a mistake is found where it is written.
                        amendments.extend(path.ends_with("/target.json").then(|| (path.clone(), text.clone())));
                    }
                    None => *slot = text.clone(),
                },
                None => files.push((path.clone(), text.clone())),
            }
        }
        files.extend(amendments);
        files
    }
}
