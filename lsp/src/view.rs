//! What is known at a moment, for whoever answers a question: the open texts, and snapshots of the workspaces.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use idpc_driver::host::Snapshot;
use idpc_ide::lines::{Encoding, Lines, Position, Range};
use idpc_ide::program::Program;
use idpc_model::source::FileView;
use idpc_model::span::FileId;
use idpc_syntax::ast::{TextRange, TextSize};

use crate::message::{File, Settings};
use crate::owner::documents::{Documents, Open};
use crate::shown::Shown;
use crate::sweep::Sweep;

/// A workspace in a view.
pub(crate) struct Part {
    /// What it is known by.
    pub(crate) key: PathBuf,
    /// Counts its changes.
    pub(crate) revision: u64,
    /// The last change so far; it goes on while the rest of this stays.
    pub(crate) newest: Arc<AtomicU64>,
    /// Where that is said which has no place in a file that an editor can open.
    pub(crate) anchor: PathBuf,
    /// Its texts and queries.
    pub(crate) host: Snapshot,
    /// What was found when everything was looked at last.
    pub(crate) sweep: Option<Arc<Sweep>>,
}

/// Everything that is known at a moment.
pub(crate) struct View {
    pub(crate) documents: Documents,
    pub(crate) encoding: Encoding,
    /// The workspace of the text that was asked about, or all of them.
    pub(crate) parts: Vec<Part>,
    /// The text that was asked about.
    pub(crate) uri: Option<String>,
    /// What the client was sent last.
    pub(crate) shown: Shown,
    /// What the user has chosen.
    pub(crate) settings: Settings,
    lines: RefCell<BTreeMap<(PathBuf, FileId), Lines>>,
}

/// The text that was asked about, as a part of its workspace.
pub(crate) struct Here<'v> {
    pub(crate) part: &'v Part,
    pub(crate) program: Program<'v>,
    pub(crate) file: FileId,
    pub(crate) view: &'v Arc<FileView>,
    pub(crate) lines: Lines,
}

impl View {
    pub(crate) fn new(documents: Documents, encoding: Encoding, parts: Vec<Part>, uri: Option<String>) -> Self {
        let (shown, settings) = (Shown::default(), Settings::default());
        Self { documents, encoding, parts, uri, shown, settings, lines: RefCell::default() }
    }

    /// The open text that was asked about.
    pub(crate) fn open(&self) -> Option<&Open> {
        self.documents.get(self.uri.as_deref()?)
    }

    /// The text that was asked about, if it belongs to a workspace.
    pub(crate) fn here(&self) -> Option<Here<'_>> {
        let part = self.parts.first()?;
        let uri = self.uri.as_deref()?;
        let name = match self.documents.get(uri) {
            Some(open) => self.name(part, open.document.path.as_ref()).or_else(|| embedded(uri)),
            None => self.name(part, crate::wire::path_of(uri).as_ref()).or_else(|| embedded(uri)),
        }?;
        let file = part.host.file_id(&name)?;
        let program = part.program();
        Some(Here { part, program, file, view: program.view(file)?, lines: self.lines(part, file)? })
    }

    fn name(&self, part: &Part, path: Option<&PathBuf>) -> Option<String> {
        part.host.loaded.source(path?)
    }

    /// The lines of a file.
    pub(crate) fn lines(&self, part: &Part, file: FileId) -> Option<Lines> {
        let key = (part.key.clone(), file);
        if let Some(lines) = self.lines.borrow().get(&key) {
            return Some(lines.clone());
        }
        let lines = Lines::new(part.program().text(file)?);
        self.lines.borrow_mut().insert(key, lines.clone());
        Some(lines)
    }

    /// How the client knows a file of a workspace.
    pub(crate) fn file(&self, part: &Part, file: FileId) -> Option<File> {
        let (name, _) = part.host.file(file)?;
        Some(match part.host.loaded.place(name) {
            Some(path) => self.documents.file(&path),
            None => File::Embedded(name.to_owned()),
        })
    }

    /// A place as the client counts.
    pub(crate) fn range(&self, part: &Part, file: FileId, range: TextRange) -> Option<Range> {
        Some(self.lines(part, file)?.range(range, self.encoding))
    }
}

impl Part {
    pub(crate) fn program(&self) -> Program<'_> {
        Program::new(self.host.database(), self.host.workspace())
    }
}

impl Here<'_> {
    pub(crate) fn offset(&self, at: Position, encoding: Encoding) -> TextSize {
        self.lines.size(at, encoding)
    }

    pub(crate) fn text(&self) -> &Arc<str> {
        self.lines.text()
    }
}

/// What the names of embedded files begin with, as clients know them.
pub(crate) const EMBEDDED: &str = "idpc-library:";

/// The name of an embedded file, from the client's name for it.
pub(crate) fn embedded(uri: &str) -> Option<String> {
    let path = uri.strip_prefix(EMBEDDED)?.trim_start_matches('/');
    Some(format!("std:/{path}"))
}
