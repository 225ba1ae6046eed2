//! A SARIF 2.1.0 log: one run, its results, and the rules that they are about with their pages.

use std::collections::BTreeMap;

use idpc_model::diagnostic::{Diagnostic, Edit, Fix, Safety, Severity};
use idpc_model::span::{FileId, Span};
use serde_json::{Value, json};

use super::report::{anchor, fingerprints, remarked, rule};
use super::sources::Source;
use super::{Finding, Remark, Sources};
use crate::pages::page;

/// What the paths of files begin at; the name that readers know.
const BASE: &str = "%SRCROOT%";

/// What says of which form the fingerprints are.
const FINGERPRINT: &str = "idpc/v1";

/// All findings as one document.
pub(super) fn report(findings: &[Finding], sources: &Sources<'_>) -> String {
    let mut rules: BTreeMap<&str, Severity> = BTreeMap::new();
    for finding in findings {
        rules.entry(rule(finding)).or_insert_with(|| finding.severity());
    }
    let index: BTreeMap<&str, usize> = rules.keys().copied().enumerate().map(|(at, rule)| (rule, at)).collect();
    let marks = fingerprints(findings, sources);
    let results: Vec<Value> = findings
        .iter()
        .zip(&marks)
        .map(|(finding, mark)| {
            let mut result = json!({
                "ruleId": rule(finding),
                "ruleIndex": index.get(rule(finding)),
                "level": finding.severity().name(),
            });
            let more = match finding {
                Finding::Placed(found) => placed(found, sources),
                Finding::Bare(remark) => bare(remark, sources),
            };
            if let Some(result) = result.as_object_mut() {
                result.extend(more);
                result.insert(String::from("partialFingerprints"), json!({ FINGERPRINT: mark }));
            }
            result
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "idpc",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules.iter().map(|(rule, severity)| described(rule, *severity)).collect::<Vec<_>>(),
            } },
            "originalUriBaseIds": { BASE: { "description": { "text": "The root of the sources." } } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

/// A rule with its page.
fn described(rule: &str, severity: Severity) -> Value {
    let level = json!({ "level": severity.name() });
    let Some(page) = page(rule) else {
        let text = "What the compiler finds outside of the rules of the language.";
        return json!({
            "id": rule,
            "shortDescription": { "text": text },
            "help": { "text": text },
            "defaultConfiguration": level,
        });
    };
    json!({
        "id": rule,
        "shortDescription": { "text": format!("{}.", page.title()) },
        "fullDescription": { "text": page.reason() },
        "help": { "text": page.text, "markdown": page.text },
        "helpUri": format!("{}/blob/main/docs/errors/{rule}.md", env!("CARGO_PKG_REPOSITORY")),
        "defaultConfiguration": level,
    })
}

fn placed(found: &Diagnostic, sources: &Sources<'_>) -> serde_json::Map<String, Value> {
    let mut result = serde_json::Map::new();
    result.insert(String::from("message"), json!({ "text": idpc_ide::finding::finding(found).text }));
    let location = match anchor(found, sources) {
        Some((span, source)) => json!({ "physicalLocation": physical(span, source) }),
        None => manifest(sources),
    };
    result.insert(String::from("locations"), json!([location]));
    let primary = found.labels.iter().map(|label| (label.span, label.message.as_str()));
    let related: Vec<Value> = std::iter::once((found.primary, found.primary_label.as_str()))
        .chain(primary)
        .filter(|(_, message)| !message.is_empty())
        .filter_map(|(span, message)| Some((physical(span, sources.get(span.file)?), message)))
        .enumerate()
        .map(|(id, (place, message))| json!({ "id": id, "physicalLocation": place, "message": { "text": message } }))
        .collect();
    if !related.is_empty() {
        result.insert(String::from("relatedLocations"), Value::from(related));
    }
    let fixes: Vec<Value> = found.fixes.iter().filter_map(|one| fix(one, sources)).collect();
    if !fixes.is_empty() {
        result.insert(String::from("fixes"), Value::from(fixes));
    }
    if !found.environments.is_empty() {
        result.insert(String::from("properties"), json!({ "environments": found.environments }));
    }
    result
}

fn bare(remark: &Remark, sources: &Sources<'_>) -> serde_json::Map<String, Value> {
    let location = match &remark.place {
        None => manifest(sources),
        Some((file, None)) => json!({ "physicalLocation": { "artifactLocation": relative(file) } }),
        Some((file, Some((line, column)))) => json!({ "physicalLocation": {
            "artifactLocation": relative(file),
            "region": { "startLine": line, "startColumn": column },
        } }),
    };
    let mut result = serde_json::Map::new();
    result.insert(String::from("message"), json!({ "text": remarked(remark) }));
    result.insert(String::from("locations"), json!([location]));
    result
}

/// What concerns no file concerns the workspace. Readers refuse a result without a place.
fn manifest(sources: &Sources<'_>) -> Value {
    json!({ "physicalLocation": { "artifactLocation": relative(&sources.manifest()) } })
}

/// A fix; nothing when it touches a file that is not there.
fn fix(fix: &Fix, sources: &Sources<'_>) -> Option<Value> {
    let mut changes: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for edit in &fix.edits {
        changes.entry(edit.file).or_default().push(edit);
    }
    let changes: Option<Vec<Value>> = changes
        .iter()
        .map(|(file, edits)| {
            let source = sources.get(*file)?;
            let replacement = |edit: &&Edit| {
                json!({
                    "deletedRegion": region(Span::new(edit.file, edit.range), source),
                    "insertedContent": { "text": edit.text },
                })
            };
            let replacements: Vec<Value> = edits.iter().map(replacement).collect();
            Some(json!({ "artifactLocation": artifact(source), "replacements": replacements }))
        })
        .collect();
    Some(json!({
        "description": { "text": fix.title },
        "artifactChanges": changes.filter(|changes| !changes.is_empty())?,
        "properties": { "safe": fix.safety == Safety::Safe },
    }))
}

fn physical(span: Span, source: &Source<'_>) -> Value {
    json!({ "artifactLocation": artifact(source), "region": region(span, source) })
}

fn region(span: Span, source: &Source<'_>) -> Value {
    let (start, end) = source.bounds(span);
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

/// A file of the workspace below its root; one of a package by the name that findings give it, which is a URI.
fn artifact(source: &Source<'_>) -> Value {
    match source.path.split_once(":/").filter(|_| source.is_foreign()) {
        Some((package, path)) => json!({ "uri": format!("{package}:/{}", encoded(path)) }),
        None => relative(&source.shown),
    }
}

fn relative(path: &str) -> Value {
    json!({ "uri": encoded(path), "uriBaseId": BASE })
}

/// A path as a relative URI: no letter of it begins anything else.
fn encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::super::report::UNCODED;
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(encoded("services/a-b_c.idp"), "services/a-b_c.idp");
        assert_eq!(encoded("a b/c:d?e#f%é"), "a%20b/c%3Ad%3Fe%23f%25%C3%A9");
    }

    #[test]
    fn a_rule_without_a_page_is_described_all_the_same() {
        assert_eq!(described(UNCODED, Severity::Error)["id"], UNCODED);
        let help = &described("IDP0301", Severity::Error)["help"]["markdown"];
        assert!(help.as_str().unwrap().starts_with("# IDP0301: "));
    }
}
