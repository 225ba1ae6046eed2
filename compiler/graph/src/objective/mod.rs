//! The arithmetic of one objective: from "99.9 % over 30 days" to every number that alert rules and their tests need.
//!
//! All of it is exact: rationals in, decimals out, no floating point. It knows nothing of metric names or file
//! formats; a target turns the numbers into rules. Nothing here reads the model: the caller fills [`ObjectiveInput`].

mod buckets;
mod exact;
mod finding;
mod known;
mod span;
mod timeline;
mod windows;

#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::sync::Arc;

use num_traits::{CheckedDiv, CheckedMul, CheckedSub, One, Zero};

pub use buckets::{Bucket, OPEN_TELEMETRY_SECONDS, bucket_known};
pub use exact::{Exact, decimal};
pub use finding::Finding;
pub use known::{Known, Terms};
pub use span::Span;
pub use timeline::{AlertCheck, AlertKind, Phase, Scenario, ScenarioKind, Timeline, ValueCheck, ValueKind};
pub use windows::{Pair, Source};

/// What an objective promises.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A share of requests succeeds.
    Availability {
        /// The share, such as 999/1000.
        ratio: Exact,
    },
    /// A share of requests is answered within a time.
    Latency {
        /// The share in percent, such as 99.
        quantile_percent: Exact,
        /// The time in seconds, such as 1/2.
        threshold_seconds: Exact,
    },
}

/// What the model says about one objective of one service in one environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectiveInput {
    /// The service's name, such as `checkout`.
    pub service: String,
    /// What the names of its alerts begin with: the service's name in Pascal case, such as `Checkout`.
    pub name_prefix: String,
    /// What is promised.
    pub kind: Kind,
    /// The time over which it is measured.
    pub period_days: u32,
    /// How often Prometheus asks each process.
    pub scrape_seconds: u32,
    /// The load that the service declares, in requests per second.
    pub traffic_per_second: Option<Exact>,
    /// The service's tier.
    pub tier: String,
    /// The team that is alerted.
    pub team: String,
    /// The environment.
    pub environment: String,
}

/// Everything that the rules of one objective, their tests and its runbook are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objective {
    /// What it was computed from.
    pub input: ObjectiveInput,
    /// `availability` or `latency-p99`.
    pub name: String,
    /// The name in Pascal case: `Availability`, `LatencyP99`.
    pub pascal: String,
    /// The service and the name: `checkout-availability`.
    pub id: String,
    /// The share that is promised, such as 999/1000.
    pub ratio: Exact,
    /// The share that may fail: 1 − ratio.
    pub budget: Exact,
    /// The time over which it is measured.
    pub period: Span,
    /// How often the rules are evaluated.
    pub interval: Span,
    /// How often the rules over the whole period are evaluated: they are the expensive ones and change slowly.
    pub budget_interval: Span,
    /// The shortest window: four scrapes, and at least a minute.
    pub base: Span,
    /// The pairs of windows that page, shortest first.
    pub fast: [Pair; 2],
    /// The pairs of windows that open a ticket, shortest first.
    pub slow: [Pair; 2],
    /// How many failures it takes for any burn alert, at least 2.
    pub floor_events: u32,
    /// How long measurements may be missing before somebody is paged.
    pub absent_for: Span,
    /// How long the budget must be spent before a ticket is opened.
    pub spent_for: Span,
    /// What the generated tests expect, and when.
    pub timeline: Arc<Timeline>,
}

/// An objective, if there can be one, and what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Present unless a finding is an error.
    pub objective: Option<Objective>,
    /// Errors and remarks, in a fixed order.
    pub findings: Vec<Finding>,
}

impl Objective {
    /// Computes an objective. The same input always gives the same outcome; nothing else is read.
    #[must_use]
    #[expect(clippy::new_ret_no_self, reason = "an objective never comes without what is to be said about it")]
    pub fn new(input: ObjectiveInput) -> Outcome {
        let mut findings = Vec::new();
        let objective = Self::compute(input, &mut findings);
        if objective.is_none() && !findings.iter().any(Finding::is_error) {
            findings.push(Finding::OutOfRange);
        }
        let objective = objective.filter(|_| !findings.iter().any(Finding::is_error));
        Outcome { objective, findings }
    }

