//! Work grows with the program and not faster: counted in steps, which are the same on every machine.

#[path = "../../compiler/cli/examples/growth/fit.rs"]
mod fit;
#[path = "../../compiler/cli/examples/growth/shapes.rs"]
mod shapes;
#[path = "../../compiler/cli/examples/growth/workspace.rs"]
mod workspace;

use idpc_driver::host::Host;
use idpc_model::diagnostic::Severity;

use shapes::{BLOW_UPS, SHAPES, Shape};

/// Linear, with room for what a number of more digits adds.
const MOST: f64 = 1.1;

/// The extent and the steps of a program, which has no other mistake than its own.
fn cost(shape: &Shape, size: usize) -> (usize, u64) {
    let program = (shape.program)(size);
    let host = Host::new(workspace::load(&program).unwrap());
    for finding in host.analyze().diagnostics {
        let meant = finding.severity == Severity::Warning || Some(finding.code.id()) == shape.mistake;
        assert!(meant, "{} of size {size}: {} {}", shape.name, finding.code.id(), finding.message);
    }
    (program.extent(), host.steps())
}

/// The exponent of the steps over five sizes, each the double of the one before.
fn exponent(shape: &Shape, smallest: usize) -> f64 {
    let base = cost(shape, 0);
    let sizes = (0..5).map(|doubled| smallest << doubled);
    let points =
        sizes.map(|size| cost(shape, size)).map(|(extent, steps)| ((extent - base.0) as f64, (steps - base.1) as f64));
    fit::exponent(&points.collect::<Vec<_>>()).unwrap_or(0.0)
}

#[test]
fn steps_grow_with_the_source_and_the_environments() {
    for shape in SHAPES {
        // Large enough that what is fixed does not hide what grows, and small enough for a slow build.
        let smallest = (shape.sizes[0] / 8).max(3);
        let exponent = exponent(shape, smallest);
        assert!(exponent <= MOST, "{}: the steps grow with the power {exponent:.2}", shape.name);
    }
}

#[test]
fn what_takes_other_languages_exponentially_long_is_linear() {
    for shape in BLOW_UPS {
        let exponent = exponent(shape, 3);
        assert!(exponent <= MOST, "{}: the steps grow with the power {exponent:.2}", shape.name);
    }
    // At depth 24 a validation that doubles with each level would take 16 million steps and more.
    let deep = &BLOW_UPS[0];
    assert!(cost(deep, 24).1 - cost(deep, 0).1 < 2_000);
}

#[test]
fn the_steps_are_the_same_on_every_machine() {
    let chain = SHAPES.iter().find(|shape| shape.name == "chain of defaults").unwrap();
    assert_eq!(cost(chain, 100).1 - cost(chain, 0).1, 894);
}
