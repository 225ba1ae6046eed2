//! A configuration as data: every value by its path, with its origin.

use std::sync::Arc;

use idpc_ide::written::written;
use idpc_model::units::number_text;
use idpc_model::value::{Field, Record, Value};
use serde_json::{Value as Json, json};

use super::origin::Origins;
use super::path::Place;

/// One instance in one environment; only what lies at `place` or below it, if one is given.
#[must_use]
pub fn object(
    (root, name): (&str, &str),
    environment: &str,
    record: &Record,
    place: Option<&Place>,
    origins: &Origins<'_>,
) -> Json {
    let mut fields = Vec::new();
    let mut path = Vec::new();
    collect(&record.fields, &mut path, place.map_or(&[], |place| &place.0), origins, &mut fields);
    json!({
        "root": root,
        "name": name,
        "environment": environment,
        "schema": &*record.schema,
        "fields": fields,
    })
}

fn collect(
    fields: &[(Arc<str>, Field)],
    path: &mut Vec<String>,
    wanted: &[String],
    origins: &Origins<'_>,
    found: &mut Vec<Json>,
) {
    for (name, field) in fields {
        // Above the wanted place only the way to it counts.
        if wanted.get(path.len()).is_some_and(|piece| **piece != **name) {
            continue;
        }
        path.push(name.to_string());
        match &field.value {
            Value::Record(record) => collect(&record.fields, path, wanted, origins, found),
            Value::Map(map) => collect(&map.entries, path, wanted, origins, found),
            value if path.len() >= wanted.len() => found.push(json!({
                "path": path,
                "value": plain(value),
                "text": written(value),
                "origin": origins.object(&field.origin),
            })),
            _ => {}
        }
        path.pop();
    }
}

/// A value as JSON has it; what JSON lacks is its text.
fn plain(value: &Value) -> Json {
    match value {
        Value::None | Value::Error => Json::Null,
        Value::Bool(truth) => (*truth).into(),
        Value::Int(number) => (*number).into(),
        Value::Number(number) => {
            let text = number_text(*number);
            text.parse::<f64>().map_or_else(|_| text.into(), Json::from)
        }
        Value::Str(text) => (&**text).into(),
        Value::Variant { name, .. } | Value::Ref { name, .. } => (&**name).into(),
        Value::List(list) => list.iter().map(plain).collect::<Vec<_>>().into(),
        Value::Record(record) => nested(&record.fields),
        Value::Map(map) => nested(&map.entries),
        other => written(other).into(),
    }
}

fn nested(fields: &[(Arc<str>, Field)]) -> Json {
    Json::Object(fields.iter().map(|(name, field)| (name.to_string(), plain(&field.value))).collect())
}
