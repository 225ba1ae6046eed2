//! Parts of the language that are read but have no effect yet. They are refused, so that nothing written is ever ignored.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::value::{Layer, Record};

/// Fields of a service that nothing reads yet.
const FIELDS: &[&str] = &["patches", "offramps"];

/// What an evaluated service sets of such fields.
#[must_use]
pub fn fields(record: &Record, environment: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for name in FIELDS {
        let Some(field) = record.field(name) else { continue };
        let Some((_, first)) = field.value.entries().first() else { continue };
        // `patches.deployment.… = …` opens the map without a place of its own.
        let at = if field.origin.layer == Layer::Unset { first.origin.span } else { field.origin.span };
        let mut finding = refused(at, &format!("`{name}` has no effect yet"));
        finding.environments = vec![environment.to_owned()];
        found.push(finding);
    }
    found
}

fn refused(at: Span, message: &str) -> Diagnostic {
    Diagnostic::new(Code::NotBuiltYet, at, message)
        .primary_label("would be ignored")
        .help("leave it out until a later version honors it")
}
