//! The language as Markdown: each heading below `tests/language` is a test, its `idp` blocks are the files. Comments such
//! as `// error: [IDP0303]` say what is found on their line, `output` and `values` blocks hold texts and values; with
//! `IDPC_UPDATE=1` in the environment these blocks are written anew. The pages of the diagnostics and the programs in
//! the documentation are run here too, so that the whole compiler is linked once.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot read its own pages has failed"
)]

#[path = "language/assertion.rs"]
mod assertion;
#[path = "language/block.rs"]
mod block;
#[path = "language/case.rs"]
mod case;
#[path = "docs.rs"]
mod docs;
#[path = "error_pages.rs"]
mod error_pages;
#[path = "language/program.rs"]
mod program;
#[path = "language/scale.rs"]
mod scale;

use std::path::Path;

use block::{Block, blocks, pages, repository};
use case::{Report, run};

#[test]
fn every_case_of_every_page() {
    let folder = repository().join("tests/language");
    let mut failures = String::new();
    let mut count = 0;
    for page in pages(&folder) {
        let (cases, failed) = check(&page);
        count += cases;
        failures += &failed;
    }
    assert!(count > 0, "there is no case");
    assert!(failures.is_empty(), "`-` was expected and `+` was found:\n\n{failures}");
}

/// Runs one page; how many cases it has, and the failures in words.
fn check(page: &Path) -> (usize, String) {
    let text = std::fs::read_to_string(page).unwrap();
    let all = blocks(&text);
    let mut count = 0;
    let mut failures = String::new();
    let mut updates = Vec::new();
    for group in all.chunk_by(|a: &Block, b: &Block| a.heading == b.heading) {
        let Some(Report { failures: failed, updates: new }) = run(group) else { continue };
        count += 1;
        updates.extend(new);
        for failure in failed {
            let line = group.first().map_or(0, |block| block.line);
            failures += &format!("{}:{line}: {}\n{failure}\n\n", page.display(), group[0].heading);
        }
    }
    if std::env::var_os("IDPC_UPDATE").is_some() {
        rewrite(page, text, updates);
    }
    (count, failures)
}

fn rewrite(page: &Path, mut text: String, updates: Vec<(std::ops::Range<usize>, String)>) {
    for (range, new) in updates.into_iter().rev() {
        text.replace_range(range, &new);
    }
    std::fs::write(page, text).unwrap();
}
