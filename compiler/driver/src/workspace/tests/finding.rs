//! From a path to a workspace.

use std::fs;
use std::path::Path;

use super::{MINIMAL, lay, load, paths};
use crate::workspace::{Found, LoadError, find};

fn focus(path: &Path) -> String {
    match find(path).unwrap() {
        Found::Workspace { focus, .. } => focus,
        Found::File { path } => panic!("{path:?} is no workspace"),
    }
}

#[test]
fn a_workspace_is_found_upwards_from_anything_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    lay(root, &[("idp.toml", MINIMAL), ("services/a/a.idp", ""), ("services/b.idp", "")]);
    for (path, expected) in [
        ("", ""),
        ("idp.toml", ""),
        ("services", "services"),
        ("services/a/a.idp", "services/a/a.idp"),
        ("services/./a/../b.idp", "services/b.idp"),
    ] {
        let found = find(&root.join(path)).unwrap();
        assert_eq!(found, Found::Workspace { root: root.to_owned(), focus: expected.to_owned() }, "{path}");
        assert_eq!(paths(&found.load().unwrap()), ["services/a/a.idp", "services/b.idp"], "{path}");
    }
}

#[test]
fn the_nearest_workspace_wins() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    lay(
        root,
        &[
            ("idp.toml", MINIMAL),
            ("a.idp", ""),
            ("inner/idp.toml", MINIMAL),
            ("inner/b.idp", ""),
            ("inner/c/d.idp", ""),
        ],
    );
    assert_eq!(focus(&root.join("inner/c")), "c");
    assert_eq!(paths(&load(&root.join("inner/b.idp"))), ["b.idp", "c/d.idp"]);
    assert_eq!(paths(&load(root)), ["a.idp"]);
}

#[test]
fn a_file_outside_of_any_workspace_stands_alone() {
    let folder = tempfile::tempdir().unwrap();
    lay(
        folder.path(),
        &[("My Shop.2.idp", "x"), ("other.idp", "y"), ("extras/dev/topic.yaml", "z"), ("extras/notes.yaml", "z")],
    );
    let loaded = load(&folder.path().join("My Shop.2.idp"));
    assert_eq!(paths(&loaded), ["My Shop.2.idp"]);
    assert_eq!(loaded.name, "my-shop-2");
    assert_eq!(loaded.edition, "2026");
    assert_eq!(loaded.out, folder.path().join("out"));
    assert_eq!(loaded.files[0].role, idpc_model::source::Role::Single);
    assert!(loaded.manifest.is_none() && loaded.errors.is_empty());
    let extras: Vec<&str> = loaded.extras.iter().map(|extra| extra.path.as_str()).collect();
    assert_eq!(extras, ["extras/dev/topic.yaml"]);
    assert_eq!((loaded.extras[0].folder.as_str(), loaded.extras[0].env.as_str()), ("", "dev"));
}

#[test]
fn a_file_without_a_usable_name_is_called_workspace() {
    let folder = tempfile::tempdir().unwrap();
    lay(folder.path(), &[("42.idp", "")]);
    assert_eq!(load(&folder.path().join("42.idp")).name, "workspace");
}

#[test]
fn what_is_no_workspace_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    lay(root, &[("a.idp", ""), ("b.txt", "")]);
    let message = |path: &str| {
        let error = find(&root.join(path)).unwrap_err();
        assert!(!error.is_io());
        let help = error.help().map_or(String::new(), |help| format!(" | {help}"));
        format!("{error}{help}").replace(root.to_str().unwrap(), "ROOT")
    };
    assert_eq!(
        message(""),
        "no `idp.toml` in `ROOT` or in a folder above it | `idpc init` makes one here; a single `.idp` file can be \
         named by itself"
    );
    assert_eq!(message("none.idp"), "`ROOT/none.idp` does not exist");
    assert_eq!(message("b.txt"), "`ROOT/b.txt` is no source of a workspace | name a folder or an `.idp` file");
}

#[test]
fn a_file_that_the_workspace_leaves_out_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    lay(
        root,
        &[
            ("idp.toml", MINIMAL),
            (".gitignore", "draft.idp\n"),
            ("draft.idp", ""),
            ("out/a.idp", ""),
            (".hidden/a.idp", ""),
        ],
    );
    for path in ["draft.idp", "out/a.idp", ".hidden/a.idp"] {
        let error = find(&root.join(path)).unwrap().load().unwrap_err();
        assert!(matches!(&error, LoadError::LeftOut { path: left, .. } if *left == root.join(path)), "{error}");
    }
}

#[test]
fn a_source_that_cannot_be_read_is_found_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    lay(root, &[("idp.toml", MINIMAL)]);
    fs::write(root.join("a.idp"), [0xff, 0xfe]).unwrap();
    let loaded = load(&root.join("a.idp"));
    assert_eq!(loaded.errors[0].file, "a.idp");
}
