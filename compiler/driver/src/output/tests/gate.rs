//! What a build may not take away without a word, and the words in which it says so.

use std::fs;

use super::world::{World, object, shown, tree};
use crate::output::{GateError, Scope, WriteError, check};

const LOST: &str = "error[IDP0901]: this build would remove the postgres `checkout.needs.orders`
  dev: checkout-orders (acme-checkout-orders-dev)
  prod: checkout-orders (acme-checkout-orders-prod)
  = help: if it shall go, add: removed checkout.needs.orders { keep = true, because = \"why\" }";

#[test]
fn a_lost_database_stops_the_build_until_a_line_lets_it_go() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::of(&["checkout"], &["dev", "prod"]);
    world.write(folder.path()).unwrap();
    world.durables(Vec::clear);
    world.drop_files("infra/claims.yaml");
    let before = tree(folder.path());
    assert_eq!(shown(world.write(folder.path())), LOST);
    assert!(matches!(world.force(folder.path()), Err(WriteError::Gate(_))), "no force opens it");
    assert_eq!(tree(folder.path()), before);

    let other = world.clone().removed("checkout.needs.cache").removed("checkout.needs.order").removed("check");
    assert!(matches!(other.write(folder.path()), Err(WriteError::Gate(_))));
    world.removed("checkout.needs.orders").write(folder.path()).unwrap();
    assert!(!folder.path().join("envs/dev/checkout/infra").exists());
}

#[test]
fn another_form_of_the_api_stops_the_build_while_objects_of_the_old_one_are_committed() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::of(&["checkout"], &["dev"]);
    // An output that says nothing of forms is that of an older build, and stops nobody.
    world.write(folder.path()).unwrap();
    let form = |world: &mut World, form: &str| {
        world.durables(|items| items.iter_mut().for_each(|item| item.form = Some(form.to_owned())));
    };
    form(&mut world, "claims");
    world.write(folder.path()).unwrap();
    form(&mut world, "composites");
    assert_eq!(
        shown(world.write(folder.path())),
        "error[IDP0902]: this build would ask for 1 object that holds data in another form of the API
  dev: checkout-orders (acme-checkout-orders-dev) is committed in the form `claims`, and would be `composites`
  = help: to stay where you are: `platform … { crossplane = claims }`
  = help: to change it, follow docs/change-the-form.md: orphan in the old form, adopt in the new one"
    );
    assert!(matches!(world.force(folder.path()), Err(WriteError::Gate(_))), "no force opens it");
    // The run ends with the old output gone; what is written afterwards is new.
    for part in ["envs", "apps", "platform", "bootstrap", "rules"] {
        fs::remove_dir_all(folder.path().join(part)).ok();
    }
    world.write(folder.path()).unwrap();
}

#[test]
fn a_line_for_one_environment_opens_only_that() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::of(&["checkout"], &["dev", "prod"]);
    world.write(folder.path()).unwrap();
    world.durables(Vec::clear);
    let mut world = world.removed("checkout.needs.orders");
    world.permits[0].env = Some("dev".into());
    let text = shown(world.write(folder.path()));
    assert!(text.contains("  prod: ") && !text.contains("  dev: "), "{text}");
}

