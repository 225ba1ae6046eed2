//! A program made of the blocks of a page, and what the compiler says about it.

use std::path::PathBuf;

use idpc_driver::host::{Analysis, Host};
use idpc_driver::workspace::{Loaded, MANIFEST, ManifestError, SourceText};
use idpc_model::diagnostic::Diagnostic;
use idpc_model::source::Role;
use idpc_model::span::Span;

use crate::block::Block;

/// The file of a block that names none: it lies outside any workspace.
const ALONE: &str = "main.idp";

/// The files of a program.
#[derive(Clone, Debug, Default)]
pub struct Program {
    files: Vec<(String, String)>,
}

/// How far a program is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// The language and the graph of services.
    Model,
    /// The targets as well, if nothing else is wrong.
    Targets,
}

/// What the compiler says.
pub struct Outcome {
    /// In the order in which it is printed.
    pub findings: Vec<Finding>,
    /// The model, with findings as they came.
    pub analysis: Analysis,
}

/// A finding as a reader sees it.
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

impl Program {
    /// A program of these blocks; a block without a path is a file by itself.
    pub fn of<'b>(blocks: impl IntoIterator<Item = &'b Block>) -> Self {
        let mut program = Self::default();
        for block in blocks {
            let path = block.path().unwrap_or(ALONE).to_owned();
            assert!(program.text(&path).is_none(), "line {}: there are two files `{path}`", block.line);
            program.files.push((path, block.text.clone()));
        }
        program.files.sort();
        program
    }

    /// Whether there is no file at all.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.iter().find(|(known, _)| known == path).map(|(_, text)| text.as_str())
    }

    /// Its files with their texts.
    pub fn files(&self) -> &[(String, String)] {
        &self.files
    }

    /// Compiles it.
    pub fn compile(&self, depth: Depth) -> Outcome {
        // A program with its own manifest is read from disk, because reading is what is tested.
        let folder = tempfile::tempdir().unwrap();
        let host =
            if self.text(MANIFEST).is_some() { self.on_disk(folder.path().into()) } else { Host::new(self.loaded()) };
        let analysis = host.analyze();
        let mut findings: Vec<Finding> = host.loaded.errors.iter().map(|error| self.refused(error)).collect();
        findings.extend(analysis.diagnostics.iter().map(|found| seen(&host, found)));
        if depth == Depth::Targets && findings.iter().all(|finding| finding.severity != "error") {
            let emission = host.emit(&analysis.model, None);
            assert_eq!(emission.errors, Vec::<String>::new(), "the targets themselves are broken");
            let environments: Vec<String> =
                analysis.model.environments.iter().map(|one| one.name.to_string()).collect();
            let merged = idpc_model::diagnostic::merged(emission.diagnostics, &environments);
            findings.extend(merged.iter().map(|found| seen(&host, found)));
        }
        Outcome { findings, analysis }
    }

    fn on_disk(&self, root: PathBuf) -> Host {
        for (path, text) in &self.files {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Host::new(Loaded::open(&root).unwrap())
    }

    fn loaded(&self) -> Loaded {
        let alone = self.files.iter().all(|(path, _)| path == ALONE);
        let role = |path: &str| match (alone, path.starts_with("platform/")) {
            (true, _) => Role::Single,
            (false, true) => Role::Platform,
            (false, false) => Role::Application,
        };
        let source = |(path, text): &(String, String)| SourceText {
            path: path.clone(),
            text: text.as_str().into(),
            role: role(path),
        };
        let (name, edition) = (String::from("case"), String::from("2026"));
        Loaded {
            files: self.files.iter().map(source).collect(),
            ..Loaded::new("/nowhere".into(), name, edition, "/nowhere/out".into())
        }
    }

    fn refused(&self, error: &ManifestError) -> Finding {
        let (line, column) = self.text(&error.file).map_or((1, 1), |text| place(text, error.span.start));
        Finding {
            path: error.file.clone(),
            line,
            severity: "error",
            code: error.code.to_owned(),
            message: error.message.clone(),
            short: format!("{}:{line}:{column}: error[{}] {}", error.file, error.code, error.message),
            more: error.help.iter().map(|help| format!("  help: {help}")).collect(),
        }
    }
}

/// A diagnostic with everything that hangs on it.
fn seen(host: &Host, found: &Diagnostic) -> Finding {
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
    Finding { path, line, severity, code, message: found.message.clone(), short, more }
}

fn position(host: &Host, span: Span) -> (String, usize, usize) {
    let (path, text) = host.file(span.file).unwrap();
    let (line, column) = place(text, span.range.start().into());
    (path.to_owned(), line, column)
}

/// Line and column of an offset, both counted from 1.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..offset.min(text.len())];
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (line, before[start..].chars().count() + 1)
}
