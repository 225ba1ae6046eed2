//! `idpc check --fix`: from findings with fixes to files that are changed, and what is said about it.

use std::collections::BTreeMap;

use idpc_driver::sources;
use idpc_ide::fix::{Attempt, Outcome, Refusal, Texts, Trust, fix, texts};
use idpc_model::diagnostic::Diagnostic;
use idpc_model::span::FileId;

use crate::console::Console;
use crate::difference::unified;
use crate::outcome::Failure;
use crate::project::Project;
use crate::render::counted;

/// What fixing made of a workspace; nothing is on disk yet.
pub struct Fixed {
    trust: Trust,
    before: Texts,
    outcome: Outcome,
}

impl Fixed {
    /// Applies fixes to the texts of a project, which has the new ones afterwards.
    pub fn new(project: &mut Project, trust: Trust) -> Self {
        let own = project.own_files();
        let before = texts(own.keys().filter_map(|file| Some((*file, project.host.file(*file)?.1))));
        let focus = project.focus();
        let concerns = |finding: &Diagnostic| focus.is_none_or(|file| finding.primary.file == file);
        // What the targets find counts only if it was heard before: they run on programs without errors.
        let refused = project.host.analyze().has_errors();
        let host = &mut project.host;
        let mut found_in = |texts: &Texts| {
            for (file, text) in texts {
                if let Some(path) = own.get(file) {
                    host.set_text(path, text);
                }
            }
            if refused { host.analyze().diagnostics } else { host.examine().diagnostics }
        };
        let outcome = fix(before.clone(), trust, concerns, &mut found_in);
        // The last that was tried need not be what was kept.
        found_in(&outcome.texts);
        Self { trust, before, outcome }
    }

    /// Files with another text than before: old and new.
    fn changed(&self) -> impl Iterator<Item = (FileId, &str, &str)> {
        let pairs = self.before.iter().zip(self.outcome.texts.values());
        pairs.filter(|((_, old), new)| old != new).map(|((file, old), new)| (*file, &**old, &**new))
    }

    /// What would change, as `patch` reads it; nothing when nothing would.
    #[must_use]
    pub fn difference(&self, project: &Project) -> String {
        self.changed().map(|(file, old, new)| unified(&project.shown(file), "fixed", old, new)).collect()
    }

    /// Writes the files that changed, each in one step.
    ///
    /// # Errors
    /// When a file was changed meanwhile, or when the disk refuses.
    pub fn write(&self, project: &Project) -> Result<(), Failure> {
        for (file, old, new) in self.changed() {
            let place = project.host.file(file).and_then(|(name, _)| project.host.loaded.place(name));
            if let Some(path) = place {
                sources::replace(&path, old, new).map_err(|error| Failure::sources(&error))?;
            }
        }
        Ok(())
    }

    /// Says what was fixed in which file, what was not and why, and what else could be.
    pub fn report(&self, project: &Project, console: Console) {
        let mut by_file: BTreeMap<String, Vec<&Attempt>> = BTreeMap::new();
        for attempt in &self.outcome.applied {
            by_file.entry(project.shown(attempt.finding.primary.file)).or_default().push(attempt);
        }
        for (file, attempts) in by_file {
            console.note(&format!("{file}: {} fixed", counted(attempts.len(), "finding")));
            for attempt in attempts {
                console.note(&format!("  {}", said(attempt)));
            }
        }
        for (attempt, refusal) in &self.outcome.refused {
            let file = project.shown(attempt.finding.primary.file);
            console.note(&format!("{file}: not fixed: {}\n  {}", said(attempt), because(refusal)));
        }
        let (mut agree, mut elsewhere) = (0, 0);
        for finding in &self.outcome.left {
            let own = |file: FileId| self.before.contains_key(&file);
            let (ours, theirs): (Vec<_>, Vec<_>) =
                finding.fixes.iter().partition(|fix| fix.edits.iter().all(|edit| own(edit.file)));
            let hidden = !ours.is_empty() && !ours.iter().any(|fix| self.trust.admits(fix));
            agree += usize::from(hidden);
            elsewhere += usize::from(ours.is_empty() && !theirs.is_empty());
        }
        if agree > 0 {
            console.note(&format!("{} more can be fixed with `--unsafe`", counted(agree, "finding")));
        }
        if elsewhere > 0 {
            let count = counted(elsewhere, "fix");
            console.note(&format!("{count} would change files that are not the workspace's own: left out"));
        }
    }
}

/// `error[IDP0301]: there is no field `memry`: replace with `memory``.
fn said(attempt: &Attempt) -> String {
    let Attempt { finding, fix } = attempt;
    format!("{}: {}", named(finding), fix.title)
}

fn named(finding: &Diagnostic) -> String {
    format!("{}[{}]: {}", finding.severity.name(), finding.code.id(), finding.message)
}

fn because(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Brings(error) => format!("it would bring {}", named(error)),
        Refusal::Useless => String::from("the finding would still be there"),
        Refusal::Misplaced => String::from("it points at no text; please report this"),
    }
}
