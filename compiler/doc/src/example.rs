//! A program for each schema: written in its documentation, or made from what has to be set.

use idpc_model::schema::{Schema, SchemaSet};
use idpc_model::source::Role;

use crate::placeholder::{TEAM, count, required};
use crate::prose::{Fenced, examples};
use crate::sources::{Sources, has_page};

/// An example of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The schema.
    pub schema: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Its files: the path, if one is named, and the text.
    pub files: Vec<(Option<String>, String)>,
}

/// Where an example comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The platform team wrote it into the documentation: it has to compile.
    Written,
    /// It stands in the documentation of the library or of a package. A platform may demand more than its authors knew
    /// of; then it is not shown.
    Handed,
    /// It was made from the fields that have to be set. A rule of the schema may refuse it all the same; then the schema
    /// has no example until somebody writes one.
    Made,
}

/// What may stand as the example of a schema, the best first: whoever can compile them takes the first that compiles.
#[must_use]
pub fn candidates(sources: &Sources, schema: &Schema) -> Vec<Example> {
    let example = |origin, files| Example { schema: schema.name.to_string(), origin, files };
    let mut found = Vec::new();
    let written = examples(schema.doc.as_deref().unwrap_or_default());
    if !written.is_empty() {
        let files = written.iter().map(|fenced| (path(fenced), fenced.text.clone())).collect();
        let own = sources.file(schema.span.file).is_some_and(|file| file.view.role == Role::Platform);
        found.push(example(if own { Origin::Written } else { Origin::Handed }, files));
    }
    found.extend(made(&sources.set, schema).into_iter().map(|text| example(Origin::Made, vec![(None, text)])));
    found
}

fn path(fenced: &Fenced) -> Option<String> {
    fenced.info.iter().skip(1).find(|word| word.contains(['.', '/'])).cloned()
}

fn made(set: &SchemaSet, schema: &Schema) -> Vec<String> {
    let name = &*schema.name;
    let Some(team) = required(set, "team", 2, &[]) else { return Vec::new() };
    let team = format!("team {TEAM} {{{}}}\n", opened(&team));
    let instance = |root: &str, colon: &str| {
        let body = required(set, name, 2, &[])?;
        Some(format!("{team}\n{root} example{colon} {{{}}}\n", opened(&body)))
    };
    match schema.root() {
        "team" => vec![team],
        "system" => instance("system", "").into_iter().collect(),
        "service" if name == "service" => Vec::new(),
        "service" => instance("service", &format!(" : {name}")).into_iter().collect(),
        "resource" if name != "resource" => needed(set, name, &team),
        _ => Vec::new(),
    }
}

/// What stands between braces.
fn opened(body: &str) -> String {
    if body.is_empty() { String::new() } else { format!("\n{body}") }
}

/// Services that need a kind, those with the least to set first. Some golden paths may refuse to need anything.
fn needed(set: &SchemaSet, kind: &str, team: &str) -> Vec<String> {
    let Some(inside) = required(set, kind, 6, &["owner"]) else { return Vec::new() };
    let inside = if inside.is_empty() { String::new() } else { format!("\n{inside}    ") };
    let mut paths: Vec<&str> =
        set.descendants("service").iter().map(|path| &*path.name).filter(|name| has_page(name)).collect();
    paths.sort_by_key(|path| (count(set, path), *path));
    let service = |path: &str| {
        let body = required(set, path, 2, &[])?;
        Some(format!("{team}\nservice example : {path} {{\n{body}  needs {{\n    it = {kind} {{{inside}}}\n  }}\n}}\n"))
    };
    paths.into_iter().filter_map(service).collect()
}
