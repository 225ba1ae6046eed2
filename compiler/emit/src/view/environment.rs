//! A whole environment, and each resource kind in it, as templates read them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use idpc_model::schema::Schema;

use super::convert::{list, map, maybe, text};
use super::place::Place;
use super::{kept, kind, resource, service, written_by};
use crate::node::Node;

/// The context of an environment.
#[must_use]
pub fn context(place: &Place<'_>, previous: Option<&str>) -> Node {
    let model = place.model;
    let mut services = Vec::new();
    let mut namespaces: BTreeMap<String, Node> = BTreeMap::new();
    let mut teams: BTreeMap<Arc<str>, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    for declared in &model.services {
        let Some(record) = place.environment.services.get(&declared.name) else {
            continue;
        };
        let owner = record.value("owner").as_str().unwrap_or_default();
        let system = record.value("system").as_str();
        let namespace = place.namespace_of(&declared.name, record);
        let labels = service::labels(place, declared, record, owner, system);
        let external = !record.value("host").is_none();
        if !external {
            namespaces.entry(namespace.clone()).or_insert_with(|| {
                map([
                    ("name", text(namespace.clone())),
                    ("service", Node::Str(declared.name.clone())),
                    ("team", text(owner)),
                    ("labels", labels.clone()),
                ])
            });
        }
        let team = teams.entry(owner.into()).or_default();
        if !external {
            team.0.insert(namespace.clone());
        }
        team.1.insert(declared.name.to_string());
        services.push(map([
            ("name", Node::Str(declared.name.clone())),
            ("namespace", text(namespace)),
            ("team", text(owner)),
            ("owner", text(owner)),
            ("tier", maybe(record.value("tier").as_str())),
            ("golden_path", Node::Str(declared.schema.clone())),
            ("has_workload", Node::Bool(!external)),
            ("labels", labels),
        ]));
    }
    let mut resources = Vec::new();
    for declared in &model.resources {
        let Some(record) = place.environment.resources.get(&declared.name) else {
            continue;
        };
        let owner = record.value("owner").as_str().unwrap_or_default();
        let namespace = place.namespace(&declared.name, None);
        let labels = resource::labels(place, declared, owner);
        namespaces.entry(namespace.clone()).or_insert_with(|| {
            map([
                ("name", text(namespace.clone())),
                ("service", Node::Str(declared.name.clone())),
                ("team", text(owner)),
                ("labels", labels),
            ])
        });
        teams.entry(owner.into()).or_default().0.insert(namespace.clone());
        resources.push(map([
            ("name", Node::Str(declared.name.clone())),
            ("namespace", text(namespace)),
            ("kind", Node::Str(declared.schema.clone())),
            ("team", text(owner)),
        ]));
    }
    let teams = teams.into_iter().map(|(name, (namespaces, services))| team(place, &name, &namespaces, &services));
    let kinds = kinds(place).into_iter().map(|schema| kind::view(place, schema));
    let mut entries = shared(place);
    entries.extend([
        ("services", list(services)),
        ("resources", list(resources)),
        ("namespaces", list(namespaces.into_values())),
        ("teams", list(teams)),
        ("kinds", list(kinds)),
        ("kept_secrets", list(kept::secrets(place).iter().map(kept::Kept::view))),
        ("previous_env", maybe(previous)),
    ]);
    map(entries)
}

/// Every resource kind of the workspace, sorted: an unused one keeps its API, since removing it would remove its objects.
#[must_use]
pub fn kinds<'m>(place: &Place<'m>) -> Vec<&'m Schema> {
    let set = &place.model.set;
    set.descendants("resource")
        .into_iter()
        .filter(|schema| !schema.name.contains('.') && !schema.name.contains(':'))
        .map(|schema| &**schema)
        .collect()
}

/// The context of a kind.
#[must_use]
pub fn kind_context(place: &Place<'_>, schema: &Schema) -> Node {
    let mut entries = shared(place);
    entries.push(("kind_name", Node::Str(schema.name.clone())));
    entries.push(("kind", kind::view(place, schema)));
    map(entries)
}

fn shared(place: &Place<'_>) -> Vec<(&'static str, Node)> {
    let argocd = place.environment.world.platform.value("argocd").as_record();
    let argocd = argocd.and_then(|argocd| argocd.value("namespace").as_str()).unwrap_or("argocd");
    vec![
        (
            "header",
            text(written_by(&format!("the platform of {} (environment {})", place.model.workspace, place.name()))),
        ),
        ("workspace_name", text(place.model.workspace.clone())),
        ("env_name", Node::Str(place.name().clone())),
        ("env", place.env.clone()),
        ("platform", place.platform.clone()),
        ("gitops", place.gitops.clone()),
        ("argocd_namespace", text(argocd)),
        ("api_group", text(place.api_group())),
    ]
}

fn team(place: &Place<'_>, name: &str, namespaces: &BTreeSet<String>, services: &BTreeSet<String>) -> Node {
    let mut entries = match place.team(name) {
        Node::Map(entries) => entries.to_vec(),
        _ => Vec::new(),
    };
    entries.push(("namespaces".into(), list(namespaces.iter().map(|name| text(name.as_str())))));
    entries.push(("services".into(), list(services.iter().map(|name| text(name.as_str())))));
    map(entries)
}
