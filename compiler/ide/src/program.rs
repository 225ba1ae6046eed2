//! What the features read of a workspace. Nothing is collected ahead: each answer is computed when it is asked for, so that
//! a keystroke costs what it touches.

use std::sync::Arc;

use idpc_model::db::{self, Database, Workspace};
use idpc_model::index::Index;
use idpc_model::schema::{Schema, SchemaSet};
use idpc_model::source::{DeclRef, FileView, Role};
use idpc_model::span::FileId;
use idpc_model::value::Record;
use idpc_syntax::ast::{DeclKind, InstanceDecl};

/// A workspace that can be asked.
#[derive(Clone, Copy)]
pub struct Program<'a> {
    database: &'a Database,
    workspace: Workspace,
}

impl<'a> Program<'a> {
    /// The workspace of a database.
    #[must_use]
    pub fn new(database: &'a Database, workspace: Workspace) -> Self {
        Self { database, workspace }
    }

    /// Every schema and enum.
    #[must_use]
    pub fn set(&self) -> &'a Arc<SchemaSet> {
        &db::schema_set(self.database, self.workspace).set
    }

    /// Who declares which name.
    #[must_use]
    pub fn index(&self) -> &'a Arc<Index> {
        db::names(self.database, self.workspace)
    }

    /// The environments, in the order of delivery.
    #[must_use]
    pub fn environments(&self) -> &'a [Arc<str>] {
        db::environments(self.database, self.workspace)
    }

    /// All files, the library's included.
    pub fn files(&self) -> impl Iterator<Item = FileId> + use<> {
        let count = self.workspace.files(self.database).len();
        (0..count).filter_map(|at| u32::try_from(at).ok().map(FileId))
    }

    fn source(&self, file: FileId) -> Option<db::SourceFile> {
        self.workspace.files(self.database).get(usize::try_from(file.0).ok()?).copied()
    }

    /// The syntax of a file.
    #[must_use]
    pub fn view(&self, file: FileId) -> Option<&'a Arc<FileView>> {
        Some(&db::parsed(self.database, self.source(file)?).view)
    }

    /// The text of a file.
    #[must_use]
    pub fn text(&self, file: FileId) -> Option<Arc<str>> {
        Some(self.source(file)?.text(self.database))
    }

    /// The path of a file, from the workspace's root.
    #[must_use]
    pub fn path(&self, file: FileId) -> Option<Arc<str>> {
        Some(self.source(file)?.path(self.database))
    }

    /// What a file may declare.
    #[must_use]
    pub fn role(&self, file: FileId) -> Option<Role> {
        Some(self.source(file)?.role(self.database))
    }

    /// A declaration's instance with the file that holds it.
    #[must_use]
    pub fn instance(&self, root: &str, name: &str) -> Option<(&'a FileView, &'a InstanceDecl)> {
        let DeclRef { file, ordinal } = self.index().instance(root, name)?;
        let view = self.view(file)?;
        match &view.ast.decls.get(ordinal)?.kind {
            DeclKind::Instance(item) => Some((view, item)),
            _ => None,
        }
    }

    /// The documentation of an instance.
    #[must_use]
    pub fn instance_doc(&self, root: &str, name: &str) -> Option<&'a str> {
        let DeclRef { file, ordinal } = self.index().instance(root, name)?;
        self.view(file)?.ast.decls.get(ordinal)?.doc.as_deref()
    }

    /// An instance as it is in an environment; `None` where it is absent or could not be evaluated.
    #[must_use]
    pub fn record(&self, root: &str, name: &str, environment: &Arc<str>) -> Option<Arc<Record>> {
        if matches!(root, "service" | "resource") {
            let subject = db::subject(self.database, root, name, environment);
            if root == "service" && !db::head(self.database, self.workspace, subject).as_ref()?.present {
                return None;
            }
            return db::evaluated(self.database, self.workspace, subject).record.clone();
        }
        let world = db::world_of(self.database, self.workspace, environment).world.as_ref()?;
        match root {
            "platform" => Some(world.platform.clone()),
            "environment" if *world.name == *name => Some(world.environment.clone()),
            _ => world.instance(root, name).cloned(),
        }
    }

    /// An instance in each environment that has it.
    #[must_use]
    pub fn records(&self, root: &str, name: &str) -> Vec<(&'a str, Arc<Record>)> {
        let each = self.environments().iter();
        each.filter_map(|environment| Some((&**environment, self.record(root, name, environment)?))).collect()
    }

    /// The schema of an instance as it is written.
    #[must_use]
    pub fn schema_of(&self, item: &InstanceDecl) -> Option<&'a Arc<Schema>> {
        let written = item.schema.as_ref().and_then(|schema| self.set().get(&schema.text));
        written.or_else(|| self.set().get(&item.root.text))
    }

    /// The root of a schema: `service` for `web`.
    #[must_use]
    pub fn root_of<'s>(&self, schema: &'s str) -> &'s str
    where
        'a: 's,
    {
        self.set().get(schema).map_or(schema, |schema| schema.root())
    }
}
