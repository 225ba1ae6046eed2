//! Placeholder.
pub mod node;
pub mod shape;
