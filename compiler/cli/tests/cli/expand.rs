//! `idpc expand`: what services ask the cloud for.

use crate::place::Place;

#[test]
fn the_resources_of_a_service_are_printed_one_document_each() {
    let place = Place::workspace();
    let run = place.idpc("expand --service checkout --env prod");
    run.ends(0).prints("# prod: Postgres checkout/checkout-orders, instance\n").prints("kind: Instance\n");
    assert_eq!(run.err, "");
    assert!(!run.out.contains("# dev: "), "{}", run.out);
    assert_eq!(run.out.matches("\n---\n").count() + 1, run.out.matches("apiVersion: ").count());
    let both = place.idpc("expand --service checkout");
    both.ends(0).prints("# dev: Postgres checkout/").prints("# prod: Postgres checkout/");
}

#[test]
fn a_program_reads_one_object_a_line() {
    let run = Place::workspace().idpc("expand --env prod --format json");
    run.ends(0);
    for line in run.out.lines() {
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(object["environment"], "prod");
        assert!(object["claim"].is_string() && object["part"].is_string(), "{line}");
        assert!(object["object"].is_object() != object["waits_for"].is_string(), "{line}");
    }
}

#[test]
fn what_does_not_exist_is_wrong_usage() {
    let place = Place::workspace();
    let run = place.idpc("expand --service chekout");
    run.ends(2);
    assert!(run.err.contains("did you mean `checkout`?"), "{}", run.err);
    place.idpc("expand --env nowhere").ends(2);
}
