//! Names, schemas, types, layers and evaluation: from syntax to the resolved model.
//!
//! The only crate that names salsa. It does no input or output; files arrive as text.

pub mod allows;
mod annotations;
mod article;
pub mod cancel;
pub mod code;
pub mod constant;
pub mod credential;
#[expect(missing_docs, reason = "the macros of salsa make methods without documentation")]
pub mod db;
pub mod delivery;
pub mod diagnostic;
pub mod eval;
pub mod findings;
pub mod identities;
pub mod index;
pub mod lets;
pub mod model;
pub mod named;
pub mod names;
pub mod naming;
pub mod placeholder;
pub mod refusal;
pub mod schema;
pub mod schemas;
pub mod source;
pub mod span;
pub mod suggest;
pub mod ty;
pub mod unbuilt;
pub mod units;
pub mod value;
