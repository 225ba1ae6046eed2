//! Editor features as plain data.
//!
//! Knows no protocol and reads no file: texts and models come in, ranges of bytes and text go out. [`lines`] is where
//! bytes become the lines and columns of an editor.

pub mod completion;
mod cursor;
mod effective;
pub mod finding;
pub mod fix;
pub mod format;
pub mod hover;
pub mod lines;
pub mod mention;
mod place;
pub mod program;
mod slot;
mod spot;
pub mod symbol;
pub mod thing;
mod walk;
mod walk_values;
pub mod written;
