//! What is wrong in a workspace, file by file, in the lines and columns of the client.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use idpc_driver::host::{Examination, Host};
use idpc_driver::workspace::{MANIFEST, ManifestError};
use idpc_ide::finding::finding;
use idpc_ide::lines::{Encoding, Lines, Position, Range};
use idpc_model::code::Code;
use idpc_model::diagnostic::{Diagnostic, Severity};
use idpc_model::span::{FileId, Span};
use idpc_syntax::ast::{TextRange, TextSize};

use crate::message::{File, Problem, Weight};
use crate::owner::documents::Documents;

/// Findings on their way to a client.
pub(crate) struct Findings<'a> {
    pub(crate) host: &'a Host,
    pub(crate) documents: &'a Documents,
    pub(crate) encoding: Encoding,
    /// Where that is said which has no place in a file that an editor can open.
    pub(crate) anchor: PathBuf,
    lines: BTreeMap<FileId, Lines>,
    found: BTreeMap<PathBuf, Vec<Problem>>,
}

/// A place in a file, as far as an editor can show it.
enum Place {
    Shown(PathBuf, Range),
    /// The name, the range, and both in words.
    Embedded(String, Range, String),
}

impl<'a> Findings<'a> {
    pub(crate) fn new(host: &'a Host, documents: &'a Documents, encoding: Encoding, anchor: PathBuf) -> Self {
        Self { host, documents, encoding, anchor, lines: BTreeMap::new(), found: BTreeMap::new() }
    }

    /// The problems of each file that has any.
    pub(crate) fn of(mut self, examination: &Examination) -> BTreeMap<PathBuf, Vec<Problem>> {
        let host = self.host;
        for error in &host.loaded.errors {
            self.manifest(error);
        }
        self.unknown_targets();
        for diagnostic in &examination.diagnostics {
            self.placed(diagnostic);
        }
        for text in &examination.templates {
            self.template(text);
        }
        self.found
    }

    /// An error of a template names its place: a template of the workspace can be shown, an embedded one cannot.
    fn template(&mut self, text: &str) {
        let mut parts = text.splitn(4, ':');
        let (Some(path), Some(line), Some(column), Some(message)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return self.bare(None, Range::default(), text.to_owned());
        };
        let own = path
            .strip_prefix("targets/")
            .is_some_and(|path| self.host.loaded.templates.iter().any(|(known, _)| known == path));
        match (line.trim().parse::<u32>(), column.trim().parse::<u32>()) {
            (Ok(line), Ok(column)) if own => {
                let place = Position { line: line.saturating_sub(1), column: column.saturating_sub(1) };
                let path = path.split('/').fold(self.host.loaded.root.clone(), |path, part| path.join(part));
                let file = self.found.entry(path).or_default();
                file.push(Problem {
                    range: Range { start: place, end: place },
                    weight: Weight::Error,
                    code: None,
                    text: message.trim().to_owned(),
                    related: Vec::new(),
                });
            }
            _ => self.bare(None, Range::default(), text.to_owned()),
        }
    }

    /// What some diagnostics say, by file.
    pub(crate) fn diagnostics(mut self, diagnostics: &[Diagnostic]) -> BTreeMap<PathBuf, Vec<Problem>> {
        for diagnostic in diagnostics {
            self.placed(diagnostic);
        }
        self.found
    }

    fn placed(&mut self, diagnostic: &Diagnostic) {
        let finding = finding(diagnostic);
        let mut text = finding.text.clone();
        let mut related = Vec::new();
        for label in &finding.related {
            match self.place(label.span) {
                Place::Shown(path, range) => related.push((self.documents.file(&path), range, label.message.clone())),
                Place::Embedded(name, range, _) => {
                    related.push((File::Embedded(name), range, label.message.clone()));
                }
            }
        }
        let (path, range) = match self.place(finding.place) {
            Place::Shown(path, range) => (path, range),
            Place::Embedded(_, _, place) => {
                text = format!("{text}\n{place}");
                (self.anchor.clone(), Range::default())
            }
        };
        let weight = match finding.severity {
            Severity::Warning if diagnostic.code == Code::Deprecated => Weight::Deprecated,
            Severity::Warning => Weight::Warning,
            Severity::Error => Weight::Error,
        };
        let code = Some(finding.code.to_owned());
        self.found.entry(path).or_default().push(Problem { range, weight, code, text, related });
    }

    fn manifest(&mut self, error: &ManifestError) {
        let text = match &error.help {
            Some(help) => format!("{}\nhelp: {help}", error.message),
            None => error.message.clone(),
        };
        let range = if error.file == MANIFEST { self.in_manifest(&error.span) } else { Range::default() };
        let path = self.host.loaded.place(&error.file).unwrap_or_else(|| self.anchor.clone());
        self.bare(Some((path, error.code)), range, text);
    }

    fn unknown_targets(&mut self) {
        for error in self.host.unknown_targets() {
            self.manifest(&error);
        }
    }

    /// The place of some bytes of `idp.toml`.
    fn in_manifest(&self, span: &std::ops::Range<usize>) -> Range {
        let Some((_, text)) = &self.host.loaded.manifest else {
            return Range::default();
        };
        let size = |at: usize| TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
        let (start, end) = (size(span.start), size(span.end.max(span.start)));
        Lines::new(text.clone()).range(TextRange::new(start, end), self.encoding)
    }

    fn bare(&mut self, place: Option<(PathBuf, &str)>, range: Range, text: String) {
        let (path, code) = match place {
            Some((path, code)) => (path, Some(code.to_owned())),
            None => (self.anchor.clone(), None),
        };
        self.found.entry(path).or_default().push(Problem {
            range,
            weight: Weight::Error,
            code,
            text,
            related: Vec::new(),
        });
    }

    fn place(&mut self, span: Span) -> Place {
        let Some((path, text)) = self.host.file(span.file) else {
            return Place::Shown(self.anchor.clone(), Range::default());
        };
        let encoding = self.encoding;
        let lines = self.lines.entry(span.file).or_insert_with(|| Lines::new(text));
        let range = lines.range(span.range, encoding);
        match self.host.loaded.place(path) {
            Some(path) => Place::Shown(path, range),
            None => Place::Embedded(path.to_owned(), range, format!("{path}:{}", range.start.line + 1)),
        }
    }
}

/// How the client knows a file that something is wrong with.
pub(crate) fn named(documents: &Documents, path: &Path) -> (File, Option<i32>) {
    (documents.file(path), documents.at(path).map(|open| open.version))
}
