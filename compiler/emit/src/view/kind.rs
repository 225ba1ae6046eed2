//! A resource kind as templates read it, with its API derived from its schema.

use std::sync::Arc;

use idpc_model::constant::constant;
use idpc_model::schema::{Schema, SchemaField, SchemaSet};
use idpc_model::ty::{Rule, Ty};
use idpc_model::units::divide;
use idpc_model::value::Value;
use num_rational::Ratio;

use super::convert::{list, map, maybe, number, text};
use super::names::{camel, pascal, plural};
use super::need::{measure, own_fields};
use super::place::Place;
use crate::node::Node;

/// A kind in one environment.
#[must_use]
pub fn view(place: &Place<'_>, schema: &Schema) -> Node {
    let set = &place.model.set;
    let outputs = schema.outputs.iter().map(|output| {
        map([
            ("name", Node::Str(output.name.clone())),
            ("secret", Node::Bool(matches!(output.ty.core(), Ty::Secret(_)))),
            ("key", Node::Str(output.name.clone())),
            ("doc", maybe(output.doc.clone())),
        ])
    });
    let durable = schema
        .field("durable")
        .and_then(|field| field.default.as_ref())
        .and_then(|default| constant(&default.expr, &std::collections::BTreeMap::new()));
    map([
        ("name", Node::Str(schema.name.clone())),
        ("pascal", text(pascal(&schema.name))),
        ("camel", text(camel(&schema.name))),
        ("plural", text(plural(&schema.name))),
        ("doc", maybe(schema.doc.clone())),
        ("group", text(place.api_group())),
        ("openapi", openapi(schema, set)),
        ("required", required(schema, set)),
        ("durable", Node::Bool(durable != Some(Value::Bool(false)))),
        ("claim", Node::Bool(place.facts.makes_claim(&schema.name, set))),
        ("outputs", list(outputs)),
    ])
}

/// The properties of a claim's own fields.
fn openapi(schema: &Schema, set: &SchemaSet) -> Node {
    map(own_fields(schema).map(|field| (Arc::from(measure(field).0), property(field, set))))
}

fn required(schema: &Schema, set: &SchemaSet) -> Node {
    let names = own_fields(schema)
        .filter(|field| idpc_model::schema::is_required(field, set))
        .map(|field| text(measure(field).0));
    list(names)
}

fn property(field: &SchemaField, set: &SchemaSet) -> Node {
    let (_, unit) = measure(field);
    let mut entries = typed(&field.ty, unit, set);
    if let Some(doc) = &field.doc {
        entries.push(("description".into(), Node::Str(doc.clone())));
    }
    for refinement in field.ty.refinements() {
        if let Rule::Between(low, high) = &refinement.rule {
            let bounds = [("minimum", low), ("maximum", high)];
            entries.extend(bounds.into_iter().filter_map(|(key, bound)| Some((key.into(), scaled(bound, unit)?))));
        }
        if let (Rule::Matching(pattern), Ty::String) = (&refinement.rule, field.ty.core()) {
            entries.push(("pattern".into(), Node::Str(pattern.clone())));
        }
    }
    if let Some(default) = default(field, unit) {
        entries.push(("default".into(), default));
    }
    let rules = transitions(field);
    if !rules.is_empty() {
        entries.push(("x-kubernetes-validations".into(), list(rules)));
    }
    map(entries)
}

fn typed(ty: &Ty, unit: Option<i128>, set: &SchemaSet) -> Vec<(Arc<str>, Node)> {
    let simple = |name: &str| vec![(Arc::from("type"), text(name))];
    match ty.core() {
        Ty::Bool => simple("boolean"),
        Ty::Int => simple("integer"),
        Ty::Number => simple("number"),
        Ty::Duration | Ty::Size if unit.is_some() => simple("integer"),
        Ty::Enum(name) => {
            let mut entries = simple("string");
            let variants = set.enumeration(name).map(|item| item.variants.clone()).unwrap_or_default();
            entries.push(("enum".into(), list(variants.into_iter().map(|(name, _)| Node::Str(name)))));
            entries
        }
        Ty::Union(values) => {
            let whole = values.iter().all(|value| matches!(value, Value::Int(_)));
            let mut entries = simple(if whole { "integer" } else { "string" });
            entries.push(("enum".into(), list(values.iter().map(super::convert::node))));
            entries
        }
        Ty::List(inner) => {
            let mut entries = simple("array");
            entries.push(("items".into(), map(typed(inner, None, set))));
            entries
        }
        Ty::Map { value, .. } => {
            let mut entries = simple("object");
            entries.push(("additionalProperties".into(), map(typed(value, None, set))));
            entries
        }
        Ty::Schema(name) => {
            let mut entries = simple("object");
            let fields = set.get(name).map(|schema| {
                map(schema.fields.iter().map(|field| (Arc::from(measure(field).0), property(field, set))))
            });
            entries.push(("properties".into(), fields.unwrap_or_else(|| map(Vec::<(Arc<str>, Node)>::new()))));
            entries
        }
        Ty::Range => {
            let mut entries = simple("object");
            let bound = || map([("type", text("integer"))]);
            entries.push(("properties".into(), map([("min", bound()), ("max", bound())])));
            entries
        }
        _ => simple("string"),
    }
}

fn scaled(value: &Value, unit: Option<i128>) -> Option<Node> {
    match (value, unit) {
        (Value::Quantity(quantity), Some(unit)) => Some(number(divide(quantity.amount, Ratio::from_integer(unit))?)),
        (Value::Quantity(_), None) => None,
        (value, _) => Some(number(value.as_amount()?)),
    }
}

/// A default that is the same everywhere; one that depends on the environment is always written into the claim.
fn default(field: &SchemaField, unit: Option<i128>) -> Option<Node> {
    use idpc_syntax::ast::ExprKind;
    let default = field.default.as_ref()?;
    if let (Ty::Enum(_), ExprKind::Path(path)) = (field.ty.core(), &default.expr.kind) {
        return path.segments.first().map(|name| text(name.text.as_str()));
    }
    match constant(&default.expr, &std::collections::BTreeMap::new())? {
        Value::None | Value::Error => None,
        quantity @ Value::Quantity(_) => scaled(&quantity, unit),
        other => Some(super::convert::node(&other)),
    }
}

/// `@immutable` and `@grow_only` as rules on the change of a claim.
fn transitions(field: &SchemaField) -> Vec<Node> {
    let name = &field.name;
    let mut rules = Vec::new();
    if field.immutable {
        rules.push(map([
            ("rule", text("self == oldSelf")),
            ("message", text(format!("{name} cannot be changed after the first deployment"))),
        ]));
    }
    if field.grow_only {
        let rule = match field.ty.core() {
            Ty::String | Ty::Union(_) if !is_whole(&field.ty) => "double(self) >= double(oldSelf)",
            _ => "self >= oldSelf",
        };
        rules.push(map([("rule", text(rule)), ("message", text(format!("{name} can only grow")))]));
    }
    rules
}

fn is_whole(ty: &Ty) -> bool {
    matches!(ty.core(), Ty::Union(values) if values.iter().all(|value| matches!(value, Value::Int(_))))
}
