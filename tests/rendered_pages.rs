//! Each page of a diagnostic shows what a terminal shows of its failing program. With `IDPC_UPDATE=1` in the environment
//! the `text` block below the program is written anew, or added.

use std::ops::Range;

use idpc_testing::block::Block;
use idpc_testing::output::Output;
use idpc_testing::program::{Depth, Ground};

use crate::error_pages::Programs;
use crate::{pages, repository};

/// Where a page says what is shown, and what it has to say.
struct Shown {
    range: Range<usize>,
    said: Option<String>,
    expected: String,
}

#[test]
fn every_page_shows_what_a_user_sees() {
    let update = std::env::var_os("IDPC_UPDATE").is_some();
    let mut failures = String::new();
    let mut count = 0;
    for (path, mut text, blocks) in pages("docs/errors") {
        let Some(shown) = shown(&text, &blocks) else { continue };
        count += 1;
        if shown.said.as_deref() == Some(shown.expected.as_str()) {
            continue;
        }
        if update {
            let new = if shown.said.is_some() { shown.expected } else { fenced(&shown.expected) };
            text.replace_range(shown.range, &new);
            std::fs::write(repository().join(&path), text).unwrap();
        } else {
            let said = shown.said.unwrap_or_else(|| String::from("nothing\n"));
            failures += &format!("{path} shows\n{said}\nbut a user sees\n{}\n", shown.expected);
        }
    }
    assert!(count > 100, "only {count} pages have a program that fails");
    assert!(failures.is_empty(), "{failures}");
}

/// What stands below the failing program of a page; nothing where there is no such program.
fn shown(text: &str, blocks: &[Block]) -> Option<Shown> {
    let last = blocks.iter().rfind(|block| block.is_file() && block.says("fails"))?;
    let Programs { before, failing, .. } = Programs::of(blocks);
    let outcome = if before.is_empty() {
        failing.compile(&Ground::Library, Depth::Targets).unwrap()
    } else {
        let output = Output::empty().unwrap();
        output.build(&before, &Ground::Library).unwrap();
        output.build(&failing, &Ground::Library).unwrap()
    };
    let expected = format!("{}\n", idpc::shown(&outcome).trim_end());
    let block = blocks.iter().find(|block| block.section == last.section && block.language() == "text");
    let (range, said) = match block {
        Some(block) => (block.range.clone(), Some(block.text.clone())),
        None => {
            // Behind the line that closes the program.
            let closing = text[last.range.end..].find('\n').map_or(text.len(), |at| last.range.end + at + 1);
            (closing..closing, None)
        }
    };
    Some(Shown { range, said, expected })
}

/// A block of its own, whose fence no line of it can close.
fn fenced(text: &str) -> String {
    let longest = text.lines().map(|line| line.bytes().take_while(|byte| *byte == b'`').count()).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("\n{fence}text\n{text}{fence}\n")
}
