//! Applying the fixes of many findings: which may be applied together, and whether the program is the better for it.
//!
//! Writes nothing and analyzes nothing itself: texts come in, an analysis is asked for by the text that it is about, and
//! texts go out. A fix stays only if its finding is gone afterwards and no error came that was not there before.

mod edits;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use idpc_model::diagnostic::{Diagnostic, Fix, Safety, Severity};
use idpc_model::span::FileId;

pub use self::edits::{Texts, applied};

use self::edits::{clash, same};

/// How often the fixes of what is found are applied, at most: a fix may uncover the next.
const ROUNDS: usize = 16;

/// Which fixes may be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Those that can be applied unseen.
    Safe,
    /// Those as well that somebody has to agree to, and did.
    Every,
}

impl Trust {
    /// Whether a fix may be applied.
    #[must_use]
    pub fn admits(self, fix: &Fix) -> bool {
        self == Self::Every || fix.safety == Safety::Safe
    }
}

/// A finding with the fix that was tried on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// What was found; its places are those of the text at that time.
    pub finding: Diagnostic,
    /// What was tried.
    pub fix: Fix,
}

/// Why a fix was not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It would bring this error.
    Brings(Box<Diagnostic>),
    /// The finding would still be there.
    Useless,
    /// It points at no text.
    Misplaced,
}

/// What became of the fixes.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Every file with its text now.
    pub texts: Texts,
    /// What was applied, in this order.
    pub applied: Vec<Attempt>,
    /// What was tried last and not kept, with the reason.
    pub refused: Vec<(Attempt, Refusal)>,
    /// What is found now.
    pub left: Vec<Diagnostic>,
}

/// Applies fixes until none is left that may be applied and helps.
///
/// `texts` are the files that may be changed; a fix that touches another is never tried. `concerns` says which findings
/// are to be fixed. `analyze` says what is found where files have these texts.
pub fn fix(
    texts: Texts,
    trust: Trust,
    concerns: impl Fn(&Diagnostic) -> bool,
    analyze: impl FnMut(&Texts) -> Vec<Diagnostic>,
) -> Outcome {
    let mut run = Run { analyze, trust, now: Outcome { texts, ..Outcome::default() } };
    run.now.left = (run.analyze)(&run.now.texts);
    for _ in 0..ROUNDS {
        let attempts = run.attempts(&concerns);
        if attempts.is_empty() {
            break;
        }
        let before = run.now.applied.len();
        let base = run.now.texts.clone();
        run.attempt(&base, &mut Vec::new(), &attempts);
        if run.now.applied.len() > before {
            // What was refused may help now.
            run.now.refused.clear();
        }
    }
    run.now
}

/// Fixes of findings that can be applied at once: of each finding the first that is admitted, unless it clashes with one
/// before it.
pub(crate) fn together<'d>(found: impl Iterator<Item = (&'d Diagnostic, &'d Fix)>) -> Vec<Attempt> {
    let mut chosen: Vec<Attempt> = Vec::new();
    for (finding, fix) in found {
        let free = chosen.iter().all(|other| same(&other.fix, fix) || !clash(&other.fix, fix));
        if free {
            chosen.push(Attempt { finding: finding.clone(), fix: fix.clone() });
        }
    }
    chosen
}

/// What applying works on.
struct Run<A> {
    analyze: A,
    trust: Trust,
    now: Outcome,
}

impl<A: FnMut(&Texts) -> Vec<Diagnostic>> Run<A> {
    fn attempts(&self, concerns: &impl Fn(&Diagnostic) -> bool) -> Vec<Attempt> {
        let open = |finding: &Diagnostic, fix: &Fix| {
            let refused =
                self.now.refused.iter().any(|(other, _)| key(&other.finding) == key(finding) && other.fix == *fix);
            !refused
                && self.trust.admits(fix)
                && !fix.edits.is_empty()
                && fix.edits.iter().all(|edit| self.now.texts.contains_key(&edit.file))
        };
        let found = self.now.left.iter().filter(|finding| concerns(finding));
        together(found.filter_map(|finding| Some((finding, finding.fixes.iter().find(|fix| open(finding, fix))?))))
    }

    /// Keeps what helps of these, next to those kept already. All are relative to one text; where they do not help
    /// together, each half is tried by itself.
    fn attempt(&mut self, base: &Texts, kept: &mut Vec<Attempt>, group: &[Attempt]) {
        let fixes = kept.iter().chain(group).map(|attempt| &attempt.fix);
        let refusal = match applied(base, fixes) {
            None => Refusal::Misplaced,
            Some(texts) => {
                let found = (self.analyze)(&texts);
                match judged(&self.now.left, &found, group) {
                    None => {
                        kept.extend_from_slice(group);
                        self.now.applied.extend_from_slice(group);
                        self.now.texts = texts;
                        self.now.left = found;
                        return;
                    }
                    Some(refusal) => refusal,
                }
            }
        };
        match group {
            [] => {}
            [one] => self.now.refused.push((one.clone(), refusal)),
            _ => {
                let (left, right) = group.split_at(group.len() / 2);
                self.attempt(base, kept, left);
                self.attempt(base, kept, right);
            }
        }
    }
}

/// What makes two findings of different texts the same one: places move.
fn key(finding: &Diagnostic) -> (&'static str, FileId, &str) {
    (finding.code.id(), finding.primary.file, &finding.message)
}

/// Why a group of fixes is not kept; nothing when it helps.
fn judged(before: &[Diagnostic], after: &[Diagnostic], group: &[Attempt]) -> Option<Refusal> {
    let is_error = |finding: &&Diagnostic| finding.severity == Severity::Error;
    let mut errors = counts(before.iter().filter(is_error));
    for finding in after.iter().filter(is_error) {
        match errors.get_mut(&key(finding)) {
            Some(count) if *count > 0 => *count -= 1,
            _ => return Some(Refusal::Brings(Box::new(finding.clone()))),
        }
    }
    let (before, after) = (counts(before.iter()), counts(after.iter()));
    let fixed = counts(group.iter().map(|attempt| &attempt.finding));
    let count = |counts: &BTreeMap<_, usize>, key| counts.get(key).copied().unwrap_or(0);
    let gone = fixed.iter().all(|(key, fixed)| count(&after, key) + fixed <= count(&before, key));
    (!gone).then_some(Refusal::Useless)
}

fn counts<'d>(found: impl Iterator<Item = &'d Diagnostic>) -> BTreeMap<(&'static str, FileId, &'d str), usize> {
    let mut counts = BTreeMap::new();
    for finding in found {
        *counts.entry(key(finding)).or_default() += 1;
    }
    counts
}

/// The files that may be changed, by their ids.
#[must_use]
pub fn texts<'t>(files: impl IntoIterator<Item = (FileId, &'t str)>) -> Texts {
    files.into_iter().map(|(file, text)| (file, Arc::from(text))).collect()
}
