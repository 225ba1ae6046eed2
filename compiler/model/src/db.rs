//! The salsa database: the queries that the command line and the language server share.
//!
//! A file's syntax is the finest input; names without offsets stand between it and everything that looks names up.

use std::collections::BTreeMap;
use std::sync::Arc;

use idpc_syntax::SyntaxError;

use crate::diagnostic::Diagnostic;
use crate::eval::{self, Context, Evaluated, Head, World};
use crate::index::{self, FileNames, Index};
use crate::lets;
use crate::names::{DbNames, Names as _, platform_files, shards, types};
use crate::naming;
use crate::schema::SchemaSet;
use crate::schemas;
use crate::source::{FileView, Files, Role, Sources, in_package};
use crate::span::FileId;

/// A source file.
#[salsa::input]
pub struct SourceFile {
    /// Its place in the sorted list of sources.
    #[returns(copy)]
    pub id: u32,
    /// Its path from the workspace's root; below `std:/` or `PACKAGE:/` for what lies elsewhere.
    #[returns(clone)]
    pub path: Arc<str>,
    /// What it may declare.
    #[returns(copy)]
    pub role: Role,
    /// Its text.
    #[returns(clone)]
    pub text: Arc<str>,
}

/// A workspace: the library's files, those of packages in their order, and its own; by id.
#[salsa::input]
pub struct Workspace {
    /// Its name.
    #[returns(clone)]
    pub name: Arc<str>,
    /// Its files.
    pub files: Vec<SourceFile>,
}

/// What an evaluation is about.
#[salsa::interned]
pub struct Subject<'db> {
    /// `service` or `resource`.
    #[returns(clone)]
    pub root: Arc<str>,
    /// Its name.
    #[returns(clone)]
    pub name: Arc<str>,
    /// In which environment.
    #[returns(clone)]
    pub environment: Arc<str>,
}

/// The subject of a query.
#[must_use]
pub fn subject<'db>(db: &'db dyn salsa::Database, root: &str, name: &str, environment: &Arc<str>) -> Subject<'db> {
    Subject::new(db, Arc::<str>::from(root), Arc::<str>::from(name), environment.clone())
}

/// The database. Clones share their memory; each thread takes its own.
#[salsa::db]
#[derive(Clone, Default)]
pub struct Database {
    storage: salsa::Storage<Self>,
}

#[salsa::db]
impl salsa::Database for Database {}

/// A file that is expected to stay as it is: whatever reads only such files is checked at one stroke after an edit.
#[must_use]
pub fn steady_file(db: &Database, id: u32, path: Arc<str>, role: Role, text: Arc<str>) -> SourceFile {
    SourceFile::builder(id, path, role, text).durability(salsa::Durability::HIGH).new(db)
}

/// A workspace whose list of files is expected to stay as it is.
#[must_use]
pub fn steady_workspace(db: &Database, name: Arc<str>, files: Vec<SourceFile>) -> Workspace {
    Workspace::builder(name, files).durability(salsa::Durability::HIGH).new(db)
}

/// Gives a file a new text; it counts as one that changes often from now on. What depends on it is computed when it is
/// next asked for.
pub fn set_text(db: &mut Database, file: SourceFile, text: Arc<str>) {
    use salsa::Setter as _;
    file.set_text(db).with_durability(salsa::Durability::LOW).to(text);
}

/// A file's syntax.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The file with its constants.
    pub view: Arc<FileView>,
    /// What the parser found.
    pub errors: Arc<Vec<SyntaxError>>,
    /// What the constants' evaluation found.
    pub constants: Arc<Vec<Diagnostic>>,
}

/// Parses a file.
#[salsa::tracked(no_eq)]
pub fn parsed(db: &dyn salsa::Database, file: SourceFile) -> Parsed {
    let parse = idpc_syntax::parse(&file.text(db));
    let id = FileId(file.id(db));
    let ast = parse.source_file();
    let (lets, constants) = lets::lets(id, &ast);
    let role = file.role(db);
    let path = file.path(db);
    let package = in_package(&path).filter(|_| role == Role::Package).map(|(package, _)| Arc::from(package));
    let view = FileView { id, role, package, ast: Arc::new(ast), lets: Arc::new(lets) };
    Parsed { view: Arc::new(view), errors: Arc::new(parse.errors().to_vec()), constants: Arc::new(constants) }
}

/// The names that a file declares, without offsets.
#[salsa::tracked]
pub fn file_names(db: &dyn salsa::Database, file: SourceFile) -> Arc<FileNames> {
    Arc::new(index::file_names(&parsed(db, file).view))
}

/// Who declares which name.
#[salsa::tracked]
pub fn names(db: &dyn salsa::Database, workspace: Workspace) -> Arc<Index> {
    Arc::new(index::index(&shards(db, workspace)))
}

/// The schemas with what was found on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schemas {
    /// By name.
    pub set: Arc<SchemaSet>,
    /// What building them found.
    pub diagnostics: Arc<Vec<Diagnostic>>,
}

/// Every schema and enum; reads only files that may declare them.
#[salsa::tracked]
pub fn schema_set(db: &dyn salsa::Database, workspace: Workspace) -> Schemas {
    let files = platform_files(db, workspace).iter().map(|file| parsed(db, *file).view.clone()).collect();
    let (set, diagnostics) = schemas::build(&Files(files), types(db, workspace));
    Schemas { set, diagnostics: Arc::new(diagnostics) }
}

