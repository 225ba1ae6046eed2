//! The schema of a kind as the schema of its API: types, ranges, enums, defaults, descriptions, and what may change.
//!
//! A range is a rule with a message, not a pair of bounds, because the API server refuses a value in the words of the
//! rule: whoever reads them learns what the field is for.

use std::collections::BTreeMap;
use std::sync::Arc;

use idpc_model::constant::constant;
use idpc_model::schema::{Schema, SchemaField, SchemaSet};
use idpc_model::ty::{Rule, Ty};
use idpc_model::units::divide;
use idpc_model::value::Value;
use num_rational::Ratio;

use super::convert::{list, map, node, number, text};
use super::need::{measure, own_fields};
use crate::node::Node;

/// The members of a schema in the order in which they are written.
type Members = Vec<(Arc<str>, Node)>;

/// The longest message that a rule may have.
const MESSAGE_LIMIT: usize = 1024;

/// The properties of a claim's own fields.
#[must_use]
pub fn properties(schema: &Schema, set: &SchemaSet) -> Node {
    map(own_fields(schema).map(|field| (Arc::from(measure(field).0), property(field, set))))
}

/// The names of the fields without which a claim is refused.
#[must_use]
pub fn required(schema: &Schema, set: &SchemaSet) -> Node {
    list(own_fields(schema).filter_map(|field| required_name(field, set)))
}

/// What holds between the fields of a claim before and after a change: a field that cannot change can neither come nor
/// go, which the field's own rules never see.
#[must_use]
pub fn rules(schema: &Schema) -> Node {
    let optional = own_fields(schema).filter(|field| field.ty.is_optional());
    list(optional.filter_map(|field| {
        let (key, _) = measure(field);
        if field.immutable {
            let same = format!("has(self.{key}) == has(oldSelf.{key})");
            return Some(rule(same, unchangeable(field)));
        }
        field.grow_only.then(|| rule(format!("!has(oldSelf.{key}) || has(self.{key})"), growing(field)))
    }))
}

fn required_name(field: &SchemaField, set: &SchemaSet) -> Option<Node> {
    idpc_model::schema::is_required(field, set).then(|| text(measure(field).0))
}

fn property(field: &SchemaField, set: &SchemaSet) -> Node {
    let (_, unit) = measure(field);
    let mut entries = value(&field.ty, unit, set);
    let range = range(field, &entries, unit);
    if range.is_some() {
        entries.retain(|(key, _)| !matches!(&**key, "minimum" | "maximum"));
    }
    if let Some(doc) = &field.doc {
        entries.push(("description".into(), Node::Str(doc.clone())));
    }
    if let Some(default) = default(field, unit) {
        entries.push(("default".into(), default));
    }
    let rules: Vec<Node> = range.into_iter().chain(transitions(field)).collect();
    if !rules.is_empty() {
        entries.push(("x-kubernetes-validations".into(), list(rules)));
    }
    map(entries)
}

/// The schema of every value of a type.
fn value(ty: &Ty, unit: Option<i128>, set: &SchemaSet) -> Members {
    let mut entries = typed(ty, unit, set);
    let kind = match ty.core() {
        Ty::List(_) => "minItems",
        Ty::Map { .. } => "minProperties",
        _ => "minLength",
    };
    for refinement in ty.refinements() {
        match &refinement.rule {
            Rule::Between(low, high) => {
                let bounds = [("minimum", low), ("maximum", high)];
                entries.extend(bounds.into_iter().filter_map(|(key, bound)| Some((key.into(), scaled(bound, unit)?))));
            }
            Rule::OneOf(values) => {
                entries.push(("enum".into(), list(values.iter().filter_map(|one| written(one, unit)))))
            }
            Rule::Matching(pattern) if matches!(ty.core(), Ty::String) => {
                entries.push(("pattern".into(), Node::Str(pattern.clone())));
            }
            Rule::Matching(_) => {}
            Rule::Nonempty => entries.push((kind.into(), Node::Int(1))),
        }
    }
    entries
}

fn typed(ty: &Ty, unit: Option<i128>, set: &SchemaSet) -> Members {
    let simple = |name: &str| vec![(Arc::from("type"), text(name))];
    match ty.core() {
        Ty::Bool => simple("boolean"),
        Ty::Int => simple("integer"),
        Ty::Number => simple("number"),
        Ty::Duration | Ty::Size if unit.is_some() => simple("integer"),
        Ty::Enum(name) => {
            let variants = set.enumeration(name).map(|item| item.variants.clone()).unwrap_or_default();
            one_of("string", variants.into_iter().map(|(name, _)| Node::Str(name)))
        }
        Ty::Union(values) => {
            let whole = values.iter().all(|value| matches!(value, Value::Int(_)));
            one_of(if whole { "integer" } else { "string" }, values.iter().map(node))
        }
        Ty::List(inner) => with(simple("array"), "items", map(value(inner, None, set))),
        Ty::Map { value: inner, .. } => with(simple("object"), "additionalProperties", map(value(inner, None, set))),
        Ty::Schema(name) => record(name, set),
        Ty::Range => {
            let bound = || map([("type", text("integer"))]);
            let entries = with(simple("object"), "required", list(["min", "max"].map(text)));
            with(entries, "properties", map([("min", bound()), ("max", bound())]))
        }
        _ => simple("string"),
    }
}

