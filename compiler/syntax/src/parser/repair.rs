//! Where a missing closing brace belongs, guessed from the indentation.
//!
//! Only consulted for declarations whose braces do not match: a program that is complete can be indented anyhow.

use std::collections::BTreeMap;

use crate::kind::SyntaxKind;

use super::input::{Input, begins_declaration};
use super::nesting::Nesting;

/// Opening tokens whose end is missing, with the token before which it should have stood.
#[derive(Debug, Default)]
pub(crate) struct Repairs {
    ends: BTreeMap<usize, usize>,
    /// The declarations with such tokens: where each begins, and where it ends.
    unbalanced: BTreeMap<usize, usize>,
}

impl Repairs {
    /// Looks at each declaration by itself.
    pub(crate) fn find(input: &Input<'_>) -> Self {
        let mut repairs = Self::default();
        let mut start = 0;
        while start < input.len() {
            let column = input.get(start).column;
            let begins = |at: &usize| {
                let token = input.get(*at);
                token.first_on_line && token.column <= column && begins_declaration(input, *at)
            };
            let end = (start + 1..input.len()).find(begins).unwrap_or(input.len());
            repairs.declaration(input, start, end);
            start = end;
        }
        repairs
    }

    /// Whether the end of an opening token is missing right before a position.
    pub(crate) fn ends_before(&self, opener: usize, position: usize) -> bool {
        self.ends.get(&opener).is_some_and(|end| *end <= position)
    }

    /// Whether a brace is not closed in the declaration that a position is in.
    pub(crate) fn is_unbalanced(&self, position: usize) -> bool {
        let before = self.unbalanced.range(..=position).next_back();
        before.is_some_and(|(_, end)| position < *end)
    }

    fn declaration(&mut self, input: &Input<'_>, start: usize, end: usize) {
        let mut missing = missing_braces(input, start, end);
        if missing == 0 {
            return;
        }
        self.unbalanced.insert(start, end);
        let mut open = Nesting::default();
        for at in start..end {
            let token = input.get(at);
            let closes = matches!(token.kind, SyntaxKind::RBrace | SyntaxKind::RBracket | SyntaxKind::RParen);
            while token.first_on_line && missing > 0 && open.len() > 1 {
                let Some((kind, opener)) = open.last() else {
                    break;
                };
                let (line, indent) = (input.get(opener).line, input.get(opener).indent);
                let outside = if closes { token.column < indent } else { token.column <= indent };
                if kind != SyntaxKind::LBrace || line == token.line || !outside {
                    break;
                }
                open.pop();
                self.ends.insert(opener, at);
                missing -= 1;
            }
            if closes {
                open.close(token.kind);
            } else {
                open.push(token.kind, at);
            }
        }
    }
}

/// How many braces are opened and not closed.
fn missing_braces(input: &Input<'_>, start: usize, end: usize) -> usize {
    let mut open: usize = 0;
    for at in start..end {
        match input.get(at).kind {
            SyntaxKind::LBrace => open += 1,
            SyntaxKind::RBrace => open = open.saturating_sub(1),
            _ => {}
        }
    }
    open
}
