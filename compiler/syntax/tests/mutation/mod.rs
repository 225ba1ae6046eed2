//! One small change at a time to a program.

use std::ops::Range;

use idpc_syntax::{SyntaxKind, parse};

/// What is done to a token.
#[derive(Clone, Copy, Debug)]
pub enum Change {
    /// It is taken away.
    Delete,
    /// It stands there twice.
    Double,
    /// It changes its place with the next one.
    Swap,
}

/// The program with the change made to each of its tokens in turn.
pub fn mutants(text: &str, change: Change) -> impl Iterator<Item = String> {
    let tokens = tokens(text);
    let next = tokens.iter().skip(1).cloned().map(Some).chain([None]).collect::<Vec<_>>();
    tokens.into_iter().zip(next).filter_map(move |(token, next)| {
        let piece = |range: Range<usize>| text.get(range).unwrap_or_default();
        Some(match change {
            Change::Delete => replaced(text, token, ""),
            Change::Double => replaced(text, token.clone(), &format!("{0} {0}", piece(token))),
            Change::Swap => {
                let next = next?;
                let swapped =
                    format!("{}{}{}", piece(next.clone()), piece(token.end..next.start), piece(token.clone()));
                replaced(text, token.start..next.end, &swapped)
            }
        })
    })
}

/// Everything but space, in order; comments without the space at their end.
pub fn words(text: &str) -> Vec<String> {
    let tokens = parse(text).syntax().descendants_with_tokens().filter_map(|element| element.into_token());
    let words = tokens.filter(|token| !matches!(token.kind(), SyntaxKind::Whitespace | SyntaxKind::Newline));
    words.map(|token| token.text().trim_end().to_owned()).collect()
}

/// Where the tokens of a program stand.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let is_seen = |kind| {
        !matches!(kind, SyntaxKind::Whitespace | SyntaxKind::Newline | SyntaxKind::Comment | SyntaxKind::DocComment)
    };
    let tokens = parse(text).syntax().descendants_with_tokens().filter_map(|element| element.into_token());
    tokens.filter(|token| is_seen(token.kind())).map(|token| token.text_range().into()).collect()
}

fn replaced(text: &str, range: Range<usize>, by: &str) -> String {
    let mut text = text.to_owned();
    text.replace_range(range, by);
    text
}
