//! A Code Quality report of GitLab: a list of objects, each with a path, a line, and a fingerprint by which a merge request
//! tells what is new.

use idpc_model::diagnostic::Severity;
use serde_json::{Value, json};

use super::report::{anchor, fingerprints, rule};
use super::{Finding, Sources};

/// All findings as one document.
pub(super) fn report(findings: &[Finding], sources: &Sources<'_>) -> String {
    let marks = fingerprints(findings, sources);
    let list: Vec<Value> =
        findings.iter().zip(&marks).map(|(finding, fingerprint)| one(finding, fingerprint, sources)).collect();
    format!("{:#}\n", Value::from(list))
}

fn one(finding: &Finding, fingerprint: &str, sources: &Sources<'_>) -> Value {
    let (description, path, begin, end) = match finding {
        Finding::Placed(found) => {
            let places = match found.environments.as_slice() {
                [] => String::new(),
                some => format!(" (in {})", some.join(", ")),
            };
            let description = format!("{}{places}", found.message);
            match anchor(found, sources) {
                Some((span, source)) => {
                    let (start, end) = source.bounds(span);
                    (description, source.shown.clone(), start.line, end.line)
                }
                None => (description, sources.manifest(), 1, 1),
            }
        }
        Finding::Bare(remark) => {
            let line = remark.place.as_ref().and_then(|(_, at)| *at).map_or(1, |(line, _)| line);
            let path = remark.place.as_ref().map_or_else(|| sources.manifest(), |(file, _)| file.clone());
            let details =
                if remark.details.is_empty() { String::new() } else { format!(": {}", remark.details.join("; ")) };
            (format!("{}{details}", remark.message), path, line, line)
        }
    };
    json!({
        "description": description.replace(['\n', '\r'], " "),
        "check_name": rule(finding),
        "fingerprint": fingerprint,
        "severity": match finding.severity() {
            Severity::Error => "major",
            Severity::Warning => "minor",
        },
        "location": { "path": path, "lines": { "begin": begin, "end": end } },
    })
}
