//! Times, sizes and memory.

use std::error::Error;
use std::fmt;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::memory;

/// How often the memory of a running program is read; its peak can only grow.
const PAUSE: Duration = Duration::from_millis(1);

/// The build of a workspace.
pub fn build(program: &Path, workspace: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg("build").arg(workspace);
    command
}

/// Runs a command and says how many seconds it took.
pub fn run(command: &mut Command) -> Result<f64, Box<dyn Error>> {
    let start = Instant::now();
    let output = command.stdin(Stdio::null()).output()?;
    let seconds = start.elapsed().as_secs_f64();
    if output.status.success() {
        return Ok(seconds);
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let first: Vec<&str> = said.lines().take(40).collect();
    Err(format!("{command:?} failed:\n{}", first.join("\n")).into())
}

/// The most memory that a command held, in bytes, as the kernel counts it.
pub fn peak(command: &mut Command) -> Result<u64, Box<dyn Error>> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let process = child.id().to_string();
    let mut peak = 0;
    loop {
        peak = peak.max(memory::most(&process).unwrap_or(0));
        if child.try_wait()?.is_some() {
            return if peak == 0 { Err("the kernel does not say how much memory was used".into()) } else { Ok(peak) };
        }
        thread::sleep(PAUSE);
    }
}

/// Removes a folder, if it is there.
pub fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// How much lies in a folder.
#[derive(Default)]
pub struct Weight {
    /// Regular files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Weight {
    /// Counts everything below a folder.
    pub fn of(folder: &Path) -> io::Result<Self> {
        let mut weight = Self::default();
        let mut open = vec![folder.to_path_buf()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    open.push(entry.path());
                } else {
                    weight.files += 1;
                    weight.bytes += entry.metadata()?.len();
                }
            }
        }
        Ok(weight)
    }
}

/// Some times of one thing.
pub struct Spread {
    /// The middle one.
    pub median: f64,
    least: f64,
    most: f64,
    runs: usize,
}

impl Spread {
    /// The spread of some seconds.
    pub fn of(mut seconds: Vec<f64>) -> Self {
        seconds.sort_by(f64::total_cmp);
        let at = |place: usize| seconds.get(place).copied().unwrap_or(f64::NAN);
        let runs = seconds.len();
        // Of an even number, the mean of the two in the middle.
        let median = f64::midpoint(at(runs.saturating_sub(1) / 2), at(runs / 2));
        Self { median, least: at(0), most: at(runs.saturating_sub(1)), runs }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3} s (median of {}, {:.3} to {:.3})", self.median, self.runs, self.least, self.most)
    }
}
