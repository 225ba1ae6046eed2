//! One patch from a composite to a composed resource.

use serde_json::Value;

use crate::format::sprintf;
use crate::path::{get, set};
use crate::transform;

/// What a patch did.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Applied {
    /// It is done, or it rightly did nothing.
    Done,
    /// It needs a field that the composite does not have yet.
    Waits(String),
}

/// Applies a patch; patch sets are looked up in `sets`.
pub(crate) fn apply(patch: &Value, sets: &Value, composite: &Value, resource: &mut Value) -> Result<Applied, String> {
    let field = |name: &str| patch.get(name).and_then(Value::as_str);
    match field("type").unwrap_or("FromCompositeFieldPath") {
        "PatchSet" => {
            let name = field("patchSetName").unwrap_or_default();
            let sets = sets.as_array().into_iter().flatten();
            let found = sets.into_iter().find(|set| set.get("name").and_then(Value::as_str) == Some(name));
            let found = found.ok_or_else(|| format!("there is no patch set `{name}`"))?;
            for patch in found.get("patches").and_then(Value::as_array).into_iter().flatten() {
                if let waits @ Applied::Waits(_) = apply(patch, &Value::Null, composite, resource)? {
                    return Ok(waits);
                }
            }
            Ok(Applied::Done)
        }
        "FromCompositeFieldPath" => {
            let from = field("fromFieldPath").ok_or("a patch has no `fromFieldPath`")?;
            match get(composite, from)? {
                None => Ok(missing(patch, from)),
                Some(value) => {
                    let value = transform::all(patch.get("transforms"), value.clone())?;
                    put(patch, field("toFieldPath").unwrap_or(from), value, resource)
                }
            }
        }
        "CombineFromComposite" => combine(patch, composite, resource),
        // Nothing has been observed yet, so there is nothing to copy back.
        "ToCompositeFieldPath" | "CombineToComposite" => Ok(Applied::Done),
        other => Err(format!("the patch `{other}` cannot be computed offline")),
    }
}

fn combine(patch: &Value, composite: &Value, resource: &mut Value) -> Result<Applied, String> {
    let settings = patch.get("combine").ok_or("a patch has no `combine`")?;
    let mut values = Vec::new();
    for variable in settings.get("variables").and_then(Value::as_array).into_iter().flatten() {
        let from = variable.get("fromFieldPath").and_then(Value::as_str).ok_or("a variable has no `fromFieldPath`")?;
        match get(composite, from)? {
            Some(value) => values.push(value.clone()),
            None => return Ok(missing(patch, from)),
        }
    }
    let format = settings.pointer("/string/fmt").and_then(Value::as_str).ok_or("only texts are combined")?;
    let value = transform::all(patch.get("transforms"), Value::String(sprintf(format, &values)?))?;
    let to = patch.get("toFieldPath").and_then(Value::as_str).ok_or("a patch has no `toFieldPath`")?;
    put(patch, to, value, resource)
}

/// A value that is not there is no mistake, unless the patch says that nothing may be made without it.
fn missing(patch: &Value, from: &str) -> Applied {
    match patch.pointer("/policy/fromFieldPath").and_then(Value::as_str) {
        Some("Required") => Applied::Waits(from.to_owned()),
        _ => Applied::Done,
    }
}

fn put(patch: &Value, to: &str, value: Value, resource: &mut Value) -> Result<Applied, String> {
    match patch.pointer("/policy/toFieldPath").and_then(Value::as_str) {
        None | Some("Replace") => {}
        Some(other) => return Err(format!("the policy `{other}` of a patch cannot be computed offline")),
    }
    set(resource, to, value)?;
    Ok(Applied::Done)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn run(patch: Value) -> (Result<Applied, String>, Value) {
        let composite = json!({"spec": {"name": "orders", "count": 5}});
        let sets = json!([{"name": "both", "patches": [
            {"fromFieldPath": "spec.name", "toFieldPath": "spec.a"},
            {"fromFieldPath": "spec.count", "toFieldPath": "spec.b"}
        ]}]);
        let mut resource = json!({"spec": {"a": "kept"}});
        let applied = apply(&patch, &sets, &composite, &mut resource);
        (applied, resource)
    }

    #[test]
    fn values_arrive_and_missing_ones_change_nothing() {
        let (applied, resource) = run(json!({"fromFieldPath": "spec.name"}));
        assert_eq!((applied, resource), (Ok(Applied::Done), json!({"spec": {"a": "kept", "name": "orders"}})));
        let (applied, resource) = run(json!({"fromFieldPath": "spec.none", "toFieldPath": "spec.a"}));
        assert_eq!((applied, resource), (Ok(Applied::Done), json!({"spec": {"a": "kept"}})));
        let (applied, resource) = run(json!({"type": "PatchSet", "patchSetName": "both"}));
        assert_eq!((applied, resource), (Ok(Applied::Done), json!({"spec": {"a": "orders", "b": 5}})));
    }

    #[test]
    fn what_is_required_is_waited_for() {
        let required = json!({"fromFieldPath": "status.arn", "policy": {"fromFieldPath": "Required"}});
        assert_eq!(run(required).0, Ok(Applied::Waits("status.arn".into())));
    }

    #[test]
    fn several_values_become_one_text() {
        let patch = json!({"type": "CombineFromComposite", "toFieldPath": "spec.a", "combine": {
            "variables": [{"fromFieldPath": "spec.name"}, {"fromFieldPath": "spec.count"}],
            "strategy": "string", "string": {"fmt": "%s:%v"}
        }});
        assert_eq!(run(patch).1, json!({"spec": {"a": "orders:5"}}));
    }

    #[test]
    fn what_cannot_be_computed_is_said() {
        for patch in [
            json!({"type": "FromEnvironmentFieldPath", "fromFieldPath": "a"}),
            json!({"type": "PatchSet", "patchSetName": "none"}),
            json!({"fromFieldPath": "spec.name", "policy": {"toFieldPath": "MergeObjects"}}),
        ] {
            assert!(run(patch.clone()).0.is_err(), "{patch}");
        }
    }
}
