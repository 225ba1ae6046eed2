//! Evaluations of whole instances.

use std::collections::BTreeMap;
use std::sync::Arc;

use idpc_syntax::ast::{DeclKind, EntryKind, InstanceDecl};

use super::arena::{Arena, Context, NodeId};
use super::raw::{Raw, Writer, conflicts, overlays};
use super::world::{Head, World};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::naming;
use crate::schema::Schema;
use crate::source::{DeclRef, FileView};
use crate::span::Span;
use crate::suggest::nearest;
use crate::value::{Layer, Record, Value};

/// An instance in one environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evaluated {
    /// Its value; absent when its schema is unknown.
    pub record: Option<Arc<Record>>,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
    /// How much of the budget it took.
    pub steps: u64,
}

/// An instance declaration with its schema.
struct Found<'a> {
    file: &'a FileView,
    /// From the keyword to the closing brace.
    whole: Span,
    item: &'a InstanceDecl,
    header: Span,
    schema: Option<&'a Arc<Schema>>,
}

fn find<'a>(context: Context<'a>, at: DeclRef) -> Option<Found<'a>> {
    let (file, decl) = context.files.decl(at)?;
    let DeclKind::Instance(item) = &decl.kind else { return None };
    let schema = match &item.schema {
        None => context.set.get(&item.root.text),
        Some(name) => context.set.get(&name.text).filter(|schema| schema.is_a(&item.root.text)),
    };
    Some(Found { file, whole: file.span(decl.span), item, header: file.span(decl.header), schema })
}

/// Findings of an instance that are the same in every environment.
#[must_use]
pub fn check_declaration(context: Context<'_>, at: DeclRef, environments: &[Arc<str>]) -> Vec<Diagnostic> {
    let Some(found) = find(context, at) else { return Vec::new() };
    let mut diagnostics = Vec::new();
    unknown_schema(context, &found, &mut diagnostics);
    invalid_name(&found, &mut diagnostics);
    diagnostics.extend(conflicts(found.file.id, &[&found.item.entries]));
    let mut clashes: Vec<Diagnostic> = Vec::new();
    for environment in environments {
        clashes.extend(conflicts(found.file.id, &overlays(&found.item.entries, environment)));
    }
    clashes.dedup();
    diagnostics.extend(clashes);
    for entry in &found.item.entries {
        let EntryKind::In { envs, header, .. } = &entry.kind else { continue };
        if !matches!(found.item.root.text.as_str(), "service" | "resource") {
            diagnostics.push(
                Diagnostic::new(
                    Code::UnknownEnvironment,
                    found.file.span(*header),
                    "only services and shared resources take overlays",
                )
                .primary_label("no overlay may stand here")
                .help("choose by `env.stage` in an expression instead"),
            );
            continue;
        }
        if envs.is_empty() {
            let at = found.file.span(*header);
            diagnostics.push(
                Diagnostic::new(Code::UnknownEnvironment, at, "this overlay names no environment")
                    .primary_label("holds nowhere")
                    .help(format!("name one: `in {} {{ … }}`", environments.first().map_or("prod", |name| name))),
            );
        }
        for name in envs {
            if !environments.iter().any(|known| **known == *name.text) {
                let at = found.file.span(name.span);
                let known: Vec<String> = environments.iter().map(ToString::to_string).collect();
                diagnostics.push(
                    Diagnostic::new(Code::UnknownEnvironment, at, format!("there is no environment `{}`", name.text))
                        .primary_label("nothing declares it")
                        .help(format!("environments: {}", known.join(", ")))
                        .did_you_mean(at, nearest(&name.text, known.iter().map(String::as_str))),
                );
            }
        }
    }
    diagnostics
}

fn unknown_schema(context: Context<'_>, found: &Found<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(name) = &found.item.schema else {
        if found.item.root.text == "resource" {
            diagnostics.push(
                Diagnostic::new(Code::UnknownType, found.header, "a shared resource needs its kind")
                    .primary_label("no kind is named")
                    .help(format!("write `resource {} : KIND {{ … }}`", found.item.name.text)),
            );
        }
        return;
    };
    if found.schema.is_some() {
        return;
    }
    let at = found.file.span(name.span);
    let root = &found.item.root.text;
    let known: Vec<String> = context
        .set
        .descendants(root)
        .iter()
        .filter(|schema| !schema.name.contains('.'))
        .map(|schema| schema.name.to_string())
        .collect();
    diagnostics.push(
        Diagnostic::new(Code::UnknownType, at, format!("`{}` is no kind of {root}", name.text))
            .primary_label("not declared, or below another root")
            .help(format!("use {}", crate::suggest::one_of(&known)))
            .did_you_mean(at, nearest(&name.text, known.iter().map(String::as_str))),
    );
}

