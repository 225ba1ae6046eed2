//! Every program in the documentation compiles as a file by itself, unless its fence says that it fails.

use crate::block::{blocks, pages, repository};
use crate::program::{Depth, Program};

#[test]
fn programs_in_the_documentation_compile() {
    let errors = repository().join("docs/errors");
    let mut all = pages(&repository().join("docs"));
    all.push(repository().join("README.md"));
    let mut failures = String::new();
    for page in all.iter().filter(|page| page.is_file() && !page.starts_with(&errors)) {
        let text = std::fs::read_to_string(page).unwrap();
        for block in blocks(&text).iter().filter(|block| block.language() == "idp") {
            let errors = Program::of([block]).compile(Depth::Model).findings;
            let errors: Vec<String> =
                errors.into_iter().filter(|found| found.severity == "error").map(|found| found.short).collect();
            if errors.is_empty() == block.says("fails") {
                failures += &format!("{}:{}: {errors:#?}\n", page.display(), block.line);
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
