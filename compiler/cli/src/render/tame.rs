//! Text that a terminal may show: what a source holds never moves its cursor, changes its colors or turns around what is
//! read.

use std::borrow::Cow;

/// The text with a harmless letter for each one that acts on a terminal. Each takes as many bytes as what it stands for,
/// so that places stay.
pub(super) fn tame(text: &str) -> Cow<'_, str> {
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let mut tamed = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let ends_line = letter == '\r' && letters.peek() == Some(&'\n');
        match letter.len_utf8() {
            _ if !acts(letter) || ends_line => tamed.push(letter),
            1 => tamed.push('?'),
            2 => tamed.push('¿'),
            _ => tamed.push('\u{fffd}'),
        }
    }
    Cow::Owned(tamed)
}

/// Whether a letter does something else than being shown: a control character, or one that turns the direction of text.
fn acts(letter: char) -> bool {
    let turns = matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || (letter.is_control() && !matches!(letter, '\n' | '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_replaced_and_places_stay() {
        let text = "a\tb\r\nc\u{1b}[31md\re\u{9b}f\u{202e}g\u{7f}é🌏\n";
        let tamed = tame(text);
        assert_eq!(tamed, "a\tb\r\nc?[31md?e¿f\u{fffd}g?é🌏\n");
        assert_eq!(tamed.len(), text.len());
        assert!(matches!(tame("plain é\n"), Cow::Borrowed(_)));
    }
}
