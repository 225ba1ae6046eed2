//! The scenarios of an objective.

use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, One, ToPrimitive};

use super::super::exact::Exact;
use super::super::span::Span;
use super::super::windows::{Grid, Pair};
use super::course::{Counts, Course};
use super::judge::{Judge, Verdict};
use super::{AlertCheck, AlertKind, Phase, Scenario, ScenarioKind, Timeline, ValueCheck, ValueKind};

/// How many failures come with each sample at least, so that the floor of failures decides nothing by chance.
const PER_SAMPLE: i128 = 20;
/// The digits to which the declared traffic of one sample is written, if it is little.
const TRAFFIC_DECIMALS: usize = 6;
/// What is not little any more.
const MUCH_TRAFFIC: i128 = 1_000;

/// The numbers that the scenarios follow from.
#[derive(Debug)]
pub(in crate::objective) struct Plan<'a> {
    pub(in crate::objective) budget: &'a Exact,
    pub(in crate::objective) fast: &'a [Pair; 2],
    pub(in crate::objective) slow: &'a [Pair; 2],
    pub(in crate::objective) grid: &'a Grid,
    pub(in crate::objective) floor_events: u32,
    pub(in crate::objective) absent_for: Span,
    pub(in crate::objective) spent_for: Span,
    pub(in crate::objective) traffic_per_second: Option<&'a Exact>,
    pub(in crate::objective) counts: Counts,
}

/// Requests between two samples.
#[derive(Clone, Copy)]
struct Load {
    all: i128,
    failed: i128,
}

impl Load {
    /// The smallest load of which exactly this share fails, with at least so many failures per sample.
    fn of(share: &Exact, least: i128) -> Option<Self> {
        let times = (least + share.numer() - 1).checked_div(*share.numer())?.max(1);
        Some(Self { all: (*share.denom()).checked_mul(times)?, failed: (*share.numer()).checked_mul(times)? })
    }

    fn failing(self, samples: i128) -> Option<Phase> {
        phase(samples, self.all - self.failed, self.failed)
    }

    fn sound(self, samples: i128) -> Option<Phase> {
        phase(samples, self.all, 0)
    }
}

fn phase(samples: i128, good: i128, bad: i128) -> Option<Phase> {
    Some(Phase { samples: samples.to_u32()?, good, bad })
}

