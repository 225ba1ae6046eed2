//! What can be wrong with a workspace before its sources are read.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::PathBuf;

/// A finding about `idp.toml` or about a file that cannot be a source; rendered like a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestError {
    /// The permanent code.
    pub code: &'static str,
    /// The file, relative to the workspace's folder, with `/`.
    pub file: String,
    /// The bytes of that file that it is about; empty at the start if it is about the whole.
    pub span: Range<usize>,
    /// One line, without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl ManifestError {
    pub(crate) fn new(code: &'static str, file: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self { code, file: file.to_owned(), span, message: message.into(), help: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Why there is no workspace to load.
#[derive(Debug)]
pub enum LoadError {
    /// Nothing has this path.
    Missing(PathBuf),
    /// The path is neither a folder nor an `.idp` file.
    NotSource(PathBuf),
    /// Neither the folder nor one above it is a workspace.
    NoWorkspace(PathBuf),
    /// The file lies in a workspace, which leaves it out.
    LeftOut {
        /// The file.
        path: PathBuf,
        /// The workspace's folder.
        root: PathBuf,
    },
    /// The system refused to read.
    Io(PathBuf, io::Error),
}

impl LoadError {
    /// Whether the machine failed, and not the one who named the path.
    #[must_use]
    pub fn is_io(&self) -> bool {
        matches!(self, Self::Io(..))
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::NoWorkspace(_) => Some("`idpc init` makes one here; a single `.idp` file can be named by itself"),
            Self::NotSource(_) => Some("name a folder or an `.idp` file"),
            Self::LeftOut { .. } => {
                Some("ignore files, hidden folders and the output folder are left out; move it or change those")
            }
            Self::Missing(_) | Self::Io(..) => None,
        }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(f, "`{}` does not exist", path.display()),
            Self::NotSource(path) => write!(f, "`{}` is no source of a workspace", path.display()),
            Self::NoWorkspace(path) => {
                write!(f, "no `idp.toml` in `{}` or in a folder above it", path.display())
            }
            Self::LeftOut { path, root } => {
                write!(f, "the workspace `{}` leaves `{}` out", root.display(), path.display())
            }
            Self::Io(path, error) => write!(f, "`{}`: {error}", path.display()),
        }
    }
}

impl std::error::Error for LoadError {}
