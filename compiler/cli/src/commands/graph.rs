//! `idpc graph`: services, what they need and what they call, as text or for a drawing program.

use std::collections::BTreeSet;

use idpc_graph::draw::{Form, draw};
use idpc_graph::graph::{Edge, Graph, Thing};
use idpc_model::model::{Environment, Model};
use serde_json::{Map, Value, json};

use crate::args::{Format, Graph as Args, GraphFormat};
use crate::console::Console;
use crate::order;
use crate::outcome::{Failure, Outcome};
use crate::project::Project;
use crate::render::{Finding, Tally, counted};

/// Draws one environment.
pub fn run(args: &Args, console: Console) -> Result<Outcome, Failure> {
    let project = Project::open(&args.path)?;
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
    if args.order {
        return order(args, &project, &analysis.model, environment, findings, console);
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

/// Prints in which order the objects of each Application are applied. It is read from what a build would write, so
/// nothing may be wrong.
fn order(
    args: &Args,
    project: &Project,
    model: &Model,
    environment: &Environment,
    mut findings: Vec<Finding>,
    console: Console,
) -> Result<Outcome, Failure> {
    if !matches!(args.format, GraphFormat::Text | GraphFormat::Json) {
        return Err(Failure::usage("--order has the formats `text` and `json`".to_owned()));
    }
    if Tally::of(&findings).errors == 0 {
        let mut emission = project.emit(model, None);
        findings = project.emission_findings(&mut emission);
        if Tally::of(&findings).errors == 0 {
            let found = order::applications(&emission.artifacts, &environment.name, args.focus.as_deref())?;
            console.print(&match args.format {
                GraphFormat::Json => format!("{}\n", order::object_of(&found, &environment.name)),
                _ => order::text(&found),
            })?;
            return Ok(Outcome::Clean);
        }
    }
    console.print(&project.render(&findings, Format::Human, console.paint))?;
    Ok(Outcome::Refused)
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
        "nodes": nodes.into_iter().map(|thing| node(thing, environment)).collect::<Vec<_>>(),
        "edges": edges,
    })
}

fn node(thing: &Thing, environment: &Environment) -> Value {
    let mut object = Map::new();
    let mut say = |key: &str, text: &str| object.insert(key.to_owned(), text.into());
    say("id", &thing.to_string());
    match thing {
        Thing::Service(name) => {
            say("kind", "service");
            say("name", name);
            environment.services.get(name).map(|record| say("schema", &record.schema));
        }
        Thing::Resource(name) => {
            say("kind", "resource");
            say("name", name);
            environment.resources.get(name).map(|record| say("schema", &record.schema));
        }
        Thing::Need(service, name) => {
            say("kind", "need");
            say("service", service);
            say("name", name);
            let needs = environment.services.get(service).map(|record| record.value("needs"));
            let need = needs.and_then(|needs| needs.entries().iter().find(|(entry, _)| entry == name));
            need.and_then(|(_, field)| field.value.as_record()).map(|record| say("schema", &record.schema));
        }
        Thing::Team(name) => {
            say("kind", "team");
            say("name", name);
        }
        Thing::System(name) => {
            say("kind", "system");
            say("name", name);
        }
    }
    object.into()
}
