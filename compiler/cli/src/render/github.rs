//! Workflow commands of GitHub Actions: each finding becomes an annotation on the changed file.

use idpc_model::diagnostic::Diagnostic;

use super::report::{body, remarked};
use super::{Finding, Remark, Sources};

/// One finding as one command.
pub(super) fn finding(finding: &Finding, sources: &Sources<'_>) -> String {
    match finding {
        Finding::Placed(diagnostic) => placed(diagnostic, sources),
        Finding::Bare(remark) => bare(remark),
    }
}

fn placed(found: &Diagnostic, sources: &Sources<'_>) -> String {
    let mut properties = Vec::new();
    let mut message = body(found, sources);
    if let Some(source) = sources.get(found.primary.file) {
        let (start, end) = source.bounds(found.primary);
        if source.is_foreign() {
            message = format!("{}:{}:{}: {message}", source.shown, start.line, start.column);
        } else {
            properties.push(("file", source.shown.clone()));
            properties.push(("line", start.line.to_string()));
            properties.push(("endLine", end.line.to_string()));
            // The columns of an annotation count only if it stays on one line.
            if start.line == end.line {
                properties.push(("col", start.column.to_string()));
                properties.push(("endColumn", end.column.to_string()));
            }
        }
    }
    properties.push(("title", found.code.id().to_owned()));
    command(found.severity.name(), &properties, &message)
}

fn bare(remark: &Remark) -> String {
    let mut properties = Vec::new();
    if let Some((file, at)) = &remark.place {
        properties.push(("file", file.clone()));
        if let Some((line, column)) = at {
            properties.push(("line", line.to_string()));
            properties.push(("col", column.to_string()));
        }
    }
    properties.extend(remark.code.iter().map(|code| ("title", code.clone())));
    command(remark.severity.name(), &properties, &remarked(remark))
}

fn command(severity: &str, properties: &[(&str, String)], message: &str) -> String {
    let properties: Vec<String> = properties.iter().map(|(key, value)| format!("{key}={}", property(value))).collect();
    let gap = if properties.is_empty() { "" } else { " " };
    format!("::{severity}{gap}{}::{}\n", properties.join(","), data(message))
}

/// What would end the command, or begin another one, is escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
