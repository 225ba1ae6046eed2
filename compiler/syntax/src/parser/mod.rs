//! The parser: tokens to a lossless tree, and in the same pass to the typed view of it.
//!
//! It never fails: what it cannot read stays in the tree as junk, is reported once, and the next line is read afresh.
//! Each function takes what is there, reports what is not, and leaves the cursor where its caller can go on, so that
//! one mistake gives one error and hides nothing behind it.

mod allow;
mod cursor;
mod declarations;
mod entries;
mod expressions;
mod input;
pub(crate) mod keyword;
mod lists;
mod members;
mod nesting;
mod recovery;
mod repair;
mod types;
mod values;

use std::sync::Arc;

use rowan::{GreenNode, TextRange, TextSize};

use crate::ast::SourceFile;
use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::kind::{SyntaxKind, SyntaxNode};
use crate::lexer::{Token, lex};

pub use keyword::{is_declaration, is_reserved};

use cursor::Cursor;
use input::Input;

/// The largest file that is read, in bytes.
pub const LARGEST_FILE: usize = 1 << 20;

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
    if text.len() > LARGEST_FILE {
        return too_large(text);
    }
    let lexed = lex(text);
    let mut errors = lexed.errors;
    errors.sort_by_key(|error| error.span.start());
    let places: Vec<TextRange> = errors.iter().map(|error| error.span).collect();
    let input = Input::new(text, &lexed.tokens, &places);
    let mut cursor = Cursor::new(&input, &lexed.tokens);
    declarations::file(&mut cursor);
    let allows = allow::allows(&input, &lexed.tokens);
    let (green, found, decls) = cursor.finish();
    errors.extend(found);
    errors.sort_by_key(|error| (error.span.start(), error.span.end()));
    Parse { green, errors, file: Arc::new(SourceFile { decls, allows }) }
}

/// One token that holds everything: the text is kept, and nothing is read.
fn too_large(text: &str) -> Parse {
    let tokens = [Token { kind: SyntaxKind::Error, len: TextSize::of(text) }];
    let input = Input::new(text, &tokens, &[]);
    let (green, _, _) = Cursor::new(&input, &tokens).finish();
    let span = TextRange::empty(TextSize::new(0));
    let error = SyntaxError { kind: SyntaxErrorKind::FileTooLarge, span, fix: None };
    Parse { green, errors: vec![error], file: Arc::default() }
}

#[cfg(test)]
mod tests;
