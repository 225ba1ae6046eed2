//! `idpc lsp`: the language server.

use crate::outcome::{Failure, Outcome};
use crate::pages::pages;

/// Serves an editor until it leaves. A session that was not ended by `shutdown` is no success.
pub fn run() -> Result<Outcome, Failure> {
    match idpc_lsp::run(page) {
        0 => Ok(Outcome::Clean),
        1 => Ok(Outcome::Refused),
        _ => Err(Failure::Io(String::from("the language server could not be started"))),
    }
}

/// The page about a code.
fn page(code: &str) -> Option<String> {
    let code = code.to_uppercase();
    pages().iter().find(|page| page.code == code).map(|page| page.text.to_owned())
}
