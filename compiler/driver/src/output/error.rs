//! Why a build was not written.

use std::io;
use std::path::{Path, PathBuf};

use crate::code;

use super::gate::GateError;
use super::ledger::LedgerError;
use super::manifest::ManifestFault;
use super::notice::Notice;
use super::paths::Collision;

/// Why there is no plan.
#[derive(Debug)]
pub enum PlanError {
    /// A folder or file could not be read.
    Io(PathBuf, io::Error),
    /// A manifest could not be used.
    Manifest(String, ManifestFault),
    /// Two files of the build exclude each other.
    Collision(Collision),
}

impl From<LedgerError> for PlanError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Io(path, error) => Self::Io(path, error),
            LedgerError::Fault(path, fault) => Self::Manifest(path, fault),
        }
    }
}

/// Why a build was not written. Apart from [`WriteError::Io`], nothing was changed.
#[derive(Debug)]
pub enum WriteError {
    /// There is no plan.
    Plan(PlanError),
    /// The gate is closed.
    Gate(Vec<GateError>),
    /// Files were changed by hand since the last build.
    Edited(Vec<String>),
    /// Files that no build made are in the way.
    Unowned(Vec<String>),
    /// Links or folders are in the way.
    Obstacles(Vec<String>),
    /// The output folder itself is a link or a file.
    NoFolder(PathBuf),
    /// Another build holds the folder.
    Locked(PathBuf),
    /// The disk refused; the next build repairs what this one left.
    Io(PathBuf, io::Error),
}

impl From<PlanError> for WriteError {
    fn from(error: PlanError) -> Self {
        Self::Plan(error)
    }
}

impl WriteError {
    /// Whether the machine failed, and not the workspace or the tree.
    #[must_use]
    pub fn is_io(&self) -> bool {
        matches!(self, Self::Plan(PlanError::Io(..)) | Self::Io(..) | Self::Locked(_) | Self::NoFolder(_))
    }

    /// The refusal in words.
    #[must_use]
    pub fn notices(&self) -> Vec<Notice> {
        match self {
            Self::Plan(error) => vec![error.notice()],
            Self::Gate(errors) => errors.iter().map(GateError::notice).collect(),
            Self::Edited(paths) => vec![
                Notice::new(code::EDITED, "generated files were changed by hand since the last build")
                    .details(paths.iter().cloned())
                    .help("change the source instead, or `--force` to give the edits up"),
            ],
            Self::Unowned(paths) => vec![
                Notice::new(code::UNOWNED, "files that no build made are where this one would write")
                    .details(paths.iter().cloned())
                    .help("move them away, or `--force` to replace them"),
            ],
            Self::Obstacles(paths) => vec![
                Notice::new(code::OBSTACLE, "links, folders or files are in the way, and links are never followed")
                    .details(paths.iter().cloned())
                    .help("remove them and build again"),
            ],
            Self::NoFolder(path) => vec![
                Notice::new(code::NO_FOLDER, format!("the output folder `{}` is not a folder", path.display()))
                    .help("a link is not followed: name the folder itself"),
            ],
            Self::Locked(path) => vec![
                Notice::new(code::LOCKED, format!("another build has been writing `{}` all this time", path.display()))
                    .help("wait for it to end, or end it"),
            ],
            Self::Io(path, error) => {
                vec![disk(path, error).help("build again: the next build repairs what this one has left half done")]
            }
        }
    }
}

impl PlanError {
    /// The refusal in words.
    #[must_use]
    pub fn notice(&self) -> Notice {
        match self {
            Self::Io(path, error) => disk(path, error),
            Self::Manifest(path, fault) => {
                let notice = Notice::new(code::BAD_MANIFEST, format!("the manifest `{path}` cannot be used: {fault}"));
                match fault {
                    ManifestFault::Version(_) => notice.help("use the idpc that wrote it, or a newer one"),
                    ManifestFault::Elsewhere(_) => notice.help("remove the copied folder and build again"),
                    _ => notice.help("restore either side of it from version control and build again"),
                }
            }
            Self::Collision(found) => Notice::new(code::COLLISION, "two files of the output exclude each other")
                .details([found.first.clone(), found.second.clone()])
                .help("give one of the declarations another name"),
        }
    }
}

fn disk(path: &Path, error: &io::Error) -> Notice {
    Notice::new(code::DISK, format!("`{}`: {error}", path.display()))
}
