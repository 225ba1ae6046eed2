//! What a command would change, as `patch` reads it.

use similar::TextDiff;

/// The unified difference of a file; `what` says what the new text is.
#[must_use]
pub fn unified(name: &str, what: &str, old: &str, new: &str) -> String {
    TextDiff::from_lines(old, new).unified_diff().header(name, &format!("{name} ({what})")).to_string()
}
