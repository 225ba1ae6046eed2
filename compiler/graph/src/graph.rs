//! The graph of one environment, built from sorted names.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use idpc_model::model::{Environment, Model};
use idpc_model::span::Span;
use idpc_model::value::{Field, Record, Value};
use petgraph::graph::{DiGraph, NodeIndex};

/// What a node of the graph stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// A service.
    Service(Arc<str>),
    /// A shared resource.
    Resource(Arc<str>),
    /// A need of a service: the service and the entry.
    Need(Arc<str>, Arc<str>),
    /// A team.
    Team(Arc<str>),
    /// A system.
    System(Arc<str>),
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(name) => write!(f, "service {name}"),
            Self::Resource(name) => write!(f, "resource {name}"),
            Self::Need(service, name) => write!(f, "need {service}.{name}"),
            Self::Team(name) => write!(f, "team {name}"),
            Self::System(name) => write!(f, "system {name}"),
        }
    }
}

/// Why one thing points to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// A call that the caller cannot do without.
    Requires,
    /// A call that it can do without.
    Calls,
    /// A need.
    Needs,
    /// A need that is a shared resource.
    Uses,
    /// The owner.
    Owned,
    /// The system.
    PartOf,
}

impl Relation {
    /// The word on an edge.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Requires => "requires",
            Self::Calls => "calls",
            Self::Needs => "needs",
            Self::Uses => "uses",
            Self::Owned => "owned by",
            Self::PartOf => "part of",
        }
    }
}

/// An edge with the place in source that makes it.
#[derive(Clone, Debug)]
pub struct Edge {
    /// Why.
    pub relation: Relation,
    /// Where.
    pub span: Span,
}

/// The graph of one environment.
pub struct Graph {
    /// Nodes and edges, both added in sorted order.
    pub graph: DiGraph<Thing, Edge>,
    /// Each thing's node.
    pub nodes: BTreeMap<Thing, NodeIndex>,
}

impl Graph {
    /// Builds the graph of an environment.
    #[must_use]
    pub fn new(model: &Model, environment: &Environment) -> Self {
        let mut built = Self { graph: DiGraph::new(), nodes: BTreeMap::new() };
        for team in &model.teams {
            built.node(Thing::Team(team.name.clone()));
        }
        for (name, record) in &environment.resources {
            let from = built.node(Thing::Resource(name.clone()));
            built.references(from, record);
        }
        for (name, record) in &environment.services {
            let from = built.node(Thing::Service(name.clone()));
            built.references(from, record);
            built.needs(name, from, record);
            built.calls(from, record);
        }
        built
    }

    fn node(&mut self, thing: Thing) -> NodeIndex {
        if let Some(node) = self.nodes.get(&thing) {
            return *node;
        }
        let node = self.graph.add_node(thing.clone());
        self.nodes.insert(thing, node);
        node
    }

    fn references(&mut self, from: NodeIndex, record: &Record) {
        for (field, relation) in [("owner", Relation::Owned), ("system", Relation::PartOf)] {
            let Some(field) = record.field(field) else { continue };
            let Value::Ref { root, name } = &field.value else { continue };
            let thing = if &**root == "team" { Thing::Team(name.clone()) } else { Thing::System(name.clone()) };
            let to = self.node(thing);
            self.graph.add_edge(from, to, Edge { relation, span: field.origin.span });
        }
    }

    fn needs(&mut self, service: &Arc<str>, from: NodeIndex, record: &Record) {
        for (entry, field) in sorted(record.value("needs")) {
            let Some(need) = field.value.as_record() else { continue };
            let (thing, relation) = match &need.shared {
                Some(resource) => (Thing::Resource(resource.clone()), Relation::Uses),
                None => (Thing::Need(service.clone(), entry.clone()), Relation::Needs),
            };
            let to = self.node(thing);
            self.graph.add_edge(from, to, Edge { relation, span: field.origin.span });
        }
    }

    fn calls(&mut self, from: NodeIndex, record: &Record) {
        for (callee, field) in sorted(record.value("calls")) {
            let required = is_required(field);
            let relation = if required { Relation::Requires } else { Relation::Calls };
            let to = self.node(Thing::Service(callee.clone()));
            self.graph.add_edge(from, to, Edge { relation, span: field.origin.span });
        }
    }
}

/// The entries of a map by name.
#[must_use]
pub fn sorted(map: &Value) -> BTreeMap<&Arc<str>, &Field> {
    map.entries().iter().map(|(key, field)| (key, field)).collect()
}

/// Whether the caller fails when this call does.
#[must_use]
pub fn is_required(call: &Field) -> bool {
    call.value.as_record().is_none_or(|call| call.value("required").as_bool() != Some(false))
}
