//! An objective as templates read it: every number of its rules as text, and the scenarios of its tests in promtool's
//! notation.

use std::fmt::Write as _;
use std::sync::Arc;

use idpc_graph::objective::{
    AlertKind, Exact, Objective, Pair, Phase, Scenario, ScenarioKind, Source, Span, ValueKind, decimal,
};

use crate::node::Node;
use crate::shape::Shape;

/// The part of an objective's node that is the same for every service that promises the same.
pub struct Alike {
    fields: Vec<(Arc<str>, Node)>,
    scenarios: Vec<Vec<(Arc<str>, Node)>>,
}

impl Alike {
    /// That part of an objective, written once for all of them.
    #[must_use]
    pub fn of(o: &Objective) -> Self {
        let latency = o.threshold_seconds().is_some();
        let fields = entries([
            ("name", text(&o.name)),
            ("pascal", text(&o.pascal)),
            ("kind", text(if latency { "latency" } else { "availability" })),
            ("is_latency", Node::Bool(latency)),
            ("objective_percent", text(percent(&o.ratio))),
            ("objective_ratio", text(decimal(&o.ratio))),
            ("budget", text(decimal(&o.budget))),
            ("budget_percent", text(percent(&o.budget))),
            ("period", text(o.period)),
            ("period_days", Node::Int(o.period.whole_days().into())),
            ("threshold_seconds", o.threshold_seconds().map_or(Node::Null, |t| text(decimal(t)))),
            // The bound of the bucket, and whether it has a second spelling, `1.0`. Empty and false without a threshold.
            ("le", o.threshold_seconds().map_or_else(|| text(""), |t| text(decimal(t)))),
            ("le_whole", Node::Bool(o.threshold_seconds().is_some_and(Exact::is_integer))),
            ("interval", text(o.interval)),
            ("interval_seconds", seconds(o.interval)),
            ("budget_interval", text(o.budget_interval)),
            ("base_window", text(o.base)),
            ("raw_windows", spans(&o.raw_windows())),
            ("mean_windows", spans(&o.mean_windows())),
            ("fast", list(o.fast.iter().map(|pair| pair_node(pair, o.period)))),
            ("slow", list(o.slow.iter().map(|pair| pair_node(pair, o.period)))),
            ("floor", text(decimal(&o.floor()))),
            ("floor_events", Node::Int(o.floor_events.into())),
            ("absent_for", text(o.absent_for)),
            ("spent_for", text(o.spent_for)),
            ("outage_paged_after", text(paged_after(o))),
        ]);
        Self { fields, scenarios: o.timeline.scenarios.iter().map(|scenario| course(o, scenario)).collect() }
    }
}

/// The node of one objective; its fields are those of [`objective_shape`].
#[must_use]
pub fn objective_node(o: &Objective, alike: &Alike) -> Node {
    let alerts = AlertKind::ALL.map(|kind| (key_of(kind), text(o.alert_name(kind))));
    let own = entries([("id", text(&o.id)), ("alerts", map(alerts)), ("test", test_node(o, alike))]);
    Node::Map(alike.fields.iter().cloned().chain(own).collect())
}

/// The shape of [`objective_node`].
#[must_use]
pub fn objective_shape() -> Shape {
    use Shape::{Bool, Number, Text};
    let pair = record(&[
        ("long", Text),
        ("short", Text),
        ("long_seconds", Number),
        ("factor", Text),
        ("burn", Text),
        ("burn_dividend", Text),
        ("burn_divisor", Text),
        ("from_counters", Bool),
        ("spent_after", Text),
    ]);
    record(&[
        ("name", Text),
        ("pascal", Text),
        ("id", Text),
        ("kind", Text),
        ("is_latency", Bool),
        ("objective_percent", Text),
        ("objective_ratio", Text),
        ("budget", Text),
        ("budget_percent", Text),
        ("period", Text),
        ("period_days", Number),
        ("threshold_seconds", optional(Text)),
        ("le", Text),
        ("le_whole", Bool),
        ("interval", Text),
        ("interval_seconds", Number),
        ("budget_interval", Text),
        ("base_window", Text),
        ("raw_windows", Shape::List(Arc::new(Text))),
        ("mean_windows", Shape::List(Arc::new(Text))),
        ("fast", Shape::List(Arc::new(pair.clone()))),
        ("slow", Shape::List(Arc::new(pair))),
        ("floor", Text),
        ("floor_events", Number),
        ("absent_for", Text),
        ("spent_for", Text),
        ("outage_paged_after", Text),
        ("alerts", record(&AlertKind::ALL.map(|kind| (key_of(kind), Text)))),
        ("test", test_shape()),
    ])
}

