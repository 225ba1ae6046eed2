//! What is said about the thing under the cursor: its type, its documentation, its value in each environment.

use std::sync::Arc;

use idpc_model::schema::{Schema, SchemaField};
use idpc_model::source::FileView;
use idpc_model::ty::Ty;
use idpc_model::value::{Field, Value};
use idpc_syntax::ast::{Decl, DeclKind, TextRange, TextSize};

use crate::cursor::{Cursor, Setting, Step, cursor};
use crate::effective::{lines, part};
use crate::mention::mention_at;
use crate::place::{Place, walk};
use crate::program::Program;
use crate::thing::Thing;

/// A text about a part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// In Markdown.
    pub markdown: String,
    /// What it is about.
    pub range: TextRange,
}

/// What there is to say about the thing at an offset.
#[must_use]
pub fn hover(program: Program<'_>, file: &FileView, offset: TextSize) -> Option<Hover> {
    let found = at_cursor(program, file, offset);
    let mention = mention_at(program, file, offset);
    // What a name stands for is said where the place alone says nothing, or says something about all around the name.
    match (found, mention) {
        (Some(found), Some(mention)) if mention.range == found.range => Some(found),
        (found, Some(mention)) => about_thing(program, file, &mention.thing)
            .map(|paragraphs| Hover { markdown: joined(paragraphs), range: mention.range })
            .or(found),
        (found, None) => found,
    }
}

/// What is said about a thing wherever it is mentioned.
fn about_thing(program: Program<'_>, file: &FileView, thing: &Thing) -> Option<Vec<String>> {
    let step = |name| vec![Step { name, schema: None }];
    match thing {
        Thing::Instance { root, name } => about_instance(program, root, name),
        Thing::Schema(name) | Thing::Enum(name) | Thing::Builtin(name) => about_type(program, name),
        Thing::Variant { of, name } => {
            let (_, doc) = program.set().enumeration(of)?.variants.iter().find(|(known, _)| **known == **name)?;
            Some(vec![fenced(&format!("{of}.{name}")), doc.as_deref().unwrap_or_default().to_owned()])
        }
        Thing::Field { schema, name } | Thing::Output { schema, name } => {
            let place = walk(program.set(), schema, &step(name), &|_| None)?;
            Some(about_place(name, &place, program))
        }
        Thing::Constant { name, .. } => {
            let value = file.lets.get(name)?;
            Some(vec![fenced(&format!("let {name} = {}", crate::written::written(value)))])
        }
        Thing::Entry { .. } | Thing::Special(_) => None,
    }
}

fn at_cursor(program: Program<'_>, file: &FileView, offset: TextSize) -> Option<Hover> {
    let (paragraphs, range) = match cursor(&file.ast, offset)? {
        Cursor::Setting(setting) => return about_setting(program, &setting),
        Cursor::Declaration(decl, range) => (about_declaration(decl), range),
        Cursor::Member { schema, steps, range } => {
            let place = walk(program.set(), &schema, &steps, &|_| None)?;
            (about_place(steps.last()?.name, &place, program), range)
        }
        Cursor::Type(name) => (about_type(program, &name.text)?, name.span),
        Cursor::Environment(name) => (about_instance(program, "environment", &name.text)?, name.span),
        Cursor::Variant(item, variant) => {
            let head = fenced(&format!("{}.{}", item.name.text, variant.name.text));
            (vec![head, variant.doc.clone().unwrap_or_default()], variant.name.span)
        }
    };
    Some(Hover { markdown: joined(paragraphs), range })
}

fn about_setting(program: Program<'_>, setting: &Setting<'_>) -> Option<Hover> {
    if let Some((steps, range)) = &setting.read {
        // What the cursor points at is said first; a name that belongs to nothing here says nothing by itself.
        if let Some(paragraphs) = about_steps(program, setting, steps) {
            return Some(Hover { markdown: joined(paragraphs), range: *range });
        }
    }
    let paragraphs = about_steps(program, setting, &setting.steps)?;
    Some(Hover { markdown: joined(paragraphs), range: setting.range })
}

