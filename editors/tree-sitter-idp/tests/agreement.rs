//! The grammar for editors against the compiler's own parser, on every program of the repository: no ERROR and no
//! missing node where the parser finds no mistake, and the same things in the same places.

#[path = "agreement/ours.rs"]
mod ours;
#[path = "agreement/theirs.rs"]
mod theirs;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use idpc_testing::block::blocks;

/// A thing in a program: what it is, and from where to where.
type Thing = (String, usize, usize);

/// Every program: where it stands, and its text.
fn programs() -> Vec<(String, String)> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> =
        ["examples", "stdlib", "tests", "docs", "targets", "README.md"].map(|name| root.join(name)).to_vec();
    while let Some(path) = folders.pop() {
        let name = path.display().to_string();
        if path.is_dir() {
            let is_source = |path: &PathBuf| !path.ends_with("out") && !path.ends_with("node_modules");
            folders.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()).filter(is_source));
        } else if name.ends_with(".idp") {
            found.push((name, fs::read_to_string(&path).unwrap()));
        } else if name.ends_with(".md") {
            let page = fs::read_to_string(&path).unwrap();
            let blocks = blocks(&page).unwrap();
            let programs = blocks.into_iter().filter(|block| block.language() == "idp");
            found.extend(programs.map(|block| (format!("{name}:{}", block.line), block.text)));
        }
    }
    found
}

#[test]
fn every_valid_program_is_read_alike() {
    let mut failures = Vec::new();
    let (mut valid, mut invalid, mut things) = (0, 0, 0);
    for (name, text) in programs() {
        let tree = theirs::tree(&text);
        let parse = idpc_syntax::parse(&text);
        if !parse.errors().is_empty() {
            invalid += 1;
            continue;
        }
        valid += 1;
        if let Some(place) = theirs::first_error(&tree) {
            failures.push(format!("{name}: an error in line {place}"));
            continue;
        }
        let (ours, theirs) = (ours::things(&parse), theirs::things(&tree));
        things += ours.len();
        let shown = |thing: &Thing| format!("{} {:?}", thing.0, &text[thing.1..thing.2]);
        let only = |left: &BTreeSet<Thing>, right: &BTreeSet<Thing>| left.difference(right).next().map(shown);
        if ours != theirs {
            failures.push(format!("{name}: ours {:?}, theirs {:?}", only(&ours, &theirs), only(&theirs, &ours)));
        }
    }
    println!("{valid} valid programs, {invalid} others, {things} things compared");
    assert!(valid > 500 && invalid > 50 && things > 15_000, "{valid} valid, {invalid} invalid, {things} things");
    assert!(failures.is_empty(), "{} of {valid}:\n{}", failures.len(), failures.join("\n"));
}

/// Shows that the comparison can fail.
#[test]
fn a_mistake_is_an_error_node() {
    for text in ["service {\n}\n", "service a : web {\n  port = \n", "schema a { b : }\n", "team a { x = \"y\n}\n"] {
        assert!(!idpc_syntax::parse(text).errors().is_empty());
        assert!(theirs::first_error(&theirs::tree(text)).is_some(), "{text}");
    }
    let [one, other] = ["let a = 1 + 2 * 3\n", "let a = 1 * 2 + 3\n"];
    assert_eq!(ours::things(&idpc_syntax::parse(one)), theirs::things(&theirs::tree(one)));
    assert_ne!(ours::things(&idpc_syntax::parse(one)), theirs::things(&theirs::tree(other)));
}
