//! Places in source.

use idpc_syntax::ast::TextRange;

/// A file of the workspace or of the standard library, by its place in the sorted list of sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A range of bytes in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// Which file.
    pub file: FileId,
    /// Which bytes.
    pub range: TextRange,
}

impl Span {
    /// A span of a file.
    #[must_use]
    pub fn new(file: FileId, range: TextRange) -> Self {
        Self { file, range }
    }

    /// Whether both lie in one file and share a byte or a border.
    #[must_use]
    pub fn touches(self, other: Self) -> bool {
        self.file == other.file && self.range.start() <= other.range.end() && other.range.start() <= self.range.end()
    }

    /// The order in which spans are read: file by file, from the start.
    #[must_use]
    pub fn key(self) -> (u32, u32, u32) {
        (self.file.0, self.range.start().into(), self.range.end().into())
    }
}

impl PartialOrd for Span {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Span {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}
