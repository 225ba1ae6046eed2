//! Who declares which name. Free of offsets, so that an edit inside a declaration leaves it equal.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::names::Instances;
use crate::schema::{LIBRARY, ROOTS, hidden_name};
use crate::source::{DeclRef, FileView, Files, Role, declared};
use crate::span::{FileId, Span};

/// The names of a workspace.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Index {
    /// Instances by root schema, then by name.
    pub instances: BTreeMap<Arc<str>, Arc<Instances>>,
    /// Schemas by name; one that another hides under its hidden name.
    pub schemas: BTreeMap<Arc<str>, DeclRef>,
    /// Enums by name.
    pub enums: BTreeMap<Arc<str>, DeclRef>,
    /// Whether an unknown team or system is only a warning: a single file that declares none.
    pub assumes: Vec<Arc<str>>,
}

/// One file's names in order: its form or root keyword, and the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileNames {
    /// Which file.
    pub file: FileId,
    /// What it may declare.
    pub role: Role,
    /// The package that it belongs to.
    pub package: Option<Arc<str>>,
    /// One entry a declaration, so that the place in the list is the declaration's.
    pub names: Vec<Option<(Arc<str>, Arc<str>)>>,
}

/// The names of a file.
#[must_use]
pub fn file_names(file: &FileView) -> FileNames {
    let names = file
        .ast
        .decls
        .iter()
        .map(|decl| declared(decl).map(|(root, name)| (Arc::from(root), Arc::from(name))))
        .collect();
    FileNames { file: file.id, role: file.role, package: file.package.clone(), names }
}

/// The names of some files that stand beside each other, as far as they can be put together without the others.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Shard {
    /// The instances of the workspace's own files by root schema, sorted by name; of equal ones the first.
    instances: BTreeMap<Arc<str>, Vec<(Arc<str>, DeclRef)>>,
    /// The files of which more has to be known: those with types, those of packages and of the library.
    rest: Vec<Arc<FileNames>>,
    /// Whether one is a file outside of any workspace.
    single: bool,
}

/// Puts the names of some files together, which come in their order.
pub fn shard(files: impl Iterator<Item = Arc<FileNames>>) -> Shard {
    let mut shard = Shard::default();
    for names in files {
        if matches!(names.role, Role::Library | Role::Package) {
            shard.rest.push(names);
            continue;
        }
        shard.single |= names.role == Role::Single;
        let mut has_types = false;
        for (ordinal, entry) in names.names.iter().enumerate() {
            let Some((root, name)) = entry else { continue };
            if matches!(&**root, "schema" | "enum") {
                has_types = true;
                continue;
            }
            let at = DeclRef { file: names.file, ordinal };
            shard.instances.entry(root.clone()).or_default().push((name.clone(), at));
        }
        if has_types {
            shard.rest.push(names);
        }
    }
    shard.instances.values_mut().for_each(first_of_each);
    shard
}

/// Sorts by name, and leaves the first of equal ones.
fn first_of_each(list: &mut Vec<(Arc<str>, DeclRef)>) {
    // Stable, and fast for what is sorted in pieces already.
    list.sort_by(|(a, _), (b, _)| a.cmp(b));
    list.dedup_by(|(later, _), (first, _)| later == first);
}

/// Joins the names of all files. The workspace's hide those of packages, and these the library's.
#[must_use]
pub fn index(shards: &[Arc<Shard>]) -> Index {
    let mut lists: BTreeMap<&Arc<str>, Vec<(Arc<str>, DeclRef)>> = BTreeMap::new();
    for (root, list) in shards.iter().flat_map(|shard| &shard.instances) {
        lists.entry(root).or_default().extend_from_slice(list);
    }
    let mut index = Index::default();
    for (root, mut list) in lists {
        first_of_each(&mut list);
        index.instances.insert(root.clone(), Arc::new(list.into_iter().collect()));
    }
    let rest = || shards.iter().flat_map(|shard| &shard.rest).map(|names| &**names);
    // Their instances are there already, and stay as they are.
    for names in rest().filter(|names| !matches!(names.role, Role::Library | Role::Package)) {
        insert(&mut index, names, None);
    }
    let mut owners = BTreeMap::new();
    for names in rest().filter(|names| names.role == Role::Package) {
        insert(&mut index, names, Some(&mut owners));
    }
    let own = index.clone();
    for names in rest().filter(|names| names.role == Role::Library) {
        insert_library(&mut index, &own, names);
    }
    let single = shards.iter().any(|shard| shard.single);
    for root in ["team", "system"] {
        if single && !own.instances.contains_key(root) {
            index.assumes.push(root.into());
        }
    }
    index
}

