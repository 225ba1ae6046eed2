//! `idpc check`: everything that `build` would find, without writing.

use crate::args::Check;
use crate::console::Console;
use crate::outcome::{Failure, Outcome};
use crate::project::Project;
use crate::render::{Tally, counted};

/// Reports what is wrong. A file narrows the report, and with it the exit code.
pub fn run(args: &Check, console: Console) -> Result<Outcome, Failure> {
    let project = Project::open(&args.path)?;
    let findings = project.examine();
    let (shown, elsewhere) = project.narrowed(findings);
    console.print(&project.render(&shown, args.format, console.paint))?;
    let tally = Tally::of(&shown);
    if let Some(summary) = tally.summary() {
        console.note(&summary);
    }
    let elsewhere = Tally::of(&elsewhere).errors;
    if elsewhere > 0 {
        console.note(&format!("{} in other files", counted(elsewhere, "error")));
    }
    Ok(if tally.errors == 0 { Outcome::Clean } else { Outcome::Refused })
}