fn test_shape() -> Shape {
    use Shape::{Bool, Text};
    let alert = record(&[("at", Text), ("alert", Text), ("kind", Text), ("fires", Bool)]);
    let value = record(&[("at", Text), ("kind", Text)]);
    let scenario = record(&[
        ("name", Text),
        ("kind", Text),
        ("share_percent", Text),
        ("all", Text),
        ("good", Text),
        ("failed", Text),
        ("has_failures", Bool),
        ("alerts", Shape::List(Arc::new(alert))),
        ("values", Shape::List(Arc::new(value))),
    ]);
    record(&[("sample_interval", Text), ("interval", Text), ("scenarios", Shape::List(Arc::new(scenario)))])
}

fn pair_node(pair: &Pair, period: Span) -> Node {
    let burn = decimal(&pair.burn);
    let (dividend, divisor) = match burn.split_once(" / ") {
        Some((dividend, divisor)) => (text(dividend), text(divisor)),
        None => (text(&burn), text("")),
    };
    let spent = Exact::from_integer(period.as_seconds()) / pair.factor;
    map([
        ("long", text(pair.long)),
        ("short", text(pair.short)),
        ("long_seconds", seconds(pair.long)),
        ("factor", text(decimal(&pair.factor))),
        ("burn", text(&burn)),
        ("burn_dividend", dividend),
        ("burn_divisor", divisor),
        ("from_counters", Node::Bool(pair.source == Source::Counters)),
        ("spent_after", text(in_words(spent))),
    ])
}

fn test_node(o: &Objective, alike: &Alike) -> Node {
    let scenarios = o.timeline.scenarios.iter().zip(&alike.scenarios);
    map([
        ("sample_interval", text(o.timeline.scrape)),
        ("interval", text(o.timeline.interval)),
        ("scenarios", list(scenarios.map(|(scenario, course)| scenario_node(o, scenario, course)))),
    ])
}

fn scenario_node(o: &Objective, scenario: &Scenario, course: &[(Arc<str>, Node)]) -> Node {
    let alerts = scenario.alerts.iter().map(|check| {
        map([
            ("at", text(check.at)),
            ("alert", text(o.alert_name(check.alert))),
            ("kind", text(key_of(check.alert))),
            ("fires", Node::Bool(check.fires)),
        ])
    });
    Node::Map(course.iter().cloned().chain(entries([("alerts", list(alerts))])).collect())
}

/// A scenario without its alerts, which bear the name of their service.
fn course(o: &Objective, scenario: &Scenario) -> Vec<(Arc<str>, Node)> {
    let values = scenario.values.iter().map(|check| {
        let kind = match check.kind {
            ValueKind::HalfLeft => "half_left",
            ValueKind::NoneFailed => "none_failed",
        };
        map([("at", text(check.at)), ("kind", text(kind))])
    });
    entries([
        ("name", text(what_happens(scenario))),
        ("kind", text(kind_of(scenario.kind))),
        ("share_percent", text(percent(&scenario.share))),
        ("all", text(series(scenario.decimals, &phases_of_all(o, scenario), |phase| phase.good + phase.bad))),
        ("good", text(series(scenario.decimals, &scenario.phases, |phase| phase.good))),
        ("failed", text(series(scenario.decimals, &scenario.phases, |phase| phase.bad))),
        ("has_failures", Node::Bool(scenario.phases.iter().any(|phase| phase.bad > 0))),
        ("values", list(values)),
    ])
}

/// When measurements vanish, a latency loses its bucket only: the count of all requests goes on and must not hide that.
fn phases_of_all(o: &Objective, scenario: &Scenario) -> Vec<Phase> {
    let mut phases = scenario.phases.clone();
    if let (ScenarioKind::Vanished, Some(last)) = (scenario.kind, phases.last().copied()) {
        let checked = scenario.last_check().as_seconds() / o.timeline.scrape.as_seconds();
        let seen: i128 = phases.iter().map(|phase| i128::from(phase.samples)).sum();
        phases.push(Phase { samples: u32::try_from(checked - seen).unwrap_or(0), ..last });
    }
    phases
}

