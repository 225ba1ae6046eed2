//! A diagnostic as an editor shows it: one text, one place, related places, and edits that would remove it.

use idpc_model::diagnostic::{Diagnostic, Fix, Label, Severity};
use idpc_model::span::Span;

/// What is wrong at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub place: Span,
    /// Error or warning.
    pub severity: Severity,
    /// The permanent code.
    pub code: &'static str,
    /// The message on the first line; below it what it says about the place, where it holds and what helps.
    pub text: String,
    /// Further places with the reason why they matter.
    pub related: Vec<Label>,
    /// Edits that would remove it.
    pub fixes: Vec<Fix>,
}

/// What an editor shows of a diagnostic.
#[must_use]
pub fn finding(diagnostic: &Diagnostic) -> Finding {
    let mut text = diagnostic.message.clone();
    if !diagnostic.primary_label.is_empty() {
        text = format!("{text}\n{}", diagnostic.primary_label);
    }
    if !diagnostic.environments.is_empty() {
        text = format!("{text}\nin {}", diagnostic.environments.join(", "));
    }
    if let Some(help) = &diagnostic.help {
        text = format!("{text}\nhelp: {help}");
    }
    Finding {
        place: diagnostic.primary,
        severity: diagnostic.severity,
        code: diagnostic.code.id(),
        text,
        related: diagnostic.labels.clone(),
        fixes: diagnostic.fixes.clone(),
    }
}

#[cfg(test)]
mod tests {
    use idpc_model::code::Code;
    use idpc_model::span::FileId;
    use idpc_syntax::ast::{TextRange, TextSize};

    use super::*;

    #[test]
    fn the_message_comes_first_and_the_help_last() {
        let place = Span::new(FileId(1), TextRange::empty(TextSize::new(3)));
        let mut diagnostic = Diagnostic::new(Code::MissingField, place, "`owner` is not set")
            .primary_label("needs `owner`")
            .label(place, "declared here")
            .help("add `owner = TEAM`");
        diagnostic.environments = vec!["dev".into(), "prod".into()];
        let finding = finding(&diagnostic);
        assert_eq!(finding.text, "`owner` is not set\nneeds `owner`\nin dev, prod\nhelp: add `owner = TEAM`");
        assert_eq!((finding.code, finding.severity, finding.place), ("IDP0302", Severity::Error, place));
        assert_eq!(finding.related, diagnostic.labels);
    }
}
