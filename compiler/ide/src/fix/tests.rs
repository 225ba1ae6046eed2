//! What is applied, what is not, and why: with a language of one rule a word.

use idpc_model::code::Code;
use idpc_model::diagnostic::Edit;
use idpc_model::span::Span;
use idpc_syntax::ast::{TextRange, TextSize};

use super::*;

const FILE: FileId = FileId(3);
const LIBRARY: FileId = FileId(0);

fn range(start: usize, len: usize) -> TextRange {
    let size = |at: usize| TextSize::new(u32::try_from(at).unwrap());
    TextRange::new(size(start), size(start + len))
}

fn of(texts: &Texts) -> &str {
    &texts[&FILE]
}

/// An error for each `wrong` (safe to put right), `maybe` (unsafe), `trap` (its fix brings another error), `hydra` (its fix
/// keeps the finding) and `far` (its fix touches the library).
fn analyze(texts: &Texts) -> Vec<Diagnostic> {
    let text = of(texts);
    let mut found = Vec::new();
    for (word, safety, new) in [
        ("wrong", Safety::Safe, "right"),
        ("maybe", Safety::Unsafe, "right"),
        ("trap", Safety::Safe, "worse"),
        ("hydra", Safety::Safe, "hydra "),
        ("step", Safety::Safe, "wrong"),
        ("worse", Safety::Safe, ""),
    ] {
        for (at, _) in text.match_indices(word) {
            let place = Span::new(FILE, range(at, word.len()));
            let finding = Diagnostic::new(Code::WrongType, place, format!("`{word}` is an error"));
            found.push(if word == "worse" { finding } else { finding.fix("replace it", safety, place, new) });
        }
    }
    for (at, _) in text.match_indices("far") {
        let (here, there) = (Span::new(FILE, range(at, 3)), Span::new(LIBRARY, range(0, 1)));
        found.push(Diagnostic::new(Code::WrongType, here, "far away").fix("elsewhere", Safety::Safe, there, "x"));
    }
    for (at, _) in text.match_indices("undeclared") {
        let (here, end) = (Span::new(FILE, range(at, 10)), Span::new(FILE, range(text.len(), 0)));
        if !text.contains("declare it") {
            found.push(Diagnostic::new(Code::WrongType, here, "undeclared").fix(
                "declare it",
                Safety::Safe,
                end,
                "; declare it",
            ));
        }
    }
    found
}

fn run(text: &str, trust: Trust) -> Outcome {
    fix(texts([(FILE, text)]), trust, |_| true, analyze)
}

#[test]
fn every_safe_fix_is_applied_and_no_other() {
    let outcome = run("wrong maybe wrong", Trust::Safe);
    assert_eq!((of(&outcome.texts), outcome.applied.len()), ("right maybe right", 2));
    assert_eq!((outcome.left.len(), outcome.refused.len()), (1, 0));
    let outcome = run("wrong maybe wrong", Trust::Every);
    assert_eq!((of(&outcome.texts), outcome.left.len()), ("right right right", 0));
}

#[test]
fn a_fix_that_brings_an_error_is_left_out_alone() {
    let outcome = run("wrong trap wrong wrong", Trust::Safe);
    assert_eq!(of(&outcome.texts), "right trap right right");
    let [(attempt, Refusal::Brings(error))] = outcome.refused.as_slice() else { panic!("{:?}", outcome.refused) };
    assert_eq!(
        (attempt.finding.message.as_str(), error.message.as_str()),
        ("`trap` is an error", "`worse` is an error")
    );
    assert_eq!(outcome.left.len(), 1);
}

#[test]
fn a_fix_that_helps_nothing_is_not_applied_for_ever() {
    let outcome = run("hydra wrong", Trust::Safe);
    assert_eq!(of(&outcome.texts), "hydra right");
    assert!(matches!(outcome.refused.as_slice(), [(_, Refusal::Useless)]));
}

#[test]
fn what_a_fix_uncovers_may_not_be_an_error() {
    // `step` becomes `wrong`, which is an error that was not there.
    let outcome = run("step", Trust::Safe);
    assert_eq!((of(&outcome.texts), outcome.refused.len()), ("step", 1));
    // Where the same error was there before and goes at the same time, it still is one more than there must be.
    let outcome = run("step wrong", Trust::Safe);
    assert_eq!(of(&outcome.texts), "step right");
}

#[test]
fn one_change_that_two_findings_ask_for_is_made_once() {
    let outcome = run("undeclared undeclared", Trust::Safe);
    assert_eq!(of(&outcome.texts), "undeclared undeclared; declare it");
    assert_eq!((outcome.applied.len(), outcome.left.len()), (2, 0));
}

#[test]
fn files_that_may_not_be_changed_are_not() {
    let outcome = run("far wrong", Trust::Every);
    assert_eq!((of(&outcome.texts), outcome.left.len()), ("far right", 1));
    assert!(!outcome.texts.contains_key(&LIBRARY));
}

#[test]
fn only_what_is_asked_for_is_fixed() {
    let concerns = |finding: &Diagnostic| finding.primary.range.start() > TextSize::new(0);
    let outcome = fix(texts([(FILE, "wrong wrong")]), Trust::Safe, concerns, analyze);
    assert_eq!(of(&outcome.texts), "wrong right");
}

#[test]
fn edits_that_meet_exclude_each_other() {
    let change = |start, len, text: &str| Fix {
        title: String::new(),
        safety: Safety::Safe,
        edits: vec![Edit { file: FILE, range: range(start, len), text: text.into() }],
    };
    for (a, b, meets) in [
        (change(0, 2, "x"), change(1, 2, "y"), true),
        (change(0, 2, "x"), change(2, 2, "y"), false),
        (change(1, 0, "x"), change(1, 0, "y"), true),
        (change(0, 2, "x"), change(2, 0, "y"), true),
        (change(0, 2, "x"), change(3, 0, "y"), false),
        (change(0, 4, "x"), change(1, 1, "y"), true),
    ] {
        assert_eq!((clash(&a, &b), clash(&b, &a)), (meets, meets), "{a:?} {b:?}");
        let both = applied(&texts([(FILE, "abcd")]), [&b, &a]);
        assert_eq!(both.is_none(), meets);
    }
    let both = applied(&texts([(FILE, "aébcd")]), [&change(3, 1, "é"), &change(0, 1, "")]).unwrap();
    assert_eq!(of(&both), "éécd");
    assert_eq!(applied(&texts([(FILE, "é")]), [&change(1, 1, "x")]), None, "inside of a character");
    assert_eq!(applied(&texts([(FILE, "é")]), [&change(9, 1, "x")]), None, "behind the end");
}
