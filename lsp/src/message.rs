//! What goes between the protocol, the owner of the texts and the workers: plain data, free of the protocol's types.

use std::path::PathBuf;
use std::sync::Arc;

use idpc_ide::lines::{Encoding, Range};
use serde_json::Value;
use tokio::sync::oneshot;

use crate::cancel::Cancel;
use crate::sweep::Done;
use crate::view::View;

/// One thing to do, in the order of arrival.
pub(crate) enum Job {
    /// The session begins.
    Begin(Begin, oneshot::Sender<()>),
    /// Nothing is listened to any more.
    End(oneshot::Sender<()>),
    /// Something changed.
    Event(Event),
    /// Somebody asks; a closed channel means that nobody waits any more.
    Read(Read),
    /// A worker is done with what the owner gave it.
    Done(Done),
    /// Nobody is there any more.
    Leave,
}

/// How a session begins.
#[derive(Clone, Debug, Default)]
pub(crate) struct Begin {
    /// How columns are counted.
    pub(crate) encoding: Encoding,
    /// Which folders are open.
    pub(crate) folders: Vec<PathBuf>,
    /// Who says first what is wrong.
    pub(crate) findings: Findings,
}

/// What the user of the editor has chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Whether remarks stand in the lines.
    pub(crate) hints: Hints,
    /// When everything is looked at.
    pub(crate) sweeps: Sweeps,
}

impl Default for Settings {
    fn default() -> Self {
        Self { hints: Hints::Shown, sweeps: Sweeps::ByItself }
    }
}

/// Whether remarks stand in the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hints {
    Shown,
    Hidden,
}

/// When everything is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sweeps {
    /// Whenever something has changed.
    ByItself,
    /// When somebody asks what takes a look at everything.
    WhenAsked,
}

/// Who says first what is wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Findings {
    /// The server says it when it changes.
    #[default]
    Pushed,
    /// The client asks when it wants to know.
    Pulled,
}

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
    /// The user has chosen something.
    Configured(Settings),
    /// Folders were opened.
    Folders(Vec<PathBuf>),
    /// Something whose handling panics.
    #[cfg(test)]
    Crash,
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

/// A question with everything that it takes to answer it.
#[derive(Clone)]
pub(crate) struct Asked {
    /// The text that it is about; none for a whole workspace.
    pub(crate) uri: Option<String>,
    /// How urgent it is.
    pub(crate) lane: Lane,
    /// What an edit means for it.
    pub(crate) edits: Edits,
    /// What it waits for.
    pub(crate) needs: Needs,
    /// Makes the answer.
    pub(crate) work: Work,
}

/// Makes an answer from what is known at a moment.
pub(crate) type Work = Arc<dyn Fn(&View) -> Reply + Send + Sync>;

/// What a question is answered with.
pub(crate) type Reply = Result<Value, Fault>;

/// How urgent a question is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Somebody waits with a finger on a key.
    Fast,
    /// It may take its time.
    Slow,
}

/// What an edit means for a question that is being answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edits {
    /// It is about places of the old text: the client has to ask again.
    Outdate,
    /// It is asked again, once, of the new text.
    Retry,
}

/// What a question waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Nothing.
    Nothing,
    /// Everything that is wrong in the workspace.
    Sweep,
}

/// A question on its way.
pub(crate) struct Read {
    pub(crate) asked: Asked,
    pub(crate) reply: oneshot::Sender<Reply>,
    pub(crate) cancel: Cancel,
    /// Whether it was asked again already.
    pub(crate) again: bool,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Something panicked.
    Bug(String),
    /// The text changed meanwhile.
    Modified,
    /// Nobody waits any more.
    Canceled,
    /// It cannot be done, for a reason that a user understands.
    Refused(String),
}

/// What the client is told without having asked.
#[derive(Debug)]
pub(crate) enum Notice {
    /// Everything that is wrong with a file; replaces what was said before.
    Findings { file: File, version: Option<i32>, problems: Vec<Problem> },
    /// What was answered about findings may have changed.
    Refresh,
    /// What is shown in the lines may have changed.
    Configured,
    /// What is shown above declarations may have changed: everything was looked at.
    Swept,
    /// A long examination began or ended.
    Progress(Stage),
    /// A line for the log.
    Log(String),
}

/// How far an examination is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Begun,
    Ended,
}

/// A file as the client knows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum File {
    /// As the client calls it.
    Uri(String),
    /// Never opened by the client.
    Path(PathBuf),
    /// Embedded in the program, by its name: `std:/kinds/postgres.idp`.
    Embedded(String),
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Problem {
    pub(crate) range: Range,
    pub(crate) weight: Weight,
    pub(crate) code: Option<String>,
    pub(crate) text: String,
    pub(crate) related: Vec<(File, Range, String)>,
}

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Weight {
    Error,
    Warning,
    /// What should no longer be used.
    Deprecated,
}
