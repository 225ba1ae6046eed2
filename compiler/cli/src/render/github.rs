//! Workflow commands of GitHub Actions: each finding becomes an annotation on the changed file.

use idpc_model::diagnostic::Diagnostic;

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
    let mut message = found.message.clone();
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
    if !found.primary_label.is_empty() {
        message = format!("{message}\n{}", found.primary_label);
    }
    for label in &found.labels {
        let place = sources.get(label.span.file).map_or_else(String::new, |source| {
            let start = source.bounds(label.span).0;
            format!("{}:{}:{}: ", source.shown, start.line, start.column)
        });
        message = format!("{message}\n{place}{}", label.message);
    }
    if !found.environments.is_empty() {
        message = format!("{message}\nin {}", found.environments.join(", "));
    }
    if let Some(help) = &found.help {
        message = format!("{message}\nhelp: {help}");
    }
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
    let lines = std::iter::once(remark.message.clone())
        .chain(remark.details.iter().cloned())
        .chain(remark.help.iter().map(|help| format!("help: {help}")));
    command(remark.severity.name(), &properties, &lines.collect::<Vec<_>>().join("\n"))
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
