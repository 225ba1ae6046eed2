//! Text to tokens, lossless tree and typed view; the formatter.
//!
//! It knows nothing of names, types or files, and it never fails: every text has a tree.

pub mod ast;
mod error;
mod format;
mod kind;
mod lexer;
mod literal;
mod parser;
mod text;

pub use error::{
    NotADeclaration, NumberProblem, SyntaxError, SyntaxErrorKind, SyntaxFix, Unclosed, Unexpected, UnknownUnit,
    WrongOperator,
};
pub use format::format;
pub use kind::{Idp, SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};
pub use parser::{LARGEST_FILE, Parse, is_declaration, is_reserved, parse};
