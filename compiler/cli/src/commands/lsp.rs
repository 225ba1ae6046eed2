//! `idpc lsp`: the language server.

use crate::outcome::{Failure, Outcome};

/// Serves an editor until it leaves. A session that was not ended by `shutdown` is no success.
pub fn run() -> Result<Outcome, Failure> {
    match idpc_lsp::run() {
        0 => Ok(Outcome::Clean),
        1 => Ok(Outcome::Refused),
        _ => Err(Failure::Io(String::from("the language server could not be started"))),
    }
}
