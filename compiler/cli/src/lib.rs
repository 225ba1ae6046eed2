//! The command line of idpc: reads the arguments, runs one command, sets the exit code.
//!
//! A library for one reason: tests show findings as a terminal does.

mod args;
mod commands;
mod configuration;
mod console;
mod difference;
mod fixing;
mod order;
mod outcome;
mod pages;
mod platform;
mod position;
mod project;
mod reach;
mod render;
mod unformatted;

use std::panic;
use std::process::ExitCode;

use clap::Parser as _;
use idpc_driver::workspace::Loaded;
use idpc_testing::program::Outcome;

use crate::args::Arguments;
use crate::console::{Console, Notes, Paint};
use crate::project::Project;

/// What a terminal shows of all that is wrong with a program of a test, without color.
#[must_use]
pub fn shown(outcome: &Outcome) -> String {
    let project = Project::of(Loaded::clone(&outcome.host.loaded));
    let mut findings = project.findings(&outcome.diagnostics);
    findings.extend(outcome.refusals.iter().cloned().map(|notice| project.refusal(notice)));
    project.render(&findings, args::Format::Human, Paint::Plain)
}

/// Runs the program.
#[must_use]
pub fn run() -> ExitCode {
    panic::set_hook(Box::new(report_bug));
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // A closed stream leaves nobody to tell.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let console = Console::new(arguments.color, if arguments.quiet { Notes::Kept } else { Notes::Said });
    match commands::run(&arguments.command, console) {
        Ok(outcome) => outcome.into(),
        Err(failure) => {
            console.fail(&failure.to_string());
            failure.code()
        }
    }
}

/// A panic is never the user's fault.
fn report_bug(info: &panic::PanicHookInfo<'_>) {
    let payload = info.payload();
    let reason = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no reason was given");
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    Console::new(args::When::Never, Notes::Said).fail(&bug(reason, &place));
}

/// What a user reads after a panic.
fn bug(reason: &str, place: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let repository = env!("CARGO_PKG_REPOSITORY");
    format!(
        "error: this is a bug in idpc {version}\n  {reason} at {place}\n  = help: please report it, with the file that \
         shows it: {repository}/issues"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_reported_as_a_bug_with_its_place() {
        let text = bug("it broke", "src/a.rs:1:2");
        assert!(text.starts_with(concat!("error: this is a bug in idpc ", env!("CARGO_PKG_VERSION"), "\n")));
        assert!(text.contains("it broke at src/a.rs:1:2") && text.ends_with("/issues"));
    }

    #[test]
    fn the_arguments_contradict_nothing() {
        use clap::CommandFactory as _;
        Arguments::command().debug_assert();
    }
}
