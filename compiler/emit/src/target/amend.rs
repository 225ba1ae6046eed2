//! Laying one JSON file of a target over another: what a workspace says about a target that exists already.

use serde_json::{Map, Value as Json};

/// The fields by which records of two lists are known to be the same one.
const KEYS: [&str; 2] = ["name", "path"];

/// Lists of names, which only grow.
const SETS: [&str; 1] = ["silent_kinds"];

/// The text of `base` with what `over` says laid over it: records are amended field by field, `null` takes a field away,
/// a list of records with a `name` or `path` is amended by it, and every other value is replaced. `None` when one of
/// them is no JSON object.
#[must_use]
pub fn amended(base: &str, over: &str) -> Option<String> {
    let mut merged = object(base)?;
    lay(&mut merged, object(over)?);
    serde_json::to_string_pretty(&Json::Object(merged)).ok()
}

fn object(text: &str) -> Option<Map<String, Json>> {
    match serde_json::from_str(text) {
        Ok(Json::Object(fields)) => Some(fields),
        _ => None,
    }
}

fn lay(base: &mut Map<String, Json>, over: Map<String, Json>) {
    for (field, new) in over {
        match (base.get_mut(&field), new) {
            (_, Json::Null) => {
                base.remove(&field);
            }
            (Some(Json::Object(old)), Json::Object(new)) => lay(old, new),
            (Some(Json::Array(old)), Json::Array(new)) => lay_list(&field, old, new),
            (_, new) => {
                base.insert(field, new);
            }
        }
    }
}

fn lay_list(field: &str, old: &mut Vec<Json>, new: Vec<Json>) {
    if SETS.contains(&field) {
        let fresh: Vec<Json> = new.into_iter().filter(|item| !old.contains(item)).collect();
        old.extend(fresh);
        return;
    }
    let Some(key) = key(old, &new) else {
        *old = new;
        return;
    };
    for item in new {
        let known = old.iter_mut().find(|known| known.get(key) == item.get(key));
        match (known, item) {
            (Some(Json::Object(known)), Json::Object(item)) => lay(known, item),
            (_, item) => old.push(item),
        }
    }
}

/// The field that every record of both lists has.
fn key(old: &[Json], new: &[Json]) -> Option<&'static str> {
    let all = |key: &str| old.iter().chain(new).all(|item| item.get(key).is_some_and(Json::is_string));
    KEYS.into_iter().find(|key| !old.is_empty() && all(key))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn over(base: Json, over: Json, expected: Json) {
        let text = amended(&base.to_string(), &over.to_string()).unwrap();
        assert_eq!(serde_json::from_str::<Json>(&text).unwrap(), expected);
    }

    #[test]
    fn records_are_amended_and_values_replaced() {
        over(
            json!({"data": {"a": 1, "b": {"c": [1, 2], "d": true}}}),
            json!({"data": {"a": 2, "b": {"c": [3]}, "e": null, "f": "x"}}),
            json!({"data": {"a": 2, "b": {"c": [3], "d": true}, "f": "x"}}),
        );
        over(json!({"a": 1, "b": 2}), json!({"a": null}), json!({"b": 2}));
    }

    #[test]
    fn records_of_a_list_are_known_by_their_name_or_path() {
        over(
            json!({"files": [{"path": "a", "when": "x"}, {"path": "b"}], "providers": [{"name": "s3", "version": 1}]}),
            json!({"files": [{"path": "b", "once": true}, {"path": "c"}], "providers": [{"name": "s3", "version": 2}]}),
            json!({
                "files": [{"path": "a", "when": "x"}, {"path": "b", "once": true}, {"path": "c"}],
                "providers": [{"name": "s3", "version": 2}]
            }),
        );
        over(json!({"a": [{"name": "x"}]}), json!({"a": [{"other": 1}]}), json!({"a": [{"other": 1}]}));
    }

    #[test]
    fn silent_kinds_are_added() {
        over(
            json!({"silent_kinds": ["domain", "secret"]}),
            json!({"silent_kinds": ["table", "secret"]}),
            json!({"silent_kinds": ["domain", "secret", "table"]}),
        );
    }

    #[test]
    fn what_is_no_object_amends_nothing() {
        assert_eq!(amended("{}", "[]"), None);
        assert_eq!(amended("{}", "{\"a\": "), None);
    }
}