/// Adds the names of a file; `owners` says which package has which schema name to itself, for a file of a package.
fn insert(index: &mut Index, names: &FileNames, mut owners: Option<&mut BTreeMap<Arc<str>, Arc<str>>>) {
    for (ordinal, entry) in names.names.iter().enumerate() {
        let Some((root, name)) = entry else { continue };
        let at = DeclRef { file: names.file, ordinal };
        let mut name = name.clone();
        let table = match &**root {
            "schema" => {
                if let (Some(owners), Some(package)) = (owners.as_deref_mut(), &names.package) {
                    if !index.schemas.contains_key(&name) {
                        owners.insert(name.clone(), package.clone());
                    } else if owners.get(&name) != Some(package) {
                        name = hidden_name(package, &name).into();
                    }
                }
                &mut index.schemas
            }
            "enum" => &mut index.enums,
            _ => Arc::make_mut(index.instances.entry(root.clone()).or_default()),
        };
        table.entry(name).or_insert(at);
    }
}

fn insert_library(index: &mut Index, own: &Index, names: &FileNames) {
    for (ordinal, entry) in names.names.iter().enumerate() {
        let Some((root, name)) = entry else { continue };
        let at = DeclRef { file: names.file, ordinal };
        match &**root {
            "schema" if own.schemas.contains_key(name) => {
                index.schemas.insert(hidden_name(LIBRARY, name).into(), at);
            }
            "schema" => {
                index.schemas.insert(name.clone(), at);
            }
            // The library reads its own variants, so none of its enums can be another one.
            "enum" => {
                index.enums.insert(name.clone(), at);
            }
            // Declaring one environment or the platform replaces the library's.
            _ if own.instances.contains_key(root) => {}
            _ => {
                Arc::make_mut(index.instances.entry(root.clone()).or_default()).insert(name.clone(), at);
            }
        }
    }
}

impl Index {
    /// An instance by root schema and name.
    #[must_use]
    pub fn instance(&self, root: &str, name: &str) -> Option<DeclRef> {
        self.instances.get(root)?.get(name).copied()
    }

    /// The names of all instances of a root schema, sorted.
    pub fn names(&self, root: &str) -> impl Iterator<Item = &Arc<str>> {
        self.instances.get(root).into_iter().flat_map(|all| all.keys())
    }
}

/// Where a name was declared first, and in which package.
type First = (Span, Option<Arc<str>>);

/// Names declared twice, and declarations in files whose role does not allow them. `pause` is called at each declaration.
#[must_use]
pub fn check(files: &Files, pause: &dyn Fn()) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut first: BTreeMap<(String, String), First> = BTreeMap::new();
    let enums = library_enums(files);
    for (file, decl) in files.decls() {
        pause();
        if file.role == Role::Library {
            continue;
        }
        let at = file.span(decl.header);
        if !file.role.is_platform() && !is_application(decl) {
            found.push(
                Diagnostic::new(Code::NotYourRole, at, "only the platform may declare this")
                    .primary_label("declared outside the platform folder")
                    .help("move it below the platform folder of `idp.toml`"),
            );
        }
        let Some((root, name)) = declared(decl) else { continue };
        if root == "platform" {
            // Two are too many whatever their names.
            continue;
        }
        // Services and shared resources share one namespace: both become folders of an environment.
        let space = if root == "resource" { "service" } else { root };
        let space = if ROOTS.contains(&space) { space } else { root };
        // A schema of the workspace hides one of a package, and only packages exclude each other.
        let space = if space == "schema" && file.role == Role::Package { "schema of a package" } else { space };
        if let Some(library) = enums.get(name).filter(|_| root == "enum") {
            found.push(
                Diagnostic::new(Code::DuplicateDeclaration, at, format!("`{name}` is an enum of the library"))
                    .primary_label("declared a second time")
                    .label(*library, "declared here first")
                    .help(format!("add variants with `extend enum {name} {{ … }}`, or choose another name")),
            );
            continue;
        }
        match first.get(&(space.to_owned(), name.to_owned())) {
            Some((earlier, package)) => found.push(
                Diagnostic::new(Code::DuplicateDeclaration, at, format!("`{name}` is declared twice"))
                    .primary_label("declared a second time")
                    .label(*earlier, "declared here first")
                    .help(either(package.as_deref(), file.package.as_deref())),
            ),
            None => {
                first.insert((space.to_owned(), name.to_owned()), (at, file.package.clone()));
            }
        }
    }
    platforms(files, &mut found);
    found
}

