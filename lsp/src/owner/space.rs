//! A workspace, or a file outside of any, as the editor sees it: the disk with the open texts laid over it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use idpc_driver::host::Host;
use idpc_driver::workspace::{Found, LoadError, Loaded, find};

use super::documents::Documents;
use crate::message::{File, Problem};
use crate::sweep::Sweep;
use crate::view::Part;

/// Everything is looked at after a rest that is this part of what it took the last time, so that somebody who types is not
/// slowed down by it; a small workspace hardly waits.
const PART: u32 = 4;

/// No rest is longer.
const LONGEST: Duration = Duration::from_millis(500);

/// What was last said about a file.
pub(super) type Said = (Option<i32>, Vec<Problem>);

/// A loaded workspace.
pub(super) struct Space {
    found: Found,
    host: Option<Host>,
    /// Counts the changes.
    pub(super) revision: u64,
    /// The same, for whoever is about to find out that something changed.
    newest: Arc<AtomicU64>,
    /// When something changed last, and for how long nothing has to change before everything is looked at.
    rested: Instant,
    rest: Duration,
    /// The change that the client was told of, as far as open files go.
    pub(super) looked: u64,
    /// The change up to which everything was looked at, or could not be.
    pub(super) swept: u64,
    /// Whether the open files are being looked at, as they are now.
    pub(super) looking: bool,
    /// Since when everything is being looked at.
    pub(super) sweeping: Option<Instant>,
    /// What was found when everything was looked at last.
    pub(super) sweep: Option<Arc<Sweep>>,
    /// Whether the disk may have changed since it was read.
    outdated: bool,
    /// What the client was told, by file.
    pub(super) said: BTreeMap<PathBuf, (File, Said)>,
}

impl Space {
    pub(super) fn new(found: Found) -> Self {
        Self {
            found,
            host: None,
            revision: 1,
            newest: Arc::new(AtomicU64::new(1)),
            rested: Instant::now(),
            rest: Duration::ZERO,
            looked: 0,
            swept: 0,
            looking: false,
            sweeping: None,
            sweep: None,
            outdated: true,
            said: BTreeMap::new(),
        }
    }

    /// The key of what was found: a workspace's folder, or a file.
    pub(super) fn key(found: &Found) -> &Path {
        match found {
            Found::Workspace { root, .. } => root,
            Found::File { path } => path,
        }
    }

    /// The folder that paths are relative to.
    pub(super) fn root(&self) -> &Path {
        match &self.found {
            Found::Workspace { root, .. } => root,
            Found::File { path } => path.parent().unwrap_or(path),
        }
    }

    /// Whether it is a file that lies in no workspace.
    pub(super) fn is_single(&self) -> bool {
        matches!(self.found, Found::File { .. })
    }

    /// The name of a source at a path: from the root, with `/`, or `PACKAGE:/…`; `None` when it lies elsewhere.
    pub(super) fn relative(&self, path: &Path) -> Option<String> {
        if let Some(host) = &self.host {
            return host.loaded.source(path);
        }
        let below = path.strip_prefix(self.root()).ok()?;
        Some(below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
    }

    /// Whether a path lies in one of its packages, which may be anywhere.
    pub(super) fn has_package_at(&self, path: &Path) -> bool {
        let mut packages = self.host.iter().flat_map(|host| &host.loaded.packages);
        packages.any(|package| path.starts_with(&package.folder))
    }

    /// What is wrong with `idp.toml`, or with the single file, is said there; so is what has no place of its own.
    pub(super) fn anchor(&self) -> PathBuf {
        match &self.found {
            Found::Workspace { root, .. } => root.join(idpc_driver::workspace::MANIFEST),
            Found::File { path } => path.clone(),
        }
    }

    /// The disk has to be read again before the next answer.
    pub(super) fn outdate(&mut self) {
        self.outdated = true;
        self.changed();
    }

    /// Something changed.
    fn changed(&mut self) {
        self.revision += 1;
        self.newest.store(self.revision, Ordering::Relaxed);
        self.rested = Instant::now();
    }

    /// When everything is looked at next; `None` if there is no need, or if something else has to be done before.
    pub(super) fn due(&self) -> Option<Instant> {
        let wanted = self.swept != self.revision && self.sweeping.is_none() && !self.looking;
        wanted.then(|| self.rested + self.rest)
    }

    /// Nothing is looked at any more; what was found took so long.
    pub(super) fn swept(&mut self, revision: u64) {
        self.swept = revision;
        if let Some(since) = self.sweeping.take() {
            self.rest = (since.elapsed() / PART).min(LONGEST);
        }
    }

    /// Forgets everything that was computed.
    pub(super) fn forget(&mut self) {
        self.host = None;
        self.outdate();
    }

    /// Gives an open file its new text.
    pub(super) fn edit(&mut self, path: &Path, text: &str) {
        self.changed();
        let relative = self.relative(path);
        if let (Some(host), Some(relative)) = (&mut self.host, relative)
            && !host.set_text(&relative, text)
        {
            self.outdated = true;
        }
    }

    /// Whether a file belongs to it.
    pub(super) fn has(&mut self, path: &Path, documents: &Documents) -> Result<bool, LoadError> {
        let relative = self.relative(path);
        let host = self.host(documents)?;
        Ok(relative.is_some_and(|relative| host.file_id(&relative).is_some()))
    }

    /// The host, up to date with the disk and the open texts.
    pub(super) fn host(&mut self, documents: &Documents) -> Result<&Host, LoadError> {
        if self.outdated || self.host.is_none() {
            let mut loaded = self.found.load()?;
            self.overlay(&mut loaded, documents);
            match &mut self.host {
                Some(host) => host.reload(loaded),
                None => self.host = Some(Host::new(loaded)),
            }
            self.outdated = false;
        }
        // It was made above if there was none.
        self.host.as_ref().ok_or_else(|| LoadError::NoWorkspace(self.anchor()))
    }

    /// What is known of it at this moment.
    pub(super) fn part(&mut self, documents: &Documents) -> Result<Part, LoadError> {
        let host = self.host(documents)?.snapshot();
        let key = Self::key(&self.found).to_owned();
        let (revision, newest) = (self.revision, self.newest.clone());
        Ok(Part { key, revision, newest, anchor: self.anchor(), host, sweep: self.sweep.clone() })
    }

    /// Lays the open texts over what was read: a file that is not on disk yet is added, one that the workspace leaves
    /// out stays left out.
    fn overlay(&self, loaded: &mut Loaded, documents: &Documents) {
        for open in documents.all() {
            let Some(path) = &open.document.path else {
                continue;
            };
            let Some(relative) = loaded.source(path) else {
                continue;
            };
            let known = loaded.texts().any(|file| file.path == relative);
            let missing = || matches!(find(path), Err(LoadError::Missing(_)));
            if known || (!self.is_single() && relative.ends_with(".idp") && missing()) {
                loaded.add(&relative, open.lines.text());
            }
        }
    }
}
