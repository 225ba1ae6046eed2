//! The language as Markdown: each heading below `tests/language` is a test, its `idp` blocks are the files. Comments such
//! as `// error: [IDP0303]` say what is found on their line, `output` and `values` blocks hold texts and values; with
//! `IDPC_UPDATE=1` in the environment these blocks are written anew. The pages of the diagnostics and the programs in
//! the documentation are run here too, so that the whole compiler is linked once.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its own pages has failed")]

#[path = "docs.rs"]
mod docs;
#[path = "error_pages.rs"]
mod error_pages;
#[path = "fixes.rs"]
mod fixes;
#[path = "language/growth.rs"]
mod growth;
#[path = "language/operators.rs"]
mod operators;
#[path = "language/provenance.rs"]
mod provenance;
#[path = "rendered_pages.rs"]
mod rendered_pages;
#[path = "language/scale.rs"]
mod scale;

use std::path::Path;

use idpc_testing::block::Block;
use idpc_testing::case::Setting;
use idpc_testing::finding::Finding;
use idpc_testing::program::{Depth, Ground, Outcome, Program};
use idpc_testing::report::{Form, report};
use idpc_testing::suite::{self, Expected};

/// The root of the repository.
fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Every Markdown page below a folder: its path, its text and its blocks.
fn pages(folder: &str) -> Vec<(String, String, Vec<Block>)> {
    let root = repository();
    let read = suite::read(root, &root.join(folder)).unwrap();
    assert!(!read.is_empty(), "there is no page in {folder}");
    read.into_iter()
        .map(|written| {
            let blocks = idpc_testing::block::blocks(&written.page.text).unwrap();
            (written.page.name, written.page.text, blocks)
        })
        .collect()
}

/// What the compiler finds in some blocks by themselves.
fn found<'b>(blocks: impl IntoIterator<Item = &'b Block>, depth: Depth) -> Vec<Finding> {
    sound(Program::of(blocks).unwrap().compile(&Ground::Library, depth).unwrap()).findings
}

/// An outcome whose targets are what they should be, whatever the program is.
fn sound(outcome: Outcome) -> Outcome {
    let broken: Vec<&String> = outcome.emission.iter().flat_map(|made| &made.errors).collect();
    assert!(broken.is_empty(), "the targets themselves are broken: {broken:?}");
    outcome
}

#[test]
fn every_case_of_every_page() {
    let root = repository();
    let pages = suite::read(root, &root.join("tests/language")).unwrap();
    let setting = Setting { ground: Ground::Library, whole: None, depth: Depth::Model, terminal: &idpc::shown };
    let update = std::env::var_os("IDPC_UPDATE").is_some();
    let expected = if update { Expected::Rewritten } else { Expected::Kept };
    let results = suite::run(&pages, "", expected, &setting).unwrap();
    assert!(results.tests.len() > 200, "there are only {} cases", results.tests.len());
    let failures = report(&results, Form::Human);
    assert!(results.failed().next().is_none(), "`-` was expected and `+` was found:\n\n{failures}");
}
