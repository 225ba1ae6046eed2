//! The texts that findings point into, with their lines.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use codespan_reporting::files;
use idpc_driver::workspace::MANIFEST;
use idpc_model::source::in_package;
use idpc_model::span::{FileId, Span};

use super::Finding;
use super::tame::tame;
use crate::position::{LineIndex, Position, boundary};

/// What every embedded file's path begins with.
pub const EMBEDDED: &str = "std:/";

/// A file as people name it: from the current folder, unless it is the library's or a package's.
#[must_use]
pub fn shown(prefix: &str, path: &str) -> String {
    if in_package(path).is_some() { path.to_owned() } else { format!("{prefix}{path}") }
}

/// One file that a finding names.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    /// From the workspace's root; `std:/…` or `PACKAGE:/…` for a file from elsewhere.
    pub path: &'a str,
    /// The same from the current folder, for people and their terminals.
    pub shown: String,
    /// Its text.
    pub text: &'a str,
    /// The text as a terminal may show it, with the same places.
    tamed: Cow<'a, str>,
    lines: LineIndex,
}

/// The files that some findings name.
#[derive(Clone, Debug, Default)]
pub struct Sources<'a> {
    files: BTreeMap<FileId, Source<'a>>,
    prefix: String,
}

impl<'a> Sources<'a> {
    /// Finds the files of some findings. `prefix` leads from the current folder to the workspace's.
    pub fn of(findings: &[Finding], prefix: &str, lookup: impl Fn(FileId) -> Option<(&'a str, &'a str)>) -> Self {
        let mut found = Self { files: BTreeMap::new(), prefix: prefix.to_owned() };
        for finding in findings {
            let Finding::Placed(diagnostic) = finding else {
                continue;
            };
            let labels = diagnostic.labels.iter().map(|label| label.span.file);
            let edits = diagnostic.fixes.iter().flat_map(|fix| fix.edits.iter().map(|edit| edit.file));
            for file in std::iter::once(diagnostic.primary.file).chain(labels).chain(edits) {
                found.add(file, &lookup);
            }
        }
        found
    }

    /// Adds a file, once.
    fn add(&mut self, file: FileId, lookup: impl Fn(FileId) -> Option<(&'a str, &'a str)>) {
        if self.files.contains_key(&file) {
            return;
        }
        let Some((path, text)) = lookup(file) else {
            return;
        };
        let shown = shown(&self.prefix, path);
        self.files.insert(file, Source { path, shown, text, tamed: tame(text), lines: LineIndex::new(text) });
    }

    /// The workspace's own file, for what concerns all of it.
    #[must_use]
    pub fn manifest(&self) -> String {
        format!("{}{MANIFEST}", self.prefix)
    }

    /// A path that was shown, from the workspace's root.
    #[must_use]
    pub fn rooted<'p>(&self, shown: &'p str) -> &'p str {
        shown.strip_prefix(&self.prefix).unwrap_or(shown)
    }

    /// A file by its id.
    #[must_use]
    pub fn get(&self, file: FileId) -> Option<&Source<'a>> {
        self.files.get(&file)
    }
}

impl Source<'_> {
    /// Whether the file is the library's or a package's, and has no path in the workspace.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        in_package(self.path).is_some()
    }

    /// The place of an offset.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        self.lines.position(self.text, offset)
    }

    /// Where a span begins and ends.
    #[must_use]
    pub fn bounds(&self, span: Span) -> (Position, Position) {
        let range = self.bytes(span);
        (self.position(range.start), self.position(range.end))
    }

    /// The bytes of a span, within the text and between characters.
    #[must_use]
    pub fn bytes(&self, span: Span) -> Range<usize> {
        let start = boundary(self.text, span.range.start().into());
        start..boundary(self.text, span.range.end().into()).max(start)
    }
}

impl<'s> files::Files<'s> for Sources<'_> {
    type FileId = FileId;
    type Name = Cow<'s, str>;
    type Source = &'s str;

    fn name(&'s self, file: FileId) -> Result<Cow<'s, str>, files::Error> {
        self.get(file).map(|source| tame(&source.shown)).ok_or(files::Error::FileMissing)
    }

    fn source(&'s self, file: FileId) -> Result<&'s str, files::Error> {
        self.get(file).map(|source| &*source.tamed).ok_or(files::Error::FileMissing)
    }

    fn line_index(&'s self, file: FileId, offset: usize) -> Result<usize, files::Error> {
        self.get(file).map(|source| source.lines.line(offset)).ok_or(files::Error::FileMissing)
    }

    fn line_range(&'s self, file: FileId, line: usize) -> Result<Range<usize>, files::Error> {
        let source = self.get(file).ok_or(files::Error::FileMissing)?;
        source.lines.range(line).ok_or(files::Error::LineTooLarge { given: line, max: source.lines.line(usize::MAX) })
    }
}
