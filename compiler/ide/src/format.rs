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
