//! The grammar of idp for editors, as a language that the `tree-sitter` crate takes. The compiler does not use it.

use tree_sitter_language::LanguageFn;

#[expect(unsafe_code, reason = "the generated parser is C")]
unsafe extern "C" {
    fn tree_sitter_idp() -> *const ();
}

/// The language.
#[expect(unsafe_code, reason = "the generated parser is C; its function takes nothing and returns a constant")]
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_idp) };

/// What is colored how.
pub const HIGHLIGHTS: &str = include_str!("../../queries/highlights.scm");
/// What folds.
pub const FOLDS: &str = include_str!("../../queries/folds.scm");
/// What indents.
pub const INDENTS: &str = include_str!("../../queries/indents.scm");
/// What names a declaration makes known.
pub const LOCALS: &str = include_str!("../../queries/locals.scm");
