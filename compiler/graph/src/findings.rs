//! Everything the graph has to say about a workspace.

use idpc_model::diagnostic::Diagnostic;
use idpc_model::model::Model;

use crate::graph::Graph;
use crate::objective::Known;
use crate::{calls, promises, silent, unique};

/// The findings of all environments, each in its own.
#[must_use]
pub fn findings(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let known = Known::default();
    for environment in &model.environments {
        let graph = Graph::new(model, environment);
        let mut here = calls::rings(&graph);
        here.extend(calls::unanswered(environment));
        here.extend(promises::findings(model, environment));
        here.extend(silent::findings(environment, &known));
        for finding in &mut here {
            finding.environments = vec![environment.name.to_string()];
        }
        found.extend(here);
    }
    found.extend(unique::findings(model));
    found
}
