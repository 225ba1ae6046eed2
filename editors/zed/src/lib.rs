//! The extension for Zed: it says how the language server starts. It downloads nothing: `idpc` is the program that the
//! user has.

use zed_extension_api::{self as zed, Command, LanguageServerId, Worktree};

/// The extension; it keeps nothing between two questions.
struct Idpc;

impl zed::Extension for Idpc {
    fn new() -> Self {
        Self
    }

    fn language_server_command(&mut self, _server: &LanguageServerId, worktree: &Worktree) -> zed::Result<Command> {
        let command = worktree.which("idpc").ok_or_else(|| {
            "`idpc` is not on the PATH of this project: install it there, or set `lsp.idpc.binary` in the settings \
             to its `path` and the `arguments` [\"lsp\"]"
                .to_owned()
        })?;
        Ok(Command { command, args: vec!["lsp".to_owned()], env: worktree.shell_env() })
    }
}

zed::register_extension!(Idpc);
