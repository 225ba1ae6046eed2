//! XRDs and Compositions: which pipeline answers a claim, and what its schema adds to it.

use serde_json::{Map, Value};

/// The API of one kind.
#[derive(Clone, Debug)]
pub(crate) struct Definition<'f> {
    pub(crate) group: &'f str,
    /// The kind that people ask for: of the claim, or of a composite without claim.
    pub(crate) kind: &'f str,
    /// The kind of the composite.
    composite: &'f str,
    default_composition: Option<&'f str>,
    pub(crate) schema: &'f Value,
    /// Whether a claim of its own asks for the composite.
    pub(crate) is_claimed: bool,
}

impl<'f> Definition<'f> {
    /// The definition that a document is.
    pub(crate) fn read(document: &'f Value) -> Option<Self> {
        if document.get("kind").and_then(Value::as_str) != Some("CompositeResourceDefinition") {
            return None;
        }
        let text = |path: &str| document.pointer(path).and_then(Value::as_str);
        let composite = text("/spec/names/kind")?;
        let claim = text("/spec/claimNames/kind");
        Some(Self {
            group: text("/spec/group")?,
            kind: claim.unwrap_or(composite),
            composite,
            default_composition: text("/spec/defaultCompositionRef/name"),
            schema: document.pointer("/spec/versions/0/schema/openAPIV3Schema")?,
            is_claimed: claim.is_some(),
        })
    }

    /// Whether an object is of this kind.
    pub(crate) fn defines(&self, object: &Value) -> bool {
        let version = object.get("apiVersion").and_then(Value::as_str).unwrap_or_default();
        let group = version.split_once('/').map_or("", |(group, _)| group);
        group == self.group && object.get("kind").and_then(Value::as_str) == Some(self.kind)
    }

    /// Whether both define the kind that people ask for, in whatever form.
    pub(crate) fn is_of(&self, other: &Definition<'_>) -> bool {
        (self.group, self.kind) == (other.group, other.kind)
    }

    /// The name of the Composition that an object asks for.
    pub(crate) fn composition<'o>(&self, object: &'o Value) -> Option<&'o str>
    where
        'f: 'o,
    {
        let path = if self.is_claimed { "/spec/compositionRef/name" } else { "/spec/crossplane/compositionRef/name" };
        object.pointer(path).and_then(Value::as_str).or(self.default_composition)
    }

    /// The composite of an object, with the defaults of the schema and, where a claim asks for it, with that claim.
    pub(crate) fn composite(&self, object: &Value) -> Value {
        let mut composite = object.clone();
        if let Some(fields) = composite.as_object_mut() {
            fields.insert("kind".to_owned(), Value::from(self.composite));
        }
        if let (true, Some(spec)) = (self.is_claimed, composite.get_mut("spec").and_then(Value::as_object_mut)) {
            let part = |path: &str| object.pointer(path).cloned().unwrap_or(Value::Null);
            let claim = [
                ("apiVersion", "/apiVersion"),
                ("kind", "/kind"),
                ("name", "/metadata/name"),
                ("namespace", "/metadata/namespace"),
            ];
            let claim = claim.into_iter().map(|(name, path)| (name.to_owned(), part(path))).collect();
            spec.insert("claimRef".to_owned(), Value::Object(claim));
        }
        complete(&mut composite, self.schema);
        composite
    }
}

/// Puts the defaults of a schema where an object has nothing, as the API server does.
fn complete(value: &mut Value, schema: &Value) {
    match value {
        Value::Object(fields) => {
            for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
                match (fields.get_mut(name), property.get("default")) {
                    (Some(field), _) => complete(field, property),
                    (None, Some(default)) => {
                        let mut default = default.clone();
                        complete(&mut default, property);
                        fields.insert(name.clone(), default);
                    }
                    (None, None) => {}
                }
            }
            if let Some(others) = schema.get("additionalProperties").filter(|others| others.is_object()) {
                fields.values_mut().for_each(|field| complete(field, others));
            }
        }
        Value::Array(items) => {
            let schema = schema.get("items").unwrap_or(&Value::Null);
            items.iter_mut().for_each(|item| complete(item, schema));
        }
        _ => {}
    }
}

