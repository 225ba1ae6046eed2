//! `idpc completions`: the script that makes a shell complete commands and options.

use clap::CommandFactory as _;

use crate::args::{Arguments, Completions};
use crate::console::Console;
use crate::outcome::{Failure, Outcome};

/// Prints the script.
pub fn run(args: &Completions, console: Console) -> Result<Outcome, Failure> {
    let mut command = Arguments::command();
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "idpc", &mut script);
    console.print(&String::from_utf8_lossy(&script)).map(|()| Outcome::Clean)
}
