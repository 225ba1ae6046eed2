//! Going from a name to what it stands for, and back.

use idpc_model::source::FileView;
use idpc_model::span::FileId;
use idpc_syntax::ast::{TextRange, TextSize};

use crate::mention::{Mention, Role, declarations, everywhere, mention_at, mentions};
use crate::program::Program;
use crate::thing::Thing;

/// Where something is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The name at the cursor.
    pub origin: TextRange,
    /// The file that it leads to.
    pub file: FileId,
    /// The name there.
    pub range: TextRange,
    /// All of what is declared there.
    pub whole: TextRange,
}

/// Where what the cursor is on is declared.
#[must_use]
pub fn definition(program: Program<'_>, view: &FileView, offset: TextSize) -> Vec<Target> {
    let Some(mention) = mention_at(program, view, offset) else { return Vec::new() };
    let thing = match &mention.thing {
        // The service, environment or platform itself is its declaration.
        Thing::Special(word) => special(program, view, offset, word),
        thing => Some(thing.clone()),
    };
    thing.map(|thing| targets(program, &mention, &thing)).unwrap_or_default()
}

/// The schema or enum of what the cursor is on.
#[must_use]
pub fn type_definition(program: Program<'_>, view: &FileView, offset: TextSize) -> Vec<Target> {
    let Some(mention) = mention_at(program, view, offset) else { return Vec::new() };
    let thing = match &mention.thing {
        Thing::Special(word) => special(program, view, offset, word).and_then(|thing| thing.type_of(program)),
        thing @ (Thing::Schema(_) | Thing::Enum(_)) => Some(thing.clone()),
        thing => thing.type_of(program),
    };
    thing.map(|thing| targets(program, &mention, &thing)).unwrap_or_default()
}

/// What `service`, `env` and `platform` stand for.
fn special(program: Program<'_>, view: &FileView, offset: TextSize, word: &str) -> Option<Thing> {
    let around = view.ast.decls.iter().find(|decl| decl.span.contains_inclusive(offset))?;
    match (word, idpc_model::source::declared(around)) {
        ("service" | "self" | "name", Some((root, name))) if root != "schema" && root != "enum" => {
            Some(Thing::Instance { root: root.to_owned(), name: name.to_owned() })
        }
        ("service", _) => Some(Thing::Schema("service".into())),
        ("env", _) => Some(Thing::Schema("environment".into())),
        ("platform", _) => {
            let name = program.index().names("platform").next()?;
            Some(Thing::Instance { root: "platform".into(), name: name.to_string() })
        }
        _ => None,
    }
}

fn targets(program: Program<'_>, mention: &Mention, thing: &Thing) -> Vec<Target> {
    let places = declarations(program, thing);
    let each = places.into_iter().map(|(file, range)| {
        let whole = program.view(file).and_then(|view| around(view, thing, range)).unwrap_or(range);
        Target { origin: mention.range, file, range, whole }
    });
    each.collect()
}

/// All of the declaration that a name stands in, if the thing is a declaration of its own.
fn around(view: &FileView, thing: &Thing, name: TextRange) -> Option<TextRange> {
    let whole = matches!(thing, Thing::Instance { .. } | Thing::Schema(_) | Thing::Enum(_) | Thing::Constant { .. });
    let decl = view.ast.decls.iter().find(|decl| whole && decl.span.contains_range(name))?;
    Some(decl.span)
}

/// Whether the place where a thing is declared counts as a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    /// It does.
    Included,
    /// It does not.
    Excluded,
}

/// Everywhere that mentions what the cursor is on.
#[must_use]
pub fn references(
    program: Program<'_>,
    view: &FileView,
    offset: TextSize,
    declared: Declared,
) -> Vec<(FileId, TextRange)> {
    let Some(mention) = mention_at(program, view, offset) else { return Vec::new() };
    if matches!(mention.thing, Thing::Special(_) | Thing::Builtin(_)) {
        return highlights(program, view, offset).into_iter().map(|(range, _)| (view.id, range)).collect();
    }
    let all = everywhere(program, &mention.thing).into_iter();
    all.filter(|(_, found)| declared == Declared::Included || found.role != Role::Declaration)
        .map(|(file, found)| (file, found.range))
        .collect()
}

/// Everywhere in this file that mentions what the cursor is on.
#[must_use]
pub fn highlights(program: Program<'_>, view: &FileView, offset: TextSize) -> Vec<(TextRange, Role)> {
    let Some(mention) = mention_at(program, view, offset) else { return Vec::new() };
    let all = mentions(program, view).into_iter().filter(|found| found.thing == mention.thing);
    all.map(|found| (found.range, found.role)).collect()
}
