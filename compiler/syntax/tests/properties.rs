//! What holds for every text, however broken.

use idpc_syntax::{SyntaxKind, parse};
use proptest::prelude::*;

/// Pieces of programs, so that random texts get deep into the grammar.
const PIECES: &[&str] = &[
    "service",
    "resource",
    "schema",
    "enum",
    "extend",
    "let",
    "moved",
    "removed",
    "team",
    "in",
    "if",
    "then",
    "else",
    "and",
    "or",
    "not",
    "true",
    "none",
    "self",
    "output",
    "require",
    "warn",
    "map",
    "secret",
    "matching",
    "nonempty",
    "name",
    "order-paid",
    "a.b",
    "\"text\"",
    "\"${a.b}\"",
    "\"${a.\"x\"}\"",
    "\"open",
    "\"\"\"",
    "\"\"\"\n  x\n  \"\"\"",
    "42",
    "3.5",
    "1..5",
    "50GiB",
    "1h30m",
    "2027-03-31",
    "99.9%",
    "007",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    "=",
    "==",
    "!=",
    "<=",
    ":",
    ":=",
    ",",
    ";",
    ".",
    "..",
    "??",
    "?",
    "@",
    "&",
    "&&",
    "|",
    "||",
    "!",
    "+",
    "-",
    "*",
    "/",
    "// note",
    "/// doc",
    "# note",
    "/* x */",
    "/*",
    "// idp:allow IDP0001 because x",
    "é",
    "“x”",
    "'x'",
    "\u{202e}",
    "\u{a0}",
    "\\",
    "$",
    "`",
    "\0",
    "\r",
    "\nservice a : web {\n",
    "\n}\n",
];

fn soup() -> impl Strategy<Value = String> {
    let space = prop_oneof![3 => Just(" "), 1 => Just(""), 1 => Just("\n"), 1 => Just("\n  "), 1 => Just("\r\n")];
    prop::collection::vec((prop::sample::select(PIECES), space), 0..120).prop_map(|pieces| {
        pieces
            .into_iter()
            .flat_map(|(piece, space)| [piece, space])
            .collect()
    })
}

/// The text, and that every place that is named lies in it.
fn check(text: &str) {
    let parse = parse(text);
    assert_eq!(parse.syntax().text().to_string(), text);
    for error in parse.errors() {
        assert!(
            text.get(usize::from(error.span.start())..usize::from(error.span.end()))
                .is_some(),
            "{error:?}"
        );
        for (range, _) in error.fix.iter().flat_map(|fix| &fix.edits) {
            assert!(
                text.get(usize::from(range.start())..usize::from(range.end()))
                    .is_some(),
                "{error:?}"
            );
        }
        assert!(!error.kind.message().is_empty());
    }
    assert!(
        parse.errors().is_sorted_by_key(|error| error.span.start()),
        "errors are in order"
    );
    for decl in &parse.source_file().decls {
        assert!(decl.span.contains_range(decl.header), "{decl:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_tree_is_the_text(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn the_tree_of_a_soup_of_tokens_is_the_text(text in soup()) {
        check(&text);
    }

    #[test]
    fn a_text_without_errors_has_no_junk(text in soup()) {
        let parse = parse(&text);
        let is_junk = |kind| matches!(kind, SyntaxKind::Junk | SyntaxKind::Error);
        if parse.errors().is_empty() {
            prop_assert!(!parse.syntax().descendants_with_tokens().any(|element| is_junk(element.kind())), "{}", text);
        }
    }
}
