//! Looking at everything: what is wrong in a workspace, file by file, in the lines and columns of the client.
//!
//! After an edit, [`local`] says at once what the open files say by themselves; what only a look at everything can find is
//! kept from the last [`sweep`], moved to where its lines are now.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use idpc_driver::host::Snapshot;
use idpc_emit::artifact::{Artifact, Unit};
use idpc_model::diagnostic::Diagnostic;
use idpc_model::model::Model;
use idpc_model::span::FileId;

use crate::findings::Findings;
use crate::message::{Problem, Weight};
use crate::owner::documents::Documents;
use crate::view::{Part, View};

/// What a look at everything found.
#[derive(Default)]
pub(crate) struct Sweep {
    /// Of which state of the workspace.
    pub(crate) revision: u64,
    /// What is wrong, by file.
    pub(crate) found: BTreeMap<PathBuf, Vec<Problem>>,
    /// What is wrong in open files and was not found by looking at the file alone, with the text that it is about.
    beyond: BTreeMap<PathBuf, (Arc<str>, Vec<Problem>)>,
    /// What can be fixed, of everything.
    pub(crate) fixable: Vec<Diagnostic>,
    /// What was resolved.
    pub(crate) model: Option<Model>,
    /// The files of a build, packed.
    pub(crate) artifacts: Vec<Artifact>,
    /// Which of them come of a service or resource.
    pub(crate) outputs: BTreeMap<String, Vec<usize>>,
}

/// What a worker found for the owner.
pub(crate) struct Done {
    /// Which workspace.
    pub(crate) key: PathBuf,
    /// Of which state.
    pub(crate) revision: u64,
    pub(crate) outcome: Outcome,
}

/// What became of it.
pub(crate) enum Outcome {
    /// What the open files say.
    Local(BTreeMap<PathBuf, Vec<Problem>>),
    /// What everything says.
    Swept(Arc<Sweep>),
    /// A text changed before everything was looked at.
    Stopped,
    /// A bug in looking at everything; the reason is for the log.
    Failed(String),
    /// A bug in looking at the open files.
    Missed(String),
}

/// Looks at everything; `None` if something changed meanwhile.
pub(crate) fn sweep(view: View) -> Option<Sweep> {
    let View { documents, encoding, mut parts, .. } = view;
    let Part { key: _, revision, newest, anchor, host, sweep: _ } = parts.pop()?;
    let open = open_files(&documents, &host);
    let alone: BTreeMap<FileId, Vec<Diagnostic>> =
        open.iter().map(|(_, file)| (*file, host.findings_of(*file))).collect();
    let (host, mut examination) = host.examine_unless(&|| newest.load(Ordering::Relaxed) != revision)?;
    let found = Findings::new(&host, &documents, encoding, anchor.clone()).of(&examination);
    let texts: BTreeMap<FileId, (PathBuf, Arc<str>)> =
        open.into_iter().filter_map(|(path, file)| Some((file, (path, Arc::from(host.file(file)?.1))))).collect();
    let fixable = examination.diagnostics.iter().filter(|finding| !finding.fixes.is_empty()).cloned().collect();
    examination.diagnostics.retain(|finding| {
        texts.contains_key(&finding.primary.file)
            && !alone.get(&finding.primary.file).is_some_and(|known| known.contains(finding))
    });
    examination.templates.clear();
    let mut beyond = Findings::new(&host, &documents, encoding, anchor).diagnostics(&examination.diagnostics);
    let beyond = texts.into_values().filter_map(|(path, text)| {
        let problems = beyond.remove(&path)?;
        Some((path, (text, problems)))
    });
    let beyond = beyond.collect();
    let mut outputs: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, artifact) in examination.artifacts.iter().enumerate() {
        if let Unit::Service { name, .. } | Unit::Resource { name, .. } | Unit::Repository { name } = &artifact.unit {
            outputs.entry(name.clone()).or_default().push(at);
        }
    }
    Some(Sweep {
        revision,
        found,
        beyond,
        fixable,
        model: Some(examination.model),
        artifacts: examination.artifacts,
        outputs,
    })
}

