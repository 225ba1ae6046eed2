//! Tidiness as a test: the order of crates, the length of files and functions, who names which library.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

#[path = "tidy/source_files.rs"]
mod source_files;

use std::collections::BTreeMap;
use std::path::Path;

use source_files::{SourceFile, repository, rust_files};

/// Crates from left to right: none knows one to its right.
const ORDER: &[&str] = &[
    "idpc-stdlib",
    "idpc-targets",
    "idpc-syntax",
    "idpc-model",
    "idpc-graph",
    "idpc-emit",
    "idpc-expand",
    "idpc-ide",
    "idpc-doc",
    "idpc-driver",
    "idpc-testing",
    "tree-sitter-idp",
    "idpc-lsp",
    "idpc",
    "idpc-tests",
];

/// Longest file and function that may be added; a longer one is split by meaning.
const LONGEST_FILE: usize = 800;
const LONGEST_FUNCTION: usize = 100;

/// Library, and the only places that may name it.
const OWNERS: &[(&str, &[&str])] = &[
    ("salsa", &["compiler/model/"]),
    ("tower_lsp", &["lsp/src/wire"]),
    ("nom", &["compiler/syntax/src/lexer", "compiler/syntax/src/literal", "compiler/graph/src/query"]),
    ("handlebars", &["compiler/emit/src/template/"]),
    ("petgraph", &["compiler/graph/"]),
    ("codespan_reporting", &["compiler/cli/"]),
    ("clap", &["compiler/cli/"]),
];

/// Module names that say nothing about what is inside.
const VAGUE: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc", "manager"];

#[test]
fn crates_know_only_what_stands_to_their_left() {
    let mut checked = 0;
    for (name, manifest) in manifests() {
        let own =
            ORDER.iter().position(|known| *known == name).unwrap_or_else(|| panic!("`{name}` is not in the order"));
        for dependency in ORDER.iter().filter(|other| manifest.contains(&format!("\n{other}.workspace"))) {
            let other = ORDER.iter().position(|known| known == dependency).unwrap();
            assert!(other < own, "`{name}` depends on `{dependency}`, which stands to its right");
            checked += 1;
        }
    }
    assert!(checked >= 15, "only {checked} edges were found: the manifests are not read right");
}

fn manifests() -> BTreeMap<String, String> {
    let root = std::fs::read_to_string(repository().join("Cargo.toml")).unwrap();
    let members = root.split_once("members = [").unwrap().1.split_once(']').unwrap().0;
    members
        .split('"')
        .skip(1)
        .step_by(2)
        .map(|folder| {
            let text = std::fs::read_to_string(repository().join(folder).join("Cargo.toml")).unwrap();
            let name = text.split_once("name = \"").unwrap().1.split_once('"').unwrap().0.to_owned();
            // Dependencies of tests may look to the right: they never ship.
            let shipped = text.split("[dev-dependencies]").next().unwrap_or_default().to_owned();
            (name, shipped)
        })
        .collect()
}

#[test]
fn files_stay_below_the_wall() {
    let long: Vec<String> = rust_files()
        .iter()
        .filter(|file| file.text.lines().count() > LONGEST_FILE)
        .map(|file| format!("{} ({} lines)", file.path, file.text.lines().count()))
        .collect();
    assert!(long.is_empty(), "split these by meaning: {long:?}");
}

#[test]
fn functions_stay_below_the_wall() {
    let mut long = Vec::new();
    let mut counted = 0;
    for file in rust_files() {
        for (name, lines) in file.functions() {
            counted += 1;
            if lines > LONGEST_FUNCTION {
                long.push(format!("{} in {} ({lines} lines)", name, file.path));
            }
        }
    }
    assert!(counted > 300, "only {counted} functions were found: the reader is broken");
    assert!(long.is_empty(), "split these: {long:?}");
}

#[test]
fn each_library_has_one_door() {
    for (library, doors) in OWNERS {
        let uses: Vec<SourceFile> = rust_files().into_iter().filter(|file| file.names(library)).collect();
        for file in &uses {
            assert!(
                doors.iter().any(|door| file.path.starts_with(door)),
                "`{}` names `{library}`; only {doors:?} may",
                file.path
            );
        }
    }
}

