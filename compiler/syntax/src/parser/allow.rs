//! `// idp:allow CODE because …` comments.

use rowan::{TextRange, TextSize};

use super::input::Input;
use crate::ast::{Allow, Name};
use crate::kind::SyntaxKind;
use crate::lexer::Token;

const MARKER: &str = "idp:allow";

/// All of them, in source order.
pub(crate) fn allows(input: &Input<'_>, tokens: &[Token]) -> Vec<Allow> {
    let mut found = Vec::new();
    let mut offset = TextSize::new(0);
    for (index, token) in tokens.iter().enumerate() {
        let span = TextRange::at(offset, token.len);
        offset = span.end();
        if token.kind != SyntaxKind::Comment {
            continue;
        }
        if let Some((code, reason)) = read(input.slice(span), span) {
            let rest = tokens.get(index + 1..).unwrap_or_default();
            found.push(Allow {
                code,
                reason,
                span,
                target: target(rest, span.end()),
            });
        }
    }
    found
}

/// The code and the reason in a comment that is one.
fn read(comment: &str, span: TextRange) -> Option<(Name, String)> {
    let body = comment
        .strip_prefix("//")?
        .trim_start()
        .strip_prefix(MARKER)?;
    if !(body.is_empty() || body.starts_with([' ', '\t', ':'])) {
        return None;
    }
    let written = body.trim_start_matches([' ', '\t', ':']);
    let (code, rest) =
        written.split_at_checked(written.find([' ', '\t']).unwrap_or(written.len()))?;
    let start = span.end() - TextSize::of(written);
    let name = Name {
        text: code.to_owned(),
        span: TextRange::at(start, TextSize::of(code)),
    };
    let reason = rest
        .trim_start()
        .strip_prefix("because")
        .unwrap_or_default()
        .trim();
    Some((name, reason.to_owned()))
}

/// The next line that is more than a comment, without its indent and its line break.
fn target(rest: &[Token], from: TextSize) -> TextRange {
    let mut offset = from;
    let mut below = false;
    let mut start = None;
    for token in rest {
        match token.kind {
            SyntaxKind::Newline if start.is_some() => break,
            SyntaxKind::Newline => below = true,
            SyntaxKind::Whitespace | SyntaxKind::Comment | SyntaxKind::DocComment => {}
            _ if below => start = start.or(Some(offset)),
            _ => {}
        }
        offset += token.len;
    }
    start.map_or(TextRange::empty(from), |start| {
        TextRange::new(start, offset)
    })
}
