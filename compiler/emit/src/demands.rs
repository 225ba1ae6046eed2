//! What targets need the platform to state: never invented, only asked for.

use idpc_model::code::Code;
use idpc_model::diagnostic::Diagnostic;
use idpc_model::model::{Environment, Model};
use idpc_model::span::Span;
use idpc_model::suggest::nearest;
use idpc_model::value::{Record, Value};

use crate::target::Target;
use crate::view::convert::{map, record};
use crate::view::facts::KindFacts;

/// Settings of the platform and of environments that are missing where something is written that needs them.
#[must_use]
pub fn findings(model: &Model, facts: &KindFacts) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if model.services.is_empty() {
        return found;
    }
    for environment in &model.environments {
        let Some(need) = first_claim(model, environment, facts) else {
            found.extend(store_region(model, environment, facts));
            continue;
        };
        if environment.world.platform.value("api_group").is_none() {
            let at = model.platform.as_ref().map_or(need, |platform| platform.span);
            found.push(
                Diagnostic::new(Code::UnsetPlatform, at, "the platform has no `api_group`")
                    .primary_label("claims need an API group")
                    .label(need, "this makes a claim")
                    .help("set it once and for all: `platform acme { api_group = \"platform.acme.dev\" }`"),
            );
        }
        for (field, example) in [("region", "\"eu-central-1\""), ("account", "\"111122223333\"")] {
            if !environment.world.environment.value(field).is_none() {
                continue;
            }
            found.push(
                unset(model, environment, need, field, example)
                    .primary_label(format!("what runs in the cloud needs its {field}"))
                    .label(need, "this is made in the cloud"),
            );
        }
    }
    found.extend(model.environments.iter().filter_map(|environment| open_cloud(model, environment, facts)));
    found.extend(repository(model));
    found
}

/// A fact about an environment that is missing, at its declaration; at what needs it where the library declares it.
fn unset(model: &Model, environment: &Environment, need: Span, field: &str, example: &str) -> Diagnostic {
    let place = model.places.iter().find(|place| place.name == environment.name && !place.library);
    let at = place.map_or(need, |place| place.span);
    Diagnostic::new(Code::UnsetPlatform, at, format!("the environment `{}` has no `{field}`", environment.name))
        .help(format!("set `{field} = {example}` in `environment {}`", environment.name))
}

/// A store of secrets in the cloud is one of a region: without claims, nothing else has asked for it.
fn store_region(model: &Model, environment: &Environment, facts: &KindFacts) -> Option<Diagnostic> {
    let secrets = environment.world.platform.value("secrets").as_record()?;
    let in_cloud = secrets.value("store").as_str() == Some("aws_secrets_manager");
    if !in_cloud || !environment.world.environment.value("region").is_none() {
        return None;
    }
    let need = needs(environment, |record| {
        let key = facts.key_field(&record.schema, &model.set);
        key.is_some_and(|field| !record.value(field).is_none())
    });
    let need = need.min()?;
    Some(
        unset(model, environment, need, "region", "\"eu-central-1\"")
            .primary_label("the store of secrets is one of a region")
            .label(need, "the value of this is kept there"),
    )
}

/// An environment that leaves the cloud's port open to every host: it says from which addresses the cloud answers
/// neither itself nor by the platform's policies. Said once, at its declaration.
fn open_cloud(model: &Model, environment: &Environment, facts: &KindFacts) -> Option<Diagnostic> {
    let declared = model.places.iter().find(|place| place.name == environment.name && !place.library)?;
    let settings = |record: &Record, field: &str| {
        let network = record.value("network").as_record();
        network.map(|network| network.value(field).clone()).unwrap_or(Value::None)
    };
    let by_name = settings(&environment.world.platform, "policies").as_str() == Some("cilium");
    let by_address = !settings(&environment.world.environment, "cloud_cidrs").elements().is_empty();
    if by_name || by_address {
        return None;
    }
    let need = needs(environment, |record| facts.grants(&record.schema, &model.set)).min()?;
    Some(
        Diagnostic::new(
            Code::OpenCloud,
            declared.span,
            format!("in `{}`, port 443 of every host is open to what uses the cloud", environment.name),
        )
        .primary_label("it does not say from which addresses the cloud answers")
        .label(need, "this is reached through the interface of the cloud")
        .help(
            "name the addresses here, `network { cloud_cidrs = [\"10.0.0.0/16\"] }`, or let the platform's policies know \
             hosts by name, `network { policies = cilium }`",
        ),
    )
}

/// Targets that do not have the profile that the platform asks for; said once for all of them.
#[must_use]
pub(crate) fn profiles(model: &Model, targets: &[Target]) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for environment in &model.environments {
        let platform = &environment.world.platform;
        let context = map([("platform", record(platform, &[]))]);
        for target in targets {
            let Err(none) = target.data(&context) else { continue };
            let name = none.setting.trim_start_matches("platform.");
            let Some(field) = platform.field(name) else { continue };
            let known = none.known.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
            let near = nearest(&none.value, none.known.iter().map(String::as_str));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there is {known}"),
            };
            let finding = Diagnostic::new(
                Code::UnknownProfile,
                field.origin.span,
                format!("the target `{}` cannot write `{name} = {}`", target.name, none.value),
            )
            .primary_label("it has no set of API versions for this")
            .help(help);
            if found.iter().all(|known| known.primary != finding.primary) {
                found.push(finding);
            }
        }
    }
    found
}

/// Without a delivery repository Argo CD would read from nowhere; said once, at the platform.
fn repository(model: &Model) -> Option<Diagnostic> {
    let platform = model.platform.as_ref()?;
    let first = model.environments.first()?;
    let settings = first.world.platform.value("gitops").as_record()?;
    settings.value("repository").is_none().then(|| {
        Diagnostic::new(Code::NoRepository, platform.span, "no delivery repository is set")
            .primary_label(format!("Applications read `https://git.invalid/{}.git`", model.workspace))
            .help("set `gitops { repository = \"https://…\" }`, where the output is committed")
    })
}

fn first_claim(model: &Model, environment: &Environment, facts: &KindFacts) -> Option<Span> {
    let claims = |record: &Record| facts.makes_claim(&record.schema, &model.set);
    let resources = environment.resources.values().filter(|record| claims(record)).map(|record| record.span);
    needs(environment, claims).chain(resources).min()
}

/// Where the services of an environment say that they need something of some kinds.
fn needs(environment: &Environment, wanted: impl Fn(&Record) -> bool) -> impl Iterator<Item = Span> {
    let records = environment.services.values().flat_map(|record| record.value("needs").entries());
    records.filter_map(move |(_, field)| match &field.value {
        Value::Record(need) if wanted(need) => Some(field.origin.span),
        _ => None,
    })
}
