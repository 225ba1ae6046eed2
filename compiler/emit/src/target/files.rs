//! The files of a target's folder, read and sorted by what they are.

use std::collections::{BTreeMap, BTreeSet};

use super::TargetError;
use super::manifest::{self, Manifest};
use crate::shape::ShapeSource;
use crate::template::{self, Folder, Library, Source, nearest};

/// Lays the files of `over` over those of `base`: a file of the same path replaces the other, a new one is added.
#[must_use]
pub fn overlay<'a>(base: &[(&'a str, &'a str)], over: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let files: BTreeMap<&str, &str> = base.iter().chain(over).copied().collect();
    files.into_iter().collect()
}

/// All templates of a target.
pub(super) struct Files<'a> {
    /// By path: the templates of whole files.
    templates: BTreeMap<String, Source>,
    /// By folder, kind or path, and name.
    partials: BTreeMap<(Folder, String, String), Source>,
    broken: BTreeSet<String>,
    shapes: &'a dyn ShapeSource,
}

impl<'a> Files<'a> {
    /// Reads every template among `files`.
    pub fn read(files: &[(&str, &str)], shapes: &'a dyn ShapeSource) -> (Self, Vec<TargetError>) {
        let mut read = Self { templates: BTreeMap::new(), partials: BTreeMap::new(), broken: BTreeSet::new(), shapes };
        let mut errors = Vec::new();
        for (path, text) in files {
            let Some(stem) = path.strip_suffix(".hbs") else {
                continue;
            };
            match template::parse(path, text) {
                Ok(items) => read.add(path, stem, Source { file: (*path).to_owned(), items }),
                Err(problems) => {
                    read.broken.insert((*path).to_owned());
                    errors.extend(problems);
                }
            }
        }
        (read, errors)
    }

    fn add(&mut self, path: &str, stem: &str, source: Source) {
        let parts: Vec<&str> = stem.split('/').collect();
        match parts.as_slice() {
            ["partials", name] => self.partials.insert((Folder::Shared, String::new(), (*name).to_owned()), source),
            ["kinds", kind, name] => {
                self.partials.insert((Folder::Kind, (*kind).to_owned(), (*name).to_owned()), source)
            }
            ["paths", path, name] => {
                self.partials.insert((Folder::Path, (*path).to_owned(), (*name).to_owned()), source)
            }
            _ => self.templates.insert(path.to_owned(), source),
        };
    }

    pub fn template(&self, path: &str) -> Option<&Source> {
        self.templates.get(path)
    }

    /// Whether there is such a template, with errors of its own.
    pub fn is_broken(&self, path: &str) -> bool {
        self.broken.contains(path)
    }

    /// Whether there is a folder for `kind`.
    pub fn has_kind(&self, kind: &str) -> bool {
        self.partials.keys().any(|(folder, schema, _)| *folder == Folder::Kind && schema == kind)
    }

    /// The error that there is no template `path`.
    pub fn missing(&self, path: &str) -> TargetError {
        let help =
            nearest(path, self.templates.keys().map(String::as_str)).map(|known| format!("did you mean `{known}`?"));
        TargetError { help, ..manifest::error(format!("there is no template `{path}`")) }
    }

    /// Templates that no rule uses.
    pub fn unused(&self, manifest: &Manifest) -> Vec<TargetError> {
        let unused = self.templates.keys().filter(|path| manifest.files.iter().all(|file| file.template != **path));
        unused
            .map(|path| TargetError {
                file: path.clone(),
                ..manifest::error("no rule in `target.json` uses this template")
            })
            .collect()
    }
}

impl Library for Files<'_> {
    fn partial(&self, folder: Folder, schema: &str, name: &str) -> Option<&Source> {
        self.partials.get(&(folder, schema.to_owned(), name.to_owned()))
    }

    fn names(&self, folder: Folder) -> Vec<&str> {
        let names: BTreeSet<&str> =
            self.partials.keys().filter(|(other, _, _)| *other == folder).map(|(_, _, name)| name.as_str()).collect();
        names.into_iter().collect()
    }

    fn shapes(&self) -> &dyn ShapeSource {
        self.shapes
    }
}
