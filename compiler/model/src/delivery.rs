//! The order of environments: which one a change has to pass before another.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::code::Code;
use crate::db::{self, DbSources, Workspace};
use crate::diagnostic::Diagnostic;
use crate::naming::predecessor;
use crate::span::Span;

/// Environments that wait for each other, each ring once, at its member that stands first.
#[must_use]
pub fn rings(db: &dyn salsa::Database, workspace: Workspace) -> Vec<Diagnostic> {
    let names = db::names(db, workspace);
    let sources = DbSources { db, workspace };
    let after: BTreeMap<Arc<str>, (Arc<str>, Span)> = names
        .names("environment")
        .filter_map(|name| {
            let (before, span) = predecessor(&sources, names.instance("environment", name)?)?;
            Some((name.clone(), (before.into(), span)))
        })
        .collect();
    let mut done: BTreeSet<&Arc<str>> = BTreeSet::new();
    let mut found = Vec::new();
    for start in after.keys() {
        let mut ring = vec![start];
        while let Some((next, _)) = ring.last().and_then(|last| after.get(*last)) {
            match ring.iter().position(|known| *known == next) {
                Some(at) => {
                    ring.drain(..at);
                    break;
                }
                None if done.contains(next) || !after.contains_key(next) => {
                    ring.clear();
                }
                None => ring.push(next),
            }
        }
        found.extend(finding(&ring, &after).filter(|_| ring.iter().all(|name| !done.contains(*name))));
        done.insert(start);
        done.extend(ring);
    }
    found
}

fn finding(ring: &[&Arc<str>], after: &BTreeMap<Arc<str>, (Arc<str>, Span)>) -> Option<Diagnostic> {
    let mut places: Vec<(Span, &Arc<str>)> =
        ring.iter().filter_map(|name| Some((after.get(*name)?.1, *name))).collect();
    places.sort();
    let ((first, name), rest) = places.split_first()?;
    let mut finding = Diagnostic::new(Code::ValueCycle, *first, format!("`{name}` comes after itself"))
        .primary_label("waits for its own turn")
        .help("one environment is the first: leave its `after` out");
    for (span, name) in rest {
        finding = finding.label(*span, format!("through `{name}`"));
    }
    Some(finding)
}
