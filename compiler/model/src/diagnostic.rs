//! What the compiler says to a user: one plain structure for all front ends.

use idpc_syntax::ast::TextRange;

use crate::code::Code;
use crate::span::{FileId, Span};

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The program is refused.
    Error,
    /// The program is accepted, but somebody should look.
    Warning,
}

impl Severity {
    /// The word that users read.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One finding, with one primary place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The permanent code.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// One line, without a full stop.
    pub message: String,
    /// The place to look at first.
    pub primary: Span,
    /// What is said under the primary place.
    pub primary_label: String,
    /// Further places with the reason why they matter.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
    /// Edits that would remove the finding.
    pub fixes: Vec<Fix>,
    /// The environments in which it holds; empty when it holds whatever the environment.
    pub environments: Vec<String>,
}

/// A place that explains a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// Why it matters.
    pub message: String,
}

/// A change that a tool can apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative.
    pub title: String,
    /// Whether it keeps the meaning or can only have been meant so.
    pub safety: Safety,
    /// Edits in one or more files; they do not overlap.
    pub edits: Vec<Edit>,
}

/// Whether a fix may be applied without a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    /// It can be applied unseen.
    Safe,
    /// Somebody has to agree.
    Unsafe,
}

/// A replacement of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// In which file.
    pub file: FileId,
    /// What is replaced.
    pub range: TextRange,
    /// By what.
    pub text: String,
}

impl Diagnostic {
    /// A finding with the code's own severity.
    #[must_use]
    pub fn new(code: Code, primary: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            primary,
            primary_label: String::new(),
            labels: Vec::new(),
            help: None,
            fixes: Vec::new(),
            environments: Vec::new(),
        }
    }

    /// Says something under the primary place.
    #[must_use]
    pub fn primary_label(mut self, message: impl Into<String>) -> Self {
        self.primary_label = message.into();
        self
    }

    /// Adds a place that explains the finding.
    #[must_use]
    pub fn label(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Offers an edit at one place.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, safety: Safety, at: Span, text: impl Into<String>) -> Self {
        self.fixes.push(Fix {
            title: title.into(),
            safety,
            edits: vec![Edit { file: at.file, range: at.range, text: text.into() }],
        });
        self
    }

    /// Offers the nearest known name, when one is near.
    #[must_use]
    pub fn did_you_mean(self, at: Span, suggestion: Option<&str>) -> Self {
        self.suggested(at, suggestion, Safety::Unsafe)
    }

    /// "Did you mean", of a word of the language itself: nobody declares another one, so nothing else can be meant.
    #[must_use]
    pub fn meant(self, at: Span, suggestion: Option<&str>) -> Self {
        self.suggested(at, suggestion, Safety::Safe)
    }

    fn suggested(self, at: Span, suggestion: Option<&str>, safety: Safety) -> Self {
        match suggestion {
            Some(name) => {
                self.help(format!("did you mean `{name}`?")).fix(format!("replace with `{name}`"), safety, at, name)
            }
            None => self,
        }
    }
}

/// Sorts by place and joins findings that differ only in their environment.
#[must_use]
pub fn merged(mut found: Vec<Diagnostic>, all_environments: &[String]) -> Vec<Diagnostic> {
    found.sort_by(|a, b| {
        (a.primary, a.code, &a.message, &a.environments).cmp(&(b.primary, b.code, &b.message, &b.environments))
    });
    let mut joined: Vec<Diagnostic> = Vec::new();
    for next in found {
        match joined.last_mut() {
            Some(last) if same(last, &next) => {
                for environment in next.environments {
                    if !last.environments.contains(&environment) {
                        last.environments.push(environment);
                    }
                }
            }
            _ => joined.push(next),
        }
    }
    for diagnostic in &mut joined {
        // What holds everywhere needs no list of places where it holds.
        if all_environments.iter().all(|name| diagnostic.environments.contains(name)) {
            diagnostic.environments.clear();
        } else {
            diagnostic.environments.sort_by_key(|name| all_environments.iter().position(|known| known == name));
        }
    }
    joined
}

fn same(a: &Diagnostic, b: &Diagnostic) -> bool {
    a.primary == b.primary && a.code == b.code && a.message == b.message
}
