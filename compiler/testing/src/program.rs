//! A program made of the blocks of a page, and what the compiler makes of it.

use std::path::PathBuf;

use idpc_driver::host::{Analysis, Host};
use idpc_driver::output::Notice;
use idpc_driver::workspace::{Loaded, MANIFEST, SourceText};
use idpc_emit::build::Emission;
use idpc_model::diagnostic::Diagnostic;
use idpc_model::source::{Role, in_package};

use crate::block::Block;
use crate::finding::Finding;

/// The file of a block that names none.
pub const ALONE: &str = "main.idp";

/// A file of a program.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProgramFile {
    /// From the root of its workspace.
    pub path: String,
    /// Its text.
    pub text: String,
    /// The line of the page above its first one.
    pub line: usize,
}

/// The files of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    files: Vec<ProgramFile>,
}

/// What a program stands on.
#[derive(Clone, Debug)]
pub enum Ground {
    /// Nothing but the library; a single file without a path lies outside any workspace.
    Library,
    /// A workspace: its files are there as well.
    Workspace {
        /// Its files.
        loaded: Box<Loaded>,
        /// What is found in them only because files are left out: nobody's mistake.
        absent: Vec<Finding>,
    },
}

/// How far a program is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// The language and the graph of services.
    Model,
    /// The targets as well, if nothing else is wrong.
    Targets,
}

/// What the compiler makes of a program.
pub struct Outcome {
    /// The files and the database.
    pub host: Host,
    /// In the order in which it is printed.
    pub findings: Vec<Finding>,
    /// The model, with findings as they came.
    pub analysis: Analysis,
    /// Findings of the language, the graph and the targets, as all front ends get them.
    pub diagnostics: Vec<Diagnostic>,
    /// What the targets made of it, without their findings; `None` if they did not run.
    pub emission: Option<Emission>,
    /// What the writer refuses; only of a program that is built onto an [`Output`](crate::output::Output).
    pub refusals: Vec<Notice>,
}

impl Program {
    /// A program of these blocks; a block without a path is a file by itself.
    ///
    /// # Errors
    /// When two blocks are one file: the line of the second, and what is wrong.
    pub fn of<'b>(blocks: impl IntoIterator<Item = &'b Block>) -> Result<Self, (usize, String)> {
        let mut program = Self::default();
        for block in blocks {
            let path = block.path().unwrap_or(ALONE).to_owned();
            if program.file(&path).is_some() {
                return Err((block.line, format!("there are two files `{path}`")));
            }
            program.files.push(ProgramFile { path, text: block.text.clone(), line: block.line });
        }
        program.files.sort();
        Ok(program)
    }

    /// A program of files that stand in no page.
    ///
    /// # Errors
    /// When two files have one path.
    pub fn of_files(files: impl IntoIterator<Item = (String, String)>) -> Result<Self, String> {
        let mut program = Self::default();
        for (path, text) in files {
            if program.file(&path).is_some() {
                return Err(format!("there are two files `{path}`"));
            }
            program.files.push(ProgramFile { path, text, line: 0 });
        }
        program.files.sort();
        Ok(program)
    }

    /// Whether there is no file at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// A file by its path.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&ProgramFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Its files.
    #[must_use]
    pub fn files(&self) -> &[ProgramFile] {
        &self.files
    }

    /// Compiles it. Warnings about files of the ground are not the program's.
    ///
    /// # Errors
    /// When a program with a manifest of its own cannot be written to a temporary folder and read from there.
    pub fn compile(&self, ground: &Ground, depth: Depth) -> Result<Outcome, String> {
        // A program with its own manifest is read from disk, because reading is what is tested.
        let host = if self.file(MANIFEST).is_some() { self.on_disk()? } else { Host::new(self.loaded(ground)) };
        let analysis = host.analyze();
        let of_file = |path: &str| self.file(path).map(|file| file.text.as_str());
        let mut findings: Vec<Finding> = host
            .loaded
            .errors
            .iter()
            .chain(&host.unknown_targets())
            .map(|error| Finding::of_file(error, of_file(&error.file)))
            .collect();
        let mut diagnostics = analysis.diagnostics.clone();
        self.take(ground, &host, &mut diagnostics, &mut findings);
        let mut emission = None;
        if depth == Depth::Targets && !findings.iter().any(Finding::is_error) {
            let mut made = host.emit(&analysis.model, host.loaded.targets.as_deref());
            let mut found = host.settled(std::mem::take(&mut made.diagnostics));
            self.take(ground, &host, &mut found, &mut findings);
            diagnostics.extend(found);
            emission = Some(made);
        }
        Ok(Outcome { host, findings, analysis, diagnostics, emission, refusals: Vec::new() })
    }

    /// Keeps what is the program's, and adds it to the findings.
    fn take(&self, ground: &Ground, host: &Host, diagnostics: &mut Vec<Diagnostic>, findings: &mut Vec<Finding>) {
        diagnostics.retain(|found| {
            let finding = Finding::of(host, found);
            let counts = match ground {
                Ground::Library => true,
                Ground::Workspace { absent, .. } => {
                    self.file(&finding.path).is_some() || (finding.is_error() && !absent.contains(&finding))
                }
            };
            if counts {
                findings.push(finding);
            }
            counts
        });
    }

    fn on_disk(&self) -> Result<Host, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        for file in &self.files {
            let path = folder.path().join(&file.path);
            let written = path.parent().map_or(Ok(()), std::fs::create_dir_all);
            let written = written.and_then(|()| std::fs::write(&path, &file.text));
            written.map_err(|error| format!("`{}`: {error}", file.path))?;
        }
        Host::load(folder.path()).map_err(|error| error.to_string())
    }

    fn loaded(&self, ground: &Ground) -> Loaded {
        match ground {
            Ground::Workspace { loaded, .. } => {
                let mut loaded = (**loaded).clone();
                for file in &self.files {
                    loaded.add(&file.path, &file.text);
                }
                loaded
            }
            Ground::Library => {
                let root = PathBuf::from("/nowhere");
                let out = root.join("out");
                let mut loaded = Loaded::new(root, String::from("case"), String::from("2026"), out);
                let role = self.role();
                loaded.files = self
                    .files
                    .iter()
                    .map(|file| SourceText {
                        path: file.path.clone(),
                        text: file.text.as_str().into(),
                        role: role(&file.path),
                    })
                    .collect();
                // As in a workspace on disk, packages come before its own files.
                loaded.files.sort_by_key(|file| file.role != Role::Package);
                loaded
            }
        }
    }

    /// What a file may declare where there is no manifest to say so.
    fn role(&self) -> impl Fn(&str) -> Role {
        let alone = self.files.iter().all(|file| file.path == ALONE);
        move |path| match (alone, in_package(path).is_some(), path.starts_with("platform/")) {
            (true, ..) => Role::Single,
            (_, true, _) => Role::Package,
            (_, _, true) => Role::Platform,
            _ => Role::Application,
        }
    }
}
