//! Whether a claim fits the schema of its kind, as the API server judges it: types, bounds, choices, patterns, what is
//! required and what is unknown.
//!
//! Of the rules in CEL it knows the one that idpc writes for a range; those on changes say nothing about a claim by itself.

use regex::Regex;
use serde_json::{Map, Value};

/// One thing that a schema holds against a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The field, from the top of the claim.
    pub(crate) field: Vec<String>,
    /// What the schema asks for, as the end of "the field …".
    pub(crate) rule: String,
    /// The value that breaks it; `None` where there is none.
    pub(crate) value: Option<Value>,
}

/// What the schema holds against a value.
pub(crate) fn problems(value: &Value, schema: &Value) -> Vec<Problem> {
    let mut judge = Judge { field: Vec::new(), found: Vec::new() };
    judge.value(value, schema);
    judge.found
}

struct Judge {
    field: Vec<String>,
    found: Vec<Problem>,
}

impl Judge {
    fn value(&mut self, value: &Value, schema: &Value) {
        if let Some(name) = schema.get("type").and_then(Value::as_str)
            && !is_of(value, name)
        {
            self.refuse(format!("must be of type {name}"), value);
            return;
        }
        if let Some(choices) = schema.get("enum").and_then(Value::as_array)
            && !choices.contains(value)
        {
            let shown: Vec<String> = choices.iter().map(shown).collect();
            self.refuse(format!("must be one of {}", shown.join(", ")), value);
        }
        match value {
            Value::Object(fields) => self.object(fields, schema),
            Value::Array(items) => {
                self.at_least("minItems", items.len(), schema, value);
                let inner = schema.get("items").unwrap_or(&Value::Null);
                items.iter().for_each(|item| self.value(item, inner));
            }
            Value::String(text) => self.text(text, schema, value),
            Value::Number(number) => self.number(number.as_f64(), schema, value),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn object(&mut self, fields: &Map<String, Value>, schema: &Value) {
        let properties = schema.get("properties").and_then(Value::as_object);
        let others = schema.get("additionalProperties");
        if properties.is_none() {
            self.at_least("minProperties", fields.len(), schema, &Value::Object(fields.clone()));
        }
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            let has_default = properties.and_then(|all| all.get(name)).is_some_and(|one| one.get("default").is_some());
            if !fields.contains_key(name) && !has_default {
                self.within(name, |judge| {
                    let field = judge.field.clone();
                    judge.found.push(Problem { field, rule: "must be set".to_owned(), value: None });
                });
            }
        }
        let is_open = schema.get("x-kubernetes-preserve-unknown-fields") == Some(&Value::Bool(true));
        for (name, field) in fields {
            let inner = properties.and_then(|all| all.get(name)).or(others);
            self.within(name, |judge| match inner {
                Some(inner) => judge.value(field, inner),
                None if properties.is_some() && !is_open => judge.refuse("is gone".to_owned(), field),
                None => {}
            });
        }
    }

    fn text(&mut self, text: &str, schema: &Value, value: &Value) {
        self.at_least("minLength", text.chars().count(), schema, value);
        if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
            && Regex::new(pattern).is_ok_and(|pattern| !pattern.is_match(text))
        {
            self.refuse(format!("must match {pattern}"), value);
        }
    }

    fn number(&mut self, number: Option<f64>, schema: &Value, value: &Value) {
        let Some(number) = number else { return };
        let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
        let mut bounds = vec![(bound("minimum"), bound("maximum"), None)];
        for rule in schema.get("x-kubernetes-validations").and_then(Value::as_array).into_iter().flatten() {
            let text = |key: &str| rule.get(key).and_then(Value::as_str);
            let all = text("rule").and_then(ranges).unwrap_or_default();
            bounds.extend(all.into_iter().map(|(low, high)| (Some(low), Some(high), text("message"))));
        }
        for (low, high, message) in bounds {
            if low.is_some_and(|low| number < low) || high.is_some_and(|high| number > high) {
                let shown = |bound: Option<f64>| bound.map(|bound| bound.to_string()).unwrap_or_default();
                let asked = format!("must lie in {}..{}", shown(low), shown(high));
                let rule = message.map_or(asked.clone(), |message| format!("{asked} ({message})"));
                self.refuse(rule, value);
                return;
            }
        }
    }

    fn at_least(&mut self, key: &str, count: usize, schema: &Value, value: &Value) {
        let least = schema.get(key).and_then(Value::as_u64).unwrap_or_default();
        if u64::try_from(count).is_ok_and(|count| count < least) {
            self.refuse(format!("must have a length of {least} or more"), value);
        }
    }

    fn within(&mut self, name: &str, judge: impl FnOnce(&mut Self)) {
        self.field.push(name.to_owned());
        judge(self);
        self.field.pop();
    }

    fn refuse(&mut self, rule: String, value: &Value) {
        self.found.push(Problem { field: self.field.clone(), rule, value: Some(value.clone()) });
    }
}

/// Whether a value is of a type of OpenAPI.
fn is_of(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        _ => true,
    }
}

/// The bounds in `self >= 1 && self <= 30`; `None` for any other rule.
fn ranges(rule: &str) -> Option<Vec<(f64, f64)>> {
    let mut bounds = Vec::new();
    let mut terms = rule.split(" && ");
    while let Some(low) = terms.next() {
        let number = |term: Option<&str>, sign: &str| term?.strip_prefix(sign)?.parse::<f64>().ok();
        bounds.push((number(Some(low), "self >= ")?, number(terms.next(), "self <= ")?));
    }
    Some(bounds)
}

/// A value in one line.
pub(crate) fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What is said about a value under a schema.
    fn said(value: &Value, schema: &Value) -> Vec<String> {
        problems(value, schema).iter().map(|one| format!("{} {}", one.field.join("."), one.rule)).collect()
    }

    #[test]
    fn each_rule_of_a_schema_is_judged() {
        let schema = json!({"type": "object", "required": ["a", "b"], "properties": {
            "a": {"type": "integer", "x-kubernetes-validations": [
                {"rule": "self >= 1 && self <= 30", "message": "a lies in 1..30."},
                {"rule": "self >= oldSelf", "message": "a can only grow"}
            ]},
            "b": {"type": "string", "default": "x", "pattern": "^[a-z]+$", "minLength": 2},
            "c": {"type": "string", "enum": ["one", "two"]},
            "d": {"type": "array", "minItems": 1, "items": {"type": "number", "minimum": 1, "maximum": 2}},
            "e": {"type": "object", "minProperties": 1, "additionalProperties": {"type": "boolean"}},
            "f": {"type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {}}
        }});
        let fine = json!({"a": 30, "b": "xy", "c": "two", "d": [1, 1.5], "e": {"k": true}, "f": {"any": 1}});
        assert_eq!(said(&fine, &schema), Vec::<String>::new());
        let wrong = json!({"a": 31, "b": "X", "c": "three", "d": [], "e": {}, "g": 1});
        let expected = [
            "a must lie in 1..30 (a lies in 1..30.)",
            "b must have a length of 2 or more",
            "b must match ^[a-z]+$",
            "c must be one of one, two",
            "d must have a length of 1 or more",
            "e must have a length of 1 or more",
            "g is gone",
        ];
        assert_eq!(said(&wrong, &schema), expected);
        let wrong = json!({"a": 1.5, "d": [3], "e": {"k": 1}});
        let expected = ["a must be of type integer", "d must lie in 1..2", "e.k must be of type boolean"];
        assert_eq!(said(&wrong, &schema), expected);
        assert_eq!(said(&json!({}), &schema), ["a must be set"], "what has a default need not be");
    }
}
