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

#[cfg(test)]
mod tests {
    use super::*;

    fn input(service: &str, availability: Exact, traffic: Option<i128>) -> ObjectiveInput {
        ObjectiveInput {
            service: service.to_owned(),
            name_prefix: service.to_owned(),
            kind: Kind::Availability { ratio: availability },
            period_days: 30,
            scrape_seconds: 30,
            traffic_per_second: traffic.map(Exact::from_integer),
            tier: "high".to_owned(),
            team: "payments".to_owned(),
            environment: "prod".to_owned(),
        }
    }

    #[test]
    fn what_is_known_is_what_would_be_computed() {
        let known = Known::default();
        let promises = [Exact::new(999, 1000), Exact::new(99, 100), Exact::new(1, 2), Exact::new(3, 2)];
        for availability in promises {
            for (service, traffic) in [("cart", None), ("checkout", None), ("fraud", Some(5)), ("mail", Some(5))] {
                let input = input(service, availability, traffic);
                assert_eq!(known.outcome(input.clone()), Objective::new(input), "{service} {availability}");
            }
        }
    }
}
