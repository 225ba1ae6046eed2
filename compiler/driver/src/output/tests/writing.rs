//! What an ordinary build leaves on disk.

use std::fs;
use std::sync::Barrier;
use std::time::{Duration, SystemTime};

use idpc_emit::artifact::Unit;

use super::world::{World, shown, tree};
use crate::output::{Report, Scope, check};

fn whole() -> Scope {
    Scope::default()
}

#[test]
fn a_first_build_writes_all_files_and_a_manifest_for_each_unit() {
    let folder = tempfile::tempdir().unwrap();
    let top = folder.path().join("deep/out");
    let world = World::of(&["checkout"], &["dev"]);
    let report = world.write(&top).unwrap();
    assert_eq!(report, Report { created: 7, changed: 0, deleted: 0, same: 0 });
    let tree = tree(&top);
    let files: Vec<&str> = tree.keys().filter(|path| !path.ends_with('/')).map(String::as_str).collect();
    assert_eq!(
        files,
        [
            "apps/dev/checkout.yaml",
            "bootstrap/dev.yaml",
            "envs/dev/checkout/app/workload.yaml",
            "envs/dev/checkout/infra/claims.yaml",
            "envs/dev/checkout/manifest.json",
            "envs/dev/checkout/release/kustomization.yaml",
            "platform/dev/manifest.json",
            "platform/dev/namespaces/all.yaml",
            "rules/dev/checkout.rules.yaml",
        ]
    );
    let manifest: serde_json::Value = serde_json::from_str(&tree["envs/dev/checkout/manifest.json"]).unwrap();
    let owned: Vec<&str> =
        manifest["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    assert_eq!(
        owned,
        [
            "apps/dev/checkout.yaml",
            "envs/dev/checkout/app/workload.yaml",
            "envs/dev/checkout/infra/claims.yaml",
            "rules/dev/checkout.rules.yaml",
        ]
    );
    assert_eq!(manifest["owner"], "payments");
    assert_eq!(manifest["durable"][0]["physical"], "acme-checkout-orders-dev");
}

#[test]
fn a_build_without_news_touches_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::of(&["checkout", "cart"], &["dev", "prod"]);
    world.write(folder.path()).unwrap();
    let old = SystemTime::now() - Duration::from_secs(1000);
    let files: Vec<_> = tree(folder.path()).into_keys().filter(|path| !path.ends_with('/')).collect();
    for path in &files {
        fs::File::options().write(true).open(folder.path().join(path)).unwrap().set_modified(old).unwrap();
    }
    let report = world.write(folder.path()).unwrap();
    assert_eq!(report, Report { same: 24, ..Report::default() });
    for path in &files {
        assert_eq!(fs::metadata(folder.path().join(path)).unwrap().modified().unwrap(), old, "{path}");
    }
}

#[test]
fn the_order_of_the_files_and_the_number_of_threads_change_no_byte() {
    let one = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    let mut world = World::of(&["a", "b", "c", "d"], &["dev", "staging", "prod"]);
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool(1).install(|| world.write(one.path())).unwrap();
    world.artifacts.reverse();
    world.units.reverse();
    pool(8).install(|| world.write(other.path())).unwrap();
    assert_eq!(tree(one.path()), tree(other.path()));
}

#[test]
fn changed_files_are_replaced_and_only_they() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::of(&["checkout"], &["dev"]);
    world.write(folder.path()).unwrap();
    let path = "envs/dev/checkout/app/workload.yaml";
    world.append(path, "spec: {}\n");
    let report = world.write(folder.path()).unwrap();
    assert_eq!(report, Report { created: 0, changed: 1, deleted: 0, same: 6 });
    let fresh = tempfile::tempdir().unwrap();
    world.write(fresh.path()).unwrap();
    assert_eq!(tree(folder.path()), tree(fresh.path()));
    assert!(tree(folder.path())[path].ends_with("spec: {}\n"));
}

#[test]
fn stale_files_and_empty_folders_go_with_their_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let both = World::of(&["checkout", "cart"], &["dev"]);
    both.write(folder.path()).unwrap();
    let mut one = World::of(&["checkout"], &["dev"]).removed("cart");
    one.write(folder.path()).unwrap();
    let fresh = tempfile::tempdir().unwrap();
    World::of(&["checkout"], &["dev"]).write(fresh.path()).unwrap();
    assert_eq!(tree(folder.path()), tree(fresh.path()));

    one.drop_files("rules/");
    assert_eq!(one.write(folder.path()).unwrap().deleted, 1);
    assert!(tree(folder.path()).keys().all(|path| !path.starts_with("rules")));
}

