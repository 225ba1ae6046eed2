//! Outcomes that were computed already: most services of a workspace promise one of a few things.
//!
//! It saves time only. An outcome is the same whether it is found here or computed.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::{Exact, Kind, Objective, ObjectiveInput, Outcome};

/// What the numbers of an objective follow from; all else of an input is names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Terms {
    kind: Kind,
    period_days: u32,
    scrape_seconds: u32,
    traffic_per_second: Option<Exact>,
}

impl From<&ObjectiveInput> for Terms {
    fn from(input: &ObjectiveInput) -> Self {
        let ObjectiveInput { kind, period_days, scrape_seconds, traffic_per_second, .. } = input;
        Self {
            kind: kind.clone(),
            period_days: *period_days,
            scrape_seconds: *scrape_seconds,
            traffic_per_second: *traffic_per_second,
        }
    }
}

/// Outcomes by their terms.
#[derive(Debug, Default)]
pub struct Known(Mutex<BTreeMap<Terms, Outcome>>);

impl Known {
    /// What [`Objective::new`] makes of an input.
    #[must_use]
    pub fn outcome(&self, input: ObjectiveInput) -> Outcome {
        let terms = Terms::from(&input);
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&terms).cloned();
        if let Some(Outcome { objective, findings }) = known {
            return Outcome { objective: objective.map(|objective| objective.renamed(input)), findings };
        }
        // Computed without the lock; two threads that compute the same find the same.
        let outcome = Objective::new(input);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(terms, outcome.clone());
        outcome
    }
}
