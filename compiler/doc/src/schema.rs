//! The page of a schema.

use std::sync::Arc;

use idpc_model::constant::constant;
use idpc_model::schema::{RuleDef, Schema};
use idpc_model::ty::Ty;

use crate::example::Example;
use crate::field::{self, Placed};
use crate::history::History;
use crate::page::{Block, Inline, Page, code, text};
use crate::prose;
use crate::sources::{Sources, has_page};
use crate::wording::{named, schema_target, ty};

/// The page; nothing for a schema that has none.
pub fn page(sources: &Sources, history: &History, schema: &Arc<Schema>, example: Option<&Example>) -> Option<Page> {
    let at = schema_target(&sources.set, &schema.name)?;
    let doc = schema.doc.as_deref().unwrap_or_default();
    let mut blocks = prose::blocks(doc);
    blocks.push(Block::List(relations(sources, history, schema)));
    if let Some(example) = example {
        blocks.push(Block::Section("Example"));
        for (path, text) in &example.files {
            let text = path.as_ref().map_or_else(|| text.clone(), |path| format!("// {path}\n{text}"));
            blocks.push(Block::Code { language: String::from("idp"), text });
        }
    }
    blocks.extend(fields(sources, history, schema));
    blocks.extend(outputs(sources, schema));
    blocks.extend(rules(sources, schema));
    Some(Page { at, summary: prose::summary(doc), blocks })
}

/// Where it comes from, and what is above and below it.
fn relations(sources: &Sources, history: &History, schema: &Schema) -> Vec<Vec<Inline>> {
    let set = &sources.set;
    let owner = sources.owner(schema.span.file);
    let mut facts = vec![vec![text(format!("Declared by {owner}: ")), code(sources.place(schema.span))]];
    if let Some(parent) = schema.chain.get(1) {
        facts.push(vec![text("Parent: "), named(set, parent)]);
    }
    let is_child =
        |name: &Arc<str>| has_page(name) && set.get(name).is_some_and(|child| child.chain.get(1) == Some(&schema.name));
    let children: Vec<&Arc<str>> =
        set.parents.get(&schema.name).into_iter().flatten().filter(|name| is_child(name)).collect();
    if !children.is_empty() {
        let mut words = vec![text("Children: ")];
        for (at, child) in children.into_iter().enumerate() {
            words.extend((at > 0).then(|| text(", ")));
            words.push(named(set, child));
        }
        facts.push(words);
    }
    for extension in history.extensions(&schema.name) {
        let mut words = vec![text("Extended in "), code(sources.place(extension.span))];
        if let Some(reason) = &extension.reason {
            words.push(text(": "));
            words.extend(prose::summary(reason));
        }
        facts.push(words);
    }
    facts
}

/// Fields that this schema or an extension of it speaks of in full, others in a line each.
fn fields(sources: &Sources, history: &History, schema: &Arc<Schema>) -> Vec<Block> {
    let all = field::placed(sources, schema);
    let (own, inherited): (Vec<Placed<'_>>, Vec<Placed<'_>>) =
        all.into_iter().partition(|placed| history.touches(schema, &placed.path));
    let mut blocks = Vec::new();
    if !own.is_empty() {
        blocks.push(Block::Section("Fields"));
        blocks.extend(own.iter().flat_map(|placed| field::blocks(sources, history, schema, placed)));
    }
    let lines: Vec<Vec<Inline>> = inherited.iter().filter_map(|placed| field::line(sources, placed)).collect();
    if let (Some(parent), false) = (schema.chain.get(1), lines.is_empty()) {
        blocks.push(Block::Section("Inherited fields"));
        blocks.push(Block::Paragraph(vec![text("Described at "), named(&sources.set, parent), text(" or above it.")]));
        blocks.push(Block::List(lines));
    }
    blocks
}

fn outputs(sources: &Sources, schema: &Schema) -> Vec<Block> {
    if schema.outputs.is_empty() {
        return Vec::new();
    }
    let line = |output: &idpc_model::schema::OutputDef| {
        let mut words = vec![code(&*output.name), text(": ")];
        words.extend(ty(&sources.set, &output.ty));
        if let Some(doc) = &output.doc {
            words.push(text(". "));
            words.extend(prose::inlines(&doc.lines().collect::<Vec<_>>().join(" ")));
        }
        words
    };
    let secret = schema.outputs.iter().any(|output| matches!(output.ty, Ty::Secret(_)));
    let known = if secret { "Known after deployment; a secret one is never text." } else { "Known after deployment." };
    let known = if schema.root() == "call" { "Known when the program is compiled." } else { known };
    vec![
        Block::Section("Outputs"),
        Block::Paragraph(vec![text(known)]),
        Block::List(schema.outputs.iter().map(line).collect()),
    ]
}

fn rules(sources: &Sources, schema: &Schema) -> Vec<Block> {
    if schema.rules.is_empty() {
        return Vec::new();
    }
    vec![Block::Section("Rules"), Block::List(schema.rules.iter().map(|item| rule(sources, item)).collect())]
}

fn rule(sources: &Sources, rule: &RuleDef) -> Vec<Inline> {
    let condition = sources.written(rule.file, rule.condition.span);
    let lets = sources.file(rule.file).map(|file| &file.view.lets);
    let message =
        lets.and_then(|lets| constant(&rule.message, lets)).and_then(|value| value.as_str().map(str::to_owned));
    // A message with a value in it is known only where it is broken.
    let message = message.unwrap_or_else(|| sources.written(rule.file, rule.message.span));
    let verb = if rule.warn { "Warning" } else { "Error" };
    let mut words = vec![Inline::Strong(format!("{verb} unless")), text(" "), code(condition), text(": ")];
    words.extend(prose::inlines(&message.lines().collect::<Vec<_>>().join(" ")));
    words.extend([text(" ("), code(sources.place(rule.span)), text(")")]);
    words
}
