//! `idpc check`: everything that `build` would find; writes nothing but fixes, and these only if it is asked to.

use idpc_ide::fix::Trust;

use crate::args::Check;
use crate::console::Console;
use crate::fixing::Fixed;
use crate::outcome::{Failure, Outcome};
use crate::project::Project;
use crate::render::{Tally, counted};

/// Reports what is wrong. A file narrows the report, and with it the exit code.
pub fn run(args: &Check, console: Console) -> Result<Outcome, Failure> {
    let mut project = Project::open(&args.path)?;
    if !args.fix {
        return report(args, &project, console);
    }
    let fixed = Fixed::new(&mut project, if args.r#unsafe { Trust::Every } else { Trust::Safe });
    if args.diff {
        return preview(&fixed, &project, console);
    }
    fixed.write(&project)?;
    fixed.report(&project, console);
    report(args, &project, console)
}

fn report(args: &Check, project: &Project, console: Console) -> Result<Outcome, Failure> {
    let (shown, elsewhere) = project.narrowed(project.examine());
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

/// What `--fix` would change.
fn preview(fixed: &Fixed, project: &Project, console: Console) -> Result<Outcome, Failure> {
    let difference = fixed.difference(project);
    console.print(&difference)?;
    fixed.report(project, console);
    let left = Tally::of(&project.narrowed(project.examine()).0);
    if let Some(summary) = left.summary() {
        console.note(&format!("{summary} would be left"));
    }
    console.note("nothing was written");
    Ok(if difference.is_empty() && left.errors == 0 { Outcome::Clean } else { Outcome::Refused })
}
