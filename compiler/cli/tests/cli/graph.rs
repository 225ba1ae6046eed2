//! `idpc graph`: relations as text and for drawing programs.

use crate::place::Place;

#[test]
fn text_has_one_relation_a_line() {
    let run = Place::workspace().idpc("graph");
    run.ends(0);
    assert_eq!(run.err, "");
    insta::assert_snapshot!(run.out);
}

#[test]
fn environments_differ() {
    let place = Place::workspace();
    place.idpc("graph --env prod").prints("service mail");
    assert!(!place.idpc("graph --env dev").out.contains("service mail"));
    assert_eq!(place.idpc("graph").out, place.idpc("graph --env prod").out);
}

#[test]
fn focus_keeps_what_is_connected() {
    let place = Place::workspace();
    let run = place.idpc("graph --focus inventory");
    run.ends(0).prints("service checkout requires service inventory").prints("service checkout owned by team payments");
    assert!(!run.out.contains("mail") && !run.out.contains("orders"), "{}", run.out);
    let run = place.idpc("graph --focus checkout");
    run.prints("service checkout needs need checkout.orders").prints("service inventory owned by team shop");
}

#[test]
fn drawing_programs_get_their_own_forms() {
    let place = Place::workspace();
    let dot = place.idpc("graph --format dot");
    dot.ends(0).prints("digraph").prints("\"service checkout\" -> \"service inventory\" [label=\"requires\"]");
    let mermaid = place.idpc("graph --format mermaid");
    mermaid.ends(0).prints("graph LR").prints("service_checkout[\"service checkout\"] -->|requires| service_inventory");
}

#[test]
fn json_has_nodes_and_edges() {
    let run = Place::workspace().idpc("graph --format json");
    let object: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(object["environment"], "prod");
    let nodes = object["nodes"].as_array().unwrap();
    assert!(
        nodes.contains(&serde_json::json!({
            "id": "service mail",
            "kind": "service",
            "name": "mail",
            "schema": "worker",
        })),
        "{nodes:?}"
    );
    let need = serde_json::json!({
        "id": "need checkout.orders",
        "kind": "need",
        "service": "checkout",
        "name": "orders",
        "schema": "postgres",
    });
    assert!(nodes.contains(&need), "{nodes:?}");
    let edges = object["edges"].as_array().unwrap();
    let call = serde_json::json!({
        "from": "service checkout",
        "to": "service inventory",
        "relation": "requires",
        "file": "services/checkout/service.idp",
        "line": 12,
    });
    assert!(edges.contains(&call), "{edges:?}");
}

#[test]
fn a_broken_workspace_is_drawn_as_far_as_it_goes() {
    let place = Place::workspace();
    place.write("services/mail/service.idp", "service mail : worker {\n  owner = nobody\n  language = go\n}\n");
    let run = place.idpc("graph");
    run.ends(1).prints("service checkout requires service inventory").says("parts may be missing");
}

const MIGRATED: &str = "service ledger : web {\n  owner = payments, language = go, port = 8080\n  \
                        migrate = [\"/app\", \"migrate\"]\n  config { LEVEL = \"info\" }\n}\n";

#[test]
fn the_order_inside_of_each_application_is_that_of_the_files() {
    let place = Place::workspace();
    place.write("services/ledger.idp", MIGRATED);
    let run = place.idpc("graph --order --env prod --focus ledger");
    run.ends(0);
    insta::assert_snapshot!(run.out);
    // What is said is what Argo CD reads.
    place.idpc("build --env prod").ends(0);
    let files = ["workload", "network"].map(|file| place.read(&format!("out/envs/prod/ledger/app/{file}.yaml")));
    let written = files.concat();
    let waves = written.matches("argocd.argoproj.io/sync-wave: \"-1\"").count();
    assert_eq!(run.out.lines().filter(|line| line.trim_start().starts_with("-1 ")).count(), waves);
    assert_eq!(waves, 6, "{written}");

    let run = place.idpc("graph --order --env prod --format json");
    let told: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let applications = told["applications"].as_array().unwrap();
    let root = applications.iter().find(|one| one["name"] == "root-prod").unwrap();
    let first = &root["objects"][0];
    assert_eq!((first["wave"].as_i64(), first["kind"].as_str()), (Some(-20), Some("Namespace")));
    let mine = applications.iter().find(|one| one["name"] == "ledger-prod").unwrap();
    let hooks = mine["objects"].as_array().unwrap().iter().filter(|object| object["hook"] == true);
    assert_eq!(hooks.map(|hook| hook["name"].as_str()).collect::<Vec<_>>(), [Some("ledger/ledger-migrate")]);
    place.idpc("graph --order --format dot").ends(2).says("--order has the formats `text` and `json`");
}
