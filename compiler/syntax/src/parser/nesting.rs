//! A stack of what is open, which knows without a search whether a closing token has its beginning in it.

use crate::kind::SyntaxKind;

/// Opening tokens, innermost last.
#[derive(Debug, Default)]
pub(crate) struct Nesting {
    open: Vec<(SyntaxKind, usize)>,
    braces: usize,
    brackets: usize,
    parens: usize,
}

impl Nesting {
    /// Whether nothing is open.
    pub(crate) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// How much is open.
    pub(crate) fn len(&self) -> usize {
        self.open.len()
    }

    /// The innermost opening token: its kind and where it is.
    pub(crate) fn last(&self) -> Option<(SyntaxKind, usize)> {
        self.open.last().copied()
    }

    /// Opens one.
    pub(crate) fn push(&mut self, opener: SyntaxKind, position: usize) {
        if let Some(count) = self.count(opener) {
            *count += 1;
            self.open.push((opener, position));
        }
    }

    /// Leaves the innermost one.
    pub(crate) fn pop(&mut self) -> Option<(SyntaxKind, usize)> {
        let last = self.open.pop()?;
        if let Some(count) = self.count(last.0) {
            *count -= 1;
        }
        Some(last)
    }

    /// Leaves everything up to the one that this token closes. False if there is none.
    pub(crate) fn close(&mut self, closer: SyntaxKind) -> bool {
        let opener = match closer {
            SyntaxKind::RBrace => SyntaxKind::LBrace,
            SyntaxKind::RBracket => SyntaxKind::LBracket,
            _ => SyntaxKind::LParen,
        };
        if self.count(opener).is_none_or(|count| *count == 0) {
            return false;
        }
        while self.pop().is_some_and(|(kind, _)| kind != opener) {}
        true
    }

    fn count(&mut self, opener: SyntaxKind) -> Option<&mut usize> {
        match opener {
            SyntaxKind::LBrace => Some(&mut self.braces),
            SyntaxKind::LBracket => Some(&mut self.brackets),
            SyntaxKind::LParen => Some(&mut self.parens),
            _ => None,
        }
    }
}
