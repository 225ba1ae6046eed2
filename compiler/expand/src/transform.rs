//! The transforms of a patch, as the function computes them.

use regex::Regex;
use serde_json::{Number, Value};

use crate::format::sprintf;

/// Runs the transforms of a patch one after the other.
pub(crate) fn all(transforms: Option<&Value>, mut value: Value) -> Result<Value, String> {
    for transform in transforms.and_then(Value::as_array).into_iter().flatten() {
        let kind = text(transform, "type")?;
        let settings = transform.get(kind).unwrap_or(&Value::Null);
        value = match kind {
            "convert" => convert(text(settings, "toType")?, settings, &value)?,
            "map" => mapped(settings, &value)?,
            "match" => matched(settings, &value)?,
            "string" => string(settings, &value)?,
            "math" => math(settings, &value)?,
            other => return Err(format!("the transform `{other}` cannot be computed offline")),
        };
    }
    Ok(value)
}

fn text<'v>(value: &'v Value, name: &str) -> Result<&'v str, String> {
    value.get(name).and_then(Value::as_str).ok_or_else(|| format!("a transform has no `{name}`"))
}

fn convert(to: &str, settings: &Value, value: &Value) -> Result<Value, String> {
    if let Some(format) = settings.get("format").and_then(Value::as_str).filter(|format| *format != "none") {
        return Err(format!("the conversion format `{format}` cannot be computed offline"));
    }
    let wrong = || format!("{value} cannot be converted to {to}");
    Ok(match (to, value) {
        ("string", Value::String(_)) | ("bool", Value::Bool(_)) => value.clone(),
        ("int" | "int64" | "float64", Value::Number(number)) => {
            if to != "float64" && number.as_i64().is_none() {
                return Err(wrong());
            }
            value.clone()
        }
        ("string", Value::Bool(truth)) => Value::String(truth.to_string()),
        ("string", Value::Number(number)) => Value::String(number.to_string()),
        ("bool", Value::String(text)) => Value::Bool(text.parse().map_err(|_| wrong())?),
        ("int" | "int64", Value::String(text)) => Value::from(text.parse::<i64>().map_err(|_| wrong())?),
        ("float64", Value::String(text)) => {
            let float: f64 = text.parse().map_err(|_| wrong())?;
            Value::Number(Number::from_f64(float).ok_or_else(wrong)?)
        }
        _ => return Err(wrong()),
    })
}

fn mapped(pairs: &Value, value: &Value) -> Result<Value, String> {
    let key = value.as_str().ok_or_else(|| format!("`map` takes text only, not {value}"))?;
    pairs.get(key).cloned().ok_or_else(|| format!("`map` has nothing for `{key}`"))
}

fn matched(settings: &Value, value: &Value) -> Result<Value, String> {
    let patterns = settings.get("patterns").and_then(Value::as_array).filter(|patterns| !patterns.is_empty());
    // The function refuses a Composition that has none.
    for pattern in patterns.ok_or("a `match` has no pattern")? {
        let is_match = match text(pattern, "type")? {
            "literal" => value.as_str() == pattern.get("literal").and_then(Value::as_str),
            "regexp" => {
                let regex = compiled(text(pattern, "regexp")?)?;
                value.as_str().is_some_and(|value| regex.is_match(value))
            }
            other => return Err(format!("the pattern `{other}` cannot be computed offline")),
        };
        if is_match {
            return Ok(pattern.get("result").cloned().unwrap_or(Value::Null));
        }
    }
    if settings.get("fallbackTo").and_then(Value::as_str) == Some("Input") {
        return Ok(value.clone());
    }
    Ok(settings.get("fallbackValue").cloned().unwrap_or(Value::Null))
}

fn string(settings: &Value, value: &Value) -> Result<Value, String> {
    let kind = settings.get("type").and_then(Value::as_str).unwrap_or("Format");
    if kind == "Format" {
        return sprintf(text(settings, "fmt")?, std::slice::from_ref(value)).map(Value::String);
    }
    let input = value.as_str().ok_or_else(|| format!("`{kind}` takes text only, not {value}"))?;
    let output = match kind {
        "TrimPrefix" => {
            let trim = text(settings, "trim")?;
            input.strip_prefix(trim).unwrap_or(input).to_owned()
        }
        "TrimSuffix" => {
            let trim = text(settings, "trim")?;
            input.strip_suffix(trim).unwrap_or(input).to_owned()
        }
        "Convert" => match text(settings, "convert")? {
            "ToUpper" => input.to_uppercase(),
            "ToLower" => input.to_lowercase(),
            other => return Err(format!("the string conversion `{other}` cannot be computed offline")),
        },
        "Regexp" => found(settings.get("regexp").unwrap_or(&Value::Null), input)?,
        other => return Err(format!("the string transform `{other}` cannot be computed offline")),
    };
    Ok(Value::String(output))
}

