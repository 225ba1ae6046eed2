//! The machine under the grammar.

use super::cursor::Cursor;
use super::input::Input;
use super::nesting::Nesting;
use super::repair::Repairs;
use crate::kind::SyntaxKind as K;
use crate::lexer::lex;

#[test]
fn who_only_looks_sees_the_end_at_last() {
    let lexed = lex("a b");
    let input = Input::new("a b", &lexed.tokens, &[]);
    let mut cursor = Cursor::new(&input, &lexed.tokens);
    let looks = (0..1_000_000).take_while(|_| cursor.at(K::Ident)).count();
    assert!((1000..1_000_000).contains(&looks), "{looks}");
    cursor.bump();
    assert!(cursor.at(K::Ident), "taking something gives new fuel");
}

#[test]
fn a_brace_that_matches_needs_no_repair() {
    let ends = |text: &str, opener, position| {
        let lexed = lex(text);
        Repairs::find(&Input::new(text, &lexed.tokens, &[])).ends_before(opener, position)
    };
    // service a { b { c = 1 d { e } } }
    let missing = "service a {\n  b {\n    c = 1\n  d {\n    e\n  }\n}\n";
    assert!(ends(missing, 4, 8), "`b` ends before `d`");
    assert!(!ends(missing, 4, 7));
    assert!(!ends(missing, 2, 8), "the declaration itself does not");
    let complete = "service a {\n  b {\nc = 1\nd {\n    e\n  }\n}}\n";
    assert!(!ends(complete, 4, 8), "indentation alone says nothing");
}

#[test]
fn nesting_closes_what_was_opened() {
    let mut nesting = Nesting::default();
    nesting.push(K::LBrace, 0);
    nesting.push(K::LBracket, 1);
    nesting.push(K::Ident, 2);
    assert_eq!(nesting.len(), 2);
    assert!(!nesting.close(K::RParen));
    assert!(nesting.close(K::RBrace), "the bracket inside is closed with it");
    assert!(nesting.is_empty());
    assert!(!nesting.close(K::RBracket));
}
