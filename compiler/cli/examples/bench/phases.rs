//! Where the time and the memory of one build go, measured inside of the process.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use idpc_driver::host::Host;
use idpc_driver::output::{self, Options, Scope};
use idpc_emit::artifact::Build;

use crate::memory;

/// Builds a workspace step by step, and prints what each step took.
#[expect(clippy::print_stdout, reason = "the numbers are what the program is for")]
pub fn print(workspace: &Path) -> Result<(), Box<dyn Error>> {
    let mut last = Instant::now();
    let mut step = |name: &str| {
        let seconds = last.elapsed().as_secs_f64();
        let held = memory::held("self").map_or(0.0, memory::megabytes);
        println!("{name:<12} {seconds:.3} s, {held:.1} MB held after it");
        last = Instant::now();
    };
    let host = Host::load(workspace)?;
    step("load");
    let analysis = host.analyze();
    step("analyze");
    if analysis.has_errors() {
        return Err("the workspace has errors".into());
    }
    let emission = host.emit(&analysis.model, None);
    step("emit");
    let build = Build {
        artifacts: emission.artifacts.iter().collect(),
        units: emission.units.clone(),
        permits: emission.permits.clone(),
        services: emission.services,
    };
    output::check(host.out(), &build, &Scope::default()).map_err(|error| said(&output::WriteError::from(error)))?;
    step("plan");
    output::write(host.out(), &build, &Scope::default(), Options::default()).map_err(|error| said(&error))?;
    step("plan, write");
    Ok(())
}

fn said(error: &output::WriteError) -> String {
    error.notices().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
