//! The graph of an environment as a drawing.

use idpc_graph::draw::{Form, draw};
use idpc_graph::graph::Graph;
use idpc_model::model::Model;

/// The graph of an environment, the last one if none is named, with the environment's name; `None` if there is none.
#[must_use]
pub fn mermaid(model: &Model, environment: Option<&str>) -> Option<(String, String)> {
    let found = match environment {
        Some(name) => model.environment(name)?,
        None => model.environments.last()?,
    };
    Some((found.name.to_string(), draw(&Graph::new(model, found), Form::Mermaid)))
}
