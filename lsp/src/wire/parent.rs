//! The process that started the server: without it there is nobody to serve, even if the pipe stays open.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// How often it is looked for.
const PACE: Duration = Duration::from_secs(1);

/// Waits until the process is gone; for ever if there is none, or if the system does not say.
pub(super) async fn gone(parent: &AtomicU32) {
    loop {
        tokio::time::sleep(PACE).await;
        let process = parent.load(Ordering::SeqCst);
        if process != 0 && !is_running(process) {
            return;
        }
    }
}

#[cfg(target_os = "linux")]
fn is_running(process: u32) -> bool {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{process}/stat")) else { return false };
    // One that has ended and that nobody has asked about since is still listed.
    !stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z'))
}

#[cfg(all(unix, not(target_os = "linux")))]
fn is_running(process: u32) -> bool {
    let found = std::process::Command::new("ps").args(["-p", &process.to_string()]).output();
    found.map_or(true, |found| found.status.success())
}

#[cfg(not(unix))]
fn is_running(_: u32) -> bool {
    true
}
