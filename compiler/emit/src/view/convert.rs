//! Values of the model as nodes, and types as the shapes of such nodes.

use std::collections::BTreeMap;
use std::sync::Arc;

use idpc_model::schema::{Schema, SchemaSet};
use idpc_model::ty::Ty;
use idpc_model::units::{Amount, Dimension, Quantity, decimal, divide, number_text};
use idpc_model::value::{Record, Value};
use num_rational::Ratio;

use crate::node::Node;
use crate::shape::Shape;

/// A node of text.
#[must_use]
pub fn text(value: impl Into<Arc<str>>) -> Node {
    Node::Str(value.into())
}

/// A record or map from its entries, in order.
#[must_use]
pub fn map<K: Into<Arc<str>>>(entries: impl IntoIterator<Item = (K, Node)>) -> Node {
    Node::Map(entries.into_iter().map(|(key, node)| (key.into(), node)).collect())
}

/// A list.
#[must_use]
pub fn list(items: impl IntoIterator<Item = Node>) -> Node {
    Node::List(items.into_iter().collect())
}

/// Text, or nothing.
#[must_use]
pub fn maybe(value: Option<impl Into<Arc<str>>>) -> Node {
    value.map_or(Node::Null, text)
}

/// A whole number of units, rounded up, so that what is asked for always fits.
fn units(amount: Amount, unit: i128) -> Node {
    let count = divide(amount, Ratio::from_integer(unit)).unwrap_or(amount).ceil().to_integer();
    i64::try_from(count).map_or_else(|_| Node::Decimal(count.to_string().into()), Node::Int)
}

/// A number: whole, or exact decimal text.
#[must_use]
pub fn number(amount: Amount) -> Node {
    if amount.is_integer()
        && let Ok(whole) = i64::try_from(amount.to_integer())
    {
        return Node::Int(whole);
    }
    Node::Decimal(decimal(amount).unwrap_or_else(|| number_text(amount)).into())
}

/// A quantity as a record of its readings.
#[must_use]
pub fn quantity(quantity: &Quantity) -> Node {
    let amount = quantity.amount;
    let written = text(quantity.text.clone());
    match quantity.dimension {
        Dimension::Duration => map([
            ("text", written),
            ("milliseconds", units(amount * Ratio::from_integer(1000), 1)),
            ("seconds", units(amount, 1)),
            ("minutes", units(amount, 60)),
            ("days", units(amount, 86_400)),
            ("prometheus", text(prometheus(amount))),
        ]),
        Dimension::Size => map([
            ("text", written),
            ("bytes", units(amount, 1)),
            ("mib", units(amount, 1 << 20)),
            ("gib", units(amount, 1 << 30)),
            ("kubernetes", text(kubernetes(amount))),
        ]),
        Dimension::Percent => {
            map([("text", written), ("value", number(amount * Ratio::from_integer(100))), ("ratio", number(amount))])
        }
        Dimension::Rate => map([("text", written), ("per_second", number(amount))]),
        Dimension::Usd => map([("text", written), ("amount", number(amount)), ("currency", text("USD"))]),
        Dimension::Eur => map([("text", written), ("amount", number(amount)), ("currency", text("EUR"))]),
    }
}

/// A duration as Prometheus writes it, in its largest whole unit.
#[must_use]
pub fn prometheus(seconds: Amount) -> String {
    for (unit, length) in [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)] {
        if let Some(count) = divide(seconds, Ratio::from_integer(length)).filter(Ratio::is_integer)
            && count.to_integer() > 0
        {
            return format!("{}{unit}", count.to_integer());
        }
    }
    let milliseconds = (seconds * Ratio::from_integer(1000)).ceil().to_integer();
    format!("{milliseconds}ms")
}

