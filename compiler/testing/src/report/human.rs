//! Failures for people: where, what, and how it differs.

use std::fmt::Write as _;

use crate::suite::Results;

pub(super) fn report(results: &Results) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    for test in results.failed() {
        let _ = writeln!(text, "failed: {}", test.heading);
        for failure in &test.failures {
            let _ = writeln!(text, "  ┌─ {}:{}", test.page, failure.line);
            let _ = writeln!(text, "  │ {}", failure.title);
            for line in failure.details.lines() {
                let _ = writeln!(text, "{}", format!("  │   {line}").trim_end());
            }
        }
        text.push('\n');
    }
    for (page, blocks) in &results.rewritten {
        let plural = if *blocks == 1 { "" } else { "s" };
        let _ = writeln!(text, "rewritten: {page} ({blocks} block{plural})");
    }
    text
}
