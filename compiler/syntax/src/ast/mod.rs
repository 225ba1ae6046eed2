//! The typed, owned view of a syntax tree.
//!
//! Every node keeps its span, so later stages can point at source; none keeps a reference to the tree.
//! What the parser could not read is left out or is [`ExprKind::Missing`]: a broken file still has a view.

mod declarations;
mod expressions;
mod literals;
mod members;

pub use rowan::{TextRange, TextSize};

pub use declarations::*;
pub use expressions::*;
pub use literals::*;
pub use members::*;

/// A name with its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// The name as written; without quotes where it was a quoted path segment.
    pub text: String,
    /// Where it stands.
    pub span: TextRange,
}

/// `needs.orders.url`, `annotations."prometheus.io/scrape"`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// At least one segment, in source order.
    pub segments: Vec<Name>,
    /// The whole path.
    pub span: TextRange,
}
