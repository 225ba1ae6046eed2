//! Runs every target over a model.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use idpc_model::code::Code;
use idpc_model::diagnostic::Diagnostic;
use idpc_model::model::Model;
use idpc_model::schema::SchemaSet;
use rayon::prelude::*;

use crate::artifact::{Artifact, Permit, PermitKind, UnitInfo};
use crate::demands;
use crate::labels;
use crate::model_shapes::ModelShapes;
use crate::shape::Per;
use crate::target::Target;
use crate::template::Scratch;
use crate::view::facts::KindFacts;
use crate::view::kept::{self, Kept};
use crate::view::place::Place;
use crate::view::service::Extras;
use crate::work::{Made, Work};

/// What the targets made of a model.
#[derive(Clone, Debug, Default)]
pub struct Emission {
    /// The files, sorted by path.
    pub artifacts: Vec<Artifact>,
    /// Everything that owns files, sorted.
    pub units: Vec<UnitInfo>,
    /// The `moved` and `removed` lines.
    pub permits: Vec<Permit>,
    /// How many services the workspace declares.
    pub services: usize,
    /// What the targets need and do not find.
    pub diagnostics: Vec<Diagnostic>,
    /// What is wrong with the templates, as text.
    pub errors: Vec<String>,
}

/// Loads the targets and runs those that are asked for. `files` are paths such as `argocd/target.json` with their text.
#[must_use]
pub fn emit(model: &Model, files: &[(String, Arc<str>)], wanted: Option<&[String]>, extras: &Extras) -> Emission {
    // Nothing calls it off.
    emit_unless(model, files, wanted, extras, &|| false).unwrap_or_default()
}

/// As [`emit`]; `None` if it is called off meanwhile, which is asked before each piece of work.
#[must_use]
pub fn emit_unless(
    model: &Model,
    files: &[(String, Arc<str>)],
    wanted: Option<&[String]>,
    extras: &Extras,
    stop: &(dyn Fn() -> bool + Sync),
) -> Option<Emission> {
    let facts = facts(files);
    let (targets, errors) = load(&model.set, files, wanted);
    let mut emission = Emission { errors, services: model.services.len(), ..Emission::default() };
    emission.diagnostics = demands::findings(model, &facts);
    emission.diagnostics.extend(labels::findings(model));
    emission.diagnostics.extend(demands::profiles(model, &targets));
    emission.diagnostics.extend(unwritten(model, &targets));
    let places: Vec<Place<'_>> =
        model.environments.iter().map(|environment| Place::new(model, environment, &facts)).collect();
    let work = Work { places: &places, targets: &targets, extras };
    let jobs = work.jobs();
    let made = jobs.par_iter().map_init(Scratch::default, |scratch, job| (!stop()).then(|| work.run(job, scratch)));
    let made: Vec<Made> = made.collect::<Option<_>>()?;
    for made in made {
        emission.artifacts.extend(made.artifacts);
        emission.errors.extend(made.errors);
        emission.units.extend(made.units);
    }
    emission.artifacts.sort_by(|a, b| a.path.cmp(&b.path));
    emission.errors.extend(claimed_twice(&emission.artifacts));
    emission.units.sort_by(|a, b| a.unit.cmp(&b.unit));
    emission.units.dedup_by(|a, b| a.unit == b.unit);
    emission.permits = permits(model);
    Some(emission)
}

/// The secrets whose values the platform's store keeps, by environment.
#[must_use]
pub fn kept_secrets(model: &Model, files: &[(String, Arc<str>)]) -> Vec<(Arc<str>, Vec<Kept>)> {
    let facts = facts(files);
    let places = model.environments.iter().map(|environment| Place::new(model, environment, &facts));
    places.map(|place| (place.name().clone(), kept::secrets(&place))).collect()
}

/// What the targets state about kinds: all of them, also those that are not built now, since names never depend on the
/// selection.
fn facts(files: &[(String, Arc<str>)]) -> KindFacts {
    let mut facts = KindFacts::default();
    let mut known = BTreeSet::new();
    for (path, text) in files {
        // The first one is whole, what stands behind it has been put into it.
        if path.ends_with("/target.json")
            && known.insert(path)
            && let Ok(json) = serde_json::from_str::<serde_json::Value>(text)
        {
            facts.add(&json);
        }
    }
    facts
}

/// The targets by folder, and what is wrong with them.
fn load(set: &SchemaSet, files: &[(String, Arc<str>)], wanted: Option<&[String]>) -> (Vec<Target>, Vec<String>) {
    let mut folders: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for (path, text) in files {
        if let Some((folder, rest)) = path.split_once('/') {
            folders.entry(folder).or_default().push((rest, text));
        }
    }
    let shapes = ModelShapes { set };
    let (mut targets, mut errors) = (Vec::new(), Vec::new());
    for (folder, files) in folders {
        if !files.iter().any(|(path, _)| *path == "target.json") {
            continue;
        }
        if wanted.is_some_and(|wanted| !wanted.iter().any(|name| name == folder)) {
            continue;
        }
        let (target, problems) = Target::load(folder, &files, &shapes);
        errors.extend(problems.iter().map(|problem| format!("targets/{folder}/{problem}")));
        targets.extend(target);
    }
    (targets, errors)
}

/// Kinds for which a target that writes kinds has no template and does not say why.
fn unwritten(model: &Model, targets: &[Target]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for schema in model.set.descendants("resource") {
        if schema.library || schema.name.contains('.') {
            continue;
        }
        for target in targets.iter().filter(|target| target.rules.iter().any(|rule| rule.per == Per::Kind)) {
            if !target.has_kind(&schema.name) && !target.is_silent(&schema.name) {
                found.push(
                    Diagnostic::new(
                        Code::UnwrittenKind,
                        schema.span,
                        format!("the target `{}` writes nothing for `{}`", target.name, schema.name),
                    )
                    .primary_label("no template for it or for its parents")
                    .help(format!("add the folder `targets/{}/kinds/{}/`", target.name, schema.name)),
                );
            }
        }
    }
    found
}

/// Two targets, or two services, that would write one file.
fn claimed_twice(sorted: &[Artifact]) -> Vec<String> {
    sorted
        .iter()
        .zip(sorted.iter().skip(1))
        .filter(|(a, b)| a.path == b.path)
        .map(|(a, b)| {
            format!("{} is written twice: by {} for {} and by {} for {}", a.path, a.target, a.unit, b.target, b.unit)
        })
        .collect()
}

fn permits(model: &Model) -> Vec<Permit> {
    model
        .identities
        .iter()
        .map(|line| {
            if line.removed {
                Permit { env: None, id: line.name(), kind: PermitKind::Removed }
            } else {
                Permit { env: None, id: line.from.join("."), kind: PermitKind::Moved { to: line.name() } }
            }
        })
        .collect()
}
