//! One module a command. Each says what it does and returns how it ended; none exits by itself.

mod build;
mod check;
mod completions;
mod doc;
mod expand;
mod explain;
mod fmt;
mod graph;
mod init;
mod lsp;
mod new;
mod secrets;
mod show;
mod test;
mod vendor;

use crate::args::{Command, NewWhat};
use crate::console::Console;
use crate::outcome::{Failure, Outcome};

/// Runs a command.
pub fn run(command: &Command, console: Console) -> Result<Outcome, Failure> {
    match command {
        Command::Build(args) => build::run(args, console),
        Command::Check(args) => check::run(args, console),
        Command::Doc(args) => doc::run(args, console),
        Command::Test(args) => test::run(args, console),
        Command::Fmt(args) => fmt::run(args, console),
        Command::Init(args) => init::run(args, console),
        Command::New(args) => match &args.what {
            NewWhat::Service(args) => new::run(args, console),
        },
        Command::Explain(args) => explain::run(args, console),
        Command::Show(args) => show::run(args, console),
        Command::Expand(args) => expand::run(args, console),
        Command::Graph(args) => graph::run(args, console),
        Command::Secrets(args) => secrets::run(args, console),
        Command::Completions(args) => completions::run(args, console),
        Command::Vendor(args) => vendor::run(args, console),
        Command::Lsp(_) => lsp::run(),
    }
}
