//! Trees that somebody prepared to make a build write or delete elsewhere.

use std::fs;
use std::path::Path;

use super::world::{World, shown, tree};
use crate::output::{Scope, WriteError, check};

fn link(target: &Path, at: &Path) {
    fs::create_dir_all(at.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(target, at).unwrap();
}

#[test]
fn nothing_is_written_through_a_link_wherever_it_is() {
    let world = World::of(&["checkout"], &["dev"]);
    for at in [
        "envs",
        "envs/dev",
        "envs/dev/checkout",
        "envs/dev/checkout/app",
        "envs/dev/checkout/app/workload.yaml",
        "envs/dev/checkout/release",
        "envs/dev/checkout/release/kustomization.yaml",
        "envs/dev/checkout/manifest.json",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (top, outside) = (folder.path().join("out"), folder.path().join("outside"));
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("file"), "precious\n").unwrap();
        let target = if at.contains('.') { outside.join("file") } else { outside.clone() };
        link(&target, &top.join(at));
        let before = tree(folder.path());
        assert_eq!(
            shown(world.write(&top)),
            format!(
                "error[IDP0803]: links, folders or files are in the way, and links are never followed
  {at}
  = help: remove them and build again"
            )
        );
        assert!(matches!(world.force(&top), Err(WriteError::Obstacles(_))), "no force opens it");
        assert_eq!(tree(folder.path()), before, "{at}");
        let (found, _) = check(&top, &world.build(), &Scope::default()).unwrap();
        assert!(found.foreign.contains(&at.to_owned()), "{at}: {found:?}");
    }
}

#[test]
fn the_output_folder_itself_may_not_be_a_link_or_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::of(&["checkout"], &["dev"]);
    let outside = folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    link(&outside, &folder.path().join("out"));
    let text = shown(world.write(&folder.path().join("out")));
    assert!(text.starts_with("error[IDP0804]: the output folder `"), "{text}");
    assert!(tree(&outside).is_empty());
    fs::write(folder.path().join("file"), "precious\n").unwrap();
    assert!(world.write(&folder.path().join("file")).unwrap_err().is_io());
    assert!(check(&folder.path().join("out"), &world.build(), &Scope::default()).is_err());
}

#[test]
fn a_stale_file_behind_a_link_is_not_removed() {
    let folder = tempfile::tempdir().unwrap();
    let (top, outside) = (folder.path().join("out"), folder.path().join("outside"));
    let mut world = World::of(&["checkout"], &["dev"]);
    world.write(&top).unwrap();
    fs::rename(top.join("rules"), &outside).unwrap();
    link(&outside, &top.join("rules"));
    world.drop_files("rules/");
    assert!(matches!(world.force(&top), Err(WriteError::Obstacles(_))));
    assert!(outside.join("dev/checkout.rules.yaml").exists());
}

#[test]
fn a_link_elsewhere_is_foreign_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::of(&["checkout"], &["dev"]);
    world.write(folder.path()).unwrap();
    link(Path::new("/etc"), &folder.path().join("envs/dev/elsewhere"));
    world.write(folder.path()).unwrap();
    let (found, _) = check(folder.path(), &world.build(), &Scope::default()).unwrap();
    assert_eq!(found.foreign, ["envs/dev/elsewhere"]);
}

#[test]
fn a_manifest_that_names_a_file_outside_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let top = folder.path().join("out");
    let world = World::of(&["checkout"], &["dev"]);
    world.write(&top).unwrap();
    let manifest = top.join("platform/dev/manifest.json");
    let text = fs::read_to_string(&manifest).unwrap().replace("bootstrap/dev.yaml", "../precious");
    fs::write(&manifest, text).unwrap();
    fs::write(folder.path().join("precious"), "precious\n").unwrap();
    assert_eq!(
        shown(world.force(&top)),
        "error[IDP0806]: the manifest `platform/dev/manifest.json` cannot be used: no build writes `../precious`
  = help: restore either side of it from version control and build again"
    );
    assert!(folder.path().join("precious").exists());
}

#[test]
fn a_merge_conflict_in_a_manifest_stops_the_build() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::of(&["checkout"], &["dev"]);
    world.write(folder.path()).unwrap();
    let manifest = folder.path().join("envs/dev/checkout/manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, format!("<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> other\n")).unwrap();
    let before = tree(folder.path());
    assert!(shown(world.write(folder.path())).starts_with("error[IDP0806]"));
    assert_eq!(tree(folder.path()), before);
}

#[test]
fn a_folder_that_is_in_the_way_stays() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::of(&["checkout"], &["dev"]);
    fs::create_dir_all(folder.path().join("bootstrap/dev.yaml")).unwrap();
    fs::write(folder.path().join("bootstrap/dev.yaml/file"), "mine\n").unwrap();
    assert!(shown(world.write(folder.path())).contains("\n  bootstrap/dev.yaml\n"));
    let other = tempfile::tempdir().unwrap();
    fs::write(other.path().join("envs"), "mine\n").unwrap();
    assert!(shown(world.write(other.path())).contains("\n  envs\n"));
}
