//! Known tables of the arithmetic, and properties of everything that is legal.

use num_traits::One;
use proptest::prelude::*;

use super::*;

fn input(numerator: i128, denominator: i128) -> ObjectiveInput {
    ObjectiveInput {
        service: "checkout".to_owned(),
        name_prefix: "Checkout".to_owned(),
        kind: Kind::Availability { ratio: Exact::new(numerator, denominator) },
        period_days: 30,
        scrape_seconds: 30,
        traffic_per_second: None,
        tier: "high".to_owned(),
        team: "payments".to_owned(),
        environment: "prod".to_owned(),
    }
}

fn objective(input: ObjectiveInput) -> Objective {
    let outcome = Objective::new(input);
    outcome.objective.unwrap_or_else(|| panic!("no objective: {:?}", outcome.findings))
}

fn factors(objective: &Objective) -> Vec<String> {
    objective.fast.iter().chain(&objective.slow).map(|pair| decimal(&pair.factor)).collect()
}

fn scenario(objective: &Objective, kind: ScenarioKind) -> &Scenario {
    objective.timeline.scenarios.iter().find(|scenario| scenario.kind == kind).unwrap()
}

/// The checks of one alert in a scenario, as `("61m", true)`.
fn checks(scenario: &Scenario, alert: AlertKind) -> Vec<(String, bool)> {
    scenario
        .alerts
        .iter()
        .filter(|check| check.alert == alert)
        .map(|check| (check.at.to_string(), check.fires))
        .collect()
}

#[test]
fn burn_factors_are_those_of_the_workbook() {
    assert_eq!(factors(&objective(input(999, 1000))), ["14.4", "6", "3", "1"]);
    let in_days = |period_days| {
        let input = ObjectiveInput { period_days, ..input(999, 1000) };
        factors(&objective(input))
    };
    assert_eq!(in_days(28), ["13.44", "5.6", "2.8", "2.8 / 3"]);
    assert_eq!(in_days(90), ["43.2", "18", "9", "3"]);
    // Below four weeks a ticket never means less than the whole budget.
    assert_eq!(in_days(7), ["3.36", "1.4", "1", "1"]);
}

#[test]
fn thresholds_are_exact() {
    let objective = objective(input(999, 1000));
    assert_eq!(decimal(&objective.budget), "0.001");
    let burns: Vec<String> = objective.fast.iter().chain(&objective.slow).map(|pair| decimal(&pair.burn)).collect();
    assert_eq!(burns, ["0.0144", "0.006", "0.003", "0.001"]);
    assert_eq!(decimal(&objective.floor()), "1.5");
    assert_eq!(objective.interval.to_string(), "30s");
    assert_eq!(objective.base.to_string(), "2m");
    assert_eq!(objective.absent_for.to_string(), "10m");
    assert_eq!(spans(&objective.raw_windows()), ["5m", "1h"]);
    assert_eq!(spans(&objective.mean_windows()), ["30m", "2h", "6h", "1d", "3d"]);
}

fn spans(windows: &[Span]) -> Vec<String> {
    windows.iter().map(ToString::to_string).collect()
}

#[test]
fn numbers_that_never_end_are_written_as_quotients() {
    assert_eq!(decimal(&Exact::new(7, 2500)), "0.0028");
    assert_eq!(decimal(&Exact::new(7, 7500)), "0.0028 / 3");
    assert_eq!(decimal(&Exact::new(-1, 4)), "-0.25");
    assert_eq!(decimal(&Exact::from_integer(1200)), "1200");
    assert_eq!(decimal(&Exact::new(1, 3)), "1 / 3");
}

#[test]
fn names_hold_no_points() {
    let latency = |quantile_percent, kind_name: &str| {
        let objective = objective(ObjectiveInput {
            kind: Kind::Latency { quantile_percent, threshold_seconds: Exact::new(1, 2) },
            ..input(1, 2)
        });
        assert_eq!(objective.name, kind_name);
        objective
    };
    let p99 = latency(Exact::from_integer(99), "latency-p99");
    assert_eq!(p99.id, "checkout-latency-p99");
    assert_eq!(p99.alert_name(AlertKind::BurnFast), "CheckoutLatencyP99BurnFast");
    assert_eq!(p99.threshold_seconds(), Some(&Exact::new(1, 2)));
    latency(Exact::new(999, 10), "latency-p999");
    assert_eq!(objective(input(999, 1000)).alert_name(AlertKind::BudgetSpent), "CheckoutAvailabilityBudgetSpent");
}

