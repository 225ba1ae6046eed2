//! `moved` and `removed`: lines that name nothing, still name something, or say what they cannot say.

use std::collections::BTreeMap;
use std::sync::Arc;

use idpc_syntax::ast::{DeclKind, Entry, EntryKind, ExprKind, IdentityDecl, Literal};

use crate::code::Code;
use crate::db::{self, Workspace};
use crate::diagnostic::Diagnostic;
use crate::eval::conflicts;
use crate::model::{Identity, identities, origin};
use crate::source::{FileView, Sources as _};
use crate::span::Span;
use crate::suggest::{nearest, one_of};

/// Every finding about such lines.
#[must_use]
pub fn findings(db: &dyn salsa::Database, workspace: Workspace) -> Vec<Diagnostic> {
    let lines = identities(db, workspace);
    if lines.is_empty() {
        return Vec::new();
    }
    let needs = Needs::new(db, workspace);
    let mut found = entries(db, workspace);
    // A line whose entries are wrong is not judged any further.
    let broken: Vec<Span> = found.iter().flat_map(|finding| finding.labels.iter().map(|label| label.span)).collect();
    for (at, line) in lines.iter().enumerate() {
        let finding = match twice(&lines, at).or_else(|| shapeless(line)) {
            Some(finding) => Some(finding),
            None if line.removed => still_there(&needs, line),
            None if broken.contains(&line.span) => None,
            None => former(line).or_else(|| ring(&lines, line)).or_else(|| nowhere(&needs, &lines, line)),
        };
        found.extend(finding);
    }
    found.extend(claimed_twice(&needs, &lines));
    found
}

fn bad(line: &Identity, message: String) -> Diagnostic {
    Diagnostic::new(Code::BadIdentity, line.span, message)
}

/// A second line for the same name would say nothing, or something else.
fn twice(lines: &[Identity], at: usize) -> Option<Diagnostic> {
    let line = lines.get(at)?;
    let first = lines.get(..at)?.iter().find(|other| other.path == line.path && other.removed == line.removed)?;
    let word = if line.removed { "removed" } else { "moved" };
    Some(
        Diagnostic::new(Code::DuplicateDeclaration, line.span, format!("`{}` is {word} twice", line.name()))
            .primary_label("said a second time")
            .label(first.span, "said here first")
            .help("keep one of the two lines"),
    )
}

/// A path that can name neither a service, nor a shared resource, nor a need.
fn shapeless(line: &Identity) -> Option<Diagnostic> {
    let word = if line.removed { "removed" } else { "moved" };
    let message = format!("`{}` is nothing that can be {word}", line.name());
    (!is_identity(&line.path) && line.path.len() > 1).then(|| {
        bad(line, message)
            .primary_label("no service, shared resource or need")
            .help(format!("write `{word} SERVICE`, `{word} RESOURCE` or `{word} SERVICE.needs.ENTRY`"))
    })
}

fn is_identity(path: &[Arc<str>]) -> bool {
    matches!(path, [_]) || matches!(path, [_, group, _] if &**group == "needs")
}

fn still_there(needs: &Needs<'_>, line: &Identity) -> Option<Diagnostic> {
    (place(needs, line) == Place::Declared).then(|| {
        bad(line, format!("`{}` is still declared", line.name()))
            .primary_label("not removed")
            .help("remove the declaration, or this line")
    })
}

/// What is wrong with the former name by itself.
fn former(line: &Identity) -> Option<Diagnostic> {
    if line.from.is_empty() {
        return Some(
            bad(line, "a move needs its former name".to_owned())
                .primary_label("from where?")
                .help("add `from = FORMER.NAME`"),
        );
    }
    if line.from == line.path {
        return Some(
            bad(line, format!("`{}` cannot move from itself", line.name()))
                .primary_label("the same name twice")
                .help("`from` is the former name; remove the line if nothing was renamed"),
        );
    }
    (!is_identity(&line.from)).then(|| {
        bad(line, format!("`{}` was never a name", line.from.join(".")))
            .primary_label("no service, shared resource or need")
            .help("`from` is a former name such as `checkout`, `order-paid` or `checkout.needs.db`")
    })
}

