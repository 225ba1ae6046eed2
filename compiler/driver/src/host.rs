//! The host of a workspace: it loads files, owns the database and hands out snapshots.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use idpc_emit::build::Emission;
use idpc_emit::view::service::Extras;
use idpc_model::db::{self, Database, SourceFile, Workspace};
use idpc_model::diagnostic::{Diagnostic, Severity};
use idpc_model::findings;
use idpc_model::model::{Model, model};
use idpc_model::source::Role;
use idpc_model::span::FileId;
use rayon::prelude::*;

use crate::workspace::{LoadError, Loaded, SourceText, find};

/// Embedded placeholders for what a workspace must state; used only for a file outside any workspace.
const PLACEHOLDERS: &str = "placeholders/";

/// One loaded workspace with its database.
pub struct Host {
    database: Database,
    workspace: Workspace,
    files: Vec<(Arc<str>, Arc<str>)>,
    /// What was read from disk.
    pub loaded: Loaded,
}

/// The result of an analysis.
pub struct Analysis {
    /// The resolved model.
    pub model: Model,
    /// Every finding, merged over environments and sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

impl Loaded {
    /// Finds and reads the workspace, or the single file, that a path names.
    ///
    /// # Errors
    /// When there is none, or when it cannot be read.
    pub fn open(path: &Path) -> Result<Self, LoadError> {
        find(path)?.load()
    }

    /// Adds a source that is not on disk, or replaces the text of one that is.
    pub fn add(&mut self, path: &str, text: &str) {
        match self.files.iter_mut().find(|file| file.path == path) {
            Some(file) => file.text = text.into(),
            None => {
                self.files.push(SourceText {
                    path: path.to_owned(),
                    text: text.into(),
                    role: Role::Application,
                });
                self.files.sort_by(|a, b| a.path.cmp(&b.path));
            }
        }
    }
}

impl Analysis {
    /// Whether anything refuses the program.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|finding| finding.severity == Severity::Error)
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
            .map(|(path, text)| {
                (
                    Arc::from(format!("std:/{path}")),
                    Arc::from(text),
                    Role::Library,
                )
            })
            .collect();
        sources.extend(
            loaded
                .files
                .iter()
                .map(|file| (Arc::from(file.path.as_str()), file.text.clone(), file.role)),
        );
        let files = sources
            .iter()
            .enumerate()
            .map(|(id, (path, text, role))| {
                let id = u32::try_from(id).unwrap_or(u32::MAX);
                SourceFile::new(&database, id, path.clone(), *role, text.clone())
            })
            .collect();
        let workspace = Workspace::new(&database, Arc::from(loaded.name.as_str()), files);
        let files = sources
            .into_iter()
            .map(|(path, text, _)| (path, text))
            .collect();
        Self {
            database,
            workspace,
            files,
            loaded,
        }
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
        let at = self.files.iter().position(|(known, _)| &**known == path)?;
        u32::try_from(at).ok().map(FileId)
    }

    /// The output folder.
    #[must_use]
    pub fn out(&self) -> &PathBuf {
        &self.loaded.out
    }

    /// Evaluates everything, on all threads, and collects what there is to say.
    #[must_use]
    pub fn analyze(&self) -> Analysis {
        self.warm();
        let mut found = findings::findings(&self.database, self.workspace);
        let model = model(&self.database, self.workspace);
        found.extend(idpc_graph::findings::findings(&model));
        let diagnostics = findings::settle(&self.database, self.workspace, found);
        Analysis { model, diagnostics }
    }

    /// Computes the independent queries in parallel, so that collecting them afterwards only reads.
    fn warm(&self) {
        let files = self.workspace.files(&self.database).clone();
        files
            .par_iter()
            .for_each_with(self.database.clone(), |database, file| {
                db::parsed(database, *file);
            });
        let names = db::names(&self.database, self.workspace);
        let environments = db::environments(&self.database, self.workspace);
        db::schema_set(&self.database, self.workspace);
        db::shared_clusters(&self.database, self.workspace);
        let subjects: Vec<(&str, &Arc<str>, &Arc<str>)> = ["service", "resource"]
            .into_iter()
            .flat_map(|root| names.names(root).map(move |name| (root, name)))
            .flat_map(|(root, name)| {
                environments
                    .iter()
                    .map(move |environment| (root, name, environment))
            })
            .collect();
        let workspace = self.workspace;
        subjects.par_iter().for_each_with(
            self.database.clone(),
            |database, (root, name, environment)| {
                db::evaluated(database, workspace,
                    db::subject(database, root, name, environment),
                );
            },
        );
    }

    /// Runs the targets over a model without errors.
    #[must_use]
    pub fn emit(&self, model: &Model, targets: Option<&[String]>) -> Emission {
        idpc_emit::build::emit(model, &self.target_files(), targets, &self.extras(model))
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

    /// Hand-made objects belong to the services whose file lies beside them.
    fn extras(&self, model: &Model) -> Extras {
        let mut extras = Extras::new();
        for extra in &self.loaded.extras {
            let owners = model.services.iter().filter(|service| {
                let path = model.path(service.span.file);
                path.rsplit_once('/').map_or("", |(folder, _)| folder) == extra.folder
            });
            for service in owners {
                let key = (Arc::from(extra.env.as_str()), service.name.clone());
                extras
                    .entry(key)
                    .or_default()
                    .push((extra.name.clone(), extra.text.clone()));
            }
        }
        extras
    }

    /// The embedded target folders with the workspace's own laid over them.
    fn target_files(&self) -> Vec<(String, Arc<str>)> {
        let mut files: Vec<(String, Arc<str>)> = idpc_targets::files()
            .into_iter()
            .map(|(path, text)| (path.to_owned(), Arc::from(text)))
            .collect();
        for (path, text) in &self.loaded.templates {
            match files.iter_mut().find(|(known, _)| known == path) {
                Some((_, slot)) => *slot = text.clone(),
                None => files.push((path.clone(), text.clone())),
            }
        }
        files
    }
}