/// A total outage at 99.9 % spends enough for a page after 51.84 s: with a scrape every 30 s at the second evaluation.
#[test]
fn an_outage_pages_at_the_computed_evaluation() {
    let objective = objective(input(999, 1000));
    let outage = scenario(&objective, ScenarioKind::Outage);
    assert_eq!(outage.share, Exact::one());
    let [sound, failing, after] = outage.phases[..] else {
        panic!("three phases: {:?}", outage.phases);
    };
    assert_eq!((sound.good, sound.bad), (20, 0));
    assert_eq!((failing.good, failing.bad), (0, 20));
    let start = sound.samples * 30;
    let over = start + failing.samples * 30;
    let at = |seconds: u32| Span::seconds(seconds).to_string();
    assert_eq!(
        checks(outage, AlertKind::BurnFast),
        [
            (at(start + 30), false),
            (at(start + 60), true),
            // Ten minutes after the end the second pair still holds; with its short window it goes.
            (at(over + 600), true),
            (at(over + 1_800 + 120 + 30), false),
        ]
    );
    assert_eq!(after.samples, (1_800 + 120 + 30) / 30);
}

/// At 99.99 % a total outage would page at the very first evaluation; a tenth of it shows that it takes two.
#[test]
fn a_strict_objective_is_tested_with_a_part_of_the_requests() {
    let strict = objective(input(9999, 10_000));
    assert_eq!(scenario(&strict, ScenarioKind::Outage).share, Exact::new(1, 10));
}

#[test]
fn missing_measurements_page_after_their_wait() {
    let objective = objective(input(999, 1000));
    let vanished = scenario(&objective, ScenarioKind::Vanished);
    // Two minutes of samples; a window of two minutes holds two of them for 90 s more.
    assert_eq!(vanished.phases[0].samples, 4);
    assert_eq!(
        checks(vanished, AlertKind::Absent),
        [(Span::seconds(120 + 90 + 600 - 30).to_string(), false), (Span::seconds(120 + 120 + 600).to_string(), true),]
    );
}

#[test]
fn the_floor_follows_the_declared_traffic() {
    let floor = |traffic: Option<Exact>| {
        objective(ObjectiveInput { traffic_per_second: traffic, ..input(999, 1000) }).floor_events
    };
    assert_eq!(floor(None), 2);
    // Ten an hour: seven failures in 30 days.
    assert_eq!(floor(Some(Exact::new(1, 360))), 2);
    // One per second: 2,592 failures in 30 days.
    assert_eq!(floor(Some(Exact::one())), 6);
    assert_eq!(floor(Some(Exact::from_integer(1_000))), 10);
}

#[test]
fn one_failure_is_silent_and_enough_of_them_page() {
    let quiet = objective(ObjectiveInput { traffic_per_second: Some(Exact::new(1, 360)), ..input(999, 1000) });
    let few = scenario(&quiet, ScenarioKind::FewFailures);
    let fast = checks(few, AlertKind::BurnFast);
    assert_eq!(fast.first(), Some(&("5m".to_owned(), false)));
    assert_eq!(fast.last(), Some(&("10m".to_owned(), true)));
    let slow = checks(few, AlertKind::BurnSlow);
    assert!(!slow.is_empty() && slow.iter().all(|(_, fires)| !fires));
}

#[test]
fn objectives_that_cannot_be_alerted_on_are_found() {
    let findings = |input| Objective::new(input).findings;
    assert_eq!(findings(input(1, 1)), [Finding::NoBudget]);
    assert_eq!(findings(input(0, 1)), [Finding::NoPromise]);
    let loose = Objective::new(input(93, 100));
    assert!(loose.objective.is_none());
    let [Finding::NeverFires { window, factor, least_ratio }] = &loose.findings[..] else {
        panic!("{:?}", loose.findings);
    };
    assert_eq!(*window, Span::seconds(3_600));
    assert_eq!(decimal(factor), "14.4");
    // 1 − 1 ÷ 14.4 = 93.06 %
    assert_eq!(*least_ratio, Exact::new(67, 72));
    let short = ObjectiveInput { period_days: 5, ..input(999, 1000) };
    assert!(
        findings(short).contains(&Finding::PeriodTooShort { period: Span::days(5), window: Span::seconds(21_600) })
    );
    let rare = ObjectiveInput { scrape_seconds: 301, ..input(999, 1000) };
    assert_eq!(findings(rare), [Finding::ScrapeOutOfRange { longest_seconds: 300 }]);
}

