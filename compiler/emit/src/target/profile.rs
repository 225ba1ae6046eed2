//! The profiles of a target: sets of static data, of which the platform picks one.
//!
//! The manifest names the files by settings: `profiles/{platform.profile}/{platform.crossplane}.json`. What a file holds
//! is readable in the templates as `data.profile`. All files of a target have one shape; what one of them lacks has to
//! be guarded.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::TargetError;
use super::manifest;
use crate::node::Node;
use crate::template::Pos;

/// The field of the data that a profile becomes.
const FIELD: &str = "profile";

/// Every profile of a target, and how one is picked.
#[derive(Clone, Debug)]
pub(super) struct Profiles {
    parts: Vec<Part>,
    /// The whole data with that profile in it, by the values of the settings.
    data: BTreeMap<Vec<String>, Node>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Setting(Vec<String>),
}

/// A profile that a target does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoProfile {
    /// The setting that picks it, such as `platform.profile`.
    pub setting: String,
    /// Its value.
    pub value: String,
    /// The values that there are, given the settings before it.
    pub known: Vec<String>,
}

impl Profiles {
    /// Reads the profiles that `pattern` means, with the samples of their common shape.
    pub(super) fn read(
        pattern: &str,
        files: &[(&str, &str)],
        data: &Json,
    ) -> Result<(Self, Vec<Json>, Vec<TargetError>), TargetError> {
        let at = |message: String| TargetError { pos: manifest::find(files, pattern), ..manifest::error(message) };
        let parts = parts(pattern).map_err(at)?;
        let (mut found, mut samples, mut errors) = (BTreeMap::new(), Vec::new(), Vec::new());
        for (path, text) in files {
            let Some(values) = captured(&parts, path) else { continue };
            match serde_json::from_str::<Json>(text) {
                Ok(profile @ Json::Object(_)) => {
                    let whole = joined(data, profile);
                    found.insert(values, Node::from(&whole));
                    samples.push(whole);
                }
                Ok(_) => errors.push(broken(path, "a profile is an object")),
                Err(error) => errors.push(broken(path, &error.to_string())),
            }
        }
        if data.get(FIELD).is_some() {
            errors.push(at(format!("`data` has a field `{FIELD}` already")));
        }
        if found.is_empty() && errors.is_empty() {
            errors.push(at(format!("there is no file `{pattern}`")));
        }
        Ok((Self { parts, data: found }, samples, errors))
    }

    /// The data with the profile that the settings in `context` pick.
    pub(super) fn pick(&self, context: &Node) -> Result<&Node, NoProfile> {
        let values = self.values(context);
        self.data.get(&values).ok_or_else(|| self.missing(&values))
    }

    fn settings(&self) -> impl Iterator<Item = &Vec<String>> {
        self.parts.iter().filter_map(|part| match part {
            Part::Setting(path) => Some(path),
            Part::Text(_) => None,
        })
    }

    fn values(&self, context: &Node) -> Vec<String> {
        let value = |path: &Vec<String>| {
            let found = path.iter().try_fold(context, |node, name| node.field(name));
            found.and_then(Node::text).unwrap_or_default().to_owned()
        };
        self.settings().map(value).collect()
    }

    /// The first setting whose value leads nowhere.
    fn missing(&self, values: &[String]) -> NoProfile {
        let is_known = |end: usize| self.data.keys().any(|key| key.get(..end) == values.get(..end));
        let first = (0..values.len()).find(|at| !is_known(at + 1)).unwrap_or_default();
        let alike = self.data.keys().filter(|key| key.get(..first) == values.get(..first));
        let mut known: Vec<String> = alike.filter_map(|key| key.get(first).cloned()).collect();
        known.dedup();
        NoProfile {
            setting: self.settings().nth(first).map(|path| path.join(".")).unwrap_or_default(),
            value: values.get(first).cloned().unwrap_or_default(),
            known,
        }
    }
}

