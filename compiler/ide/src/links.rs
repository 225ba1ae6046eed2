//! Addresses in a text: runbooks, dashboards, repositories.

use idpc_syntax::ast::{TextRange, TextSize};
use idpc_syntax::{SyntaxElement, SyntaxKind, parse};

/// An address in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The address, without its quotes.
    pub range: TextRange,
    /// Where it leads.
    pub target: String,
}

/// The addresses in the strings and comments of a text, in order.
#[must_use]
pub fn links(text: &str) -> Vec<Link> {
    let mut found = Vec::new();
    for token in parse(text).syntax().descendants_with_tokens().filter_map(SyntaxElement::into_token) {
        if !matches!(token.kind(), SyntaxKind::Str | SyntaxKind::Comment | SyntaxKind::DocComment) {
            continue;
        }
        let written = token.text();
        for (at, _) in written.match_indices("http") {
            let rest = written.get(at..).unwrap_or_default();
            let scheme = rest.starts_with("https://") || rest.starts_with("http://");
            let end =
                rest.find(|letter: char| letter.is_whitespace() || "\"`<>)".contains(letter)).unwrap_or(rest.len());
            let target = rest.get(..end).unwrap_or_default().trim_end_matches(['.', ',', ';']);
            // An address that is put together is known only later.
            if !scheme || target.contains("${") || target.ends_with("//") {
                continue;
            }
            let start = token.text_range().start() + TextSize::of(written.get(..at).unwrap_or_default());
            found.push(Link { range: TextRange::at(start, TextSize::of(target)), target: target.to_owned() });
        }
    }
    found
}
