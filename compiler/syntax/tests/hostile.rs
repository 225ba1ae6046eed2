//! Texts that are made to hurt: each is read to its end, the tree never gets deep, and one mistake stays one error.

use idpc_syntax::{SyntaxElement, format, parse};
use rowan::WalkEvent;

/// Large enough that anything quadratic would take minutes.
const SIZE: usize = 80_000;

fn many(before: &str, unit: &str) -> String {
    format!("{before}{}", unit.repeat(SIZE / unit.len()))
}

fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let parse = parse(text);
    assert_eq!(usize::from(parse.syntax().text().len()), text.len());
    for event in parse.syntax().preorder_with_tokens() {
        match event {
            WalkEvent::Enter(SyntaxElement::Node(_)) => depth += 1,
            WalkEvent::Leave(SyntaxElement::Node(_)) => depth -= 1,
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[test]
fn a_hundred_thousand_braces() {
    for open in ["{", "[", "(", "x {", "x = {\n"] {
        let text = format!("service a {{ x = {}", open.repeat(100_000));
        assert!(depth(&text) < 1000, "{open}");
        assert!(parse(&text).errors().len() <= 2, "{open}: {:?}", parse(&text).errors().len());
    }
}

#[test]
fn much_of_one_thing() {
    for (before, unit) in [
        ("", "{"),
        ("", "}"),
        ("", ","),
        ("", "service a\n"),
        ("", "service a {\n"),
        ("let a = ", "["),
        ("let a = ", "a + "),
        ("let a = ", "a +\n"),
        ("let a = ", "- "),
        ("let a = ", "not "),
        ("let a = ", "if a then "),
        ("let a = ", "a."),
        ("let a = \"", "${"),
        ("let a = \"", "${a\""),
        ("let a = \"", "\\u{"),
        ("let a = \"", "\\"),
        ("", "\"\"\"\n"),
        ("let a = \"\"\"", "\nservice a"),
        ("", "/*\n"),
        ("", "// idp:allow IDP0101 because x\n"),
        ("schema a { b : ", "["),
        ("schema a { b : ", "map<"),
        ("schema a { b : int", "?"),
        ("schema a { b ", "@ "),
        ("service a {\n", "  a = = \n"),
        ("service a {\n", "a {\n"),
        ("", "é"),
        ("", "1_"),
    ] {
        let text = many(before, unit);
        assert!(depth(&text) < 1000, "{before}{unit}");
    }
}

#[test]
fn openers_that_the_wrong_token_closes() {
    for closer in ["]", ")", "}"] {
        let half = SIZE / 2;
        let text = format!("service a {{ x = {}{}", "[".repeat(half), closer.repeat(half));
        assert!(depth(&text) < 1000, "{closer}");
    }
}

#[test]
fn indentation_of_every_depth() {
    let lines = |indent: fn(usize) -> usize| {
        let lines = (0..1400).map(|line| format!("{}a {{\n", " ".repeat(indent(line))));
        format!("service a {{\n{}", lines.collect::<String>())
    };
    assert!(depth(&lines(|line| line)) < 1000);
    assert!(depth(&lines(|line| 1400 - line)) < 1000);
}

#[test]
fn formatting_much() {
    let text = many("service a {\n", "  a = [1,2]\n");
    let formatted = format(&format!("{text}}}\n"));
    assert!(formatted.contains("\n  a = [1, 2]\n") && formatted.ends_with("\n}\n"));
}
