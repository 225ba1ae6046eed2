//! Whether the paths of a build can lie beside each other on every file system.

use std::collections::{BTreeMap, BTreeSet};

use idpc_emit::artifact::Artifact;

use super::manifest::is_manifest_path;
use super::tree::{ancestors, ancestors_and_self};

/// Two files that exclude each other, or one that has the place of a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collision {
    /// The first path with the declaration it comes from.
    pub first: String,
    /// The second one.
    pub second: String,
}

/// The first collision among artifacts that are sorted by path.
pub(super) fn collision(sorted: &[&Artifact]) -> Option<Collision> {
    let dirs = folders(sorted);
    same(sorted).or_else(|| file_and_folder(sorted, &dirs)).or_else(|| folded(sorted, &dirs))
}

fn shown(artifact: &Artifact) -> String {
    format!("{} from {}", artifact.path, artifact.source)
}

fn same(sorted: &[&Artifact]) -> Option<Collision> {
    let twice = sorted.iter().zip(sorted.iter().skip(1)).find(|(one, other)| one.path == other.path);
    if let Some((one, other)) = twice {
        return Some(Collision { first: shown(one), second: shown(other) });
    }
    let manifest = sorted.iter().find(|artifact| is_manifest_path(artifact.path.as_str()))?;
    Some(Collision { first: shown(manifest), second: String::from("the manifest that idpc keeps there") })
}

fn file_and_folder(sorted: &[&Artifact], dirs: &BTreeSet<&str>) -> Option<Collision> {
    let file = sorted.iter().find(|artifact| dirs.contains(artifact.path.as_str()))?;
    let inside = format!("{}/", file.path);
    let other = sorted.iter().find(|artifact| artifact.path.as_str().starts_with(&inside))?;
    Some(Collision { first: shown(file), second: shown(other) })
}

/// Names that differ in their case alone. Most paths have no capital and can only be met by one that has.
fn folded(sorted: &[&Artifact], dirs: &BTreeSet<&str>) -> Option<Collision> {
    let mut capitals: BTreeMap<String, &str> = BTreeMap::new();
    for artifact in sorted {
        let path = artifact.path.as_str();
        if !path.bytes().any(|byte| byte.is_ascii_uppercase()) {
            continue;
        }
        for part in ancestors_and_self(path).filter(|part| part.bytes().any(|byte| byte.is_ascii_uppercase())) {
            let lower = part.to_ascii_lowercase();
            let plain =
                dirs.contains(lower.as_str()) || sorted.binary_search_by(|one| one.path.as_str().cmp(&lower)).is_ok();
            let clash = if plain { Some(lower.clone()) } else { capitals.get(&lower).map(|path| (*path).to_owned()) };
            match clash.filter(|clash| clash != part) {
                Some(second) => {
                    return Some(Collision { first: part.to_owned(), second });
                }
                None => capitals.insert(lower, part),
            };
        }
    }
    None
}

/// Every folder that holds an artifact, at any depth.
pub(super) fn folders<'a>(sorted: &[&'a Artifact]) -> BTreeSet<&'a str> {
    let mut dirs = BTreeSet::new();
    let mut last = "";
    for artifact in sorted {
        let (dir, _) = artifact.path.split();
        if dir != last {
            dirs.extend(ancestors(artifact.path.as_str()));
            last = dir;
        }
    }
    dirs
}

#[cfg(test)]
mod tests {
    use idpc_emit::artifact::{Life, RelPath, Unit};

    use super::*;

    fn clash(paths: &[&str]) -> Option<Collision> {
        let artifacts: Vec<Artifact> = paths
            .iter()
            .map(|path| Artifact {
                path: RelPath::new(*path).unwrap(),
                text: "".into(),
                target: "t".into(),
                source: "a.idp (service a)".into(),
                unit: Unit::Catalog,
                life: Life::Generated,
            })
            .collect();
        let mut sorted: Vec<&Artifact> = artifacts.iter().collect();
        sorted.sort_by(|one, other| one.path.cmp(&other.path));
        collision(&sorted)
    }

    #[test]
    fn paths_that_exclude_each_other_are_found() {
        let found = clash(&["a/b", "a/b"]).unwrap();
        assert_eq!(found.first, "a/b from a.idp (service a)");
        for paths in [
            ["a/b", "a/b/c"].as_slice(),
            &["a", "a-b", "a/b"],
            &["repo/x/CODEOWNERS", "repo/x/codeowners"],
            &["repo/x/CODEOWNERS", "repo/x/CodeOwners"],
            &["Repo/a", "repo/b"],
            &["Repo/a", "rEpo/b"],
            &["A/b/c", "a"],
            &["repo/x/manifest.json"],
        ] {
            assert!(clash(paths).is_some(), "{paths:?}");
        }
    }

    #[test]
    fn other_paths_are_at_peace() {
        assert_eq!(
            clash(&["a/b", "a/b.yaml", "a/c/d", "repo/x/CODEOWNERS", "repo/y/CODEOWNERS", "x/manifest.json"]),
            None
        );
    }
}
