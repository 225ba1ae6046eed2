//! `idpc build`: what is written, what is not, and what is said about it.

use std::fs;

use crate::place::Place;

fn built() -> Place {
    let place = Place::workspace();
    place.idpc("build").is_clean();
    place
}

/// The numbers of the last line of a build: written, new, changed, unchanged, removed.
fn numbers(said: &str) -> Vec<usize> {
    let line = said.lines().last().unwrap();
    line.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok()).collect()
}

#[test]
fn the_first_build_writes_and_the_second_has_nothing_to_do() {
    let place = Place::workspace();
    let first = place.idpc("build");
    first.is_clean().says("wrote ");
    let counted = numbers(&first.err);
    assert!(counted[0] > 40 && counted[0] == counted[1], "{}", first.err);
    assert_eq!(&counted[2..], [0, 0, 0]);
    for path in [
        "bootstrap/prod.yaml",
        "apps/dev/checkout.yaml",
        "envs/prod/checkout/app/workload.yaml",
        "rules/prod/checkout.rules.yaml",
    ] {
        assert!(place.has(&format!("out/{path}")), "{path}");
    }
    assert!(!place.has("out/envs/dev/mail"), "mail is only in prod");
    let before = place.files();
    let second = place.idpc("build");
    second.is_clean();
    assert_eq!(numbers(&second.err), [0, 0, 0, counted[0], 0], "{}", second.err);
    assert_eq!(place.files(), before);
}

#[test]
fn one_changed_line_changes_few_files() {
    let place = built();
    let text = place.read("services/mail/service.idp").replace("only_in", "memory = 512MiB\n  only_in");
    place.write("services/mail/service.idp", &text);
    let run = place.idpc("build");
    run.is_clean().says("0 new").says("0 removed");
    let counted = numbers(&run.err);
    assert!((1..10).contains(&counted[0]), "{}", run.err);
}

#[test]
fn with_any_error_nothing_is_written() {
    let place = Place::workspace();
    place.write("services/bad/service.idp", "service bad : web { owner = nobody }\n");
    let before = place.files();
    place.idpc("build").ends(1).prints("error[IDP0105]").says("nothing was written");
    assert_eq!(place.files(), before);
    place.idpc("build --check").ends(1);
    assert_eq!(place.files(), before);
}

#[test]
fn a_file_narrows_the_report_of_a_build_but_an_error_elsewhere_stops_it() {
    let place = Place::workspace();
    place.write("services/bad/service.idp", "service bad : web { owner = nobody }\n");
    let run = place.idpc("build services/mail/service.idp");
    run.ends(1).prints_nothing().says("in other files").says("nothing was written");
    assert!(!place.has("out"));
}

#[test]
fn warnings_do_not_stop_a_build() {
    let place = Place::workspace();
    let text = place
        .read("services/mail/service.idp")
        .replace("  owner", "  // idp:allow IDP0316 because of old times\n  owner");
    place.write("services/mail/service.idp", &text);
    place.idpc("build").ends(0).prints("warning[IDP0501]").says("1 warning").says("wrote ");
}

#[test]
fn check_writes_nothing_and_lists_what_differs() {
    let place = Place::workspace();
    let before = place.files();
    place.idpc("build --check").ends(1).prints("missing  bootstrap/prod.yaml").prints("= help: `idpc build`");
    assert_eq!(place.files(), before);

    place.idpc("build").is_clean();
    place.idpc("build --check").is_clean().says("up to date");

    fs::remove_file(place.path("out/apps/dev/checkout.yaml")).unwrap();
    place.write("out/bootstrap/dev.yaml", "by hand\n").write("out/apps/dev/stray.yaml", "stray\n");
    let before = place.files();
    let run = place.idpc("build --check");
    run.ends(1).prints("error: 3 files in the output folder differ");
    run.prints("missing  apps/dev/checkout.yaml")
        .prints("edited   bootstrap/dev.yaml")
        .prints("foreign  apps/dev/stray.yaml");
    assert_eq!(place.files(), before);
    let object: serde_json::Value = serde_json::from_str(&place.idpc("build --check --format json").out).unwrap();
    assert_eq!(object["details"].as_array().unwrap().len(), 3);
    assert_eq!(object["severity"], "error");
}

#[test]
fn an_edited_file_is_kept_unless_forced() {
    let place = built();
    let clean = place.read("out/bootstrap/prod.yaml");
    place.write("out/bootstrap/prod.yaml", "by hand\n");
    place.idpc("build").ends(1).prints("error[IDP0801]").prints("bootstrap/prod.yaml").says("nothing was written");
    assert_eq!(place.read("out/bootstrap/prod.yaml"), "by hand\n");
    place.idpc("build --force").is_clean();
    assert_eq!(place.read("out/bootstrap/prod.yaml"), clean);
}

