//! What is said of builds and of the graph, held against both, on every example.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::path::Path;

use idpc_driver::host::{Examination, Host};
use idpc_emit::artifact::Artifact;
use idpc_graph::graph::{Graph, Relation, Thing};
use idpc_ide::calls::{incoming, node, outgoing};
use idpc_ide::lens::{About, lenses};
use idpc_ide::preview::{Built, Preview, preview};
use idpc_ide::program::Program;
use idpc_model::source::declared;
use idpc_syntax::ast::{Entry, EntryKind, ExprKind, TextSize};

/// Every example that is a workspace.
fn examples() -> Vec<Host> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    ["acme", "astronomy-shop", "online-boutique"].iter().map(|name| Host::load(&folder.join(name)).unwrap()).collect()
}

/// The offsets of all names that entries set.
fn places(entries: &[Entry], found: &mut Vec<TextSize>) {
    for entry in entries {
        let (path, inner) = match &entry.kind {
            EntryKind::Set { path, value } => match &value.kind {
                ExprKind::Record { entries, .. } => (Some(path), &entries[..]),
                _ => (Some(path), &[][..]),
            },
            EntryKind::Amend { path, entries } => (Some(path), &entries[..]),
            EntryKind::Bare(path) => (Some(path), &[][..]),
            EntryKind::In { entries, .. } => (None, &entries[..]),
        };
        found.extend(path.iter().flat_map(|path| &path.segments).map(|name| name.span.start()));
        places(inner, found);
    }
}

/// Each place of an example that ends in a file, with the line of the program and the excerpt.
fn previews(host: &Host, examined: &Examination) -> Vec<(String, Preview)> {
    let program = Program::new(host.database(), host.workspace());
    let mut found = Vec::new();
    for file in &host.loaded.files {
        let view = host.view(host.file_id(&file.path).unwrap()).unwrap();
        for decl in &view.ast.decls {
            let idpc_syntax::ast::DeclKind::Instance(item) = &decl.kind else { continue };
            let Some((_, name)) = declared(decl) else { continue };
            let files: Vec<&Artifact> =
                examined.artifacts.iter().filter(|artifact| artifact.unit.name() == Some(name)).collect();
            let mut offsets = vec![item.name.span.start()];
            places(&item.entries, &mut offsets);
            for offset in offsets {
                let built = Built { identities: &examined.model.identities, files: &files };
                let rest = file.text.get(usize::from(offset)..).unwrap();
                let line = format!("{name}: {}", rest.lines().next().unwrap());
                found.extend(preview(program, &view, offset, built).map(|preview| (line, preview)));
            }
        }
    }
    found
}

#[test]
fn a_preview_is_what_the_build_writes() {
    let mut count = 0;
    for host in examples() {
        let examined = host.examine();
        assert!(!examined.artifacts.is_empty());
        for (line, Preview { path, environment, lines }) in previews(&host, &examined) {
            let artifact = examined.artifacts.iter().find(|artifact| artifact.path.as_str() == path).unwrap();
            assert_eq!(artifact.unit.env(), Some(environment.as_str()), "{line}");
            let text = artifact.text.text().unwrap();
            let mut rest = text.lines();
            for shown in lines.iter().filter(|shown| *shown != "# …") {
                assert!(rest.any(|line| line == shown), "{line}: `{shown}` is not in {path}, in this order");
            }
            count += 1;
        }
    }
    assert!(count > 300, "only {count} places end in a file");
}

#[test]
fn a_preview_shows_where_a_place_ends() {
    let host = examples().into_iter().find(|host| host.loaded.root.ends_with("online-boutique")).unwrap();
    let examined = host.examine();
    let mut text = String::new();
    for (line, Preview { path, lines, .. }) in previews(&host, &examined) {
        if line.starts_with("cartservice: ") {
            text.push_str(&format!("== {line}\n{path}\n{}\n", lines.join("\n")));
        }
    }
    insta::assert_snapshot!("previews", text);
}

#[test]
fn nothing_is_shown_of_what_was_not_built() {
    let host = examples().remove(0);
    let mut examined = host.examine();
    examined.artifacts.clear();
    assert_eq!(previews(&host, &examined), []);
}

#[test]
fn calls_are_the_edges_of_the_graph() {
    let mut compared = 0;
    for host in examples() {
        let program = Program::new(host.database(), host.workspace());
        let model = host.analyze().model;
        let mut edges: BTreeSet<(String, String)> = BTreeSet::new();
        for environment in &model.environments {
            let graph = Graph::new(&model, environment).graph;
            for edge in graph.edge_indices() {
                let relation = graph.edge_weight(edge).unwrap().relation;
                let (from, to) = graph.edge_endpoints(edge).unwrap();
                let ends = (graph.node_weight(from).unwrap(), graph.node_weight(to).unwrap());
                if let (Relation::Requires | Relation::Calls, (Thing::Service(from), Thing::Service(to))) =
                    (relation, ends)
                {
                    edges.insert((from.to_string(), to.to_string()));
                }
            }
        }
        let (mut out, mut back) = (BTreeSet::new(), BTreeSet::new());
        for name in program.index().names("service") {
            assert_eq!(node(program, name).unwrap().name, **name);
            out.extend(outgoing(program, name).into_iter().map(|calls| (name.to_string(), calls.node.name)));
            back.extend(incoming(program, name).into_iter().map(|calls| (calls.node.name, name.to_string())));
            for calls in outgoing(program, name).iter().chain(&incoming(program, name)) {
                assert!(!calls.places.is_empty());
            }
        }
        assert_eq!(out, edges, "{}", host.loaded.root.display());
        assert_eq!(back, edges, "{}", host.loaded.root.display());
        compared += edges.len();
        counted(&host, &edges);
    }
    assert!(compared > 20, "only {compared} calls");
}

/// What stands above a service counts the edges that lead to it.
fn counted(host: &Host, edges: &BTreeSet<(String, String)>) {
    let program = Program::new(host.database(), host.workspace());
    for file in &host.loaded.files {
        let view = host.view(host.file_id(&file.path).unwrap()).unwrap();
        for lens in lenses(program, &view) {
            if let About::Callers(count) = lens.about {
                let name = file.text.get(usize::from(lens.range.start())..usize::from(lens.range.end())).unwrap();
                assert_eq!(count, edges.iter().filter(|(_, to)| to == name).count(), "{name}");
            }
        }
    }
}
