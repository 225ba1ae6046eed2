//! Telling the client what is wrong: at once about the open files, then about everything.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::space::Space;
use super::{Owner, Phase};
use crate::message::{Asked, Findings, Needs, Notice, Problem, Stage, Sweeps};
use crate::sweep::{Done, Outcome};
use crate::view::View;

/// How long is waited when there is nothing to wait for.
const LONG: Duration = Duration::from_secs(3600);

impl Owner {
    /// What is done when nothing else is to do.
    pub(super) fn rest(&mut self) {
        if self.phase != Phase::During || !self.ready {
            return;
        }
        let keys: Vec<PathBuf> = self.spaces.keys().cloned().collect();
        for key in keys {
            if let Err(fault) = self.guarded(|owner| owner.look_at(&key)) {
                self.log(fault);
                // The next change tries again.
                if let Some(space) = self.spaces.get_mut(&key) {
                    space.swept = space.revision;
                }
            }
        }
        self.release();
    }

    /// How long to wait if nothing happens: until everything in some workspace is to be looked at.
    pub(super) fn pause(&self) -> Duration {
        let begun = self.phase == Phase::During && self.ready && self.wants_everything();
        let due = self.spaces.values().filter(|_| begun).filter_map(Space::due).min();
        due.map_or(LONG, |due| due.saturating_duration_since(Instant::now()))
    }

    /// Whether everything is looked at without a question, or somebody waits for it.
    fn wants_everything(&self) -> bool {
        self.settings.sweeps == Sweeps::ByItself || !self.waiting.is_empty()
    }

    /// Has a workspace looked at if it changed since.
    fn look_at(&mut self, key: &Path) {
        let wanted = self.wants_everything();
        let Some(space) = self.spaces.get_mut(key) else { return };
        let local = space.looked != space.revision;
        // What is open comes first, then whoever types may go on.
        let all = !local && wanted && space.due().is_some_and(|due| due <= Instant::now());
        if !local && !all {
            return;
        }
        let left = space.is_single() && !self.documents.all().any(|open| open.space.as_deref() == Some(key));
        if left {
            self.say(key, BTreeMap::new(), Files::All);
            self.spaces.remove(key);
            return;
        }
        // Clients that ask are told nothing before they do.
        let told = self.findings == Findings::Pushed;
        for (wanted, everything) in [(local, false), (all, true)] {
            let Some(space) = self.spaces.get_mut(key).filter(|_| wanted) else { continue };
            let revision = space.revision;
            space.looked = revision;
            let part = match space.part(&self.documents) {
                Ok(part) => part,
                Err(error) => {
                    // The next change tries again.
                    space.swept = revision;
                    self.log(error.to_string());
                    return;
                }
            };
            let first = space.sweep.is_none();
            match everything {
                true => space.sweeping = Some(Instant::now()),
                false => space.looking = told,
            }
            let view = View::new(self.documents.clone(), self.encoding, vec![part], None);
            if everything {
                if first {
                    let _ = self.notices.send(Notice::Progress(Stage::Begun));
                }
                self.pool.sweep(view);
            } else if told {
                self.pool.local(view);
            }
        }
    }

    /// Takes over what a worker found.
    pub(super) fn told(&mut self, done: Done) {
        let Done { key, revision, outcome } = done;
        let Some(space) = self.spaces.get_mut(&key) else { return };
        let now = space.revision == revision;
        match outcome {
            Outcome::Local(found) => {
                space.looking = !now;
                let known = space.sweep.as_ref().is_some_and(|sweep| sweep.revision == revision);
                if now && !known {
                    self.say(&key, found, Files::Open);
                }
            }
            Outcome::Swept(sweep) => {
                let first = space.sweep.is_none();
                space.swept(revision);
                if let Some(old) = space.sweep.replace(sweep.clone()) {
                    self.pool.drop(old);
                }
                if first {
                    let _ = self.notices.send(Notice::Progress(Stage::Ended));
                }
                if now {
                    self.say(&key, sweep.found.clone(), Files::All);
                    let _ = self.notices.send(Notice::Swept);
                    self.release();
                }
            }
            Outcome::Stopped => space.sweeping = None,
            Outcome::Missed(reason) => {
                space.looking = !now;
                self.log(reason);
            }
            Outcome::Failed(reason) => {
                space.swept(revision);
                self.log(reason);
            }
        }
    }

    /// Whether everything was looked at, as it is now.
    pub(super) fn is_swept(&self) -> bool {
        self.ready && self.spaces.values().all(|space| space.swept == space.revision)
    }

    /// Answers what waited until everything was looked at.
    fn release(&mut self) {
        self.waiting.retain(|read| !read.reply.is_closed());
        if self.is_swept() {
            for mut read in std::mem::take(&mut self.waiting) {
                read.asked = Asked { needs: Needs::Nothing, ..read.asked };
                self.read(read);
            }
        }
    }

    /// Tells the client what is wrong, where it was told otherwise before.
    fn say(&mut self, key: &Path, mut now: BTreeMap<PathBuf, Vec<Problem>>, files: Files) {
        for open in self.documents.all().filter(|open| open.space.as_deref() == Some(key)) {
            if let Some(path) = &open.document.path {
                now.entry(path.clone()).or_default();
            }
        }
        let Some(space) = self.spaces.get_mut(key) else {
            return;
        };
        if files == Files::All {
            for path in space.said.keys() {
                now.entry(path.clone()).or_default();
            }
        }
        let mut changed = false;
        for (path, problems) in now {
            let (file, version) = crate::findings::named(&self.documents, &path);
            let said = (file.clone(), (version, problems.clone()));
            let before = space.said.get(&path);
            if before == Some(&said) {
                continue;
            }
            changed |= before.is_none_or(|(_, (_, known))| *known != problems);
            if problems.is_empty() && version.is_none() {
                space.said.remove(&path);
            } else {
                space.said.insert(path, said);
            }
            if self.findings == Findings::Pushed {
                let _ = self.notices.send(Notice::Findings { file, version, problems });
            }
        }
        if changed && self.findings == Findings::Pulled {
            let _ = self.notices.send(Notice::Refresh);
        }
    }
}

/// What is told of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Files {
    /// Everything.
    All,
    /// What is open; what was told of others stands.
    Open,
}
