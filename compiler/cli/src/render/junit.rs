//! A JUnit report: a suite a file, a case a finding. An error is a failed case, a warning one that passes and says so; with
//! nothing to complain about there is one case that passes, because no case at all means that nothing ran.

use std::fmt::Write as _;

use idpc_model::diagnostic::Severity;
use idpc_testing::report::escaped;

use super::report::{body, remarked, rule};
use super::{Finding, Sources, Tally};

/// A case before it is written.
struct Case {
    file: String,
    line: Option<usize>,
    rule: String,
    severity: Severity,
    message: String,
    text: String,
}

/// All findings as one document.
pub(super) fn report(findings: &[Finding], sources: &Sources<'_>) -> String {
    let cases: Vec<Case> = findings.iter().map(|finding| case(finding, sources)).collect();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let failures = Tally::of(findings).errors;
    let tests = cases.len().max(1);
    // Writing to a string cannot fail.
    let _ = writeln!(text, "<testsuites name=\"idpc\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">");
    if cases.is_empty() {
        text.push_str("  <testsuite name=\"idpc\" tests=\"1\" failures=\"0\" errors=\"0\">\n");
        text.push_str("    <testcase name=\"nothing was found\" classname=\"idpc\"/>\n  </testsuite>\n");
    }
    for suite in cases.chunk_by(|a, b| a.file == b.file) {
        let failures = suite.iter().filter(|case| case.severity == Severity::Error).count();
        let name = attribute(suite.first().map_or("", |case| case.file.as_str()));
        let tests = suite.len();
        let _ = writeln!(text, "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">");
        suite.iter().for_each(|case| write(&mut text, case));
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

fn case(finding: &Finding, sources: &Sources<'_>) -> Case {
    let (file, line, message, text) = match finding {
        Finding::Placed(found) => {
            let source = sources.get(found.primary.file);
            let file = source.map_or_else(|| sources.manifest(), |source| source.shown.clone());
            let line = source.map(|source| source.bounds(found.primary).0.line);
            (file, line, found.message.clone(), body(found, sources))
        }
        Finding::Bare(remark) => {
            let place = remark.place.as_ref();
            let file = place.map_or_else(|| sources.manifest(), |(file, _)| file.clone());
            let line = place.and_then(|(_, at)| *at).map(|(line, _)| line);
            (file, line, remark.message.clone(), remarked(remark))
        }
    };
    Case { file, line, rule: rule(finding).to_owned(), severity: finding.severity(), message, text }
}

fn write(text: &mut String, case: &Case) {
    let (file, rule, message) = (attribute(&case.file), attribute(&case.rule), attribute(&case.message));
    let line = case.line.map_or_else(String::new, |line| format!(" line=\"{line}\""));
    let place = case.line.map_or_else(|| case.file.clone(), |line| format!("{}:{line}", case.file));
    let content = lines(&format!("{place}: {}", case.text));
    let _ = writeln!(text, "    <testcase name=\"{rule}: {message}\" classname=\"{file}\" file=\"{file}\"{line}>");
    let _ = match case.severity {
        Severity::Error => {
            writeln!(text, "      <failure type=\"{rule}\" message=\"{message}\">{content}</failure>")
        }
        Severity::Warning => writeln!(text, "      <system-out>{content}</system-out>"),
    };
    text.push_str("    </testcase>\n");
}

/// The value of an attribute, which holds no line break.
fn attribute(text: &str) -> String {
    escaped(&text.replace(['\n', '\r', '\t'], " "))
}

/// Content, whose line breaks stay.
fn lines(text: &str) -> String {
    text.split('\n').map(escaped).collect::<Vec<_>>().join("\n")
}
