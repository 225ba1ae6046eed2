//! The resolved model: everything that graphs and targets read, and nothing that they could change.

use std::collections::BTreeMap;
use std::sync::Arc;

use idpc_syntax::ast::{DeclKind, EntryKind, ExprKind, Literal};

use crate::db::{self, DbSources, Workspace};
use crate::eval::World;
use crate::schema::SchemaSet;
use crate::source::{DeclRef, Role, Sources};
use crate::span::{FileId, Span};
use crate::value::Record;

/// A workspace after evaluation.
#[derive(Clone, Debug)]
pub struct Model {
    /// The workspace's name.
    pub workspace: Arc<str>,
    /// The paths of the sources, by file.
    pub files: Vec<Arc<str>>,
    /// The schemas.
    pub set: Arc<SchemaSet>,
    /// In the order of delivery.
    pub environments: Vec<Environment>,
    /// Every service, sorted by name.
    pub services: Vec<Declared>,
    /// Every shared resource, sorted by name.
    pub resources: Vec<Declared>,
    /// Every team, sorted by name.
    pub teams: Vec<Declared>,
    /// Every system, sorted by name.
    pub systems: Vec<Declared>,
    /// The platform's declaration, if the workspace makes one.
    pub platform: Option<Declared>,
    /// The environments' declarations, sorted by name.
    pub places: Vec<Declared>,
    /// `moved` and `removed`, in order.
    pub identities: Vec<Identity>,
}

/// An instance with where it is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Its name.
    pub name: Arc<str>,
    /// Its concrete schema.
    pub schema: Arc<str>,
    /// Its documentation.
    pub doc: Option<Arc<str>>,
    /// Its header.
    pub span: Span,
    /// Whether the library declares it.
    pub library: bool,
}

/// One environment of the model.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Its name.
    pub name: Arc<str>,
    /// Whether another environment runs in its cluster.
    pub shared_cluster: bool,
    /// The platform, teams and systems as they are there.
    pub world: Arc<World>,
    /// The services that it has.
    pub services: BTreeMap<Arc<str>, Arc<Record>>,
    /// The shared resources.
    pub resources: BTreeMap<Arc<str>, Arc<Record>>,
    /// What callers read of each service, those that it lacks included.
    pub heads: BTreeMap<Arc<str>, Arc<crate::eval::Head>>,
}

/// A `moved` or `removed` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Whether it is a farewell.
    pub removed: bool,
    /// What it names: `[checkout, needs, orders]`.
    pub path: Vec<Arc<str>>,
    /// The former name.
    pub from: Vec<Arc<str>>,
    /// Whether the thing itself stays after a farewell.
    pub keep: bool,
    /// Its header.
    pub span: Span,
}

impl Identity {
    /// Its path as written.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.join(".")
    }

    /// What a path was called before this line: of the path itself, or of something below a service that moved.
    #[must_use]
    pub fn former(&self, path: &[Arc<str>]) -> Option<Vec<Arc<str>>> {
        let rest = path.strip_prefix(self.path.as_slice()).filter(|_| !self.removed && !self.from.is_empty())?;
        Some(self.from.iter().chain(rest).cloned().collect())
    }
}

/// The path from which the names of a need or shared resource are made: its own, or the one that it had before it moved.
/// What is said about a need itself goes before what is said about its service.
#[must_use]
pub fn origin(lines: &[Identity], path: &[Arc<str>]) -> Vec<Arc<str>> {
    let mut at = path.to_vec();
    if lines.is_empty() {
        return at;
    }
    let mut open: Vec<&Identity> = lines.iter().collect();
    // Each line is followed once, so a ring of moves ends.
    while let Some(next) =
        open.iter().filter(|line| line.former(&at).is_some()).max_by_key(|line| line.path.len()).copied()
    {
        at = next.former(&at).unwrap_or(at);
        open.retain(|line| *line != next);
    }
    at
}

impl Model {
    /// An environment by name.
    #[must_use]
    pub fn environment(&self, name: &str) -> Option<&Environment> {
        self.environments.iter().find(|environment| &*environment.name == name)
    }

    /// The path of a file.
    #[must_use]
    pub fn path(&self, file: FileId) -> &str {
        usize::try_from(file.0).ok().and_then(|at| self.files.get(at)).map_or("", |path| path)
    }
}

