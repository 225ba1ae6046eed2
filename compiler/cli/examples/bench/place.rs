//! Where the benchmarks work, and the program that they measure.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file system in memory, so that the disk is no part of what is measured.
const MEMORY: &str = "/dev/shm";

/// Where files are written.
pub fn home() -> PathBuf {
    let memory = Path::new(MEMORY);
    if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() }
}

/// The release binary, brought up to date; it lies beside the folder of the examples.
pub fn program() -> Result<PathBuf, Box<dyn Error>> {
    let status = Command::new(env!("CARGO")).args(["build", "--quiet", "--release", "-p", "idpc"]).status()?;
    if !status.success() {
        return Err("the release binary does not build".into());
    }
    let own = std::env::current_exe()?;
    let target = own.ancestors().nth(3).ok_or("the example lies outside of a target folder")?;
    let program = target.join("release/idpc");
    if program.is_file() { Ok(program) } else { Err(format!("{} is missing", program.display()).into()) }
}