#[test]
fn a_budget_of_few_failures_is_a_remark() {
    let outcome = Objective::new(ObjectiveInput { traffic_per_second: Some(Exact::new(1, 360)), ..input(999, 1000) });
    assert!(outcome.objective.is_some());
    assert_eq!(outcome.findings, [Finding::FewFailures { allowed: Exact::new(36, 5) }]);
}

#[test]
fn latencies_are_measured_at_the_bounds_of_buckets() {
    let known = |numerator, denominator| bucket_known(&Exact::new(numerator, denominator), &OPEN_TELEMETRY_SECONDS);
    assert_eq!(known(1, 2), Bucket::Known);
    assert_eq!(known(5, 2), Bucket::Known);
    assert_eq!(known(3, 10), Bucket::Unknown { below: Some(Exact::new(1, 4)), above: Some(Exact::new(1, 2)) });
    assert_eq!(known(20, 1), Bucket::Unknown { below: Some(Exact::from_integer(10)), above: None });
}

/// The prometheus target tells its readers the same bounds.
#[test]
fn the_target_states_the_same_buckets() {
    let target = include_str!("../../../../targets/prometheus/target.json");
    let bounds: Vec<String> = OPEN_TELEMETRY_SECONDS
        .iter()
        .map(|(numerator, denominator)| decimal(&Exact::new(*numerator, *denominator)))
        .collect();
    let stated = format!("\"bucket_bounds_seconds\": [{}]", bounds.join(", "));
    assert!(target.contains(&stated), "{stated}");
}

prop_compose! {
    /// Any objective of up to four nines and some, over any period and scrape that the platform allows.
    fn any_input()(
        hundred_thousandths in prop_oneof![1_i128..200, 1_i128..2_000, 1_i128..20_000],
        latency in any::<bool>(),
        period_days in 1_u32..=120,
        scrape_seconds in 1_u32..=310,
        hourly in proptest::option::of(0_i128..40_000_000),
    ) -> ObjectiveInput {
        let ratio = Exact::one() - Exact::new(hundred_thousandths, 100_000);
        let kind = if latency {
            Kind::Latency {
                quantile_percent: ratio * Exact::from_integer(100),
                threshold_seconds: Exact::new(1, 2),
            }
        } else {
            Kind::Availability { ratio }
        };
        ObjectiveInput {
            kind,
            period_days,
            scrape_seconds,
            traffic_per_second: hourly.map(|hourly| Exact::new(hourly, 3_600)),
            ..input(1, 2)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn every_alert_of_a_legal_objective_is_tested(input in any_input()) {
        let outcome = Objective::new(input);
        let Some(objective) = outcome.objective else {
            prop_assert!(outcome.findings.iter().any(Finding::is_error));
            prop_assert!(!outcome.findings.contains(&Finding::OutOfRange));
            return Ok(());
        };
        let timeline = &objective.timeline;
        // A phase ends with a whole sample, so the time goes over by less than one.
        prop_assert!(timeline.simulated().as_seconds() < 6 * 3_600 + timeline.scrape.as_seconds(), "{}", timeline.simulated());
        for alert in AlertKind::ALL {
            let fires = |wanted| timeline.scenarios.iter().flat_map(|scenario| &scenario.alerts)
                .any(|check| check.alert == alert && check.fires == wanted);
            prop_assert!(fires(true) && fires(false), "{alert:?} is not tested both ways");
        }
        // The page comes, is held by the second pair, and goes again.
        let outage = checks(scenario(&objective, ScenarioKind::Outage), AlertKind::BurnFast);
        let states: Vec<bool> = outage.iter().map(|(_, fires)| *fires).collect();
        prop_assert_eq!(states, [false, true, true, false]);
    }

    #[test]
    fn times_lie_on_evaluations_and_within_the_series(input in any_input()) {
        let Some(objective) = Objective::new(input).objective else { return Ok(()) };
        let timeline = &objective.timeline;
        for scenario in &timeline.scenarios {
            let samples: u32 = scenario.phases.iter().map(|phase| phase.samples).sum();
            let end = i128::from(samples) * timeline.scrape.as_seconds();
            prop_assert!(scenario.phases.iter().all(|phase| phase.samples > 0 && phase.good >= 0 && phase.bad >= 0));
            for check in &scenario.alerts {
                prop_assert_eq!(check.at.as_seconds() % timeline.interval.as_seconds(), 0);
                prop_assert!(scenario.kind == ScenarioKind::Vanished || check.at.as_seconds() <= end);
            }
        }
    }
}
