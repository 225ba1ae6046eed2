//! Counters on the grid of scrapes, and Prometheus' `rate()` of them.
//!
//! `rate()` extrapolates what it sees to the whole window. For counters that begin at zero, which ours do, that leaves
//! two cases: the window reaches back to the beginning (then the increase is the last value), or it is full.

use super::super::windows::Grid;
use super::Phase;

/// Whether a sample exactly at the start of a window belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Boundary {
    /// It does, up to Prometheus 2.
    Closed,
    /// It does not, from Prometheus 3 on.
    Open,
}

/// A number of requests as an exact fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fraction {
    pub(super) numerator: i128,
    /// Positive.
    pub(super) denominator: i128,
}

impl Fraction {
    fn combined(self, sign: i128, other: Self) -> Option<Self> {
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?.checked_mul(sign)?;
        Some(Self {
            numerator: left.checked_add(right)?,
            denominator: self.denominator.checked_mul(other.denominator)?,
        })
    }

    /// The same in units of 1/`scale`, rounded towards zero (exact for the scales used here).
    pub(super) fn scaled(self, scale: i128) -> Option<i128> {
        Some(self.numerator.checked_mul(scale)? / self.denominator)
    }
}

/// A counter that is a straight line in each phase.
#[derive(Debug)]
struct Counter {
    /// The sample at which a line begins, the value there, and the increment for each later sample.
    lines: Vec<(i128, i128, i128)>,
}

impl Counter {
    fn new(phases: &[Phase], increment: impl Fn(&Phase) -> i128) -> Self {
        let mut lines = Vec::with_capacity(phases.len());
        let (mut sample, mut value) = (0, 0);
        for phase in phases {
            let step = increment(phase);
            lines.push((sample, value, step));
            sample += i128::from(phase.samples);
            value += step * i128::from(phase.samples);
        }
        Self { lines }
    }

    /// The phase after a sample.
    fn line_at(&self, sample: i128) -> Option<&(i128, i128, i128)> {
        self.lines.iter().rev().find(|(start, ..)| *start <= sample)
    }

    fn at(&self, sample: i128) -> i128 {
        self.line_at(sample).map_or(0, |(start, value, step)| value + (sample - start) * step)
    }

    /// The increase over the window that ends at second `end`, which is the second of a sample.
    fn increase(&self, end: i128, window: i128, scrape: i128, side: Boundary) -> Option<Fraction> {
        let start = end - window;
        let first = match side {
            Boundary::Closed => (start + scrape - 1).div_euclid(scrape),
            Boundary::Open => start.div_euclid(scrape) + 1,
        }
        .max(0);
        let last = end.div_euclid(scrape);
        if first >= last {
            return None;
        }
        let (low, high) = (self.at(first), self.at(last));
        let seen = (last - first) * scrape;
        let before = first * scrape - start;
        // The counter is not taken to have been below zero before its first sample in the window.
        if low.checked_mul(seen)? < before.checked_mul(high - low)? {
            return Some(Fraction { numerator: high, denominator: 1 });
        }
        Some(Fraction { numerator: (high - low).checked_mul(seen + before.min(scrape))?, denominator: seen })
    }
}

/// What an application counts besides all of its requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::objective) enum Counts {
    /// The failed ones: errors by status.
    Failures,
    /// The good ones, so that the failed ones are the rest: requests below a bucket's bound.
    Successes,
}

/// The counters of a scenario.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) scrape: i128,
    pub(super) interval: i128,
    pub(super) base: i128,
    good: Counter,
    bad: Counter,
    total: Counter,
    counts: Counts,
    /// What one request counts.
    pub(super) unit: i128,
}

impl Course {
    pub(super) fn new(phases: &[Phase], unit: i128, grid: &Grid, counts: Counts) -> Self {
        Self {
            scrape: grid.scrape.as_seconds(),
            interval: grid.interval.as_seconds(),
            base: grid.base.as_seconds(),
            good: Counter::new(phases, |phase| phase.good),
            bad: Counter::new(phases, |phase| phase.bad),
            total: Counter::new(phases, |phase| phase.good + phase.bad),
            counts,
            unit,
        }
    }

    /// Whether the base windows of this evaluation and the one before lie within one phase, so that both see the same.
    pub(super) fn is_steady(&self, step: i128) -> bool {
        let end = step * self.interval / self.scrape;
        let start = ((step - 1) * self.interval - self.base).div_euclid(self.scrape);
        start >= 0 && self.good.line_at(start) == self.good.line_at(end - 1)
    }

    /// All requests and failed requests within a window, as `rate()` times its length sees them at an evaluation.
    pub(super) fn seen(&self, step: i128, window: i128, side: Boundary) -> Option<[Fraction; 2]> {
        let end = step * self.interval;
        let of = |counter: &Counter| counter.increase(end, window, self.scrape, side);
        let good = of(&self.good)?;
        if self.counts == Counts::Failures {
            let bad = of(&self.bad)?;
            Some([good.combined(1, bad)?, bad])
        } else {
            let total = of(&self.total)?;
            Some([total, total.combined(-1, good)?])
        }
    }
}
