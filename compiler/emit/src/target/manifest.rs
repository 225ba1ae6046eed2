//! `target.json`: which files a target writes.

use serde::Deserialize;

use super::TargetError;
use crate::shape::Per;
use crate::template::{Format, Pos};

/// The manifest of a target.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The name; the folder is called the same.
    pub name: String,
    /// What it writes, for people.
    pub description: String,
    /// Static data, readable in templates as `data.…`.
    #[serde(default)]
    pub data: serde_json::Value,
    /// Where profiles lie, by settings of the platform: `profiles/{platform.profile}.json`. The one that they pick is
    /// readable as `data.profile`.
    pub profiles: Option<String>,
    /// The files that it writes.
    pub files: Vec<FileRule>,
    /// The kinds for which it rightly writes nothing.
    #[serde(default)]
    pub silent_kinds: Vec<String>,
}

/// A file that is written for each of something.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRule {
    /// What it is written for.
    pub per: Per,
    /// Where it goes, with `{field}` for text fields of the context.
    pub path: String,
    /// The template that writes it.
    pub template: String,
    /// Its language.
    pub format: Format,
    /// A condition without which it is not written.
    pub when: Option<String>,
    /// Whether it is created once and then left alone.
    #[serde(default)]
    pub once: bool,
    /// What starts a comment in a text file.
    pub comment: Option<String>,
}

/// The name of the manifest.
pub(super) const FILE: &str = "target.json";

/// An error about the manifest as a whole.
pub(super) fn error(message: impl Into<String>) -> TargetError {
    TargetError { file: FILE.to_owned(), pos: Pos::START, message: message.into(), help: None }
}

/// Where the manifest among `files` says `text`. What amended it stands behind it, and was written last.
pub(super) fn find(files: &[(&str, &str)], text: &str) -> Pos {
    let quoted = serde_json::Value::from(text).to_string();
    let layers = files.iter().rev().filter(|(path, _)| *path == FILE);
    let before = layers.filter_map(|(_, layer)| layer.split_once(&quoted)).map(|(before, _)| before).next();
    before.map_or(Pos::START, |before| Pos::START.after(before))
}

/// Reads the manifest of the target called `name`, with what is wrong in it: the first of the files called so.
pub(super) fn read(name: &str, files: &[(&str, &str)]) -> Result<(Manifest, Vec<TargetError>), TargetError> {
    let mut layers = files.iter().filter(|(path, _)| *path == FILE).map(|(_, text)| *text);
    let text = layers.next().ok_or_else(|| error(format!("the target `{name}` has no `{FILE}`")))?;
    let is_amended = layers.next().is_some();
    let manifest: Manifest = serde_json::from_str(text).map_err(|problem| {
        let number = |count: usize| u32::try_from(count.max(1)).unwrap_or(u32::MAX);
        let message = problem.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        let pos = match message.split('`').nth(1) {
            // Nobody has seen the text that the layers make together.
            Some(named) if is_amended => find(files, named),
            _ => Pos { line: number(problem.line()), column: number(problem.column()) },
        };
        TargetError { pos, ..error(message) }
    })?;
    let mut errors = Vec::new();
    if manifest.name != name {
        errors.push(error(format!("the target is called `{}`, but its folder `{name}`", manifest.name)));
    }
    if !matches!(manifest.data, serde_json::Value::Null | serde_json::Value::Object(_)) {
        errors.push(error("`data` must be an object"));
    }
    Ok((manifest, errors))
}
