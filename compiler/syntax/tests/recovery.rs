//! Recovery, measured: in whole programs each token is deleted, doubled or swapped with the next, and the errors that
//! follow from the one mistake are counted.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its programs has failed")]

use std::fs;
use std::path::Path;

use idpc_syntax::{SyntaxKind, parse};

/// Two programs with everything in them, then every source of the examples and of the standard library.
fn programs() -> Vec<String> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found: Vec<String> = ["service", "platform"]
        .iter()
        .map(|name| fs::read_to_string(repository.join(format!("compiler/syntax/tests/programs/{name}.idp"))).unwrap())
        .collect();
    let mut open = vec![repository.join("examples"), repository.join("stdlib")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "idp") {
                found.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

/// How many programs were tried, and how many errors they had beyond the first.
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

    /// Follow-up errors in a thousand mistakes.
    fn in_a_thousand(&self) -> usize {
        self.follow_up * 1000 / self.programs.max(1)
    }
}

/// Where the tokens of a program stand.
fn tokens(text: &str) -> Vec<std::ops::Range<usize>> {
    let is_seen = |kind| {
        !matches!(kind, SyntaxKind::Whitespace | SyntaxKind::Newline | SyntaxKind::Comment | SyntaxKind::DocComment)
    };
    let tokens =
        parse(text).syntax().descendants_with_tokens().filter_map(|element| element.into_token()).collect::<Vec<_>>();
    tokens.iter().filter(|token| is_seen(token.kind())).map(|token| token.text_range().into()).collect()
}

fn replaced(text: &str, range: std::ops::Range<usize>, by: &str) -> String {
    let mut text = text.to_owned();
    text.replace_range(range, by);
    text
}

#[test]
fn a_token_that_is_missing() {
    let mut count = Count::default();
    for text in &programs() {
        for token in tokens(text) {
            count.add(&replaced(text, token, ""));
        }
    }
    assert!(count.programs > 5_000, "{}", count.programs);
    assert!(count.in_a_thousand() <= 3, "{} in a thousand", count.in_a_thousand());
}

#[test]
fn a_token_that_is_there_twice() {
    let mut count = Count::default();
    for text in &programs() {
        for token in tokens(text) {
            let word = text.get(token.clone()).unwrap_or_default();
            count.add(&replaced(text, token, &format!("{word} {word}")));
        }
    }
    assert!(count.programs > 5_000, "{}", count.programs);
    assert!(count.in_a_thousand() <= 3, "{} in a thousand", count.in_a_thousand());
}

/// Two tokens in each other's place are two mistakes more often than one.
#[test]
fn two_tokens_in_the_wrong_order() {
    let mut count = Count::default();
    for text in &programs() {
        let tokens = tokens(text);
        for (left, right) in tokens.iter().zip(tokens.iter().skip(1)) {
            let piece = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default();
            let (first, second) = (piece(left.clone()), piece(right.clone()));
            let swapped = format!("{second}{}{first}", piece(left.end..right.start));
            count.add(&replaced(text, left.start..right.end, &swapped));
        }
    }
    assert!(count.programs > 5_000, "{}", count.programs);
    assert!(count.in_a_thousand() <= 175, "{} in a thousand", count.in_a_thousand());
}
