//! Another owner changes who is named and who is told, and nothing else: no name, no permission, no object of the cloud.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::fs;
use std::path::Path;

use idpc_tests::{build, copy};

/// The beginnings of the lines in which an owner stands: labels, tags, projects, routing.
const OWNED: &[&str] = &[
    "idpc.dev/owner: ",
    "owner: ",
    "team: ",
    "cost-center: ",
    "project: ",
    "- Team: ",
    "- Mail: ",
    "- Chat: ",
    "- On call: ",
];

/// Files that are about teams: what their people may see and approve.
const TEAMS: &[&str] = &["/argocd/projects.yaml", "/namespaces/access.yaml", "/CODEOWNERS"];

/// Gives everything below a folder to one team.
fn give(folder: &Path, team: &str) -> usize {
    let mut given = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            given += give(&path, team);
        } else if path.extension().is_some_and(|extension| extension == "idp") {
            let text = fs::read_to_string(&path).unwrap();
            let lines = text.lines().map(|line| match line.split_once('=') {
                Some((name, _)) if name.trim() == "owner" => {
                    given += 1;
                    format!("{name}= {team}\n")
                }
                _ => format!("{line}\n"),
            });
            let text: String = lines.collect();
            fs::write(&path, text).unwrap();
        }
    }
    given
}

/// The lines that name no owner.
fn unowned(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !OWNED.iter().any(|start| line.trim_start().starts_with(start))).collect()
}

#[test]
fn another_owner_changes_labels_tags_projects_and_routing_alone() {
    for name in ["online-boutique", "astronomy-shop"] {
        let folder = tempfile::tempdir().unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("examples").join(name), folder.path());
        let before = build(folder.path());
        fs::write(folder.path().join("platform/newcomers.idp"), "team newcomers {\n  cost_center = \"CC-9999\"\n}\n")
            .unwrap();
        assert!(give(folder.path(), "newcomers") > 5);
        let after = build(folder.path());
        let mut changed = 0;
        for (path, text) in &before {
            // A team's own files come and go with it.
            if TEAMS.iter().any(|end| path.ends_with(end)) || path.contains("team-") {
                continue;
            }
            let now = after.get(path).unwrap_or_else(|| panic!("{name}: {path} is gone"));
            assert_eq!(unowned(text), unowned(now), "{name}: {path}");
            changed += usize::from(text != now);
        }
        assert!(changed > 50, "{name}: only {changed} files named an owner");
        let new = after.keys().filter(|path| !before.contains_key(*path) && !path.contains("newcomers"));
        assert_eq!(new.count(), 0);
    }
}
