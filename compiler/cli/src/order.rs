//! In which order Argo CD applies the objects of each Application, read from what a build would write.
//!
//! It is no plan of its own: waves and hooks are those that stand in the files, and files of an Application are those
//! in the folders that it names.

use idpc_emit::artifact::Artifact;
use serde_json::{Value, json};

use crate::outcome::Failure;

/// An Application and the objects it applies.
pub struct Application {
    /// Its name.
    pub name: String,
    /// The folders that it reads, from the top of the repository.
    folders: Vec<String>,
    /// Its objects, by wave, within one as they are written.
    objects: Vec<Object>,
}

/// An object with its place in the order.
struct Object {
    wave: i64,
    hook: bool,
    kind: String,
    /// With the namespace before it, if it states one.
    name: String,
}

/// The Applications of one environment that apply something. With a name, only those of this service or resource.
pub fn applications(
    artifacts: &[Artifact],
    environment: &str,
    name: Option<&str>,
) -> Result<Vec<Application>, Failure> {
    let mut texts = Vec::new();
    for artifact in artifacts {
        let path = artifact.path.as_str();
        let mine = artifact.unit.env() == Some(environment) && path.ends_with(".yaml");
        if mine && !path.ends_with("/kustomization.yaml") {
            let text = artifact.text.text().map_err(|damaged| Failure::usage(damaged.to_string()))?;
            texts.push((path, artifact.unit.name(), text));
        }
    }
    let mut found: Vec<Application> = Vec::new();
    for (_, owner, text) in &texts {
        if name.is_some() && *owner != name {
            continue;
        }
        for document in text.split("\n---\n").filter(|text| top(text, "kind") == Some("Application")) {
            let Some(named) = metadata(document, "  name: ") else { continue };
            let folders =
                document.lines().filter_map(|line| line.trim_start().trim_start_matches("- ").strip_prefix("path: "));
            let folders = folders.map(|folder| folder.trim_matches('"').to_owned()).collect();
            found.push(Application { name: named.to_owned(), folders, objects: Vec::new() });
        }
    }
    for (path, _, text) in &texts {
        // The folder that says most about the file: one Application may read below another's.
        let reads = |one: &Application| one.folders.iter().filter_map(|folder| depth(path, folder)).max();
        let Some(owner) = found.iter_mut().max_by_key(|one| reads(one)).filter(|one| reads(one).is_some()) else {
            continue;
        };
        owner.objects.extend(text.split("\n---\n").filter_map(object));
    }
    found.retain(|one| !one.objects.is_empty());
    for one in &mut found {
        one.objects.sort_by_key(|object| object.wave);
    }
    Ok(found)
}

/// One object a line, behind its wave.
#[must_use]
pub fn text(applications: &[Application]) -> String {
    let mut text = String::new();
    for application in applications {
        text.push_str(&format!("{}\n", application.name));
        for object in &application.objects {
            let hook = if object.hook { " (hook)" } else { "" };
            text.push_str(&format!("  {:>3}  {} {}{hook}\n", object.wave, object.kind, object.name));
        }
    }
    text
}

/// The same as one object.
#[must_use]
pub fn object_of(applications: &[Application], environment: &str) -> Value {
    let member =
        |object: &Object| json!({ "wave": object.wave, "hook": object.hook, "kind": object.kind, "name": object.name });
    let one = |application: &Application| json!({ "name": application.name, "objects": application.objects.iter().map(member).collect::<Vec<_>>() });
    json!({ "environment": environment, "applications": applications.iter().map(one).collect::<Vec<_>>() })
}

/// How many segments of a file's path an Application's folder covers. Folders begin at the top of the repository, and
/// paths at the output.
fn depth(path: &str, folder: &str) -> Option<usize> {
    let segments: Vec<&str> = folder.split('/').collect();
    let tails = (0..segments.len()).filter_map(|start| segments.get(start..));
    tails.filter(|tail| path.starts_with(&format!("{}/", tail.join("/")))).map(<[&str]>::len).max()
}

fn object(document: &str) -> Option<Object> {
    let wave = metadata(document, "    argocd.argoproj.io/sync-wave: ");
    let name = metadata(document, "  name: ")?;
    let name = match metadata(document, "  namespace: ") {
        Some(namespace) => format!("{namespace}/{name}"),
        None => name.to_owned(),
    };
    Some(Object {
        wave: wave.and_then(|wave| wave.parse().ok()).unwrap_or(0),
        hook: metadata(document, "    argocd.argoproj.io/hook: ").is_some(),
        kind: top(document, "kind")?.to_owned(),
        name,
    })
}

/// A field at the left edge.
fn top<'d>(document: &'d str, key: &str) -> Option<&'d str> {
    document.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))
}

/// What follows a beginning of a line inside of the object's own metadata.
fn metadata<'d>(document: &'d str, beginning: &str) -> Option<&'d str> {
    let lines = document.lines().skip_while(|line| *line != "metadata:").skip(1);
    let mut inside = lines.take_while(|line| line.starts_with(' '));
    inside.find_map(|line| line.strip_prefix(beginning)).map(|value| value.trim_matches('"'))
}