/// The names of the environments, in the order of delivery.
#[salsa::tracked]
pub fn environments(db: &dyn salsa::Database, workspace: Workspace) -> Arc<Vec<Arc<str>>> {
    let index = DbNames { db, workspace };
    let sources = DbSources { db, workspace };
    let mut rest: Vec<(Arc<str>, Option<String>)> = index
        .all("environment")
        .into_iter()
        .map(|name| {
            let after = index
                .instance("environment", name)
                .and_then(|at| naming::predecessor(&sources, at))
                .map(|(name, _)| name);
            (name.clone(), after)
        })
        .collect();
    let mut order: Vec<Arc<str>> = Vec::new();
    while !rest.is_empty() {
        let ready = rest
            .iter()
            .position(|(_, after)| {
                after.as_ref().is_none_or(|after| {
                    order.iter().any(|done| **done == **after) || !rest.iter().any(|(name, _)| **name == **after)
                })
            })
            // A ring has no beginning; its names come in order, and the ring itself is reported elsewhere.
            .unwrap_or(0);
        let (name, _) = rest.remove(ready);
        order.push(name);
    }
    Arc::new(order)
}

/// The platform, teams and systems in one environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorldResult {
    /// Absent when the platform or the environment could not be evaluated.
    pub world: Option<Arc<World>>,
    /// What was found.
    pub diagnostics: Arc<Vec<Diagnostic>>,
    /// How much of the budget it took.
    pub steps: u64,
}

/// Evaluates the platform, one environment, the teams and the systems. `subject` names only the environment.
#[salsa::tracked]
pub fn world<'db>(db: &'db dyn salsa::Database, workspace: Workspace, subject: Subject<'db>) -> WorldResult {
    let environment = subject.environment(db);
    let sources = DbSources { db, workspace };
    let context = Context {
        files: &sources,
        index: &DbNames { db, workspace },
        set: &schema_set(db, workspace).set,
        world: None,
        environment: &environment,
        heads: &|_| None,
    };
    let (world, diagnostics, steps) = eval::world(context);
    WorldResult { world: world.map(Arc::new), diagnostics: Arc::new(diagnostics), steps }
}

/// The world of an environment by name.
#[must_use]
pub fn world_of<'db>(db: &'db dyn salsa::Database, workspace: Workspace, environment: &Arc<str>) -> &'db WorldResult {
    world(db, workspace, subject(db, "", "", environment))
}

/// Which environments run in the same cluster as another.
#[salsa::tracked]
pub fn shared_clusters(db: &dyn salsa::Database, workspace: Workspace) -> Arc<BTreeMap<Arc<str>, bool>> {
    let servers: Vec<(Arc<str>, Option<String>)> = environments(db, workspace)
        .iter()
        .map(|name| {
            let world = world_of(db, workspace, name).world.as_ref();
            (name.clone(), world.and_then(|world| naming::server(world)))
        })
        .collect();
    let shared = servers
        .iter()
        .map(|(name, server)| {
            let others = servers.iter().any(|(other, s)| other != name && server.is_some() && s == server);
            (name.clone(), others)
        })
        .collect();
    Arc::new(shared)
}

/// What callers may read of a service.
#[salsa::tracked]
pub fn head<'db>(db: &'db dyn salsa::Database, workspace: Workspace, subject: Subject<'db>) -> Option<Arc<Head>> {
    let environment = subject.environment(db);
    let name = subject.name(db);
    let world = world_of(db, workspace, &environment).world.as_deref()?;
    let shared = shared_clusters(db, workspace).get(&environment).copied().unwrap_or(false);
    let sources = DbSources { db, workspace };
    let context = Context {
        files: &sources,
        index: &DbNames { db, workspace },
        set: &schema_set(db, workspace).set,
        world: Some(world),
        environment: &environment,
        heads: &|_| None,
    };
    eval::head(context, &name, |fields| {
        let system = fields.get("system").and_then(|value| value.as_str());
        let namespace = naming::namespace(&name, system, world, shared);
        format!("{name}.{namespace}.svc").into()
    })
    .map(Arc::new)
}

/// Evaluates a service or a shared resource in one environment.
#[salsa::tracked]
pub fn evaluated<'db>(db: &'db dyn salsa::Database, workspace: Workspace, subject: Subject<'db>) -> Arc<Evaluated> {
    let environment = subject.environment(db);
    let sources = DbSources { db, workspace };
    let heads = |name: &str| head(db, workspace, self::subject(db, "service", name, &environment)).clone();
    let context = Context {
        files: &sources,
        index: &DbNames { db, workspace },
        set: &schema_set(db, workspace).set,
        world: world_of(db, workspace, &environment).world.as_deref(),
        environment: &environment,
        heads: &heads,
    };
    Arc::new(eval::instance(context, &subject.root(db), &subject.name(db)))
}

/// What the schemas' own defaults and rules show, used or not.
#[salsa::tracked]
pub fn schema_probe(db: &dyn salsa::Database, workspace: Workspace) -> Arc<Vec<Diagnostic>> {
    let sources = DbSources { db, workspace };
    let context = Context {
        files: &sources,
        index: &DbNames { db, workspace },
        set: &schema_set(db, workspace).set,
        world: None,
        environment: "",
        heads: &|_| None,
    };
    Arc::new(eval::probe(context))
}

/// Files read one by one, so that a query depends only on those that it looks at.
pub struct DbSources<'db> {
    /// The database.
    pub db: &'db dyn salsa::Database,
    /// The workspace.
    pub workspace: Workspace,
}

impl Sources for DbSources<'_> {
    fn get(&self, id: FileId) -> Option<&FileView> {
        let files = self.workspace.files(self.db);
        let file = files.get(usize::try_from(id.0).ok()?)?;
        Some(&parsed(self.db, *file).view)
    }
}