/// The static data with a profile in it.
fn joined(data: &Json, profile: Json) -> Json {
    let mut whole = match data {
        Json::Object(fields) => fields.clone(),
        _ => serde_json::Map::new(),
    };
    whole.insert(FIELD.to_owned(), profile);
    Json::Object(whole)
}

fn broken(path: &str, message: &str) -> TargetError {
    TargetError { file: path.to_owned(), pos: Pos::START, message: message.to_owned(), help: None }
}

fn parts(pattern: &str) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (setting, after) =
            after.split_once('}').ok_or_else(|| format!("`{{` is never closed in the path `{pattern}`"))?;
        parts.push(Part::Text(before.to_owned()));
        parts.push(Part::Setting(setting.split('.').map(str::to_owned).collect()));
        rest = after;
    }
    parts.push(Part::Text(rest.to_owned()));
    Ok(parts)
}

/// The values of the settings for which the pattern is this path. A value never holds a `/`.
fn captured(parts: &[Part], path: &str) -> Option<Vec<String>> {
    let mut rest = path;
    let mut values = Vec::new();
    let mut parts = parts.iter().peekable();
    while let Some(part) = parts.next() {
        match part {
            Part::Text(text) => rest = rest.strip_prefix(text.as_str())?,
            Part::Setting(_) => {
                let value = match parts.peek() {
                    Some(Part::Text(text)) if !text.is_empty() => rest.split_once(text.as_str())?.0,
                    _ => rest,
                };
                if value.is_empty() || value.contains('/') {
                    return None;
                }
                values.push(value.to_owned());
                rest = rest.strip_prefix(value)?;
            }
        }
    }
    rest.is_empty().then_some(values)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PATTERN: &str = "profiles/{platform.profile}/{platform.form}.json";

    fn profiles() -> Profiles {
        let files = [
            ("profiles/old/claims.json", r#"{"version": "v1"}"#),
            ("profiles/new/claims.json", r#"{"version": "v2"}"#),
            ("profiles/new/composites.json", r#"{"version": "v3"}"#),
            ("profiles/README.md", "no profile"),
            ("file.hbs", "a: {{data.profile.version}}\n"),
        ];
        let (profiles, samples, errors) = Profiles::read(PATTERN, &files, &json!({"keep": 1})).unwrap();
        assert_eq!((samples.len(), errors), (3, vec![]));
        profiles
    }

    fn pick(profile: &str, form: &str) -> Result<Node, NoProfile> {
        let context = Node::from(&json!({"platform": {"profile": profile, "form": form}}));
        profiles().pick(&context).cloned()
    }

    #[test]
    fn the_settings_pick_the_file_and_the_rest_of_the_data_stays() {
        let data = pick("new", "composites").unwrap();
        assert_eq!(data, Node::from(&json!({"keep": 1, "profile": {"version": "v3"}})));
    }

    #[test]
    fn the_first_setting_that_leads_nowhere_is_named() {
        let none = pick("newer", "claims").unwrap_err();
        assert_eq!((none.setting.as_str(), none.known), ("platform.profile", vec!["new".to_owned(), "old".to_owned()]));
        let none = pick("old", "composites").unwrap_err();
        assert_eq!((none.setting.as_str(), none.known), ("platform.form", vec!["claims".to_owned()]));
    }

    #[test]
    fn a_profile_that_is_no_object_or_nowhere_is_an_error() {
        let (_, _, errors) = Profiles::read("p/{a}.json", &[("p/x.json", "[]")], &Json::Null).unwrap();
        assert_eq!(errors.len(), 1);
        let (_, _, errors) = Profiles::read("p/{a}.json", &[("q/x.json", "{}")], &Json::Null).unwrap();
        assert!(errors[0].message.contains("there is no file"), "{errors:?}");
        assert!(Profiles::read("p/{a.json", &[], &Json::Null).is_err());
    }
}
