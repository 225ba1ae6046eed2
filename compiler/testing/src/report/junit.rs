//! JUnit's XML: a suite a page, a case a test. Times are left out, so that one input gives one text.

use std::fmt::Write as _;

use crate::suite::{Ran, Results};

pub(super) fn report(results: &Results) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let failed = results.failed().count();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "<testsuites name=\"idpc\" tests=\"{}\" failures=\"{failed}\">", results.tests.len());
    for suite in results.tests.chunk_by(|a, b| a.page == b.page) {
        let name = suite.first().map_or("", |test| test.page.as_str());
        let failed = suite.iter().filter(|test| !test.failures.is_empty()).count();
        let (name, tests) = (escaped(name), suite.len());
        let _ = writeln!(text, "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failed}\">");
        suite.iter().for_each(|test| case(&mut text, test));
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

fn case(text: &mut String, test: &Ran) {
    let (name, page) = (escaped(&test.heading), escaped(&test.page));
    let head = format!("    <testcase name=\"{name}\" classname=\"{page}\" file=\"{page}\" line=\"{}\"", test.line);
    let Some(first) = test.failures.first() else {
        let _ = writeln!(text, "{head}/>");
        return;
    };
    // A case has one failure for most readers: all of them stand in its text.
    let _ = writeln!(text, "{head}>\n      <failure message=\"{}\">", escaped(&first.title));
    for failure in &test.failures {
        let _ = writeln!(text, "{page}:{}: {}", failure.line, escaped(&failure.title));
        for line in failure.details.lines() {
            let _ = writeln!(text, "  {}", escaped(line));
        }
    }
    text.push_str("      </failure>\n    </testcase>\n");
}

/// Text that cannot be taken for markup; characters that XML has no form for are replaced.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' => escaped.push(letter),
            control if control.is_control() || matches!(control, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            plain => escaped.push(plain),
        }
    }
    escaped
}
