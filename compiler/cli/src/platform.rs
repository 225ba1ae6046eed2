//! The platform of a workspace, refused where it has errors of its own.

use idpc_testing::platform::Platform;

use crate::args::Format;
use crate::console::Console;
use crate::outcome::Failure;
use crate::project::Project;
use crate::render::{Tally, counted};

/// The platform by itself; nothing if it has errors, which are printed then.
///
/// # Errors
/// When standard output refuses.
pub fn sound(whole: &Project, console: Console) -> Result<Option<Platform>, Failure> {
    let platform = Platform::of(&whole.host);
    let findings = whole.findings(&platform.errors);
    let errors = Tally::of(&findings).errors;
    if errors == 0 {
        return Ok(Some(platform));
    }
    console.print(&whole.render(&findings, Format::Human, console.paint))?;
    console.note(&format!("{} in the platform itself", counted(errors, "error")));
    Ok(None)
}
