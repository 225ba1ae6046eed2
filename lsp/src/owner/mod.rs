//! The one owner of all texts and workspaces: a thread that takes jobs from a queue, in the order of arrival.
//!
//! It tells the client what is wrong when the queue is empty, so a burst of edits is analyzed once. A panic while
//! answering is an answer, too: what was computed is thrown away, the texts stay.

mod documents;
mod findings;
mod space;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, TryRecvError};

use idpc_driver::workspace::{Found, find};
use idpc_ide::lines::{Encoding, Lines, Position};
use idpc_ide::symbol::Symbol;
use tokio::sync::mpsc::UnboundedSender;

use self::documents::{Documents, Open};
use self::findings::{Findings, named};
use self::space::Space;
use crate::message::{Answer, Change, Event, Fault, Job, Notice, Outline, Question, Reply};

/// Between `initialize` and `shutdown` or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Before,
    During,
    After,
}

/// Everything that the server knows.
pub(crate) struct Owner {
    phase: Phase,
    ready: bool,
    encoding: Encoding,
    documents: Documents,
    spaces: BTreeMap<PathBuf, Space>,
    notices: UnboundedSender<Notice>,
}

impl Owner {
    pub(crate) fn new(notices: UnboundedSender<Notice>) -> Self {
        Self {
            phase: Phase::Before,
            ready: false,
            encoding: Encoding::Utf16,
            documents: Documents::default(),
            spaces: BTreeMap::new(),
            notices,
        }
    }

    /// Works until nobody can send any more.
    pub(crate) fn work(mut self, jobs: &Receiver<Job>) {
        loop {
            let job = match jobs.try_recv() {
                Ok(job) => job,
                Err(TryRecvError::Disconnected) => return,
                Err(TryRecvError::Empty) => {
                    self.speak();
                    let Ok(job) = jobs.recv() else { return };
                    job
                }
            };
            match job {
                Job::Event(event) => self.event(event),
                // Nobody waits for what was cancelled.
                Job::Question(_, asker) if asker.is_closed() => {}
                Job::Question(question, asker) => {
                    // The asker may have gone meanwhile.
                    let _ = asker.send(self.answer(question));
                }
            }
        }
    }

    fn event(&mut self, event: Event) {
        if self.phase != Phase::During {
            return;
        }
        if let Err(fault) = self.guarded(|owner| owner.take(event)) {
            self.log(fault.message);
        }
    }

    fn answer(&mut self, question: Question) -> Reply {
        match question {
            Question::Begin { encoding, folders } if self.phase == Phase::Before => {
                self.phase = Phase::During;
                self.encoding = encoding;
                for folder in folders {
                    // A folder that is in no workspace has nothing to say yet.
                    if let Ok(found) = find(&folder) {
                        self.space(found);
                    }
                }
                Ok(Answer::Nothing)
            }
            Question::End if self.phase == Phase::During => {
                self.phase = Phase::After;
                Ok(Answer::Nothing)
            }
            question if self.phase == Phase::During => self.guarded(|owner| owner.look(question))?,
            _ => Ok(Answer::Nothing),
        }
    }