/// How many steps all evaluations take together, in every environment: the same number on every machine.
#[must_use]
pub fn steps(db: &dyn salsa::Database, workspace: Workspace) -> u64 {
    let index = db::names(db, workspace);
    let mut sum = 0_u64;
    for environment in db::environments(db, workspace).iter() {
        sum = sum.saturating_add(db::world_of(db, workspace, environment).steps);
        for root in ["service", "resource"] {
            for name in index.names(root) {
                let evaluated = db::evaluated(db, workspace, db::subject(db, root, name, environment));
                sum = sum.saturating_add(evaluated.steps);
            }
        }
    }
    sum
}

/// Collects the model from the queries; what could not be evaluated is left out.
#[must_use]
pub fn model(db: &dyn salsa::Database, workspace: Workspace) -> Model {
    let index = db::names(db, workspace);
    let sources = DbSources { db, workspace };
    let set = db::schema_set(db, workspace).set.clone();
    let list = |root: &str| -> Vec<Declared> {
        index.names(root).filter_map(|name| declared(&sources, index.instance(root, name)?)).collect()
    };
    let shared = db::shared_clusters(db, workspace);
    let environments = db::environments(db, workspace)
        .iter()
        .filter_map(|name| environment(db, workspace, name, shared.get(name).copied().unwrap_or(false)))
        .collect();
    Model {
        workspace: workspace.name(db),
        files: workspace.files(db).iter().map(|file| file.path(db)).collect(),
        set,
        environments,
        services: list("service"),
        resources: list("resource"),
        teams: list("team"),
        systems: list("system"),
        platform: list("platform").into_iter().find(|platform| !platform.library),
        places: list("environment"),
        identities: identities(db, workspace),
    }
}

fn declared(sources: &dyn Sources, at: DeclRef) -> Option<Declared> {
    let (file, decl) = sources.decl(at)?;
    let DeclKind::Instance(item) = &decl.kind else { return None };
    let schema = item.schema.as_ref().unwrap_or(&item.root);
    Some(Declared {
        name: item.name.text.as_str().into(),
        schema: schema.text.as_str().into(),
        doc: decl.doc.as_deref().map(Arc::from),
        span: file.span(decl.header),
        library: file.role == Role::Library,
    })
}

fn environment(
    db: &dyn salsa::Database,
    workspace: Workspace,
    name: &Arc<str>,
    shared_cluster: bool,
) -> Option<Environment> {
    let world = db::world_of(db, workspace, name).world.clone()?;
    let index = db::names(db, workspace);
    let mut heads = BTreeMap::new();
    for service in index.names("service") {
        if let Some(head) = db::head(db, workspace, db::subject(db, "service", service, name)) {
            heads.insert(service.clone(), head.clone());
        }
    }
    let records = |root: &str| -> BTreeMap<Arc<str>, Arc<Record>> {
        index
            .names(root)
            .filter(|item| root != "service" || heads.get(*item).is_some_and(|head| head.present))
            .filter_map(|item| {
                let found = db::evaluated(db, workspace, db::subject(db, root, item, name));
                Some((item.clone(), found.record.clone()?))
            })
            .collect()
    };
    Some(Environment {
        name: name.clone(),
        shared_cluster,
        services: records("service"),
        resources: records("resource"),
        world,
        heads,
    })
}

/// Every `moved` and `removed` line, in order.
#[must_use]
pub fn identities(db: &dyn salsa::Database, workspace: Workspace) -> Vec<Identity> {
    let mut found = Vec::new();
    for file in workspace.files(db) {
        let view = &db::parsed(db, *file).view;
        for decl in &view.ast.decls {
            let DeclKind::Identity(item) = &decl.kind else { continue };
            let mut identity = Identity {
                removed: item.removed,
                path: names(&item.path),
                from: Vec::new(),
                keep: true,
                span: view.span(decl.header),
            };
            for entry in &item.entries {
                let EntryKind::Set { path, value } = &entry.kind else { continue };
                match (path.segments.first().map(|name| name.text.as_str()), &value.kind) {
                    (Some("from"), ExprKind::Path(from)) => identity.from = names(from),
                    (Some("keep"), ExprKind::Literal(Literal::Bool(keep))) => identity.keep = *keep,
                    _ => {}
                }
            }
            found.push(identity);
        }
    }
    found
}

fn names(path: &idpc_syntax::ast::Path) -> Vec<Arc<str>> {
    path.segments.iter().map(|name| Arc::from(name.text.as_str())).collect()
}
