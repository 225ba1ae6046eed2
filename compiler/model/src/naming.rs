//! Names that follow from the model: namespaces, clusters, the order of environments; and which names may be given.

use idpc_syntax::ast::{DeclKind, EntryKind, ExprKind};

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::eval::World;
use crate::source::{DeclRef, Sources};
use crate::span::Span;

/// How long the name of a service, a shared resource or a need may be: what is made for it appends to it.
pub const LONGEST_DEPLOYED: usize = 40;

/// How long any other name may be, as a label of DNS.
pub const LONGEST: usize = 63;

/// What is wrong with a name that becomes one of a cluster, of DNS or of a cloud.
#[must_use]
pub fn refused(name: &str, at: Span, limit: usize) -> Option<Diagnostic> {
    let valid = !name.is_empty()
        && name.len() <= limit
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    // A letter outside of ASCII was reported by the parser.
    if valid || !name.is_ascii() {
        return None;
    }
    let fixed: String = name
        .to_ascii_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(limit)
        .collect();
    let fixed = fixed.trim_matches('-');
    let finding = Diagnostic::new(Code::InvalidName, at, format!("`{name}` cannot be a name in a cluster"))
        .primary_label(format!("lower-case letters, digits and `-`, at most {limit}"));
    Some(if fixed.starts_with(|c: char| c.is_ascii_lowercase()) {
        finding.did_you_mean(at, Some(fixed))
    } else {
        finding.help("begin it with a letter")
    })
}

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