fn open_files(documents: &Documents, host: &Snapshot) -> Vec<(PathBuf, FileId)> {
    let each = documents.all().filter_map(|open| {
        let path = open.document.path.clone()?;
        let file = host.file_id(&host.loaded.source(&path)?)?;
        Some((path, file))
    });
    each.collect()
}

/// Looks at the open files.
pub(crate) fn local(view: &View) -> BTreeMap<PathBuf, Vec<Problem>> {
    let Some(part) = view.parts.first() else { return BTreeMap::new() };
    let each = open_files(&view.documents, &part.host).into_iter();
    each.map(|(path, file)| (path.clone(), of_file(view, part, &path, file))).collect()
}

/// What is wrong in a file, as far as it is known now.
pub(crate) fn of_file(view: &View, part: &Part, path: &PathBuf, file: FileId) -> Vec<Problem> {
    if let Some(sweep) = part.sweep.as_ref().filter(|sweep| sweep.revision == part.revision) {
        return sweep.found.get(path).cloned().unwrap_or_default();
    }
    let alone = part.host.findings_of(file);
    let findings = Findings::new(&part.host, &view.documents, view.encoding, part.anchor.clone());
    let mut problems = findings.diagnostics(&alone).remove(path).unwrap_or_default();
    if let (Some((old, kept)), Some((_, new))) =
        (part.sweep.as_ref().and_then(|sweep| sweep.beyond.get(path)), part.host.file(file))
    {
        problems.extend(moved(kept, old, new));
    }
    problems
}

/// Problems of an old text where their lines are in a new one; those in lines that changed are left out.
fn moved(problems: &[Problem], old: &str, new: &str) -> Vec<Problem> {
    let lines = |text: &str| text.split('\n').count();
    let before = old.split('\n').zip(new.split('\n')).take_while(|(a, b)| a == b).count();
    let (all_old, all_new) = (lines(old), lines(new));
    let most = all_old.min(all_new) - before.min(all_old.min(all_new));
    let after = old.rsplit('\n').zip(new.rsplit('\n')).take(most).take_while(|(a, b)| a == b).count();
    let count = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
    let mut kept = Vec::new();
    for problem in problems {
        let mut problem = problem.clone();
        if problem.range.end.line >= count(before) {
            if problem.range.start.line < count(all_old - after) {
                continue;
            }
            for place in [&mut problem.range.start, &mut problem.range.end] {
                place.line = (place.line + count(all_new)).saturating_sub(count(all_old));
            }
        }
        kept.push(problem);
    }
    kept
}

/// A short text that is equal for equal lists.
pub(crate) fn digest(problems: &[Problem]) -> String {
    let mut hasher = DefaultHasher::new();
    problems.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

impl Weight {
    /// Whether the program is refused.
    pub(crate) fn is_error(self) -> bool {
        self == Self::Error
    }
}

#[cfg(test)]
mod tests {
    use idpc_ide::lines::{Position, Range};

    use super::*;

    fn at(line: u32) -> Problem {
        let place = Position { line, column: 1 };
        let range = Range { start: place, end: place };
        Problem { range, weight: Weight::Warning, code: None, text: String::new(), related: Vec::new() }
    }

    fn lines(old: &str, new: &str, at_lines: &[u32]) -> Vec<u32> {
        let problems: Vec<Problem> = at_lines.iter().map(|line| at(*line)).collect();
        moved(&problems, old, new).iter().map(|problem| problem.range.start.line).collect()
    }

    #[test]
    fn what_was_found_moves_with_its_line() {
        assert_eq!(lines("a\nb\nc", "a\nb\nc", &[0, 1, 2]), [0, 1, 2]);
        assert_eq!(lines("a\nb\nc", "a\nx\ny\nb\nc", &[0, 1, 2]), [0, 3, 4]);
        assert_eq!(lines("a\nb\nc", "a\nc", &[0, 1, 2]), [0, 1]);
        assert_eq!(lines("a\nb\nc", "a\nB\nc", &[0, 1, 2]), [0, 2]);
        assert_eq!(lines("a\na\na", "a\na", &[0, 1, 2]), [0, 1], "one of equal lines is gone");
        assert_eq!(lines("", "x", &[0]), Vec::<u32>::new());
    }
}
