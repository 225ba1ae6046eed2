//! How much memory a program holds, as the kernel counts it.

use std::fs;

/// The memory that a program holds now, in bytes; `self` for this one.
pub fn held(process: &str) -> Option<u64> {
    kibibytes(process, "VmRSS:")
}

/// The most memory that a program has held so far, in bytes; `self` for this one.
pub fn most(process: &str) -> Option<u64> {
    kibibytes(process, "VmHWM:")
}

/// A size in the kernel's description of a program, in bytes.
fn kibibytes(process: &str, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// Bytes as they are shown.
#[expect(clippy::cast_precision_loss, reason = "shown with one digit after the point")]
pub fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
