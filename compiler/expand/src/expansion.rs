//! From the files of one environment to the resources that they ask for.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::definition::{Definition, name, namespace, object, steps};
use crate::patch::{Applied, apply};
use crate::path::set;

/// A file of a build.
#[derive(Clone, Copy, Debug)]
pub struct Source<'s> {
    /// Its path below the output folder.
    pub path: &'s str,
    /// Its text, as idpc writes it.
    pub text: &'s str,
    /// Whether its claims are expanded; the other files only define what claims mean.
    pub is_wanted: bool,
}

/// A resource that a claim asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Composed {
    /// The claim: `Bucket checkout/checkout-receipts`.
    pub claim: String,
    /// Its name within the Composition.
    pub part: String,
    /// The object.
    pub object: Value,
}

/// A resource that is made only once the cloud has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The claim.
    pub claim: String,
    /// The resource's name within the Composition.
    pub part: String,
    /// The field of the composite that is missing.
    pub field: String,
}

/// What claims ask for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expansion {
    /// The resources, in the order of the files and of the Compositions.
    pub composed: Vec<Composed>,
    /// Resources that wait for a value of the running cloud.
    pub waiting: Vec<Waiting>,
    /// What could not be computed.
    pub errors: Vec<String>,
}

/// Computes what the claims in the wanted files ask for. All files belong to one environment.
#[must_use]
pub fn expand(files: &[Source<'_>]) -> Expansion {
    let mut expansion = Expansion::default();
    let mut documents = Vec::new();
    for file in files {
        for text in file.text.split("\n---\n") {
            match serde_saphyr::from_str::<Value>(text) {
                Ok(value) if value.is_object() => documents.push((file, value)),
                Ok(_) => {}
                Err(error) => expansion.errors.push(format!("{}: {error}", file.path)),
            }
        }
    }
    let definitions: Vec<Definition<'_>> =
        documents.iter().filter_map(|(_, document)| Definition::read(document)).collect();
    let is_composition = |document: &Value| document.get("kind").and_then(Value::as_str) == Some("Composition");
    let compositions: BTreeMap<&str, &Value> = documents
        .iter()
        .filter(|(_, document)| is_composition(document))
        .map(|(_, document)| (name(document), document))
        .collect();
    for (file, claim) in documents.iter().filter(|(file, _)| file.is_wanted) {
        let Some(definition) = definitions.iter().find(|definition| definition.defines(claim)) else { continue };
        if let Err(error) = run(definition, &compositions, claim, &mut expansion) {
            expansion.errors.push(format!("{}: {}: {error}", file.path, subject(claim)));
        }
    }
    expansion
}

/// How people name a claim.
pub(crate) fn subject(claim: &Value) -> String {
    let kind = claim.get("kind").and_then(Value::as_str).unwrap_or_default();
    match namespace(claim) {
        Some(namespace) => format!("{kind} {namespace}/{}", name(claim)),
        None => format!("{kind} {}", name(claim)),
    }
}

fn run(
    definition: &Definition<'_>,
    compositions: &BTreeMap<&str, &Value>,
    claim: &Value,
    expansion: &mut Expansion,
) -> Result<(), String> {
    let wanted = definition.composition(claim).ok_or("it names no Composition, and its definition has no default")?;
    let composition = compositions.get(wanted).ok_or_else(|| format!("there is no Composition {wanted}"))?;
    let composite = definition.composite(claim);
    for step in steps(composition)? {
        for resource in step.resources {
            let part = resource.get("name").and_then(Value::as_str).unwrap_or_default();
            let mut object = resource.get("base").cloned().unwrap_or_else(object);
            let mut waits = None;
            for patch in resource.get("patches").and_then(Value::as_array).into_iter().flatten() {
                let applied = apply(patch, step.patch_sets, &composite, &mut object);
                match applied.map_err(|error| format!("{part}: {error}"))? {
                    Applied::Done => {}
                    Applied::Waits(field) => {
                        waits = Some(field);
                        break;
                    }
                }
            }
            let (claim, part) = (subject(claim), part.to_owned());
            match waits {
                Some(field) => expansion.waiting.push(Waiting { claim, part, field }),
                None => {
                    describe(&mut object, definition, &composite, &part)?;
                    in_order(&mut object, &["apiVersion", "kind", "metadata"]);
                    if let Some(metadata) = object.get_mut("metadata") {
                        in_order(metadata, &["name", "generateName", "namespace", "labels", "annotations"]);
                    }
                    expansion.composed.push(Composed { claim, part, object });
                }
            }
        }
    }
    Ok(())
}

/// What Crossplane itself writes on a composed resource. The name is not part of it: where the Composition gives none, the
/// cluster makes one up from `generateName`.
fn describe(object: &mut Value, definition: &Definition<'_>, composite: &Value, part: &str) -> Result<(), String> {
    let composite_name = name(composite);
    set(object, "metadata.annotations[crossplane.io/composition-resource-name]", Value::from(part))?;
    if name(object).is_empty() {
        set(object, "metadata.generateName", Value::from(format!("{composite_name}-")))?;
    }
    set(object, "metadata.labels[crossplane.io/composite]", Value::from(composite_name))?;
    let namespace = namespace(composite).unwrap_or_default();
    if definition.is_claimed {
        set(object, "metadata.labels[crossplane.io/claim-name]", Value::from(composite_name))?;
        set(object, "metadata.labels[crossplane.io/claim-namespace]", Value::from(namespace))
    } else {
        set(object, "metadata.namespace", Value::from(namespace))
    }
}

/// Puts the fields that people look for first in front of the others.
fn in_order(value: &mut Value, first: &[&str]) {
    let Some(fields) = value.as_object_mut() else { return };
    let mut rest = std::mem::take(fields);
    fields.extend(first.iter().filter_map(|name| rest.shift_remove(*name).map(|field| ((*name).to_owned(), field))));
    fields.extend(rest);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PLATFORM: &str = r#"# Generated
apiVersion: apiextensions.crossplane.io/v1
kind: CompositeResourceDefinition
metadata:
  name: xbuckets.acme.dev
spec:
  group: acme.dev
  names:
    kind: XBucket
  claimNames:
    kind: Bucket
  versions:
    - schema:
        openAPIV3Schema:
          properties: {}
---
apiVersion: apiextensions.crossplane.io/v1
kind: Composition
metadata:
  name: buckets
spec:
  pipeline:
    - step: resources
      input:
        apiVersion: pt.fn.crossplane.io/v1beta1
        kind: Resources
        resources:
          - name: bucket
            base:
              apiVersion: s3.aws.upbound.io/v1beta2
              kind: Bucket
            patches:
              - type: FromCompositeFieldPath
                fromFieldPath: spec.region
                toFieldPath: spec.forProvider.region
          - name: key-access
            base:
              apiVersion: iam.aws.upbound.io/v1beta1
              kind: RolePolicy
            patches:
              - type: FromCompositeFieldPath
                fromFieldPath: status.keyArn
                toFieldPath: spec.forProvider.policy
                policy:
                  fromFieldPath: Required
"#;
    const CLAIM: &str = "apiVersion: acme.dev/v1\nkind: Bucket\nmetadata:\n  name: receipts\n  namespace: checkout\n\
                         spec:\n  compositionRef:\n    name: buckets\n  region: eu-west-1\n";

    fn files(claim: &'static str) -> [Source<'static>; 2] {
        [
            Source { path: "platform/dev/crossplane/bucket.yaml", text: PLATFORM, is_wanted: false },
            Source { path: "envs/dev/checkout/infra/claims.yaml", text: claim, is_wanted: true },
        ]
    }

    #[test]
    fn a_claim_asks_for_the_resources_of_its_composition() {
        let expansion = expand(&files(CLAIM));
        assert_eq!(expansion.errors, Vec::<String>::new());
        let [bucket] = expansion.composed.as_slice() else { panic!("{expansion:?}") };
        assert_eq!((bucket.claim.as_str(), bucket.part.as_str()), ("Bucket checkout/receipts", "bucket"));
        let expected = json!({
            "apiVersion": "s3.aws.upbound.io/v1beta2",
            "kind": "Bucket",
            "spec": {"forProvider": {"region": "eu-west-1"}},
            "metadata": {
                "annotations": {"crossplane.io/composition-resource-name": "bucket"},
                "generateName": "receipts-",
                "labels": {
                    "crossplane.io/composite": "receipts",
                    "crossplane.io/claim-name": "receipts",
                    "crossplane.io/claim-namespace": "checkout"
                }
            }
        });
        assert_eq!(bucket.object, expected);
        let waiting = Waiting {
            claim: "Bucket checkout/receipts".into(),
            part: "key-access".into(),
            field: "status.keyArn".into(),
        };
        assert_eq!(expansion.waiting, [waiting]);
    }

    #[test]
    fn a_resource_that_its_composition_names_keeps_that_name() {
        let named = PLATFORM.replace(
            "              kind: Bucket\n            patches",
            "              kind: Bucket\n              \
            metadata:\n                name: mine\n            patches",
        );
        let [platform, claim] = files(CLAIM);
        let expansion = expand(&[Source { text: &named, ..platform }, claim]);
        let metadata = &expansion.composed[0].object["metadata"];
        assert_eq!((&metadata["name"], metadata.get("generateName")), (&json!("mine"), None));
    }

    #[test]
    fn a_claim_without_its_composition_and_a_broken_file_are_errors() {
        let claim = "apiVersion: acme.dev/v1\nkind: Bucket\nmetadata:\n  name: receipts\nspec:\n  compositionRef:\n    name: none\n";
        let errors = expand(&files(claim)).errors;
        assert_eq!(errors, ["envs/dev/checkout/infra/claims.yaml: Bucket receipts: there is no Composition none"]);
        assert_eq!(expand(&files("a: [")).errors.len(), 1);
    }
}
