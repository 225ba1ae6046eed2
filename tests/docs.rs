//! Every program in the documentation compiles as a file by itself, unless its fence says that it fails.

use idpc_testing::block::blocks;
use idpc_testing::finding::Finding;
use idpc_testing::program::Depth;

use crate::{found, pages, repository};

#[test]
fn programs_in_the_documentation_compile() {
    let mut all = pages("docs");
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let blocks = blocks(&readme).unwrap();
    all.push((String::from("README.md"), readme, blocks));
    let mut failures = String::new();
    for (page, _, blocks) in all.iter().filter(|(page, ..)| !page.starts_with("docs/errors/")) {
        for block in blocks.iter().filter(|block| block.language() == "idp") {
            let errors: Vec<String> =
                found([block], Depth::Model).into_iter().filter(Finding::is_error).map(|found| found.short).collect();
            if errors.is_empty() == block.says("fails") {
                failures += &format!("{page}:{}: {errors:#?}\n", block.line);
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
