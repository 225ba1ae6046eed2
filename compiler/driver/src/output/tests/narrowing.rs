//! A definition that would refuse what committed claims use, and the ways past it.

use idpc_emit::artifact::Unit;

use super::world::{World, shown, tree};
use crate::output::{GateError, Scope, WriteError, check};

const SERVICES: [&str; 2] = ["checkout", "mail"];

/// A definition with these fields, and a claim of each service with this size.
fn world(fields: &str, sizes: &[(&str, u32)]) -> World {
    let mut world = World::of(&SERVICES, &["dev"]);
    let definition = format!(
        "# Generated\napiVersion: apiextensions.crossplane.io/v1\nkind: CompositeResourceDefinition\nmetadata:\n  name: \
         xqueues.acme.dev\nspec:\n  group: acme.dev\n  names:\n    kind: XQueue\n  claimNames:\n    kind: Queue\n  \
         versions:\n    - schema:\n        openAPIV3Schema:\n          properties:\n            spec:\n              \
         properties: {fields}\n"
    );
    if !fields.is_empty() {
        let platform = Unit::Platform { env: "dev".into() };
        world.file(&platform, "platform/dev/crossplane/queue.yaml", "crossplane", &definition);
    }
    for (service, size) in sizes {
        let claim = format!(
            "---\napiVersion: acme.dev/v1\nkind: Queue\nmetadata:\n  name: {service}-jobs\n  namespace: {service}\nspec:\n  \
             size: {size}\n"
        );
        world.append(&format!("envs/dev/{service}/infra/claims.yaml"), &claim);
    }
    world
}

const WIDE: &str = "{size: {type: integer, minimum: 1, maximum: 100}}";
const NARROW: &str = "{size: {type: integer, minimum: 1, maximum: 10}}";
const SAID: &str = "error[IDP0904]: `spec.size` of Queue must lie in 1..10, and 1 committed claim uses it
  envs/dev/checkout/infra/claims.yaml: Queue checkout/checkout-jobs has size: 50
  = help: to keep it as it is, widen it again, and add a new field beside it
  = help: to narrow it, go two steps: change the claims, build and commit; then change the schema and build again
  = help: if no cluster has such a claim any more, delete its definition below `platform/dev` in the output folder \
                    yourself and build again";

#[test]
fn a_narrower_field_lists_the_claims_that_use_more_and_two_steps_lead_past_it() {
    let folder = tempfile::tempdir().unwrap();
    world(WIDE, &[("checkout", 50), ("mail", 5)]).write(folder.path()).unwrap();
    let before = tree(folder.path());
    // Also where the claims of the new build fit: the cluster has the old ones.
    for size in [50, 9] {
        let narrow = world(NARROW, &[("checkout", size), ("mail", 5)]);
        assert_eq!(shown(narrow.write(folder.path())), SAID);
        assert!(matches!(narrow.force(folder.path()), Err(WriteError::Gate(_))), "no force opens it");
        let (_, gate) = check(folder.path(), &narrow.build(), &Scope::default()).unwrap();
        assert!(matches!(gate.as_slice(), [GateError::Narrowed { .. }]), "{gate:?}");
        assert_eq!(tree(folder.path()), before);
    }
    world(WIDE, &[("checkout", 9), ("mail", 5)]).write(folder.path()).unwrap();
    world(NARROW, &[("checkout", 9), ("mail", 5)]).write(folder.path()).unwrap();
    world(WIDE, &[("checkout", 9), ("mail", 5)]).write(folder.path()).unwrap();
}

#[test]
fn what_a_line_lets_go_is_not_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    world(WIDE, &[("checkout", 50), ("mail", 50)]).write(folder.path()).unwrap();
    let narrow = world(NARROW, &[]).removed("checkout.needs.jobs");
    let text = shown(narrow.write(folder.path()));
    assert!(text.contains("mail-jobs") && !text.contains("checkout-jobs"), "{text}");
    narrow.removed("mail.needs.jobs").write(folder.path()).unwrap();
}

#[test]
fn a_kind_that_is_gone_and_a_field_that_is_asked_for_list_their_claims() {
    let folder = tempfile::tempdir().unwrap();
    let sizes = [("checkout", 50), ("mail", 5)];
    world(WIDE, &sizes).write(folder.path()).unwrap();
    let text = shown(world("", &sizes).write(folder.path()));
    assert!(text.starts_with("error[IDP0904]: the kind Queue is gone, and 2 committed claims use it\n"), "{text}");
    let asking = "{size: {type: integer}, color: {type: string}}\n              required: [color]";
    let text = shown(world(asking, &sizes).write(folder.path()));
    let first = "error[IDP0904]: `spec.color` of Queue must be set, and 2 committed claims are without it\n";
    assert!(text.starts_with(first) && text.contains("  = help: to add it safely, give it a default"), "{text}");
    let with_default = "{size: {type: integer}, color: {type: string, default: red}}\n              required: [color]";
    world(with_default, &sizes).write(folder.path()).unwrap();
}
