//! The one owner of all texts and workspaces: a thread that takes jobs from a queue, in the order of arrival.
//!
//! It applies what changed and computes nothing: questions go to the workers with a view of the moment in which they
//! arrived. When the queue is empty it has the client told what is wrong, so a burst of edits is looked at once.

pub(crate) mod documents;
mod places;
mod space;
mod telling;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};

use idpc_driver::workspace::find;
use idpc_ide::lines::Encoding;
use tokio::sync::mpsc::UnboundedSender;

use self::documents::Documents;
use self::space::Space;
use crate::message::{Asked, Begin, Event, Fault, Findings, Job, Needs, Notice, Read, Settings};
use crate::pool::{Pool, reason};
use crate::shown::Shown;
use crate::view::View;

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
    findings: Findings,
    settings: Settings,
    documents: Documents,
    spaces: BTreeMap<PathBuf, Space>,
    pool: Pool,
    notices: UnboundedSender<Notice>,
    /// Questions that wait until everything was looked at.
    waiting: Vec<Read>,
    /// What the client was sent last.
    shown: Shown,
}

impl Owner {
    pub(crate) fn new(notices: UnboundedSender<Notice>, pool: Pool) -> Self {
        Self {
            phase: Phase::Before,
            ready: false,
            encoding: Encoding::Utf16,
            findings: Findings::default(),
            settings: Settings::default(),
            documents: Documents::default(),
            spaces: BTreeMap::new(),
            pool,
            notices,
            waiting: Vec::new(),
            shown: Shown::default(),
        }
    }

    /// Works until nobody can send any more, or the session ends.
    pub(crate) fn work(mut self, jobs: &Receiver<Job>) {
        loop {
            let job = match jobs.try_recv() {
                Ok(job) => job,
                Err(TryRecvError::Disconnected) => return,
                Err(TryRecvError::Empty) => {
                    self.rest();
                    match jobs.recv_timeout(self.pause()) {
                        Ok(job) => job,
                        Err(RecvTimeoutError::Timeout) => continue,
                        Err(RecvTimeoutError::Disconnected) => return,
                    }
                }
            };
            match job {
                Job::Begin(begin, done) => {
                    if self.phase == Phase::Before {
                        self.begin(begin);
                    }
                    let _ = done.send(());
                }
                Job::End(done) => {
                    self.phase = Phase::After;
                    self.waiting.clear();
                    let _ = done.send(());
                }
                Job::Event(event) => self.event(event),
                Job::Read(read) => self.read(read),
                Job::Leave => return,
                Job::Done(done) => {
                    if let Err(fault) = self.guarded(|owner| owner.told(done)) {
                        self.log(fault);
                    }
                }
            }
        }
    }

    fn begin(&mut self, begin: Begin) {
        self.phase = Phase::During;
        self.encoding = begin.encoding;
        self.findings = begin.findings;
        self.event(Event::Folders(begin.folders));
    }

    fn event(&mut self, event: Event) {
        if self.phase != Phase::During {
            return;
        }
        if let Err(fault) = self.guarded(|owner| owner.take(event)) {
            self.log(fault);
        }
    }

    /// Runs something that must not end the thread. What was computed is thrown away when it panics; the texts stay.
    fn guarded<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Result<T, String> {
        catch_unwind(AssertUnwindSafe(|| work(self))).map_err(|panic| {
            self.spaces.values_mut().for_each(Space::forget);
            reason(&*panic)
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
                self.shown.forget(&uri);
                let Some(key) = self.documents.close(&uri).and_then(|open| open.space.clone()) else {
                    return;
                };
                if let Some(space) = self.spaces.get_mut(&key) {
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
            Event::Configured(settings) => {
                self.settings = settings;
                let _ = self.notices.send(Notice::Configured);
            }
            Event::Folders(folders) => {
                for folder in folders {
                    // A folder that is in no workspace has nothing to say yet.
                    if let Ok(found) = find(&folder) {
                        self.space(found);
                    }
                }
            }
            #[cfg(test)]
            Event::Crash => panic!("on purpose"),
        }
    }

    /// Gives a question to the workers, with what is known now.
    fn read(&mut self, read: Read) {
        // Nobody waits for what was canceled.
        if read.reply.is_closed() || read.cancel.is_canceled() {
            return;
        }
        if self.phase != Phase::During {
            let _ = read.reply.send(Err(Fault::Canceled));
            return;
        }
        if read.asked.needs == Needs::Sweep && !self.is_swept() {
            self.waiting.push(read);
            return;
        }
        match self.guarded(|owner| owner.view(&read.asked)) {
            Ok(Ok(view)) => self.pool.answer(read, view),
            Ok(Err(fault)) => {
                let _ = read.reply.send(Err(fault));
            }
            Err(bug) => {
                let _ = read.reply.send(Err(Fault::Bug(bug)));
            }
        }
    }

    fn view(&mut self, asked: &Asked) -> Result<View, Fault> {
        let keys: Vec<PathBuf> = match &asked.uri {
            Some(uri) => self.space_of(uri).into_iter().collect(),
            None => self.spaces.keys().cloned().collect(),
        };
        let mut parts = Vec::new();
        for key in keys {
            let Some(space) = self.spaces.get_mut(&key) else { continue };
            parts.push(space.part(&self.documents).map_err(|error| Fault::Refused(error.to_string()))?);
        }
        let mut view = View::new(self.documents.clone(), self.encoding, parts, asked.uri.clone());
        view.shown = self.shown.clone();
        view.settings = self.settings;
        Ok(view)
    }

    fn log(&self, text: String) {
        // Without a client there is nobody to tell.
        let _ = self.notices.send(Notice::Log(text));
    }
}
