//! The objectives of a service, ready for arithmetic.

use idpc_graph::objective::Objective;
use idpc_model::model::Declared;
use idpc_model::value::Record;

use super::objective::objective_node;
use super::place::Place;
use crate::node::Node;

/// Every objective of a service in an environment.
#[must_use]
pub fn of(place: &Place<'_>, declared: &Declared, record: &Record) -> Vec<Objective> {
    idpc_graph::slo::stated(place.environment, &declared.name, record)
        .into_iter()
        .filter_map(|stated| stated.outcome.objective)
        .collect()
}

/// The same as nodes.
#[must_use]
pub fn list_of(place: &Place<'_>, declared: &Declared, record: &Record) -> Vec<Node> {
    of(place, declared, record).iter().map(objective_node).collect()
}
