//! What Helix and Zed are given fits the grammar: their queries, and the configuration that names it.

use std::fs;
use std::path::{Path, PathBuf};

use idpc_testing::block::blocks;
use toml::{Table, Value};
use tree_sitter::{Language, Query};

fn editors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn table(path: &str) -> Table {
    fs::read_to_string(editors().join(path)).unwrap().parse().unwrap()
}

/// The captures of every query of a folder; each query must compile, and those files must be there.
fn captures(folder: &str, files: &[&str]) -> Vec<(String, String)> {
    let language = Language::from(tree_sitter_idp::LANGUAGE);
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(editors().join(folder).join(file)).unwrap();
        let query = Query::new(&language, &text).unwrap_or_else(|error| panic!("{folder}/{file}: {error}"));
        assert!(query.pattern_count() > 0, "{folder}/{file}");
        found.extend(query.capture_names().iter().map(|name| ((*file).to_owned(), (*name).to_owned())));
    }
    let queries = fs::read_dir(editors().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let queries = queries.filter(|path| path.extension().is_some_and(|extension| extension == "scm"));
    assert_eq!(queries.count(), files.len(), "{folder} has another query");
    found
}

#[test]
fn the_queries_of_helix_use_its_scopes() {
    let roots = [
        "attribute",
        "comment",
        "constant",
        "function",
        "keyword",
        "operator",
        "punctuation",
        "string",
        "type",
        "variable",
        "indent",
        "outdent",
    ];
    for (file, capture) in captures("helix/queries/idp", &["highlights.scm", "indents.scm"]) {
        let root = capture.split('.').next().unwrap();
        assert!(roots.contains(&root), "{file}: @{capture}");
    }
}

#[test]
fn the_queries_of_zed_use_its_captures() {
    let files = ["brackets.scm", "highlights.scm", "indents.scm", "outline.scm", "overrides.scm"];
    for (file, capture) in captures("zed/languages/idp", &files) {
        let known: &[&str] = match file.as_str() {
            "brackets.scm" => &["open", "close"],
            "indents.scm" => &["indent", "end"],
            "outline.scm" => &["item", "name", "context", "annotation"],
            "overrides.scm" => &["string", "comment"],
            _ => &[
                "attribute",
                "boolean",
                "comment",
                "comment.doc",
                "constant",
                "function",
                "keyword",
                "keyword.operator",
                "number",
                "operator",
                "property",
                "punctuation.bracket",
                "punctuation.delimiter",
                "punctuation.special",
                "string",
                "string.escape",
                "type",
                "type.builtin",
                "variable",
                "variable.special",
                "variant",
            ],
        };
        assert!(known.contains(&capture.as_str()), "{file}: @{capture}");
    }
}

#[test]
fn the_configuration_of_helix_names_the_grammar_and_the_server() {
    let page = fs::read_to_string(editors().join("README.md")).unwrap();
    let helix = page.split("\n## ").find(|section| section.starts_with("Helix")).unwrap();
    let block = blocks(helix).unwrap().into_iter().find(|block| block.language() == "toml").unwrap();
    let all: Table = block.text.parse().unwrap();
    assert_eq!(all["language-server"]["idpc"]["command"].as_str(), Some("idpc"));
    assert_eq!(all["language-server"]["idpc"]["args"], Value::from(vec!["lsp"]));
    let language = &all["language"][0];
    assert_eq!(language["name"].as_str(), Some("idp"));
    assert_eq!(language["scope"].as_str(), Some("source.idp"));
    assert_eq!(language["file-types"], Value::from(vec!["idp"]));
    assert_eq!(language["language-servers"], Value::from(vec!["idpc"]));
    assert_eq!(language["grammar"], all["grammar"][0]["name"]);
    assert!(all["grammar"][0]["source"]["path"].as_str().unwrap().ends_with("/editors/tree-sitter-idp"));
    assert!(helix.contains("cp -r editors/helix/queries/idp "), "the queries are not named");
}

#[test]
fn the_configuration_of_zed_names_the_grammar_and_the_server() {
    let (extension, language) = (table("zed/extension.toml"), table("zed/languages/idp/config.toml"));
    assert_eq!(extension["schema_version"].as_integer(), Some(1));
    for key in ["id", "name", "version", "description", "repository"] {
        assert!(extension[key].is_str(), "{key}");
    }
    let grammar = &extension["grammars"][language["grammar"].as_str().unwrap()];
    assert_eq!(grammar["path"].as_str(), Some("editors/tree-sitter-idp"));
    let rev = grammar["rev"].as_str().unwrap();
    assert!(rev.len() == 40 && rev.chars().all(|digit| digit.is_ascii_hexdigit()), "{rev}");
    assert_eq!(extension["language_servers"]["idpc"]["languages"], Value::from(vec![language["name"].clone()]));
    assert_eq!(extension["language_servers"]["idpc"]["language_ids"]["idp"].as_str(), Some("idp"));
    assert_eq!(language["path_suffixes"], Value::from(vec!["idp"]));
}
