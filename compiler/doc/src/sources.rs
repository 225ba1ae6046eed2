//! What the reference is made from.

use std::sync::Arc;

use idpc_model::schema::{LIBRARY, Schema, SchemaSet, is_hidden};
use idpc_model::source::{FileView, Role};
use idpc_model::span::{FileId, Span};
use idpc_syntax::ast::TextRange;

/// A file with its syntax.
#[derive(Clone, Debug)]
pub struct Source {
    /// How people name it: `std:/kinds/postgres.idp`, `platform/teams.idp`.
    pub path: Arc<str>,
    /// Its text.
    pub text: Arc<str>,
    /// Its syntax and constants.
    pub view: Arc<FileView>,
}

/// A workspace to be described.
#[derive(Clone, Debug)]
pub struct Sources {
    /// The workspace's name.
    pub workspace: Arc<str>,
    /// Its schemas and enums.
    pub set: Arc<SchemaSet>,
    /// Its files, by id.
    pub files: Vec<Source>,
}

impl Sources {
    /// A file by its id.
    #[must_use]
    pub fn file(&self, id: FileId) -> Option<&Source> {
        self.files.get(usize::try_from(id.0).ok()?)
    }

    /// A piece of a file, on one line.
    #[must_use]
    pub fn written(&self, file: FileId, range: TextRange) -> String {
        let text = self.file(file).and_then(|file| file.text.get(range.start().into()..range.end().into()));
        text.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// `platform/kinds.idp:12`.
    #[must_use]
    pub fn place(&self, span: Span) -> String {
        let Some(file) = self.file(span.file) else { return String::new() };
        let before = file.text.get(..span.range.start().into()).unwrap_or_default();
        format!("{}:{}", file.path, before.matches('\n').count() + 1)
    }

    /// Who declares what stands in a file.
    #[must_use]
    pub fn owner(&self, file: FileId) -> String {
        let view = self.file(file).map(|file| &file.view);
        match view.map(|view| (view.role, view.package.as_deref())) {
            Some((Role::Library, _)) => String::from("the standard library"),
            Some((Role::Package, Some(package))) => format!("the package {package}"),
            _ => String::from("the platform"),
        }
    }

    /// Every schema that has a page, sorted by name: hidden ones and records declared in place have none.
    pub fn schemas(&self) -> impl Iterator<Item = &Arc<Schema>> {
        self.set.schemas.values().filter(|schema| has_page(&schema.name))
    }
}

/// Whether a schema of this name has a page.
#[must_use]
pub fn has_page(name: &str) -> bool {
    !is_hidden(name) && !name.contains('.')
}

/// The name of a schema without who owns it.
#[must_use]
pub fn plain(name: &str) -> &str {
    name.strip_prefix(LIBRARY).and_then(|rest| rest.strip_prefix(':')).unwrap_or(name)
}
