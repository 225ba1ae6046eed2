//! Builds of a part, and what they leave alone.

use std::fs;

use super::world::{World, shown, tree};
use crate::output::{Report, Scope, check};

fn targets(names: &[&str]) -> Scope {
    Scope { targets: Some(names.iter().map(|name| (*name).to_owned()).collect()), ..Scope::default() }
}

fn services(names: &[&str]) -> Scope {
    Scope { services: Some(names.iter().map(|name| (*name).to_owned()).collect()), ..Scope::default() }
}

fn envs(names: &[&str]) -> Scope {
    Scope { envs: Some(names.iter().map(|name| (*name).to_owned()).collect()), ..Scope::default() }
}

#[test]
fn parts_add_up_to_the_whole() {
    let world = World::of(&["checkout", "cart"], &["dev", "prod"]);
    let whole = tempfile::tempdir().unwrap();
    world.write(whole.path()).unwrap();
    let by_env = tempfile::tempdir().unwrap();
    world.narrow(by_env.path(), &envs(&["dev"])).unwrap();
    assert!(!by_env.path().join("envs/prod").exists());
    world.narrow(by_env.path(), &envs(&["prod"])).unwrap();
    assert_eq!(tree(by_env.path()), tree(whole.path()));
    let by_target = tempfile::tempdir().unwrap();
    for target in ["crossplane", "argocd", "prometheus", "kubernetes"] {
        world.narrow(by_target.path(), &targets(&[target])).unwrap();
    }
    assert_eq!(tree(by_target.path()), tree(whole.path()));
}

#[test]
fn a_narrowed_build_deletes_nothing_outside_of_itself() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::of(&["checkout", "cart"], &["dev", "prod"]);
    world.write(folder.path()).unwrap();
    let before = tree(folder.path());
    for scope in [envs(&["dev"]), services(&["cart"]), targets(&["argocd"]), envs(&["none"])] {
        let report = world.narrow(folder.path(), &scope).unwrap();
        assert_eq!(Report { same: 0, ..report }, Report::default(), "{scope:?}");
        assert_eq!(tree(folder.path()), before, "{scope:?}");
    }
}

#[test]
fn a_narrowed_build_deletes_what_is_stale_within() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::of(&["checkout", "cart"], &["dev", "prod"]);
    world.write(folder.path()).unwrap();
    world.drop_files("rules/");
    let gone = |scope: &Scope| {
        world.narrow(folder.path(), scope).unwrap();
        let left: Vec<String> = tree(folder.path()).into_keys().filter(|path| path.ends_with(".rules.yaml")).collect();
        left
    };
    assert_eq!(gone(&targets(&["argocd", "kubernetes"])).len(), 4);
    assert_eq!(gone(&services(&["cart"])), ["rules/dev/checkout.rules.yaml", "rules/prod/checkout.rules.yaml"]);
    assert_eq!(gone(&envs(&["prod"])), ["rules/dev/checkout.rules.yaml"]);
    assert!(gone(&targets(&["prometheus"])).is_empty());
}

#[test]
fn a_service_that_is_gone_leaves_environment_by_environment_and_target_by_target() {
    let folder = tempfile::tempdir().unwrap();
    World::of(&["checkout", "cart"], &["dev", "prod"]).write(folder.path()).unwrap();
    let after = World::of(&["checkout"], &["dev", "prod"]).removed("cart");
    after.narrow(folder.path(), &envs(&["dev"])).unwrap();
    assert!(!folder.path().join("envs/dev/cart").exists() && folder.path().join("envs/prod/cart").exists());
    after.narrow(folder.path(), &targets(&["kubernetes"])).unwrap();
    let left: Vec<String> =
        tree(folder.path()).into_keys().filter(|path| path.contains("cart") && !path.ends_with('/')).collect();
    assert_eq!(
        left,
        [
            "apps/prod/cart.yaml",
            "envs/prod/cart/infra/claims.yaml",
            "envs/prod/cart/manifest.json",
            "rules/prod/cart.rules.yaml",
        ]
    );
    after.write(folder.path()).unwrap();
    let fresh = tempfile::tempdir().unwrap();
    after.write(fresh.path()).unwrap();
    assert_eq!(tree(folder.path()), tree(fresh.path()));
}

#[test]
fn the_gate_is_closed_for_narrowed_builds_too_and_sees_only_their_part() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::of(&["checkout"], &["dev", "prod"]);
    world.write(folder.path()).unwrap();
    world.durables(Vec::clear);
    world.drop_files("infra/");
    assert!(shown(world.narrow(folder.path(), &envs(&["dev"]))).contains("  dev: "));
    assert!(!shown(world.narrow(folder.path(), &envs(&["dev"]))).contains("  prod: "));
    assert!(shown(world.narrow(folder.path(), &targets(&["argocd"]))).contains("IDP0901"));
    assert!(shown(world.narrow(folder.path(), &services(&["checkout"]))).contains("IDP0901"));
    assert!(world.narrow(folder.path(), &services(&["cart"])).is_ok());
}

#[test]
fn a_build_without_some_targets_forgets_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::of(&["checkout"], &["dev"]);
    world.write(folder.path()).unwrap();
    world.durables(Vec::clear);
    world.drop_files("infra/");
    let permitted = world.clone().removed("checkout.needs.orders");
    permitted.narrow(folder.path(), &targets(&["argocd"])).unwrap();
    assert!(folder.path().join("envs/dev/checkout/infra/claims.yaml").exists());
    assert!(shown(world.write(folder.path())).contains("IDP0901"), "the claim is still there, and so is its record");
    permitted.write(folder.path()).unwrap();
    world.write(folder.path()).unwrap();
}

#[test]
fn a_shared_file_written_by_a_narrowed_build_keeps_its_neighbors() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::of(&["checkout"], &["dev"]);
    world.write(folder.path()).unwrap();
    // A build of one service may also write the platform's file that lists it, and owns no other file there.
    world.append("platform/dev/namespaces/all.yaml", "spec: {}\n");
    let scope = services(&["checkout"]);
    let mut part = world.within(&scope);
    part.artifacts
        .extend(world.artifacts.iter().filter(|artifact| artifact.path.as_str().contains("namespaces")).cloned());
    part.narrow_as_given(folder.path(), &scope);
    let (found, _) = check(folder.path(), &world.build(), &Scope::default()).unwrap();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn foreign_files_count_where_the_build_looks() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::of(&["checkout"], &["dev", "prod"]);
    world.write(folder.path()).unwrap();
    fs::write(folder.path().join("envs/dev/checkout/app/mine.yaml"), "mine\n").unwrap();
    fs::write(folder.path().join("mine.yaml"), "mine\n").unwrap();
    let foreign = |scope: &Scope| check(folder.path(), &world.within(scope).build(), scope).unwrap().0.foreign;
    assert_eq!(foreign(&Scope::default()), ["envs/dev/checkout/app/mine.yaml", "mine.yaml"]);
    assert_eq!(foreign(&envs(&["dev"])), ["envs/dev/checkout/app/mine.yaml"]);
    assert!(foreign(&envs(&["prod"])).is_empty());
    // A build never removes them.
    world.write(folder.path()).unwrap();
    assert!(folder.path().join("mine.yaml").exists());
}
