//! `idpc new`: a service to begin with.

use crate::place::Place;

#[test]
fn every_golden_path_is_accepted_as_it_is_written() {
    let place = Place::workspace();
    for path in ["web", "worker", "cron", "external"] {
        let run = place.idpc(&format!("new service my-{path} --path {path} --owner shop"));
        run.is_clean().says(&format!("wrote services/my-{path}/service.idp"));
    }
    place.idpc("check").is_clean();
    insta::assert_snapshot!(place.read("services/my-web/service.idp"));
    insta::assert_snapshot!(place.read("services/my-cron/service.idp"));
}

#[test]
fn a_language_without_tests_of_its_own_gets_them() {
    let place = Place::workspace();
    place.idpc("new service tool --owner shop --language other").is_clean();
    assert!(place.read("services/tool/service.idp").contains("tests { unit = \"make test\" }"));
    place.idpc("check").is_clean();
}

#[test]
fn it_lies_in_the_workspace_wherever_one_stands() {
    let place = Place::workspace();
    place.run_in("services/mail", "new service tool --owner shop", &[], None).is_clean();
    assert!(place.has("services/tool/service.idp"));
}

#[test]
fn a_workspace_s_own_path_leaves_open_what_only_its_author_knows() {
    let place = Place::workspace();
    place.write("platform/paths.idp", "schema api : web {\n  /// Who may call it.\n  audience : string\n}\n");
    place.idpc("new service front --path api --owner shop").is_clean().says("still to be set: audience");
    assert!(place.read("services/front/service.idp").contains("// audience = … has to be set"));
    place.idpc("check").ends(1).prints("audience");
}

#[test]
fn the_only_team_is_the_owner() {
    let place = Place::workspace();
    place.idpc("new service tool").ends(2).says("--owner TEAM").says("there is payments, shop");
    let place = Place::empty();
    place.idpc("init").ends(0);
    place.idpc("new service tool").is_clean();
    assert!(place.read("services/tool/service.idp").contains("owner    = core"));
}

#[test]
fn wrong_names_write_nothing() {
    let place = Place::workspace();
    let before = place.files();
    for (arguments, message) in [
        ("new service tool --owner shp", "there is no team `shp`\n  = help: did you mean `shop`?"),
        ("new service tool --owner shop --path wbe", "there is no golden path `wbe`\n  = help: did you mean `web`?"),
        (
            "new service tool --owner shop --language rsut",
            "there is no language `rsut`\n  = help: did you mean `rust`?",
        ),
        ("new service ../tool --owner shop", "`../tool` cannot be the name of a service"),
        ("new service . --owner shop", "`.` cannot be the name of a service"),
        ("new service mail --owner shop", "`services/mail/service.idp` exists already"),
    ] {
        place.idpc(arguments).ends(2).says(message);
    }
    place.idpc("new service Tool --owner shop").ends(1).prints("error[IDP0106]").says("nothing was written");
    assert_eq!(place.files(), before);
}

#[test]
fn without_a_workspace_there_is_nothing_to_add_to() {
    let place = Place::empty();
    place.idpc("new service tool").ends(2).says("idp.toml").says("idpc init");
    place.write("alone.idp", "team shop {}\n");
    place.idpc("new service tool").ends(2);
    std::fs::remove_file(place.path("alone.idp")).unwrap();
    assert!(place.files().is_empty());
}
