//! Everything between the compiler's core and the machine it runs on.
//!
//! The only crate that reads or writes files. It decides nothing about the language.

pub mod code;
pub mod host;
pub mod output;
pub mod sources;
mod texts;
pub mod workspace;
