//! Measures how the work of the compiler grows with a program, one way of growing after the other.
//!
//! `cargo run --release -p idpc --example growth -- [RUNS [NAME]]`. For each way the exponent is fitted over five
//! sizes, each the double of the one before: by the steps of the budget, which are the same on every machine, and by
//! the time that all threads compute together (Linux). What a program of size 0 takes is subtracted; 1 is linear, 2 quadratic.

mod fit;
mod shapes;
mod workspace;

use std::error::Error;
use std::fs;

use idpc_driver::host::Host;
use idpc_model::diagnostic::{Diagnostic, Severity};

use shapes::{BLOW_UPS, Program, SHAPES, Shape};

/// In seconds: differences below it are chance.
const NOISE: f64 = 0.03;

/// What one program took.
#[derive(Clone, Copy)]
struct Cost {
    extent: usize,
    steps: u64,
    seconds: f64,
}

#[expect(clippy::print_stdout, reason = "the numbers are what the program is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runs = arguments.first().map_or(Ok(3), |text| text.parse())?;
    let wanted = |shape: &&Shape| arguments.get(1).is_none_or(|name| shape.name.contains(name.as_str()));
    println!("{:<28} {:>6} {:>6}  {:>9} {:>10}", "what grows", "steps", "time", "largest", "took");
    for shape in SHAPES.iter().filter(wanted) {
        let base = cost(shape, 0, runs)?;
        let costs = shape.sizes.iter().map(|size| cost(shape, *size, runs)).collect::<Result<Vec<_>, _>>()?;
        let by = |of: fn(Cost) -> f64| {
            let points: Vec<(f64, f64)> =
                costs.iter().map(|one| (number(one.extent) - number(base.extent), of(*one) - of(base))).collect();
            fit::exponent(&points).map_or_else(|| String::from("-"), |exponent| format!("{exponent:.2}"))
        };
        let (largest, took) = (shape.sizes.last().unwrap_or(&0), costs.last().map_or(0.0, |cost| cost.seconds));
        let steps = by(|cost| number(cost.steps));
        // So little above a program of size 0 says nothing about growth.
        let time = if took - base.seconds < NOISE { String::from("-") } else { by(|cost| cost.seconds) };
        println!("{:<28} {steps:>6} {time:>6}  {largest:>9} {:>7.1} ms", shape.name, took * 1e3);
    }
    for shape in BLOW_UPS.iter().filter(wanted) {
        println!("{}", shape.name);
        for size in shape.sizes {
            let cost = cost(shape, *size, runs)?;
            println!("{size:>28} {:>13} steps {:>18.1} ms", cost.steps, cost.seconds * 1e3);
        }
    }
    Ok(())
}

/// The shortest of some runs: what else the machine does only adds to it.
fn cost(shape: &Shape, size: usize, runs: usize) -> Result<Cost, Box<dyn Error>> {
    let program: Program = (shape.program)(size);
    let loaded = workspace::load(&program)?;
    let mut times = Vec::new();
    let mut steps = 0;
    for _ in 0..runs.max(1) {
        let loaded = loaded.clone();
        let start = computed()?;
        let host = Host::new(loaded);
        let analysis = host.analyze();
        times.push(computed()? - start);
        let unmeant =
            |finding: &&Diagnostic| finding.severity == Severity::Error && Some(finding.code.id()) != shape.mistake;
        if let Some(finding) = analysis.diagnostics.iter().find(unmeant) {
            return Err(format!("{} of size {size}: {} {}", shape.name, finding.code.id(), finding.message).into());
        }
        steps = host.steps();
    }
    times.sort_by(f64::total_cmp);
    let seconds = times.first().copied().unwrap_or_default();
    Ok(Cost { extent: program.extent(), steps, seconds })
}

/// How many seconds all threads of this program have computed. Unlike the time on the wall it leaves out what else the
/// machine does.
fn computed() -> Result<f64, Box<dyn Error>> {
    let mut sum = 0.0;
    for task in fs::read_dir("/proc/self/task")? {
        let text = fs::read_to_string(task?.path().join("schedstat"))?;
        sum += text.split(' ').next().unwrap_or_default().parse::<f64>()?;
    }
    Ok(sum / 1e9)
}

#[expect(clippy::cast_precision_loss, reason = "a logarithm is taken of it")]
fn number(count: impl TryInto<u64>) -> f64 {
    count.try_into().unwrap_or(u64::MAX) as f64
}
