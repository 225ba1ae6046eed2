//! What is written once for all environments: a service's code repository, and the workspace.

use std::sync::Arc;

use idpc_model::model::{Declared, Model};
use idpc_model::value::Record;

use super::convert::{fields, list, map, maybe, text};
use super::place::Place;
use super::service::LISTED;
use super::{header, repository, written_by};
use crate::node::Node;

/// The context of a service's project. `place` is the first environment that has the service.
#[must_use]
pub fn context(place: &Place<'_>, declared: &Declared, record: &Record) -> Node {
    let model = place.model;
    let name = &declared.name;
    let owner = record.value("owner").as_str().unwrap_or_default();
    let source_path = model.path(declared.span.file);
    let needs = record.value("needs").entries().iter().filter_map(|(entry, field)| {
        let need = field.value.as_record()?;
        Some(map([("name", Node::Str(entry.clone())), ("kind", Node::Str(need.schema.clone()))]))
    });
    let calls = record.value("calls").entries().iter().map(|(callee, field)| {
        let required = idpc_graph::graph::is_required(field);
        map([("name", Node::Str(callee.clone())), ("required", Node::Bool(required))])
    });
    let callers = place.callers_of(name).map(|caller| map([("name", Node::Str(caller.clone()))]));
    let link = |field: &str| place.platform_text(field).map(|base| format!("{}/{name}", base.trim_end_matches('/')));
    let runbook = record.value("runbook").as_str().map(str::to_owned).or_else(|| link("runbooks"));
    map([
        ("header", text(header(model, declared.span, "service", name))),
        ("workspace_name", text(model.workspace.clone())),
        ("name", Node::Str(name.clone())),
        ("repository", text(repository(record, name))),
        ("golden_path", Node::Str(declared.schema.clone())),
        ("doc", maybe(declared.doc.clone())),
        ("service", once(model, declared, record)),
        ("platform", place.platform.clone()),
        ("gitops", place.gitops.clone()),
        ("team", place.team(owner)),
        ("system", place.system(record.value("system").as_str())),
        ("environments", environments(model, Some(name))),
        ("needs", list(needs)),
        ("calls", list(calls)),
        ("callers", list(callers)),
        ("source_path", text(source_path)),
        ("source_dir", text(folder(source_path))),
        ("objectives", list(place.objectives.list_of(place.environment, declared, record))),
        ("image", image(place, name, record)),
        ("has_workload", Node::Bool(record.value("host").is_none())),
        ("runbook_url", maybe(runbook)),
        ("dashboard_url", maybe(link("dashboards"))),
    ])
}

/// The fields that have one value for all environments.
fn once(model: &Model, declared: &Declared, record: &Record) -> Node {
    let Some(schema) = model.set.get(&declared.schema) else {
        return Node::Null;
    };
    let kept: Vec<&str> = schema.fields.iter().filter(|field| field.once).map(|field| &*field.name).collect();
    let left_out: Vec<&str> = LISTED.iter().copied().filter(|name| *name != "tests").collect();
    let entries = fields(record, &left_out).into_iter().filter(|(name, _)| kept.contains(&&**name));
    map(entries)
}

/// The image without tag, and the registry that it is pushed to.
fn image(place: &Place<'_>, name: &str, record: &Record) -> Node {
    let full = match (record.value("image").as_str(), place.platform_text("registry")) {
        (Some(image), _) => image.to_owned(),
        (None, Some(registry)) => format!("{}/{name}", registry.trim_end_matches('/')),
        (None, None) => return Node::Null,
    };
    let host = full.split('/').next().filter(|host| host.contains('.')).unwrap_or("docker.io").to_owned();
    let kind = if host == "ghcr.io" {
        "ghcr"
    } else if host.contains(".dkr.ecr.") {
        "ecr"
    } else {
        "other"
    };
    map([("name", text(full)), ("registry", text(host)), ("kind", text(kind))])
}

/// The environments in the order of delivery; with a service, those that it runs in.
fn environments(model: &Model, service: Option<&str>) -> Node {
    let has = |name: Option<&str>, environment: &idpc_model::model::Environment| {
        name.is_none_or(|name| environment.services.contains_key(name))
    };
    let listed = model.environments.iter().filter(|environment| has(service, environment)).map(|environment| {
        let record = &environment.world.environment;
        map([
            ("name", Node::Str(environment.name.clone())),
            ("stage", maybe(record.value("stage").as_str())),
            ("after", maybe(record.value("after").as_str())),
        ])
    });
    list(listed)
}

/// The context of the workspace.
#[must_use]
pub fn workspace(places: &[Place<'_>], place: &Place<'_>) -> Node {
    let model = place.model;
    let services = model.services.iter().filter_map(|declared| {
        let (_, record) = home(places, &declared.name)?;
        let source_path = model.path(declared.span.file);
        Some(map([
            ("name", Node::Str(declared.name.clone())),
            ("repository", text(repository(record, &declared.name))),
            ("owner", maybe(record.value("owner").as_str())),
            ("source_path", text(source_path)),
            ("source_dir", text(folder(source_path))),
        ]))
    });
    let teams = model.teams.iter().map(|team| place.team(&team.name));
    map([
        ("header", text(written_by(&format!("the workspace {}", model.workspace)))),
        ("workspace_name", text(model.workspace.clone())),
        ("repository", text(model.workspace.clone())),
        ("platform", place.platform.clone()),
        ("gitops", place.gitops.clone()),
        ("services", list(services)),
        ("teams", list(teams)),
        ("environments", environments(model, None)),
    ])
}

/// The context of a code repository with the projects in it.
#[must_use]
pub fn repository_context(place: &Place<'_>, name: &str, projects: Vec<Node>) -> Node {
    let workspace = &place.model.workspace;
    map([
        ("header", text(written_by(&format!("the services of {name} (workspace {workspace})")))),
        ("workspace_name", text(workspace.clone())),
        ("repository", text(name)),
        ("platform", place.platform.clone()),
        ("gitops", place.gitops.clone()),
        ("services", list(projects)),
    ])
}

/// The first environment that has a service, and the service there.
#[must_use]
pub fn home<'p, 'm>(places: &'p [Place<'m>], name: &Arc<str>) -> Option<(&'p Place<'m>, &'m Record)> {
    places.iter().find_map(|place| place.environment.services.get(name).map(|record| (place, &**record)))
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or(".", |(folder, _)| folder)
}
