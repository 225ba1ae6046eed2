//! Editor features as plain data.
//!
//! Knows no protocol and reads no file: texts and models come in, ranges of bytes and text go out. [`lines`] is where
//! bytes become the lines and columns of an editor.

pub mod action;
pub mod calls;
pub mod colors;
pub mod completion;
mod cursor;
pub mod diagram;
mod effective;
mod excerpt;
pub mod finding;
pub mod fix;
pub mod fold;
pub mod format;
pub mod hints;
pub mod hover;
pub mod lens;
pub mod lines;
pub mod links;
pub mod mention;
pub mod navigate;
mod place;
pub mod preview;
pub mod program;
pub mod rename;
pub mod search;
pub mod signature;
mod slot;
mod spot;
pub mod symbol;
pub mod thing;
mod trial;
mod walk;
mod walk_values;
pub mod written;
