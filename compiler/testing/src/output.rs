//! An output folder that programs are built into one after the other, for what only the build before makes wrong.
//!
//! Writes to a temporary folder through the writer of `idpc build`, and nowhere else.

use idpc_driver::output::{Options, Scope, write};
use idpc_emit::artifact::Build;
use tempfile::TempDir;

use crate::finding::Finding;
use crate::program::{Depth, Ground, Outcome, Program};

/// The output of the builds so far; it goes with its folder.
#[derive(Debug)]
pub struct Output {
    folder: TempDir,
}

impl Output {
    /// An output that nothing was built into.
    ///
    /// # Errors
    /// When there can be no temporary folder.
    pub fn empty() -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        Ok(Self { folder })
    }

    /// Builds a program onto what is there. As with `idpc build`, nothing is written when anything is wrong, and
    /// [`Outcome::refusals`] says what the writer refuses.
    ///
    /// # Errors
    /// When a temporary folder cannot be read or written.
    pub fn build(&self, program: &Program, ground: &Ground) -> Result<Outcome, String> {
        let mut outcome = program.compile(ground, Depth::Targets)?;
        let sound = !outcome.findings.iter().any(Finding::is_error);
        let Some(emission) = outcome.emission.as_ref().filter(|made| sound && made.errors.is_empty()) else {
            return Ok(outcome);
        };
        let build = Build {
            artifacts: emission.artifacts.iter().collect(),
            units: emission.units.clone(),
            permits: emission.permits.clone(),
            services: emission.services,
        };
        if let Err(error) = write(self.folder.path(), &build, &Scope::default(), Options::default()) {
            let notices = error.notices();
            if error.is_io() {
                return Err(notices.iter().map(|notice| format!("{notice}\n")).collect());
            }
            outcome.refusals = notices;
        }
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(need: &str) -> Program {
        let text = format!(
            "environment dev {{ stage = development }}\n\nteam t {{}}\n\nservice x : worker {{\n  owner    = t\n  \
             language = go\n\n  needs {{ {need} = postgres {{}} }}\n}}\n"
        );
        Program::of_files([(String::from(crate::program::ALONE), text)]).unwrap()
    }

    #[test]
    fn a_refused_build_leaves_the_output_as_it_was() {
        let output = Output::empty().unwrap();
        let refused = |need: &str| -> Vec<&'static str> {
            let outcome = output.build(&program(need), &Ground::Library).unwrap();
            assert_eq!(outcome.findings, []);
            outcome.refusals.iter().map(|notice| notice.code).collect()
        };
        assert!(refused("db").is_empty(), "nothing was there before");
        assert_eq!(refused("orders"), ["IDP0901"]);
        assert_eq!(refused("orders"), ["IDP0901"], "the refused build was not written");
        assert!(refused("db").is_empty());
    }

    #[test]
    fn a_program_with_an_error_is_not_written() {
        let output = Output::empty().unwrap();
        output.build(&program("db"), &Ground::Library).unwrap();
        let wrong = output.build(&program("orders : "), &Ground::Library).unwrap();
        assert!(wrong.findings.iter().any(Finding::is_error) && wrong.refusals.is_empty());
    }
}
