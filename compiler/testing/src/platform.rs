//! The platform of a workspace by itself: its folder and its packages, without what others declare.

use idpc_driver::host::{Analysis, Host};
use idpc_driver::workspace::Loaded;
use idpc_model::diagnostic::{Diagnostic, Severity};
use idpc_model::source::Role;

use crate::finding::Finding;
use crate::program::Ground;

/// A platform.
pub struct Platform {
    /// Its files alone.
    pub host: Host,
    /// What they come to.
    pub analysis: Analysis,
    /// What refuses it, as found in the whole workspace.
    pub errors: Vec<Diagnostic>,
    /// What tests and examples beside it stand on.
    pub ground: Ground,
}

impl Platform {
    /// Takes the files of services, resources, teams and systems out of a workspace.
    #[must_use]
    pub fn of(whole: &Host) -> Self {
        let is_error = |found: &Diagnostic| found.severity == Severity::Error;
        let mut loaded = Loaded::clone(&whole.loaded);
        loaded.files.retain(|file| file.role != Role::Application);
        let is_own = |found: &Diagnostic| {
            let of_others =
                |path: &str| whole.loaded.files.iter().any(|file| file.path == path && file.role == Role::Application);
            whole.file(found.primary.file).is_none_or(|(path, _)| !of_others(path))
        };
        let errors = whole.analyze().diagnostics.into_iter().filter(|found| is_error(found) && is_own(found)).collect();
        let host = Host::new(loaded.clone());
        let analysis = host.analyze();
        // What the platform says about a service is no mistake because the service is left out.
        let absent = analysis.diagnostics.iter().filter(|found| is_error(found)).map(|found| Finding::of(&host, found));
        let ground = Ground::Workspace { loaded: Box::new(loaded), absent: absent.collect() };
        Self { host, analysis, errors, ground }
    }
}