/// Names become namespaces, labels and parts of cloud names.
fn invalid_name(found: &Found<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let name = &found.item.name;
    let is_deployed = matches!(found.item.root.text.as_str(), "service" | "resource");
    let limit = if is_deployed { naming::LONGEST_DEPLOYED } else { naming::LONGEST };
    if found.file.role != crate::source::Role::Library {
        diagnostics.extend(naming::refused(&name.text, found.file.span(name.span), limit));
    }
}

/// The settings of an instance in an environment: entries, then overlays.
fn settings<'a>(found: &Found<'a>, environment: &str) -> Raw<'a> {
    let mut raw = Raw::default();
    let by = |layer: Layer| Writer { file: found.file.id, layer, scope: None };
    raw.close(found.whole);
    raw.apply(&by(Layer::Entry), &found.item.entries);
    for entries in overlays(&found.item.entries, environment) {
        raw.apply(&by(Layer::Overlay), entries);
    }
    raw
}

/// Evaluates the platform, one environment, and the teams and systems as they are there. The number is how many steps
/// that took.
#[must_use]
pub fn world(context: Context<'_>) -> (Option<World>, Vec<Diagnostic>, u64) {
    let mut arena = Arena::new(context, context.environment);
    let mut roots: Vec<(Arc<str>, Arc<str>, NodeId)> = Vec::new();
    for root in ["platform", "environment", "team", "system"] {
        let names: Vec<Arc<str>> = context.index.all(root).into_iter().cloned().collect();
        for name in names {
            if root == "environment" && *name != *context.environment {
                continue;
            }
            let Some(found) = context.index.instance(root, &name).and_then(|at| find(context, at)) else { continue };
            let Some(schema) = found.schema else { continue };
            let raw = settings(&found, context.environment);
            arena.instance = name.clone();
            let id = arena.root(root, &name, schema, &raw, found.header);
            match root {
                "platform" => arena.named.insert("platform", id),
                "environment" => arena.named.insert("env", id),
                _ => None,
            };
            roots.push((root.into(), name, id));
        }
    }
    let mut instances: BTreeMap<Arc<str>, BTreeMap<Arc<str>, Arc<Record>>> = BTreeMap::new();
    let (mut platform, mut environment) = (None, None);
    for (root, name, id) in roots {
        let Some(record) = arena.record_value(id) else { continue };
        match &*root {
            "platform" => platform = Some(record.clone()),
            "environment" => environment = Some(record.clone()),
            _ => {}
        }
        instances.entry(root).or_default().insert(name, record);
    }
    arena.rules();
    let world = platform.zip(environment).map(|(platform, environment)| World {
        name: context.environment.into(),
        environment,
        platform,
        instances,
    });
    let steps = arena.steps;
    (world, arena.into_findings(), steps)
}

/// Evaluates a service or a shared resource in the context's environment.
#[must_use]
pub fn instance(context: Context<'_>, root: &str, name: &str) -> Evaluated {
    let Some(found) = context.index.instance(root, name).and_then(|at| find(context, at)) else {
        return Evaluated::default();
    };
    let Some(schema) = found.schema else { return Evaluated::default() };
    let raw = settings(&found, context.environment);
    let mut arena = Arena::new(context, name);
    let id = arena.root_named(root, name, schema, &raw, found.header);
    let record = arena.record_value(id);
    arena.rules();
    if root == "resource" {
        arena.shareable(id, found.header);
    }
    Evaluated { record, steps: arena.steps, diagnostics: arena.into_findings() }
}

/// What callers may read of a service: computed without its calls.
#[must_use]
pub fn head(
    context: Context<'_>,
    name: &str,
    address: impl Fn(&BTreeMap<Arc<str>, Value>) -> Arc<str>,
) -> Option<Head> {
    let found = context.index.instance("service", name).and_then(|at| find(context, at))?;
    let raw = settings(&found, context.environment);
    let mut arena = Arena::new(context, name);
    let id = arena.root_named("service", name, found.schema?, &raw, found.header);
    let mut fields: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    for field in ["owner", "system", "tier", "port", "protocol", "host", "only_in"] {
        let value = arena.field_of(id, field).map_or(Value::None, |node| arena.value(node));
        fields.insert(field.into(), value);
    }
    let get = |field: &str| fields.get(field).cloned().unwrap_or(Value::None);
    let host = match get("host") {
        Value::Str(host) => host,
        _ => address(&fields),
    };
    let only_in = get("only_in");
    // One that could not be read is reported where the service runs: everywhere.
    let present = only_in.is_none()
        || only_in.is_error()
        || only_in.elements().iter().any(|item| item.as_str() == Some(context.environment));
    let protocol = get("protocol").as_str().unwrap_or("http").into();
    Some(Head { host, port: get("port").as_int(), protocol, present, fields })
}

impl<'a> Arena<'a> {
    fn root_named(&mut self, root: &str, name: &str, schema: &'a Arc<Schema>, raw: &Raw<'a>, header: Span) -> NodeId {
        let id = self.root(root, name, schema, raw, header);
        if root == "service" {
            self.named.insert("service", id);
        }
        id
    }
}
