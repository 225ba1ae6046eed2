//! What can be folded, and what a selection grows to.

use idpc_syntax::ast::{TextRange, TextSize};
use idpc_syntax::{SyntaxElement, SyntaxKind, SyntaxNode};

/// What is folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A block or a list.
    Block,
    /// Lines of comments.
    Comment,
}

/// A part of a text that can be folded: from the end of its first line to its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// What is hidden.
    pub range: TextRange,
    /// What it is.
    pub kind: Kind,
}

/// What can be folded, in order.
#[must_use]
pub fn folds(text: &str) -> Vec<Fold> {
    let tree = idpc_syntax::parse(text).syntax();
    let mut open: Vec<TextRange> = Vec::new();
    let mut comment: Option<TextRange> = None;
    let mut newlines = 0;
    let mut found = Vec::new();
    let mut fold = |range: TextRange, kind| {
        if text.get(usize::from(range.start())..usize::from(range.end())).is_some_and(|part| part.contains('\n')) {
            found.push(Fold { range, kind });
        }
    };
    for token in tree.descendants_with_tokens().filter_map(SyntaxElement::into_token) {
        let range = token.text_range();
        match token.kind() {
            SyntaxKind::Comment | SyntaxKind::DocComment => {
                newlines = 0;
                comment = Some(comment.map_or(range, |known| known.cover(range)));
                continue;
            }
            SyntaxKind::Whitespace => continue,
            SyntaxKind::Newline => {
                newlines += token.text().matches('\n').count();
                if newlines < 2 {
                    continue;
                }
            }
            SyntaxKind::LBrace | SyntaxKind::LBracket => open.push(range),
            SyntaxKind::RBrace | SyntaxKind::RBracket => {
                if let Some(start) = open.pop() {
                    fold(TextRange::new(start.end(), range.start()), Kind::Block);
                }
            }
            _ => {}
        }
        newlines = 0;
        if let Some(range) = comment.take() {
            fold(range, Kind::Comment);
        }
    }
    if let Some(range) = comment {
        fold(range, Kind::Comment);
    }
    found.sort_by_key(|fold| (fold.range.start(), fold.range.end()));
    found
}

/// What a selection at an offset grows to, from the inside out: each lies in the next.
#[must_use]
pub fn selections(text: &str, offset: TextSize) -> Vec<TextRange> {
    let tree = idpc_syntax::parse(text).syntax();
    let token = tree.token_at_offset(offset.min(tree.text_range().end()));
    let words = token.clone().find(|token| !token.kind().is_trivia());
    let Some(token) = words.or_else(|| token.right_biased()) else { return vec![tree.text_range()] };
    let mut ranges = vec![token.text_range()];
    for node in token.parent_ancestors() {
        let range = trimmed(&node);
        if ranges.last().is_some_and(|last| range.contains_range(*last) && range != *last) {
            ranges.push(range);
        }
    }
    if ranges.last() != Some(&tree.text_range()) {
        ranges.push(tree.text_range());
    }
    ranges
}

/// A node without the space and the comments around it.
fn trimmed(node: &SyntaxNode) -> TextRange {
    let mut tokens = node.descendants_with_tokens().filter_map(SyntaxElement::into_token);
    let first = tokens.find(|token| !token.kind().is_trivia());
    let last = node.descendants_with_tokens().filter_map(SyntaxElement::into_token);
    let last = last.filter(|token| !token.kind().is_trivia()).last();
    match (first, last) {
        (Some(first), Some(last)) => first.text_range().cover(last.text_range()),
        _ => node.text_range(),
    }
}
