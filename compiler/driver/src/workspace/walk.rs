//! Which files belong to a workspace.
//!
//! Decided by the workspace's own folder alone: ignore files above it and those of the user's account do not count, so
//! that the same folder has the same sources on every machine.

use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

use super::error::LoadError;
use super::table::MANIFEST;

/// What a file is to the workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// An `.idp` file.
    Source,
    /// A file of a target that the workspace overrides or adds.
    Template,
    /// A hand-made object beside a service.
    Extra,
}

/// A file of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// Relative to the root, with `/`.
    pub(super) path: String,
    pub(super) usage: Use,
    /// Whether it is a link, which may lead out of the root.
    pub(super) link: Link,
}

/// Whether a member is a file or a link to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// The file itself.
    No,
    /// A link.
    Yes,
}

/// All members below the root, sorted by path. `others` are folders that are not looked into; `usage` tells from the
/// parts of a path what a file is.
pub(super) fn members(
    root: &Path,
    others: &[PathBuf],
    usage: impl Fn(&[String]) -> Option<Use>,
) -> Result<Vec<Member>, LoadError> {
    let (top, others) = (root.to_owned(), others.to_owned());
    let walk = WalkBuilder::new(root)
        .hidden(true)
        .parents(false)
        .ignore(true)
        .git_ignore(true)
        .git_global(false)
        .git_exclude(false)
        .require_git(false)
        .follow_links(false)
        .filter_entry(move |entry| entry.path() == top || !is_other_ground(entry, &others))
        .build();
    let mut members = Vec::new();
    for entry in walk {
        let entry = entry.map_err(|error| failure(root, error))?;
        members.extend(member(root, &entry, &usage));
    }
    members.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(members)
}

/// One of these folders, such as the output folder or a package, and a folder that is a workspace itself.
fn is_other_ground(entry: &DirEntry, others: &[PathBuf]) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir())
        && (others.iter().any(|other| entry.path() == other) || entry.path().join(MANIFEST).is_file())
}

fn member(root: &Path, entry: &DirEntry, usage: &impl Fn(&[String]) -> Option<Use>) -> Option<Member> {
    let kind = entry.file_type()?;
    let link = if kind.is_symlink() { Link::Yes } else { Link::No };
    let relative = entry.path().strip_prefix(root).ok()?;
    if kind.is_dir() {
        return None;
    }
    // A name that is not UTF-8 stays recognizable, and reading it will say what is wrong.
    let parts: Vec<String> =
        relative.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    let usage = usage(&parts)?;
    Some(Member { path: parts.join("/"), usage, link })
}

/// What a file of a workspace is, by its place and its name.
pub(super) fn usage(parts: &[String]) -> Option<Use> {
    let (name, folders) = parts.split_last()?;
    match (Path::new(name).extension()?.to_str()?, folders) {
        ("idp", _) => Some(Use::Source),
        ("hbs" | "json", [targets, _target, ..]) if targets == TARGETS => Some(Use::Template),
        (_, [home @ .., extras, _env]) if extras == EXTRAS => extra(parts.get(home.len() + 1..)?),
        _ => None,
    }
}

/// A hand-made object: the environment's folder and a file in it.
pub(super) fn extra(parts: &[String]) -> Option<Use> {
    let [_env, name] = parts else { return None };
    matches!(Path::new(name).extension()?.to_str()?, "yaml" | "yml").then_some(Use::Extra)
}

/// The folder of hand-made objects, beside a service's file.
pub(super) const EXTRAS: &str = "extras";

/// The folder of the workspace's own targets.
const TARGETS: &str = "targets";

fn failure(root: &Path, error: ignore::Error) -> LoadError {
    let path = path_of(&error).unwrap_or_else(|| root.to_owned());
    let text = error.to_string();
    let error = error.into_io_error().unwrap_or_else(|| std::io::Error::other(text));
    LoadError::Io(path, error)
}

fn path_of(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}
