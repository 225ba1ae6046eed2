//! The parser: tokens to a lossless tree, and in the same pass to the typed view of it.
//!
//! It never fails: what it cannot read stays in the tree as junk, is reported once, and the next line is read afresh.

mod cursor;
mod declarations;
mod entries;
mod expressions;
mod types;

use std::sync::Arc;

use rowan::{GreenNode, TextRange};

use crate::ast::SourceFile;
use crate::error::SyntaxError;
use crate::kind::SyntaxNode;

pub(crate) use cursor::Cursor;

/// A parsed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parse {
    green: GreenNode,
    errors: Vec<SyntaxError>,
    file: Arc<SourceFile>,
}

impl Parse {
    /// The tree; its text is the input, byte for byte.
    #[must_use]
    pub fn syntax(&self) -> SyntaxNode {
        SyntaxNode::new_root(self.green.clone())
    }

    /// What is wrong, in order.
    #[must_use]
    pub fn errors(&self) -> &[SyntaxError] {
        &self.errors
    }

    /// The typed view.
    #[must_use]
    pub fn source_file(&self) -> SourceFile {
        (*self.file).clone()
    }

    /// The typed view, shared.
    #[must_use]
    pub fn file(&self) -> &Arc<SourceFile> {
        &self.file
    }
}

/// Reads a text; never fails.
#[must_use]
pub fn parse(text: &str) -> Parse {
    let mut cursor = Cursor::new(text);
    let decls = declarations::file(&mut cursor);
    let allows = cursor.allows();
    let (green, mut errors) = cursor.finish();
    errors.sort_by_key(|error: &SyntaxError| (error.span.start(), error.span.end()));
    errors.dedup_by(|a, b| a.span == b.span);
    Parse { green, errors, file: Arc::new(SourceFile { decls, allows }) }
}

/// A range that covers both.
pub(crate) fn cover(a: TextRange, b: TextRange) -> TextRange {
    a.cover(b)
}
