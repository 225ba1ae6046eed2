//! Whether the objectives of callees and needs leave room for the caller's own.
//!
//! All in unavailability `u = 1 - a`, exact. The sum of the parts bounds the whole under any correlation (union bound);
//! one part above the budget breaks the promise by itself.

use std::sync::Arc;

use idpc_model::code::Code;
use idpc_model::diagnostic::{Diagnostic, Severity};
use idpc_model::model::{Environment, Model};
use idpc_model::span::Span;
use idpc_model::units::{self, Amount};
use idpc_model::value::{Field, Layer, Record};
use num_traits::Zero;

use crate::graph::{is_required, sorted};

/// A part of a service's unavailability.
struct Part {
    name: Arc<str>,
    loss: Amount,
    written: bool,
    span: Span,
    need: bool,
}

/// Findings about the objectives of one environment.
#[must_use]
pub fn findings(model: &Model, environment: &Environment) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for declared in &model.services {
        let Some(record) = environment.services.get(&declared.name) else { continue };
        let Some(objective) = availability(record) else { continue };
        let Some(budget) = loss(objective) else { continue };
        if budget <= Amount::zero() {
            // Said by a rule of the schema already.
            continue;
        }
        let parts = parts(environment, record);
        found.extend(broken(&parts, budget, objective));
        found.extend(at_risk(&parts, budget, objective, declared.span));
    }
    found
}

/// A service's objective of availability, with who set it.
#[must_use]
pub fn availability(record: &Record) -> Option<&Field> {
    let objective = record.value("slo").as_record()?.field("availability")?;
    objective.value.as_quantity().map(|_| objective)
}

fn loss(objective: &Field) -> Option<Amount> {
    units::subtract(Amount::from_integer(1), objective.value.as_quantity()?.amount)
}

fn written(field: &Field) -> bool {
    matches!(field.origin.layer, Layer::Entry | Layer::Overlay)
}

fn parts(environment: &Environment, record: &Record) -> Vec<Part> {
    let mut parts = Vec::new();
    for (callee, call) in sorted(record.value("calls")) {
        if !is_required(call) {
            continue;
        }
        let Some(objective) = environment.services.get(callee).and_then(|record| availability(record)) else {
            continue;
        };
        let Some(loss) = loss(objective) else { continue };
        parts.push(Part {
            name: callee.clone(),
            loss,
            written: written(objective),
            span: call.origin.span,
            need: false,
        });
    }
    let kinds = environment.world.platform.value("slo").as_record().map(|slo| slo.value("kinds").clone());
    for (entry, need) in sorted(record.value("needs")) {
        let Some(kind) = need.value.as_record().map(|need| need.schema.clone()) else { continue };
        let stated = kinds.as_ref().and_then(|kinds| kinds.entries().iter().find(|(name, _)| *name == kind));
        let Some(loss) = stated.and_then(|(_, objective)| loss(objective)) else { continue };
        parts.push(Part { name: entry.clone(), loss, written: false, span: need.origin.span, need: true });
    }
    parts
}

fn broken(parts: &[Part], budget: Amount, objective: &Field) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for part in parts.iter().filter(|part| part.loss > budget) {
        let share = percent(part.loss, budget);
        let message = format!("`{}` alone may fail more often than this service promises", part.name);
        let mut finding = Diagnostic::new(Code::ObjectiveBroken, part.span, message)
            .primary_label(format!("may use {share} of the error budget"))
            .label(objective.origin.span, format!("promises {}", objective.value))
            .help(if part.need {
                "lower the promise, or give the need a copy that takes over"
            } else {
                "lower the promise, raise the callee's, or do without it: `required = false`"
            });
        if !(part.written && written(objective)) {
            finding.code = Code::ObjectiveAtRisk;
            finding.severity = Severity::Warning;
        }
        found.push(finding);
    }
    found
}

fn at_risk(parts: &[Part], budget: Amount, objective: &Field, header: Span) -> Option<Diagnostic> {
    let single = parts.iter().any(|part| part.loss > budget);
    let sum = parts.iter().try_fold(Amount::zero(), |sum, part| units::add(sum, part.loss))?;
    if single || sum <= budget || parts.len() < 2 {
        return None;
    }
    let at = if written(objective) { objective.origin.span } else { header };
    let shares: Vec<String> =
        parts.iter().map(|part| format!("`{}` {}", part.name, percent(part.loss, budget))).collect();
    Some(
        Diagnostic::new(
            Code::ObjectiveAtRisk,
            at,
            format!("what this service requires may together break {}", objective.value),
        )
        .primary_label(format!("{} of the error budget", percent(sum, budget)))
        .help(format!("shares of the budget: {}", shares.join(", "))),
    )
}

/// A share in whole per cent, rounded up.
fn percent(part: Amount, whole: Amount) -> String {
    let share = units::divide(part, whole).and_then(|share| units::multiply(share, Amount::from_integer(100)));
    share.map_or_else(|| "more than all".to_owned(), |share| format!("{} %", share.ceil().to_integer()))
}
