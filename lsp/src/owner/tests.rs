//! The owner and its workers, driven through their queue.

use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::time::{Duration, Instant};

use idpc_driver::workspace::Loaded;
use idpc_model::cancel::unless_edited;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::*;
use crate::cancel::Cancel;
use crate::message::{Change, Document, Edits, Lane, Reply, Work};

/// An owner on a thread of its own.
struct Session {
    jobs: Sender<Job>,
    _heard: tokio::sync::mpsc::UnboundedReceiver<Notice>,
}

impl Session {
    fn begin(begin: Begin) -> Self {
        let (notices, heard) = tokio::sync::mpsc::unbounded_channel();
        let (jobs, queue) = mpsc::channel();
        let pool = Pool::new(&jobs).unwrap();
        std::thread::spawn(move || Owner::new(notices, pool).work(&queue));
        let (done, told) = oneshot::channel();
        jobs.send(Job::Begin(begin, done)).unwrap();
        told.blocking_recv().unwrap();
        Self { jobs, _heard: heard }
    }

    fn tell(&self, event: Event) {
        self.jobs.send(Job::Event(event)).unwrap();
    }

    fn ask(&self, uri: Option<&str>, edits: Edits, work: Work) -> (oneshot::Receiver<Reply>, Cancel) {
        let (reply, answer) = oneshot::channel();
        let cancel = Cancel::default();
        let asked = Asked { uri: uri.map(str::to_owned), lane: Lane::Slow, edits, needs: Needs::Nothing, work };
        self.jobs.send(Job::Read(Read { asked, reply, cancel: cancel.clone(), again: false })).unwrap();
        (answer, cancel)
    }

    /// The text as a worker sees it.
    fn text(&self) -> oneshot::Receiver<Reply> {
        let work = |view: &View| Ok(json!(view.open().map(|open| open.lines.text().to_string())));
        self.ask(Some("untitled:1"), Edits::Outdate, Arc::new(work)).0
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.jobs.send(Job::Leave);
    }
}

fn opened(text: &str) -> Event {
    let document = Document { uri: "untitled:1".into(), path: None };
    Event::Opened { document, version: 1, text: text.into() }
}

/// A workspace on disk, opened in a session, with the name of its only file.
fn shop() -> (tempfile::TempDir, Session, String) {
    let folder = tempfile::tempdir().unwrap();
    let root = std::fs::canonicalize(folder.path()).unwrap();
    std::fs::write(root.join("idp.toml"), "[workspace]\nname = \"shop\"\nedition = \"2026\"\n").unwrap();
    let path = root.join("team.idp");
    std::fs::write(&path, "team a {}\n").unwrap();
    assert!(Loaded::open(&root).is_ok());
    let session = Session::begin(Begin { folders: vec![root], ..Begin::default() });
    let uri = format!("file://{}", path.display());
    let document = Document { uri: uri.clone(), path: Some(path) };
    session.tell(Event::Opened { document, version: 1, text: "team a {}\n".into() });
    (folder, session, uri)
}

/// Works for ten seconds, asking the database now and then; says on a channel when it begins.
fn long(begun: Sender<()>) -> Work {
    Arc::new(move |view| {
        let since = Instant::now();
        begun.send(()).unwrap();
        while since.elapsed() < Duration::from_secs(10) {
            let part = view.parts.first().unwrap();
            unless_edited(part.host.database());
            assert!(part.program().files().count() > 0);
            let _ = part.program().set();
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(Value::Null)
    })
}

#[test]
fn a_panic_is_an_answer_and_the_next_question_is_answered() {
    let session = Session::begin(Begin::default());
    session.tell(opened("team a {}\n"));
    let (crashed, _) = session.ask(None, Edits::Outdate, Arc::new(|_| panic!("on purpose")));
    let Err(Fault::Bug(reason)) = crashed.blocking_recv().unwrap() else { panic!("no fault") };
    assert!(reason.contains("bug in idpc") && reason.contains("on purpose"), "{reason}");
    session.tell(Event::Crash);
    assert_eq!(session.text().blocking_recv().unwrap(), Ok(json!("team a {}\n")));
}

#[test]
fn an_answer_is_about_the_text_at_its_place_in_the_queue() {
    let session = Session::begin(Begin::default());
    session.tell(opened(""));
    let mut asked = Vec::new();
    for version in 2..500 {
        let changes = vec![Change { range: None, text: format!("{version}") }];
        session.tell(Event::Changed { uri: "untitled:1".into(), version, changes });
        asked.push((version, session.text()));
    }
    for (version, answer) in asked {
        assert_eq!(answer.blocking_recv().unwrap(), Ok(json!(version.to_string())));
    }
}

#[test]
fn what_is_canceled_stops_at_once() {
    let (_folder, session, uri) = shop();
    let (begun, running) = mpsc::channel();
    let (answer, cancel) = session.ask(Some(&uri), Edits::Outdate, long(begun));
    running.recv().unwrap();
    let since = Instant::now();
    cancel.cancel();
    assert_eq!(answer.blocking_recv().unwrap(), Err(Fault::Canceled));
    // A loaded machine gets ten times the 50 ms of the goal; the work would take twenty times that.
    assert!(since.elapsed() < Duration::from_millis(500), "{:?}", since.elapsed());
}

#[test]
fn an_edit_stops_what_is_computed_and_does_not_wait() {
    let (_folder, session, uri) = shop();
    let (begun, running) = mpsc::channel();
    let (answer, _) = session.ask(Some(&uri), Edits::Outdate, long(begun));
    running.recv().unwrap();
    let since = Instant::now();
    let changes = vec![Change { range: None, text: "team b {}\n".into() }];
    session.tell(Event::Changed { uri: uri.clone(), version: 2, changes });
    assert_eq!(answer.blocking_recv().unwrap(), Err(Fault::Modified));
    let text = |view: &View| Ok(json!(view.here().map(|here| here.lines.text().to_string())));
    let (text, _) = session.ask(Some(&uri), Edits::Outdate, Arc::new(text));
    assert_eq!(text.blocking_recv().unwrap(), Ok(json!("team b {}\n")));
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
}

#[test]
fn what_can_be_asked_again_is_answered_for_the_new_text() {
    let (_folder, session, uri) = shop();
    let (begun, running) = mpsc::channel();
    let work = move |view: &View| {
        let here = view.here().unwrap();
        begun.send(()).unwrap();
        let text = here.lines.text().to_string();
        while text.contains("team a") {
            unless_edited(here.part.host.database());
        }
        Ok(json!(text))
    };
    let (answer, _) = session.ask(Some(&uri), Edits::Retry, Arc::new(work));
    running.recv().unwrap();
    let changes = vec![Change { range: None, text: "team b {}\n".into() }];
    session.tell(Event::Changed { uri, version: 2, changes });
    assert_eq!(answer.blocking_recv().unwrap(), Ok(json!("team b {}\n")));
}

#[test]
fn nothing_is_answered_after_the_end() {
    let session = Session::begin(Begin::default());
    session.tell(opened("team a {}\n"));
    let (done, told) = oneshot::channel();
    session.jobs.send(Job::End(done)).unwrap();
    told.blocking_recv().unwrap();
    assert_eq!(session.text().blocking_recv().unwrap(), Err(Fault::Canceled));
}
