//! From a field of a claim back to the line of the schema that it comes from.

use idpc_model::schema::{Schema, SchemaField, SchemaSet};
use idpc_model::span::Span;
use idpc_model::ty::Ty;

use super::names::pascal;
use super::need::measure;

/// Where the schema of a kind such as `Bucket` says what this field of its claims may be: the type of the innermost field
/// that it still has, or the schema's header. `None` where no schema makes such a kind.
#[must_use]
pub fn origin(set: &SchemaSet, kind: &str, path: &[String]) -> Option<Span> {
    let schemas = set.descendants("resource");
    let mut schema: &Schema = schemas.into_iter().find(|schema| pascal(&schema.name) == kind)?;
    let mut span = schema.span;
    for name in path.iter().skip_while(|name| *name == "spec") {
        let Some(field) = schema.fields.iter().find(|field| measure(field).0 == *name) else { break };
        span = field.ty_span;
        let Some(inner) = record(field).and_then(|name| set.get(name)) else { break };
        schema = inner;
    }
    Some(span)
}

/// The schema of the records in a field, also of those in a list or map.
fn record(field: &SchemaField) -> Option<&str> {
    let mut ty = field.ty.core();
    loop {
        match ty {
            Ty::Schema(name) => return Some(name),
            Ty::List(inner) => ty = inner.core(),
            // The next name of the path is then a key, which no schema has.
            _ => return None,
        }
    }
}
