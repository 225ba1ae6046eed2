//! From declarations to resolved schemas: parents, extensions, narrowings.
//!
//! Reads only the files that may declare schemas; knows nothing of instances.

mod builder;
mod closure;
mod members;
mod narrowing;
mod types;

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::index::Index;
use crate::schema::SchemaSet;
use crate::source::Files;

pub use narrowing::violates;

/// Builds every schema and enum; each finding once, used or not.
#[must_use]
pub fn build(files: &Files, index: &Index) -> (Arc<SchemaSet>, Vec<Diagnostic>) {
    let mut builder = builder::Builder::new(files, index);
    builder.run();
    (Arc::new(builder.set), builder.diagnostics)
}
