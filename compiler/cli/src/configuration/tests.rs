//! Paths as they are written.

use super::path::Place;

#[test]
fn paths_have_pieces_and_pieces_may_be_quoted() {
    assert_eq!(Place::read("needs.orders.storage").0, ["needs", "orders", "storage"]);
    assert_eq!(Place::read("annotations.\"prometheus.io/scrape\"").0, ["annotations", "prometheus.io/scrape"]);
    assert_eq!(Place::read("owner").0, ["owner"]);
}
