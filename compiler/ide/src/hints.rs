//! What holds and is not written where it holds: defaults of a kind, and what overlays make of a value.

use std::sync::Arc;

use idpc_model::source::FileView;
use idpc_model::span::Span;
use idpc_model::value::{Field, Layer, Record, Value};
use idpc_syntax::ast::{DeclKind, Entry, EntryKind, ExprKind, InstanceDecl, TextRange, TextSize};

use crate::program::Program;
use crate::spot::Spot;
use crate::written::written;

/// A remark in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Behind what it stands.
    pub at: TextSize,
    /// What it says.
    pub parts: Vec<Part>,
    /// More about it, in Markdown.
    pub more: String,
}

/// A part of what a remark says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its text.
    pub text: String,
    /// Where that is written.
    pub origin: Option<Span>,
}

impl Hint {
    /// All that it says.
    #[must_use]
    pub fn text(&self) -> String {
        self.parts.iter().map(|part| part.text.as_str()).collect()
    }
}

/// How many defaults are told in the line; the rest is told when somebody asks.
const SHOWN: usize = 3;

/// The records of an instance by environment.
type Records<'a> = [(&'a str, Arc<Record>)];

/// The remarks in a part of a file.
#[must_use]
pub fn hints(program: Program<'_>, view: &FileView, range: TextRange) -> Vec<Hint> {
    let mut found = Vec::new();
    for decl in view.ast.decls.iter().filter(|decl| decl.span.intersect(range).is_some()) {
        let DeclKind::Instance(item) = &decl.kind else { continue };
        let records = program.records(&item.root.text, &item.name.text);
        entries(program, item, &item.entries, &mut Vec::new(), &records, &mut found);
    }
    found.retain(|hint| range.contains_inclusive(hint.at));
    found.sort_by_key(|hint| hint.at);
    found
}

fn entries(
    program: Program<'_>,
    item: &InstanceDecl,
    entries: &[Entry],
    path: &mut Vec<String>,
    records: &Records<'_>,
    found: &mut Vec<Hint>,
) {
    for entry in entries {
        let (here, inner) = match &entry.kind {
            EntryKind::Set { path: here, value } => match &value.kind {
                ExprKind::Record { schema, entries } => {
                    if let Some(schema) = schema {
                        path.extend(here.segments.iter().map(|name| name.text.clone()));
                        found.extend(defaults(program, path, schema.span.end(), records));
                        path.truncate(path.len() - here.segments.len());
                    }
                    (here, entries)
                }
                _ => {
                    path.extend(here.segments.iter().map(|name| name.text.clone()));
                    found.extend(overlaid(path, value.span.end(), records));
                    path.truncate(path.len() - here.segments.len());
                    continue;
                }
            },
            EntryKind::Amend { path: here, entries } => (here, entries),
            EntryKind::Bare(here) => {
                path.extend(here.segments.iter().map(|name| name.text.clone()));
                // Only a call has something to say: a shared resource has its fields elsewhere.
                let spot = Spot::of_instance(program, item).along(program, path);
                if spot.is_some_and(|spot| spot.schema.is_some_and(|schema| schema.root() != "resource")) {
                    found.extend(defaults(program, path, entry.span.end(), records));
                }
                path.truncate(path.len() - here.segments.len());
                continue;
            }
            EntryKind::In { .. } => continue,
        };
        path.extend(here.segments.iter().map(|name| name.text.clone()));
        self::entries(program, item, inner, path, records, found);
        path.truncate(path.len() - here.segments.len());
    }
}

/// The field at a path.
fn field<'r>(record: &'r Record, path: &[String]) -> Option<&'r Field> {
    let (first, rest) = path.split_first()?;
    let mut field = record.field(first)?;
    for name in rest {
        field = match &field.value {
            Value::Record(record) => record.field(name)?,
            Value::Map(map) => &map.entries.iter().find(|(key, _)| **key == **name)?.1,
            _ => return None,
        };
    }
    Some(field)
}

/// What overlays make of a value.
fn overlaid(path: &[String], at: TextSize, records: &Records<'_>) -> Option<Hint> {
    let mut parts: Vec<(String, Vec<&str>, Span)> = Vec::new();
    for (environment, record) in records {
        let Some(field) = field(record, path).filter(|field| field.origin.layer == Layer::Overlay) else { continue };
        let text = written(&field.value);
        match parts.iter_mut().find(|(known, ..)| *known == text) {
            Some((_, environments, _)) => environments.push(environment),
            None => parts.push((text, vec![environment], field.origin.span)),
        }
    }
    let each = parts.into_iter();
    let parts = each.map(|(text, environments, span)| (format!("{}: {text}", environments.join(", ")), span));
    let parts = joined(parts.collect(), "; ");
    (!parts.is_empty()).then(|| Hint { at, more: String::from("An overlay sets it there."), parts })
}

/// Parts with something between each two.
fn joined(parts: Vec<(String, Span)>, between: &str) -> Vec<Part> {
    let mut found: Vec<Part> = Vec::new();
    for (text, span) in parts {
        if !found.is_empty() {
            found.push(Part { text: between.to_owned(), origin: None });
        }
        found.push(Part { text, origin: Some(span) });
    }
    found
}

/// The defaults that apply in a record and are the same everywhere.
fn defaults(program: Program<'_>, path: &[String], at: TextSize, records: &Records<'_>) -> Option<Hint> {
    let each: Vec<&Arc<Record>> =
        records.iter().filter_map(|(_, record)| field(record, path)?.value.as_record()).collect();
    let first = each.first()?;
    let holds = |name: &str, field: &Field| {
        let plain = !matches!(field.value, Value::None | Value::Error | Value::Record(_) | Value::Map(_));
        let of_default = matches!(field.origin.layer, Layer::Default(_) | Layer::Extension(_));
        let same = || each.iter().all(|record| record.field(name).is_some_and(|other| other.value == field.value));
        plain && of_default && same()
    };
    // What the kind itself brings says more than what all kinds have.
    let common = |name: &str| {
        let field = program.set().get(&first.schema).and_then(|schema| schema.field(name));
        field.is_none_or(|field| idpc_model::schema::ROOTS.contains(&&*field.declared_in))
    };
    let mut fields: Vec<_> = first.fields.iter().filter(|(name, field)| holds(name, field)).collect();
    fields.sort_by_key(|(name, _)| common(name));
    let each = fields.into_iter();
    let lines = each.map(|(name, field)| (format!("{name} = {}", written(&field.value)), field.origin.span));
    let mut lines: Vec<(String, Span)> = lines.collect();
    if lines.is_empty() {
        return None;
    }
    let all: Vec<&str> = lines.iter().map(|(line, _)| line.as_str()).collect();
    let more = format!("Defaults that apply:\n```idp\n{}\n```", all.join("\n"));
    let rest = lines.len() > SHOWN;
    lines.truncate(SHOWN);
    let mut parts = joined(lines, ", ");
    if rest {
        parts.push(Part { text: String::from(", …"), origin: None });
    }
    Some(Hint { at, parts, more })
}
