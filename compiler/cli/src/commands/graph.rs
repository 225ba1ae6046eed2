//! `idpc graph`: services, what they need and what they call, as text or for a drawing program.

use std::collections::BTreeSet;

use idpc_graph::draw::{Form, draw};
use idpc_graph::graph::{Edge, Graph, Thing};
use idpc_model::model::{Environment, Model};
use serde_json::{Value, json};

use crate::args::{Graph as Args, GraphFormat};
use crate::console::Console;
use crate::outcome::{Failure, Outcome};
use crate::project::Project;
use crate::render::{Tally, counted};

/// Draws one environment.
pub fn run(args: &Args, console: Console) -> Result<Outcome, Failure> {
    let project = Project::here()?;
    let (analysis, findings) = project.analyze();
    let errors = Tally::of(&findings).errors;
    let Some(environment) = environment(args, &analysis.model)? else {
        console.note("no environment could be evaluated: `idpc check` says why");
        return Ok(Outcome::Refused);
    };
    let mut graph = Graph::new(&analysis.model, environment);
    if let Some(name) = &args.focus {
        focus(&mut graph, name)?;
    }
    let text = match args.format {
        GraphFormat::Text => draw(&graph, Form::Text),
        GraphFormat::Dot => draw(&graph, Form::Dot),
        GraphFormat::Mermaid => draw(&graph, Form::Mermaid),
        GraphFormat::Json => format!("{}\n", object(&graph, environment, &project)),
    };
    console.print(&text)?;
    if errors > 0 {
        console.note(&format!("{}, so parts may be missing: `idpc check` shows them", counted(errors, "error")));
        return Ok(Outcome::Refused);
    }
    Ok(Outcome::Clean)
}

/// The environment that was named, or the last one; nothing if it could not be evaluated.
fn environment<'m>(args: &Args, model: &'m Model) -> Result<Option<&'m Environment>, Failure> {
    let Some(name) = &args.env else {
        return Ok(model.environments.last());
    };
    let known: Vec<&str> = model.places.iter().map(|place| &*place.name).collect();
    if !known.contains(&name.as_str()) {
        return Err(Failure::unknown("environment", name, &known));
    }
    Ok(model.environment(name))
}

/// Keeps what the named thing depends on, and what depends on it.
fn focus(graph: &mut Graph, name: &str) -> Result<(), Failure> {
    let things = [Thing::Service(name.into()), Thing::Resource(name.into())];
    let Some(start) = things.iter().find_map(|thing| graph.nodes.get(thing)).copied() else {
        let known: Vec<&str> = graph
            .nodes
            .keys()
            .filter_map(|thing| match thing {
                Thing::Service(name) | Thing::Resource(name) => Some(&**name),
                _ => None,
            })
            .collect();
        return Err(Failure::unknown("service or shared resource", name, &known));
    };
    let edges: Vec<_> = graph.graph.raw_edges().iter().map(|edge| (edge.source(), edge.target())).collect();
    let mut kept = BTreeSet::from([start]);
    for backwards in [false, true] {
        let mut open = vec![start];
        while let Some(at) = open.pop() {
            for (from, to) in &edges {
                let (near, far) = if backwards { (to, from) } else { (from, to) };
                if *near == at && kept.insert(*far) {
                    open.push(*far);
                }
            }
        }
    }
    // Whoever is in the picture has an owner and a system.
    let whose = |node| matches!(graph.graph.node_weight(node), Some(Thing::Team(_) | Thing::System(_)));
    let more: Vec<_> = edges.iter().filter(|(from, to)| kept.contains(from) && whose(*to)).map(|(_, to)| *to).collect();
    kept.extend(more);
    graph.graph.retain_nodes(|_, node| kept.contains(&node));
    Ok(())
}

/// The graph as one object: nodes and edges, sorted.
fn object(graph: &Graph, environment: &Environment, project: &Project) -> Value {
    let mut nodes: Vec<&Thing> = graph.graph.node_weights().collect();
    nodes.sort();
    let mut edges: Vec<(&Thing, &Thing, &Edge)> = graph
        .graph
        .raw_edges()
        .iter()
        .filter_map(|edge| {
            let from = graph.graph.node_weight(edge.source())?;
            Some((from, graph.graph.node_weight(edge.target())?, &edge.weight))
        })
        .collect();
    edges.sort_by_key(|(from, to, edge)| (*from, *to, edge.relation));
    let edges: Vec<Value> = edges
        .into_iter()
        .map(|(from, to, edge)| {
            let place = project.place(edge.span);
            let (file, line) = place.map_or((Value::Null, Value::Null), |(file, at)| (file.into(), at.line.into()));
            json!({
                "from": from.to_string(),
                "to": to.to_string(),
                "relation": edge.relation.name(),
                "file": file,
                "line": line,
            })
        })
        .collect();
    json!({
        "environment": &*environment.name,
        "nodes": nodes.into_iter().map(node).collect::<Vec<_>>(),
        "edges": edges,
    })
}

fn node(thing: &Thing) -> Value {
    let (kind, service, name) = match thing {
        Thing::Service(name) => ("service", None, name),
        Thing::Resource(name) => ("resource", None, name),
        Thing::Need(service, name) => ("need", Some(&**service), name),
        Thing::Team(name) => ("team", None, name),
        Thing::System(name) => ("system", None, name),
    };
    match service {
        Some(service) => {
            json!({ "id": thing.to_string(), "kind": kind, "service": service, "name": &**name })
        }
        None => json!({ "id": thing.to_string(), "kind": kind, "name": &**name }),
    }
}
