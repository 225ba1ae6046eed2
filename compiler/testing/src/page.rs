//! A page of tests.

use std::ops::Range;

use crate::block::{Block, blocks};
use crate::case::{Failure, Report, Setting, Update, is_test, run};

/// A page with its tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// How people name it.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Its blocks, or the line of one that has no end.
    blocks: Result<Vec<Block>, usize>,
}

/// A test of a page, which [`Page::run`] runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// Its heading with those above it.
    pub heading: String,
    /// The line of its heading.
    pub line: usize,
    /// Its blocks among those of the page.
    range: Range<usize>,
}

impl Page {
    /// Reads a page.
    #[must_use]
    pub fn new(name: &str, text: &str) -> Self {
        let blocks = blocks(text).map_err(|unclosed| unclosed.line);
        Self { name: name.to_owned(), text: text.to_owned(), blocks }
    }

    /// The tests of the page, in order. A page that cannot be read is one test, which fails.
    #[must_use]
    pub fn tests(&self) -> Vec<Test> {
        let blocks = match &self.blocks {
            Ok(blocks) => blocks,
            Err(line) => return vec![Test { heading: self.name.clone(), line: *line, range: 0..0 }],
        };
        let mut tests = Vec::new();
        let mut start = 0;
        for group in blocks.chunk_by(|a, b| a.section == b.section) {
            let range = start..start + group.len();
            start = range.end;
            if let Some(first) = group.first().filter(|_| is_test(group)) {
                let heading = if first.heading.is_empty() { self.name.clone() } else { first.heading.clone() };
                tests.push(Test { heading, line: first.heading_line, range });
            }
        }
        tests
    }

    /// Runs one of its tests.
    #[must_use]
    pub fn run(&self, test: &Test, setting: &Setting<'_>) -> Report {
        match &self.blocks {
            Ok(blocks) => run(blocks.get(test.range.clone()).unwrap_or_default(), setting),
            Err(line) => {
                let failure = Failure {
                    line: *line,
                    title: String::from("the block that begins here never ends"),
                    details: String::new(),
                    updatable: false,
                };
                Report { failures: vec![failure], updates: Vec::new() }
            }
        }
    }

    /// The text of the page with some blocks written anew.
    #[must_use]
    pub fn updated(&self, mut updates: Vec<Update>) -> String {
        updates.sort_by_key(|update| update.range.start);
        let mut text = self.text.clone();
        for update in updates.iter().rev() {
            text.replace_range(update.range.clone(), &update.text);
        }
        text
    }
}
