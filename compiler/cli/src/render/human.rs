//! Findings for people: the source around each place, with the reason under it.

use std::fmt::Write as _;

use codespan_reporting::diagnostic as shape;
use codespan_reporting::term::termcolor::Ansi;
use codespan_reporting::term::{self, Config, Styles, StylesWriter};
use idpc_model::diagnostic::{Diagnostic, Severity};
use idpc_model::span::FileId;

use super::tame::tame;
use super::{Finding, Remark, Sources, short};
use crate::console::Paint;

/// One finding, followed by an empty line.
pub(super) fn finding(finding: &Finding, sources: &Sources<'_>, paint: Paint) -> String {
    match finding {
        Finding::Placed(diagnostic) => placed(diagnostic, sources, paint),
        Finding::Bare(remark) => bare(remark, paint),
    }
}

fn placed(diagnostic: &Diagnostic, sources: &Sources<'_>, paint: Paint) -> String {
    let shape = shaped(diagnostic, sources);
    let config = Config::default();
    let mut bytes = Vec::new();
    let written = match paint {
        Paint::Plain => term::emit_to_io_write(&mut bytes, &config, sources, &shape),
        Paint::Colored => {
            let styles = Styles::default();
            term::emit_to_write_style(&mut StylesWriter::new(Ansi::new(&mut bytes), &styles), &config, sources, &shape)
        }
    };
    match written {
        Ok(()) => without_trailing_space(&String::from_utf8_lossy(&bytes)),
        // A finding whose source is gone is still a finding.
        Err(_) => short::diagnostic(diagnostic, sources),
    }
}

fn shaped(diagnostic: &Diagnostic, sources: &Sources<'_>) -> shape::Diagnostic<FileId> {
    let bytes = |span: idpc_model::span::Span| sources.get(span.file).map_or(0..0, |source| source.bytes(span));
    let primary = shape::Label::primary(diagnostic.primary.file, bytes(diagnostic.primary))
        .with_message(tame(&diagnostic.primary_label));
    let labels = diagnostic.labels.iter().filter(|label| sources.get(label.span.file).is_some());
    let labels = labels
        .map(|label| shape::Label::secondary(label.span.file, bytes(label.span)).with_message(tame(&label.message)));
    let severity = match diagnostic.severity {
        Severity::Error => shape::Severity::Error,
        Severity::Warning => shape::Severity::Warning,
    };
    let mut notes = Vec::new();
    if !diagnostic.environments.is_empty() {
        notes.push(format!("in {}", tame(&diagnostic.environments.join(", "))));
    }
    notes.extend(diagnostic.help.iter().map(|help| format!("help: {}", tame(help))));
    shape::Diagnostic::new(severity)
        .with_code(diagnostic.code.id())
        .with_message(tame(&diagnostic.message))
        .with_labels(std::iter::once(primary).chain(labels).collect())
        .with_notes(notes)
}

/// Gutters of empty lines end in a space that nobody needs.
fn without_trailing_space(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for line in text.lines() {
        clean.push_str(line.trim_end());
        clean.push('\n');
    }
    clean
}

fn bare(remark: &Remark, paint: Paint) -> String {
    let message = tame(&remark.message);
    let mut text = match paint {
        Paint::Plain => format!("{}: {message}\n", remark.head()),
        Paint::Colored => {
            let color = if remark.severity == Severity::Error { 31 } else { 33 };
            format!("\u{1b}[1;{color}m{}\u{1b}[0m\u{1b}[1m: {message}\u{1b}[0m\n", remark.head())
        }
    };
    // Writing to a string cannot fail.
    if let Some(place) = remark.shown_place() {
        let _ = writeln!(text, "  ┌─ {}", tame(&place));
    }
    for detail in &remark.details {
        let _ = writeln!(text, "  {}", tame(detail));
    }
    for help in &remark.help {
        let _ = writeln!(text, "  = help: {}", tame(help));
    }
    text.push('\n');
    text
}
