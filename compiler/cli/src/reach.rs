//! What some services depend on, so that a build of theirs is not stopped by the mistakes of others.

use std::collections::BTreeSet;

use idpc_graph::graph::{Graph, Thing};
use idpc_model::model::{Environment, Model};
use idpc_model::source::Role;
use idpc_model::span::Span;
use idpc_model::value::{Record, Value};
use idpc_syntax::ast::{Decl, DeclKind};

/// A declared thing: its root schema and its name.
type Named = (String, String);

/// Roots of things that belong to somebody; the rest concerns everybody.
const OWNED: &[&str] = &["service", "resource", "team", "system"];

/// Some services and everything that they depend on, in any environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach(BTreeSet<Named>);

impl Reach {
    /// Follows calls, needs, owners, systems and every other reference.
    #[must_use]
    pub fn of(model: &Model, selected: &[String]) -> Self {
        let mut found = BTreeSet::new();
        let roots = |name: &String| ["service", "resource"].map(|root| (root.to_owned(), name.clone()));
        for environment in &model.environments {
            let graph = Graph::new(model, environment);
            let mut open: Vec<Named> = selected.iter().flat_map(roots).collect();
            let mut here = BTreeSet::new();
            while let Some(next) = open.pop() {
                if here.insert(next.clone()) {
                    open.extend(neighbors(&graph, environment, &next));
                }
            }
            found.extend(here);
        }
        found.extend(selected.iter().flat_map(roots));
        Self(found)
    }

    /// Whether a place of a text counts: it lies in a declaration that is reached, or in one that concerns everybody.
    /// What lies between declarations counts if one of them does; in a file that declares nothing, only if it is the
    /// platform's. Were anything missing because of it, what depends on that would say so itself.
    #[must_use]
    pub fn covers(&self, text: &str, role: Role, place: Span) -> bool {
        let file = idpc_syntax::parse(text).source_file();
        let at = place.range.start();
        match file.decls.iter().find(|decl| decl.span.contains_inclusive(at)) {
            Some(Decl { kind: DeclKind::Identity(item), .. }) => {
                let name = item.path.segments.first().map(|name| name.text.as_str()).unwrap_or_default();
                ["service", "resource"].iter().any(|root| self.has(root, name))
            }
            Some(Decl { kind: DeclKind::Let(_), .. }) | None => {
                let owned: Vec<bool> = file.decls.iter().filter_map(|decl| self.counts(decl)).collect();
                owned.contains(&true) || (owned.is_empty() && role.is_platform())
            }
            Some(decl) => self.counts(decl).unwrap_or(true),
        }
    }

    fn has(&self, root: &str, name: &str) -> bool {
        self.0.contains(&(root.to_owned(), name.to_owned()))
    }

    /// Whether a declaration of somebody's counts; `None` for others.
    fn counts(&self, decl: &Decl) -> Option<bool> {
        let DeclKind::Instance(item) = &decl.kind else {
            return None;
        };
        let root = item.root.text.as_str();
        OWNED.contains(&root).then(|| self.has(root, &item.name.text))
    }
}

/// What one thing points to.
fn neighbors(graph: &Graph, environment: &Environment, (root, name): &Named) -> Vec<Named> {
    let key: std::sync::Arc<str> = name.as_str().into();
    let (thing, record) = match root.as_str() {
        "service" => (Thing::Service(key), environment.services.get(name.as_str())),
        "resource" => (Thing::Resource(key), environment.resources.get(name.as_str())),
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    if let Some(node) = graph.nodes.get(&thing) {
        found.extend(graph.graph.neighbors(*node).filter_map(|next| graph.graph.node_weight(next)).filter_map(named));
    }
    if let Some(record) = record {
        references(record, &mut found);
    }
    found
}

fn named(thing: &Thing) -> Option<Named> {
    let (root, name) = match thing {
        Thing::Service(name) => ("service", name),
        Thing::Resource(name) => ("resource", name),
        Thing::Team(name) => ("team", name),
        Thing::System(name) => ("system", name),
        Thing::Need(..) => return None,
    };
    Some((root.to_owned(), name.to_string()))
}

fn references(record: &Record, found: &mut Vec<Named>) {
    found.extend(record.shared.iter().map(|name| (String::from("resource"), name.to_string())));
    for (_, field) in &record.fields {
        values(&field.value, found);
    }
}

fn values(value: &Value, found: &mut Vec<Named>) {
    match value {
        Value::Ref { root, name } => {
            // A reference to a kind, such as `&topic`, is one to a shared resource.
            let root = if OWNED.contains(&&**root) { root } else { "resource" };
            found.push((root.to_owned(), name.to_string()));
        }
        Value::List(list) => list.iter().for_each(|value| values(value, found)),
        Value::Record(record) => references(record, found),
        Value::Map(map) => map.entries.iter().for_each(|(_, field)| values(&field.value, found)),
        _ => {}
    }
}
