//! Text that waits to be written: packed, so that a build of many services fits into little memory.

use std::fmt;

use crate::digest::Digest;

/// The memory that held a text does not hold it any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damaged;

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text of a file was damaged in memory")
    }
}

impl std::error::Error for Damaged {}

/// A text with its hash. Generated files repeat themselves a lot, and packed they take a small part of their length.
#[derive(Clone, PartialEq, Eq)]
pub struct Packed {
    bytes: Box<[u8]>,
    length: usize,
    digest: Digest,
}

impl Packed {
    /// Packs a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = lz4_flex::block::compress(text.as_bytes()).into_boxed_slice();
        Self { bytes, length: text.len(), digest: Digest::of(text.as_bytes()) }
    }

    /// The SHA-256 of the text.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// How many bytes the text has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The text.
    ///
    /// # Errors
    /// Only if this memory was damaged: a text that differs by one bit must not be written.
    pub fn text(&self) -> Result<String, Damaged> {
        let bytes = lz4_flex::block::decompress(&self.bytes, self.length).ok();
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        text.ok_or(Damaged)
    }
}

impl From<&str> for Packed {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Packed {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl fmt::Debug for Packed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.text() {
            Ok(text) => text.fmt(f),
            Err(error) => error.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back() {
        for text in ["", "a", "ä\n", &"key: value\n".repeat(10_000)] {
            let packed = Packed::new(text);
            assert_eq!(packed.text().unwrap(), text);
            assert_eq!((packed.len(), packed.is_empty()), (text.len(), text.is_empty()));
            assert_eq!(packed.digest(), Digest::of(text.as_bytes()));
        }
    }

    #[test]
    fn what_repeats_itself_takes_little_room() {
        let packed = Packed::new(&"key: value\n".repeat(10_000));
        assert!(packed.bytes.len() * 100 < packed.len(), "{} bytes", packed.bytes.len());
    }

    #[test]
    fn damaged_memory_is_noticed() {
        let packed = Packed::new("some text that is long enough, some text that is long enough");
        let short = Packed { bytes: packed.bytes.iter().take(9).copied().collect(), ..packed };
        assert!(short.text().is_err());
    }
}
