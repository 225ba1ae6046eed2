//! Shapes read off sample data, for those who write templates before there is a workspace to run them on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value as Json;

use crate::shape::{Per, Shape, ShapeSource};

/// Fields that are maps although a sample cannot tell them from records.
const MAPS: [&str; 6] = ["labels", "selector", "tags", "config_map", "annotations", "properties"];
/// Fields of any form.
const ANY: [&str; 2] = ["spec", "openapi"];

/// Sample contexts: `{"service": [{…}], "environment": [{…}], …, "ancestors": {"web": ["web", "service"]}}`.
///
/// A field that is null or missing in one of several samples is optional. Objects are records unless their name is
/// among the known maps or `maps`, or one of their keys is no name; fields in `any` have any form.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    contexts: BTreeMap<Per, Shape>,
    ancestors: BTreeMap<String, Vec<String>>,
    values: BTreeMap<String, Shape>,
    services: BTreeMap<String, Shape>,
    kinds: BTreeSet<String>,
}

impl Samples {
    /// Reads the shapes off `json`.
    #[must_use]
    pub fn new(json: &Json) -> Self {
        let names = |key: &str| -> BTreeSet<String> {
            list(json.get(key)).iter().filter_map(Json::as_str).map(str::to_owned).collect()
        };
        let reader = Reader { maps: names("maps"), any: names("any") };
        let mut samples = Self::default();
        if let Some(Json::Object(chains)) = json.get("ancestors") {
            for (schema, chain) in chains {
                samples.ancestors.insert(
                    schema.clone(),
                    list(Some(chain)).iter().filter_map(Json::as_str).map(str::to_owned).collect(),
                );
            }
        }
        let mut values = BTreeMap::new();
        let mut services: BTreeMap<String, Guess> = BTreeMap::new();
        for per in Per::ALL {
            let contexts = list(json.get(per.name()));
            for context in contexts {
                reader.values(context, &mut values);
                if let (Some(Json::String(path)), Some(service), Per::Service) =
                    (context.get("golden_path"), context.get("service"), per)
                {
                    let guess = reader.guess("service", service);
                    services.entry(path.clone()).or_insert(Guess::Nothing).add(guess);
                }
                if let Some(Json::String(kind)) = context.get("kind_name") {
                    samples.kinds.insert(kind.clone());
                }
            }
            if !contexts.is_empty() {
                samples.contexts.insert(per, reader.merged("", contexts).shape());
            }
        }
        samples.kinds.extend(values.keys().cloned());
        samples.values = values.into_iter().map(|(kind, guess)| (kind, guess.shape())).collect();
        samples.services = services.into_iter().map(|(path, guess)| (path, guess.shape())).collect();
        samples
    }
}

/// The common shape of values in which every object is a record.
pub(super) fn shape_of(values: &[Json]) -> Shape {
    Reader { maps: BTreeSet::new(), any: BTreeSet::new() }.merged("", values).shape()
}

impl ShapeSource for Samples {
    fn context(&self, per: Per) -> Option<Shape> {
        self.contexts.get(&per).cloned()
    }

    fn kinds(&self) -> Vec<String> {
        self.kinds.iter().cloned().collect()
    }

    fn paths(&self) -> Vec<String> {
        self.services.keys().cloned().collect()
    }

    fn ancestors(&self, schema: &str) -> Vec<String> {
        self.ancestors.get(schema).cloned().unwrap_or_else(|| vec![schema.to_owned()])
    }

    fn need_value(&self, kind: &str) -> Option<Shape> {
        self.values.get(kind).cloned()
    }

    fn service(&self, path: &str) -> Option<Shape> {
        self.services.get(path).cloned()
    }
}

fn list(json: Option<&Json>) -> &[Json] {
    match json {
        Some(Json::Array(items)) => items,
        _ => &[],
    }
}

/// What is known of a shape so far.
#[derive(Clone, Debug)]
enum Guess {
    /// No sample yet.
    Nothing,
    /// Unset in some sample, otherwise this.
    Unset(Box<Guess>),
    Any,
    Bool,
    Number,
    Text,
    List(Box<Guess>),
    Map(Box<Guess>),
    Record(BTreeMap<String, Guess>),
}

impl Guess {
    fn add(&mut self, other: Guess) {
        let merged = match (std::mem::replace(self, Guess::Any), other) {
            (Guess::Nothing, other) | (other, Guess::Nothing) => other,
            (Guess::Unset(mut inner), Guess::Unset(other)) => {
                inner.add(*other);
                Guess::Unset(inner)
            }
            (Guess::Unset(mut inner), other) | (other, Guess::Unset(mut inner)) => {
                inner.add(other);
                Guess::Unset(inner)
            }
            (Guess::Bool, Guess::Bool) => Guess::Bool,
            (Guess::Number, Guess::Number) => Guess::Number,
            (Guess::Text, Guess::Text) => Guess::Text,
            (Guess::List(mut items), Guess::List(others)) => {
                items.add(*others);
                Guess::List(items)
            }
            (Guess::Map(mut values), Guess::Map(others)) => {
                values.add(*others);
                Guess::Map(values)
            }
            (Guess::Record(fields), Guess::Record(others)) => Guess::Record(join(fields, others)),
            _ => Guess::Any,
        };
        *self = merged;
    }

