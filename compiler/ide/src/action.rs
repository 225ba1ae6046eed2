//! What can be done about a place: fixes of findings, and small changes that people make often.

use std::collections::{BTreeMap, BTreeSet};

use idpc_model::diagnostic::{Diagnostic, Fix, Safety};
use idpc_model::placeholder::{bound, plain};
use idpc_model::schema::{Schema, is_required};
use idpc_model::source::FileView;
use idpc_model::span::FileId;
use idpc_model::ty::Ty;
use idpc_syntax::ast::{DeclKind, Entry, EntryKind, ExprKind, InstanceDecl, Name, TextRange, TextSize};

use crate::fix::{Trust, together};
use crate::program::Program;
use crate::slot::Slot;
use crate::spot::Spot;
use crate::walk::{Role, Walk};
use crate::written::name as quoted;

/// What an action is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It removes a finding.
    Fix,
    /// It removes a finding, and can only have been meant so.
    SafeFix,
    /// It writes more of the same.
    Rewrite,
    /// It puts something elsewhere.
    Extract,
    /// It applies every safe fix of a file.
    FixAll,
}

/// Something that can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What it does, as an imperative.
    pub title: String,
    /// What it is for.
    pub kind: Kind,
    /// The replacements of each file.
    pub edits: BTreeMap<FileId, Vec<(TextRange, String)>>,
    /// The finding that it removes, by its place among those that were given.
    pub finding: Option<usize>,
}

/// What can be done in a part of a file. `findings` are what is wrong there, or anywhere in the file.
#[must_use]
pub fn actions(
    program: Program<'_>,
    view: &FileView,
    text: &str,
    range: TextRange,
    findings: &[Diagnostic],
) -> Vec<Action> {
    let mut found = Vec::new();
    for (at, finding) in findings.iter().enumerate() {
        let here = finding.primary.file == view.id && touches(finding.primary.range, range);
        for fix in finding.fixes.iter().filter(|_| here) {
            let mut edits: BTreeMap<FileId, Vec<(TextRange, String)>> = BTreeMap::new();
            for edit in &fix.edits {
                edits.entry(edit.file).or_default().push((edit.range, edit.text.clone()));
            }
            let kind = if fix.safety == Safety::Safe { Kind::SafeFix } else { Kind::Fix };
            found.push(Action { title: fix.title.clone(), kind, edits, finding: Some(at) });
        }
    }
    found.extend(missing_declaration(program, view, text, range));
    for decl in view.ast.decls.iter().filter(|decl| touches(decl.span, range)) {
        if let DeclKind::Instance(item) = &decl.kind {
            found.extend(fill(program, view.id, text, item, decl.header, range));
            found.extend(to_overlay(program, view.id, text, item, (decl.span, range)));
        }
    }
    found.extend(fix_all(view.id, findings));
    // What is found in several environments is fixed once.
    let mut kept: Vec<Action> = Vec::new();
    for action in found {
        if !kept.iter().any(|known| known.title == action.title && known.edits == action.edits) {
            kept.push(action);
        }
    }
    kept
}

fn touches(one: TextRange, other: TextRange) -> bool {
    one.start() <= other.end() && other.start() <= one.end()
}

/// Every safe fix of a file that clashes with no other.
fn fix_all(file: FileId, findings: &[Diagnostic]) -> Option<Action> {
    let own = |fix: &&Fix| Trust::Safe.admits(fix) && fix.edits.iter().all(|edit| edit.file == file);
    let here = findings.iter().filter(|finding| finding.primary.file == file);
    let chosen = together(here.filter_map(|finding| Some((finding, finding.fixes.iter().find(own)?))));
    let mut edits: Vec<(TextRange, String)> = Vec::new();
    for edit in chosen.into_iter().flat_map(|attempt| attempt.fix.edits) {
        // Two findings may ask for one and the same change.
        if !edits.contains(&(edit.range, edit.text.clone())) {
            edits.push((edit.range, edit.text));
        }
    }
    edits.sort_by_key(|(range, _)| range.start());
    (!edits.is_empty()).then(|| Action {
        title: String::from("apply every safe fix of this file"),
        kind: Kind::FixAll,
        edits: BTreeMap::from([(file, edits)]),
        finding: None,
    })
}