/// A counter in promtool's notation: `a+bxn` is a value and n more, each larger by b.
fn series(decimals: usize, phases: &[Phase], increment: impl Fn(&Phase) -> i128) -> String {
    let scale = Exact::from_integer((0..decimals).fold(1_i128, |scale, _| scale.saturating_mul(10)));
    let number = |value: i128| decimal(&(Exact::from_integer(value) / scale));
    let mut out = number(0);
    let mut value: i128 = 0;
    let mut first = true;
    for phase in phases.iter().filter(|phase| phase.samples > 0) {
        let step = increment(phase);
        // Writing to a string cannot fail.
        let _ = if first {
            write!(out, "+{}x{}", number(step), phase.samples)
        } else if phase.samples == 1 {
            write!(out, " {}", number(value + step))
        } else {
            write!(out, " {}+{}x{}", number(value + step), number(step), phase.samples - 1)
        };
        value += step * i128::from(phase.samples);
        first = false;
    }
    out
}

/// What a scenario is called in the test file.
fn what_happens(scenario: &Scenario) -> String {
    match scenario.kind {
        ScenarioKind::Healthy => "half of the allowed failures".to_owned(),
        ScenarioKind::NoFailures => "nothing has failed yet".to_owned(),
        ScenarioKind::Outage if scenario.share.is_integer() => "every request fails, and then none".to_owned(),
        ScenarioKind::Outage => format!("{} % of all requests fail, and then none", percent(&scenario.share)),
        ScenarioKind::SlowBurn => "failures worth a ticket, not a page".to_owned(),
        ScenarioKind::Idle => "no requests any more".to_owned(),
        ScenarioKind::Vanished => "no measurements any more".to_owned(),
        ScenarioKind::FewFailures => "single failures".to_owned(),
    }
}

fn kind_of(kind: ScenarioKind) -> &'static str {
    match kind {
        ScenarioKind::Healthy => "healthy",
        ScenarioKind::NoFailures => "no_failures",
        ScenarioKind::Outage => "outage",
        ScenarioKind::SlowBurn => "slow_burn",
        ScenarioKind::Idle => "idle",
        ScenarioKind::Vanished => "vanished",
        ScenarioKind::FewFailures => "few_failures",
    }
}

fn key_of(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::BurnFast => "burn_fast",
        AlertKind::BurnSlow => "burn_slow",
        AlertKind::Absent => "absent",
        AlertKind::BudgetSpent => "budget_spent",
    }
}

/// How long a total outage lasts before the fastest pair of windows has seen enough of it, in whole seconds.
fn paged_after(o: &Objective) -> String {
    let [first, _] = &o.fast;
    in_words((Exact::from_integer(first.long.as_seconds()) * first.burn).ceil())
}

/// A time for people: its two largest units.
fn in_words(seconds: Exact) -> String {
    let seconds = u32::try_from(seconds.to_integer()).unwrap_or(u32::MAX);
    let coarse = match seconds {
        0..3_600 => 1,
        3_600..86_400 => 60,
        _ => 3_600,
    };
    Span::seconds(seconds / coarse * coarse).to_string()
}

fn percent(share: &Exact) -> String {
    decimal(&(share * Exact::from_integer(100)))
}

fn seconds(span: Span) -> Node {
    Node::Int(i64::try_from(span.as_seconds()).unwrap_or(i64::MAX))
}

fn spans(spans: &[Span]) -> Node {
    list(spans.iter().map(text))
}

fn text(value: impl ToString) -> Node {
    Node::Str(value.to_string().into())
}

fn list(items: impl IntoIterator<Item = Node>) -> Node {
    Node::List(items.into_iter().collect())
}

fn map<const N: usize>(fields: [(&'static str, Node); N]) -> Node {
    Node::Map(entries(fields).into())
}

fn entries<const N: usize>(fields: [(&'static str, Node); N]) -> Vec<(Arc<str>, Node)> {
    fields.into_iter().map(|(name, value)| (Arc::from(name), value)).collect()
}

fn optional(shape: Shape) -> Shape {
    Shape::Optional(Arc::new(shape))
}

fn record(fields: &[(&str, Shape)]) -> Shape {
    Shape::Record(Arc::new(fields.iter().map(|(name, shape)| ((*name).to_owned(), shape.clone())).collect()))
}
