//! A resource kind as templates read it, with its API derived from its schema.

use idpc_model::constant::constant;
use idpc_model::schema::Schema;
use idpc_model::ty::Ty;
use idpc_model::value::Value;

use super::convert::{list, map, maybe, text};
use super::names::{camel, pascal, plural};
use super::openapi;
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
        ("doc", maybe(schema.doc.as_deref().map(without_examples))),
        ("group", text(place.api_group())),
        ("openapi", openapi::properties(schema, set)),
        ("required", openapi::required(schema, set)),
        ("rules", openapi::rules(schema)),
        ("durable", Node::Bool(durable != Some(Value::Bool(false)))),
        ("claim", Node::Bool(place.facts.makes_claim(&schema.name, set))),
        ("outputs", list(outputs)),
    ])
}

/// Documentation up to its first block of code, which is for readers of sources.
fn without_examples(doc: &str) -> std::sync::Arc<str> {
    doc.split("```").next().unwrap_or(doc).trim_end().into()
}
