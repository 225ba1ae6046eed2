//! Windows, burn factors and the floor of failures.

use num_traits::{CheckedDiv, CheckedMul, One, ToPrimitive};

use super::exact::Exact;
use super::span::Span;

const HOUR: u32 = 3_600;
const DAY: u32 = 86_400;

/// Below this period a ticket's factor would fall under 1, which is a burn that never spends the budget.
const USUAL_PERIOD: Span = Span::days(28);

/// Where the failures within a window are taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The counters themselves: exact and immediate, for windows that page within minutes.
    Counters,
    /// Means of the recorded base window: a few hundred samples instead of all raw ones.
    Recorded,
}

/// Two windows that have to burn at once: the long one says that it matters, the short one that it still goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The window that decides how much budget is at stake.
    pub long: Span,
    /// The window that ends the alert soon after the failures end.
    pub short: Span,
    /// How many times faster than allowed the budget burns.
    pub factor: Exact,
    /// The share of the usual traffic that fails at that factor: factor × budget.
    pub burn: Exact,
    /// Where the failures are counted.
    pub source: Source,
}

/// The times at which Prometheus scrapes and evaluates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Grid {
    /// Between two scrapes.
    pub(super) scrape: Span,
    /// Between two evaluations: a whole number of scrapes, at least 30 s.
    pub(super) interval: Span,
    /// The base window: a whole number of scrapes, at least four and at least a minute.
    pub(super) base: Span,
}

impl Grid {
    /// The caller has checked that `scrape_seconds` is neither zero nor longer than an evaluation may be.
    pub(super) fn new(scrape_seconds: u32) -> Self {
        let scrape = scrape_seconds.max(1);
        Self {
            scrape: Span::seconds(scrape),
            interval: Span::seconds(scrape * 30_u32.div_ceil(scrape)),
            // A window of a minute is seen by two evaluations, so none misses a failure.
            base: Span::seconds(scrape * 60_u32.div_ceil(scrape).max(4)),
        }
    }
}

/// The pairs that page and those that open a ticket.
///
/// The factor follows from the share of the period's budget that a window may spend: share × period ÷ window. For 30
/// days these are 14.4, 6, 3 and 1.
pub(super) fn pairs(budget: &Exact, period: Span, grid: &Grid) -> Option<([Pair; 2], [Pair; 2])> {
    let pair = |percent: i128, long: u32, short: u32, source: Source| -> Option<Pair> {
        let long = Span::seconds(long);
        let factor = Exact::new(percent, 100).checked_mul(&Exact::new(period.as_seconds(), long.as_seconds()))?;
        Some(Pair { long, short: Span::seconds(short), burn: factor.checked_mul(budget)?, factor, source })
    };
    let ticket = |percent: i128, long: u32, short: u32| -> Option<Pair> {
        let mut pair = pair(percent, long, short, Source::Recorded)?;
        if period < USUAL_PERIOD && pair.factor < Exact::one() {
            pair.factor = Exact::one();
            pair.burn = *budget;
        }
        Some(pair)
    };
    // With slow scrapes five minutes hold too few samples for a rate.
    let shortest = (5 * 60).max(grid.base.as_seconds().to_u32()?);
    let fast = [pair(2, HOUR, shortest, Source::Counters)?, pair(5, 6 * HOUR, HOUR / 2, Source::Recorded)?];
    let slow = [ticket(10, DAY, 2 * HOUR)?, ticket(10, 3 * DAY, 6 * HOUR)?];
    Some((fast, slow))
}

/// How many failures an alert needs, given how many the declared traffic allows in a period.
///
/// Two: one lost request is never an incident. A busy service needs more, a quarter of a percent of what it may lose:
/// the fastest page spends two percent, so this never delays it unless traffic is an eighth of what was declared. Never
/// more than ten, so that a total outage in a quiet hour is still seen.
pub(super) fn floor_events(budget_events: Option<&Exact>) -> u32 {
    budget_events
        .and_then(|events| events.checked_div(&Exact::from_integer(400)))
        .and_then(|share| share.to_integer().to_u32())
        .map_or(2, |share| share.clamp(2, 10))
}
