//! `idpc vendor`: records what the vendored packages contain.

use std::path::Path;

use idpc_driver::workspace::vendor::{Change, VendorError, copy, record};
use idpc_driver::workspace::{Found, LOCK, find};

use crate::args::Vendor;
use crate::console::Console;
use crate::outcome::{Failure, Outcome};
use crate::render::counted;

/// Copies a package, if asked to, and writes the lock file of the workspace around the current folder.
pub fn run(args: &Vendor, console: Console) -> Result<Outcome, Failure> {
    let Ok(Found::Workspace { root, .. }) = find(Path::new(".")) else {
        return Err(Failure::usage(
            "packages are vendored in a workspace, and there is none around the current folder",
        ));
    };
    if let (Some(name), Some(from)) = (&args.name, &args.from) {
        copy(&root, name, from).map_err(|error| failure(&error))?;
    }
    let recorded = record(&root).map_err(|error| failure(&error))?;
    for package in &recorded {
        let change = match package.change {
            Change::New => "new",
            Change::Changed => "changed",
            Change::None => "as before",
        };
        console.print(&format!("{}  {}  {change}\n", package.name, package.hash))?;
    }
    console.note(&match recorded.len() {
        0 => String::from("`[dependencies]` vendors no package"),
        some => format!("{} in {LOCK}", counted(some, "package")),
    });
    Ok(Outcome::Clean)
}

fn failure(error: &VendorError) -> Failure {
    let help = match error {
        VendorError::Io(..) => return Failure::Io(error.to_string()),
        VendorError::NotVendored(_) => "write that line into `idp.toml` first",
        VendorError::BadSource(_) => "name a folder outside of the copy, which holds the package alone",
        VendorError::NoCopy(_) => "copy the package there, or let `idpc vendor NAME --from FOLDER` do it",
        VendorError::Link(_) => "put the file itself in its place",
    };
    Failure::advice(error.to_string(), help)
}