#[test]
fn an_empty_folder_of_anybody_goes() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::of(&["checkout"], &["dev"]);
    world.write(folder.path()).unwrap();
    fs::create_dir_all(folder.path().join("envs/dev/old/app")).unwrap();
    world.write(folder.path()).unwrap();
    assert!(tree(folder.path()).keys().all(|path| !path.contains("old")));
}

#[test]
fn a_file_edited_by_hand_stops_everything_until_forced() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::of(&["checkout"], &["dev"]);
    world.write(folder.path()).unwrap();
    let edited = folder.path().join("envs/dev/checkout/app/workload.yaml");
    fs::write(&edited, "mine\n").unwrap();
    world.append("bootstrap/dev.yaml", "spec: {}\n");
    let before = tree(folder.path());
    assert_eq!(
        shown(world.write(folder.path())),
        "error[IDP0801]: generated files were changed by hand since the last build
  envs/dev/checkout/app/workload.yaml
  = help: change the source instead, or `--force` to give the edits up"
    );
    assert_eq!(tree(folder.path()), before);
    assert_eq!(world.force(folder.path()).unwrap().changed, 2);
    let fresh = tempfile::tempdir().unwrap();
    world.write(fresh.path()).unwrap();
    assert_eq!(tree(folder.path()), tree(fresh.path()));
}

#[test]
fn an_edit_that_the_source_has_caught_up_with_is_no_edit() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::of(&["checkout"], &["dev"]);
    world.write(folder.path()).unwrap();
    let path = "rules/dev/checkout.rules.yaml";
    world.append(path, "# more\n");
    fs::write(folder.path().join(path), world.text(path)).unwrap();
    assert_eq!(world.write(folder.path()).unwrap(), Report { same: 7, ..Report::default() });
}

#[test]
fn a_stale_file_edited_by_hand_is_not_removed_until_forced() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::of(&["checkout"], &["dev"]);
    world.write(folder.path()).unwrap();
    let path = folder.path().join("rules/dev/checkout.rules.yaml");
    fs::write(&path, "mine\n").unwrap();
    world.drop_files("rules/");
    assert!(shown(world.write(folder.path())).contains("rules/dev/checkout.rules.yaml"));
    assert!(path.exists());
    world.force(folder.path()).unwrap();
    assert!(!path.exists());
}

#[test]
fn a_file_that_no_build_made_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::of(&["checkout"], &["dev"]);
    fs::create_dir_all(folder.path().join("bootstrap")).unwrap();
    fs::write(folder.path().join("bootstrap/dev.yaml"), "mine\n").unwrap();
    assert_eq!(
        shown(world.write(folder.path())),
        "error[IDP0802]: files that no build made are where this one would write
  bootstrap/dev.yaml
  = help: move them away, or `--force` to replace them"
    );
    assert_eq!(tree(folder.path()).len(), 2);
    world.force(folder.path()).unwrap();
    assert!(world.write(folder.path()).is_ok());
}

#[test]
fn a_release_is_created_once_and_belongs_to_others_while_the_service_lives() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::of(&["checkout", "cart"], &["dev"]);
    world.write(folder.path()).unwrap();
    let release = folder.path().join("envs/dev/checkout/release/kustomization.yaml");
    fs::write(&release, "images: [promoted]\n").unwrap();
    fs::write(release.with_file_name("notes.yaml"), "more\n").unwrap();
    world.append("envs/dev/checkout/release/kustomization.yaml", "changed\n");
    assert_eq!(world.write(folder.path()).unwrap(), Report { same: 14 - 2, ..Report::default() });
    assert_eq!(fs::read_to_string(&release).unwrap(), "images: [promoted]\n");
    let (differences, _) = check(folder.path(), &world.build(), &whole()).unwrap();
    assert!(differences.is_empty(), "{differences:?}");

    // It stays although the build makes none any more, because the service is still there.
    world.drop_files("dev/checkout/release");
    world.write(folder.path()).unwrap();
    assert!(release.exists());
    assert!(check(folder.path(), &world.build(), &whole()).unwrap().0.is_empty());

    // Without the service it goes, and what others put beside it stays.
    let gone = World::of(&["cart"], &["dev"]).removed("checkout");
    gone.write(folder.path()).unwrap();
    assert!(!release.exists() && release.with_file_name("notes.yaml").exists());
    let (differences, _) = check(folder.path(), &gone.build(), &whole()).unwrap();
    assert_eq!(differences.foreign, ["envs/dev/checkout/release/notes.yaml"]);
}

