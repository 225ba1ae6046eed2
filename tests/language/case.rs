//! A test: the blocks below one heading.

use std::ops::Range;

use idpc_model::model::Model;
use idpc_model::value::Value;

use crate::assertion::{assertions, difference};
use crate::block::Block;
use crate::program::{Depth, Finding, Program};

/// What differs, and how the page would have to be written for nothing to differ.
#[derive(Default)]
pub struct Report {
    /// Differences, one text each.
    pub failures: Vec<String>,
    /// New contents of blocks.
    pub updates: Vec<(Range<usize>, String)>,
}

/// Runs the test below one heading; `None` if there is no program below it.
pub fn run(blocks: &[Block]) -> Option<Report> {
    let program = Program::of(blocks.iter().filter(|block| block.language() == "idp"));
    if program.is_empty() {
        return None;
    }
    let outcome = program.compile(Depth::Model);
    let mut report = Report::default();
    let mut pinned = false;
    for block in blocks {
        match block.language() {
            "output" => {
                pinned = true;
                report.compare(block, shown(&outcome.findings, block));
            }
            "values" => report.compare(block, values(&outcome.analysis.model, &block.text)),
            _ => {}
        }
    }
    let mut differences = difference(&assertions(&program), &outcome.findings);
    if pinned {
        // The block of output holds every finding already.
        differences.retain(|line| line.starts_with('-'));
    }
    if !differences.is_empty() {
        report.failures.push(differences.join("\n"));
    }
    Some(report)
}

impl Report {
    fn compare(&mut self, block: &Block, actual: String) {
        if block.text != actual {
            self.failures.push(format!("line {}\n{}", block.line, lines(&block.text, &actual)));
            self.updates.push((block.range.clone(), actual));
        }
    }
}

/// The findings as a block of output holds them: one line each, or all that is said.
fn shown(findings: &[Finding], block: &Block) -> String {
    let full = block.says("full");
    assert!(full || block.says("short"), "line {}: an output is `short` or `full`", block.line);
    let mut text = String::new();
    for finding in findings {
        text += &format!("{}\n", finding.short);
        if full {
            finding.more.iter().for_each(|line| text += &format!("{line}\n"));
        }
    }
    text
}

/// `prod checkout.replicas = 3..12`: each line with the value that it has.
fn values(model: &Model, lines: &str) -> String {
    let mut text = String::new();
    for line in lines.lines() {
        let (place, _) = line.split_once(" = ").unwrap_or((line, ""));
        let (environment, path) =
            place.split_once(' ').unwrap_or_else(|| panic!("`{line}` begins with no environment"));
        text += &format!("{environment} {path} = {}\n", value(model, environment, path));
    }
    text
}

fn value(model: &Model, environment: &str, path: &str) -> String {
    let Some(environment) = model.environment(environment) else { return String::from("(no such environment)") };
    let mut steps = path.split('.');
    let name = steps.next().unwrap_or_default();
    let record = environment.services.get(name).or_else(|| environment.resources.get(name));
    let record = record.or_else(|| environment.world.instance("team", name));
    let Some(record) = record else { return String::from("(absent)") };
    let mut at = Value::Record(record.clone());
    for step in steps {
        let field = match &at {
            Value::Record(record) => record.field(step),
            other => other.entries().iter().find(|(key, _)| &**key == step).map(|(_, field)| field),
        };
        match field {
            Some(field) => at = field.value.clone(),
            None => return String::from("(absent)"),
        }
    }
    at.to_string()
}

/// The lines that only one of two texts has.
fn lines(expected: &str, actual: &str) -> String {
    let minus =
        expected.lines().filter(|line| !actual.lines().any(|other| other == *line)).map(|line| format!("- {line}"));
    let plus =
        actual.lines().filter(|line| !expected.lines().any(|other| other == *line)).map(|line| format!("+ {line}"));
    minus.chain(plus).collect::<Vec<_>>().join("\n")
}