/// Declares the team or system that a name refers to and that does not exist.
fn missing_declaration(program: Program<'_>, view: &FileView, text: &str, range: TextRange) -> Option<Action> {
    let mut found: Option<(String, String)> = None;
    let mut visit = |slot: &Slot<'_>, name: &Name, _: Role| {
        let Slot::Value { expected: Some(ty), .. } = slot else { return };
        let Ty::Ref(root) = ty.core() else { return };
        let unknown = found.is_none() && touches(name.span, range) && slot.resolve(program, view, &name.text).is_none();
        if unknown && matches!(&**root, "team" | "system") {
            found = Some((root.to_string(), name.text.clone()));
        }
    };
    Walk { program, view, visit: &mut visit }.file();
    let (root, name) = found?;
    // Beside its like, or in this file.
    let home = program.index().names(&root).find_map(|other| {
        let at = program.index().instance(&root, other)?;
        let own = program.role(at.file).is_some_and(|role| role.is_platform() || at.file == view.id);
        (own && program.role(at.file) != Some(idpc_model::source::Role::Library)).then_some(at.file)
    });
    let home = home.unwrap_or(view.id);
    let written = if home == view.id { text.to_owned() } else { program.text(home)?.to_string() };
    let gap = if written.is_empty() || written.ends_with('\n') { "\n" } else { "\n\n" };
    let body = match (&*root, program.index().names("team").next()) {
        ("system", Some(team)) => format!("{{\n  owner = {team}\n}}"),
        _ => String::from("{}"),
    };
    let end = TextRange::empty(TextSize::of(written.as_str()));
    Some(Action {
        title: format!("declare the {root} `{name}`"),
        kind: Kind::Fix,
        edits: BTreeMap::from([(home, vec![(end, format!("{gap}{root} {name} {body}\n"))])]),
        finding: None,
    })
}

/// Writes the fields that must be set and are not, in the innermost record around the cursor that misses some.
fn fill(
    program: Program<'_>,
    file: FileId,
    text: &str,
    item: &InstanceDecl,
    header: TextRange,
    range: TextRange,
) -> Option<Action> {
    let spot = Spot::of_instance(program, item);
    let mut best = spot.schema.as_ref().map(|schema| (schema.clone(), &item.entries[..], header.end(), 1));
    records(program, &item.entries, &spot, range, 1, &mut best);
    let (schema, entries, after, depth) = best?;
    let missing = missing(program, &schema, entries);
    if missing.is_empty() {
        return None;
    }
    let brace = text.get(usize::from(after)..)?.find('{')?;
    let at = after + TextSize::of(text.get(usize::from(after)..usize::from(after) + brace + 1)?);
    let next = text.get(usize::from(at)..)?.trim_start_matches([' ', '\t']);
    let indent = "  ".repeat(depth);
    let inline = depth > 1 && !next.starts_with(['\n', '\r']);
    let written = if inline {
        let end = if next.starts_with('}') { " " } else { "," };
        format!(" {}{end}", missing.join(", "))
    } else {
        let lines: Vec<String> = missing.iter().map(|line| format!("\n{indent}{line}")).collect();
        let end = if next.starts_with('}') { format!("\n{}", "  ".repeat(depth - 1)) } else { String::new() };
        format!("{}{end}", lines.concat())
    };
    Some(Action {
        title: format!("fill in the required fields of `{}`", schema.name),
        kind: Kind::Rewrite,
        edits: BTreeMap::from([(file, vec![(TextRange::empty(at), written)])]),
        finding: None,
    })
}

/// The innermost record with a kind of its own around the cursor.
type Around<'a> = Option<(std::sync::Arc<Schema>, &'a [Entry], TextSize, usize)>;

fn records<'a>(
    program: Program<'_>,
    entries: &'a [Entry],
    at: &Spot,
    range: TextRange,
    depth: usize,
    best: &mut Around<'a>,
) {
    for entry in entries.iter().filter(|entry| touches(entry.span, range)) {
        let (path, value) = match &entry.kind {
            EntryKind::Set { path, value } => (path, Some(value)),
            EntryKind::Amend { path, entries } => {
                let names: Vec<String> = path.segments.iter().map(|name| name.text.clone()).collect();
                if let Some(spot) = at.along(program, &names) {
                    records(program, entries, &spot, range, depth + 1, best);
                }
                continue;
            }
            _ => continue,
        };
        let Some(ExprKind::Record { schema: Some(kind), entries: inner }) = value.map(|value| &value.kind) else {
            continue;
        };
        let names: Vec<String> = path.segments.iter().map(|name| name.text.clone()).collect();
        let Some((last, before)) = names.split_last() else { continue };
        let Some(spot) = at.along(program, before) else { continue };
        if let Some((_, spot)) = spot.step(program, last, Some(&kind.text))
            && let Some(schema) = &spot.schema
            && *schema.name == *kind.text
            && !missing(program, schema, inner).is_empty()
        {
            *best = Some((schema.clone(), inner, kind.span.end(), depth + 1));
        }
    }
}

fn missing(program: Program<'_>, schema: &Schema, entries: &[Entry]) -> Vec<String> {
    let set: BTreeSet<&str> = entries
        .iter()
        .filter_map(|entry| match &entry.kind {
            EntryKind::Set { path, .. } | EntryKind::Amend { path, .. } | EntryKind::Bare(path) => {
                path.segments.first().map(|name| name.text.as_str())
            }
            EntryKind::In { .. } => None,
        })
        .collect();
    let fields = schema.fields.iter().filter(|field| is_required(field, program.set()));
    let fields = fields.filter(|field| !set.contains(&*field.name));
    fields.map(|field| format!("{} = {}", quoted(&field.name), proposal(program, &field.ty))).collect()
}