fn about_steps(program: Program<'_>, setting: &Setting<'_>, steps: &[Step<'_>]) -> Option<Vec<String>> {
    let item = setting.item;
    let records = program.records(&item.root.text, &item.name.text);
    let actual = |count: usize| -> Option<Arc<str>> {
        let steps = steps.get(..count)?;
        let found = records.iter().find_map(|(_, record)| part(record, steps)?.value.as_record());
        found.map(|record| record.schema.clone())
    };
    let start = item.schema.as_ref().unwrap_or(&item.root);
    let place = walk(program.set(), &start.text, steps, &actual)?;
    let mut paragraphs = about_place(steps.last()?.name, &place, program);
    let fields: Vec<(&str, &Field)> =
        records.iter().filter_map(|(environment, record)| Some((*environment, part(record, steps)?))).collect();
    paragraphs.extend(named_by(program, &fields));
    paragraphs.push(lines(program, &fields).join("\n"));
    Some(paragraphs)
}

/// The type of a place, and what its declaration says.
fn about_place(name: &str, place: &Place<'_>, program: Program<'_>) -> Vec<String> {
    let own = |field: &SchemaField| signature(field, program);
    let of_record = |schema: &Arc<Schema>| schema.doc.as_deref().map(str::to_owned).unwrap_or_default();
    let (head, doc) = match (place.field, place.output, place.schema) {
        (Some(field), _, _) => (own(field), field.doc.as_deref()),
        (None, Some(output), _) => (format!("output {name} : {}", output.ty), output.doc.as_deref()),
        (None, None, Some(schema)) => (format!("{name} : {}", schema.name), None),
        (None, None, None) => (format!("{name} : {}", place.ty), None),
    };
    let mut paragraphs = vec![fenced(&head), doc.unwrap_or_default().to_owned()];
    if doc.is_none() {
        paragraphs.extend(place.schema.map(of_record));
    }
    if let Some(deprecation) = place.field.and_then(|field| field.deprecated.as_ref()) {
        paragraphs.push(format!("Deprecated: {}", deprecation.reason));
    }
    if let Some(lock) = place.field.and_then(|field| field.locked.as_ref()) {
        paragraphs.push(format!("Locked by the platform: {}", lock.reason));
    }
    paragraphs
}

/// `storage : size in 20GiB..16TiB = 20GiB @grow_only`.
fn signature(field: &SchemaField, program: Program<'_>) -> String {
    let mut text = format!("{} : {}", field.name, field.ty);
    if let Some(default) = &field.default {
        let range = usize::from(default.span.range.start())..usize::from(default.span.range.end());
        if let Some(written) = program.text(default.span.file).as_deref().and_then(|text| text.get(range)) {
            text = format!("{text} = {}", written.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    for (set, word) in [
        (field.once, "@once"),
        (field.env_prefixed, "@env_prefixed"),
        (field.immutable, "@immutable"),
        (field.grow_only, "@grow_only"),
    ] {
        if set {
            text = format!("{text} {word}");
        }
    }
    text
}

/// What a reference or a variant that stands there means, if it is the same in all environments.
fn named_by(program: Program<'_>, fields: &[(&str, &Field)]) -> Option<String> {
    let (_, first) = fields.first()?;
    if fields.iter().any(|(_, field)| field.value != first.value) {
        return None;
    }
    let (head, doc) = match &first.value {
        Value::Ref { root, name } => (format!("{root} {name}"), instance_doc(program, root, name)?.to_owned()),
        Value::Variant { of, name } => {
            let (_, doc) = program.set().enumeration(of)?.variants.iter().find(|(known, _)| known == name)?;
            (name.to_string(), doc.as_ref()?.to_string())
        }
        _ => return None,
    };
    Some(format!("`{head}`: {doc}"))
}

fn about_declaration(decl: &Decl) -> Vec<String> {
    let head = match &decl.kind {
        DeclKind::Instance(item) => match &item.schema {
            Some(schema) => format!("{} {} : {}", item.root.text, item.name.text, schema.text),
            None => format!("{} {}", item.root.text, item.name.text),
        },
        _ => return Vec::new(),
    };
    vec![fenced(&head), decl.doc.clone().unwrap_or_default()]
}

fn about_instance(program: Program<'_>, root: &str, name: &str) -> Option<Vec<String>> {
    let (_, found) = program.instance(root, name)?;
    let head = match &found.schema {
        Some(schema) => format!("{root} {name} : {}", schema.text),
        None => format!("{root} {name}"),
    };
    Some(vec![fenced(&head), program.instance_doc(root, name).unwrap_or_default().to_owned()])
}

/// The documentation of what is referred to.
fn instance_doc<'a>(program: Program<'a>, root: &str, name: &str) -> Option<&'a str> {
    // A reference to a kind, such as `&topic`, is one to a shared resource.
    program.instance_doc(root, name).or_else(|| program.instance_doc("resource", name))
}

fn about_type(program: Program<'_>, name: &str) -> Option<Vec<String>> {
    if let Some(schema) = program.set().get(name) {
        let parent = schema.chain.get(1).map_or_else(String::new, |parent| format!(" : {parent}"));
        return Some(vec![
            fenced(&format!("schema {name}{parent}")),
            schema.doc.as_deref().unwrap_or_default().to_owned(),
        ]);
    }
    if let Some(item) = program.set().enumeration(name) {
        let variants: Vec<&str> = item.variants.iter().map(|(variant, _)| &**variant).collect();
        let head = format!("enum {name} {{ {} }}", variants.join(", "));
        return Some(vec![fenced(&head), item.doc.as_deref().unwrap_or_default().to_owned()]);
    }
    Ty::builtin(name).map(|ty| vec![fenced(&ty.to_string()), String::from("A built-in type.")])
}

fn fenced(text: &str) -> String {
    format!("```idp\n{text}\n```")
}

fn joined(paragraphs: Vec<String>) -> String {
    let kept: Vec<String> = paragraphs.into_iter().filter(|text| !text.trim().is_empty()).collect();
    kept.join("\n\n")
}
