//! The objectives that a service states, as inputs of the arithmetic.

use std::sync::Arc;

use idpc_model::model::Environment;
use idpc_model::units::{Amount, Quantity};
use idpc_model::value::{Field, Record};

use crate::objective::{Bucket, Exact, Kind, Known, OPEN_TELEMETRY_SECONDS, ObjectiveInput, Outcome, bucket_known};

/// An objective with the field that states it.
pub struct Stated<'r> {
    /// The field.
    pub field: &'r Field,
    /// What the arithmetic made of it.
    pub outcome: Outcome,
}

/// Every objective of a service that can be measured: it has to listen on a port here.
#[must_use]
pub fn stated<'r>(environment: &Environment, name: &Arc<str>, record: &'r Record, known: &Known) -> Vec<Stated<'r>> {
    let measured = !record.value("port").is_none() && record.value("host").is_none();
    let Some(slo) = record.value("slo").as_record().filter(|_| measured) else { return Vec::new() };
    let mut kinds: Vec<(&'r Field, Kind)> = Vec::new();
    if let Some((field, quantity)) = slo.field("availability").and_then(quantity) {
        kinds.push((field, Kind::Availability { ratio: quantity.amount }));
    }
    if let Some(latency) = slo.value("latency").as_record() {
        for (quantile, percent) in [("p99", 99), ("p95", 95)] {
            if let Some((field, quantity)) = latency.field(quantile).and_then(quantity) {
                let quantile_percent = Amount::from_integer(percent);
                let threshold_seconds = measurable(quantity.amount);
                kinds.push((field, Kind::Latency { quantile_percent, threshold_seconds }));
            }
        }
    }
    kinds
        .into_iter()
        .map(|(field, kind)| Stated { field, outcome: known.outcome(input(environment, name, record, kind)) })
        .collect()
}

/// The threshold that a histogram can tell: the promised one if a bucket ends there, else the next stricter bound.
/// No query can separate requests just below the promise from those just above it; a stricter measure keeps it.
fn measurable(promised: Amount) -> Amount {
    match bucket_known(&promised, &OPEN_TELEMETRY_SECONDS) {
        Bucket::Known => promised,
        Bucket::Unknown { below: Some(bound), .. } | Bucket::Unknown { below: None, above: Some(bound) } => bound,
        Bucket::Unknown { below: None, above: None } => promised,
    }
}

fn quantity(field: &Field) -> Option<(&Field, &Quantity)> {
    Some((field, field.value.as_quantity()?))
}

fn input(environment: &Environment, name: &Arc<str>, record: &Record, kind: Kind) -> ObjectiveInput {
    let platform = &environment.world.platform;
    let seconds = |group: &str, field: &str, otherwise: i128| {
        let group = platform.value(group).as_record();
        let quantity = group.and_then(|group| group.value(field).as_quantity());
        quantity.map_or(Exact::from_integer(otherwise), |quantity| quantity.amount)
    };
    let period = seconds("slo", "period", 2_592_000) / Exact::from_integer(86_400);
    let scrape = seconds("metrics", "scrape_interval", 30);
    let whole = |amount: Exact| u32::try_from(amount.ceil().to_integer()).unwrap_or(u32::MAX);
    ObjectiveInput {
        service: name.to_string(),
        name_prefix: pascal(name),
        kind,
        period_days: whole(period),
        scrape_seconds: whole(scrape),
        traffic_per_second: record.value("traffic").as_quantity().map(|quantity| quantity.amount),
        tier: record.value("tier").as_str().unwrap_or("normal").to_owned(),
        team: record.value("owner").as_str().unwrap_or_default().to_owned(),
        environment: environment.name.to_string(),
    }
}

fn pascal(name: &str) -> String {
    name.split('-')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_between_two_buckets_is_measured_at_the_stricter_one() {
        assert_eq!(measurable(Amount::new(3, 10)), Amount::new(1, 4));
        assert_eq!(measurable(Amount::new(1, 2)), Amount::new(1, 2));
        assert_eq!(measurable(Amount::new(1, 1000)), Amount::new(5, 1000));
        assert_eq!(measurable(Amount::from_integer(60)), Amount::from_integer(10));
    }
}