#[test]
fn a_rename_keeps_the_physical_object_and_needs_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::of(&["checkout"], &["dev"]);
    world.write(folder.path()).unwrap();
    world.durables(|items| items.iter_mut().for_each(|item| item.id = "checkout.needs.ledger".into()));
    assert_eq!(
        shown(world.write(folder.path())),
        "error[IDP0901]: this build would remove the postgres `checkout.needs.orders`
  dev: checkout-orders (acme-checkout-orders-dev)
  = help: if it has a new name, add: moved checkout.needs.ledger { from = checkout.needs.orders }
  = help: if it shall go, add: removed checkout.needs.orders { keep = true, because = \"why\" }"
    );
    let moved = world.clone().moved("checkout.needs.ledger", "checkout.needs.orders");
    let mut wrong = moved.clone();
    wrong.durables(|items| items.iter_mut().for_each(|item| item.physical = "acme-checkout-ledger-dev".into()));
    assert_eq!(
        shown(wrong.write(folder.path())),
        "error[IDP0902]: `checkout.needs.ledger` would not be the object that was `checkout.needs.orders`, although it \
         is said to have moved
  dev: checkout-orders (acme-checkout-orders-dev) would become checkout-orders (acme-checkout-ledger-dev)
  = help: to keep it, undo the change of what its name is made of: platform prefix, account, names
  = help: if the old one shall go, add: removed checkout.needs.orders { keep = true, because = \"why\" }"
    );
    moved.write(folder.path()).unwrap();
    world.write(folder.path()).unwrap();
}

#[test]
fn another_physical_name_under_the_same_id_is_a_loss() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::of(&["checkout"], &["dev"]);
    world.write(folder.path()).unwrap();
    world.durables(|items| items.iter_mut().for_each(|item| item.physical = "corp-checkout-orders-dev".into()));
    assert_eq!(
        shown(world.write(folder.path())),
        "error[IDP0902]: this build would replace `checkout.needs.orders` by another object
  dev: checkout-orders (acme-checkout-orders-dev) would become checkout-orders (corp-checkout-orders-dev)
  = help: to keep it, undo the change of what its name is made of: platform prefix, account, names
  = help: if the old one shall go, give the new one another name, and add: removed checkout.needs.orders { keep = \
         true, because = \"why\" }"
    );
    world.durables(|items| {
        items.iter_mut().for_each(|item| {
            item.physical = "acme-checkout-orders-dev".into();
            item.kind = "redis".into();
        });
    });
    assert!(shown(world.write(folder.path())).contains(" of kind redis\n"));
    world.removed("checkout.needs.orders").write(folder.path()).unwrap();
}

#[test]
fn a_service_that_moves_takes_its_objects_along() {
    let folder = tempfile::tempdir().unwrap();
    World::of(&["checkout", "cart"], &["dev", "prod"]).write(folder.path()).unwrap();
    let mut renamed = World::of(&["basket", "checkout"], &["dev", "prod"]);
    renamed.durables(|items| items.iter_mut().for_each(|item| item.physical = item.physical.replace("basket", "cart")));
    assert!(shown(renamed.write(folder.path())).contains("moved basket.needs.orders { from = cart.needs.orders }"));
    let renamed = renamed.moved("basket", "cart");
    renamed.write(folder.path()).unwrap();
    assert!(check(folder.path(), &renamed.build(), &Scope::default()).unwrap().0.is_empty());
}

#[test]
fn many_objects_at_once_need_a_word_each() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::of(&["checkout", "cart"], &["dev"]);
    world.durables(Vec::clear);
    world.write(folder.path()).unwrap();
    let mut one = World::of(&["checkout"], &["dev"]);
    one.durables(Vec::clear);
    // Eight objects of the one service are few enough to go without a word.
    let copy = tempfile::tempdir().unwrap();
    world.write(copy.path()).unwrap();
    one.write(copy.path()).unwrap();

    let mut none = World::of(&["fraud"], &["dev"]);
    none.durables(Vec::clear);
    let before = tree(folder.path());
    assert_eq!(
        shown(none.write(folder.path())),
        "error[IDP0903]: this build would remove 16 objects, and more than 10 need a word
  service cart in dev: ConfigMap cart/cart, Deployment cart/cart, Service cart/cart, ServiceAccount cart/cart, \
         Postgres cart/cart-orders, Application argocd/cart, Application argocd/cart-infra
  service checkout in dev: ConfigMap checkout/checkout, Deployment checkout/checkout, Service checkout/checkout, \
         ServiceAccount checkout/checkout, Postgres checkout/checkout-orders, Application argocd/checkout, Application \
         argocd/checkout-infra
  platform in dev: Namespace cart, Namespace checkout
  = help: if it shall go, add: removed cart { keep = true, because = \"why\" }
  = help: if it shall go, add: removed checkout { keep = true, because = \"why\" }
  = help: if the rest shall go, delete its files below the output folder yourself and build again: `platform/dev`"
    );
    assert_eq!(tree(folder.path()), before);
    // One line is enough to come below the limit, its namespace included.
    let mut few = none.clone().removed("cart");
    few.write(folder.path()).unwrap();
    few.permits.clear();
    few.write(folder.path()).unwrap();
}

#[test]
fn ten_objects_go_and_eleven_do_not() {
    let world = |count: usize| {
        let mut world = World::of(&["checkout"], &["dev"]);
        let all: Vec<String> =
            (0..count).map(|number| object("v1", "ConfigMap", "checkout", &format!("c{number}"))).collect();
        let unit = world.units[1].unit.clone();
        world.file(&unit, "envs/dev/checkout/app/more.yaml", "kubernetes", &all.join("---\n"));
        world
    };
    for (before, after, allowed) in [(20, 10, true), (20, 9, false), (11, 0, false), (10, 0, true)] {
        let folder = tempfile::tempdir().unwrap();
        world(before).write(folder.path()).unwrap();
        let result = world(after).write(folder.path());
        assert_eq!(result.is_ok(), allowed, "{before} to {after}: {result:?}");
    }
}

#[test]
fn objects_that_change_their_file_or_their_version_are_not_gone() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::of(&["a", "b", "c", "d"], &["dev"]);
    world.write(folder.path()).unwrap();
    for name in ["a", "b", "c", "d"] {
        let old = format!("envs/dev/{name}/app/workload.yaml");
        let text = world.text(&old).replace("apiVersion: v1", "apiVersion: v2");
        let unit = world.artifacts.iter().find(|artifact| artifact.path.as_str() == old).unwrap().unit.clone();
        world.drop_files(&old);
        world.file(&unit, &format!("envs/dev/{name}/app/all.yaml"), "kubernetes", &text);
    }
    assert_eq!(world.write(folder.path()).unwrap().deleted, 4);
}

#[test]
fn the_objects_of_a_permitted_need_do_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let names = ["a", "b", "c", "d", "e", "f"];
    let mut world = World::of(&names, &["dev", "prod"]);
    world.write(folder.path()).unwrap();
    world.durables(Vec::clear);
    world.drop_files("infra/claims.yaml");
    for name in names {
        world = world.removed(&format!("{name}.needs.orders"));
    }
    assert_eq!(world.write(folder.path()).unwrap().deleted, 12);
}

