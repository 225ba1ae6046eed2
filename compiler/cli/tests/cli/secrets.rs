//! `idpc secrets`: the keys that wait for a value.

use crate::place::Place;

fn place() -> Place {
    let place = Place::workspace();
    place.write(
        "services/pay/service.idp",
        "service pay : worker {\n  owner = payments\n  language = go\n  needs {\n    stripe = secret { key = \"pay/stripe\" }\n    \
         made = secret { generate = 32 }\n  }\n}\n\nservice refund : worker {\n  owner = payments\n  language = go\n  \
         needs { card = secret { key = \"pay/stripe\" }, mail = secret { key = \"pay/mail\" } }\n}\n",
    );
    place
}

#[test]
fn each_key_comes_with_its_readers_and_its_command() {
    let run = place().idpc("secrets --env prod");
    run.ends(0);
    insta::assert_snapshot!(run.out);
    assert_eq!(run.err, "2 keys of prod without a value\n");
}

#[test]
fn what_the_store_has_is_left_out() {
    let place = place();
    place.write("names", "prod/pay/mail\tother\nprod/pay/stripe\n");
    let run = place.idpc("secrets --env prod --existing names");
    run.ends(0);
    assert_eq!((run.out.as_str(), run.err.as_str()), ("", "no secret of prod waits for a value\n"));
    place.idpc("secrets --env dev --existing names").ends(0).prints("dev/pay/mail").prints("dev/pay/stripe");
    place.idpc("secrets --env prod --existing nowhere").ends(3);
}

#[test]
fn programs_read_json() {
    let run = place().idpc("secrets --env prod --format json");
    let first: serde_json::Value = serde_json::from_str(run.out.lines().next().unwrap()).unwrap();
    assert_eq!(first["key"], "prod/pay/mail");
    assert_eq!(first["readers"], serde_json::json!([{ "service": "refund", "need": "mail" }]));
    assert_eq!(run.out.lines().count(), 2);
}

#[test]
fn vault_has_a_command_of_its_own() {
    let place = place();
    let platform = place.read("platform/platform.idp");
    let with =
        "secrets {\n    store = vault\n    vault { server = \"https://vault.acme.dev\", path = \"team kv\" }\n  }\n";
    place.write("platform/platform.idp", &platform.replacen("{\n", &format!("{{\n  {with}"), 1));
    place.idpc("secrets --env prod").ends(0).prints("vault kv put -mount='team kv' prod/pay/mail value=-");
}

#[test]
fn an_unknown_environment_is_no_list() {
    place().idpc("secrets --env prd").ends(2).says("did you mean `prod`?");
}
