//! The graph as text for people and programs.

use std::fmt::Write as _;

use petgraph::visit::EdgeRef;

use crate::graph::{Edge, Graph, Thing};

/// How a graph is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One edge a line.
    Text,
    /// Graphviz.
    Dot,
    /// Mermaid.
    Mermaid,
}

/// Writes every edge, sorted by its ends.
#[must_use]
pub fn draw(graph: &Graph, form: Form) -> String {
    let mut edges: Vec<(&Thing, &Thing, &Edge)> = graph
        .graph
        .edge_references()
        .filter_map(|edge| {
            let from = graph.graph.node_weight(edge.source())?;
            let to = graph.graph.node_weight(edge.target())?;
            Some((from, to, edge.weight()))
        })
        .collect();
    edges.sort_by(|a, b| (a.0, a.1, a.2.relation).cmp(&(b.0, b.1, b.2.relation)));
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = match form {
        Form::Text => Ok(()),
        Form::Dot => writeln!(text, "digraph services {{\n  rankdir=LR;"),
        Form::Mermaid => writeln!(text, "graph LR"),
    };
    for (from, to, edge) in edges {
        let relation = edge.relation.name();
        let _ = match form {
            Form::Text => writeln!(text, "{from} {relation} {to}"),
            Form::Dot => writeln!(text, "  \"{from}\" -> \"{to}\" [label=\"{relation}\"];"),
            Form::Mermaid => writeln!(text, "  {}[\"{from}\"] -->|{relation}| {}[\"{to}\"]", id(from), id(to)),
        };
    }
    if form == Form::Dot {
        text.push_str("}\n");
    }
    text
}

fn id(thing: &Thing) -> String {
    thing.to_string().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}
