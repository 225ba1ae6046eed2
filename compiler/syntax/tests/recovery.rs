//! Recovery, measured: in every program of the repository each token is deleted, doubled or swapped with the next, and
//! the errors that follow from the one mistake are counted. The formatter is tried on what comes of it too.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "the programs are read from the repository; the numbers are what is measured"
)]

mod mutation;

use std::path::{Path, PathBuf};

use idpc_syntax::{format, parse};
use mutation::{Change, mutants};

/// Follow-up errors in a thousand mistakes, and what was tried.
#[derive(Default)]
struct Count {
    programs: usize,
    follow_up: usize,
}

impl Count {
    fn add(&mut self, text: &str) {
        let parse = parse(text);
        assert_eq!(parse.syntax().text().to_string(), text);
        self.programs += 1;
        self.follow_up += parse.errors().len().saturating_sub(1);
    }

    fn in_a_thousand(&self) -> usize {
        self.follow_up * 1000 / self.programs.max(1)
    }
}

/// Every `.idp` file of the library and of the examples, and the programs beside this test.
fn programs() -> Vec<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open = vec![here.join("tests/programs"), here.join("../../stdlib"), here.join("../../examples")];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "idp") {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(found.len() > 20, "the programs were not found");
    found
}

fn measure(change: Change) -> usize {
    let mut count = Count::default();
    for path in programs() {
        let text = std::fs::read_to_string(path).unwrap();
        mutants(&text, change).for_each(|mutant| count.add(&mutant));
    }
    println!("{change:?}: {} mistakes, {} in a thousand follow", count.programs, count.in_a_thousand());
    assert!(count.programs > 3000);
    count.in_a_thousand()
}

#[test]
fn a_token_that_is_missing() {
    assert!(measure(Change::Delete) <= 2);
}

#[test]
fn a_token_that_is_there_twice() {
    assert!(measure(Change::Double) <= 3);
}

/// Two tokens in each other's place are two mistakes more often than one.
#[test]
fn two_tokens_in_the_wrong_order() {
    assert!(measure(Change::Swap) <= 175);
}

/// A broken declaration stays as it is, byte for byte, and the rest says what it said.
#[test]
fn formatting_what_is_broken() {
    let mut changed = 0;
    for path in programs() {
        let text = std::fs::read_to_string(path).unwrap();
        for change in [Change::Delete, Change::Double, Change::Swap] {
            for mutant in mutants(&text, change).step_by(29) {
                let formatted = format(&mutant);
                assert_eq!(mutation::words(&formatted), mutation::words(&mutant), "{mutant}\n---\n{formatted}");
                assert_eq!(format(&formatted), formatted, "{mutant}\n---\n{formatted}");
                let kinds = |text: &str| parse(text).errors().iter().map(|error| error.kind.code()).collect::<Vec<_>>();
                assert_eq!(kinds(&formatted), kinds(&mutant), "{mutant}\n---\n{formatted}");
                for decl in broken(&mutant) {
                    assert!(formatted.contains(&decl), "{decl}\n---\n{formatted}");
                }
                changed += usize::from(formatted != mutant);
            }
        }
    }
    assert!(changed > 0, "nothing was formatted at all");
}

/// The declarations with an error inside.
fn broken(text: &str) -> Vec<String> {
    let parse = parse(text);
    let decls = parse.source_file().decls;
    let is_broken = |decl: &&idpc_syntax::ast::Decl| {
        parse.errors().iter().any(|error| decl.span.contains_range(error.span) && error.span.start() < decl.span.end())
    };
    let slice = |decl: &idpc_syntax::ast::Decl| text.get(std::ops::Range::<usize>::from(decl.span)).map(str::to_owned);
    decls.iter().filter(is_broken).filter_map(slice).collect()
}
