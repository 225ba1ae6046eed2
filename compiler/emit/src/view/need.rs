//! A need, or a shared resource, as templates read it.

use std::sync::Arc;

use idpc_model::model::{Identity, origin};
use idpc_model::schema::{Schema, SchemaField};
use idpc_model::ty::Ty;
use idpc_model::units::{Amount, divide};
use idpc_model::value::{Record, Value};
use num_rational::Ratio;

use super::convert::{fields, list, map, maybe, node, text};
use super::identity::parts;
use super::names::{LABEL_LIMIT, camel, joined, pascal, plural, variable};
use super::place::Place;
use crate::node::Node;

/// Who needs it.
pub struct Consumer<'r> {
    /// The service; for a shared resource by itself, the resource.
    pub name: &'r str,
    /// Its owner.
    pub owner: &'r str,
    /// Its system.
    pub system: Option<&'r str>,
    /// Its namespace.
    pub namespace: String,
}

/// The names of a need.
pub struct Names {
    /// The claim.
    pub claim: String,
    /// The connection Secret.
    pub secret: String,
    /// The Secret with what is composed of it.
    pub composed: String,
    /// The name in the cloud.
    pub physical: String,
}

/// The path of a need: `[checkout, needs, orders]`, or of a shared resource: `[order-paid]`.
#[must_use]
pub fn path(service: &str, entry: Option<&str>) -> Vec<Arc<str>> {
    match entry {
        Some(entry) => vec![service.into(), "needs".into(), entry.into()],
        None => vec![service.into()],
    }
}

/// The name of the claim of a need or shared resource.
#[must_use]
pub fn claim(identities: &[Identity], path: &[Arc<str>]) -> String {
    let (owner, entry) = parts(&origin(identities, path));
    joined(&[&owner, &entry], LABEL_LIMIT - 11)
}

/// The names of a need or shared resource.
#[must_use]
pub fn names(place: &Place<'_>, path: &[Arc<str>], kind: &str, import: Option<&str>) -> Names {
    let (owner, entry) = parts(&origin(&place.model.identities, path));
    let claim = claim(&place.model.identities, path);
    let set = &place.model.set;
    let prefix = place.platform_text("prefix").unwrap_or_default();
    let account = if place.facts.is_global(kind, set) { place.env_text("account").unwrap_or_default() } else { "" };
    let physical = joined(&[prefix, &owner, &entry, place.name(), account], place.facts.limit(kind, set));
    Names {
        secret: format!("{claim}-connection"),
        composed: format!("{claim}-composed"),
        claim,
        physical: import.map_or(physical, str::to_owned),
    }
}

/// The record that states a need's fields: a shared resource's own.
#[must_use]
pub fn source<'r>(place: &'r Place<'_>, need: &'r Record) -> &'r Record {
    let resource = need.shared.as_ref().and_then(|shared| place.environment.resources.get(shared));
    resource.map_or(need, |resource| &**resource)
}

/// The name in the cloud of a need, or of the shared resource that stands there.
#[must_use]
pub fn physical(place: &Place<'_>, service: &str, entry: &str, need: &Record) -> String {
    let import = source(place, need).value("import").as_str();
    let path = match need.shared.as_deref() {
        Some(resource) => path(resource, None),
        None => path(service, (!entry.is_empty()).then_some(entry)),
    };
    names(place, &path, &need.schema, import).physical
}

/// The names of the objects that a service's own need brings about in its namespace, shared or not: two needs on one
/// shared resource have a copy of its Secret each.
#[must_use]
pub fn own_names(place: &Place<'_>, service: &str, entry: &str, need: &Record) -> Names {
    names(place, &path(service, (!entry.is_empty()).then_some(entry)), &need.schema, None)
}

/// Whether an output is known only after deployment, so that a Secret carries it.
#[must_use]
pub fn has_secret(place: &Place<'_>, need: &Record) -> bool {
    let set = &place.model.set;
    let Some(schema) = set.get(&need.schema) else { return false };
    schema.outputs.iter().any(|output| {
        place.facts.output(&schema.name, &output.name, set).is_none() && schema.field(&output.name).is_none()
    })
}

