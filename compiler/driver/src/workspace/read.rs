//! The text of one file, or why it has none.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use crate::code;

use super::error::ManifestError;
use super::walk::{Link, Member};

/// The most bytes that a source may have.
pub const LIMIT: u64 = 1024 * 1024;

/// Reads a member of the workspace or of a package, whose folder is the root.
pub(super) fn text(root: &Path, member: &Member) -> Result<Arc<str>, ManifestError> {
    let path = root.join(&member.path);
    if member.link == Link::Yes && !stays_inside(root, &path) {
        let message = format!("`{}` is a link that leads out of its workspace or package", member.path);
        return Err(about(code::SOURCE_LINK, member, message).help("copy the file, such links are not followed"));
    }
    let unreadable = |error| about(code::UNREADABLE, member, format!("`{}` cannot be read: {error}", member.path));
    let file = File::open(&path).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len().min(LIMIT);
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default() + 1);
    file.take(LIMIT + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if u64::try_from(bytes.len()).is_ok_and(|size| size > LIMIT) {
        let message = format!("`{}` is larger than 1 MiB", member.path);
        return Err(about(code::TOO_LARGE, member, message).help("split it into several files"));
    }
    String::from_utf8(bytes).map(Arc::from).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        about(code::NOT_UTF8, member, format!("`{}` is not UTF-8, from byte {at} on", member.path))
            .help("save the file as UTF-8")
    })
}

fn about(code: &'static str, member: &Member, message: String) -> ManifestError {
    ManifestError::new(code, &member.path, 0..0, message)
}

/// Whether a link ends at a file below the root.
fn stays_inside(root: &Path, path: &Path) -> bool {
    match (root.canonicalize(), path.canonicalize()) {
        (Ok(root), Ok(path)) => path.starts_with(root) && path.is_file(),
        _ => false,
    }
}
