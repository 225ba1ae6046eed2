//! `idpc show`: the effective configuration.

use crate::place::Place;

#[test]
fn one_service_in_one_environment() {
    let run = Place::workspace().idpc("show checkout --env prod");
    run.ends(0);
    assert_eq!(run.err, "");
    insta::assert_snapshot!(without_lines_of_the_library(&run.out));
}

#[test]
fn one_value_in_every_environment() {
    let run = Place::workspace().idpc("show checkout --field needs.orders.storage");
    run.ends(0);
    let lines: Vec<&str> = run.out.lines().collect();
    let [dev, prod] = lines.as_slice() else { panic!("{}", run.out) };
    assert!(
        dev.starts_with(
            "dev  = 50GiB   // services/checkout/service.idp:8; default 20GiB from std:/kinds/postgres.idp:"
        ),
        "{dev}"
    );
    assert!(prod.starts_with("prod = 200GiB  // overlay in prod, services/checkout/service.idp:16; entry 50GiB from services/checkout/service.idp:8; default 20GiB from std:/kinds/postgres.idp:"), "{prod}");
}

#[test]
fn a_part_is_shown_as_a_block() {
    let run = Place::workspace().idpc("show checkout --env prod --field calls");
    run.ends(0).prints("// in prod\ncalls {").prints("inventory {").prints("timeout  = 150ms");
    assert!(!run.out.contains("owner"), "{}", run.out);
}

#[test]
fn json_has_every_value_with_its_origin() {
    let run = Place::workspace().idpc("show checkout --field needs.orders.storage --format json");
    run.ends(0);
    let objects: Vec<serde_json::Value> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects.len(), 2);
    let prod = &objects[1];
    assert_eq!((prod["environment"].as_str(), prod["schema"].as_str()), (Some("prod"), Some("web")));
    let [field] = prod["fields"].as_array().unwrap().as_slice() else { panic!("{prod}") };
    assert_eq!(field["path"], serde_json::json!(["needs", "orders", "storage"]));
    assert_eq!(field["value"], "200GiB");
    let origin = &field["origin"];
    assert_eq!((origin["layer"].as_str(), origin["start"]["line"].as_u64()), (Some("overlay"), Some(16)));
    let overridden = origin["overridden"].as_array().unwrap();
    assert_eq!((overridden[0]["layer"].as_str(), overridden[0]["text"].as_str()), (Some("entry"), Some("50GiB")));
    assert_eq!((overridden[1]["layer"].as_str(), overridden[1]["text"].as_str()), (Some("default"), Some("20GiB")));
    assert_eq!(overridden[1]["file"], "std:/kinds/postgres.idp");

    let whole = Place::workspace().idpc("show checkout --env prod --format json");
    let whole: serde_json::Value = serde_json::from_str(&whole.out).unwrap();
    let port = whole["fields"].as_array().unwrap().iter().find(|field| field["path"] == serde_json::json!(["port"]));
    assert_eq!(port.unwrap()["value"], 8080);
}

#[test]
fn a_shared_resource_is_shown_too() {
    let place = Place::workspace();
    place.write("resources/news.idp", "resource news : topic {\n  owner = shop\n}\n");
    place.idpc("show news --env dev").ends(0).prints("resource news : topic {").prints("owner");
}

#[test]
fn a_service_that_an_environment_lacks() {
    let place = Place::workspace();
    place.idpc("show mail --env dev").ends(2).says("the service `mail` does not exist in `dev`");
    place.idpc("show mail --field memory").ends(0).prints("prod = 256MiB");
}

#[test]
fn errors_of_the_service_are_printed_instead_and_those_of_others_do_not_matter() {
    let place = Place::workspace();
    place.write(
        "services/mail/service.idp",
        "service mail : worker {\n  owner = shop\n  language = go\n  memry = 1GiB\n}\n",
    );
    place.idpc("show mail").ends(1).prints("error[IDP0301]").says("1 error");
    place.idpc("show checkout --env prod --field port").ends(0).prints("prod = 8080");
}

/// The library's lines move whenever its documentation grows, and the width of the comments with them.
fn without_lines_of_the_library(text: &str) -> String {
    let mut parts = text.split("std:/");
    let mut clean = parts.next().unwrap().to_owned();
    for part in parts {
        let (path, rest) = part.split_once(':').unwrap();
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        clean.push_str(&format!("std:/{path}:N{rest}"));
    }
    clean
}