/// Moves that come back to where they began: nothing could tell what the first name was.
fn ring(lines: &[Identity], line: &Identity) -> Option<Diagnostic> {
    let mut at = line.path.clone();
    let mut passed: Vec<&Identity> = Vec::new();
    loop {
        let next = lines.iter().filter(|other| other.former(&at).is_some()).max_by_key(|other| other.path.len())?;
        if passed.contains(&next) {
            return None;
        }
        passed.push(next);
        at = next.former(&at)?;
        if at == line.path {
            break;
        }
    }
    // A ring is reported once, at its first line.
    let first = passed.iter().map(|line| line.span).min()?;
    if line.span != first {
        return None;
    }
    let mut finding = bad(line, "these moves form a ring".to_owned())
        .primary_label("comes back to its own name")
        .help("remove the lines of earlier moves; two things that swap their names need a third name in between");
    for other in passed.iter().filter(|other| other.span != first) {
        finding = finding.label(other.span, format!("through `{}`", other.name()));
    }
    Some(finding)
}

fn nowhere(needs: &Needs<'_>, lines: &[Identity], line: &Identity) -> Option<Diagnostic> {
    // A name that moved on, or went for good, is still the right end of an earlier move.
    let passed = lines.iter().any(|other| {
        let of_service = other.path.len() == 1 && other.path.first() == line.path.first();
        let from_service = other.from.len() == 1 && other.from.first() == line.path.first();
        other.from == line.path || (other.removed && (other.path == line.path || of_service)) || from_service
    });
    let Place::Nowhere(near) = place(needs, line) else { return None };
    (!passed).then(|| {
        bad(line, format!("nothing called `{}` is declared", line.name())).primary_label("moved to nowhere").help(
            match near {
                Some(name) => format!("did you mean `{name}`?"),
                None => "name the service, need or shared resource as it is called now".to_owned(),
            },
        )
    })
}

/// Two things that would be one and the same in the cloud, because both are said to have had one name.
fn claimed_twice(needs: &Needs<'_>, lines: &[Identity]) -> Vec<Diagnostic> {
    let mut owners: BTreeMap<Vec<Arc<str>>, Vec<Thing>> = BTreeMap::new();
    for (path, span) in things(needs) {
        owners.entry(origin(lines, &path)).or_default().push((path, span));
    }
    let mut found = Vec::new();
    for (name, all) in owners.into_iter().filter(|(_, all)| all.len() > 1) {
        // Whoever has the name by itself, or by the first line, keeps it.
        let mut claims: Vec<(Option<Span>, String, Span)> = all
            .into_iter()
            .map(|(path, span)| {
                let line = lines.iter().filter(|line| line.former(&path).is_some()).max_by_key(|line| line.path.len());
                (line.map(|line| line.span), path.join("."), span)
            })
            .collect();
        claims.sort();
        let Some(((by, first, place), others)) = claims.split_first() else { continue };
        for (line, other, _) in others {
            let Some(line) = line else { continue };
            found.push(
                Diagnostic::new(
                    Code::ClaimedTwice,
                    *line,
                    format!("`{first}` and `{other}` cannot both be what `{}` was", name.join(".")),
                )
                .primary_label(format!("claimed by `{other}`"))
                .label(by.unwrap_or(*place), format!("claimed by `{first}`"))
                .help("one thing has one name; name another one in `from`, or remove the line"),
            );
        }
    }
    found.dedup_by(|a, b| a.primary == b.primary);
    found
}

/// A need or shared resource: its path, and where it is declared.
type Thing = (Vec<Arc<str>>, Span);

