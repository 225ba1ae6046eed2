//! `idpc build --service`: only the mistakes of the selected services, and of what they depend on, count.

use crate::place::Place;

const BROKEN: &str = "  memry = 1GiB\n}\n";

fn broken(service: &str) -> Place {
    let place = Place::workspace();
    let path = format!("services/{service}/service.idp");
    let text = place.read(&path);
    place.write(&path, &format!("{}{BROKEN}", text.strip_suffix("}\n").unwrap()));
    place
}

#[test]
fn only_the_service_is_written() {
    let place = Place::workspace();
    place.idpc("build --service mail").is_clean();
    assert!(place.has("out/envs/prod/mail/app/workload.yaml"));
    assert!(!place.has("out/envs/prod/checkout") && !place.has("out/platform"));
    place.idpc("build --service mail,checkout --env prod").is_clean();
    assert!(place.has("out/envs/prod/checkout") && !place.has("out/envs/dev/checkout"));
}

#[test]
fn an_error_of_a_service_that_nothing_selected_needs_does_not_count() {
    let place = broken("mail");
    place.idpc("build").ends(1);
    let run = place.idpc("build --service checkout");
    run.ends(0).prints_nothing().says("1 finding in what is not built now");
    assert!(place.has("out/envs/prod/checkout/app/workload.yaml"));
}

#[test]
fn an_error_of_the_service_itself_counts() {
    broken("mail").idpc("build --service mail").ends(1).prints("memry").says("nothing was written");
    broken("mail").idpc("build --service checkout,mail").ends(1).prints("memry");
}

#[test]
fn an_error_of_a_called_service_counts() {
    let place = broken("inventory");
    place.idpc("build --service checkout").ends(1).prints("memry");
    place.idpc("build --service mail").ends(0);
}

#[test]
fn an_error_of_an_owner_or_a_shared_resource_counts() {
    let place = Place::workspace();
    place.write("platform/teams.idp", "team payments {}\n\nteam shop { chatt = \"#shop\" }\n");
    place.idpc("build --service mail").ends(1).prints("chatt");
    let place = Place::workspace();
    place.write("resources/news.idp", "resource news : topic {\n  owner = shop\n  fifoo = true\n}\n");
    place.idpc("build --service mail").ends(0);
    place.write(
        "services/mail/service.idp",
        "service mail : worker {\n  owner = shop\n  language = go\n  needs { inbox = queue { from = news } }\n}\n",
    );
    place.idpc("build --service mail").ends(1).prints("fifoo");
}

#[test]
fn an_error_of_the_platform_counts_for_all() {
    let place = Place::workspace();
    place.write("platform/kinds.idp", "schema cache : redis {\n  memory : sice\n}\n");
    place.idpc("build --service mail").ends(1).prints("sice");
}

#[test]
fn an_unreadable_file_of_others_does_not_count() {
    let place = Place::workspace();
    place.write("services/other/service.idp", "servce other : web {\n  owner = shop\n}\n");
    place.idpc("build").ends(1);
    place.idpc("build --service mail").ends(0).says("wrote ");
}
