//! Where a template finds its partials.

use super::ast::{Folder, Item};
use crate::shape::ShapeSource;

/// A template that has been read.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// Its file, relative to the target's folder.
    pub file: String,
    pub items: Vec<Item>,
}

/// The partials of a target, and the shapes of its data.
pub(crate) trait Library {
    /// The partial `name` in `folder`; `schema` is the kind or path whose folder it is.
    fn partial(&self, folder: Folder, schema: &str, name: &str) -> Option<&Source>;

    /// The names of all partials in `folder`, of all its kinds or paths.
    fn names(&self, folder: Folder) -> Vec<&str>;

    /// The shapes of the data.
    fn shapes(&self) -> &dyn ShapeSource;
}
