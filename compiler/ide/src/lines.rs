//! Lines and columns of a text, as editors count them.
//!
//! Every question has an answer: a place behind the end of a line or of the text is clamped to that end, and one inside
//! of a character to the character's beginning.

use std::sync::Arc;

use idpc_syntax::ast::{TextRange, TextSize};

/// What a column counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of UTF-16: two for each character outside of the basic plane.
    #[default]
    Utf16,
}

/// A place in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Counted from 0.
    pub line: u32,
    /// Counted from 0, in units of the encoding.
    pub column: u32,
}

/// From one place to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range {
    /// Belongs to it.
    pub start: Position,
    /// Does not.
    pub end: Position,
}

/// A text that knows where its lines begin.
#[derive(Clone, Debug)]
pub struct Lines {
    text: Arc<str>,
    starts: Vec<usize>,
}

impl Lines {
    /// Finds the lines of a text. A line ends with `\n`, `\r\n` or `\r`.
    #[must_use]
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|(at, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The place of a byte.
    #[must_use]
    pub fn position(&self, offset: usize, encoding: Encoding) -> Position {
        let offset = self.boundary(offset);
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let before = self.text.get(start..offset).unwrap_or_default();
        let column = match encoding {
            Encoding::Utf8 => before.len(),
            Encoding::Utf16 => before.chars().map(char::len_utf16).sum(),
        };
        Position { line: count(line), column: count(column) }
    }

    /// Where a range begins and ends.
    #[must_use]
    pub fn range(&self, range: TextRange, encoding: Encoding) -> Range {
        let start = self.position(range.start().into(), encoding);
        Range { start, end: self.position(range.end().into(), encoding) }
    }

    /// The byte at a place.
    #[must_use]
    pub fn offset(&self, position: Position, encoding: Encoding) -> usize {
        let line = usize::try_from(position.line).unwrap_or(usize::MAX);
        let Some(start) = self.starts.get(line).copied() else {
            return self.text.len();
        };
        let next = line.checked_add(1).and_then(|next| self.starts.get(next)).copied().unwrap_or(self.text.len());
        let content = self.text.get(start..next).unwrap_or_default().trim_end_matches(['\n', '\r']);
        let wanted = usize::try_from(position.column).unwrap_or(usize::MAX);
        let within = match encoding {
            Encoding::Utf8 => wanted.min(content.len()),
            Encoding::Utf16 => units(content, wanted),
        };
        self.boundary(start + within)
    }

    /// The bytes of a range; its end never lies before its start.
    #[must_use]
    pub fn bytes(&self, range: Range, encoding: Encoding) -> std::ops::Range<usize> {
        let start = self.offset(range.start, encoding);
        start..self.offset(range.end, encoding).max(start)
    }

    /// The byte itself as the syntax counts it.
    #[must_use]
    pub fn size(&self, position: Position, encoding: Encoding) -> TextSize {
        TextSize::new(count(self.offset(position, encoding)))
    }

    /// The nearest offset that does not cut a character, at or before this one.
    fn boundary(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }
}

/// The bytes that the first units of UTF-16 take; a character that they cut is left out.
fn units(text: &str, wanted: usize) -> usize {
    let mut passed = 0;
    for (at, letter) in text.char_indices() {
        passed += letter.len_utf16();
        if passed > wanted {
            return at;
        }
    }
    text.len()
}

fn count(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a = \"é🌏x\"\r\nb\rc\n";

    fn at(line: u32, column: u32) -> Position {
        Position { line, column }
    }

    #[test]
    fn columns_are_counted_in_the_units_of_the_encoding() {
        let lines = Lines::new(TEXT);
        let x = TEXT.find('x').unwrap();
        assert_eq!(lines.position(x, Encoding::Utf16), at(0, 8));
        assert_eq!(lines.position(x, Encoding::Utf8), at(0, 11));
        assert_eq!(lines.offset(at(0, 8), Encoding::Utf16), x);
        assert_eq!(lines.offset(at(0, 11), Encoding::Utf8), x);
    }

    #[test]
    fn every_end_of_a_line_begins_another() {
        let lines = Lines::new(TEXT);
        assert_eq!(lines.position(TEXT.find('b').unwrap(), Encoding::Utf16), at(1, 0));
        assert_eq!(lines.position(TEXT.find('c').unwrap(), Encoding::Utf16), at(2, 0));
        assert_eq!(lines.position(TEXT.len(), Encoding::Utf16), at(3, 0));
    }

    #[test]
    fn places_that_do_not_exist_are_clamped() {
        let lines = Lines::new(TEXT);
        let globe = TEXT.find('🌏').unwrap();
        assert_eq!(lines.offset(at(0, 7), Encoding::Utf16), globe, "inside of a surrogate pair");
        assert_eq!(lines.offset(at(0, 9), Encoding::Utf8), globe, "inside of a character");
        assert_eq!(lines.offset(at(0, 99), Encoding::Utf16), TEXT.find('\r').unwrap(), "behind the end of a line");
        assert_eq!(lines.offset(at(99, 0), Encoding::Utf16), TEXT.len(), "behind the end of the text");
        assert_eq!(lines.position(999, Encoding::Utf8), at(3, 0));
        let backwards = Range { start: at(1, 0), end: at(0, 0) };
        assert!(lines.bytes(backwards, Encoding::Utf16).is_empty());
    }

    #[test]
    fn every_boundary_survives_the_way_there_and_back() {
        let lines = Lines::new(TEXT);
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            for (offset, letter) in TEXT.char_indices().filter(|(_, letter)| *letter != '\n') {
                let place = lines.position(offset, encoding);
                assert_eq!(lines.offset(place, encoding), offset, "{letter:?} as {encoding:?}");
            }
        }
    }
}
