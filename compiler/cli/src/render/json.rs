//! One JSON object a line, for programs. The fields are a contract: add to them, never change them.

use idpc_model::diagnostic::{Diagnostic, Edit, Fix, Safety};
use idpc_model::span::Span;
use serde_json::{Value, json};

use super::{Finding, Remark, Sources};
use crate::position::Position;

/// One finding on one line.
pub(super) fn finding(finding: &Finding, sources: &Sources<'_>) -> String {
    let object = match finding {
        Finding::Placed(diagnostic) => placed(diagnostic, sources),
        Finding::Bare(remark) => bare(remark),
    };
    format!("{object}\n")
}

fn placed(found: &Diagnostic, sources: &Sources<'_>) -> Value {
    let (file, start, end) = place(found.primary, sources);
    let own = (!found.primary_label.is_empty()).then(|| label(found.primary, &found.primary_label, sources));
    let others = found.labels.iter().map(|other| label(other.span, &other.message, sources));
    json!({
        "code": found.code.id(),
        "severity": found.severity.name(),
        "message": found.message,
        "file": file,
        "start": start,
        "end": end,
        "labels": own.into_iter().chain(others).collect::<Vec<_>>(),
        "help": found.help,
        "fixes": found.fixes.iter().map(|one| fix(one, sources)).collect::<Vec<_>>(),
        "environments": found.environments,
    })
}

fn bare(remark: &Remark) -> Value {
    let (file, at) = match &remark.place {
        Some((file, at)) => (Value::from(file.as_str()), *at),
        None => (Value::Null, None),
    };
    let start = at.map_or(Value::Null, |(line, column)| json!({ "line": line, "column": column, "offset": null }));
    let help = if remark.help.is_empty() { Value::Null } else { Value::from(remark.help.join("\n")) };
    json!({
        "code": remark.code,
        "severity": remark.severity.name(),
        "message": remark.message,
        "file": file,
        "start": start,
        "end": start,
        "labels": [],
        "help": help,
        "fixes": [],
        "environments": [],
        "details": remark.details,
    })
}

fn label(span: Span, message: &str, sources: &Sources<'_>) -> Value {
    let (file, start, end) = place(span, sources);
    json!({ "file": file, "start": start, "end": end, "message": message })
}

fn fix(fix: &Fix, sources: &Sources<'_>) -> Value {
    json!({
        "title": fix.title,
        "safe": fix.safety == Safety::Safe,
        "edits": fix.edits.iter().map(|one| edit(one, sources)).collect::<Vec<_>>(),
    })
}

fn edit(edit: &Edit, sources: &Sources<'_>) -> Value {
    let (file, start, end) = place(Span::new(edit.file, edit.range), sources);
    json!({ "file": file, "start": start, "end": end, "text": edit.text })
}

fn place(span: Span, sources: &Sources<'_>) -> (Value, Value, Value) {
    sources.get(span.file).map_or((Value::Null, Value::Null, Value::Null), |source| {
        let (start, end) = source.bounds(span);
        (Value::from(source.path), position(start), position(end))
    })
}

/// A place as every JSON output of the program writes it.
pub(crate) fn position(place: Position) -> Value {
    json!({ "line": place.line, "column": place.column, "offset": place.offset })
}
