//! The formatter: the same tokens and comments with settled space between them.
//!
//! It keeps the lines of its author, because newlines mean something here: it indents them, spaces what is on them,
//! aligns what belongs together and leaves at most one empty line. A declaration with an error stays as it is. What it
//! makes is parsed again, and thrown away if it says anything else.

mod align;
mod lines;
mod spacing;
mod tokens;

use rowan::WalkEvent;

use crate::kind::{SyntaxKind, SyntaxNode};
use crate::parser::{LARGEST_FILE, Parse, parse};

/// Formats a text.
#[must_use]
pub fn format(text: &str) -> String {
    if text.len() > LARGEST_FILE {
        return text.to_owned();
    }
    let before = parse(text);
    let formatted = settle(text, &before);
    if formatted != text && !same_meaning(&before.syntax(), &parse(&formatted).syntax()) {
        return text.to_owned();
    }
    formatted
}

fn settle(text: &str, parse: &Parse) -> String {
    let tokens = tokens::flatten(parse);
    let mut lines = lines::split(&tokens);
    lines::indent(&mut lines);
    align::align(&mut lines);
    lines::render(&lines, line_break(text))
}

/// The line break of a file: that of Windows only if it has no other.
fn line_break(text: &str) -> &'static str {
    let all = text.matches('\n').count();
    if all > 0 && text.matches("\r\n").count() == all { "\r\n" } else { "\n" }
}

/// Whether two trees have the same nodes around the same tokens, and the same comments.
fn same_meaning(left: &SyntaxNode, right: &SyntaxNode) -> bool {
    outline(left) == outline(right) && comments(left) == comments(right)
}

/// A step of a walk over a tree: into a node, onto a token, or out of a node.
#[derive(PartialEq)]
enum Step {
    In(SyntaxKind),
    Token(SyntaxKind, String),
    Out,
}

fn outline(root: &SyntaxNode) -> Vec<Step> {
    let steps = root.preorder_with_tokens().filter_map(|event| match event {
        WalkEvent::Enter(rowan::NodeOrToken::Node(node)) => Some(Step::In(node.kind())),
        WalkEvent::Leave(rowan::NodeOrToken::Node(_)) => Some(Step::Out),
        WalkEvent::Enter(rowan::NodeOrToken::Token(token)) if !token.kind().is_trivia() => {
            Some(Step::Token(token.kind(), token.text().to_owned()))
        }
        _ => None,
    });
    steps.collect()
}

fn comments(root: &SyntaxNode) -> Vec<String> {
    let tokens = root.descendants_with_tokens().filter_map(rowan::NodeOrToken::into_token);
    let comments = tokens.filter(|token| matches!(token.kind(), SyntaxKind::Comment | SyntaxKind::DocComment));
    comments.map(|token| token.text().trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests;
