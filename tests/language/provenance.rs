//! Where values come from, and what keeps its name in the cloud.

use std::collections::BTreeSet;

use idpc_model::value::{Field, Layer, Value};
use idpc_testing::program::{Depth, Ground, Outcome, Program};

fn compiled(text: &str) -> Outcome {
    let files = [(String::from("main.idp"), text.to_owned())];
    let outcome = Program::of_files(files).unwrap().compile(&Ground::Library, Depth::Model).unwrap();
    let found: Vec<&str> = outcome.findings.iter().map(|finding| finding.short.as_str()).collect();
    assert!(found.is_empty(), "{found:#?}");
    outcome
}

/// A field of the service `x` in production.
fn field(outcome: &Outcome, path: &[&str]) -> Field {
    let services = &outcome.analysis.model.environment("prod").unwrap().services;
    let mut value = Value::Record(services.get("x").unwrap().clone());
    let mut found = None;
    for step in path {
        let field = match &value {
            Value::Record(record) => record.field(step).cloned(),
            other => other.entries().iter().find(|(key, _)| &**key == *step).map(|(_, field)| field.clone()),
        };
        value = field.as_ref().unwrap().value.clone();
        found = field;
    }
    found.unwrap()
}

#[test]
fn each_layer_is_named_with_what_it_overrode() {
    let outcome = compiled(
        r#"
        schema job : worker {
          labels = if env.stage == production then { a = "1", b = "2" } else {}
          annotations = { c = "3", d = "4" }
        }
        extend job { memory = 1GiB }
        team t {}
        service x : job {
          owner    = t
          language = go
          cpu      = 1
          labels.b      = "5"
          annotations.d = "6"
          in prod { cpu = 2 }
        }
        "#,
    );
    let layer = |path: &[&str]| field(&outcome, path).origin.layer;
    let below = |path: &[&str]| field(&outcome, path).origin.overridden.into_iter().map(|(layer, _)| layer);
    let job = || Layer::Default("job".into());
    assert_eq!(layer(&["labels", "a"]), job(), "an entry of a computed default");
    assert_eq!(layer(&["annotations", "c"]), job(), "an entry of a written default");
    assert_eq!((layer(&["labels", "b"]), below(&["labels", "b"]).collect()), (Layer::Entry, vec![job()]));
    assert_eq!((layer(&["annotations", "d"]), below(&["annotations", "d"]).collect()), (Layer::Entry, vec![job()]));
    assert_eq!(layer(&["memory"]), Layer::Extension("job".into()));
    assert_eq!(layer(&["cpu"]), Layer::Overlay);
    assert_eq!(below(&["cpu"]).next(), Some(Layer::Entry));
    assert_eq!(layer(&["schedule"]), Layer::Unset);
}

/// What holds data, by environment and physical name.
fn durables(outcome: &Outcome) -> BTreeSet<(String, String)> {
    let emission = outcome.host.emit(&outcome.analysis.model, None);
    let of_unit = |unit: &idpc_emit::artifact::UnitInfo| {
        let env = unit.unit.env().unwrap_or_default().to_owned();
        unit.durables.iter().map(move |item| (env.clone(), item.physical.clone())).collect::<Vec<_>>()
    };
    emission.units.iter().flat_map(of_unit).collect()
}

#[test]
fn a_service_that_moves_takes_its_data_along() {
    let body = "{ owner = t, language = go, needs { db = postgres {}, jobs = queue {}, files = bucket {} } }";
    let before = compiled(&format!("team t {{}}\nservice old : worker {body}"));
    let renamed = body.replace("files", "papers");
    let after = compiled(&format!(
        "team t {{}}\nservice new : worker {renamed}\nmoved new {{ from = middle }}\nmoved middle {{ from = old }}\n\
         moved new.needs.papers {{ from = old.needs.files }}"
    ));
    let unmoved = compiled(&format!("team t {{}}\nservice new : worker {body}"));
    assert!(durables(&before).len() >= 9, "{:?}", durables(&before));
    assert_eq!(durables(&before), durables(&after));
    assert_ne!(durables(&before), durables(&unmoved));
}
