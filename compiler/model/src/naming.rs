//! Names that follow from the model: namespaces, clusters, the order of environments.

use idpc_syntax::ast::{DeclKind, EntryKind, ExprKind};

use crate::eval::World;
use crate::source::{DeclRef, Sources};
use crate::span::Span;

/// The namespace of a service or shared resource: its own, with the environment where a cluster is shared.
#[must_use]
pub fn namespace(name: &str, system: Option<&str>, world: &World, shared_cluster: bool) -> String {
    let per_system = world.platform.value("namespaces").as_str() == Some("per_system");
    let base = system.filter(|_| per_system).unwrap_or(name);
    if shared_cluster { format!("{base}-{}", world.name) } else { base.to_owned() }
}

/// The API server that an environment names.
#[must_use]
pub fn server(world: &World) -> Option<String> {
    let cluster = world.environment.value("cluster");
    cluster.as_record().and_then(|cluster| cluster.value("server").as_str().map(str::to_owned))
}

/// The environment that must be passed first, as written, with its place: the order is needed before anything is evaluated.
#[must_use]
pub fn predecessor(sources: &dyn Sources, at: DeclRef) -> Option<(String, Span)> {
    let (file, decl) = sources.decl(at)?;
    let DeclKind::Instance(item) = &decl.kind else { return None };
    item.entries.iter().find_map(|entry| match &entry.kind {
        EntryKind::Set { path, value } if path.segments.len() == 1 && path.segments.first()?.text == "after" => {
            match &value.kind {
                ExprKind::Path(path) => path.segments.first().map(|name| (name.text.clone(), file.span(name.span))),
                _ => None,
            }
        }
        _ => None,
    })
}
