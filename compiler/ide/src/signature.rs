//! What can still be written into the record, the call of a function or the annotation around the cursor.

use idpc_model::schema::{Schema, is_hidden, is_required};
use idpc_model::source::FileView;
use idpc_syntax::ast::{Entry, EntryKind, Name, TextSize};
use idpc_syntax::{SyntaxElement, SyntaxKind, SyntaxToken, parse};
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::program::Program;
use crate::slot::Slot;
use crate::trial::{STAND_IN, with_text};
use crate::walk::{Role, Walk};

/// What can be written, with what is being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// All of it: `redis { memory : size, version : string }`.
    pub label: String,
    /// What it is.
    pub doc: Option<String>,
    /// Its parts as they stand in the label, with their documentation. Of a record: the field that is being written and
    /// those that are not set, first those that must be.
    pub parameters: Vec<(String, Option<String>)>,
    /// Which part is being written.
    pub active: Option<usize>,
}

/// What is written with parentheses: its name, its arguments, and what it is.
const CALLS: &[(&str, &[&str], &str)] = &[
    ("len", &["list, map or string"], "How many elements a list, entries a map or characters a text has."),
    ("min", &["first", "more…"], "The least of some values of one type."),
    ("max", &["first", "more…"], "The greatest of some values of one type."),
    ("@locked", &["\"why\"", "except = […]"], "Nobody may set it, apart from `except`."),
    ("@deprecated", &["use = …", "\"why\""], "Something else should be used."),
];

/// What the record, function or annotation around an offset takes.
#[must_use]
pub fn signature(program: Program<'_>, view: &FileView, text: &str, offset: TextSize) -> Option<Signature> {
    match around(text, offset) {
        Around::Call(name, ordinal) => return call(&name, ordinal),
        Around::Other => return None,
        Around::Record => {}
    }
    let before = text.get(..usize::from(offset))?;
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let mut found: Option<(Arc<Schema>, BTreeSet<String>, String)> = None;
    let mut visit = |slot: &Slot<'_>, name: &Name, _: Role| {
        let Slot::Key { holder, body, .. } = slot else { return };
        let Some(schema) = &holder.schema else { return };
        let start = usize::from(name.span.start());
        if start >= line && start < usize::from(offset) {
            found = Some((schema.clone(), set(body), name.text.clone()));
        }
    };
    Walk { program, view, visit: &mut visit }.file();
    // What was closed on this line is over.
    let rest = found.as_ref().and_then(|(_, _, name)| before.get(before.rfind(name.as_str())?..));
    if let Some((schema, set, name)) =
        found.filter(|_| rest.is_some_and(|rest| rest.contains('=') && !rest.contains(['}', ',', '{'])))
    {
        return Some(of(program, &schema, &set, Some(&name)));
    }
    let trial = format!("{before}{STAND_IN}\n{}", text.get(usize::from(offset)..)?);
    let trial = with_text(view, &trial);
    let mut found: Option<(Arc<Schema>, BTreeSet<String>)> = None;
    let mut visit = |slot: &Slot<'_>, name: &Name, _: Role| {
        if let Slot::Key { holder, body, .. } = slot
            && name.text.ends_with(STAND_IN)
        {
            found = holder.schema.clone().map(|schema| (schema, set(body)));
        }
    };
    Walk { program, view: &trial, visit: &mut visit }.file();
    let (schema, set) = found?;
    Some(of(program, &schema, &set, None))
}

/// The fields that some entries set.
fn set(body: &[Entry]) -> BTreeSet<String> {
    let each = body.iter().filter_map(|entry| match &entry.kind {
        EntryKind::Set { path, .. } | EntryKind::Amend { path, .. } | EntryKind::Bare(path) => path.segments.first(),
        EntryKind::In { .. } => None,
    });
    each.map(|name| name.text.clone()).collect()
}

fn of(program: Program<'_>, schema: &Schema, set: &BTreeSet<String>, active: Option<&str>) -> Signature {
    let doc = |doc: &Option<Arc<str>>| doc.as_ref().map(ToString::to_string);
    let shown = |name: &str| active == Some(name) || (!set.contains(name) && !is_hidden(name));
    let mut fields: Vec<_> = schema.fields.iter().filter(|field| shown(&field.name)).collect();
    fields.sort_by_key(|field| !is_required(field, program.set()));
    let parts: Vec<String> = fields.iter().map(|field| format!("{} : {}", field.name, field.ty)).collect();
    Signature {
        label: format!("{} {{ {} }}", schema.name, parts.join(", ")),
        doc: doc(&schema.doc),
        active: active.and_then(|name| fields.iter().position(|field| *field.name == *name)),
        parameters: parts.into_iter().zip(fields).map(|(part, field)| (part, doc(&field.doc))).collect(),
    }
}

fn call(name: &str, ordinal: usize) -> Option<Signature> {
    let (_, arguments, doc) = CALLS.iter().find(|(known, ..)| *known == name)?;
    let last = arguments.len().saturating_sub(1);
    let repeats = arguments.last().is_some_and(|argument| argument.ends_with('…'));
    Some(Signature {
        label: format!("{name}({})", arguments.join(", ")),
        doc: Some((*doc).to_owned()),
        parameters: arguments.iter().map(|argument| ((*argument).to_owned(), None)).collect(),
        active: if repeats { Some(ordinal.min(last)) } else { Some(ordinal).filter(|at| *at <= last) },
    })
}

/// What is open where the cursor is.
enum Around {
    /// A function or annotation, with the number of the argument.
    Call(String, usize),
    /// A record, or nothing.
    Record,
    /// Text or a comment.
    Other,
}

fn around(text: &str, offset: TextSize) -> Around {
    let mut open: Vec<(Option<String>, usize)> = Vec::new();
    let mut last: Option<SyntaxToken> = None;
    let mut at = false;
    for token in parse(text).syntax().descendants_with_tokens().filter_map(SyntaxElement::into_token) {
        let range = token.text_range();
        if range.start() >= offset {
            break;
        }
        let quiet = matches!(token.kind(), SyntaxKind::Str | SyntaxKind::Comment | SyntaxKind::DocComment);
        if quiet && (range.end() > offset || (range.end() == offset && token.kind() != SyntaxKind::Str)) {
            return Around::Other;
        }
        match token.kind() {
            SyntaxKind::LParen => {
                let name = last.as_ref().filter(|last| last.kind() == SyntaxKind::Ident);
                let mark = if at { "@" } else { "" };
                open.push((name.map(|name| format!("{mark}{}", name.text())), 0));
            }
            SyntaxKind::LBrace | SyntaxKind::LBracket => open.push((None, 0)),
            SyntaxKind::RParen | SyntaxKind::RBrace | SyntaxKind::RBracket => {
                open.pop();
            }
            SyntaxKind::Comma => open.iter_mut().last().into_iter().for_each(|(_, ordinal)| *ordinal += 1),
            _ => {}
        }
        at = last.is_some_and(|last| last.kind() == SyntaxKind::At) && token.kind() == SyntaxKind::Ident;
        last = Some(token);
    }
    match open.pop() {
        Some((Some(name), ordinal)) => Around::Call(name, ordinal),
        _ => Around::Record,
    }
}