    fn unset(self) -> Self {
        match self {
            Guess::Unset(_) => self,
            other => Guess::Unset(Box::new(other)),
        }
    }

    fn shape(self) -> Shape {
        match self {
            Guess::Nothing | Guess::Any => Shape::Any,
            Guess::Unset(inner) => inner.shape().optional(),
            Guess::Bool => Shape::Bool,
            Guess::Number => Shape::Number,
            Guess::Text => Shape::Text,
            Guess::List(items) => Shape::List(Arc::new(items.shape())),
            Guess::Map(values) => Shape::Map(Arc::new(values.shape())),
            Guess::Record(fields) => Shape::record(fields.into_iter().map(|(name, guess)| (name, guess.shape()))),
        }
    }
}

/// A field that only one of two records has is optional.
fn join(mut fields: BTreeMap<String, Guess>, mut others: BTreeMap<String, Guess>) -> BTreeMap<String, Guess> {
    let names: BTreeSet<String> = fields.keys().chain(others.keys()).cloned().collect();
    let join = |name: String| {
        let guess = match (fields.remove(&name), others.remove(&name)) {
            (Some(mut one), Some(other)) => {
                one.add(other);
                one
            }
            (Some(one), None) | (None, Some(one)) => one.unset(),
            (None, None) => Guess::Nothing,
        };
        (name, guess)
    };
    names.into_iter().map(join).collect()
}

struct Reader {
    maps: BTreeSet<String>,
    any: BTreeSet<String>,
}

impl Reader {
    fn merged(&self, name: &str, items: &[Json]) -> Guess {
        let mut merged = Guess::Nothing;
        for item in items {
            merged.add(self.guess(name, item));
        }
        merged
    }

    /// Guesses the shape of the field `name`.
    fn guess(&self, name: &str, json: &Json) -> Guess {
        if ANY.contains(&name) || self.any.contains(name) {
            return Guess::Any;
        }
        match json {
            Json::Null => Guess::Unset(Box::new(Guess::Nothing)),
            Json::Bool(_) => Guess::Bool,
            Json::Number(_) => Guess::Number,
            Json::String(_) => Guess::Text,
            Json::Array(items) if name == "fields" => Guess::List(Box::new(self.fields(items))),
            Json::Array(items) => Guess::List(Box::new(self.merged("", items))),
            Json::Object(fields) if self.is_map(name, fields) => {
                let mut merged = Guess::Nothing;
                for value in fields.values() {
                    merged.add(self.guess("", value));
                }
                // Most maps hold text, and an empty sample should not stand in the way of that.
                Guess::Map(Box::new(if fields.is_empty() { Guess::Text } else { merged }))
            }
            Json::Object(fields) => {
                let of_kind = fields.contains_key("kind") && fields.get("value").is_some_and(Json::is_object);
                let kept = fields.iter().filter(|(field, _)| !(of_kind && *field == "value"));
                Guess::Record(kept.map(|(field, value)| (field.clone(), self.guess(field, value))).collect())
            }
        }
    }

    /// The `fields` of a need: their values have any form.
    fn fields(&self, items: &[Json]) -> Guess {
        match self.merged("", items) {
            Guess::Record(mut fields) => {
                if let Some(value) = fields.get_mut("value") {
                    *value = Guess::Any;
                }
                Guess::Record(fields)
            }
            other => other,
        }
    }

    fn is_map(&self, name: &str, fields: &serde_json::Map<String, Json>) -> bool {
        let is_name = |key: &String| {
            !key.is_empty()
                && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        };
        MAPS.contains(&name) || self.maps.contains(name) || !fields.keys().all(is_name)
    }

    /// Collects the shapes of `value` of all records with a `kind`, by the kind.
    fn values(&self, json: &Json, found: &mut BTreeMap<String, Guess>) {
        match json {
            Json::Array(items) => items.iter().for_each(|item| self.values(item, found)),
            Json::Object(fields) => {
                if let (Some(Json::String(kind)), Some(value @ Json::Object(_))) =
                    (fields.get("kind"), fields.get("value"))
                {
                    let guess = self.guess("value", value);
                    found.entry(kind.clone()).or_insert(Guess::Nothing).add(guess);
                }
                fields.values().for_each(|value| self.values(value, found));
            }
            _ => {}
        }
    }
}
