//! Paths and values as they are written.

use std::sync::Arc;

use idpc_model::value::{Output, Piece, Value};

use super::listing::written;
use super::path::Place;

#[test]
fn paths_have_pieces_and_pieces_may_be_quoted() {
    assert_eq!(Place::read("needs.orders.storage").0, ["needs", "orders", "storage"]);
    assert_eq!(Place::read("annotations.\"prometheus.io/scrape\"").0, ["annotations", "prometheus.io/scrape"]);
    assert_eq!(Place::read("owner").0, ["owner"]);
}

#[test]
fn values_are_written_as_in_a_program() {
    let output = Arc::new(Output { entry: "orders".into(), name: "host".into(), secret: false });
    assert_eq!(written(&Value::Output(output.clone())), "needs.orders.host");
    let text = Value::Text(Arc::new(vec![Piece::Text("a\"$".into()), Piece::Output(output)]));
    assert_eq!(written(&text), "\"a\\\"\\$${needs.orders.host}\"");
    assert_eq!(written(&Value::Str("é\n\u{7}".into())), "\"é\\n\\u{7}\"");
    let list = Value::List(Arc::new(vec![Value::Int(1), Value::Bool(true), Value::None]));
    assert_eq!(written(&list), "[1, true, none]");
    assert_eq!(written(&Value::Range(3, 12)), "3..12");
}
