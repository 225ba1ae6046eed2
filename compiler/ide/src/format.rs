//! Formatting as the smallest edit: what did not change is not replaced, so that an editor keeps its cursor and folds.

use idpc_syntax::ast::{TextRange, TextSize};

/// A replacement of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// What is replaced.
    pub range: TextRange,
    /// By what.
    pub text: String,
}

/// What formatting changes; nothing when the text is formatted.
#[must_use]
pub fn format(text: &str) -> Option<Replacement> {
    difference(text, &idpc_syntax::format(text))
}

/// What formatting changes in the lines of a range; other lines stay as they are.
#[must_use]
pub fn format_range(text: &str, range: TextRange) -> Vec<Replacement> {
    let new = idpc_syntax::format(text);
    let diff = similar::TextDiff::from_lines(text, &new);
    let starts = |text: &str| -> Vec<usize> {
        let mut at = 0;
        let mut starts = vec![0];
        for line in text.split_inclusive('\n') {
            at += line.len();
            starts.push(at);
        }
        starts
    };
    let (old_starts, new_starts) = (starts(text), starts(&new));
    let bytes =
        |starts: &[usize], lines: std::ops::Range<usize>| Some(*starts.get(lines.start)?..*starts.get(lines.end)?);
    let mut found = Vec::new();
    let changed = diff.ops().iter().filter(|op| op.tag() != similar::DiffTag::Equal);
    let pairs = changed.flat_map(|op| lines_of(op.old_range(), op.new_range()));
    for (old, new_lines) in pairs {
        let places = (bytes(&old_starts, old), bytes(&new_starts, new_lines));
        let (Some(old), Some(new_bytes)) = places else { continue };
        let size = |at: usize| TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
        let here = TextRange::new(size(old.start), size(old.end));
        let near = here.start() <= range.end() && range.start() < here.end().max(here.start() + TextSize::new(1));
        if near && let Some(written) = new.get(new_bytes) {
            found.push(Replacement { range: here, text: written.to_owned() });
        }
    }
    found
}

/// Lines that change one by one are taken one by one; others stay together.
fn lines_of(
    old: std::ops::Range<usize>,
    new: std::ops::Range<usize>,
) -> Vec<(std::ops::Range<usize>, std::ops::Range<usize>)> {
    if old.len() != new.len() {
        return vec![(old, new)];
    }
    old.zip(new).map(|(old, new)| (old..old + 1, new..new + 1)).collect()
}

/// What formatting changes behind a letter that was just typed: the block that a `}` closes, the line that a line break ends.
#[must_use]
pub fn format_typed(text: &str, offset: TextSize, typed: char) -> Vec<Replacement> {
    let before = text.get(..usize::from(offset)).unwrap_or_default();
    let size = |at: usize| TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
    let start = match typed {
        '}' => opening(text, offset),
        '\n' => {
            let ended = before.trim_end_matches([' ', '\t']);
            let ended = ended.strip_suffix('\n').unwrap_or(ended);
            Some(ended.rfind('\n').map_or(0, |at| at + 1))
        }
        _ => None,
    };
    let Some(start) = start else { return Vec::new() };
    let end = if typed == '\n' { before.trim_end_matches([' ', '\t']).len().saturating_sub(1) } else { before.len() };
    let within = TextRange::new(size(start.min(end)), size(end));
    let mut found = format_range(text, within);
    // The line that is being written is nobody's business yet.
    found.retain(|change| typed != '\n' || change.range.end() <= offset && !before.ends_with("\n\n"));
    found
}

/// The beginning of the line with the brace that the one before an offset closes.
fn opening(text: &str, offset: TextSize) -> Option<usize> {
    use idpc_syntax::{SyntaxElement, SyntaxKind};
    let tree = idpc_syntax::parse(text).syntax();
    let mut open = Vec::new();
    for token in tree.descendants_with_tokens().filter_map(SyntaxElement::into_token) {
        match token.kind() {
            SyntaxKind::LBrace => open.push(usize::from(token.text_range().start())),
            SyntaxKind::RBrace => {
                let start = open.pop();
                if token.text_range().end() == offset {
                    let start = start?;
                    return Some(text.get(..start)?.rfind('\n').map_or(0, |at| at + 1));
                }
            }
            _ => {}
        }
    }
    None
}

/// The one replacement between what two texts begin and end with alike.
fn difference(old: &str, new: &str) -> Option<Replacement> {
    if old == new {
        return None;
    }
    let letters = old.chars().zip(new.chars());
    let before: usize = letters.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let (old_rest, new_rest) = (old.get(before..)?, new.get(before..)?);
    let letters = old_rest.chars().rev().zip(new_rest.chars().rev());
    let after: usize = letters.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let size = |at: usize| u32::try_from(at).map(TextSize::new).ok();
    Some(Replacement {
        range: TextRange::new(size(before)?, size(old.len() - after)?),
        text: new_rest.get(..new_rest.len() - after)?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, changes: &[Replacement]) -> String {
        let mut text = text.to_owned();
        for change in changes.iter().rev() {
            text.replace_range(usize::from(change.range.start())..usize::from(change.range.end()), &change.text);
        }
        text
    }

    const UGLY: &str = "team   a {}\nteam   b {\nemail=\"x\"\n}\nteam   c {}\n";

    #[test]
    fn a_range_touches_only_its_lines() {
        let size = |at: usize| TextSize::new(u32::try_from(at).unwrap());
        let b = UGLY.find("team   b").unwrap();
        let end = UGLY.find("}\nteam   c").unwrap();
        let changes = format_range(UGLY, TextRange::new(size(b), size(end)));
        assert_eq!(all(UGLY, &changes), UGLY.replace("team   b", "team b").replace("email=\"x\"", "  email = \"x\""));
        let whole = format_range(UGLY, TextRange::up_to(TextSize::of(UGLY)));
        assert_eq!(all(UGLY, &whole), idpc_syntax::format(UGLY));
        let one = format_typed(UGLY, size(end + 1), '}');
        assert_eq!(all(UGLY, &one), all(UGLY, &changes));
        let line = format_typed("team   a {}\n\nteam   b {}\n", size(12), '\n');
        assert_eq!(all("team   a {}\n\nteam   b {}\n", &line), "team a {}\n\nteam   b {}\n");
    }

    fn applied(old: &str, new: &str) -> (String, String) {
        let change = difference(old, new).unwrap();
        let mut text = old.to_owned();
        text.replace_range(usize::from(change.range.start())..usize::from(change.range.end()), &change.text);
        (text, change.text)
    }

    #[test]
    fn only_what_differs_is_replaced() {
        assert_eq!(difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(applied("x\n a=1\ny\n", "x\na = 1\ny\n"), ("x\na = 1\ny\n".into(), "a = ".into()));
        assert_eq!(applied("ab", "abab"), ("abab".into(), "ab".into()));
        assert_eq!(applied("abab", "ab"), ("ab".into(), String::new()));
        assert_eq!(applied("", "é"), ("é".into(), "é".into()));
        assert_eq!(applied("é🌏", "è🌏"), ("è🌏".into(), "è".into()), "never inside of a character");
    }
}