#[test]
fn modules_say_what_they_are() {
    for file in rust_files() {
        let stem = Path::new(&file.path).file_stem().unwrap().to_string_lossy().into_owned();
        assert!(!VAGUE.contains(&stem.as_str()), "`{}` is a dumping ground by name", file.path);
        let opening = file.text.lines().next().unwrap_or_default();
        assert!(opening.starts_with("//!"), "`{}` does not open by saying what it is for", file.path);
    }
}

#[test]
fn core_crates_ban_input_and_output() {
    for folder in ["syntax", "model", "graph", "emit", "expand", "ide", "doc"] {
        let path = repository().join("compiler").join(folder).join("clippy.toml");
        let text = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} is missing", path.display()));
        for method in ["std::fs::read_to_string", "std::env::var", "std::time::SystemTime::now"] {
            assert!(text.contains(method), "{} does not ban {method}", path.display());
        }
    }
}

#[test]
fn every_diagnostic_has_its_page() {
    let folder = repository().join("docs/errors");
    for code in idpc_model::code::Code::ALL {
        let page = folder.join(format!("{}.md", code.id()));
        assert!(page.is_file(), "{} ({}) has no page {}", code.id(), code.summary(), page.display());
    }
}

#[test]
fn every_target_has_the_same_shape() {
    let mut folders = 0;
    for entry in std::fs::read_dir(repository().join("targets")).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_dir() {
            continue;
        }
        folders += 1;
        for file in ["target.json", "README.md"] {
            assert!(path.join(file).is_file(), "{} has no {file}", path.display());
        }
    }
    assert!(folders >= 5, "only {folders} targets were found");
}

#[test]
fn every_action_is_pinned_and_every_pin_is_used() {
    let folder = repository().join("targets/github");
    let pins = std::fs::read_to_string(folder.join("pins.json")).unwrap();
    let pins: serde_json::Value = serde_json::from_str(&pins).unwrap();
    let pins = pins.as_object().unwrap();
    let mut used = Vec::new();
    for text in templates(&folder) {
        for line in text.lines().filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("uses: ")) {
            let (action, rest) = line.split_once('@').unwrap_or_else(|| panic!("`{line}` names no commit"));
            let pin = pins.get(action).unwrap_or_else(|| panic!("`{action}` has no pin"));
            let (commit, tag) = rest.split_once(" # ").unwrap_or_else(|| panic!("`{line}` names no tag"));
            assert_eq!(pin["commit"], commit, "{action}");
            assert_eq!(pin["tag"], tag, "{action}");
            assert!(commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit()), "{action}");
            used.push(action.to_owned());
        }
    }
    for action in pins.keys() {
        assert!(used.contains(action), "the pin of `{action}` is used nowhere");
    }
}

/// The texts of all templates below a folder.
fn templates(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(templates(&path));
        } else if path.extension().is_some_and(|extension| extension == "hbs") {
            found.push(std::fs::read_to_string(&path).unwrap());
        }
    }
    found
}

#[test]
fn the_architecture_page_names_what_exists() {
    let page = std::fs::read_to_string(repository().join("ARCHITECTURE.md")).unwrap();
    for name in manifests().keys() {
        assert!(page.contains(&format!("`{name}`")), "ARCHITECTURE.md does not name the crate `{name}`");
    }
    for folder in page.split('`').skip(1).step_by(2).filter(|word| word.ends_with('/') && !word.contains(' ')) {
        assert!(repository().join(folder).is_dir(), "ARCHITECTURE.md names `{folder}`, which does not exist");
    }
}

#[test]
fn every_dependency_has_its_reason() {
    let root = std::fs::read_to_string(repository().join("Cargo.toml")).unwrap();
    let section = root.split_once("[workspace.dependencies]").unwrap().1.split_once("\n[").unwrap().0;
    let page = std::fs::read_to_string(repository().join("docs/dependencies.md")).unwrap();
    let names = section.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name.trim());
    for name in names.filter(|name| !name.starts_with("idpc-")) {
        assert!(page.contains(&format!("`{name}`")), "docs/dependencies.md gives no reason for `{name}`");
    }
}