#[test]
fn an_environment_is_built_by_itself() {
    let place = Place::workspace();
    place.idpc("build --env dev").is_clean();
    assert!(place.has("out/apps/dev/checkout.yaml") && !place.has("out/apps/prod"));
    place.idpc("build --env dev --check").is_clean();
    place.idpc("build --env prod --check").ends(1).prints("missing  apps/prod/checkout.yaml");
    place.idpc("build --env dev,prod").is_clean();
    assert!(place.has("out/apps/prod/checkout.yaml") && !place.has("out/repo"));
}

#[test]
fn a_target_is_built_by_itself_and_removes_nothing_of_others() {
    let place = Place::workspace();
    place.idpc("build --target prometheus").is_clean();
    assert!(place.has("out/rules/prod/checkout.rules.yaml") && !place.has("out/apps"));
    place.idpc("build --target argocd,kubernetes").is_clean().says("0 removed");
    assert!(place.has("out/rules/prod/checkout.rules.yaml") && place.has("out/apps/dev/checkout.yaml"));
}

#[test]
fn what_holds_data_is_not_lost_without_a_word() {
    let place = built();
    let text = place.read("services/checkout/service.idp");
    place.write("services/checkout/service.idp", &text.replace("orders", "bookings"));
    let before = place.files();
    let run = place.idpc("build");
    run.ends(1).prints("error[IDP0901]").prints("moved checkout.needs.bookings { from = checkout.needs.orders }");
    run.says("nothing was written");
    assert_eq!(place.files(), before);
    place.idpc("build --check").ends(1).prints("error[IDP0901]");
    place.idpc("build --format json").ends(1).prints("\"code\":\"IDP0901\"");
}

#[test]
fn a_schema_is_not_narrowed_below_what_committed_claims_use() {
    for form in ["claims", "composites"] {
        let place = Place::workspace();
        let platform = place.read("platform/platform.idp");
        let platform = platform.replacen('{', &format!("{{\n  crossplane = {form}"), 1);
        place.write("platform/platform.idp", &platform);
        place.idpc("build").is_clean();
        let service = place.read("services/checkout/service.idp");
        let smaller = service.replace("200GiB", "100GiB");
        place.write("platform/extend.idp", "extend postgres {\n  storage : size in 20GiB..100GiB\n}\n");
        // The sources agree with the narrower schema, but the claim that the cluster has does not.
        place.write("services/checkout/service.idp", &smaller);
        let before = place.files();
        for command in ["build", "build --check", "build --force"] {
            let run = place.idpc(command);
            run.ends(1).prints("error[IDP0904]: `spec.storageGib` of Postgres must lie in 20..100");
            run.prints("platform/extend.idp:2:13").prints("1 committed claim uses it");
            run.prints("envs/prod/checkout/infra/claims.yaml: Postgres checkout/checkout-orders has storageGib: 200");
        }
        place.idpc("build --format json").prints("\"file\":\"platform/extend.idp\"");
        assert_eq!(place.files(), before);
        // Two steps: the claims first, then the schema; wider again at once.
        place.write("platform/extend.idp", "");
        place.idpc("build").is_clean();
        place.write("platform/extend.idp", "extend postgres {\n  storage : size in 20GiB..100GiB\n}\n");
        place.idpc("build").is_clean();
        place.write("platform/extend.idp", "");
        place.idpc("build").is_clean();
    }
}

#[test]
fn a_workspace_without_services_is_an_error() {
    let place = built();
    for name in ["checkout", "inventory", "mail"] {
        fs::remove_dir_all(place.path(&format!("services/{name}"))).unwrap();
    }
    let before = place.files();
    place.idpc("build").ends(1).prints("error[IDP0751]");
    place.idpc("build --check").ends(1).prints("error[IDP0751]");
    assert_eq!(place.files(), before);
}

#[test]
fn a_file_outside_of_any_workspace_is_built_beside_itself() {
    let place = Place::empty();
    place.write("service.idp", "team greeters {}\n\n/// Says hello.\nservice hello : web {\n  owner    = greeters\n  language = go\n  port     = 8080\n}\n");
    place.idpc("build service.idp").is_clean();
    assert!(place.has("out/envs/staging/hello/app/workload.yaml"));
}

#[test]
fn an_output_folder_that_is_none_ends_with_3() {
    let place = Place::workspace();
    place.write("out", "a file\n");
    place.idpc("build").ends(3).prints_nothing().says("IDP0804");
    assert_eq!(place.read("out"), "a file\n");
}

#[cfg(unix)]
#[test]
fn an_output_folder_behind_a_link_is_refused() {
    let place = Place::workspace();
    std::os::unix::fs::symlink(place.path("elsewhere"), place.path("out")).unwrap();
    place.idpc("build").ends(1).prints("error[IDP0714]");
    assert!(!place.has("elsewhere"));
}
