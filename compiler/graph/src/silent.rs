//! Objectives so low that no alert can watch over them.

use idpc_model::code::Code;
use idpc_model::diagnostic::Diagnostic;
use idpc_model::model::Environment;
use idpc_model::units::{self, Amount};
use idpc_model::value::Layer;

use crate::objective::{Finding, Known};
use crate::slo::{Stated, stated};

/// Objectives that a service writes and that get no alerts.
#[must_use]
pub fn findings(environment: &Environment, known: &Known) -> Vec<Diagnostic> {
    let services = environment.services.iter();
    services
        .flat_map(|(name, record)| stated(environment, name, record, known))
        .filter_map(|one| silent(&one))
        .collect()
}

fn silent(stated: &Stated<'_>) -> Option<Diagnostic> {
    if !matches!(stated.field.origin.layer, Layer::Entry | Layer::Overlay) {
        return None;
    }
    let least = stated.outcome.findings.iter().filter_map(|finding| match finding {
        Finding::NeverFires { least_ratio, .. } => Some(*least_ratio),
        _ => None,
    });
    let least = least.max()?;
    Some(
        Diagnostic::new(Code::SilentObjective, stated.field.origin.span, "no alert can watch over this objective")
            .primary_label("even a complete outage would not use up its error budget fast enough")
            .help(format!("promise more than {} %, or leave the objective out", percent(least))),
    )
}

/// A share in per cent with one digit behind the point, rounded up.
fn percent(share: Amount) -> String {
    let tenths = units::multiply(share, Amount::from_integer(1000)).map(|tenths| tenths.ceil());
    let shown = tenths.and_then(|tenths| units::divide(tenths, Amount::from_integer(10)));
    shown.map_or_else(|| String::from("93"), units::number_text)
}
