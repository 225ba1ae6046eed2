//! Names that may have one owner only.

use std::collections::BTreeMap;
use std::sync::Arc;

use idpc_model::code::Code;
use idpc_model::diagnostic::Diagnostic;
use idpc_model::model::Model;
use idpc_model::span::Span;
use idpc_model::value::{Field, Layer};

/// Values of `@env_prefixed` fields that two needs claim: such a name exists once for all environments.
#[must_use]
pub fn findings(model: &Model) -> Vec<Diagnostic> {
    let mut claims: BTreeMap<Arc<str>, Vec<(Span, String)>> = BTreeMap::new();
    for environment in &model.environments {
        for (service, record) in &environment.services {
            for (entry, need) in record.value("needs").entries() {
                claim(model, &format!("{service}.needs.{entry}"), need, &environment.name, &mut claims);
            }
        }
        for (name, record) in &environment.resources {
            let field = Field {
                value: idpc_model::value::Value::Record(record.clone()),
                origin: idpc_model::value::Origin { layer: Layer::Entry, span: record.span, overridden: Vec::new() },
            };
            claim(model, name, &field, &environment.name, &mut claims);
        }
    }
    // A host with the prefix of each environment is claimed once: under the shortest of its names.
    let mut claims: Vec<_> = claims.into_iter().collect();
    claims.sort_by_key(|(name, _)| name.len());
    let mut found: Vec<Diagnostic> = Vec::new();
    for (name, mut owners) in claims {
        owners.sort();
        owners.dedup();
        let Some(((first, _), others)) = owners.split_first() else { continue };
        for (span, owner) in others {
            if found.iter().any(|finding| finding.primary == *span) {
                continue;
            }
            found.push(
                Diagnostic::new(Code::ClaimedTwice, *span, format!("`{name}` is claimed twice"))
                    .primary_label(format!("claimed by `{owner}`"))
                    .label(*first, "claimed here first")
                    .help("a name has one owner; choose another"),
            );
        }
    }
    found
}

fn claim(
    model: &Model,
    owner: &str,
    need: &Field,
    environment: &str,
    claims: &mut BTreeMap<Arc<str>, Vec<(Span, String)>>,
) {
    let Some(record) = need.value.as_record().filter(|record| record.shared.is_none()) else { return };
    let Some(schema) = model.set.get(&record.schema) else { return };
    for field in schema.fields.iter().filter(|field| field.env_prefixed) {
        let Some(value) = record.field(&field.name) else { continue };
        let Some(name) = value.value.as_str() else { continue };
        claims.entry(name.into()).or_default().push((value.origin.span, format!("{owner} in {environment}")));
    }
}
