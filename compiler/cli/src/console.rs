//! The two streams of the program: what was asked for goes to standard output, all else to standard error.

use std::env;
use std::io::{self, IsTerminal as _, Write as _};

use crate::args::When;
use crate::outcome::Failure;

/// Whether text may carry colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// Escape sequences of a terminal.
    Colored,
    /// Nothing but text.
    Plain,
}

/// Whether the run is talked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notes {
    /// Summaries and advice go to standard error.
    Said,
    /// Nothing is said but failures.
    Kept,
}

/// Where the program speaks.
#[derive(Clone, Copy, Debug)]
pub struct Console {
    /// Whether standard output may carry colors.
    pub paint: Paint,
    notes: Notes,
}

impl Console {
    /// Decides about colors: on a terminal only, unless told otherwise.
    #[must_use]
    pub fn new(color: When, notes: Notes) -> Self {
        let colored = match color {
            When::Always => true,
            When::Never => false,
            When::Auto => io::stdout().is_terminal() && !unwanted(),
        };
        Self { paint: if colored { Paint::Colored } else { Paint::Plain }, notes }
    }

    /// Writes what was asked for. Nobody reading any more is no failure.
    ///
    /// # Errors
    /// When standard output refuses for another reason.
    pub fn print(&self, text: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::Io(format!("standard output: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Says something about the run on a line of its own, unless nobody wants to hear it.
    pub fn note(&self, text: &str) {
        if self.notes == Notes::Said {
            self.fail(text);
        }
    }

    /// Says why the run failed.
    pub fn fail(&self, text: &str) {
        // There is nowhere left to say that standard error is closed.
        let _ = writeln!(io::stderr().lock(), "{text}");
    }
}

/// Whether the environment asks for plain text: <https://no-color.org>, or a terminal that knows no colors.
fn unwanted() -> bool {
    env::var_os("NO_COLOR").is_some_and(|set| !set.is_empty()) || env::var_os("TERM").is_some_and(|term| term == "dumb")
}