/// Where the library declares its enums.
fn library_enums(files: &Files) -> BTreeMap<&str, Span> {
    let library = files.decls().filter(|(file, _)| file.role == Role::Library);
    let named =
        library.filter_map(|(file, decl)| declared(decl).map(|(root, name)| (root, name, file.span(decl.header))));
    named.filter(|(root, ..)| *root == "enum").map(|(_, name, span)| (name, span)).collect()
}

/// What to do about a name that two declare, by the packages that they belong to.
fn either(first: Option<&str>, second: Option<&str>) -> String {
    match (first, second) {
        (Some(first), Some(second)) if first != second => {
            format!("use one of the packages `{first}` and `{second}`, or rename it in one of them")
        }
        (Some(package), None) => format!("choose another name, the package `{package}` has this one"),
        _ => String::from("rename or remove one of the two"),
    }
}

fn platforms(files: &Files, found: &mut Vec<Diagnostic>) {
    let mut platforms = files
        .decls()
        .filter(|(file, decl)| file.role != Role::Library && declared(decl).is_some_and(|(root, _)| root == "platform"))
        .map(|(file, decl)| file.span(decl.header));
    let Some(first) = platforms.next() else { return };
    for second in platforms {
        found.push(
            Diagnostic::new(Code::SecondPlatform, second, "a workspace has one platform")
                .primary_label("declared a second time")
                .label(first, "declared here first")
                .help("merge the two"),
        );
    }
}

fn is_application(decl: &idpc_syntax::ast::Decl) -> bool {
    use idpc_syntax::ast::DeclKind;
    match &decl.kind {
        DeclKind::Let(_) | DeclKind::Identity(_) => true,
        DeclKind::Instance(instance) => {
            matches!(instance.root.text.as_str(), "team" | "system" | "service" | "resource")
        }
        DeclKind::Schema(_) | DeclKind::Enum(_) | DeclKind::Extend(_) | DeclKind::ExtendEnum(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(id: u32, role: Role, package: Option<&str>, names: &[(&str, &str)]) -> Arc<FileNames> {
        let names = names.iter().map(|(root, name)| Some((Arc::from(*root), Arc::from(*name)))).collect();
        Arc::new(FileNames { file: FileId(id), role, package: package.map(Arc::from), names })
    }

    #[test]
    fn it_does_not_matter_which_files_are_put_together_first() {
        let files = [
            file(0, Role::Library, None, &[("schema", "web"), ("enum", "Tier"), ("environment", "dev")]),
            file(1, Role::Package, Some("base"), &[("schema", "web"), ("schema", "queue"), ("team", "core")]),
            file(2, Role::Package, Some("more"), &[("schema", "queue"), ("team", "core"), ("team", "edge")]),
            file(3, Role::Platform, None, &[("schema", "web"), ("team", "edge"), ("service", "b")]),
            file(4, Role::Application, None, &[("service", "b"), ("service", "a"), ("service", "a")]),
            file(5, Role::Application, None, &[("service", "a"), ("service", "c")]),
        ];
        let whole = index(&[Arc::new(shard(files.iter().cloned()))]);
        for size in 1..files.len() {
            let shards: Vec<_> = files.chunks(size).map(|some| Arc::new(shard(some.iter().cloned()))).collect();
            assert_eq!(index(&shards), whole, "{size} at a time");
        }
        let at = |root: &str, name: &str| whole.instance(root, name).map(|at| (at.file.0, at.ordinal));
        assert_eq!(whole.names("service").map(|name| &**name).collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!((at("service", "a"), at("service", "b")), (Some((4, 1)), Some((3, 2))));
        assert_eq!((at("team", "edge"), at("team", "core")), (Some((3, 1)), Some((1, 2))));
        assert_eq!(at("environment", "dev"), Some((0, 2)));
        assert_eq!(whole.schemas.get("web").map(|at| at.file.0), Some(3));
    }
}
