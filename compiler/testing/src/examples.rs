//! The examples of a reference, compiled: no page shows a program that is refused.

use std::collections::BTreeMap;

use idpc_doc::example::{Example, Origin, candidates};
use idpc_doc::sources::{Source, Sources};
use idpc_driver::host::Host;
use idpc_model::model::Model;
use idpc_model::schema::Schema;
use idpc_model::span::FileId;
use rayon::prelude::*;

use crate::finding::Finding;
use crate::program::{ALONE, Depth, Ground, Program};

/// What the reference reads of a workspace.
#[must_use]
pub fn sources(host: &Host, model: &Model) -> Sources {
    let ids = (0..).map(FileId);
    let files = ids.map_while(|id| {
        let (path, text) = host.file(id)?;
        Some(Source { path: path.into(), text: text.into(), view: host.view(id)? })
    });
    Sources { workspace: model.workspace.clone(), set: model.set.clone(), files: files.collect() }
}

/// An example that somebody wrote and that does not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The schema that it belongs to.
    pub schema: String,
    /// The errors, one line each.
    pub errors: Vec<String>,
}

/// The examples of all schemas, by schema, and those written ones that do not compile. A schema for which none can be
/// made has none.
#[must_use]
pub fn compiled(sources: &Sources, ground: &Ground) -> (BTreeMap<String, Example>, Vec<Broken>) {
    let schemas: Vec<&Schema> = sources.schemas().map(|schema| &**schema).collect();
    let found: Vec<Result<Option<Example>, Broken>> =
        schemas.par_iter().map(|schema| compiled_one(sources, schema, ground)).collect();
    let (mut examples, mut broken) = (BTreeMap::new(), Vec::new());
    for result in found {
        match result {
            Ok(example) => examples.extend(example.map(|example| (example.schema.clone(), example))),
            Err(error) => broken.push(error),
        }
    }
    (examples, broken)
}

fn compiled_one(sources: &Sources, schema: &Schema, ground: &Ground) -> Result<Option<Example>, Broken> {
    for example in candidates(sources, schema) {
        let errors = errors(&example, ground);
        match example.origin {
            _ if errors.is_empty() => return Ok(Some(example)),
            Origin::Written => return Err(Broken { schema: example.schema, errors }),
            Origin::Handed | Origin::Made => {}
        }
    }
    Ok(None)
}

/// What refuses an example.
fn errors(example: &Example, ground: &Ground) -> Vec<String> {
    let files =
        example.files.iter().map(|(path, text)| (path.clone().unwrap_or_else(|| ALONE.to_owned()), text.clone()));
    match Program::of_files(files).and_then(|program| program.compile(ground, Depth::Model)) {
        Ok(outcome) => outcome.findings.into_iter().filter(Finding::is_error).map(|found| found.short).collect(),
        Err(reason) => vec![reason],
    }
}
