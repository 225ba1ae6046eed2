//! A file as it would be with something written at the cursor.

use idpc_model::source::FileView;

/// Stands where the cursor is.
pub(crate) const STAND_IN: &str = "idpc_stand_in_for_the_cursor";

/// A file with another text; its constants stay those of the text as it is.
pub(crate) fn with_text(view: &FileView, text: &str) -> FileView {
    FileView {
        id: view.id,
        role: view.role,
        package: view.package.clone(),
        ast: idpc_syntax::parse(text).file().clone(),
        lets: view.lets.clone(),
    }
}
