//! Files in the output folder that no build has made.

use idpc_emit::artifact::{Artifact, Life, Unit};

use super::compare::Ground;
use super::ledger::Ledger;
use super::scope::Scope;
use super::tree::Tree;

/// The files and links that no manifest owns, sorted. A narrowed build looks only where it owns everything.
pub(super) fn files(
    tree: &Tree,
    ground: &Ground<'_>,
    ledger: &Ledger,
    made: &[&Artifact],
    scope: &Scope,
) -> Vec<String> {
    let once = made.iter().filter(|artifact| artifact.life == Life::Once);
    let mut given: Vec<&str> = once.map(|artifact| artifact.path.split().0).collect();
    given.extend(ground.owners.given_folders());
    given.sort_unstable();
    let known = |path: &str| {
        made.binary_search_by(|artifact| artifact.path.as_str().cmp(path)).is_ok()
            || ground.owners.knows(path)
            || ledger.0.contains_key(path)
            || path.rsplit_once('/').is_some_and(|(folder, _)| given.binary_search(&folder).is_ok())
    };
    let visible = |path: &str| scope.is_whole() || place(path).is_some_and(|unit| scope.owns(&unit));
    let mut found: Vec<String> =
        tree.files.iter().chain(&tree.odd).filter(|path| !known(path) && visible(path)).cloned().collect();
    found.sort_unstable();
    found
}

/// The unit in whose folder a path lies.
fn place(path: &str) -> Option<Unit> {
    let mut parts = path.split('/').map(str::to_owned);
    let top = parts.next()?;
    let first = parts.next()?;
    match (top.as_str(), parts.next()) {
        ("envs", Some(name)) => Some(Unit::Service { env: first, name }),
        ("platform", _) => Some(Unit::Platform { env: first }),
        ("repo", _) => Some(Unit::Repository { name: first }),
        ("catalog", _) => Some(Unit::Catalog),
        _ => None,
    }
}
