//! One instance in one environment as a tree of places, each with its type and its strongest setting.

use std::collections::BTreeMap;
use std::sync::Arc;

use idpc_syntax::ast::Expr;

use super::world::{Head, World};
use crate::diagnostic::Diagnostic;
use crate::named::Named;
use crate::names::Names;
use crate::schema::{Schema, SchemaSet};
use crate::source::Sources;
use crate::span::{FileId, Span};
use crate::ty::Ty;
use crate::value::{Origin, Value};

/// A place in the arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(super) usize);

/// Everything that an evaluation reads and nothing it changes.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The sources.
    pub files: &'a dyn Sources,
    /// Who declares what.
    pub index: &'a dyn Names,
    /// The schemas.
    pub set: &'a SchemaSet,
    /// The platform, the environment, teams and systems; absent while these are evaluated themselves.
    pub world: Option<&'a World>,
    /// The environment's name.
    pub environment: &'a str,
    /// What others may read of a service.
    pub heads: &'a dyn Fn(&str) -> Option<Arc<Head>>,
}

/// A place: a record, a map, or a leaf with an expression.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) key: Arc<str>,
    pub(super) parent: Option<NodeId>,
    pub(super) ty: Ty,
    /// Where the type was declared, for "because".
    pub(super) declared: Option<Span>,
    pub(super) origin: Origin,
    pub(super) kind: Kind<'a>,
    pub(super) env_prefixed: bool,
    pub(super) once: bool,
    /// Whether outputs may stand here.
    pub(super) deferred: bool,
}

/// What stands at a place.
#[derive(Debug)]
pub(super) enum Kind<'a> {
    Record {
        schema: &'a Arc<Schema>,
        fields: Named<(Arc<str>, NodeId)>,
        /// The shared resource that stands here.
        shared: Option<Arc<str>>,
        /// The instance whose root this is.
        instance: Option<Arc<str>>,
        /// Where something missing is reported.
        header: Span,
    },
    Map {
        /// The schema whose instances are the keys.
        key: Option<Arc<str>>,
        /// A default that the entries amend.
        base: Option<NodeId>,
        entries: Named<(Arc<str>, NodeId)>,
        /// What an overlay takes away.
        removed: Vec<Arc<str>>,
    },
    Expr {
        expr: &'a Expr,
        file: FileId,
        /// The record whose fields bare names see.
        scope: NodeId,
        in_schema: bool,
    },
    Unset,
    Failed,
}

/// How far a leaf has been computed.
#[derive(Clone, Debug)]
pub(super) enum State {
    Pending,
    Running,
    Done(Value),
}

/// The arena of one evaluation.
pub struct Arena<'a> {
    pub(super) context: Context<'a>,
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) states: Vec<State>,
    pub(super) checked: Vec<bool>,
    pub(super) running: Vec<NodeId>,
    pub(super) found: Vec<Diagnostic>,
    /// The roots of this arena by root schema and instance.
    pub(super) roots: BTreeMap<(Arc<str>, Arc<str>), NodeId>,
    /// The enclosing service, platform and environment where they are in this arena.
    pub(super) named: BTreeMap<&'static str, NodeId>,
    /// The instance that is evaluated, for locks.
    pub(super) instance: Arc<str>,
    /// Whether a schema is probed: its defaults are checked, nothing is missing.
    pub(super) probing: bool,
    pub(super) steps: u64,
    /// How many expressions are open, one inside of or waiting for another.
    pub(super) depth: usize,
    /// Where the places of the instance at hand begin.
    pub(super) first: usize,
}

/// Where an expression stands.
#[derive(Clone, Copy)]
pub(super) struct Site {
    pub(super) scope: NodeId,
    pub(super) this: NodeId,
    pub(super) file: FileId,
    pub(super) in_schema: bool,
    pub(super) deferred: Deferred,
    pub(super) once: bool,
    /// The place whose type this has to fit, for a branch, an element or a replacement of it.
    pub(super) part_of: Option<NodeId>,
}

