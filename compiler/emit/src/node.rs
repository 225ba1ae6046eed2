//! The data that templates read: a plain ordered tree.

use std::sync::Arc;

/// A value as a template sees it.
///
/// Numbers that are not integers are exact decimal text, since floats exist nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// An unset optional value.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// An exact decimal number such as `0.001`.
    Decimal(Arc<str>),
    /// Text.
    Str(Arc<str>),
    /// A list in its own order.
    List(Arc<[Node]>),
    /// A record or map; keys in the order in which they are to be written.
    Map(Arc<[(Arc<str>, Node)]>),
}
