//! Looking names up. What looks one up depends on the names of its kind alone: whoever reads teams is not computed again when
//! somebody gives a service another name.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::db::{self, SourceFile, Workspace, file_names};
use crate::index::{self, Index, Shard};
use crate::schema::ROOTS;
use crate::source::DeclRef;

/// The instances of a root schema, by name.
pub type Instances = BTreeMap<Arc<str>, DeclRef>;

/// Who declares which instance.
pub trait Names {
    /// The instances of a root schema; `None` if there is none.
    fn of(&self, root: &str) -> Option<&Instances>;

    /// Whether an unknown instance of a root schema is only a warning.
    fn assumes(&self, root: &str) -> bool;

    /// An instance by root schema and name.
    fn instance(&self, root: &str, name: &str) -> Option<DeclRef> {
        self.of(root)?.get(name).copied()
    }

    /// The names of all instances of a root schema, sorted.
    fn all(&self, root: &str) -> Vec<&Arc<str>> {
        self.of(root).into_iter().flat_map(BTreeMap::keys).collect()
    }
}

impl Names for Index {
    fn of(&self, root: &str) -> Option<&Instances> {
        self.instances.get(root).map(|all| &**all)
    }

    fn assumes(&self, root: &str) -> bool {
        self.assumes.iter().any(|assumed| **assumed == *root)
    }
}

/// Names read kind by kind.
pub struct DbNames<'db> {
    /// The database.
    pub db: &'db dyn salsa::Database,
    /// The workspace.
    pub workspace: Workspace,
}

impl Names for DbNames<'_> {
    fn of(&self, root: &str) -> Option<&Instances> {
        match ROOTS.iter().position(|known| *known == root) {
            Some(at) => instances(self.db, self.workspace, at).as_deref(),
            // Whatever else somebody calls a root is known as far as it is declared.
            None => db::names(self.db, self.workspace).of(root),
        }
    }

    fn assumes(&self, root: &str) -> bool {
        assumed(self.db, self.workspace).iter().any(|assumed| **assumed == *root)
    }
}

/// The instances of the root schema at a place of [`ROOTS`].
#[salsa::tracked]
fn instances(db: &dyn salsa::Database, workspace: Workspace, at: usize) -> Option<Arc<Instances>> {
    db::names(db, workspace).instances.get(*ROOTS.get(at)?).cloned()
}

/// The root schemas of which an unknown instance is only a warning.
#[salsa::tracked]
fn assumed(db: &dyn salsa::Database, workspace: Workspace) -> Arc<Vec<Arc<str>>> {
    Arc::new(db::names(db, workspace).assumes.clone())
}

/// Who declares which schema and enum.
#[salsa::tracked]
pub fn types(db: &dyn salsa::Database, workspace: Workspace) -> Arc<Index> {
    let Index { schemas, enums, .. } = &**db::names(db, workspace);
    Arc::new(Index { schemas: schemas.clone(), enums: enums.clone(), ..Index::default() })
}

/// The files that may declare schemas; no text changes what they are.
#[salsa::tracked]
pub fn platform_files(db: &dyn salsa::Database, workspace: Workspace) -> Arc<Vec<SourceFile>> {
    Arc::new(workspace.files(db).iter().copied().filter(|file| file.role(db).is_platform()).collect())
}

/// How many files are looked at together: after an edit only those beside the edited one are asked whether they changed.
const SHARD: usize = 64;

/// The names of all files, in order.
pub fn shards(db: &dyn salsa::Database, workspace: Workspace) -> Vec<Arc<Shard>> {
    let count = workspace.files(db).len().div_ceil(SHARD);
    (0..count).map(|at| shard(db, workspace, at).clone()).collect()
}

#[salsa::tracked]
fn shard(db: &dyn salsa::Database, workspace: Workspace, at: usize) -> Arc<Shard> {
    let files = workspace.files(db).iter().skip(at * SHARD).take(SHARD);
    Arc::new(index::shard(files.map(|file| file_names(db, *file).clone())))
}
