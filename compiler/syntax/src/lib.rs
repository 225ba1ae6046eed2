//! Text to tokens, lossless tree and typed view; the formatter.
//!
//! It knows nothing of names, types or files, and it never fails: every text has a tree.

pub mod ast;
mod error;
mod kind;
mod lexer;
mod literal;
mod parser;

pub use error::{SyntaxError, SyntaxErrorKind, SyntaxFix};
pub use kind::{Idp, SyntaxKind, SyntaxNode};
pub use parser::{Parse, parse};
