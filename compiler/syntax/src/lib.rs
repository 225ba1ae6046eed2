//! Placeholder.
pub mod ast;