fn one_of(name: &str, values: impl Iterator<Item = Node>) -> Members {
    vec![("type".into(), text(name)), ("enum".into(), list(values))]
}

fn with(mut entries: Members, key: &str, node: Node) -> Members {
    entries.push((key.into(), node));
    entries
}

/// A record within a claim.
fn record(name: &str, set: &SchemaSet) -> Members {
    let mut entries: Members = vec![("type".into(), text("object"))];
    let Some(schema) = set.get(name) else {
        return entries;
    };
    let required: Vec<Node> = schema.fields.iter().filter_map(|field| required_name(field, set)).collect();
    if !required.is_empty() {
        entries.push(("required".into(), list(required)));
    }
    let fields = schema.fields.iter().map(|field| (Arc::from(measure(field).0), property(field, set)));
    with(entries, "properties", map(fields))
}

/// A value as a claim writes it.
fn written(value: &Value, unit: Option<i128>) -> Option<Node> {
    match value {
        Value::Quantity(quantity) => scaled(value, unit).or_else(|| Some(Node::Str(quantity.text.clone()))),
        other => Some(node(other)),
    }
}

fn scaled(value: &Value, unit: Option<i128>) -> Option<Node> {
    match (value, unit) {
        (Value::Quantity(quantity), Some(unit)) => Some(number(divide(quantity.amount, Ratio::from_integer(unit))?)),
        (Value::Quantity(_), None) => None,
        (value, _) => Some(number(value.as_amount()?)),
    }
}

/// The range of a field, as a rule in the field's own words.
fn range(field: &SchemaField, entries: &Members, unit: Option<i128>) -> Option<Node> {
    let is_whole = entries.iter().any(|(key, node)| &**key == "type" && node.text() == Some("integer"));
    let literal = |value: &Value| match scaled(value, unit)? {
        Node::Int(whole) if is_whole => Some(whole.to_string()),
        Node::Int(whole) => Some(format!("{whole}.0")),
        Node::Decimal(decimal) if !is_whole => Some(decimal.to_string()),
        _ => None,
    };
    let bounds = field.ty.refinements().into_iter().filter_map(|refinement| match &refinement.rule {
        Rule::Between(low, high) => Some((literal(low)?, literal(high)?, format!("{low}..{high}"))),
        _ => None,
    });
    let all: Vec<(String, String, String)> = bounds.collect();
    let test: Vec<String> = all.iter().map(|(low, high, _)| format!("self >= {low} && self <= {high}")).collect();
    let (_, _, shown) = all.last()?;
    let doc = field.doc.as_deref().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let message = format!("{} lies in {shown}. {doc}", field.name);
    let message: String = message.trim_end().chars().take(MESSAGE_LIMIT).collect();
    Some(rule(test.join(" && "), message))
}

/// A default that is the same everywhere; one that depends on the environment is always written into the claim.
fn default(field: &SchemaField, unit: Option<i128>) -> Option<Node> {
    use idpc_syntax::ast::ExprKind;
    let default = field.default.as_ref()?;
    if let (Ty::Enum(_), ExprKind::Path(path)) = (field.ty.core(), &default.expr.kind) {
        return path.segments.first().map(|name| text(name.text.as_str()));
    }
    match constant(&default.expr, &BTreeMap::new())? {
        Value::None | Value::Error => None,
        quantity @ Value::Quantity(_) => scaled(&quantity, unit),
        other => Some(node(&other)),
    }
}

/// `@immutable` and `@grow_only` as rules on the change of a field.
fn transitions(field: &SchemaField) -> Vec<Node> {
    let mut rules = Vec::new();
    if field.immutable {
        rules.push(rule("self == oldSelf", unchangeable(field)));
    }
    if field.grow_only {
        let test = match field.ty.core() {
            Ty::String | Ty::Union(_) if !is_whole(&field.ty) => "double(self) >= double(oldSelf)",
            _ => "self >= oldSelf",
        };
        rules.push(rule(test, growing(field)));
    }
    rules
}

fn rule(test: impl Into<Arc<str>>, message: String) -> Node {
    map([("rule", text(test)), ("message", text(message))])
}

fn unchangeable(field: &SchemaField) -> String {
    format!("{} cannot be changed after the first deployment", field.name)
}

fn growing(field: &SchemaField) -> String {
    format!("{} can only grow", field.name)
}

fn is_whole(ty: &Ty) -> bool {
    matches!(ty.core(), Ty::Union(values) if values.iter().all(|value| matches!(value, Value::Int(_))))
}