impl Plan<'_> {
    /// All scenarios; `None` if a number does not fit.
    pub(in crate::objective) fn timeline(&self) -> Option<Timeline> {
        Some(Timeline {
            scrape: self.grid.scrape,
            interval: self.grid.interval,
            scenarios: vec![
                self.healthy()?,
                self.no_failures()?,
                self.outage()?,
                self.slow_burn()?,
                self.idle()?,
                self.vanished()?,
                self.few_failures()?,
            ],
        })
    }

    /// The evaluations in a time, rounded up.
    fn steps(&self, seconds: i128) -> i128 {
        let interval = self.grid.interval.as_seconds();
        (seconds + interval - 1).div_euclid(interval)
    }

    /// The samples in so many evaluations.
    fn samples(&self, steps: i128) -> i128 {
        steps * self.grid.interval.as_seconds() / self.grid.scrape.as_seconds()
    }

    fn time(&self, steps: i128) -> Option<Span> {
        let seconds = steps.checked_mul(self.grid.interval.as_seconds())?;
        Some(Span::seconds(seconds.to_u32()?))
    }

    fn check(&self, step: i128, alert: AlertKind, fires: bool) -> Option<AlertCheck> {
        Some(AlertCheck { at: self.time(step)?, alert, fires })
    }

    fn all_silent(&self, step: i128) -> Option<Vec<AlertCheck>> {
        AlertKind::ALL.into_iter().map(|alert| self.check(step, alert, false)).collect()
    }

    fn value(&self, step: i128, kind: ValueKind) -> Option<ValueCheck> {
        Some(ValueCheck { at: self.time(step)?, kind })
    }

    /// Long enough for every rate of a base window to have settled.
    fn settled(&self) -> i128 {
        self.steps(300.max(self.grid.base.as_seconds()))
    }

    fn half_budget(&self) -> Option<Exact> {
        self.budget.checked_div(&Exact::from_integer(2))
    }

    fn healthy(&self) -> Option<Scenario> {
        let share = self.half_budget()?;
        let end = self.settled();
        Some(Scenario {
            kind: ScenarioKind::Healthy,
            share,
            decimals: 0,
            phases: vec![Load::of(&share, 1)?.failing(self.samples(end))?],
            alerts: self.all_silent(end)?,
            values: vec![self.value(end, ValueKind::HalfLeft)?],
        })
    }

    fn no_failures(&self) -> Option<Scenario> {
        let end = self.settled();
        Some(Scenario {
            kind: ScenarioKind::NoFailures,
            share: Exact::from_integer(0),
            decimals: 0,
            phases: vec![Load::of(&self.half_budget()?, 1)?.sound(self.samples(end))?],
            alerts: self.all_silent(end)?,
            values: vec![self.value(end, ValueKind::NoneFailed)?],
        })
    }

    /// Requests stop, with failures among the last ones: the ratios of the period must stay defined.
    fn idle(&self) -> Option<Scenario> {
        let share = self.half_budget()?;
        let busy = self.settled();
        let end = busy + self.settled() + self.steps(300);
        Some(Scenario {
            kind: ScenarioKind::Idle,
            share,
            decimals: 0,
            phases: vec![Load::of(&share, 1)?.failing(self.samples(busy))?, phase(self.samples(end - busy), 0, 0)?],
            alerts: self.all_silent(end)?,
            values: vec![self.value(end, ValueKind::HalfLeft)?],
        })
    }

    fn vanished(&self) -> Option<Scenario> {
        let last = self.steps(120);
        let interval = self.grid.interval.as_seconds();
        // A rate needs two samples: the last window that holds two begins with the last but one.
        let runs_dry = last * interval + self.grid.base.as_seconds() - self.grid.scrape.as_seconds();
        let wait = self.steps(self.absent_for.as_seconds());
        // The window that begins exactly there still holds it up to Prometheus 2, and no more from 3 on.
        let earliest = self.steps(runs_dry) + wait;
        let latest = runs_dry.div_euclid(interval) + 1 + wait;
        Some(Scenario {
            kind: ScenarioKind::Vanished,
            share: Exact::from_integer(0),
            decimals: 0,
            phases: vec![Load::of(&self.half_budget()?, 1)?.sound(self.samples(last))?],
            alerts: vec![
                self.check(earliest - 1, AlertKind::Absent, false)?,
                self.check(latest, AlertKind::Absent, true)?,
            ],
            values: Vec::new(),
        })
    }

    /// The largest share 1, 1/2, 1/5, 1/10 … of failures that the fastest page needs more than one evaluation to see.
    fn outage_share(&self) -> Option<Exact> {
        let [first, _] = self.fast;
        let seconds = first.burn.checked_mul(&Exact::from_integer(first.long.as_seconds()))?;
        let needed = Exact::new(21 * self.grid.interval.as_seconds(), 20);
        let mut decade: i128 = 1;
        loop {
            for part in [1, 2, 5] {
                let part = decade.checked_mul(part)?;
                if seconds.checked_mul(&Exact::from_integer(part))? >= needed {
                    return Some(Exact::new(1, part));
                }
            }
            decade = decade.checked_mul(10)?;
        }
    }

    /// The page comes from its first pair of windows, stays with the second one, and goes with the end of that.
    fn outage(&self) -> Option<Scenario> {
        let share = self.outage_share()?;
        let load = Load::of(&share, PER_SAMPLE)?;
        let [first, second] = self.fast;
        let whole = |number: &Exact| number.ceil().to_integer();
        let integer = Exact::from_integer;
        let base = Exact::new(self.grid.base.as_seconds(), self.grid.interval.as_seconds());

        // How many evaluations of outage the first pair needs.
        let seconds = first.burn.checked_mul(&integer(first.long.as_seconds()))?.checked_div(&share)?;
        let needed = self.steps(whole(&seconds));
        // What the second pair, whose base rates rise slowly, has recorded by then, and how much sound traffic before
        // the outage keeps its mean below the threshold until the first one has fired.
        let mut recorded = integer(0);
        for step in 1..=needed {
            let risen = integer(step).checked_div(&base)?.min(Exact::one());
            recorded = recorded.checked_add(&risen.checked_mul(&share)?)?;
        }
        let limit = second.burn.checked_mul(&Exact::new(9, 10))?;
        let before = whole(&recorded.checked_div(&limit)?) - needed;
        // Where that takes too long, the second pair is simply the first to fire in so young a series.
        let start = if before > self.steps(4_500) { self.steps(1_800) } else { before.max(self.steps(1_800)) };

        // Long enough that the second pair still holds a while after the outage.
        let hold = self.steps(600);
        let limit = second.burn.checked_mul(&Exact::new(23, 20))?;
        let enough = limit
            .checked_mul(&integer(start + hold))?
            .checked_add(&share.checked_mul(&base)?)?
            .checked_div(&(share - limit))?;
        let duration = whole(&enough).max(needed + 1);
        let over = start + duration;
        let end = over + self.steps(second.short.as_seconds() + self.grid.base.as_seconds()) + 1;

        let phases = vec![
            load.sound(self.samples(start))?,
            load.failing(self.samples(duration))?,
            load.sound(self.samples(end - over))?,
        ];
        let judge = Judge::new(self, self.course(&phases, 1), end)?;
        let mut alerts = self.onset(&judge, AlertKind::BurnFast, start, end)?;
        // Only the verdicts of the simulation are written; a test that cannot hold is left out, not guessed.
        if judge.verdict(AlertKind::BurnFast, over + hold)? == Verdict::Fires {
            alerts.push(self.check(over + hold, AlertKind::BurnFast, true)?);
        }
        if judge.verdict(AlertKind::BurnFast, end)? == Verdict::Silent {
            alerts.push(self.check(end, AlertKind::BurnFast, false)?);
        }
        alerts.extend(self.onset(&judge, AlertKind::BudgetSpent, start, end)?);
        alerts.sort_unstable_by_key(|check| (check.at, check.alert));
        Some(Scenario { kind: ScenarioKind::Outage, share, decimals: 0, phases, alerts, values: Vec::new() })
    }

    /// A burn between the ticket's factors and the page's.
    fn slow_burn(&self) -> Option<Scenario> {
        let [_, page] = self.fast;
        let [steep, flat] = self.slow;
        let factor = (steep.factor.max(flat.factor) + page.factor) / Exact::from_integer(2);
        let share = factor.checked_mul(self.budget)?;
        let load = Load::of(&share, PER_SAMPLE)?;
        // The mean over everything, start + t, reaches the ticket's factor f when
        // burn × (t − base ÷ 2) = f × (start + t): half a base window is lost because its rate rises slowly.
        let least = steep.factor.min(flat.factor);
        let margin = factor - least;
        let start = margin
            .checked_div(&least)?
            .checked_mul(&Exact::from_integer(self.steps(450)))?
            .ceil()
            .to_integer()
            .clamp(self.steps(120), self.steps(600));
        let lost = factor.checked_mul(&Exact::new(self.grid.base.as_seconds(), 2 * self.grid.interval.as_seconds()))?;
        let expected = least
            .checked_mul(&Exact::from_integer(start))?
            .checked_add(&lost)?
            .checked_div(&margin)?
            .ceil()
            .to_integer();
        let end = start + expected.checked_mul(2)? + self.steps(300);
        let phases = vec![load.sound(self.samples(start))?, load.failing(self.samples(end - start))?];
        let judge = Judge::new(self, self.course(&phases, 1), end)?;
        let mut alerts = self.onset(&judge, AlertKind::BurnSlow, start, end)?;
        let last = alerts.last()?.at.as_seconds() / self.grid.interval.as_seconds();
        alerts.push(self.check(last, AlertKind::BurnFast, false)?);
        alerts.sort_unstable_by_key(|check| (check.at, check.alert));
        Some(Scenario {
            kind: ScenarioKind::SlowBurn,
            share,
            decimals: 0,
            phases: vec![load.sound(self.samples(start))?, load.failing(self.samples(last - start))?],
            alerts,
            values: Vec::new(),
        })
    }

    /// One failure is silent. Where traffic is so low that the floor decides, as many as the floor fire.
    fn few_failures(&self) -> Option<Scenario> {
        let [first, _] = self.fast;
        let hourly = first.burn.checked_mul(&Exact::from_integer(first.long.as_seconds()))?;
        let traffic = match self.traffic_per_second {
            Some(declared) => *declared,
            // A quarter of the traffic at which one failure alone would burn fast enough.
            None => Exact::new(1, 4).checked_div(&hourly)?,
        };
        let scrape = Exact::from_integer(self.grid.scrape.as_seconds());
        let each = traffic.checked_mul(&scrape)?;
        let decimals = if each < Exact::from_integer(MUCH_TRAFFIC) { TRAFFIC_DECIMALS } else { 0 };
        let unit = 10_i128.checked_pow(u32::try_from(decimals).ok()?)?;
        let good = each.checked_mul(&Exact::from_integer(unit))?.round().to_integer().max(1);
        let others = i128::from(self.floor_events) - 1;
        let apart = self.steps(300).max(2);
        let (one, more) = (apart, 2 * apart);
        let mut phases = vec![
            phase(self.samples(one) - 1, good, 0)?,
            phase(1, good, unit)?,
            phase(self.samples(more - one) - 1, good, 0)?,
            phase(1, good, others.checked_mul(unit)?)?,
        ];
        let judge = Judge::new(self, self.course(&phases, unit), more)?;
        let mut alerts = Vec::new();
        for step in [one, one + 1, more - 1] {
            for alert in [AlertKind::BurnFast, AlertKind::BurnSlow] {
                if judge.verdict(alert, step)? == Verdict::Silent {
                    alerts.push(self.check(step, alert, false)?);
                }
            }
        }
        if judge.verdict(AlertKind::BurnFast, more)? == Verdict::Fires {
            alerts.push(self.check(more, AlertKind::BurnFast, true)?);
        } else {
            phases.pop();
        }
        alerts.dedup();
        Some(Scenario {
            kind: ScenarioKind::FewFailures,
            share: Exact::from_integer(0),
            decimals,
            phases,
            alerts,
            values: Vec::new(),
        })
    }

    pub(super) fn course(&self, phases: &[Phase], unit: i128) -> Course {
        Course::new(phases, unit, self.grid, self.counts)
    }

    /// Silent one evaluation before the earliest at which an alert can fire, firing at the latest.
    fn onset(&self, judge: &Judge<'_>, alert: AlertKind, start: i128, end: i128) -> Option<Vec<AlertCheck>> {
        let mut earliest = None;
        for step in start..=end {
            match judge.verdict(alert, step)? {
                Verdict::Silent => {}
                Verdict::Open => {
                    earliest.get_or_insert(step);
                }
                Verdict::Fires => {
                    let earliest = earliest.unwrap_or(step);
                    return Some(vec![self.check(earliest - 1, alert, false)?, self.check(step, alert, true)?]);
                }
            }
        }
        Some(Vec::new())
    }
}
