//! How a run ends: the exit codes, and the failures that are nobody's diagnostic.

use std::fmt;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use idpc_driver::sources::SourceError;

/// A run that came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing to complain about.
    Clean,
    /// Errors were found, or the output differs under `--check`.
    Refused,
}

/// A run that could not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It was asked for something that does not exist or makes no sense.
    Usage {
        /// What is wrong, in one line.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// The machine refused.
    Io(String),
}

impl Failure {
    /// A wrong request.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: None }
    }

    /// A wrong request with advice.
    pub fn advice(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: Some(help.into()) }
    }

    /// A wrong name, with the one that was probably meant, or with all that there are.
    pub fn unknown(what: &str, given: &str, known: &[&str]) -> Self {
        Self::unfound(format!("there is no {what} `{given}`"), given, known)
    }

    /// The same in other words.
    pub fn unfound(message: String, given: &str, known: &[&str]) -> Self {
        let help = match idpc_model::suggest::nearest(given, known.iter().copied()) {
            Some(near) => Some(format!("did you mean `{near}`?")),
            None if known.is_empty() => None,
            None => Some(format!("there is {}", known.join(", "))),
        };
        Self::Usage { message, help }
    }

    /// A file or folder that could not be read or written.
    pub fn io(path: &Path, error: &io::Error) -> Self {
        Self::Io(format!("`{}`: {error}", path.display()))
    }

    /// Sources that could not be written.
    pub fn sources(error: &SourceError) -> Self {
        match error {
            SourceError::Taken(..) => {
                Self::advice(error.to_string(), "nothing was written; files are never overwritten")
            }
            SourceError::Changed(_) | SourceError::Io(..) => Self::Io(error.to_string()),
        }
    }

    /// The exit code.
    #[must_use]
    pub fn code(&self) -> ExitCode {
        match self {
            Self::Usage { .. } => ExitCode::from(2),
            Self::Io(_) => ExitCode::from(3),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage { message, help: Some(help) } => write!(f, "error: {message}\n  = help: {help}"),
            Self::Usage { message, help: None } | Self::Io(message) => write!(f, "error: {message}"),
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Clean => Self::SUCCESS,
            Outcome::Refused => Self::from(1),
        }
    }
}
