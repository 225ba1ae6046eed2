//! What goes between the protocol and the owner of the texts: plain data, free of the protocol's types.

use std::path::PathBuf;

use idpc_ide::lines::{Encoding, Range};
use idpc_ide::symbol::Kind;
use tokio::sync::oneshot;

/// One thing to do, in the order of arrival.
#[derive(Debug)]
pub(crate) enum Job {
    /// Something changed.
    Event(Event),
    /// Somebody waits for an answer; a closed channel means that nobody waits any more.
    Question(Question, oneshot::Sender<Reply>),
}

/// What a question is answered with.
pub(crate) type Reply = Result<Answer, Fault>;

/// What changed.
#[derive(Debug)]
pub(crate) enum Event {
    /// The client is ready to hear of findings.
    Ready,
    /// From now on the client's text counts, not the disk's.
    Opened { document: Document, version: i32, text: String },
    /// The client's text changed.
    Changed { uri: String, version: i32, changes: Vec<Change> },
    /// From now on the disk's text counts.
    Closed { uri: String },
    /// Files changed on disk.
    Touched(Vec<PathBuf>),
}

/// What a client calls a text.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// As the client writes it.
    pub(crate) uri: String,
    /// Where it is on disk, if it is there.
    pub(crate) path: Option<PathBuf>,
}

/// A change of a text.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// What is replaced; everything if left out.
    pub(crate) range: Option<Range>,
    /// By what.
    pub(crate) text: String,
}

/// What is asked.
#[derive(Debug)]
pub(crate) enum Question {
    /// To begin: how columns are counted, and which folders are open.
    Begin { encoding: Encoding, folders: Vec<PathBuf> },
    /// To end: nothing is listened to any more.
    End,
    /// How a text is formatted.
    Format { uri: String },
    /// The outline of a text.
    Symbols { uri: String },
    /// What there is to say about a place.
    Hover { uri: String, at: idpc_ide::lines::Position },
    /// A question whose answer panics.
    #[cfg(test)]
    Crash,
}

/// What is answered.
#[derive(Debug)]
pub(crate) enum Answer {
    /// There is nothing to say.
    Nothing,
    /// Replacements in the text that was asked about.
    Edits(Vec<Change>),
    /// An outline.
    Symbols(Vec<Outline>),
    /// Markdown about a part of the text.
    Hover { markdown: String, range: Range },
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// What went wrong.
    pub(crate) message: String,
}

/// A part of an outline.
#[derive(Debug)]
pub(crate) struct Outline {
    pub(crate) name: String,
    pub(crate) detail: String,
    pub(crate) kind: Kind,
    pub(crate) range: Range,
    pub(crate) name_range: Range,
    pub(crate) children: Vec<Outline>,
}

/// What the client is told without having asked.
#[derive(Debug)]
pub(crate) enum Notice {
    /// Everything that is wrong with a file; replaces what was said before.
    Findings { file: File, version: Option<i32>, problems: Vec<Problem> },
    /// A line for the log.
    Log(String),
}

/// A file as the client knows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum File {
    /// As the client calls it.
    Uri(String),
    /// Never opened by the client.
    Path(PathBuf),
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) range: Range,
    pub(crate) warning: bool,
    pub(crate) code: Option<String>,
    pub(crate) text: String,
    pub(crate) related: Vec<(File, Range, String)>,
}