/// One step of a Composition that composes resources.
#[derive(Clone, Debug)]
pub(crate) struct Step<'f> {
    pub(crate) patch_sets: &'f Value,
    pub(crate) resources: &'f [Value],
}

/// The steps of a Composition that compose resources. A function of another kind that gets an input is an error; one
/// without, such as the one that tells what is ready, composes nothing.
pub(crate) fn steps(composition: &Value) -> Result<Vec<Step<'_>>, String> {
    let mut steps = Vec::new();
    for step in composition.pointer("/spec/pipeline").and_then(Value::as_array).into_iter().flatten() {
        let Some(input) = step.get("input") else { continue };
        let version = input.get("apiVersion").and_then(Value::as_str).unwrap_or_default();
        let kind = input.get("kind").and_then(Value::as_str).unwrap_or_default();
        if kind != "Resources" || !version.contains("pt.fn.crossplane.io/") {
            return Err(format!("the function with the input {version} {kind} cannot be computed offline"));
        }
        steps.push(Step {
            patch_sets: input.get("patchSets").unwrap_or(&Value::Null),
            resources: input.get("resources").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default(),
        });
    }
    Ok(steps)
}

/// An object's `metadata.name`.
pub(crate) fn name(object: &Value) -> &str {
    object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default()
}

/// An object's `metadata.namespace`.
pub(crate) fn namespace(object: &Value) -> Option<&str> {
    object.pointer("/metadata/namespace").and_then(Value::as_str)
}

/// An empty object that a path may be set in.
pub(crate) fn object() -> Value {
    Value::Object(Map::new())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn xrd(claimed: bool) -> Value {
        let mut xrd = json!({"kind": "CompositeResourceDefinition", "spec": {
            "group": "acme.dev",
            "names": {"kind": if claimed { "XBucket" } else { "Bucket" }},
            "defaultCompositionRef": {"name": "buckets"},
            "versions": [{"schema": {"openAPIV3Schema": {"properties": {"spec": {"properties": {
                "days": {"default": 30},
                "rules": {"items": {"properties": {"on": {"default": true}}}}
            }}}}}}]
        }});
        if claimed {
            crate::path::set(&mut xrd, "spec.claimNames.kind", json!("Bucket")).unwrap();
        }
        xrd
    }

    #[test]
    fn a_claim_becomes_a_composite_with_defaults() {
        let claim = json!({"apiVersion": "acme.dev/v1", "kind": "Bucket", "metadata": {"name": "a", "namespace": "b"},
                           "spec": {"rules": [{}]}});
        for (claimed, kind) in [(true, "XBucket"), (false, "Bucket")] {
            let xrd = xrd(claimed);
            let definition = Definition::read(&xrd).unwrap();
            assert!(definition.defines(&claim));
            let mut expected = json!({"apiVersion": "acme.dev/v1", "kind": kind, "metadata": {"name": "a", "namespace": "b"},
                       "spec": {"rules": [{"on": true}], "days": 30}});
            if claimed {
                let claim = json!({"apiVersion": "acme.dev/v1", "kind": "Bucket", "name": "a", "namespace": "b"});
                crate::path::set(&mut expected, "spec.claimRef", claim).unwrap();
            }
            assert_eq!(definition.composite(&claim), expected);
        }
    }

    #[test]
    fn the_form_decides_where_a_composition_is_named() {
        let claim = json!({"spec": {"compositionRef": {"name": "a"}, "crossplane": {"compositionRef": {"name": "b"}}}});
        for (claimed, named) in [(true, "a"), (false, "b")] {
            let xrd = xrd(claimed);
            let definition = Definition::read(&xrd).unwrap();
            assert_eq!(definition.composition(&claim), Some(named));
            assert_eq!(definition.composition(&json!({})), Some("buckets"));
        }
    }

    #[test]
    fn only_the_function_that_is_known_is_run() {
        let known = json!({"spec": {"pipeline": [
            {"input": {"apiVersion": "pt.fn.crossplane.io/v1beta1", "kind": "Resources", "resources": [{}]}},
            {"step": "ready"}
        ]}});
        assert_eq!(steps(&known).unwrap().len(), 1);
        let other = json!({"spec": {"pipeline": [{"input": {"apiVersion": "x.io/v1", "kind": "Template"}}]}});
        assert!(steps(&other).is_err());
    }
}
