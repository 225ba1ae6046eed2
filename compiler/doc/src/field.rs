//! What a page says about one field.

use std::sync::Arc;

use idpc_model::constant::constant;
use idpc_model::schema::{Schema, SchemaField, is_required};
use idpc_model::ty::Ty;

use crate::history::{History, Step};
use crate::page::{Block, Inline, code, text};
use crate::prose;
use crate::sources::{Sources, has_page};
use crate::wording;

/// A field with its place in a schema: `slo.latency.p99`.
pub struct Placed<'a> {
    /// The dotted path.
    pub path: String,
    /// The field.
    pub field: &'a SchemaField,
}

/// Every field of a schema, those of records declared in place behind their own.
pub fn placed<'a>(sources: &'a Sources, schema: &'a Arc<Schema>) -> Vec<Placed<'a>> {
    let mut found = Vec::new();
    collect(sources, schema, "", &mut found);
    found
}

fn collect<'a>(sources: &'a Sources, schema: &'a Schema, prefix: &str, found: &mut Vec<Placed<'a>>) {
    for field in &schema.fields {
        let path = format!("{prefix}{}", field.name);
        found.push(Placed { path: path.clone(), field });
        // A record declared in place is part of its owner; it cannot contain itself.
        if let Ty::Schema(inner) = field.ty.unrefined()
            && !has_page(inner)
            && inner.contains('.')
            && let Some(inner) = sources.set.get(inner)
        {
            collect(sources, inner, &format!("{path}."), found);
        }
    }
}

/// All that is said about a field.
pub fn blocks(sources: &Sources, history: &History, schema: &Schema, placed: &Placed<'_>) -> Vec<Block> {
    let field = placed.field;
    let mut blocks = vec![Block::Item(placed.path.clone())];
    blocks.extend(prose::blocks(field.doc.as_deref().unwrap_or_default()));
    let mut facts = Vec::new();
    if in_place(&field.ty) {
        facts.push(vec![text("Type: a record, whose fields follow")]);
    } else {
        facts.push(std::iter::once(text("Type: ")).chain(wording::ty(&sources.set, &field.ty)).collect());
        facts.push(default(sources, field));
    }
    facts.extend(wording::annotations(field));
    facts.extend(steps(history.field(schema, &placed.path), sources));
    blocks.push(Block::List(facts));
    blocks
}

/// One line about a field that a parent's page describes.
pub fn line(sources: &Sources, placed: &Placed<'_>) -> Option<Vec<Inline>> {
    if in_place(&placed.field.ty) {
        return None;
    }
    let mut words = vec![code(placed.path.as_str()), text(": "), code(placed.field.ty.to_string()), text(". ")];
    words.extend(default(sources, placed.field));
    Some(words)
}

fn in_place(ty: &Ty) -> bool {
    matches!(ty.core(), Ty::Schema(name) if name.contains('.'))
}

fn default(sources: &Sources, field: &SchemaField) -> Vec<Inline> {
    let Some(default) = &field.default else {
        return vec![match field.ty.core() {
            _ if is_required(field, &sources.set) => Inline::Strong(String::from("Has to be set")),
            _ if field.ty.is_optional() => text("Default: unset"),
            Ty::Map { .. } => text("Default: empty"),
            _ => text("Default: that of its own fields"),
        }];
    };
    let written = sources.written(default.file, default.span.range);
    let mut words = vec![text("Default: "), code(written.as_str())];
    let lets = sources.file(default.file).map(|file| &file.view.lets);
    // A constant of the file says nothing to whoever does not see the file.
    if let Some(value) = lets.and_then(|lets| constant(&default.expr, lets))
        && matches!(default.expr.kind, idpc_syntax::ast::ExprKind::Path(_))
    {
        words.extend([text(", which is "), code(value.to_string())]);
    }
    words
}

/// What narrowed, set or locked the field after it was declared.
fn steps(steps: Vec<&Step>, sources: &Sources) -> Vec<Vec<Inline>> {
    let later = steps.iter().enumerate().filter(|(at, step)| *at > 0 || step.extension);
    later
        .filter_map(|(at, step)| {
            let mut done: Vec<Inline> = Vec::new();
            let mut say = |verb: &str, what: &str| {
                done.extend((!done.is_empty()).then(|| text(", ")));
                done.extend([text(format!("{verb} ")), code(what)]);
            };
            if let Some(ty) = &step.ty {
                say(if at == 0 { "declares" } else { "narrows to" }, ty);
            }
            if let Some(default) = &step.default {
                say("sets", default);
            }
            for annotation in &step.annotations {
                say("adds", annotation);
            }
            if done.is_empty() {
                return None;
            }
            let who = if step.extension { "An extension of " } else { "" };
            let mut words = vec![text(who), code(step.schema.as_str()), text(" ")];
            words.append(&mut done);
            words.extend([text(" ("), code(sources.place(step.span)), text(")")]);
            if let Some(reason) = &step.reason {
                words.push(text(": "));
                words.extend(prose::summary(reason));
            }
            Some(words)
        })
        .collect()
}
