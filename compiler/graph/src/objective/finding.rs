//! What can be said about an objective before anything runs.

use num_traits::{CheckedSub, One, Zero};

use super::exact::Exact;
use super::span::Span;
use super::windows::Pair;

/// The longest time between two scrapes: rules are evaluated as rarely, and above five minutes series have gaps.
const SLOWEST_SCRAPE: u32 = 300;

/// A fact about an objective that its author should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// 100 % (or more): no failure is ever allowed, so there is nothing to alert on before it is too late.
    NoBudget,
    /// 0 % (or less): nothing is promised.
    NoPromise,
    /// A pair of windows can never fire: even if every request fails, the budget does not burn so fast.
    NeverFires {
        /// The long window of the pair.
        window: Span,
        /// The burn factor of the pair.
        factor: Exact,
        /// The pair fires only for objectives above this share.
        least_ratio: Exact,
    },
    /// A page would be sent for a burn that the budget allows, because the period is too short for its window.
    PeriodTooShort {
        /// The period.
        period: Span,
        /// The window that does not fit.
        window: Span,
    },
    /// The declared traffic allows so few failures that each of them is a large part of the budget.
    FewFailures {
        /// How many failures the period's budget holds at the declared traffic; less than ten.
        allowed: Exact,
    },
    /// The time between two scrapes is zero, or so long that rules would have gaps.
    ScrapeOutOfRange {
        /// The longest that works, in seconds.
        longest_seconds: u32,
    },
    /// A number has too many digits to be computed exactly.
    OutOfRange,
}

impl Finding {
    /// Whether the objective cannot be alerted on as it is written.
    #[must_use]
    pub fn is_error(&self) -> bool {
        match self {
            Self::NoBudget
            | Self::NoPromise
            | Self::NeverFires { .. }
            | Self::PeriodTooShort { .. }
            | Self::ScrapeOutOfRange { .. }
            | Self::OutOfRange => true,
            Self::FewFailures { .. } => false,
        }
    }
}

/// Objectives at the ends of the scale.
pub(super) fn of_ratio(ratio: &Exact) -> Option<Finding> {
    if *ratio >= Exact::one() {
        Some(Finding::NoBudget)
    } else if *ratio <= Exact::zero() {
        Some(Finding::NoPromise)
    } else {
        None
    }
}

/// Scrapes that are too rare for rules.
pub(super) fn of_scrape(seconds: u32) -> Option<Finding> {
    (seconds == 0 || seconds > SLOWEST_SCRAPE).then_some(Finding::ScrapeOutOfRange { longest_seconds: SLOWEST_SCRAPE })
}

/// Windows that can never fire, or that do not fit into the period.
pub(super) fn of_windows(fast: &[Pair; 2], slow: &[Pair; 2], period: Span) -> Vec<Finding> {
    let mut findings = Vec::new();
    for pair in fast {
        if pair.factor <= Exact::one() {
            findings.push(Finding::PeriodTooShort { period, window: pair.long });
        }
    }
    for pair in fast.iter().chain(slow) {
        if pair.long.as_seconds() * 2 > period.as_seconds() {
            findings.push(Finding::PeriodTooShort { period, window: pair.long });
        }
        if pair.burn >= Exact::one()
            && let Some(least_ratio) = Exact::one().checked_sub(&pair.factor.recip())
        {
            findings.push(Finding::NeverFires { window: pair.long, factor: pair.factor, least_ratio });
        }
    }
    findings
}

/// Budgets of very few failures.
pub(super) fn of_events(events: &Exact) -> Option<Finding> {
    (*events < Exact::from_integer(10)).then_some(Finding::FewFailures { allowed: *events })
}