/// Every need and shared resource, in whatever environment.
fn things(needs: &Needs<'_>) -> Vec<Thing> {
    let (db, workspace) = (needs.db, needs.workspace);
    let names = db::names(db, workspace);
    let sources = db::DbSources { db, workspace };
    let mut found = Vec::new();
    for (service, known) in &needs.known {
        // What is shared has its names from the resource itself.
        for need in known.iter().flatten().filter(|need| !need.shared) {
            found.push((vec![service.clone(), "needs".into(), need.name.clone()], need.span));
        }
    }
    for resource in names.names("resource") {
        let Some((file, decl)) = names.instance("resource", resource).and_then(|at| sources.decl(at)) else { continue };
        found.push((vec![resource.clone()], file.span(decl.header)));
    }
    found
}

/// The needs of every service, looked up once for all lines; nothing for a service that is broken.
struct Needs<'d> {
    db: &'d dyn salsa::Database,
    workspace: Workspace,
    known: BTreeMap<Arc<str>, Option<Vec<Need>>>,
}

impl<'d> Needs<'d> {
    fn new(db: &'d dyn salsa::Database, workspace: Workspace) -> Self {
        let services = db::names(db, workspace).names("service");
        let known = services.map(|service| (service.clone(), needs(db, workspace, service))).collect();
        Self { db, workspace, known }
    }
}

/// A need of a service.
struct Need {
    name: Arc<str>,
    span: Span,
    shared: bool,
}

/// The needs of a service in whatever environment; `None` if the service itself is broken.
fn needs(db: &dyn salsa::Database, workspace: Workspace, service: &str) -> Option<Vec<Need>> {
    let mut known: Vec<Need> = Vec::new();
    for environment in db::environments(db, workspace).iter() {
        let evaluated = db::evaluated(db, workspace, db::subject(db, "service", service, environment));
        let record = evaluated.record.as_ref()?;
        for (name, field) in record.value("needs").entries() {
            let shared = field.value.as_record().is_some_and(|need| need.shared.is_some());
            if !known.iter().any(|need| need.name == *name) {
                known.push(Need { name: name.clone(), span: field.origin.span, shared });
            }
        }
    }
    Some(known)
}

/// What the path of a line leads to.
#[derive(PartialEq, Eq)]
enum Place {
    /// A service, a need, or a shared resource.
    Declared,
    /// Nothing, with a name that may have been meant.
    Nowhere(Option<String>),
    /// Nobody can tell, because the service itself is broken.
    Unclear,
}

fn place(needs: &Needs<'_>, line: &Identity) -> Place {
    let names = db::names(needs.db, needs.workspace);
    let Some((first, rest)) = line.path.split_first() else { return Place::Unclear };
    let is_service = names.instance("service", first).is_some();
    let is_resource = names.instance("resource", first).is_some();
    match rest {
        [] if is_resource || is_service => Place::Declared,
        [group, entry] if is_service && &**group == "needs" => {
            let Some(Some(known)) = needs.known.get(first) else { return Place::Unclear };
            if known.iter().any(|need| need.name == *entry) {
                return Place::Declared;
            }
            let near = nearest(entry, known.iter().map(|need| &*need.name));
            Place::Nowhere(near.map(|near| format!("{first}.needs.{near}")))
        }
        _ => {
            let all = names
                .names("service")
                .chain(names.names("resource"))
                .map(|name| &**name)
                .filter(|name| *name != &**first);
            let near = nearest(first, all);
            Place::Nowhere(
                near.map(|near| {
                    std::iter::once(near).chain(rest.iter().map(|name| &**name)).collect::<Vec<_>>().join(".")
                }),
            )
        }
    }
}

/// Entries of such a line: each has its few fields.
fn entries(db: &dyn salsa::Database, workspace: Workspace) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in workspace.files(db) {
        let view = &db::parsed(db, *file).view;
        for decl in &view.ast.decls {
            let DeclKind::Identity(item) = &decl.kind else { continue };
            found.extend(item.entries.iter().filter_map(|entry| misplaced(view, view.span(decl.header), item, entry)));
            found.extend(conflicts(view.id, &[&item.entries]));
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
