//! Writes YAML as an expert would by hand, so that any reader, of YAML 1.1 or 1.2, reads back exactly what was meant.
//!
//! Block style only; plain scalars where both versions agree on them, quoted ones elsewhere, literal blocks for text of
//! several lines. It never writes anchors, tags, folded text or flow collections other than `{}` and `[]`, and it never
//! reads YAML.

mod plain;
mod scalar;
mod write;

#[cfg(test)]
mod tests;

pub use plain::is_plain;
pub(crate) use scalar::{fits_literal, write_block};
pub use scalar::{write_key, write_text};
pub(crate) use write::{is_decimal, write_scalar};
pub use write::{to_document, write_after_key, write_at};

/// How far the content of a collection or of a literal block stands to the right of its parent.
pub(crate) const STEP: usize = 2;

/// Writes `count` spaces.
pub(crate) fn pad(out: &mut String, mut count: usize) {
    const SPACES: &str = "                                ";
    while count > 0 {
        let chunk = count.min(SPACES.len());
        out.push_str(SPACES.get(..chunk).unwrap_or(SPACES));
        count -= chunk;
    }
}
