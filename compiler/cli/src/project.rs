//! The workspace that a command works on: the host, what is wrong with it, and how its files are named to people.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use idpc_driver::host::{Analysis, Host};
use idpc_driver::output::Notice;
use idpc_driver::workspace::{Found, LoadError, Loaded, MANIFEST, ManifestError, find};
use idpc_emit::build::Emission;
use idpc_emit::view::origin::origin;
use idpc_model::code::Code;
use idpc_model::db;
use idpc_model::diagnostic::Diagnostic;
use idpc_model::model::Model;
use idpc_model::source::Role;
use idpc_model::span::{FileId, Span};
use idpc_syntax::ast::{TextRange, TextSize};

use crate::args::Format;
use crate::console::Paint;
use crate::outcome::Failure;
use crate::position::{LineIndex, Position};
use crate::reach::Reach;
use crate::render::{Finding, Remark, Sources, render, shown};

/// Stands for `idp.toml`, which is no source and has no id of its own.
const MANIFEST_ID: FileId = FileId(u32::MAX);

/// A loaded workspace, or a file outside of any.
pub struct Project {
    /// The files and the database.
    pub host: Host,
    /// Leads from the current folder to the workspace, if it lies below: `infra/`.
    prefix: String,
    /// The file that the report is narrowed to.
    file: Option<FileId>,
}

