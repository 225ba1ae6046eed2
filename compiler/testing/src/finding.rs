//! What the compiler says, as a reader of a page sees it.

use idpc_driver::host::Host;
use idpc_driver::workspace::ManifestError;
use idpc_model::diagnostic::Diagnostic;
use idpc_model::span::Span;

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file of its primary place.
    pub path: String,
    /// The line of its primary place, counted from 1.
    pub line: usize,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// Its code.
    pub code: String,
    /// Its message.
    pub message: String,
    /// One line: place, severity, code, message, environments.
    pub short: String,
    /// The lines below it: labels, help, fixes.
    pub more: Vec<String>,
}

impl Finding {
    /// A diagnostic with everything that hangs on it.
    #[must_use]
    pub fn of(host: &Host, found: &Diagnostic) -> Self {
        let (path, line, column) = position(host, found.primary);
        let severity = found.severity.name();
        let places = match found.environments.as_slice() {
            [] => String::new(),
            some => format!(" (in {})", some.join(", ")),
        };
        let code = found.code.id().to_owned();
        let mut more = Vec::new();
        if !found.primary_label.is_empty() {
            more.push(format!("  here: {}", found.primary_label));
        }
        for label in &found.labels {
            let (path, line, column) = position(host, label.span);
            more.push(format!("  {path}:{line}:{column}: {}", label.message));
        }
        more.extend(found.help.iter().map(|help| format!("  help: {help}")));
        for fix in &found.fixes {
            let texts: Vec<String> = fix.edits.iter().map(|edit| format!("{:?}", edit.text)).collect();
            more.push(format!("  fix: {} -> {}", fix.title, texts.join(", ")));
        }
        let short = format!("{path}:{line}:{column}: {severity}[{code}] {}{places}", found.message);
        Self { path, line, severity, code, message: found.message.clone(), short, more }
    }

    /// What is wrong with a file as a file; `text` is its text, if it has one.
    #[must_use]
    pub fn of_file(error: &ManifestError, text: Option<&str>) -> Self {
        let (line, column) = text.map_or((1, 1), |text| place(text, error.span.start));
        Self {
            path: error.file.clone(),
            line,
            severity: "error",
            code: error.code.to_owned(),
            message: error.message.clone(),
            short: format!("{}:{line}:{column}: error[{}] {}", error.file, error.code, error.message),
            more: error.help.iter().map(|help| format!("  help: {help}")).collect(),
        }
    }

    /// Whether it refuses the program.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == "error"
    }
}

fn position(host: &Host, span: Span) -> (String, usize, usize) {
    let Some((path, text)) = host.file(span.file) else {
        return (String::from("(no file)"), 1, 1);
    };
    let (line, column) = place(text, span.range.start().into());
    (path.to_owned(), line, column)
}

/// Line and column of an offset, both counted from 1.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset.min(text.len())).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let last = before.rsplit('\n').next().unwrap_or_default();
    (line, last.chars().count() + 1)
}
