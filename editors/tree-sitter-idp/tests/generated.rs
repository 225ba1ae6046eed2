//! What is generated is what the grammar says, and the queries fit it.

use std::fs;
use std::path::Path;

use tree_sitter::{Language, Query};
use tree_sitter_generate::{ABI_VERSION_MAX, OptLevel, generate_parser_in_directory};

#[test]
fn the_parser_is_generated_from_the_grammar() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let scratch = tempfile::tempdir().unwrap();
    for file in ["grammar.js", "tree-sitter.json", "package.json"] {
        fs::copy(folder.join(file), scratch.path().join(file)).unwrap();
    }
    let grammar = scratch.path().join("grammar.js");
    let (root, version) = (scratch.path(), ABI_VERSION_MAX);
    let (out, warnings): (Option<&Path>, _) = (None, &mut Vec::new());
    generate_parser_in_directory(
        root,
        out,
        Some(grammar),
        version,
        None,
        Some("node"),
        true,
        OptLevel::default(),
        warnings,
    )
    .unwrap();
    for file in ["parser.c", "grammar.json", "node-types.json"] {
        let [committed, fresh] = [folder, scratch.path()].map(|root| fs::read(root.join("src").join(file)).unwrap());
        let same = committed == fresh;
        assert!(same, "src/{file} is old: cargo run -p tree-sitter-idp --example generate");
    }
}

#[test]
fn the_queries_name_what_exists() {
    let language = Language::from(tree_sitter_idp::LANGUAGE);
    for text in [tree_sitter_idp::HIGHLIGHTS, tree_sitter_idp::FOLDS, tree_sitter_idp::INDENTS, tree_sitter_idp::LOCALS]
    {
        assert!(Query::new(&language, text).unwrap().pattern_count() > 0);
    }
    assert!(Query::new(&language, "(no_such_node) @comment").is_err());
}
