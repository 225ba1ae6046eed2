//! Reads what the sources of an example say, from their syntax alone: the facts are compared before any evaluation.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use idpc_syntax::ast::{DeclKind, Entry, EntryKind, Expr, ExprKind, InstanceDecl, Literal};

use crate::table::{Facts, Store};

/// An example as its sources describe it.
#[derive(Debug, Default)]
pub struct Example {
    /// Services, ports, calls and stores.
    pub facts: Facts,
    /// Language and protocol of every service.
    pub kinds: BTreeMap<String, (String, String)>,
}

/// Reads every source below `root`.
pub fn read(root: &Path) -> Example {
    let mut paths = Vec::new();
    collect(root, &mut paths);
    paths.sort();
    assert!(!paths.is_empty(), "no sources below {}", root.display());
    let texts = paths.iter().map(|path| fs::read_to_string(path).expect("a source can be read"));
    describe(&texts.collect::<Vec<_>>())
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder can be read") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "idp") {
            found.push(path);
        }
    }
}

/// What these sources say together.
pub fn describe(texts: &[String]) -> Example {
    let parsed = texts.iter().map(|text| idpc_syntax::parse(text));
    let files: Vec<_> = parsed
        .map(|parse| {
            assert!(parse.errors().is_empty(), "{:?}", parse.errors());
            parse.source_file()
        })
        .collect();
    let instances = || {
        files.iter().flat_map(|file| &file.decls).filter_map(|decl| match &decl.kind {
            DeclKind::Instance(instance) => Some(instance),
            _ => None,
        })
    };
    let shared: BTreeMap<&str, &str> = instances()
        .filter(|instance| instance.root.text == "resource")
        .map(|instance| (instance.name.text.as_str(), schema(instance)))
        .collect();
    let mut example = Example::default();
    let mut users: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for service in instances().filter(|instance| instance.root.text == "service") {
        let name = &service.name.text;
        describe_service(&mut example, service);
        for (kind, from) in needs(service) {
            if let Some((resource, _)) = from.or(Some(kind)).and_then(|used| shared.get_key_value(used)) {
                users.entry(resource).or_default().insert(name.clone());
            } else if kind != "domain" && kind != "secret" {
                let store = Store { kind: kind.to_owned(), users: BTreeSet::from([name.clone()]) };
                assert!(example.facts.stores.insert(store), "{name} has two stores of the kind {kind}");
            }
        }
    }
    for (resource, kind) in shared {
        let users = users.remove(resource).unwrap_or_default();
        example.facts.stores.insert(Store { kind: kind.to_owned(), users });
    }
    example
}

fn schema(instance: &InstanceDecl) -> &str {
    instance.schema.as_ref().map_or("", |schema| &schema.text)
}

fn describe_service(example: &mut Example, service: &InstanceDecl) {
    let facts = example.facts.services.entry(service.name.text.clone()).or_default();
    let entries = &service.entries;
    facts.ports.extend(value(entries, "port").and_then(port));
    facts.ports.extend(value(block(entries, "metrics"), "port").and_then(port));
    for call in block(entries, "calls") {
        match &call.kind {
            EntryKind::Amend { path, .. } | EntryKind::Bare(path) | EntryKind::Set { path, .. } => {
                facts.calls.extend(path.segments.first().map(|segment| segment.text.clone()));
            }
            EntryKind::In { .. } => {}
        }
    }
    let word = |field: &str| value(entries, field).and_then(name).unwrap_or_default().to_owned();
    let protocol = Some(word("protocol")).filter(|protocol| !protocol.is_empty());
    let kinds = (word("language"), protocol.unwrap_or_else(|| "http".to_owned()));
    example.kinds.insert(service.name.text.clone(), kinds);
}

/// The kind (or shared resource) of every need, and the topic that a queue takes `from`.
fn needs(service: &InstanceDecl) -> Vec<(&str, Option<&str>)> {
    let mut found = Vec::new();
    for need in block(&service.entries, "needs") {
        let EntryKind::Set { value: need, .. } = &need.kind else {
            continue;
        };
        match &need.kind {
            ExprKind::Record { schema: Some(schema), entries } => {
                found.push((schema.text.as_str(), value(entries, "from").and_then(name)));
            }
            _ => found.extend(name(need).map(|name| (name, None))),
        }
    }
    found
}

fn value<'a>(entries: &'a [Entry], field: &str) -> Option<&'a Expr> {
    entries.iter().find_map(|entry| match &entry.kind {
        EntryKind::Set { path, value } if is(path, field) => Some(value),
        _ => None,
    })
}

fn block<'a>(entries: &'a [Entry], field: &str) -> &'a [Entry] {
    let found = entries.iter().find_map(|entry| match &entry.kind {
        EntryKind::Amend { path, entries } if is(path, field) => Some(entries.as_slice()),
        _ => None,
    });
    found.unwrap_or_default()
}

fn is(path: &idpc_syntax::ast::Path, field: &str) -> bool {
    path.segments.len() == 1 && path.segments.iter().all(|segment| segment.text == field)
}

fn name(value: &Expr) -> Option<&str> {
    match &value.kind {
        ExprKind::Path(path) if path.segments.len() == 1 => path.segments.first().map(|segment| segment.text.as_str()),
        _ => None,
    }
}

fn port(value: &Expr) -> Option<u16> {
    match value.kind {
        ExprKind::Literal(Literal::Int(number)) => u16::try_from(number).ok(),
        _ => None,
    }
}
