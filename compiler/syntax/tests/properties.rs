//! What holds for every text, however broken.

mod generate;
mod outline;

use idpc_syntax::{SyntaxKind, format, parse};
use proptest::prelude::*;

use generate::{program, soup};

/// The tree is the text, and every place that is named lies in it.
fn check(text: &str) {
    let parse = parse(text);
    assert_eq!(parse.syntax().text().to_string(), text);
    for error in parse.errors() {
        assert!(text.get(usize::from(error.span.start())..usize::from(error.span.end())).is_some(), "{error:?}");
        for (range, _) in error.fix.iter().flat_map(|fix| &fix.edits) {
            assert!(text.get(usize::from(range.start())..usize::from(range.end())).is_some(), "{error:?}");
        }
        assert!(!error.kind.message().is_empty());
    }
    assert!(parse.errors().is_sorted_by_key(|error| error.span.start()), "errors are in order");
    for decl in &parse.source_file().decls {
        assert!(decl.span.contains_range(decl.header), "{decl:?}");
    }
}

/// Everything but space, in order; comments without the space at their end.
fn words(text: &str) -> Vec<String> {
    let tokens =
        parse(text).syntax().descendants_with_tokens().filter_map(|element| element.into_token()).collect::<Vec<_>>();
    let words = tokens.iter().filter(|token| !matches!(token.kind(), SyntaxKind::Whitespace | SyntaxKind::Newline));
    words.map(|token| token.text().trim_end().to_owned()).collect()
}

fn check_format(text: &str) {
    let formatted = format(text);
    assert_eq!(words(&formatted), words(text), "the tokens stay\n{text}\n---\n{formatted}");
    assert_eq!(format(&formatted), formatted, "formatting twice changes nothing\n{text}\n---\n{formatted}");
    let view = |text: &str| outline::outline(&parse(text).source_file());
    assert_eq!(view(&formatted), view(text), "the meaning stays\n{text}\n---\n{formatted}");
    let kinds = |text: &str| parse(text).errors().iter().map(|error| error.kind.code()).collect::<Vec<_>>();
    assert_eq!(kinds(&formatted), kinds(text), "the errors stay\n{text}\n---\n{formatted}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_tree_is_the_text(text in any::<String>()) {
        check(&text);
        check_format(&text);
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

    #[test]
    fn a_sound_program_has_no_errors(text in program()) {
        check(&text);
        let parse = parse(&text);
        prop_assert!(parse.errors().is_empty(), "{:?}\n{}", parse.errors(), text);
    }

    #[test]
    fn formatting_a_soup_keeps_its_tokens(text in soup()) {
        check_format(&text);
    }

    #[test]
    fn formatting_a_program_keeps_its_tokens(text in program()) {
        check_format(&text);
    }
}