    /// `None` if a number does not fit, or after an error that leaves nothing to compute.
    fn compute(input: ObjectiveInput, findings: &mut Vec<Finding>) -> Option<Self> {
        let ratio = promised(&input.kind)?;
        if let Some(finding) = finding::of_ratio(&ratio) {
            findings.push(finding);
            return None;
        }
        let budget = Exact::one().checked_sub(&ratio)?;
        if let Some(finding) = finding::of_scrape(input.scrape_seconds) {
            findings.push(finding);
            return None;
        }
        let grid = windows::Grid::new(input.scrape_seconds);
        let period = Span::days(input.period_days);
        let (fast, slow) = windows::pairs(&budget, period, &grid)?;
        findings.extend(finding::of_windows(&fast, &slow, period));
        let events = budget_events(&input, &budget, period)?;
        findings.extend(events.as_ref().and_then(finding::of_events));
        if findings.iter().any(Finding::is_error) {
            return None;
        }
        let floor_events = windows::floor_events(events.as_ref());
        let absent_for = Span::seconds(600.max(2 * input.scrape_seconds));
        let spent_for = Span::seconds(300);
        let timeline = timeline::Plan {
            budget: &budget,
            fast: &fast,
            slow: &slow,
            grid: &grid,
            floor_events,
            absent_for,
            spent_for,
            traffic_per_second: input.traffic_per_second.as_ref(),
            counts: match input.kind {
                Kind::Availability { .. } => timeline::Counts::Failures,
                Kind::Latency { .. } => timeline::Counts::Successes,
            },
        }
        .timeline()?;
        let (name, pascal) = names(&input.kind);
        Some(Self {
            id: id(&input, &name),
            name,
            pascal,
            ratio,
            budget,
            period,
            interval: grid.interval,
            budget_interval: grid.interval.max(Span::seconds(120)),
            base: grid.base,
            fast,
            slow,
            floor_events,
            absent_for,
            spent_for,
            timeline: Arc::new(timeline),
            input,
        })
    }

    /// The objective of another service that promises the same.
    fn renamed(self, input: ObjectiveInput) -> Self {
        Self { id: id(&input, &self.name), input, ..self }
    }

    /// The name of one of its four alerts, such as `CheckoutAvailabilityBurnFast`.
    #[must_use]
    pub fn alert_name(&self, kind: AlertKind) -> String {
        format!("{}{}{}", self.input.name_prefix, self.pascal, kind.suffix())
    }

    /// What a window's count of failures must exceed: half an event below the floor, because counts are estimates.
    #[must_use]
    pub fn floor(&self) -> Exact {
        Exact::new(2 * i128::from(self.floor_events) - 1, 2)
    }

    /// The time within which requests have to be answered, for a latency objective.
    #[must_use]
    pub fn threshold_seconds(&self) -> Option<&Exact> {
        match &self.input.kind {
            Kind::Availability { .. } => None,
            Kind::Latency { threshold_seconds, .. } => Some(threshold_seconds),
        }
    }

    /// The windows that are measured from the counters themselves.
    #[must_use]
    pub fn raw_windows(&self) -> Vec<Span> {
        let [first, _] = &self.fast;
        // With slow scrapes the shortest window is the base window, which is measured already.
        let short = Some(first.short).filter(|short| *short != self.base);
        short.into_iter().chain([first.long]).collect()
    }

    /// The windows that are means of the base window, shortest first.
    #[must_use]
    pub fn mean_windows(&self) -> Vec<Span> {
        let [_, second] = &self.fast;
        let mut windows: Vec<Span> =
            [second].into_iter().chain(&self.slow).flat_map(|pair| [pair.short, pair.long]).collect();
        windows.sort_unstable();
        windows.dedup();
        windows
    }
}

fn id(input: &ObjectiveInput, name: &str) -> String {
    format!("{}-{name}", input.service)
}

/// The share of good requests that a kind promises.
fn promised(kind: &Kind) -> Option<Exact> {
    match kind {
        Kind::Availability { ratio } => Some(*ratio),
        Kind::Latency { quantile_percent, .. } => quantile_percent.checked_div(&Exact::from_integer(100)),
    }
}

/// The name of an objective, and the same in Pascal case.
fn names(kind: &Kind) -> (String, String) {
    match kind {
        Kind::Availability { .. } => ("availability".to_owned(), "Availability".to_owned()),
        Kind::Latency { quantile_percent, .. } => {
            // 99.9 % is written p999, as is usual: neither names nor alerts may hold a point.
            let mut digits = decimal(quantile_percent);
            digits.retain(|c| c.is_ascii_digit());
            let mut name = "latency-p".to_owned();
            let mut pascal = "LatencyP".to_owned();
            // Writing to a string cannot fail.
            let _ = write!(name, "{digits}");
            let _ = write!(pascal, "{digits}");
            (name, pascal)
        }
    }
}

/// How many failures the declared traffic allows in a period; `Some(None)` if none is declared.
fn budget_events(input: &ObjectiveInput, budget: &Exact, period: Span) -> Option<Option<Exact>> {
    let Some(traffic) = &input.traffic_per_second else {
        return Some(None);
    };
    if traffic.is_zero() {
        return Some(None);
    }
    let requests = traffic.checked_mul(&Exact::from_integer(period.as_seconds()))?;
    Some(Some(requests.checked_mul(budget)?))
}