fn found(settings: &Value, input: &str) -> Result<String, String> {
    let pattern = text(settings, "match")?;
    let group = settings.get("group").and_then(Value::as_u64).unwrap_or_default();
    let group = usize::try_from(group).unwrap_or(usize::MAX);
    let captures = compiled(pattern)?.captures(input).and_then(|found| Some(found.get(group)?.as_str().to_owned()));
    captures.ok_or_else(|| format!("`{pattern}` has no group {group} in `{input}`"))
}

/// Both engines read RE2's syntax and take linear time.
fn compiled(pattern: &str) -> Result<Regex, String> {
    Regex::new(pattern).map_err(|error| format!("`{pattern}` is no pattern: {error}"))
}

fn math(settings: &Value, value: &Value) -> Result<Value, String> {
    let number = value.as_i64().ok_or_else(|| format!("`math` takes whole numbers only, not {value}"))?;
    let setting = |name: &str| {
        settings.get(name).and_then(Value::as_i64).ok_or_else(|| format!("a transform has no whole `{name}`"))
    };
    let result = match settings.get("type").and_then(Value::as_str).unwrap_or("Multiply") {
        "Multiply" => number.checked_mul(setting("multiply")?).ok_or("a product is too large")?,
        "ClampMin" => number.max(setting("clampMin")?),
        "ClampMax" => number.min(setting("clampMax")?),
        other => return Err(format!("the calculation `{other}` cannot be computed offline")),
    };
    Ok(Value::from(result))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn run(transforms: Value, value: Value) -> Result<Value, String> {
        all(Some(&transforms), value)
    }

    #[test]
    fn transforms_follow_each_other() {
        let highly_available = json!([
            {"type": "convert", "convert": {"toType": "string"}},
            {"type": "map", "map": {"true": 2, "false": 1}}
        ]);
        assert_eq!(run(highly_available, json!(true)), Ok(json!(2)));
        let named = json!([{"type": "string", "string": {"type": "Format", "fmt": "%s-key"}}]);
        assert_eq!(run(named, json!("a")), Ok(json!("a-key")));
        let trimmed = json!([{"type": "string", "string": {"type": "TrimPrefix", "trim": "alias/"}}]);
        assert_eq!(run(trimmed, json!("alias/a")), Ok(json!("a")));
        let constant = json!([{"type": "match", "match": {"patterns": [
            {"type": "regexp", "regexp": ".*", "result": "X"}
        ]}}]);
        assert_eq!(run(constant, json!("anything")), Ok(json!("X")));
        let empty = json!([{"type": "match", "match": {"fallbackValue": "X"}}]);
        assert!(run(empty, json!("anything")).is_err(), "the function refuses it");
        let doubled = json!([{"type": "math", "math": {"multiply": 2}}]);
        assert_eq!(run(doubled, json!(4)), Ok(json!(8)));
    }

    #[test]
    fn a_pattern_picks_its_group() {
        let pick = json!([{"type": "string", "string": {
            "type": "Regexp", "regexp": {"match": "(?s)^(?:read\\nread:|write\\n.*?\\nwrite:)\\n(\\{.*?\\n\\})", "group": 1}
        }}]);
        let documents = |way: &str| json!(format!("{way}\nread:\n{{\n1\n}}\nwrite:\n{{\n2\n}}\n"));
        assert_eq!(run(pick.clone(), documents("read")), Ok(json!("{\n1\n}")));
        assert_eq!(run(pick.clone(), documents("write")), Ok(json!("{\n2\n}")));
        assert!(run(pick, documents("none")).is_err());
    }

    #[test]
    fn what_cannot_be_computed_is_said() {
        for (transform, value) in [
            (json!([{"type": "map", "map": {"a": 1}}]), json!("b")),
            (json!([{"type": "map", "map": {"true": 1}}]), json!(true)),
            (json!([{"type": "convert", "convert": {"toType": "int64"}}]), json!("x")),
            (json!([{"type": "convert", "convert": {"toType": "string", "format": "quantity"}}]), json!("x")),
            (json!([{"type": "string", "string": {"type": "Join"}}]), json!("x")),
            (json!([{"type": "dream"}]), json!("x")),
            (json!([{}]), json!("x")),
        ] {
            assert!(run(transform.clone(), value).is_err(), "{transform}");
        }
    }
}
