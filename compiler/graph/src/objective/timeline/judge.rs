//! Whether an alert fires at an evaluation of a simulated course.

use super::super::exact::Exact;
use super::super::windows::{Pair, Source};
use super::AlertKind;
use super::course::{Boundary, Course, Fraction};
use super::plan::Plan;

/// Comparisons closer than one part in this many could go either way in floating point.
const NEAR: i128 = 1_000_000;

/// Whether an alert fires, over all versions of Prometheus and all roundings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Fires,
    Silent,
    /// It depends on the version, or on a rounding.
    Open,
}

/// Which way a close comparison is taken to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lean {
    Eager,
    Reluctant,
}

/// The recorded base rates of one course under one boundary convention, summed up.
#[derive(Debug)]
struct Records {
    side: Boundary,
    /// At index n: the sum of the first n evaluations, of [all, failed] requests per base window, times `scale`.
    sums: Vec<[i128; 2]>,
}

/// Judges one course.
#[derive(Debug)]
pub(super) struct Judge<'a> {
    plan: &'a Plan<'a>,
    course: Course,
    /// Makes every base rate a whole number: a full window has one gap fewer than scrapes, or as many.
    scale: i128,
    records: [Records; 2],
}

impl<'a> Judge<'a> {
    /// Records the course up to evaluation `last`.
    pub(super) fn new(plan: &'a Plan<'a>, course: Course, last: i128) -> Option<Self> {
        let scale = course.base / course.scrape - 1;
        let records = |side| -> Option<Records> {
            let mut sums = Vec::with_capacity(usize::try_from(last).ok()? + 1);
            let mut sum = [0_i128; 2];
            let mut seen = [0_i128; 2];
            sums.push(sum);
            for step in 1..=last {
                // While nothing changes, neither do the rates.
                if !course.is_steady(step) {
                    let [all, failed] = course.seen(step, course.base, side)?;
                    seen = [all.scaled(scale)?, failed.scaled(scale)?];
                }
                for (sum, seen) in sum.iter_mut().zip(seen) {
                    *sum = sum.checked_add(seen)?;
                }
                sums.push(sum);
            }
            Some(Records { side, sums })
        };
        let records = [records(Boundary::Closed)?, records(Boundary::Open)?];
        Some(Self { plan, course, scale, records })
    }

    /// What an alert does at evaluation `step`. `Absent` is not judged here, it needs no arithmetic.
    pub(super) fn verdict(&self, alert: AlertKind, step: i128) -> Option<Verdict> {
        let mut verdicts = [false; 4];
        let views = self.records.iter().flat_map(|records| [(records, Lean::Eager), (records, Lean::Reluctant)]);
        for (verdict, (records, lean)) in verdicts.iter_mut().zip(views) {
            *verdict = match alert {
                AlertKind::BurnFast => self.any_burns(&self.plan.fast[..], step, records, lean)?,
                AlertKind::BurnSlow => self.any_burns(&self.plan.slow[..], step, records, lean)?,
                AlertKind::BudgetSpent => self.spent(step, records, lean)?,
                AlertKind::Absent => false,
            };
        }
        let [closed_eager, closed_reluctant, open_eager, open_reluctant] = verdicts;
        Some(if closed_reluctant && open_reluctant {
            Verdict::Fires
        } else if closed_eager || open_eager {
            Verdict::Open
        } else {
            Verdict::Silent
        })
    }

    fn any_burns(&self, pairs: &[Pair], step: i128, records: &Records, lean: Lean) -> Option<bool> {
        for pair in pairs {
            if self.burns(pair, step, records, lean)? {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Both windows above the burn threshold, and enough failures in the long one.
    fn burns(&self, pair: &Pair, step: i128, records: &Records, lean: Lean) -> Option<bool> {
        let [all, _] = records.since(0, step)?;
        if all == 0 {
            return Some(false);
        }
        for window in [pair.long, pair.short] {
            let failed = self.failed(pair.source, window.as_seconds(), step, records)?;
            // failed ÷ window > burn × all ÷ (evaluations × base × scale)
            let left = product(&[failed.numerator, step, self.course.base, self.scale, *pair.burn.denom()])?;
            let right = product(&[*pair.burn.numer(), window.as_seconds(), all, failed.denominator])?;
            if !exceeds(left, right, lean)? {
                return Some(false);
            }
        }
        let failed = match pair.source {
            Source::Counters => self.failed(pair.source, pair.long.as_seconds(), step, records)?,
            // Here failures are added up, not averaged: a young series must not be projected to the whole window.
            Source::Recorded => {
                let [_, failed] = records.within(pair.long.as_seconds(), step, self.course.interval)?;
                Fraction {
                    numerator: product(&[failed, self.course.interval])?,
                    denominator: product(&[self.course.base, self.scale])?,
                }
            }
        };
        let floor = 2 * i128::from(self.plan.floor_events) - 1;
        exceeds(product(&[failed.numerator, 2])?, product(&[floor, failed.denominator, self.course.unit])?, lean)
    }

    /// The failures in a window as the rule sees them: its rate times its length.
    fn failed(&self, source: Source, window: i128, step: i128, records: &Records) -> Option<Fraction> {
        match source {
            Source::Counters => {
                let [_, failed] = self.course.seen(step, window, records.side)?;
                Some(failed)
            }
            Source::Recorded => {
                let interval = self.course.interval;
                let [_, failed] = records.within(window, step, interval)?;
                let count = step - records.before(window, step, interval);
                Some(Fraction {
                    numerator: product(&[failed, window])?,
                    denominator: product(&[count, self.course.base, self.scale])?,
                })
            }
        }
    }

    /// The budget has been spent for long enough.
    fn spent(&self, step: i128, records: &Records, lean: Lean) -> Option<bool> {
        let wait = self.plan.spent_for.as_seconds();
        let interval = self.course.interval;
        let since = step - (wait + interval - 1) / interval;
        if since < 1 {
            return Some(false);
        }
        let budget: &Exact = self.plan.budget;
        for step in since..=step {
            let [all, failed] = records.since(0, step)?;
            let left = product(&[failed, *budget.denom()])?;
            let right = product(&[*budget.numer(), all])?;
            if all == 0 || !exceeds(left, right, lean)? {
                return Some(false);
            }
        }
        Some(true)
    }
}

impl Records {
    /// The evaluations before the window, of those that recorded something.
    fn before(&self, window: i128, step: i128, interval: i128) -> i128 {
        let start = step * interval - window;
        match self.side {
            Boundary::Closed => (start + interval - 1).div_euclid(interval) - 1,
            Boundary::Open => start.div_euclid(interval),
        }
        .max(0)
    }

    fn within(&self, window: i128, step: i128, interval: i128) -> Option<[i128; 2]> {
        self.since(self.before(window, step, interval), step)
    }

    fn since(&self, before: i128, step: i128) -> Option<[i128; 2]> {
        let [all, failed] = self.sums.get(usize::try_from(step).ok()?)?;
        let [all_before, failed_before] = self.sums.get(usize::try_from(before).ok()?)?;
        Some([all - all_before, failed - failed_before])
    }
}

fn product(factors: &[i128]) -> Option<i128> {
    factors.iter().try_fold(1_i128, |product, factor| product.checked_mul(*factor))
}

fn exceeds(left: i128, right: i128, lean: Lean) -> Option<bool> {
    Some(match lean {
        Lean::Eager => left.checked_mul(NEAR + 1)? > right.checked_mul(NEAR)?,
        Lean::Reluctant => left.checked_mul(NEAR)? > right.checked_mul(NEAR + 1)?,
    })
}
