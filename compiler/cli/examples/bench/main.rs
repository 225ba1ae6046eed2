//! Measures `idpc build` on a generated workspace, against `cp -r` of its output on the same file system.
//!
//! `cargo run --release -p idpc --example bench -- [SERVICES [RUNS [SEED]]]` measures, and
//! `… -- write FOLDER [SERVICES [SEED]]` only writes the workspace, for a profiler; `… -- phases FOLDER` builds it in steps.

mod chance;
mod fleet;
mod measure;
mod memory;
mod phases;
mod place;

use std::error::Error;
use std::path::Path;
use std::process::Command;

use fleet::Fleet;
use measure::{Spread, Weight};
use memory::megabytes;

#[expect(clippy::print_stdout, reason = "the numbers are what the program is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, folder, rest @ ..] = arguments.as_slice()
        && command == "write"
    {
        let number = |at: usize, otherwise: u64| rest.get(at).map_or(Ok(otherwise), |text| text.parse());
        let fleet = Fleet::new(usize::try_from(number(0, 1000)?)?, number(1, 1)?);
        println!("{} sources in {folder}", fleet.write(Path::new(folder))?);
        return Ok(());
    }
    if let [command, folder] = arguments.as_slice()
        && command == "phases"
    {
        return phases::print(Path::new(folder));
    }
    let numbers: Vec<u64> = arguments.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
    let services = usize::try_from(numbers.first().copied().unwrap_or(1000))?;
    let runs = usize::try_from(numbers.get(1).copied().unwrap_or(5))?.max(1);
    let seed = numbers.get(2).copied().unwrap_or(1);
    let program = place::program()?;
    let place = tempfile::Builder::new().prefix("idpc-bench-").tempdir_in(place::home())?;
    let workspace = place.path().join("fleet");
    let sources = Fleet::new(services, seed).write(&workspace)?;
    println!("workspace    {services} services in 3 environments, {sources} sources, seed {seed}");

    let out = workspace.join("out");
    let copy = place.path().join("copy");
    let (mut builds, mut again, mut copies, mut single) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    // One run of each that nobody counts, then all of them in turns, so that a slow moment meets each alike.
    for run in 0..=runs {
        measure::remove(&out)?;
        let build = measure::run(&mut measure::build(&program, &workspace))?;
        let second = measure::run(&mut measure::build(&program, &workspace))?;
        measure::remove(&copy)?;
        let copied = measure::run(Command::new("cp").arg("-r").arg(&out).arg(&copy))?;
        measure::remove(&out)?;
        let one = measure::run(measure::build(&program, &workspace).env("RAYON_NUM_THREADS", "1"))?;
        if run > 0 {
            builds.push(build);
            again.push(second);
            copies.push(copied);
            single.push(one);
        }
    }
    let weight = Weight::of(&out)?;
    measure::remove(&out)?;
    let peak = measure::peak(&mut measure::build(&program, &workspace))?;
    let (builds, copies) = (Spread::of(builds), Spread::of(copies));
    println!("output       {} files, {:.1} MB", weight.files, megabytes(weight.bytes));
    println!("idpc build   {builds}");
    println!("one thread   {}", Spread::of(single));
    println!("build again  {}, with nothing to write", Spread::of(again));
    println!("cp -r        {copies}");
    println!("ratio        {:.2} of cp -r", builds.median / copies.median);
    println!("peak memory  {:.1} MB", megabytes(peak));
    Ok(())
}
