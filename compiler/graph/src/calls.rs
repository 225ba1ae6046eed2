//! Calls: rings of required ones, callees without a port, callees that an environment lacks.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use idpc_model::code::Code;
use idpc_model::diagnostic::Diagnostic;
use idpc_model::model::Environment;
use idpc_model::span::Span;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use crate::graph::{Graph, Relation, Thing, is_required, sorted};

/// Calls that cannot work, whatever is deployed.
#[must_use]
pub fn unanswered(environment: &Environment) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for record in environment.services.values() {
        for (callee, call) in sorted(record.value("calls")) {
            let Some(head) = environment.heads.get(callee) else { continue };
            let at = call.origin.span;
            if head.port.is_none() {
                found.push(
                    Diagnostic::new(Code::CallWithoutPort, at, format!("`{callee}` listens on no port"))
                        .primary_label("nothing would answer this call")
                        .help(format!("give `{callee}` a `port`, or remove the call")),
                );
            } else if !head.present && is_required(call) {
                found.push(
                    Diagnostic::new(Code::CalleeAbsent, at, format!("`{callee}` does not run where this service does"))
                        .primary_label("this call is required there")
                        .help(format!("let `{callee}` run there too, or set `required = false`")),
                );
            }
        }
    }
    found
}

/// From how many services of a component its shortest ring is looked for: from each would be quadratic, and of so many
/// services that call each other in rings any ring is worth showing.
const STARTS: usize = 64;

/// Rings of required calls, each component once.
#[must_use]
pub fn rings(graph: &Graph) -> Vec<Diagnostic> {
    let required = graph.graph.filter_map(
        |_, thing| matches!(thing, Thing::Service(_)).then(|| thing.clone()),
        |_, edge| (edge.relation == Relation::Requires).then_some(edge.span),
    );
    let mut found = Vec::new();
    for component in kosaraju_scc(&required) {
        let members: BTreeSet<NodeIndex> = component.iter().copied().collect();
        let starts = component.iter().take(STARTS);
        let ring = starts.filter_map(|start| shortest_ring(&required, *start, &members)).min_by_key(Vec::len);
        let Some(mut ring) = ring else { continue };
        ring.sort_by_key(|(span, _)| *span);
        let Some((first, callee)) = ring.first().cloned() else { continue };
        let mut finding = Diagnostic::new(Code::CallCycle, first, "required calls form a ring")
            .primary_label(format!("this call of `{callee}` comes back to its caller"))
            .help("if one of them can do without the other, say so: `required = false`");
        for (span, callee) in ring.iter().skip(1) {
            finding = finding.label(*span, format!("and this one calls `{callee}`"));
        }
        found.push(finding);
    }
    found
}

type Calls = petgraph::graph::DiGraph<Thing, Span>;

/// The shortest ring through a service: the place and the callee of each call.
fn shortest_ring(graph: &Calls, start: NodeIndex, component: &BTreeSet<NodeIndex>) -> Option<Vec<(Span, Arc<str>)>> {
    let mut came: BTreeMap<NodeIndex, (NodeIndex, Span)> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        let mut edges: Vec<_> = graph.edges(at).filter(|edge| component.contains(&edge.target())).collect();
        edges.sort_by_key(|edge| *edge.weight());
        for edge in edges {
            let next = edge.target();
            if next == start {
                let mut ring = vec![(*edge.weight(), service(graph, start))];
                let mut back = at;
                while let Some((before, span)) = came.get(&back) {
                    ring.push((*span, service(graph, back)));
                    back = *before;
                }
                return Some(ring);
            }
            if let Entry::Vacant(slot) = came.entry(next) {
                slot.insert((at, *edge.weight()));
                queue.push_back(next);
            }
        }
    }
    None
}

fn service(graph: &Calls, node: NodeIndex) -> Arc<str> {
    match graph.node_weight(node) {
        Some(Thing::Service(name)) => name.clone(),
        _ => "".into(),
    }
}