/// A size as Kubernetes writes it, in its largest whole unit.
#[must_use]
pub fn kubernetes(bytes: Amount) -> String {
    for (unit, length) in [("Ti", 1_i128 << 40), ("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10)] {
        if let Some(count) = divide(bytes, Ratio::from_integer(length)).filter(Ratio::is_integer)
            && count.to_integer() > 0
        {
            return format!("{}{unit}", count.to_integer());
        }
    }
    bytes.ceil().to_integer().to_string()
}

/// A value as a template reads it.
#[must_use]
pub fn node(value: &Value) -> Node {
    match value {
        Value::Error | Value::None | Value::Output(_) | Value::Text(_) => Node::Null,
        Value::Bool(truth) => Node::Bool(*truth),
        Value::Int(whole) => Node::Int(*whole),
        Value::Number(amount) => number(*amount),
        Value::Str(written) => Node::Str(written.clone()),
        Value::Quantity(measured) => quantity(measured),
        Value::Date(_) => text(value.to_string()),
        Value::Range(low, high) => map([("min", Node::Int(*low)), ("max", Node::Int(*high))]),
        Value::Span(bounds) => map([("min", node(&bounds.0)), ("max", node(&bounds.1))]),
        Value::Variant { name, .. } | Value::Ref { name, .. } => Node::Str(name.clone()),
        Value::List(items) => list(items.iter().map(node)),
        Value::Record(inner) => record(inner, &[]),
        Value::Map(inner) => map(inner.entries.iter().map(|(key, field)| (key.clone(), node(&field.value)))),
    }
}

/// The fields of a record but for those left out.
#[must_use]
pub fn record(record: &Record, left_out: &[&str]) -> Node {
    map(fields(record, left_out))
}

/// The fields of a record as entries.
#[must_use]
pub fn fields(record: &Record, left_out: &[&str]) -> Vec<(Arc<str>, Node)> {
    record
        .fields
        .iter()
        .filter(|(name, _)| !left_out.contains(&&**name))
        .map(|(name, field)| (name.clone(), node(&field.value)))
        .collect()
}

/// The shape of every value of a type.
#[must_use]
pub fn shape(ty: &Ty, set: &SchemaSet) -> Shape {
    let number_record = |names: &[&str]| {
        let fields = names.iter().map(|name| {
            let shape = if matches!(*name, "text" | "prometheus" | "kubernetes" | "currency") {
                Shape::Text
            } else {
                Shape::Number
            };
            (*name, shape)
        });
        Shape::record(fields)
    };
    match ty {
        Ty::Refined(inner, _) => shape(inner, set),
        Ty::Optional(inner) => shape(inner, set).optional(),
        Ty::Bool => Shape::Bool,
        Ty::Int | Ty::Number => Shape::Number,
        Ty::String | Ty::Date | Ty::Enum(_) | Ty::Ref(_) => Shape::Text,
        Ty::Union(values) if values.iter().all(|value| matches!(value, Value::Int(_))) => Shape::Number,
        Ty::Union(_) => Shape::Text,
        Ty::Duration => number_record(&["text", "milliseconds", "seconds", "minutes", "days", "prometheus"]),
        Ty::Size => number_record(&["text", "bytes", "mib", "gib", "kubernetes"]),
        Ty::Percent => number_record(&["text", "value", "ratio"]),
        Ty::Rate => number_record(&["text", "per_second"]),
        Ty::Money => number_record(&["text", "amount", "currency"]),
        Ty::Range => number_record(&["min", "max"]),
        Ty::List(inner) => Shape::list(shape(inner, set)),
        Ty::Map { value, .. } => Shape::map(shape(value, set)),
        Ty::Schema(name) => set.get(name).map_or(Shape::Any, |schema| Shape::record(field_shapes(schema, set, &[]))),
        Ty::Unknown | Ty::Any | Ty::Scalar | Ty::None | Ty::Secret(_) => Shape::Any,
    }
}

/// The shapes of a schema's fields but for those left out.
#[must_use]
pub fn field_shapes(schema: &Schema, set: &SchemaSet, left_out: &[&str]) -> BTreeMap<String, Shape> {
    schema
        .fields
        .iter()
        .filter(|field| !left_out.contains(&&*field.name))
        .map(|field| {
            // A schema that contains itself through a list or map is read as a whole.
            let shape = if contains(&field.ty, &schema.name) { Shape::Any } else { shape(&field.ty, set) };
            (field.name.to_string(), shape)
        })
        .collect()
}

fn contains(ty: &Ty, name: &str) -> bool {
    match ty {
        Ty::Refined(inner, _) | Ty::Optional(inner) | Ty::List(inner) | Ty::Secret(inner) => contains(inner, name),
        Ty::Map { value, .. } => contains(value, name),
        Ty::Schema(inner) => &**inner == name,
        _ => false,
    }
}
