//! The identity of needs and shared resources: what their physical names are made of.
//!
//! A `moved` line keeps the names of the former path, so that the same database stands behind a new name.

use std::sync::Arc;

use idpc_model::model::Model;

/// The path from which the names of a need or shared resource are made.
#[must_use]
pub fn origin(model: &Model, path: &[Arc<str>]) -> Vec<Arc<str>> {
    let mut at = path.to_vec();
    // Each line is used at most once, so a ring of moves ends.
    for _ in 0..=model.identities.len() {
        let Some(line) = model.identities.iter().find(|line| !line.removed && line.path == at && !line.from.is_empty())
        else {
            break;
        };
        at.clone_from(&line.from);
    }
    at
}

/// The owner's and the entry's part of an identity: `[checkout, needs, orders]` is `checkout` and `orders`.
#[must_use]
pub fn parts(path: &[Arc<str>]) -> (Arc<str>, Arc<str>) {
    let first = path.first().cloned().unwrap_or_else(|| "".into());
    let last = if path.len() > 1 { path.last().cloned() } else { None };
    (first, last.unwrap_or_else(|| "".into()))
}
