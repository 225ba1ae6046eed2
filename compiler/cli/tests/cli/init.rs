//! `idpc init`: a first workspace.

use std::fs;

use crate::place::Place;

#[test]
fn it_checks_and_builds_without_a_word() {
    let place = Place::empty();
    let run = place.idpc("init acme");
    run.is_clean().says("wrote idp.toml").says("5 files; now `idpc build acme` writes the output");
    assert!(place.read("acme/idp.toml").contains("name    = \"acme\""));
    place.idpc("check acme").is_clean();
    place.idpc("build acme").is_clean().says("wrote ");
    assert!(place.has("acme/out/envs/prod/hello/app/workload.yaml"));
    place.idpc("build acme --check").is_clean();
}

#[test]
fn it_works_in_the_current_folder() {
    let place = Place::empty();
    fs::create_dir(place.path("shop")).unwrap();
    place.run_in("shop", "init", &[], None).is_clean();
    place.run_in("shop", "check", &[], None).is_clean();
}

#[test]
fn nothing_is_ever_overwritten() {
    let place = Place::empty();
    place.write("acme/services/hello/service.idp", "mine\n");
    place
        .idpc("init acme")
        .ends(2)
        .says("`services/hello/service.idp` exists already in `acme`")
        .says("nothing was written");
    assert_eq!(place.files(), [(String::from("acme/services/hello/service.idp"), b"mine\n".to_vec())]);
}

#[test]
fn a_folder_with_any_name_will_do() {
    let place = Place::empty();
    fs::create_dir_all(place.path("2 Größe_x")).unwrap();
    place.run_in("2 Größe_x", "init", &[], None).is_clean();
    place.run_in("2 Größe_x", "check", &[], None).is_clean();
    place.run_in("2 Größe_x", "build", &[], None).is_clean();
}

#[test]
fn a_file_in_the_way_of_the_folder_ends_with_3() {
    let place = Place::empty();
    place.write("acme", "a file\n");
    place.idpc("init acme").ends(3).says("acme");
}
