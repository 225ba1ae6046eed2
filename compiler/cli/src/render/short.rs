//! One line a finding, as compilers have always written it: `file:line:column: error[CODE]: message`.

use idpc_model::diagnostic::Diagnostic;

use super::tame::tame;
use super::{Finding, Sources};

/// One finding on one line.
pub(super) fn finding(finding: &Finding, sources: &Sources<'_>) -> String {
    match finding {
        Finding::Placed(found) => diagnostic(found, sources),
        Finding::Bare(remark) => {
            let place = remark.shown_place().map_or_else(String::new, |place| format!("{place}: "));
            let details =
                if remark.details.is_empty() { String::new() } else { format!(": {}", remark.details.join("; ")) };
            line(&format!("{place}{}: {}{details}", remark.head(), remark.message))
        }
    }
}

/// One diagnostic on one line.
pub(super) fn diagnostic(found: &Diagnostic, sources: &Sources<'_>) -> String {
    let place = sources.get(found.primary.file).map_or_else(String::new, |source| {
        let start = source.bounds(found.primary).0;
        format!("{}:{}:{}: ", source.shown, start.line, start.column)
    });
    let places =
        if found.environments.is_empty() { String::new() } else { format!(" (in {})", found.environments.join(", ")) };
    line(&format!("{place}{}[{}]: {}{places}", found.severity.name(), found.code.id(), found.message))
}

/// Whatever a message holds, it stays one line.
fn line(text: &str) -> String {
    format!("{}\n", tame(&text.replace(['\n', '\r', '\t'], " ")))
}
