//! The template language: a checked subset of Handlebars, compiled to flat programs.
//!
//! A template is read once ([`parse`]), checked against the shape of its data and compiled ([`compile`]); what runs
//! afterwards ([`render`]) looks nothing up by a path and escapes every value for the place where it stands. Nothing
//! outside of this folder names handlebars, and its renderer is never used.

mod actions;
mod ast;
mod compile;
mod condition;
mod cursor;
mod decimal;
mod error;
mod escape;
mod expression;
mod lex;
mod library;
mod line;
mod parse;
mod partial;
mod program;
mod render;
mod sample;
mod scan;
mod scope;
mod space;
mod value;

pub(crate) use ast::{Cond, Folder};
pub use compile::Format;
pub(crate) use compile::{Job, compile};
pub(crate) use error::nearest;
pub use error::{Pos, TemplateError};
pub(crate) use library::{Library, Source};
pub(crate) use parse::{parse, parse_condition};
pub use program::Program;
pub use render::{Fault, Scratch};
