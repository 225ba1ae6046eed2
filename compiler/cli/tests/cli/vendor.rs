//! `idpc vendor`: copies and the lock file.

use crate::place::Place;

#[test]
fn a_package_is_copied_recorded_and_held_to_the_record() {
    let place = Place::workspace();
    let manifest = place.read("idp.toml");
    place.write("idp.toml", &format!("{manifest}\n[dependencies]\nbase = {{ vendored = true }}\n"));
    place.write("upstream/cache.idp", "schema small-cache : redis { memory = 256MiB }\n");
    place.idpc("check").ends(1);
    let run = place.idpc("vendor");
    run.ends(2);
    assert!(run.err.contains("there is no folder `vendor/base`"), "{}", run.err);
    let run = place.idpc("vendor base --from upstream");
    run.ends(0).prints("base  sha256:").prints("  new\n");
    assert!(place.read("idp.lock").contains("[packages]\nbase = \"sha256:"));
    std::fs::remove_dir_all(place.path("upstream")).unwrap();
    place.idpc("check").ends(0);

    let lock = place.read("idp.lock");
    place.write("vendor/base/cache.idp", "schema small-cache : redis { memory = 512MiB }\n");
    let run = place.idpc("check --format short");
    run.ends(1);
    assert!(run.out.contains("error[IDP0719]"), "{}", run.out);
    place.idpc("build").ends(1);
    assert_eq!(place.read("idp.lock"), lock, "no other command writes the record");
    place.idpc("vendor").ends(0).prints("changed");
    place.idpc("check").ends(0);
}

#[test]
fn a_finding_in_a_package_names_it() {
    let place = Place::workspace();
    let manifest = place.read("idp.toml");
    place.write("idp.toml", &format!("{manifest}\n[dependencies]\nbase = {{ path = \"packages/base\" }}\n"));
    place.write("packages/base/cache.idp", "schema small-cache : rediss { memory = 256MiB }\n");
    let run = place.idpc("check --format short");
    run.ends(1);
    assert!(run.out.starts_with("base:/cache.idp:1:22: error["), "{}", run.out);
    let narrowed = place.idpc("check packages/base/cache.idp --format short");
    assert_eq!(narrowed.out, run.out);
    let other = place.idpc("check services/checkout/service.idp --format short");
    assert_eq!(other.out, "");
}

#[test]
fn what_is_not_vendored_is_said() {
    let place = Place::workspace();
    let run = place.idpc("vendor base --from .");
    run.ends(2);
    assert!(run.err.contains("`[dependencies]` has no `base = { vendored = true }`"), "{}", run.err);
    place.idpc("vendor base").ends(2);
    place.idpc("vendor").ends(0);
    assert!(!place.has("idp.lock"));
    Place::empty().idpc("vendor").ends(2);
}