#[test]
fn files_that_no_cluster_applies_do_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let names = ["a", "b", "c", "d", "e", "f"];
    let mut world = World::of(&names, &["dev", "prod"]);
    world.write(folder.path()).unwrap();
    world.drop_files("rules/");
    assert_eq!(world.write(folder.path()).unwrap().deleted, 12);
}

#[test]
fn a_workspace_without_services_builds_nothing_ever() {
    let folder = tempfile::tempdir().unwrap();
    let top = folder.path().join("out");
    let empty = World::default();
    let text = "error[IDP0751]: the workspace declares no service, so nothing is built
  = help: declare one: `idpc new service NAME` writes a first one";
    assert_eq!(shown(empty.write(&top)), text);
    assert!(!top.exists());
    World::of(&["checkout"], &["dev"]).write(&top).unwrap();
    let before = tree(&top);
    assert_eq!(shown(empty.force(&top)), text);
    assert_eq!(tree(&top), before);
    let (_, gate) = check(&top, &empty.build(), &Scope::default()).unwrap();
    assert!(gate.contains(&GateError::NoServices));
}

#[test]
fn an_environment_that_goes_takes_its_databases_only_with_a_word() {
    let folder = tempfile::tempdir().unwrap();
    World::of(&["checkout"], &["dev", "prod"]).write(folder.path()).unwrap();
    let text = shown(World::of(&["checkout"], &["dev"]).write(folder.path()));
    assert!(text.contains("error[IDP0901]") && text.contains("  prod: ") && !text.contains("  dev: "), "{text}");
}

#[test]
fn without_manifests_there_is_nothing_to_judge() {
    let folder = tempfile::tempdir().unwrap();
    World::of(&["checkout"], &["dev"]).write(folder.path()).unwrap();
    fs::remove_dir_all(folder.path()).unwrap();
    World::of(&["fraud"], &["dev"]).write(folder.path()).unwrap();
    // Removing the manifest alone does not open the gate quietly: the files are no longer ours to change.
    let mut world = World::of(&["fraud"], &["dev"]);
    fs::remove_file(folder.path().join("envs/dev/fraud/manifest.json")).unwrap();
    world.durables(Vec::clear);
    world.set("envs/dev/fraud/infra/claims.yaml", "");
    assert!(matches!(world.write(folder.path()), Err(WriteError::Unowned(_))));
}
