//! The objectives of services as nodes. What services that promise the same have in common is computed once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use idpc_graph::objective::{Known, Objective, Terms};
use idpc_graph::slo;
use idpc_model::model::{Declared, Environment};
use idpc_model::value::Record;

use super::objective::{Alike, objective_node};
use crate::node::Node;

/// What was computed for the services that came before.
#[derive(Default)]
pub struct Objectives {
    known: Known,
    alike: Mutex<BTreeMap<Terms, Arc<Alike>>>,
}

impl Objectives {
    /// Every objective of a service in an environment.
    #[must_use]
    pub fn list_of(&self, environment: &Environment, declared: &Declared, record: &Record) -> Vec<Node> {
        slo::stated(environment, &declared.name, record, &self.known)
            .into_iter()
            .filter_map(|stated| stated.outcome.objective)
            .map(|objective| objective_node(&objective, &self.alike(&objective)))
            .collect()
    }

    fn alike(&self, objective: &Objective) -> Arc<Alike> {
        let terms = Terms::from(&objective.input);
        let known = self.alike.lock().unwrap_or_else(PoisonError::into_inner).get(&terms).cloned();
        known.unwrap_or_else(|| {
            let alike = Arc::new(Alike::of(objective));
            self.alike.lock().unwrap_or_else(PoisonError::into_inner).insert(terms, alike.clone());
            alike
        })
    }
}
