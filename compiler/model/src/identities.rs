//! `moved` and `removed`: lines that name nothing, still name something, or say what they cannot say.

use std::sync::Arc;

use idpc_syntax::ast::{DeclKind, Entry, EntryKind, ExprKind, IdentityDecl, Literal};

use crate::code::Code;
use crate::db::{self, Workspace};
use crate::diagnostic::Diagnostic;
use crate::model::{Identity, identities};
use crate::source::FileView;
use crate::span::Span;
use crate::suggest::{nearest, one_of};
use crate::unbuilt;

/// Every finding about such lines.
#[must_use]
pub fn findings(db: &dyn salsa::Database, workspace: Workspace) -> Vec<Diagnostic> {
    let mut found = entries(db, workspace);
    let lines = identities(db, workspace);
    for line in &lines {
        let at = |message: String| Diagnostic::new(Code::BadIdentity, line.span, message);
        let place = place(db, workspace, line);
        if line.removed {
            if place == Place::Declared {
                found.push(
                    at(format!("`{}` is still declared", line.name()))
                        .primary_label("not removed")
                        .help("remove the declaration, or this line"),
                );
            }
            continue;
        }
        if line.from.is_empty() {
            // A misspelt `from` was reported above.
            if !found.iter().any(|finding| finding.labels.iter().any(|label| label.span == line.span)) {
                found.push(
                    at("a move needs its former name".to_owned())
                        .primary_label("from where?")
                        .help("add `from = FORMER.NAME`"),
                );
            }
            continue;
        }
        // A name that moved on, or went for good, is still the right end of an earlier move.
        let passed = lines.iter().any(|other| other.from == line.path || (other.removed && other.path == line.path));
        match place {
            Place::Service => found.push(unbuilt::moved(line)),
            Place::Nowhere(near) if !passed => found.push(
                at(format!("nothing called `{}` is declared", line.name())).primary_label("moved to nowhere").help(
                    match near {
                        Some(name) => format!("did you mean `{name}`?"),
                        None => "name the need or shared resource as it is called now".to_owned(),
                    },
                ),
            ),
            _ => {}
        }
    }
    found
}

/// What the path of a line leads to.
#[derive(PartialEq, Eq)]
enum Place {
    /// A need, a shared resource, or a service that is to be removed.
    Declared,
    /// A whole service.
    Service,
    /// Nothing, with a name that may have been meant.
    Nowhere(Option<String>),
    /// Nobody can tell, because the service itself is broken.
    Unclear,
}

fn place(db: &dyn salsa::Database, workspace: Workspace, line: &Identity) -> Place {
    let names = db::names(db, workspace);
    let Some((first, rest)) = line.path.split_first() else { return Place::Unclear };
    let is_service = names.instance("service", first).is_some();
    let is_resource = names.instance("resource", first).is_some();
    match rest {
        [] if is_resource || (is_service && line.removed) => Place::Declared,
        [] if is_service => Place::Service,
        [group, entry] if is_service && &**group == "needs" => need(db, workspace, first, entry),
        _ => {
            let all = names
                .names("service")
                .chain(names.names("resource"))
                .map(|name| &**name)
                .filter(|name| *name != &**first);
            Place::Nowhere(nearest(first, all).map(str::to_owned))
        }
    }
}

/// A need is declared if any environment has it.
fn need(db: &dyn salsa::Database, workspace: Workspace, service: &str, entry: &str) -> Place {
    let mut known: Vec<Arc<str>> = Vec::new();
    for environment in db::environments(db, workspace).iter() {
        let evaluated = db::evaluated(db, workspace, db::subject(db, "service", service, environment));
        let Some(record) = &evaluated.record else { return Place::Unclear };
        known.extend(record.value("needs").entries().iter().map(|(name, _)| name.clone()));
    }
    if known.iter().any(|name| **name == *entry) {
        return Place::Declared;
    }
    let near = nearest(entry, known.iter().map(|name| &**name));
    Place::Nowhere(near.map(|near| format!("{service}.needs.{near}")))
}

/// Entries of such a line: each has its few fields.
fn entries(db: &dyn salsa::Database, workspace: Workspace) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in workspace.files(db) {
        let view = &db::parsed(db, *file).view;
        for decl in &view.ast.decls {
            let DeclKind::Identity(item) = &decl.kind else { continue };
            found.extend(item.entries.iter().filter_map(|entry| misplaced(view, view.span(decl.header), item, entry)));
        }
    }
    found
}

fn misplaced(file: &FileView, header: Span, item: &IdentityDecl, entry: &Entry) -> Option<Diagnostic> {
    let known: &[&str] = if item.removed { &["keep", "because"] } else { &["from", "because"] };
    let (path, value) = match &entry.kind {
        EntryKind::Set { path, value } => (path, Some(value)),
        EntryKind::Amend { path, .. } | EntryKind::Bare(path) => (path, None),
        EntryKind::In { .. } => return None,
    };
    let first = path.segments.first()?;
    let at = file.span(path.span);
    if path.segments.len() > 1 || !known.contains(&first.text.as_str()) {
        let word = if item.removed { "removed" } else { "moved" };
        let names: Vec<String> = known.iter().map(|name| (*name).to_owned()).collect();
        return Some(
            Diagnostic::new(Code::UnknownField, at, format!("`{word}` has no field `{}`", first.text))
                .primary_label("unknown field")
                .label(header, "of this line")
                .help(format!("write {}", one_of(&names)))
                .did_you_mean(at, nearest(&first.text, known.iter().copied())),
        );
    }
    let (wanted, fits) = match (first.text.as_str(), value.map(|value| &value.kind)) {
        (_, Some(ExprKind::Missing)) => return None,
        ("keep", kind) => ("`true` or `false`", matches!(kind, Some(ExprKind::Literal(Literal::Bool(_))))),
        ("because", kind) => ("text", matches!(kind, Some(ExprKind::Str(_)))),
        (_, kind) => ("a former name", matches!(kind, Some(ExprKind::Path(_)))),
    };
    (!fits).then(|| {
        let at = value.map_or(at, |value| file.span(value.span));
        Diagnostic::new(Code::WrongType, at, format!("`{}` takes {wanted}", first.text))
            .primary_label(format!("expected {wanted}"))
            .help("nothing here is computed")
    })
}
