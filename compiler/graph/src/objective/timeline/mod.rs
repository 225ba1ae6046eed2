//! What the generated tests of an objective expect, and when: computed from the same numbers as its rules.
//!
//! Each scenario is a course of good and failed requests on the grid of scrapes, with the evaluations at which an alert
//! must fire or be silent. The courses are simulated with exact arithmetic (`course`, `judge`), under both conventions
//! that Prometheus has had for the start of a window, so a generated test holds with any version of it.

mod course;
mod judge;
mod plan;

pub(super) use course::Counts;
pub(super) use plan::Plan;

use super::exact::Exact;
use super::span::Span;

/// The tests of one objective.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// Between two samples of the input series.
    pub scrape: Span,
    /// Between two evaluations of the rules.
    pub interval: Span,
    /// In the order in which they are written.
    pub scenarios: Vec<Scenario>,
}

impl Timeline {
    /// How much time all scenarios simulate together.
    #[must_use]
    pub fn simulated(&self) -> Span {
        let seconds = self.scenarios.iter().map(Scenario::last_check);
        Span::seconds(
            seconds.fold(0, |sum, span| sum.saturating_add(u32::try_from(span.as_seconds()).unwrap_or(u32::MAX))),
        )
    }
}

/// One course of events and what must come of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// What happens.
    pub kind: ScenarioKind,
    /// The share of requests that fail while something fails.
    pub share: Exact,
    /// How many digits of the increments stand behind the point.
    pub decimals: usize,
    /// The course: the first phase begins at zero, each next one goes on from where the last one ended. After the last
    /// one the series are gone.
    pub phases: Vec<Phase>,
    /// When which alert must fire or be silent, in order of time.
    pub alerts: Vec<AlertCheck>,
    /// What recorded series must hold.
    pub values: Vec<ValueCheck>,
}

impl Scenario {
    /// The time of the last check.
    #[must_use]
    pub fn last_check(&self) -> Span {
        let alerts = self.alerts.iter().map(|check| check.at);
        let values = self.values.iter().map(|check| check.at);
        alerts.chain(values).max().unwrap_or(Span::seconds(0))
    }
}

/// What happens in a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScenarioKind {
    /// Half of the allowed failures happen: nothing fires.
    Healthy,
    /// Nothing has failed yet, so that there may be no series of failures at all: nothing fires.
    NoFailures,
    /// An outage and its end: the page and the spent budget come at a known evaluation, and the page goes again.
    Outage,
    /// A burn that only a ticket is worth.
    SlowBurn,
    /// Requests stop coming while the process lives: nothing fires and nothing becomes undefined.
    Idle,
    /// The measurements disappear.
    Vanished,
    /// Single failures at the declared traffic, or at little traffic if none is declared: only enough of them fire.
    FewFailures,
}

/// A stretch of time with steady traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phase {
    /// How many samples it lasts.
    pub samples: u32,
    /// How many good requests come between two samples, in units of the scenario's last decimal.
    pub good: i128,
    /// How many failed requests come between two samples, in the same unit.
    pub bad: i128,
}

/// An alert at one evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlertCheck {
    /// When.
    pub at: Span,
    /// Which alert.
    pub alert: AlertKind,
    /// Whether it must fire; else it must be silent.
    pub fires: bool,
}

/// The four alerts of an objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlertKind {
    /// Failures that would spend the budget within days.
    BurnFast,
    /// Failures that would spend the budget before its period ends.
    BurnSlow,
    /// Nothing is measured.
    Absent,
    /// The budget of the period is spent.
    BudgetSpent,
}

impl AlertKind {
    /// All four, in the order of the rules.
    pub const ALL: [Self; 4] = [Self::BurnFast, Self::BurnSlow, Self::Absent, Self::BudgetSpent];

    /// How the alert's name ends.
    #[must_use]
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::BurnFast => "BurnFast",
            Self::BurnSlow => "BurnSlow",
            Self::Absent => "Absent",
            Self::BudgetSpent => "BudgetSpent",
        }
    }
}

/// A recorded series at one evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueCheck {
    /// When.
    pub at: Span,
    /// What it must hold.
    pub kind: ValueKind,
}

/// What a recorded series must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Half of the budget is left.
    HalfLeft,
    /// The rate of failures is zero, not missing.
    NoneFailed,
}
