//! What target folders state about resource kinds in their static data, as far as names and outputs depend on it.

use std::collections::{BTreeMap, BTreeSet};

use idpc_model::schema::SchemaSet;
use serde_json::Value as Json;

/// Facts by kind, joined over all targets.
#[derive(Clone, Debug, Default)]
pub struct KindFacts {
    kinds: BTreeMap<String, Facts>,
    silent: Vec<String>,
    granting: BTreeSet<String>,
    composed: BTreeMap<String, Vec<String>>,
    kept: BTreeMap<String, String>,
}

/// What is stated about one kind.
#[derive(Clone, Debug, Default)]
struct Facts {
    limit: Option<usize>,
    global: bool,
    outputs: BTreeMap<String, String>,
}

/// The limit of a physical name where no target states one.
const DEFAULT_LIMIT: usize = 63;

impl KindFacts {
    /// Adds what one manifest states: `silent_kinds` of a target that writes kinds, and of its data
    /// `physical_names`, `outputs`, `actions`, `composed` and `kept`.
    pub fn add(&mut self, manifest: &Json) {
        let files = manifest.get("files").and_then(Json::as_array);
        let writes_kinds =
            files.is_some_and(|files| files.iter().any(|file| file.get("per").and_then(Json::as_str) == Some("kind")));
        if writes_kinds {
            let silent = manifest.get("silent_kinds").and_then(Json::as_array);
            self.silent.extend(silent.into_iter().flatten().filter_map(Json::as_str).map(str::to_owned));
        }
        let Some(data) = manifest.get("data") else {
            return;
        };
        for (kind, facts) in entries(data.get("physical_names")) {
            let slot = self.kinds.entry(kind.clone()).or_default();
            slot.limit = facts.get("limit").and_then(Json::as_u64).and_then(|limit| usize::try_from(limit).ok());
            slot.global = facts.get("global").and_then(Json::as_bool).unwrap_or(false);
        }
        for (kind, outputs) in entries(data.get("outputs")) {
            let slot = self.kinds.entry(kind.clone()).or_default();
            for (output, formula) in entries(Some(outputs)) {
                slot.outputs.insert(output.clone(), formula.as_str().unwrap_or_default().to_owned());
            }
        }
        self.granting.extend(entries(data.get("actions")).map(|(kind, _)| kind.clone()));
        for (kind, outputs) in entries(data.get("composed")) {
            let names = outputs.as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect();
            self.composed.insert(kind.clone(), names);
        }
        for (kind, field) in entries(data.get("kept")) {
            self.kept.insert(kind.clone(), field.as_str().unwrap_or_default().to_owned());
        }
    }

    fn of(&self, kind: &str, set: &SchemaSet) -> Option<&Facts> {
        let schema = set.get(kind)?;
        schema.chain.iter().find_map(|name| self.kinds.get(&**name))
    }

    /// The most characters of a kind's physical name.
    #[must_use]
    pub fn limit(&self, kind: &str, set: &SchemaSet) -> usize {
        self.of(kind, set).and_then(|facts| facts.limit).unwrap_or(DEFAULT_LIMIT)
    }

    /// Whether the kind's names are unique in the whole cloud, so that the account belongs into them.
    #[must_use]
    pub fn is_global(&self, kind: &str, set: &SchemaSet) -> bool {
        self.of(kind, set).is_some_and(|facts| facts.global)
    }

    /// How an output follows from the fields, where it is known before deployment.
    #[must_use]
    pub fn output(&self, kind: &str, output: &str, set: &SchemaSet) -> Option<&str> {
        self.of(kind, set)?.outputs.get(output).map(String::as_str)
    }

    /// Whether a secret that the target composes holds the output, rather than the connection Secret.
    #[must_use]
    pub fn is_composed(&self, kind: &str, output: &str, set: &SchemaSet) -> bool {
        let Some(schema) = set.get(kind) else {
            return false;
        };
        let listed = schema.chain.iter().find_map(|name| self.composed.get(&**name));
        listed.is_some_and(|outputs| outputs.iter().any(|known| known == output))
    }

    /// The field of a kind that says under which key the platform's secret store keeps its value.
    #[must_use]
    pub fn key_field(&self, kind: &str, set: &SchemaSet) -> Option<&str> {
        let schema = set.get(kind)?;
        schema.chain.iter().find_map(|name| self.kept.get(&**name)).map(String::as_str)
    }

    /// Whether the role of a service gets permissions on a kind; what is reached with a password needs none.
    #[must_use]
    pub fn grants(&self, kind: &str, set: &SchemaSet) -> bool {
        set.get(kind).is_some_and(|schema| schema.chain.iter().any(|name| self.granting.contains(&**name)))
    }

    /// Whether a kind makes a claim.
    #[must_use]
    pub fn makes_claim(&self, kind: &str, set: &SchemaSet) -> bool {
        let Some(schema) = set.get(kind) else {
            return false;
        };
        !schema.chain.iter().any(|name| self.silent.iter().any(|silent| **silent == **name))
    }
}

fn entries(json: Option<&Json>) -> impl Iterator<Item = (&String, &Json)> {
    json.and_then(Json::as_object).into_iter().flat_map(|object| object.iter())
}