#[test]
fn a_check_names_every_difference_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::of(&["checkout"], &["dev"]);
    let (first, _) = check(&folder.path().join("none"), &world.build(), &whole()).unwrap();
    assert_eq!(first.missing.len(), 9);
    assert!(!folder.path().join("none").exists());

    world.write(folder.path()).unwrap();
    assert!(check(folder.path(), &world.build(), &whole()).unwrap().0.is_empty());
    fs::write(folder.path().join("README.md"), "mine\n").unwrap();
    fs::remove_file(folder.path().join("bootstrap/dev.yaml")).unwrap();
    fs::write(folder.path().join("apps/dev/checkout.yaml"), "mine\n").unwrap();
    world.append("platform/dev/namespaces/all.yaml", "spec: {}\n");
    world.drop_files("rules/");
    let before = tree(folder.path());
    let (found, gate) = check(folder.path(), &world.build(), &whole()).unwrap();
    assert_eq!(found.missing, ["bootstrap/dev.yaml"]);
    assert_eq!(
        found.changed,
        ["envs/dev/checkout/manifest.json", "platform/dev/manifest.json", "platform/dev/namespaces/all.yaml"]
    );
    assert_eq!(found.stale, ["rules/dev/checkout.rules.yaml"]);
    assert_eq!(found.edited, ["apps/dev/checkout.yaml"]);
    assert_eq!(found.foreign, ["README.md"]);
    assert_eq!(gate, []);
    assert_eq!(tree(folder.path()), before);
}

#[test]
fn the_output_may_be_a_repository_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join(".git/objects")).unwrap();
    fs::write(folder.path().join(".git/HEAD"), "ref\n").unwrap();
    let world = World::of(&["checkout"], &["dev"]);
    world.write(folder.path()).unwrap();
    assert!(check(folder.path(), &world.build(), &whole()).unwrap().0.is_empty());
    assert!(folder.path().join(".git/objects").exists());
}

#[test]
fn a_file_may_become_a_folder_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let unit = Unit::Platform { env: "dev".into() };
    let mut file = World::of(&["checkout"], &["dev"]);
    file.file(&unit, "platform/dev/policy", "kubernetes", "a\n");
    let mut deep = World::of(&["checkout"], &["dev"]);
    deep.file(&unit, "platform/dev/policy/a/b.yaml", "kubernetes", "a\n");
    for world in [&file, &deep, &file] {
        world.write(folder.path()).unwrap();
        let fresh = tempfile::tempdir().unwrap();
        world.write(fresh.path()).unwrap();
        assert_eq!(tree(folder.path()), tree(fresh.path()));
    }
}

#[test]
fn a_file_may_move_from_one_unit_to_another() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::of(&["checkout", "cart"], &["dev"]);
    world.write(folder.path()).unwrap();
    let cart = Unit::Service { env: "dev".into(), name: "cart".into() };
    let moving = world.artifacts.iter_mut().find(|artifact| artifact.path.as_str() == "rules/dev/checkout.rules.yaml");
    moving.unwrap().unit = cart;
    world.append("rules/dev/checkout.rules.yaml", "# new\n");
    assert_eq!(world.write(folder.path()).unwrap().changed, 1);
    let fresh = tempfile::tempdir().unwrap();
    world.write(fresh.path()).unwrap();
    assert_eq!(tree(folder.path()), tree(fresh.path()));
}

#[test]
fn builds_at_once_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let worlds: Vec<World> = (0..6)
        .map(|number| {
            let mut world = World::of(&["a", "b", "c"], &["dev", "prod"]);
            world.append_to_all(&format!("# build {number}\n"));
            world
        })
        .collect();
    let start = Barrier::new(worlds.len());
    std::thread::scope(|scope| {
        for world in &worlds {
            scope.spawn(|| {
                start.wait();
                world.write(folder.path()).unwrap();
            });
        }
    });
    let result = tree(folder.path());
    let wrote = |world: &&World| {
        world.artifacts.iter().any(|artifact| artifact.text.text().unwrap() == result["bootstrap/dev.yaml"])
    };
    let last: Vec<&World> = worlds.iter().filter(wrote).collect();
    assert_eq!(last.len(), 1);
    let (found, _) = check(folder.path(), &last[0].build(), &whole()).unwrap();
    // The first build created the releases; every later one left them alone.
    assert!(found.is_empty(), "{found:?}");
}
