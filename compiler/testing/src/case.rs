//! A test: the blocks below one heading.

use std::ops::Range;

use crate::assertion::{assertions, difference};
use crate::block::Block;
use crate::difference;
use crate::expectation::{Verdict, expects, judge, needs_targets, pins_findings};
use crate::program::{Depth, Ground, Outcome, Program};

/// Shows findings as a terminal does, without color.
pub type Terminal<'t> = &'t (dyn Fn(&Outcome) -> String + Sync);

/// What tests stand on and how far they go.
pub struct Setting<'s> {
    /// The files that each test finds.
    pub ground: Ground,
    /// The same with everything that belongs to the workspace, for tests that ask for it.
    pub whole: Option<Ground>,
    /// How far programs are taken; one that expects a file goes all the way.
    pub depth: Depth,
    /// How findings look to people.
    pub terminal: Terminal<'s>,
}

/// The word behind a fence that asks for the services of the workspace as well.
const WITH_SERVICES: &str = "with-services";

/// What a test came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What is wrong.
    pub failures: Vec<Failure>,
    /// How blocks would have to be written for nothing to differ.
    pub updates: Vec<Update>,
}

/// One thing that is wrong with a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The line of the page.
    pub line: usize,
    /// What it is, in one line.
    pub title: String,
    /// More about it, such as a difference; may be empty.
    pub details: String,
    /// Whether writing its block anew removes it.
    pub updatable: bool,
}

/// The new content of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// Where the old content stands in the page.
    pub range: Range<usize>,
    /// The new one.
    pub text: String,
}

impl Failure {
    fn new(line: usize, title: impl Into<String>) -> Self {
        Self { line, title: title.into(), details: String::new(), updatable: false }
    }
}

/// Whether there is a test below a heading.
#[must_use]
pub fn is_test(blocks: &[Block]) -> bool {
    blocks.iter().any(|block| block.is_file() || expects(block))
}

/// Runs the test below one heading.
#[must_use]
pub fn run(blocks: &[Block], setting: &Setting<'_>) -> Report {
    let mut report = Report::default();
    let program = match Program::of(blocks.iter().filter(|block| block.is_file())) {
        Ok(program) if program.is_empty() => {
            let line = blocks.first().map_or(1, |block| block.line);
            report.failures.push(Failure::new(line, "something is expected, and no `idp` block says of what"));
            return report;
        }
        Ok(program) => program,
        Err((line, reason)) => {
            report.failures.push(Failure::new(line, reason));
            return report;
        }
    };
    let depth = if blocks.iter().any(needs_targets) { Depth::Targets } else { setting.depth };
    let whole = blocks.iter().any(|block| block.says(WITH_SERVICES));
    let ground = setting.whole.as_ref().filter(|_| whole).unwrap_or(&setting.ground);
    match program.compile(ground, depth) {
        Ok(outcome) => compare(blocks, &program, &outcome, setting, &mut report),
        Err(reason) => {
            let line = blocks.first().map_or(1, |block| block.line);
            report.failures.push(Failure::new(line, reason));
        }
    }
    report.failures.sort_by_key(|failure| failure.line);
    report
}

fn compare(blocks: &[Block], program: &Program, outcome: &Outcome, setting: &Setting<'_>, report: &mut Report) {
    let line = blocks.iter().find(|block| block.is_file()).map_or(1, |block| block.line);
    for text in outcome.emission.iter().flat_map(|made| &made.errors) {
        let (title, details) = text.split_once('\n').unwrap_or((text, ""));
        let title = format!("a template is wrong: {title}");
        report.failures.push(Failure { details: details.to_owned(), ..Failure::new(line, title) });
    }
    for block in blocks {
        match judge(block, outcome, || (setting.terminal)(outcome)) {
            Verdict::Met => {}
            Verdict::Wrong(reason) => {
                let (title, details) = reason.split_once('\n').unwrap_or((&reason, ""));
                report.failures.push(Failure { details: details.to_owned(), ..Failure::new(block.line, title) });
            }
            Verdict::Differs(text) => {
                report.failures.push(Failure {
                    details: difference::lines(&block.text, &text),
                    updatable: true,
                    ..Failure::new(block.line, format!("the block `{}` differs", block.info.join(" ")))
                });
                report.updates.push(Update { range: block.range.clone(), text });
            }
        }
    }
    findings(blocks, program, outcome, line, report);
}

/// Compares findings with the assertions in comments.
fn findings(blocks: &[Block], program: &Program, outcome: &Outcome, line: usize, report: &mut Report) {
    // Where a line of a file stands in the page.
    let in_page = |path: &str, at: usize| program.file(path).map_or(line, |file| file.line + at);
    let asserted = match assertions(program) {
        Ok(asserted) => asserted,
        Err(wrong) => {
            report.failures.push(Failure::new(in_page(&wrong.path, wrong.line), wrong.reason));
            return;
        }
    };
    let unmet = difference(&asserted, &outcome.findings);
    for (path, at, shown) in unmet.missing {
        report.failures.push(Failure::new(in_page(&path, at), format!("expected and not found: {shown}")));
    }
    // A block of output holds every finding already.
    if blocks.iter().any(pins_findings) {
        return;
    }
    for found in unmet.unexpected {
        report.failures.push(Failure {
            details: found.more.iter().map(|line| format!("{line}\n")).collect(),
            ..Failure::new(in_page(&found.path, found.line), format!("not expected: {}", found.short))
        });
    }
}
