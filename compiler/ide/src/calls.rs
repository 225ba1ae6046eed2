//! Who calls whom, as the services write it, or their schemas for them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use idpc_model::source::FileView;
use idpc_model::span::FileId;
use idpc_model::value::Value;
use idpc_syntax::ast::{Decl, DeclKind, TextRange, TextSize};

use crate::mention::{Mention, Role, everywhere, mention_at, mentions};
use crate::program::Program;
use crate::thing::Thing;

/// A service as a node of the graph of calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// Its schema.
    pub schema: String,
    /// Where it is declared.
    pub file: FileId,
    /// All of its declaration.
    pub whole: TextRange,
    /// Its name there.
    pub range: TextRange,
}

/// A service at the other end of calls, with the places that make them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calls {
    /// The other service.
    pub node: Node,
    /// In the file of the service that calls.
    pub places: Vec<TextRange>,
}

/// The service that the cursor is on or in.
#[must_use]
pub fn node_at(program: Program<'_>, view: &FileView, offset: TextSize) -> Option<Node> {
    if let Some(Mention { thing: Thing::Instance { root, name }, .. }) = mention_at(program, view, offset)
        && root == "service"
    {
        return node(program, &name);
    }
    let around = view.ast.decls.iter().find(|decl| decl.span.contains_inclusive(offset))?;
    node(program, service(around)?)
}

/// A service by name.
#[must_use]
pub fn node(program: Program<'_>, name: &str) -> Option<Node> {
    let at = program.index().instance("service", name)?;
    let view = program.view(at.file)?;
    let decl = view.ast.decls.get(at.ordinal)?;
    let DeclKind::Instance(item) = &decl.kind else { return None };
    let schema = item.schema.as_ref().map_or("service", |schema| &schema.text);
    Some(Node {
        name: name.to_owned(),
        schema: schema.to_owned(),
        file: at.file,
        whole: decl.span,
        range: item.name.span,
    })
}

/// The services that a service calls, in the order of its text; last those that its schema calls for it, at its name.
#[must_use]
pub fn outgoing(program: Program<'_>, name: &str) -> Vec<Calls> {
    let Some(node) = node(program, name) else { return Vec::new() };
    let Some(view) = program.view(node.file) else { return Vec::new() };
    let mut found: Vec<Calls> = Vec::new();
    for mention in mentions(program, view) {
        let Thing::Instance { root, name } = &mention.thing else { continue };
        if root != "service" || mention.role != Role::Write || !node.whole.contains_range(mention.range) {
            continue;
        }
        match found.iter_mut().find(|calls| calls.node.name == *name) {
            Some(calls) => calls.places.push(mention.range),
            None => {
                let other = self::node(program, name);
                found.extend(other.map(|node| Calls { node, places: vec![mention.range] }));
            }
        }
    }
    for callee in resolved(program, name) {
        if !found.iter().any(|calls| *calls.node.name == *callee) {
            let other = self::node(program, &callee);
            found.extend(other.map(|other| Calls { node: other, places: vec![node.range] }));
        }
    }
    found
}

/// The services that a service calls in any environment, wherever that is written, sorted.
fn resolved(program: Program<'_>, name: &str) -> BTreeSet<Arc<str>> {
    let records = program.records("service", name);
    let calls = records.iter().filter_map(|(_, record)| match record.value("calls") {
        Value::Map(map) => Some(map.entries.iter().map(|(callee, _)| callee.clone()).collect::<Vec<_>>()),
        _ => None,
    });
    calls.flatten().collect()
}

/// The services that call a service, sorted.
#[must_use]
pub fn incoming(program: Program<'_>, name: &str) -> Vec<Calls> {
    let thing = Thing::Instance { root: "service".into(), name: name.to_owned() };
    let mut found: BTreeMap<String, Vec<TextRange>> = BTreeMap::new();
    let mut shared: BTreeSet<&str> = BTreeSet::new();
    for (file, mention) in everywhere(program, &thing) {
        if mention.role != Role::Write {
            continue;
        }
        let around = program
            .view(file)
            .and_then(|view| view.ast.decls.iter().find(|decl| decl.span.contains_range(mention.range)));
        match around.map(|decl| &decl.kind) {
            Some(DeclKind::Instance(item)) if item.root.text == "service" => {
                found.entry(item.name.text.clone()).or_default().push(mention.range);
            }
            Some(DeclKind::Schema(item)) => drop(shared.insert(&item.name.text)),
            Some(DeclKind::Extend(item)) => drop(shared.insert(&item.name.text)),
            _ => {}
        }
    }
    // What a schema calls, its services call.
    for caller in program.index().names("service").filter(|_| !shared.is_empty()) {
        let Some(node) = node(program, caller).filter(|node| !found.contains_key(&node.name)) else { continue };
        let is_a = |schema: &str| program.set().get(&node.schema).is_some_and(|own| own.is_a(schema));
        if shared.iter().any(|schema| is_a(schema)) && resolved(program, caller).iter().any(|callee| **callee == *name)
        {
            found.insert(node.name, vec![node.range]);
        }
    }
    let each = found.into_iter();
    each.filter_map(|(caller, places)| Some(Calls { node: node(program, &caller)?, places })).collect()
}

fn service(decl: &Decl) -> Option<&str> {
    match &decl.kind {
        DeclKind::Instance(item) if item.root.text == "service" => Some(&item.name.text),
        _ => None,
    }
}
