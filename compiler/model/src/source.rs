//! A parsed source as the analyses see it.

use std::collections::BTreeMap;
use std::sync::Arc;

use idpc_syntax::ast::{Decl, DeclKind, SourceFile, TextRange};

use crate::span::{FileId, Span};
use crate::value::Value;

/// What a file may declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// The embedded standard library.
    Library,
    /// A platform package: everything may be declared, and its own names come first.
    Package,
    /// The platform team's files.
    Platform,
    /// Everybody else's files.
    Application,
    /// A file outside any workspace: both roles at once.
    Single,
}

impl Role {
    /// Whether schemas, environments and the platform may be declared.
    #[must_use]
    pub fn is_platform(self) -> bool {
        !matches!(self, Self::Application)
    }
}

/// What stands between the name of a package and the path of a file in it: `base:/kinds/table.idp`.
const PACKAGE_MARK: &str = ":/";

/// The name of a package's file.
#[must_use]
pub fn package_path(package: &str, path: &str) -> String {
    format!("{package}{PACKAGE_MARK}{path}")
}

/// The package and the path in it, for the name of a file of the library or of a package.
#[must_use]
pub fn in_package(name: &str) -> Option<(&str, &str)> {
    let (package, path) = name.split_once(PACKAGE_MARK)?;
    (!package.contains('/')).then_some((package, path))
}

/// One file with its syntax and constants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileView {
    /// Which file.
    pub id: FileId,
    /// What it may declare.
    pub role: Role,
    /// The package that it belongs to.
    pub package: Option<Arc<str>>,
    /// Its syntax.
    pub ast: Arc<SourceFile>,
    /// Its `let` constants.
    pub lets: Arc<BTreeMap<String, Value>>,
}

impl FileView {
    /// A span in this file.
    #[must_use]
    pub fn span(&self, range: TextRange) -> Span {
        Span::new(self.id, range)
    }
}

/// A declaration by file and place in the file's list; free of offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeclRef {
    /// Which file.
    pub file: FileId,
    /// Which of its declarations.
    pub ordinal: usize,
}

/// Where analyses read files from.
pub trait Sources {
    /// A file by its id.
    fn get(&self, id: FileId) -> Option<&FileView>;

    /// A declaration with its file.
    fn decl(&self, at: DeclRef) -> Option<(&FileView, &Decl)> {
        let file = self.get(at.file)?;
        Some((file, file.ast.decls.get(at.ordinal)?))
    }
}

/// Some files of a workspace, sorted by id.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Files(pub Vec<Arc<FileView>>);

impl Sources for Files {
    fn get(&self, id: FileId) -> Option<&FileView> {
        let at = self.0.binary_search_by_key(&id, |file| file.id).ok()?;
        self.0.get(at).map(|file| &**file)
    }
}

impl Files {
    /// Every declaration with its file, in order.
    pub fn decls(&self) -> impl Iterator<Item = (&FileView, &Decl)> {
        self.0.iter().flat_map(|file| file.ast.decls.iter().map(move |decl| (&**file, decl)))
    }
}

/// The name that a declaration introduces, with its root keyword or form.
#[must_use]
pub fn declared(decl: &Decl) -> Option<(&str, &str)> {
    match &decl.kind {
        DeclKind::Schema(schema) => Some(("schema", &schema.name.text)),
        DeclKind::Enum(item) => Some(("enum", &item.name.text)),
        DeclKind::Instance(instance) => Some((&instance.root.text, &instance.name.text)),
        DeclKind::Extend(_) | DeclKind::ExtendEnum(_) | DeclKind::Let(_) | DeclKind::Identity(_) => None,
    }
}
