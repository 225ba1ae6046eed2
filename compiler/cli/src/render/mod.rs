//! Findings as text: one plain structure, several forms.

mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod report;
mod sarif;
mod short;
mod sources;
mod tame;

use idpc_driver::output::Notice;
use idpc_model::diagnostic::{Diagnostic, Severity};

pub(crate) use self::json::position;
pub use self::sources::{EMBEDDED, Sources, shown};

use crate::args::Format;
use crate::console::Paint;

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub enum Finding {
    /// It has a place in a source.
    Placed(Diagnostic),
    /// It has none.
    Bare(Remark),
}

/// A finding about a file as a whole, about the output folder, or about the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The permanent code, if it has one.
    pub code: Option<String>,
    /// Error or warning.
    pub severity: Severity,
    /// One line, without a full stop.
    pub message: String,
    /// The file with line and column, as far as they are known.
    pub place: Option<(String, Option<(usize, usize)>)>,
    /// What it concerns, one a line.
    pub details: Vec<String>,
    /// What to do about it, one a line.
    pub help: Vec<String>,
}

impl Remark {
    /// An error without a code.
    pub fn error(message: impl Into<String>) -> Self {
        Self {
            code: None,
            severity: Severity::Error,
            message: message.into(),
            place: None,
            details: Vec::new(),
            help: Vec::new(),
        }
    }

    /// An error of a template, from its text: `argocd/app.hbs:3:7: there is no such field`, and what helps below it.
    #[must_use]
    pub fn template(text: &str) -> Self {
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        let mut remark = Self::error(first);
        if let Some((place, message)) = first.split_once(": ") {
            let mut parts = place.rsplitn(3, ':');
            let (column, line, file) = (parts.next(), parts.next(), parts.next());
            let number = |part: Option<&str>| part.and_then(|part| part.parse().ok());
            if let (Some(file), Some(line), Some(column)) = (file, number(line), number(column)) {
                remark.message = message.to_owned();
                remark.place = Some((file.to_owned(), Some((line, column))));
            }
        }
        let rest = rest.lines().map(str::trim).filter(|line| !line.is_empty());
        remark.help = rest.map(|line| line.strip_prefix("help: ").unwrap_or(line).to_owned()).collect();
        remark
    }

    /// The file that it is about, if it is about one.
    fn file(&self) -> &str {
        self.place.as_ref().map_or("", |(file, _)| file)
    }

    /// `error[IDP0901]`.
    fn head(&self) -> String {
        let severity = self.severity.name();
        self.code.as_ref().map_or_else(|| severity.to_owned(), |code| format!("{severity}[{code}]"))
    }

    /// `services/hello/service.idp:3:1`, as far as it is known.
    fn shown_place(&self) -> Option<String> {
        let (file, at) = self.place.as_ref()?;
        Some(at.map_or_else(|| file.clone(), |(line, column)| format!("{file}:{line}:{column}")))
    }
}

impl From<Notice> for Remark {
    fn from(notice: Notice) -> Self {
        Self {
            code: Some(notice.code.to_owned()),
            details: notice.details,
            help: notice.help,
            ..Self::error(notice.message)
        }
    }
}

impl Finding {
    /// Error or warning.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Self::Placed(diagnostic) => diagnostic.severity,
            Self::Bare(remark) => remark.severity,
        }
    }
}

/// Writes findings in a form: one after the other, or as one document, which is one also when there are none.
#[must_use]
pub fn render(findings: &[Finding], sources: &Sources<'_>, format: Format, paint: Paint) -> String {
    let each = |form: &dyn Fn(&Finding) -> String| findings.iter().map(form).collect();
    match format {
        Format::Human => each(&|finding| human::finding(finding, sources, paint)),
        Format::Short => each(&|finding| short::finding(finding, sources)),
        Format::Json => each(&|finding| json::finding(finding, sources)),
        Format::Github => each(&|finding| github::finding(finding, sources)),
        Format::Gitlab => gitlab::report(findings, sources),
        Format::Sarif => sarif::report(findings, sources),
        Format::Junit => junit::report(findings, sources),
    }
}

/// How many errors and warnings there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Findings that refuse the program.
    pub errors: usize,
    /// Findings that somebody should look at.
    pub warnings: usize,
}

impl Tally {
    /// Counts.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Self {
        let errors = findings.iter().filter(|finding| finding.severity() == Severity::Error).count();
        Self { errors, warnings: findings.len() - errors }
    }

    /// `2 errors, 1 warning`; nothing when there is neither.
    #[must_use]
    pub fn summary(self) -> Option<String> {
        let parts: Vec<String> = [(self.errors, "error"), (self.warnings, "warning")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| counted(count, word))
            .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

/// `1 file`, `2 files`.
#[must_use]
pub fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests;