/// A value of a type that somebody will look at.
fn proposal(program: Program<'_>, ty: &Ty) -> String {
    if let Some(bound) = bound(ty) {
        return bound.to_string();
    }
    let or_none = |found: Option<String>| found.unwrap_or_else(|| String::from("none"));
    match ty.core() {
        Ty::Money => String::from("1USD"),
        Ty::Date => String::from("2030-12-31"),
        Ty::List(_) => String::from("[]"),
        Ty::Map { .. } | Ty::Schema(_) => String::from("{}"),
        Ty::Union(_) | Ty::Enum(_) => or_none(plain(ty, program.set())),
        Ty::Ref(schema) => or_none(program.index().names(program.root_of(schema)).next().map(ToString::to_string)),
        _ => plain(ty, program.set()).unwrap_or_else(|| String::from("\"\"")),
    }
}

/// Says something for one environment that the entry under the cursor says for all.
fn to_overlay(
    program: Program<'_>,
    file: FileId,
    text: &str,
    item: &InstanceDecl,
    (whole, range): (TextRange, TextRange),
) -> Vec<Action> {
    if !matches!(item.root.text.as_str(), "service" | "resource") {
        return Vec::new();
    }
    let mut path = Vec::new();
    let Some(value) = setting(&item.entries, range.start(), &mut path) else { return Vec::new() };
    let spot = Spot::of_instance(program, item);
    let first = path.first().and_then(|name| spot.schema.as_ref()?.field(name));
    if first.is_none_or(|field| field.once) {
        return Vec::new();
    }
    let Some(value) = text.get(usize::from(value.start())..usize::from(value.end())) else { return Vec::new() };
    let names: Vec<String> = path.iter().map(|name| quoted(name)).collect();
    let line = format!("{} = {value}", names.join("."));
    let Some(close) = whole.end().checked_sub(TextSize::new(1)) else { return Vec::new() };
    let mut found = Vec::new();
    for environment in program.environments() {
        let own = item.entries.iter().find_map(|entry| match &entry.kind {
            EntryKind::In { envs, entries, header } => {
                let only = envs.iter().all(|name| *name.text == **environment);
                (only && !envs.is_empty()).then_some((entries, *header, entry.span))
            }
            _ => None,
        });
        let said = |entries: &[Entry]| setting_of(entries, &path);
        let (at, written) = match own {
            Some((entries, _, _)) if said(entries) => continue,
            Some((entries, header, span)) => {
                let one_line =
                    !text.get(usize::from(span.start())..usize::from(span.end())).unwrap_or_default().contains('\n');
                let Some(brace) = text.get(usize::from(header.end())..).and_then(|rest| rest.find('{')) else {
                    continue;
                };
                let at = header.end() + TextSize::new(u32::try_from(brace + 1).unwrap_or(u32::MAX));
                let comma = if entries.is_empty() { " " } else { "," };
                (at, if one_line { format!(" {line}{comma}") } else { format!("\n    {line}") })
            }
            None => (close, format!("\n  in {environment} {{\n    {line}\n  }}\n")),
        };
        found.push(Action {
            title: format!("set `{}` for {environment} alone", names.join(".")),
            kind: Kind::Extract,
            edits: BTreeMap::from([(file, vec![(TextRange::empty(at), written)])]),
            finding: None,
        });
    }
    found
}

/// The value at an offset, outside of overlays, with the way to it.
fn setting(entries: &[Entry], offset: TextSize, path: &mut Vec<String>) -> Option<TextRange> {
    let entry = entries.iter().find(|entry| entry.span.contains_inclusive(offset))?;
    let (here, inner) = match &entry.kind {
        EntryKind::Set { path: here, value } => {
            path.extend(here.segments.iter().map(|name| name.text.clone()));
            match &value.kind {
                ExprKind::Missing => return None,
                ExprKind::Record { entries, .. } => return setting(entries, offset, path),
                _ => return Some(value.span),
            }
        }
        EntryKind::Amend { path: here, entries } => (here, entries),
        EntryKind::Bare(_) | EntryKind::In { .. } => return None,
    };
    path.extend(here.segments.iter().map(|name| name.text.clone()));
    setting(inner, offset, path)
}

/// Whether some entries set a path, or something above it.
fn setting_of(entries: &[Entry], path: &[String]) -> bool {
    entries.iter().any(|entry| match &entry.kind {
        EntryKind::Set { path: here, .. } => here.segments.iter().zip(path).all(|(name, wanted)| name.text == *wanted),
        EntryKind::Amend { path: here, entries } => {
            let count = here.segments.len();
            let along = here.segments.iter().zip(path).all(|(name, wanted)| name.text == *wanted);
            along && path.get(count..).is_some_and(|rest| setting_of(entries, rest))
        }
        _ => false,
    })
}
