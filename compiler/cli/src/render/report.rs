//! What the formats that are one document have in common: how a finding is told from others, and where it is shown.

use std::collections::BTreeMap;

use idpc_model::diagnostic::Diagnostic;
use idpc_model::span::Span;
use sha2::{Digest as _, Sha256};

use super::sources::Source;
use super::{Finding, Remark, Sources};

/// The rule of what has no code of its own, such as an error of a template.
pub(super) const UNCODED: &str = "idpc";

/// What rule a finding is about.
pub(super) fn rule(finding: &Finding) -> &str {
    match finding {
        Finding::Placed(found) => found.code.id(),
        Finding::Bare(remark) => remark.code.as_deref().unwrap_or(UNCODED),
    }
}

/// The place in the user's own files that a finding is shown at: its own, or else the first that explains it.
pub(super) fn anchor<'s, 'a>(found: &Diagnostic, sources: &'s Sources<'a>) -> Option<(Span, &'s Source<'a>)> {
    let places: Vec<(Span, &Source<'a>)> = std::iter::once(found.primary)
        .chain(found.labels.iter().map(|label| label.span))
        .filter_map(|span| Some((span, sources.get(span.file)?)))
        .collect();
    let own = places.iter().find(|(_, source)| !source.is_foreign());
    own.or(places.first()).copied()
}

/// One mark a finding, that stays when lines move: made of the rule, the file and the message. What is said more than
/// once in a file is counted.
pub(super) fn fingerprints(findings: &[Finding], sources: &Sources<'_>) -> Vec<String> {
    let mut seen: BTreeMap<[String; 3], usize> = BTreeMap::new();
    findings
        .iter()
        .map(|finding| {
            let (file, message) = match finding {
                Finding::Placed(found) => {
                    (sources.get(found.primary.file).map_or("", |source| source.path), found.message.as_str())
                }
                Finding::Bare(remark) => (sources.rooted(remark.file()), remark.message.as_str()),
            };
            let parts = [rule(finding), file, message].map(str::to_owned);
            let mut hash = Sha256::new();
            for part in &parts {
                hash.update(part.as_bytes());
                hash.update([0]);
            }
            let count = seen.entry(parts).or_default();
            *count += 1;
            hash.update(count.to_string());
            let bytes: [u8; 32] = hash.finalize().into();
            bytes.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
        })
        .collect()
}

/// All that there is to say, the message first, one thing a line.
pub(super) fn body(found: &Diagnostic, sources: &Sources<'_>) -> String {
    let mut text = found.message.clone();
    if !found.primary_label.is_empty() {
        text = format!("{text}\n{}", found.primary_label);
    }
    for label in &found.labels {
        let place = sources.get(label.span.file).map_or_else(String::new, |source| {
            let start = source.bounds(label.span).0;
            format!("{}:{}:{}: ", source.shown, start.line, start.column)
        });
        text = format!("{text}\n{place}{}", label.message);
    }
    if !found.environments.is_empty() {
        text = format!("{text}\nin {}", found.environments.join(", "));
    }
    if let Some(help) = &found.help {
        text = format!("{text}\nhelp: {help}");
    }
    text
}

/// The same of a remark.
pub(super) fn remarked(remark: &Remark) -> String {
    let lines = std::iter::once(remark.message.clone())
        .chain(remark.details.iter().cloned())
        .chain(remark.help.iter().map(|help| format!("help: {help}")));
    lines.collect::<Vec<_>>().join("\n")
}
