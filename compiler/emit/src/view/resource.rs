//! A shared resource in one environment, as templates read it.

use idpc_model::model::Declared;
use idpc_model::value::Record;

use super::convert::{list, map, maybe, text};
use super::header;
use super::names::pascal;
use super::need::{self, Consumer};
use super::place::Place;
use crate::node::Node;

/// The context of a shared resource.
#[must_use]
pub fn context(place: &Place<'_>, declared: &Declared, record: &Record) -> Node {
    let name = &declared.name;
    let owner = record.value("owner").as_str().unwrap_or_default();
    let namespace = place.namespace(name, None);
    let runbook = place.platform_text("runbooks").map(|base| format!("{}/{name}", base.trim_end_matches('/')));
    let consumer = Consumer { name, owner, system: None, namespace: namespace.clone() };
    let mut users = Vec::new();
    for (service, service_record) in &place.environment.services {
        for (entry, field) in service_record.value("needs").entries() {
            let Some(used) = field.value.as_record() else {
                continue;
            };
            if used.shared.as_deref() != Some(&**name) {
                continue;
            }
            let names = need::own_names(place, service, entry, used);
            users.push(map([
                ("service", Node::Str(service.clone())),
                ("need", Node::Str(entry.clone())),
                ("claim", text(names.claim)),
                ("secret", text(names.secret)),
                ("namespace", text(place.namespace_of(service, service_record))),
                ("access", text(used.value("access").as_str().unwrap_or("read_write"))),
                ("role", text(place.role(service))),
            ]));
        }
    }
    let argocd = place.environment.world.platform.value("argocd").as_record();
    let argocd = argocd.and_then(|argocd| argocd.value("namespace").as_str()).unwrap_or("argocd");
    map([
        ("header", text(header(place.model, declared.span, "resource", name))),
        ("workspace_name", text(place.model.workspace.clone())),
        ("name", Node::Str(name.clone())),
        ("name_pascal", text(pascal(name))),
        ("runbook_url", maybe(runbook)),
        ("env_name", Node::Str(place.name().clone())),
        ("namespace", text(namespace)),
        ("doc", maybe(declared.doc.clone())),
        ("env", place.env.clone()),
        ("platform", place.platform.clone()),
        ("gitops", place.gitops.clone()),
        ("argocd_namespace", text(argocd)),
        ("api_group", text(place.api_group())),
        ("team", place.team(owner)),
        ("system", Node::Null),
        ("labels", labels(place, declared, owner)),
        ("need", need::view(place, &consumer, "", record, None)),
        ("users", list(users)),
        ("source_path", text(place.model.path(declared.span.file))),
    ])
}

/// The labels of every object of a shared resource.
#[must_use]
pub fn labels(place: &Place<'_>, declared: &Declared, owner: &str) -> Node {
    map([
        ("app.kubernetes.io/name", Node::Str(declared.name.clone())),
        ("app.kubernetes.io/part-of", Node::Str(declared.name.clone())),
        ("app.kubernetes.io/component", Node::Str(declared.schema.clone())),
        ("app.kubernetes.io/managed-by", text("idpc")),
        ("idpc.dev/owner", text(owner)),
        ("idpc.dev/environment", Node::Str(place.name().clone())),
    ])
}
