//! A program as a workspace on disk, read once.

use std::error::Error;
use std::fs;

use idpc_driver::workspace::{Loaded, find};

use super::shapes::Program;

const MANIFEST: &str = "[workspace]\nname = \"growth\"\nedition = \"2026\"\n";

/// Writes a program to a folder that vanishes, and reads it as `idpc` does.
pub fn load(program: &Program) -> Result<Loaded, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("idp.toml"), MANIFEST)?;
    for (path, text) in &program.files {
        let path = folder.path().join(path);
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(path, text)?;
    }
    let found = find(folder.path()).map_err(|error| error.to_string())?;
    Ok(found.load().map_err(|error| error.to_string())?)
}
