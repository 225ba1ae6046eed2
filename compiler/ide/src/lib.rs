//! Editor features as plain data.
//!
//! Knows no protocol and reads no file: texts and models come in, ranges of bytes and text go out. [`lines`] is where
//! bytes become the lines and columns of an editor.

mod cursor;
mod effective;
pub mod finding;
pub mod format;
pub mod hover;
pub mod lines;
mod place;
pub mod symbol;
pub mod written;