impl Project {
    /// Loads what a path names.
    ///
    /// # Errors
    /// When there is nothing to load, or when it cannot be read.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let found = find(path).map_err(|error| failure(&error))?;
        let loaded = found.load().map_err(|error| failure(&error))?;
        let prefix = prefix(&loaded.root);
        let host = Host::new(loaded);
        let file = match &found {
            Found::Workspace { root, focus } => {
                host.loaded.source(&root.join(focus)).and_then(|name| host.file_id(&name))
            }
            Found::File { .. } => None,
        };
        Ok(Self { host, prefix, file })
    }

    /// The workspace around the current folder.
    ///
    /// # Errors
    /// When something cannot be read.
    pub fn here() -> Result<Self, Failure> {
        Self::open(Path::new("."))
    }

    /// Files that were read already.
    #[must_use]
    pub fn of(loaded: Loaded) -> Self {
        let prefix = prefix(&loaded.root);
        Self { host: Host::new(loaded), prefix, file: None }
    }

    /// The folder that holds `idp.toml`.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.host.loaded.root
    }

    /// Whether there is an `idp.toml`.
    #[must_use]
    pub fn is_workspace(&self) -> bool {
        self.host.loaded.manifest.is_some()
    }

    /// The model with what the language and the graph find.
    #[must_use]
    pub fn analyze(&self) -> (Analysis, Vec<Finding>) {
        let analysis = self.host.analyze();
        let findings = self.findings(&analysis.diagnostics);
        (analysis, findings)
    }

    /// Diagnostics, after what is wrong with the files as files.
    #[must_use]
    pub fn findings(&self, diagnostics: &[Diagnostic]) -> Vec<Finding> {
        let mut findings = self.manifest_findings();
        findings.extend(diagnostics.iter().cloned().map(Finding::Placed));
        findings
    }

    /// All that there is to say: the same, and what the targets find if nothing else is wrong.
    #[must_use]
    pub fn examine(&self) -> Vec<Finding> {
        let examination = self.host.examine();
        let mut findings = self.manifest_findings();
        findings.extend(examination.diagnostics.into_iter().map(Finding::Placed));
        findings.extend(examination.templates.iter().map(|text| Finding::Bare(Remark::template(text))));
        findings
    }

    /// What is wrong with `idp.toml`, and with files that could not be read.
    fn manifest_findings(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self.host.loaded.errors.iter().map(|error| self.manifest(error)).collect();
        findings.extend(self.host.unknown_targets().iter().map(|error| self.manifest(error)));
        findings
    }

    /// Runs the targets.
    #[must_use]
    pub fn emit(&self, model: &Model, targets: Option<&[String]>) -> Emission {
        self.host.emit(model, targets)
    }

    /// Takes from an emission what it found.
    #[must_use]
    pub fn emission_findings(&self, emission: &mut Emission) -> Vec<Finding> {
        let placed = self.host.settled(std::mem::take(&mut emission.diagnostics)).into_iter().map(Finding::Placed);
        let errors =
            std::mem::take(&mut emission.errors).into_iter().map(|text| Finding::Bare(Remark::template(&text)));
        placed.chain(errors).collect()
    }

    /// Every target there is, sorted.
    #[must_use]
    pub fn targets(&self) -> Vec<String> {
        self.host.targets()
    }

    /// The targets that `idp.toml` asks for.
    #[must_use]
    pub fn default_targets(&self) -> Option<Vec<String>> {
        self.host.loaded.targets.clone()
    }

    /// Splits findings into those of the file that the report is narrowed to and all others.
    #[must_use]
    pub fn narrowed(&self, findings: Vec<Finding>) -> (Vec<Finding>, Vec<Finding>) {
        findings.into_iter().partition(|finding| match (self.file, finding) {
            (Some(file), Finding::Placed(diagnostic)) => diagnostic.primary.file == file,
            _ => true,
        })
    }

    /// The file that the report is narrowed to.
    #[must_use]
    pub fn focus(&self) -> Option<FileId> {
        self.file
    }

    /// The files that are the workspace's own, with their paths from its root: neither the library's nor a package's.
    #[must_use]
    pub fn own_files(&self) -> BTreeMap<FileId, String> {
        let paths = self.host.loaded.files.iter().map(|file| &file.path);
        paths.filter_map(|path| Some((self.host.file_id(path)?, path.clone()))).collect()
    }

    /// A file as people name it.
    #[must_use]
    pub fn shown(&self, file: FileId) -> String {
        self.file(file).map_or_else(String::new, |(path, _)| shown(&self.prefix, path))
    }

    /// Takes away what concerns nothing within reach; says how much that was.
    pub fn set_aside(&self, findings: &mut Vec<Finding>, reach: &Reach) -> usize {
        let before = findings.len();
        findings.retain(|finding| match finding {
            Finding::Placed(diagnostic) => {
                let file = self.host.file(diagnostic.primary.file);
                file.is_none_or(|(path, text)| reach.covers(text, self.role(path), diagnostic.primary))
            }
            Finding::Bare(_) => true,
        });
        before - findings.len()
    }

    /// What a file may declare; a file that was not loaded from the workspace is the library's.
    fn role(&self, path: &str) -> Role {
        let file = self.host.loaded.texts().find(|file| file.path == path);
        file.map_or(Role::Library, |file| file.role)
    }

    /// Findings as text.
    #[must_use]
    pub fn render(&self, findings: &[Finding], format: Format, paint: Paint) -> String {
        let sources = Sources::of(findings, &self.prefix, |file| self.file(file));
        render(findings, &sources, format, paint)
    }

    /// The file, from the workspace's root, and the beginning of a span.
    #[must_use]
    pub fn place(&self, span: Span) -> Option<(&str, Position)> {
        let (path, text) = self.host.file(span.file)?;
        Some((path, LineIndex::new(text).position(text, span.range.start().into())))
    }

    /// A refusal of the writer, with its place in the schema that is to blame, if one is.
    #[must_use]
    pub fn refusal(&self, notice: Notice) -> Finding {
        let set = db::schema_set(self.host.database(), self.host.workspace());
        let span = notice.about.as_ref().and_then(|about| origin(&set.set, &about.kind, &about.field));
        let place = span.and_then(|span| self.place(span)).map(|(path, at)| {
            let path = shown(&self.prefix, path);
            (path, Some((at.line, at.column)))
        });
        Finding::Bare(Remark { place, ..notice.into() })
    }

    /// The same workspace with one file more, which its report is narrowed to.
    #[must_use]
    pub fn with_file(&self, path: &str, text: &str) -> Self {
        let mut loaded = Loaded::clone(&self.host.loaded);
        loaded.add(path, text);
        let host = Host::new(loaded);
        let file = host.file_id(path);
        Self { host, prefix: self.prefix.clone(), file }
    }

    /// A finding about `idp.toml` points into it; one about a file that could not be read only names it.
    fn manifest(&self, error: &ManifestError) -> Finding {
        if error.file == MANIFEST && self.host.loaded.manifest.is_some() {
            let size = |at: usize| TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
            let (start, end) = (size(error.span.start), size(error.span.end.max(error.span.start)));
            let place = Span::new(MANIFEST_ID, TextRange::new(start, end));
            let mut finding = Diagnostic::new(Code::Syntax(error.code), place, &error.message);
            finding.help.clone_from(&error.help);
            return Finding::Placed(finding);
        }
        Finding::Bare(Remark {
            code: Some(error.code.to_owned()),
            place: Some((format!("{}{}", self.prefix, error.file), None)),
            help: error.help.iter().cloned().collect(),
            ..Remark::error(&error.message)
        })
    }

    /// The path and text of whatever a finding may point into.
    fn file(&self, id: FileId) -> Option<(&str, &str)> {
        if id == MANIFEST_ID {
            let (_, text) = self.host.loaded.manifest.as_ref()?;
            return Some((MANIFEST, text));
        }
        self.host.file(id)
    }
}

/// Why there is nothing to work on.
fn failure(error: &LoadError) -> Failure {
    match error {
        LoadError::Missing(_) | LoadError::Io(..) => Failure::Io(error.to_string()),
        _ => Failure::Usage { message: error.to_string(), help: error.help().map(str::to_owned) },
    }
}

/// A path from the workspace's root, with `/`.
fn below(root: &Path, path: &Path) -> Option<String> {
    let path = fs::canonicalize(path).ok()?;
    let root = fs::canonicalize(root).ok()?;
    let parts: Vec<String> = path
        .strip_prefix(root)
        .ok()?
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    Some(parts.join("/"))
}

/// What has to stand before a path of the workspace so that it can be opened from the current folder. A workspace
/// around it, or elsewhere, names its files from its root.
fn prefix(root: &Path) -> String {
    let here = std::env::current_dir().and_then(fs::canonicalize).unwrap_or_else(|_| PathBuf::from("."));
    match below(&here, root) {
        Some(path) if !path.is_empty() => format!("{path}/"),
        _ => String::new(),
    }
}
