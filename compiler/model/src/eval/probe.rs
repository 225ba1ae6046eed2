//! The check of a schema by itself, used or not: a record of it with nothing set.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::arena::{Arena, Context, Kind, NodeId};
use super::lineage;
use super::raw::Raw;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::schema::Schema;
use crate::span::Span;

/// Findings of all schemas: ill-typed defaults and rules, and defaults that wait for each other.
#[must_use]
pub fn probe(context: Context<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (schema, covered) in lineage::representatives(context.set) {
        let mut own = probe_one(context, schema);
        // A finding speaks of the schema that says what is wrong, not of the one that inherits it.
        for ancestor in covered {
            let spans = lineage::own_spans(context.set, ancestor);
            let is_its = |finding: &Diagnostic| spans.iter().any(|span| span.touches(finding.primary));
            if own.iter().any(is_its) {
                own.retain(|finding| !is_its(finding));
                found.extend(probe_one(context, ancestor).into_iter().filter(is_its));
            }
        }
        found.extend(own);
    }
    found
}

fn probe_one<'a>(context: Context<'a>, schema: &'a Arc<Schema>) -> Vec<Diagnostic> {
    let mut arena = Arena::new(context, "");
    arena.probing = true;
    let service = context.set.get("service");
    if let Some(service) = service {
        let service = if schema.is_a("service") { schema } else { service };
        let node = arena.root("service", "name", service, &Raw::default(), service.span);
        arena.named.insert("service", node);
    }
    let root = match arena.named.get("service") {
        Some(node) if schema.is_a("service") => *node,
        _ => arena.root(schema.root(), "name", schema, &Raw::default(), schema.span),
    };
    for (word, name) in [("env", "environment"), ("platform", "platform")] {
        if let Some(schema) = context.set.get(name) {
            let node = if arena.node_schema(root) == Some(name) {
                root
            } else {
                arena.root(name, "name", schema, &Raw::default(), schema.span)
            };
            arena.named.insert(word, node);
        }
    }
    let members = arena.below(root);
    for id in &members {
        arena.check_place(*id);
        arena.check_rules(*id);
    }
    arena.default_rings(&members);
    arena.found
}

impl<'a> Arena<'a> {
    fn node_schema(&self, id: NodeId) -> Option<&str> {
        match &self.node(id).kind {
            Kind::Record { schema, .. } => Some(schema.root()),
            _ => None,
        }
    }

    /// A place and everything below it.
    pub(super) fn below(&self, id: NodeId) -> Vec<NodeId> {
        let mut found = vec![id];
        match &self.node(id).kind {
            Kind::Record { fields, .. } => {
                for (_, field) in fields {
                    found.extend(self.below(*field));
                }
            }
            Kind::Map { base, entries, .. } => {
                found.extend(base.iter().copied());
                for (_, entry) in entries {
                    found.extend(self.below(*entry));
                }
            }
            Kind::Expr { .. } | Kind::Unset | Kind::Failed => {}
        }
        found
    }

    /// Defaults that read each other in a ring, each ring once, at its first member.
    fn default_rings(&mut self, members: &[NodeId]) {
        let mut edges: BTreeMap<NodeId, Vec<NodeId>> = BTreeMap::new();
        for id in members {
            if let Some((expr, site)) = self.site(*id) {
                edges.insert(*id, self.references(expr, site, &self.node(*id).ty).into_iter().collect());
            }
        }
        let mut done = ended(&edges);
        for start in members {
            if done.contains(start) {
                continue;
            }
            let Some(ring) = ring_from(*start, &edges) else { continue };
            done.extend(&ring);
            let mut spans: Vec<(Arc<str>, Span)> =
                ring.iter().map(|id| (self.node(*id).key.clone(), self.node(*id).origin.span)).collect();
            spans.sort_by_key(|(_, span)| *span);
            let Some((key, first)) = spans.first().cloned() else { continue };
            let mut finding =
                Diagnostic::new(Code::DefaultCycle, first, format!("the default of `{key}` depends on itself"))
                    .primary_label("needs its own value")
                    .help("give one of the defaults a value of its own");
            for (key, span) in spans.iter().skip(1) {
                finding = finding.label(*span, format!("through the default of `{key}`"));
            }
            self.report(finding);
        }
    }
}

/// The places from which no ring can be reached, found by taking away whatever leads nowhere any more.
fn ended(edges: &BTreeMap<NodeId, Vec<NodeId>>) -> BTreeSet<NodeId> {
    let mut open: BTreeMap<NodeId, usize> = BTreeMap::new();
    let mut readers: BTreeMap<NodeId, Vec<NodeId>> = BTreeMap::new();
    for (from, to) in edges {
        for to in to.iter().filter(|to| edges.contains_key(*to)) {
            *open.entry(*from).or_default() += 1;
            readers.entry(*to).or_default().push(*from);
        }
    }
    let mut ready: Vec<NodeId> = edges.keys().filter(|id| !open.contains_key(*id)).copied().collect();
    let mut ended = BTreeSet::new();
    while let Some(id) = ready.pop() {
        ended.insert(id);
        for reader in readers.get(&id).into_iter().flatten() {
            let Some(count) = open.get_mut(reader) else { continue };
            *count -= 1;
            if *count == 0 {
                ready.push(*reader);
            }
        }
    }
    ended
}

/// The shortest way from a place back to itself.
fn ring_from(start: NodeId, edges: &BTreeMap<NodeId, Vec<NodeId>>) -> Option<Vec<NodeId>> {
    let mut came: BTreeMap<NodeId, NodeId> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for next in edges.get(&at).into_iter().flatten() {
            if *next == start {
                let mut ring = vec![at];
                let mut back = at;
                while let Some(before) = came.get(&back) {
                    ring.push(*before);
                    back = *before;
                }
                return Some(ring);
            }
            if !came.contains_key(next) && *next != start {
                came.insert(*next, at);
                queue.push_back(*next);
            }
        }
    }
    None
}
