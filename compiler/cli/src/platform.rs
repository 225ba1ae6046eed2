//! The platform of a workspace by itself: its folder and its packages, without what others declare.

use idpc_driver::host::Analysis;
use idpc_driver::workspace::Loaded;
use idpc_model::diagnostic::Severity;
use idpc_model::source::Role;
use idpc_testing::program::Ground;

use crate::args::Format;
use crate::console::Console;
use crate::outcome::Failure;
use crate::project::Project;
use crate::render::{Finding, Tally, counted};

/// A platform with what is wrong with it.
pub struct Platform {
    /// Its files alone.
    pub project: Project,
    /// What they come to.
    pub analysis: Analysis,
    errors: Vec<Finding>,
}

impl Platform {
    /// Takes what only services, resources, teams and systems declare out of a workspace.
    #[must_use]
    pub fn of(whole: &Project) -> Self {
        let mut loaded = Loaded::clone(&whole.host.loaded);
        loaded.files.retain(|file| file.role != Role::Application);
        let project = Project::of(loaded);
        let (analysis, mut errors) = project.analyze();
        errors.retain(|finding| finding.severity() == Severity::Error);
        Self { project, analysis, errors }
    }

    /// Whether it has errors, which are printed then.
    ///
    /// # Errors
    /// When standard output refuses.
    pub fn refused(&self, console: Console) -> Result<bool, Failure> {
        if self.errors.is_empty() {
            return Ok(false);
        }
        console.print(&self.project.render(&self.errors, Format::Human, console.paint))?;
        console.note(&format!("{} in the platform itself", counted(Tally::of(&self.errors).errors, "error")));
        Ok(true)
    }

    /// What programs beside it stand on.
    #[must_use]
    pub fn ground(&self) -> Ground {
        Ground::Workspace(Box::new(Loaded::clone(&self.project.host.loaded)))
    }
}
