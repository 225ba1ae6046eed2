//! Tests as Markdown: each heading is a test, its fenced `idp` blocks are files, comments and further blocks say what
//! the compiler makes of them. One runner for the language's own tests and for those of a platform team.
//!
//! Reads pages and writes expected blocks anew; prints nothing and knows no terminal.

pub mod assertion;
pub mod block;
pub mod case;
mod difference;
pub mod examples;
mod expectation;
pub mod finding;
mod inclusion;
pub mod output;
pub mod page;
pub mod platform;
pub mod program;
pub mod report;
pub mod suite;
mod values;
