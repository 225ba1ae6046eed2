//! `idpc check --fix`: what is put right, what is not, and what is said about it.

use crate::place::Place;

const SERVICE: &str = "services/mail/service.idp";

/// A workspace with a kind of its own, one of whose fields has a new name.
fn place() -> Place {
    let place = Place::workspace();
    place.write(
        "platform/kinds.idp",
        "schema cache : redis {\n  /// How many connections it keeps open.\n  connections : int in 1..1000 = 50\n\n  /// Replaced \
         by `connections`.\n  pool : (int in 1..1000)? @deprecated(use = connections, \"named after what it counts\")\n}\n",
    );
    place
}

/// The same with this inside of the service `mail`.
fn with(lines: &str) -> Place {
    let place = place();
    place.write(SERVICE, &service(lines));
    place
}

fn service(lines: &str) -> String {
    format!("/// Sends mäil.\nservice mail : worker {{\n  owner    = shop\n  language = go\n{lines}}}\n")
}

const OLD_NAME: &str = "\n  needs {\n    sent = cache { pool = 20 }\n  }\n";
const MISSPELT: &str = "  memry = 1GiB\n";

#[test]
fn safe_fixes_are_applied_and_named() {
    let place = with(OLD_NAME);
    place.idpc("check").ends(0).prints("IDP0314").says("1 warning");
    let run = place.idpc("check --fix");
    run.is_clean().says("services/mail/service.idp: 1 finding fixed").says("rename to `connections`");
    assert_eq!(place.read(SERVICE), service(&OLD_NAME.replace("pool", "connections")));
    let again = place.idpc("check --fix");
    again.is_clean();
    assert_eq!(again.err, "");
}

#[test]
fn unsafe_fixes_are_counted_and_wait_to_be_asked_for() {
    let place = with(MISSPELT);
    let before = place.files();
    let run = place.idpc("check --fix");
    run.ends(1).prints("error[IDP0301]").says("1 finding more can be fixed with `--unsafe`");
    assert_eq!(place.files(), before);
    place.idpc("check --fix --unsafe").is_clean().says("replace with `memory`");
    assert_eq!(place.read(SERVICE), service("  memory = 1GiB\n"));
}

#[test]
fn a_fix_that_would_bring_an_error_is_left_out_and_named() {
    // The name is near, but what is set is no amount of memory. The other fixes are applied all the same.
    let wrong = "  memry = [\"a lot\"]\n";
    let place = with(&format!("{wrong}{OLD_NAME}"));
    let run = place.idpc("check --fix --unsafe");
    run.ends(1).prints("error[IDP0301]").says("not fixed: error[IDP0301]").says("it would bring error[IDP0303]");
    run.says("rename to `connections`");
    let renamed = OLD_NAME.replace("pool", "connections");
    assert_eq!(place.read(SERVICE), service(&format!("{wrong}{renamed}")));
}

#[test]
fn everything_that_examples_can_be_fixed_in_still_compiles() {
    let place = with(&format!("{MISSPELT}{OLD_NAME}"));
    let inventory = place.read("services/inventory/service.idp").replace("slo {", "slos {").replace("go", "g0");
    place.write("services/inventory/service.idp", &inventory);
    place.idpc("check").ends(1);
    place.idpc("check --fix --unsafe").is_clean();
    place.idpc("check").is_clean();
    place.idpc("build").ends(0);
}

#[test]
fn a_preview_shows_the_difference_and_writes_nothing() {
    let place = with(OLD_NAME);
    let before = place.files();
    let run = place.idpc("check --fix --diff");
    run.ends(1).says("nothing was written");
    assert_eq!(
        run.out,
        "--- services/mail/service.idp\n+++ services/mail/service.idp (fixed)\n@@ -4,6 +4,6 @@\n   language = go\n \n   \
         needs {\n-    sent = cache { pool = 20 }\n+    sent = cache { connections = 20 }\n   }\n }\n"
    );
    assert_eq!(place.files(), before);
    place.idpc("check --fix").ends(0);
    place.idpc("check --fix --diff").is_clean();
    // What cannot be fixed refuses, but is no difference.
    let place = with("  memory = 1TB\n  nothing_like_it = 1\n");
    place.idpc("check --fix --diff").ends(1).prints_nothing().says("would be left");
}

#[test]
fn a_file_narrows_what_is_fixed() {
    let place = with(MISSPELT);
    let other = place.read("services/inventory/service.idp").replace("slo {", "slos {");
    place.write("services/inventory/service.idp", &other);
    place.idpc(&format!("check --fix --unsafe {SERVICE}")).ends(0).says("1 error in other files");
    assert_eq!(place.read(SERVICE), service("  memory = 1GiB\n"));
    assert_eq!(place.read("services/inventory/service.idp"), other);
}

#[test]
fn files_that_are_not_the_workspaces_own_are_never_changed() {
    let place = Place::workspace();
    place.write("base/idp.toml", "[workspace]\nname    = \"base\"\nedition = \"2026\"\n");
    let package = "schema ledger : postgres {\n  storage = 5GB\n}\n";
    place.write("base/kinds.idp", package);
    let text = place.read("idp.toml") + "\n[platform.packages]\nbase = { path = \"base\" }\n";
    place.write("idp.toml", &text);
    place.write(SERVICE, &service(MISSPELT));
    place.idpc("check --fix --unsafe");
    assert_eq!(place.read("base/kinds.idp"), package);
}

#[test]
fn a_file_outside_of_any_workspace_is_fixed_by_itself() {
    let place = Place::empty();
    place.write("a.idp", "service hello : web {\n  owner    = greeters\n  language = go\n  port     = 8080\n}\n");
    place.idpc("check a.idp").ends(0).prints("warning[");
    place.idpc("check --fix a.idp").is_clean().says("declare the team");
    assert!(place.read("a.idp").contains("team greeters {}"));
    place.idpc("check a.idp").is_clean();
}

#[test]
fn reports_say_what_is_left_and_nothing_else() {
    let place = with(&format!("{OLD_NAME}  memry = 1GiB\n"));
    let run = place.idpc("check --fix --format json");
    run.ends(1);
    let codes: Vec<serde_json::Value> =
        run.out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["code"].clone()).collect();
    assert_eq!(codes, ["IDP0301"]);
    assert_eq!(place.idpc("check --fix --quiet").ends(1).err, "");
}

#[test]
fn fixes_are_never_half_asked_for() {
    let place = place();
    for arguments in ["check --unsafe", "check --diff", "check --fix --diff --format json"] {
        place.idpc(arguments).ends(2).prints_nothing();
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_ends_with_3_and_the_file_stays() {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    let place = with(OLD_NAME);
    let folder = place.path("services/mail");
    fs::set_permissions(&folder, Permissions::from_mode(0o555)).unwrap();
    // Whoever may do everything is not kept out by rights.
    let kept_out = fs::write(folder.join("probe"), "").is_err();
    let run = place.idpc("check --fix");
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
    if kept_out {
        run.ends(3).says("services/mail/service.idp");
        assert_eq!(place.read(SERVICE), service(OLD_NAME));
    } else {
        run.ends(0);
    }
}
