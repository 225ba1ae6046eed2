//! Field paths as Crossplane writes them: `spec.rule[0].days`, `metadata.annotations[crossplane.io/external-name]`.

use serde_json::{Map, Value};

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Segment {
    /// A field of an object.
    Field(String),
    /// An element of a list.
    Index(usize),
}

/// The longest list that a path may make.
const LONGEST: usize = 1024;

/// Reads a path.
pub(crate) fn parse(path: &str) -> Result<Vec<Segment>, String> {
    let wrong = || format!("`{path}` is not a field path");
    let mut segments = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('[') {
            let (name, after) = inside.split_once(']').ok_or_else(wrong)?;
            let quoted = ['"', '\''].iter().find_map(|quote| name.strip_prefix(*quote)?.strip_suffix(*quote));
            segments.push(match (quoted, name.parse()) {
                (None, Ok(index)) => Segment::Index(index),
                (None, Err(_)) if name == "*" => {
                    return Err(format!("`{path}`: a wildcard cannot be computed offline"));
                }
                (quoted, _) => Segment::Field(quoted.unwrap_or(name).to_owned()),
            });
            rest = after;
        } else {
            let field = rest.strip_prefix('.').unwrap_or(rest);
            let end = field.find(['.', '[']).unwrap_or(field.len());
            let (name, after) = field.split_at(end);
            if name.is_empty() {
                return Err(wrong());
            }
            segments.push(Segment::Field(name.to_owned()));
            rest = after;
        }
    }
    if segments.is_empty() { Err(wrong()) } else { Ok(segments) }
}

/// The value at a path, unless there is none or it is null.
pub(crate) fn get<'v>(value: &'v Value, path: &str) -> Result<Option<&'v Value>, String> {
    let mut at = value;
    for segment in parse(path)? {
        let next = match &segment {
            Segment::Field(name) => at.get(name.as_str()),
            Segment::Index(index) => at.get(index),
        };
        match next {
            Some(next) if !next.is_null() => at = next,
            _ => return Ok(None),
        }
    }
    Ok(Some(at))
}

/// Puts a value at a path and makes what leads there.
pub(crate) fn set(value: &mut Value, path: &str, new: Value) -> Result<(), String> {
    let mut at = value;
    for segment in parse(path)? {
        at = match segment {
            Segment::Field(name) => {
                if at.is_null() {
                    *at = Value::Object(Map::new());
                }
                let object = at.as_object_mut().ok_or_else(|| format!("`{path}`: `{name}` is no field of a list"))?;
                object.entry(name).or_insert(Value::Null)
            }
            Segment::Index(index) => {
                if at.is_null() {
                    *at = Value::Array(Vec::new());
                }
                let list = at.as_array_mut().ok_or_else(|| format!("`{path}`: there is no list"))?;
                if list.len() <= index {
                    if index >= LONGEST {
                        return Err(format!("`{path}`: a list of that length is a mistake"));
                    }
                    list.resize(index + 1, Value::Null);
                }
                list.get_mut(index).ok_or_else(|| format!("`{path}`: there is no such element"))?
            }
        };
    }
    *at = new;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_lead_through_fields_elements_and_names_with_dots() {
        let value = json!({"a": {"b": [{"c": 1}, {"c": null}]}, "annotations": {"x.io/name": "n"}});
        assert_eq!(get(&value, "a.b[0].c"), Ok(Some(&json!(1))));
        assert_eq!(get(&value, "a.b[1].c"), Ok(None));
        assert_eq!(get(&value, "annotations[x.io/name]"), Ok(Some(&json!("n"))));
        assert_eq!(get(&value, "annotations['x.io/name']"), Ok(Some(&json!("n"))));
        for wrong in ["", "a..b", "a[", ".", "a[*]"] {
            assert!(get(&value, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn setting_makes_what_leads_there_and_nothing_else() {
        let mut value = json!({"spec": {"rule": [{"id": "r"}]}});
        set(&mut value, "spec.rule[0].expiration[0].days", json!(30)).unwrap();
        set(&mut value, "metadata.annotations[a.b/c]", json!("x")).unwrap();
        assert_eq!(
            value,
            json!({
                "spec": {"rule": [{"id": "r", "expiration": [{"days": 30}]}]},
                "metadata": {"annotations": {"a.b/c": "x"}}
            })
        );
        assert!(set(&mut value, "spec.rule.id", json!(1)).is_err());
        assert!(set(&mut value, "spec.rule[9999]", json!(1)).is_err());
    }
}
