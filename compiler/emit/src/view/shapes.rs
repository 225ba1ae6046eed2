//! The shapes of the contexts, against which templates are checked when they are loaded.

use std::collections::BTreeMap;

use idpc_model::schema::SchemaSet;

use super::convert::field_shapes;
use super::objective::objective_shape;
use super::service::LISTED;
use crate::shape::Shape;

type Fields = BTreeMap<String, Shape>;

fn with(mut fields: Fields, more: impl IntoIterator<Item = (&'static str, Shape)>) -> Fields {
    fields.extend(more.into_iter().map(|(name, shape)| (name.to_owned(), shape)));
    fields
}

fn record(fields: Fields) -> Shape {
    Shape::Record(fields.into())
}

fn schema(set: &SchemaSet, name: &str, left_out: &[&str]) -> Fields {
    set.get(name).map(|schema| field_shapes(schema, set, left_out)).unwrap_or_default()
}

fn texts(names: &[&'static str]) -> Vec<(&'static str, Shape)> {
    names.iter().map(|name| (*name, Shape::Text)).collect()
}

fn flags(names: &[&'static str]) -> Vec<(&'static str, Shape)> {
    names.iter().map(|name| (*name, Shape::Bool)).collect()
}

fn shared(set: &SchemaSet) -> Fields {
    let fields = with(Fields::new(), texts(&["header", "workspace_name"]));
    let gitops = with(
        Fields::new(),
        texts(&["repository", "branch", "path"]).into_iter().chain([(
            "github",
            Shape::record([("owner", Shape::Text), ("name", Shape::Text), ("slug", Shape::Text)]).optional(),
        )]),
    );
    with(fields, [("platform", record(schema(set, "platform", &[]))), ("gitops", record(gitops))])
}

fn in_environment(set: &SchemaSet) -> Fields {
    let env = with(schema(set, "environment", &[]), texts(&["name", "api_server"]));
    let env = with(env, flags(&["shared_cluster"]));
    let fields = with(shared(set), texts(&["env_name", "argocd_namespace", "api_group"]));
    with(fields, [("env", record(env))])
}

fn team(set: &SchemaSet) -> Fields {
    with(schema(set, "team", &[]), texts(&["name"]))
}

fn system() -> Shape {
    Shape::record([("name", Shape::Text), ("owner", Shape::Text.optional())]).optional()
}

/// A need; `value` has the fields of its kind, or cannot be looked into where any kind may stand.
#[must_use]
pub fn need(set: &SchemaSet, kind: Option<&str>) -> Shape {
    let fields = with(
        Fields::new(),
        texts(&[
            "name",
            "pascal",
            "kind",
            "kind_pascal",
            "plural",
            "access",
            "claim",
            "secret",
            "source_secret",
            "composed",
            "physical",
            "namespace",
            "data_class",
            "owner",
            "service",
            "role",
        ]),
    );
    let fields = with(fields, flags(&["shared", "durable", "grants", "makes_claim"]));
    let value = kind.map_or(Shape::Any, |kind| record(schema(set, kind, &[])));
    let output = Shape::record([
        ("name", Shape::Text),
        ("secret", Shape::Bool),
        ("env_name", Shape::Text),
        ("key", Shape::Text),
    ]);
    let topic = Shape::record([
        ("physical", Shape::Text),
        ("region", Shape::Text.optional()),
        ("account", Shape::Text.optional()),
    ]);
    record(with(
        fields,
        [
            ("resource", Shape::Text.optional()),
            ("region", Shape::Text.optional()),
            ("account", Shape::Text.optional()),
            ("spec", Shape::map(Shape::Any)),
            ("value", value),
            ("outputs", Shape::list(output)),
            ("tags", Shape::map(Shape::Text)),
            ("topic", topic.optional()),
        ],
    ))
}

/// A service, with the fields of a golden path.
#[must_use]
pub fn service(set: &SchemaSet, path: &str) -> Shape {
    let fields = with(
        in_environment(set),
        texts(&[
            "name",
            "name_pascal",
            "namespace",
            "repository",
            "golden_path",
            "source_path",
            "config_hash",
            "cpu_request",
            "role",
        ]),
    );
    let fields = with(
        fields,
        flags(&[
            "has_claims",
            "has_access",
            "has_infra",
            "has_workload",
            "has_network",
            "has_secrets",
            "has_monitoring",
            "has_app",
        ]),
    );
    let fields = with(
        fields,
        [
            ("doc", Shape::Text.optional()),
            ("runbook_url", Shape::Text.optional()),
            ("dashboard_url", Shape::Text.optional()),
        ],
    );
    let call = with(
        with(Fields::new(), texts(&["name", "host", "url", "protocol", "namespace"])),
        flags(&["required", "external", "by_address"]),
    );
    let timeout = schema(set, "call", &[]).remove("timeout").unwrap_or(Shape::Any);
    let call = with(call, [("port", Shape::Number), ("retries", Shape::Number), ("timeout", timeout)]);
    let pair = |a: &'static str, b: &'static str| Shape::list(Shape::record([(a, Shape::Text), (b, Shape::Text)]));
    let caller = with(with(Fields::new(), texts(&["name", "namespace"])), flags(&["migrates"]));
    let secret = Shape::record([("name", Shape::Text), ("secret_name", Shape::Text), ("key", Shape::Text)]);
    record(with(
        fields,
        [
            ("service", record(schema(set, path, LISTED))),
            ("team", record(team(set))),
            ("system", system()),
            ("labels", Shape::map(Shape::Text)),
            ("selector", Shape::map(Shape::Text)),
            ("needs", Shape::list(need(set, None))),
            ("calls", Shape::list(record(call))),
            ("callers", Shape::list(record(caller))),
            ("hosts", pair("host", "need")),
            ("config_map", Shape::map(Shape::Text)),
            ("secret_env", Shape::list(secret)),
            ("expanded_env", pair("name", "value")),
            ("command", Shape::list(Shape::Text)),
            ("args", Shape::list(Shape::Text)),
            ("migrate", Shape::list(Shape::Text)),
            ("memory_runtime", Shape::record([("mib", Shape::Number)])),
            ("objectives", Shape::list(objective_shape())),
            ("tags", Shape::map(Shape::Text)),
            ("extras", Shape::list(Shape::Text)),
        ],
    ))
}

/// A shared resource.
#[must_use]
pub fn resource(set: &SchemaSet) -> Shape {
    let fields = with(in_environment(set), texts(&["name", "name_pascal", "namespace", "source_path"]));
    let user = with(Fields::new(), texts(&["service", "need", "claim", "secret", "namespace", "access", "role"]));
    record(with(
        fields,
        [
            ("doc", Shape::Text.optional()),
            ("team", record(team(set))),
            ("system", system()),
            ("labels", Shape::map(Shape::Text)),
            ("need", need(set, None)),
            ("users", Shape::list(record(user))),
            ("runbook_url", Shape::Text.optional()),
        ],
    ))
}

fn kind_record() -> Shape {
    let output = Shape::record([
        ("name", Shape::Text),
        ("secret", Shape::Bool),
        ("key", Shape::Text),
        ("doc", Shape::Text.optional()),
    ]);
    let fields = with(Fields::new(), texts(&["name", "pascal", "camel", "plural", "group"]));
    record(with(
        with(fields, flags(&["durable", "claim"])),
        [
            ("doc", Shape::Text.optional()),
            ("openapi", Shape::map(Shape::Any)),
            ("required", Shape::list(Shape::Text)),
            ("rules", Shape::list(Shape::record([("rule", Shape::Text), ("message", Shape::Text)]))),
            ("outputs", Shape::list(output)),
        ],
    ))
}

/// A resource kind in an environment.
#[must_use]
pub fn kind(set: &SchemaSet) -> Shape {
    record(with(with(in_environment(set), texts(&["kind_name"])), [("kind", kind_record())]))
}

/// An environment.
#[must_use]
pub fn environment(set: &SchemaSet) -> Shape {
    let labels = || ("labels", Shape::map(Shape::Text));
    let service = with(Fields::new(), texts(&["name", "namespace", "team", "owner", "golden_path"]));
    let service = with(service, [("tier", Shape::Text.optional()), ("has_workload", Shape::Bool), labels()]);
    let resource = with(Fields::new(), texts(&["name", "namespace", "kind", "team"]));
    let namespace = with(with(Fields::new(), texts(&["name", "service", "team"])), [labels()]);
    let names = || Shape::list(Shape::Text);
    let member = with(team(set), [("namespaces", names()), ("services", names())]);
    record(with(
        in_environment(set),
        [
            ("services", Shape::list(record(service))),
            ("resources", Shape::list(record(resource))),
            ("namespaces", Shape::list(record(namespace))),
            ("teams", Shape::list(record(member))),
            ("kinds", Shape::list(kind_record())),
            ("kept_secrets", Shape::list(record(with(Fields::new(), texts(&["key", "service", "need"]))))),
            ("previous_env", Shape::Text.optional()),
        ],
    ))
}

fn stages() -> Shape {
    Shape::list(Shape::record([("name", Shape::Text), ("stage", Shape::Text), ("after", Shape::Text.optional())]))
}

/// A service's project, for its code repository.
#[must_use]
pub fn project(set: &SchemaSet) -> Shape {
    let left_out: Vec<&str> = LISTED.iter().copied().filter(|name| *name != "tests").collect();
    let once = set.get("service").map(|schema| {
        let kept: Vec<&str> = schema.fields.iter().filter(|field| field.once).map(|field| &*field.name).collect();
        let mut fields = field_shapes(schema, set, &left_out);
        fields.retain(|name, _| kept.contains(&name.as_str()));
        fields
    });
    let fields = with(shared(set), texts(&["name", "repository", "golden_path", "source_path", "source_dir"]));
    let need = Shape::record([("name", Shape::Text), ("kind", Shape::Text)]);
    let call = Shape::record([("name", Shape::Text), ("required", Shape::Bool)]);
    let image = Shape::record([("name", Shape::Text), ("registry", Shape::Text), ("kind", Shape::Text)]);
    record(with(
        fields,
        [
            ("doc", Shape::Text.optional()),
            ("service", record(once.unwrap_or_default())),
            ("team", record(team(set))),
            ("system", system()),
            ("environments", stages()),
            ("needs", Shape::list(need)),
            ("calls", Shape::list(call)),
            ("callers", Shape::list(Shape::record([("name", Shape::Text)]))),
            ("objectives", Shape::list(objective_shape())),
            ("image", image.optional()),
            ("has_workload", Shape::Bool),
            ("runbook_url", Shape::Text.optional()),
            ("dashboard_url", Shape::Text.optional()),
        ],
    ))
}

/// A code repository with the projects in it.
#[must_use]
pub fn repository(set: &SchemaSet) -> Shape {
    record(with(with(shared(set), texts(&["repository"])), [("services", Shape::list(project(set)))]))
}

/// The workspace.
#[must_use]
pub fn workspace(set: &SchemaSet) -> Shape {
    let service = with(Fields::new(), texts(&["name", "repository", "source_path", "source_dir"]));
    let service = with(service, [("owner", Shape::Text.optional())]);
    record(with(
        with(shared(set), texts(&["repository"])),
        [
            ("services", Shape::list(record(service))),
            ("teams", Shape::list(record(team(set)))),
            ("environments", stages()),
        ],
    ))
}
