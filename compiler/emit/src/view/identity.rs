//! The identity of needs and shared resources, taken apart for the names that are made of it.

use std::sync::Arc;

/// The owner's and the entry's part of an identity: `[checkout, needs, orders]` is `checkout` and `orders`.
#[must_use]
pub fn parts(path: &[Arc<str>]) -> (Arc<str>, Arc<str>) {
    let first = path.first().cloned().unwrap_or_else(|| "".into());
    let last = if path.len() > 1 { path.last().cloned() } else { None };
    (first, last.unwrap_or_else(|| "".into()))
}