/// A need as a node. For a shared one, `resource` is the resource's own record.
#[must_use]
pub fn view(
    place: &Place<'_>,
    consumer: &Consumer<'_>,
    entry: &str,
    record: &Record,
    resource: Option<&Record>,
) -> Node {
    let set = &place.model.set;
    let Some(schema) = set.get(&record.schema) else {
        return Node::Null;
    };
    let shared = record.shared.as_deref();
    let source = resource.unwrap_or(record);
    let own = own_names(place, consumer.name, entry, record);
    let written = match shared {
        Some(resource) => names(place, &path(resource, None), &schema.name, None).secret,
        None => own.secret.clone(),
    };
    let physical = physical(place, consumer.name, entry, record);
    let namespace = match shared.filter(|_| has_secret(place, record)) {
        Some(resource) => place.namespace(resource, None),
        None => consumer.namespace.clone(),
    };
    let pascal_name = shared.map_or_else(|| pascal(&format!("{}-{entry}", consumer.name)), pascal);
    let owner = source.value("owner").as_str().unwrap_or(consumer.owner);
    let data_class = source.value("data_class").as_str();
    let tags = place.tags(owner, shared.unwrap_or(consumer.name), consumer.system, data_class);
    let outputs = schema.outputs.iter().map(|output| {
        map([
            ("name", Node::Str(output.name.clone())),
            ("secret", Node::Bool(matches!(output.ty.core(), Ty::Secret(_)))),
            ("env_name", text(variable(entry, &output.name))),
            ("key", Node::Str(output.name.clone())),
        ])
    });
    map([
        ("name", text(entry)),
        ("kind", Node::Str(schema.name.clone())),
        ("pascal", text(pascal_name)),
        ("kind_pascal", text(pascal(&schema.name))),
        ("plural", text(plural(&schema.name))),
        // A declared resource is nobody's own: it has no role that may reach it.
        ("shared", Node::Bool(shared.is_some() || entry.is_empty())),
        ("resource", maybe(shared)),
        ("access", maybe(record.value("access").as_str().or(Some("read_write")))),
        ("claim", text(own.claim)),
        ("secret", text(own.secret)),
        ("source_secret", text(written)),
        ("composed", text(own.composed)),
        ("physical", text(physical)),
        ("namespace", text(namespace)),
        ("durable", Node::Bool(source.value("durable").as_bool() != Some(false))),
        ("grants", Node::Bool(place.facts.grants(&schema.name, set))),
        ("makes_claim", Node::Bool(place.facts.makes_claim(&schema.name, set))),
        ("region", maybe(place.env_text("region"))),
        ("account", maybe(place.env_text("account"))),
        ("spec", spec(schema, source)),
        ("value", value(schema, source)),
        ("outputs", list(outputs)),
        ("tags", tags),
        ("data_class", text(data_class.unwrap_or("internal"))),
        ("owner", text(owner)),
        ("service", text(consumer.name)),
        ("role", text(place.role(consumer.name))),
        ("topic", referenced(place, schema, source)),
    ])
}

/// Every field of the kind, typed, for its own partials.
fn value(schema: &Schema, record: &Record) -> Node {
    let mut entries = fields(record, &[]);
    for field in &schema.fields {
        if !entries.iter().any(|(name, _)| *name == field.name) {
            entries.push((field.name.clone(), Node::Null));
        }
    }
    map(entries)
}

/// The shared resource that a reference of the kind names: `from = order-paid`.
fn referenced(place: &Place<'_>, schema: &Schema, record: &Record) -> Node {
    let found = schema.fields.iter().find_map(|field| {
        let Ty::Ref(target) = field.ty.core() else {
            return None;
        };
        let is_resource = place.model.set.is_a(target, "resource");
        let name = record.value(&field.name).as_str()?;
        is_resource.then(|| (target.clone(), name.to_owned()))
    });
    let Some((kind, name)) = found else {
        return Node::Null;
    };
    let resource = place.environment.resources.get(&*name);
    let import = resource.and_then(|resource| resource.value("import").as_str());
    map([
        ("physical", text(names(place, &path(&name, None), &kind, import).physical)),
        ("region", maybe(place.env_text("region"))),
        ("account", maybe(place.env_text("account"))),
    ])
}

/// The fields that a kind adds to `resource`.
pub fn own_fields(schema: &Schema) -> impl Iterator<Item = &SchemaField> {
    schema.fields.iter().filter(|field| &*field.declared_in != "resource")
}

/// How a field's amount is written in a claim: the key, and the unit in base units.
#[must_use]
pub fn measure(field: &SchemaField) -> (String, Option<i128>) {
    let key = camel(&field.name);
    match field.ty.core() {
        Ty::Size if in_whole(field, 1 << 30) => (format!("{key}Gib"), Some(1 << 30)),
        Ty::Size => (format!("{key}Mib"), Some(1 << 20)),
        Ty::Duration if in_whole(field, 86_400) => (format!("{key}Days"), Some(86_400)),
        Ty::Duration => (format!("{key}Seconds"), Some(1)),
        _ => (key, None),
    }
}

/// Whether the bounds of a field's type are whole numbers of a unit.
fn in_whole(field: &SchemaField, unit: i128) -> bool {
    let mut bounded = false;
    for refinement in field.ty.refinements() {
        if let idpc_model::ty::Rule::Between(low, high) = &refinement.rule {
            bounded = true;
            for bound in [low, high] {
                let amount = bound.as_quantity().map(|quantity| quantity.amount);
                let whole = amount.and_then(|amount| divide(amount, Ratio::from_integer(unit)));
                if !whole.is_some_and(|count: Amount| count.is_integer()) {
                    return false;
                }
            }
        }
    }
    bounded
}

/// The claim's own fields: camel case, amounts as whole numbers of the unit in the key.
fn spec(schema: &Schema, record: &Record) -> Node {
    let mut entries: Vec<(Arc<str>, Node)> = Vec::new();
    for field in own_fields(schema) {
        let value = record.value(&field.name);
        if value.is_none() {
            continue;
        }
        let (key, unit) = measure(field);
        let written = match (value, unit) {
            (Value::Quantity(quantity), Some(unit)) => {
                let count = divide(quantity.amount, Ratio::from_integer(unit)).unwrap_or(quantity.amount);
                i64::try_from(count.ceil().to_integer()).map_or(Node::Null, Node::Int)
            }
            (Value::Quantity(quantity), None) => Node::Str(quantity.text.clone()),
            (value, _) => node(value),
        };
        entries.push((key.into(), written));
    }
    map(entries)
}