/// What may stand at a site of things that only the running process gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deferred {
    /// Nothing.
    Never,
    /// The addresses of calls: they are known, and here they are operands.
    Addresses,
    /// Outputs too, as they are.
    Outputs,
}

impl Site {
    /// The site of an operand or a condition: an output is not known there.
    pub(super) fn operand(self) -> Self {
        let deferred = if self.deferred == Deferred::Never { Deferred::Never } else { Deferred::Addresses };
        Self { deferred, part_of: None, ..self }
    }
}

impl Site {
    /// Where the condition and the message of a record's rule stand.
    pub(super) fn of_rule(record: NodeId, file: FileId) -> Self {
        Self {
            scope: record,
            this: record,
            file,
            in_schema: true,
            deferred: Deferred::Never,
            once: false,
            part_of: None,
        }
    }
}

impl<'a> Arena<'a> {
    /// An empty arena for one instance.
    #[must_use]
    pub fn new(context: Context<'a>, instance: &str) -> Self {
        Self {
            context,
            nodes: Vec::new(),
            states: Vec::new(),
            checked: Vec::new(),
            running: Vec::new(),
            found: Vec::new(),
            roots: BTreeMap::new(),
            named: BTreeMap::new(),
            instance: instance.into(),
            probing: false,
            steps: 0,
            depth: 0,
            first: 0,
        }
    }

    pub(super) fn push(&mut self, node: Node<'a>) -> NodeId {
        let id = NodeId(self.nodes.len());
        self.nodes.push(node);
        self.states.push(State::Pending);
        self.checked.push(false);
        id
    }

    #[expect(clippy::indexing_slicing, reason = "ids are only made by `push` of this arena")]
    pub(super) fn node(&self, id: NodeId) -> &Node<'a> {
        &self.nodes[id.0]
    }

    #[expect(clippy::indexing_slicing, reason = "ids are only made by `push` of this arena")]
    pub(super) fn node_mut(&mut self, id: NodeId) -> &mut Node<'a> {
        &mut self.nodes[id.0]
    }

    #[expect(clippy::indexing_slicing, reason = "ids are only made by `push` of this arena")]
    pub(super) fn state(&self, id: NodeId) -> &State {
        &self.states[id.0]
    }

    #[expect(clippy::indexing_slicing, reason = "ids are only made by `push` of this arena")]
    pub(super) fn set_state(&mut self, id: NodeId, state: State) {
        self.states[id.0] = state;
    }

    /// Whether the node's expression was checked before; it counts as checked from now on.
    pub(super) fn mark_checked(&mut self, id: NodeId) -> bool {
        self.checked.get_mut(id.0).is_some_and(|seen| std::mem::replace(seen, true))
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// The record that holds a place.
    pub(super) fn record_of(&self, id: NodeId) -> NodeId {
        let mut at = id;
        while let Some(parent) = self.node(at).parent {
            if matches!(self.node(parent).kind, Kind::Record { .. }) {
                return parent;
            }
            at = parent;
        }
        at
    }

    pub(super) fn site(&self, id: NodeId) -> Option<(&'a Expr, Site)> {
        let node = self.node(id);
        match node.kind {
            Kind::Expr { expr, file, scope, in_schema } => Some((
                expr,
                Site {
                    scope,
                    this: self.record_of(id),
                    file,
                    in_schema,
                    deferred: if node.deferred { Deferred::Outputs } else { Deferred::Never },
                    once: node.once,
                    part_of: None,
                },
            )),
            _ => None,
        }
    }

    /// The findings, each in this environment.
    #[must_use]
    pub fn into_findings(self) -> Vec<Diagnostic> {
        let environment = self.context.environment.to_owned();
        let mut found = self.found;
        for diagnostic in &mut found {
            diagnostic.environments = vec![environment.clone()];
        }
        found
    }
}
