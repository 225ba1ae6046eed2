//! The reference of a workspace: from schemas and their documentation to pages, as Markdown and as one HTML page.
//!
//! Does no input or output: files arrive as text and leave as text.

mod enumeration;
pub mod example;
mod field;
mod history;
mod html;
mod markdown;
pub mod page;
mod pattern;
mod placeholder;
mod prose;
pub mod reference;
mod schema;
pub mod sources;
mod wording;