    /// Runs something that must not end the thread.
    fn guarded<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Result<T, Fault> {
        catch_unwind(AssertUnwindSafe(|| work(self))).map_err(|panic| {
            self.spaces.values_mut().for_each(Space::forget);
            let reason = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let reason = reason.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            Fault { message: format!("this is a bug in idpc: {reason}") }
        })
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Ready => self.ready = true,
            Event::Opened { document, version, text } => {
                let (uri, path) = (document.uri.clone(), document.path.clone());
                self.documents.open(document, version, text);
                if let Some(path) = path {
                    self.place(&uri, &path);
                }
            }
            Event::Changed { uri, version, changes } => {
                let Some(open) = self.documents.get_mut(&uri) else {
                    return;
                };
                open.change(version, changes, self.encoding);
                let (Some(path), Some(key)) = (&open.document.path, &open.space) else {
                    return;
                };
                if let Some(space) = self.spaces.get_mut(key) {
                    space.edit(path, open.lines.text());
                }
            }
            Event::Closed { uri } => {
                let Some(space) = self.documents.close(&uri).and_then(|open| open.space) else {
                    return;
                };
                if let Some(space) = self.spaces.get_mut(&space) {
                    space.outdate();
                }
            }
            Event::Touched(paths) => {
                for space in self.spaces.values_mut() {
                    if paths.iter().any(|path| path.starts_with(space.root()) || space.has_package_at(path)) {
                        space.outdate();
                    }
                }
                self.place_strays();
            }
        }
    }

    /// Finds the workspace of an open file, and gives it the editor's text.
    fn place(&mut self, uri: &str, path: &Path) {
        if path.extension().is_none_or(|extension| extension != "idp") {
            return;
        }
        // A package is judged in the workspace that uses it, as long as it is no workspace itself.
        let user = self.spaces.iter().find(|(_, space)| space.has_package_at(path)).map(|(key, _)| key.clone());
        let found = find(path).or_else(|_| find(path.parent().unwrap_or(path)));
        let key = match (found, user) {
            (Ok(Found::File { .. }) | Err(_), Some(user)) => user,
            (Ok(found), _) => self.space(found),
            (Err(_), None) => return,
        };
        let Some(space) = self.spaces.get_mut(&key) else {
            return;
        };
        // Another editor, or a moment ago this one, may have made the file.
        if !matches!(space.has(path, &self.documents), Ok(true)) {
            space.outdate();
        }
        match space.has(path, &self.documents) {
            Ok(true) => {
                if let Some(open) = self.documents.get_mut(uri) {
                    space.edit(path, open.lines.text());
                    open.space = Some(key);
                }
            }
            Ok(false) => {}
            Err(error) => self.log(error.to_string()),
        }
    }

    /// Files that had no workspace may have one now.
    fn place_strays(&mut self) {
        let strays: Vec<(String, PathBuf)> = self
            .documents
            .all()
            .filter(|open| open.space.is_none())
            .filter_map(|open| Some((open.document.uri.clone(), open.document.path.clone()?)))
            .collect();
        for (uri, path) in strays {
            self.place(&uri, &path);
        }
    }

    fn space(&mut self, found: Found) -> PathBuf {
        let found = match found {
            Found::Workspace { root, .. } => Found::Workspace { root, focus: String::new() },
            Found::File { path } => Found::File { path },
        };
        let key = Space::key(&found).to_owned();
        self.spaces.entry(key.clone()).or_insert_with(|| Space::new(found));
        key
    }

    fn look(&mut self, question: Question) -> Reply {
        let answer = match question {
            Question::Format { uri } => self.documents.get(&uri).map(|open| formatted(open, self.encoding)),
            Question::Symbols { uri } => self.documents.get(&uri).map(|open| outline(open, self.encoding)),
            Question::Hover { uri, at } => self.hover(&uri, at)?,
            #[cfg(test)]
            Question::Crash => panic!("on purpose"),
            Question::Begin { .. } | Question::End => None,
        };
        Ok(answer.unwrap_or(Answer::Nothing))
    }

    fn hover(&mut self, uri: &str, at: Position) -> Result<Option<Answer>, Fault> {
        let Some(open) = self.documents.get(uri) else {
            return Ok(None);
        };
        let (Some(path), Some(key)) = (&open.document.path, &open.space) else {
            return Ok(None);
        };
        let Some(space) = self.spaces.get_mut(key) else {
            return Ok(None);
        };
        let relative = space.relative(path);
        let (host, examination) =
            space.examined(&self.documents).map_err(|error| Fault { message: error.to_string() })?;
        let Some(view) = relative.and_then(|path| host.file_id(&path)).and_then(|id| host.view(id)) else {
            return Ok(None);
        };
        let offset = open.lines.size(at, self.encoding);
        let hover = idpc_ide::hover::hover(&examination.model, &view, offset, &|file| host.file(file));
        Ok(hover.map(|hover| Answer::Hover {
            markdown: hover.markdown,
            range: open.lines.range(hover.range, self.encoding),
        }))
    }

    /// Tells the client what is wrong wherever something changed.
    fn speak(&mut self) {
        if self.phase != Phase::During || !self.ready {
            return;
        }
        let unsaid: Vec<PathBuf> =
            self.spaces.iter().filter(|(_, space)| space.unsaid).map(|(key, _)| key.clone()).collect();
        for key in unsaid {
            if let Err(fault) = self.guarded(|owner| owner.speak_of(&key)) {
                self.log(fault.message);
            }
        }
    }

    fn speak_of(&mut self, key: &Path) {
        let Some(space) = self.spaces.get_mut(key) else {
            return;
        };
        // Whatever happens now happens once: the next change tries again.
        space.unsaid = false;
        let anchor = space.anchor();
        let closed = space.is_single() && !self.documents.all().any(|open| open.space.as_deref() == Some(key));
        let mut now = BTreeMap::new();
        if !closed {
            match space.examined(&self.documents) {
                Ok((host, examination)) => {
                    now = Findings::new(host, &self.documents, self.encoding, anchor).of(examination);
                }
                Err(error) => {
                    self.log(error.to_string());
                    return;
                }
            }
        }
        for open in self.documents.all().filter(|open| open.space.as_deref() == Some(key)) {
            if let Some(path) = &open.document.path {
                now.entry(path.clone()).or_default();
            }
        }
        let Some(space) = self.spaces.get_mut(key) else {
            return;
        };
        for path in space.said.keys() {
            now.entry(path.clone()).or_default();
        }
        for (path, problems) in now {
            let (file, version) = named(&self.documents, &path);
            let said = (file.clone(), (version, problems.clone()));
            if space.said.get(&path) == Some(&said) {
                continue;
            }
            if problems.is_empty() && version.is_none() {
                space.said.remove(&path);
            } else {
                space.said.insert(path, said);
            }
            // Without a client there is nobody to tell.
            let _ = self.notices.send(Notice::Findings { file, version, problems });
        }
        if closed {
            self.spaces.remove(key);
        }
    }

    fn log(&self, text: String) {
        let _ = self.notices.send(Notice::Log(text));
    }
}

fn formatted(open: &Open, encoding: Encoding) -> Answer {
    let change = idpc_ide::format::format(open.lines.text());
    let edits =
        change.map(|change| Change { range: Some(open.lines.range(change.range, encoding)), text: change.text });
    Answer::Edits(edits.into_iter().collect())
}

fn outline(open: &Open, encoding: Encoding) -> Answer {
    let text = open.lines.text();
    let symbols = idpc_ide::symbol::symbols(&idpc_syntax::parse(text).source_file(), text);
    Answer::Symbols(symbols.into_iter().map(|symbol| placed(symbol, &open.lines, encoding)).collect())
}

fn placed(symbol: Symbol, lines: &Lines, encoding: Encoding) -> Outline {
    Outline {
        range: lines.range(symbol.range, encoding),
        name_range: lines.range(symbol.name_range, encoding),
        name: symbol.name,
        detail: symbol.detail,
        kind: symbol.kind,
        children: symbol.children.into_iter().map(|child| placed(child, lines, encoding)).collect(),
    }
}
