//! Lines and columns of a text. Everything inside the compiler counts bytes; this is where people's numbers begin.

use std::ops::Range;

/// A place as people and editors name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Counted from 1.
    pub line: usize,
    /// In code points, counted from 1.
    pub column: usize,
    /// In bytes, counted from 0.
    pub offset: usize,
}

/// Where each line of a text begins.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
    len: usize,
}

impl LineIndex {
    /// Finds the lines of a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { starts: std::iter::once(0).chain(breaks).collect(), len: text.len() }
    }

    /// The line that holds an offset, counted from 0. An offset behind the end belongs to the last line.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The bytes of a line, counted from 0, with its line break.
    #[must_use]
    pub fn range(&self, line: usize) -> Option<Range<usize>> {
        let start = *self.starts.get(line)?;
        Some(start..self.starts.get(line + 1).copied().unwrap_or(self.len))
    }

    /// The place of an offset in the text that was indexed.
    #[must_use]
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let offset = boundary(text, offset);
        let line = self.line(offset);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let before = text.get(start..offset).unwrap_or_default();
        Position { line: line + 1, column: before.chars().count() + 1, offset }
    }
}

/// The offset itself, or the nearest one before it that does not cut a character.
#[must_use]
pub fn boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, offset: usize) -> (usize, usize) {
        let place = LineIndex::new(text).position(text, offset);
        (place.line, place.column)
    }

    #[test]
    fn lines_and_columns_count_from_one() {
        assert_eq!(at("", 0), (1, 1));
        assert_eq!(at("ab\ncd", 0), (1, 1));
        assert_eq!(at("ab\ncd", 2), (1, 3));
        assert_eq!(at("ab\ncd", 3), (2, 1));
        assert_eq!(at("ab\ncd", 99), (2, 3));
        assert_eq!(at("ab\n", 3), (2, 1));
    }

    #[test]
    fn columns_are_code_points() {
        let text = "x = \"é🌏\" y";
        assert_eq!(at(text, text.find('y').unwrap()), (1, 10));
        assert_eq!(at(text, text.find('🌏').unwrap() + 2), (1, 7), "inside a character is its beginning");
    }

    #[test]
    fn a_carriage_return_belongs_to_its_line() {
        assert_eq!(at("a\r\nb", 3), (2, 1));
        assert_eq!(LineIndex::new("a\r\nb").range(0), Some(0..3));
        assert_eq!(LineIndex::new("a\r\nb").range(1), Some(3..4));
        assert_eq!(LineIndex::new("a\r\nb").range(2), None);
    }
}
