//! `// idp:allow CODE because …` comments.

use rowan::{TextRange, TextSize};

use super::input::Input;
use crate::ast::{Allow, Name};
use crate::kind::SyntaxKind;
use crate::lexer::Token;

const MARKER: &str = "idp:allow";

/// All of them, in source order. Read from the end, so that each knows the line below it.
pub(crate) fn allows(input: &Input<'_>, tokens: &[Token]) -> Vec<Allow> {
    let mut found = Vec::new();
    let mut below = Below::default();
    let mut end = tokens.iter().map(|token| token.len).sum();
    for token in tokens.iter().rev() {
        let span = TextRange::new(end - token.len, end);
        end = span.start();
        if token.kind == SyntaxKind::Comment
            && let Some((code, reason)) = read(input.slice(span), span)
        {
            let target = below.next.unwrap_or(TextRange::empty(span.end()));
            found.push(Allow { code, reason, span, target });
        }
        below.pass(token.kind, span);
    }
    found.reverse();
    found
}

/// What is known about the lines below a place.
#[derive(Default)]
struct Below {
    /// The line of the place itself, as far as it was read: from its first token that is no comment to its last.
    current: Option<TextRange>,
    /// The next line that is more than a comment, without its indent and its line break.
    next: Option<TextRange>,
}

impl Below {
    fn pass(&mut self, kind: SyntaxKind, span: TextRange) {
        match kind {
            SyntaxKind::Newline => self.next = self.current.take().or(self.next),
            SyntaxKind::Whitespace | SyntaxKind::Comment | SyntaxKind::DocComment => {}
            _ => self.current = Some(self.current.map_or(span, |current| current.cover(span))),
        }
    }
}

/// The code and the reason in a comment that is one.
fn read(comment: &str, span: TextRange) -> Option<(Name, String)> {
    let body = comment.strip_prefix("//")?.trim_start().strip_prefix(MARKER)?;
    if !(body.is_empty() || body.starts_with([' ', '\t', ':'])) {
        return None;
    }
    let written = body.trim_start_matches([' ', '\t', ':']);
    let (code, rest) = written.split_at_checked(written.find([' ', '\t']).unwrap_or(written.len()))?;
    let start = span.end() - TextSize::of(written);
    let name = Name { text: code.to_owned(), span: TextRange::at(start, TextSize::of(code)) };
    let reason = rest.trim_start().strip_prefix("because").unwrap_or_default().trim();
    Some((name, reason.to_owned()))
}
