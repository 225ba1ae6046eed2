//! The threads that compute. They get a view of a moment, and give it back when they are done or stopped: the only place
//! where a computation that was called off, or that panicked, is turned into an answer.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use idpc_model::cancel::{Stopped, canceler, stoppable, unless_edited};

use crate::message::{Edits, Fault, Job, Lane, Read};
use crate::sweep::{Done, Outcome, Sweep, local, sweep};
use crate::view::View;

/// Deeply nested texts are parsed and evaluated here.
pub(crate) const STACK: usize = 16 << 20;

/// How many threads answer what is urgent, and how many the rest.
const THREADS: [(Lane, usize); 2] = [(Lane::Fast, 2), (Lane::Slow, 2)];

/// Something to compute.
enum Task {
    /// The answer to a question.
    Answer(Read, View),
    /// What the open files say.
    Local(View),
    /// What everything says.
    Sweep(View),
    /// Nothing: something large is no longer needed, and giving its memory back takes time.
    Drop(Arc<Sweep>),
}

/// The way to the threads.
pub(crate) struct Pool {
    fast: Sender<Task>,
    slow: Sender<Task>,
    sweep: Sender<Task>,
}

impl Pool {
    /// Starts the threads; `jobs` is the way back to the owner. They end when the pool is dropped.
    pub(crate) fn new(jobs: &Sender<Job>) -> std::io::Result<Self> {
        let (fast, urgent) = channel();
        let (slow, other) = channel();
        let (sweep, all) = channel();
        let (urgent, other) = (Arc::new(Mutex::new(urgent)), Arc::new(Mutex::new(other)));
        for (lane, count) in THREADS {
            for _ in 0..count {
                let tasks = if lane == Lane::Fast { urgent.clone() } else { other.clone() };
                start("reader", tasks, jobs.clone())?;
            }
        }
        start("sweeper", Arc::new(Mutex::new(all)), jobs.clone())?;
        Ok(Self { fast, slow, sweep })
    }

    /// Answers a question.
    pub(crate) fn answer(&self, read: Read, view: View) {
        let lane = match read.asked.lane {
            Lane::Fast => &self.fast,
            Lane::Slow => &self.slow,
        };
        // Threads are there as long as the pool is.
        let _ = lane.send(Task::Answer(read, view));
    }

    /// Looks at the open files.
    pub(crate) fn local(&self, view: View) {
        let _ = self.fast.send(Task::Local(view));
    }

    /// Lets go of what was found before.
    pub(crate) fn drop(&self, old: Arc<Sweep>) {
        let _ = self.sweep.send(Task::Drop(old));
    }

    /// Looks at everything.
    pub(crate) fn sweep(&self, view: View) {
        let _ = self.sweep.send(Task::Sweep(view));
    }
}

fn start(name: &str, tasks: Arc<Mutex<Receiver<Task>>>, jobs: Sender<Job>) -> std::io::Result<()> {
    let thread = thread::Builder::new().name(name.to_owned()).stack_size(STACK);
    thread.spawn(move || {
        loop {
            let task = tasks.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(task) = task else { return };
            run(task, &jobs);
        }
    })?;
    Ok(())
}

fn run(task: Task, jobs: &Sender<Job>) {
    match task {
        Task::Answer(read, view) => answer(read, view, jobs),
        Task::Local(view) => done(view, jobs, false),
        Task::Sweep(view) => done(view, jobs, true),
        Task::Drop(old) => drop(old),
    }
}

/// What became of a computation.
enum Ended<T> {
    Well(T),
    Stopped(Stopped),
    Panicked(String),
}

/// Runs a computation to its end, whatever that is.
fn guarded<T>(work: impl FnOnce() -> T) -> Ended<T> {
    match catch_unwind(AssertUnwindSafe(|| stoppable(work))) {
        Ok(Ok(done)) => Ended::Well(done),
        Ok(Err(stopped)) => Ended::Stopped(stopped),
        Err(panic) => Ended::Panicked(reason(&*panic)),
    }
}

/// What a panic says.
pub(crate) fn reason(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    format!("this is a bug in idpc: {text}")
}

fn answer(read: Read, view: View, jobs: &Sender<Job>) {
    let Read { asked, reply, cancel, again } = read;
    if reply.is_closed() || cancel.is_canceled() {
        return;
    }
    let ended = guarded(|| {
        // The view goes when this ends, however it ends, so that no edit waits for it.
        let view = view;
        for part in &view.parts {
            cancel.running(canceler(part.host.database()));
            unless_edited(part.host.database());
        }
        (asked.work)(&view)
    });
    let answer = match ended {
        Ended::Well(answer) => answer,
        Ended::Stopped(Stopped::Edited) if asked.edits == Edits::Retry && !again => {
            let _ = jobs.send(Job::Read(Read { asked, reply, cancel, again: true }));
            return;
        }
        Ended::Stopped(Stopped::Edited) => Err(Fault::Modified),
        Ended::Stopped(Stopped::Canceled) => Err(Fault::Canceled),
        Ended::Panicked(reason) => Err(Fault::Bug(reason)),
    };
    // The asker may have gone meanwhile.
    let _ = reply.send(answer);
}

fn done(view: View, jobs: &Sender<Job>, everything: bool) {
    let Some((key, revision)) = view.parts.first().map(|part| (part.key.clone(), part.revision)) else { return };
    let ended = guarded(|| match everything {
        true => sweep(view).map_or(Outcome::Stopped, |sweep| Outcome::Swept(Arc::new(sweep))),
        false => Outcome::Local(local(&view)),
    });
    let outcome = match ended {
        Ended::Well(outcome) => outcome,
        // The edit that stopped it starts another.
        Ended::Stopped(_) if !everything => return,
        Ended::Stopped(_) => Outcome::Stopped,
        Ended::Panicked(reason) if everything => Outcome::Failed(reason),
        Ended::Panicked(reason) => Outcome::Missed(reason),
    };
    // An owner that is gone wants to know nothing.
    let _ = jobs.send(Job::Done(Done { key, revision, outcome }));
}
