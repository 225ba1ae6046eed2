//! The type of a [`crate::node::Node`], against which a template is checked when it is loaded.

use std::collections::BTreeMap;
use std::sync::Arc;

/// What a template may expect at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Anything: can only be interpolated as a whole node.
    Any,
    /// `true` or `false`.
    Bool,
    /// A whole or decimal number.
    Number,
    /// Text.
    Text,
    /// A value that may be unset; must be guarded before use.
    Optional(Arc<Shape>),
    /// A list.
    List(Arc<Shape>),
    /// A map with keys that are data.
    Map(Arc<Shape>),
    /// A record with fixed fields.
    Record(Arc<BTreeMap<String, Shape>>),
}
