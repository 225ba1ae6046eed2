//! Runs every target over a model.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use idpc_model::code::Code;
use idpc_model::diagnostic::Diagnostic;
use idpc_model::model::{Declared, Model};
use idpc_model::schema::SchemaSet;
use rayon::prelude::*;

use crate::artifact::{Artifact, Durable, Life, Permit, PermitKind, RelPath, Unit, UnitInfo};
use crate::demands;
use crate::node::Node;
use crate::shape::{Per, Shape, ShapeSource};
use crate::target::{Lifetime, Rule, Target};
use crate::template::Scratch;
use crate::view::facts::KindFacts;
use crate::view::place::Place;
use crate::view::service::Extras;
use crate::view::{environment, need, project, repository, resource, service, shapes};

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
pub fn emit(
    model: &Model,
    files: &[(String, Arc<str>)],
    wanted: Option<&[String]>,
    extras: &Extras,
) -> Emission {
    let (targets, facts, errors) = load(&model.set, files, wanted);
    let mut emission = Emission {
        errors,
        services: model.services.len(),
        ..Emission::default()
    };
    emission.diagnostics = demands::findings(model, &facts);
    emission.diagnostics.extend(unwritten(model, &targets));
    let places: Vec<Place<'_>> = model
        .environments
        .iter()
        .map(|environment| Place::new(model, environment, &facts))
        .collect();
    let jobs = jobs(&places);
    let made: Vec<Made> = jobs
        .par_iter()
        .map_init(Scratch::default, |scratch, job| {
            make(&places, &targets, extras, job, scratch)
        })
        .collect();
    for made in made {
        emission.artifacts.extend(made.artifacts);
        emission.errors.extend(made.errors);
        emission.units.extend(made.unit);
    }
    emission.artifacts.sort_by(|a, b| a.path.cmp(&b.path));
    emission
        .artifacts
        .dedup_by(|a, b| a.path == b.path && a.text == b.text);
    emission.units.sort_by(|a, b| a.unit.cmp(&b.unit));
    emission.units.dedup_by(|a, b| a.unit == b.unit);
    emission.permits = permits(model);
    emission
}

/// The targets by folder, what they state about kinds, and what is wrong with them.
fn load(
    set: &SchemaSet,
    files: &[(String, Arc<str>)],
    wanted: Option<&[String]>,
) -> (Vec<Target>, KindFacts, Vec<String>) {
    let mut folders: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for (path, text) in files {
        if let Some((folder, rest)) = path.split_once('/') {
            folders.entry(folder).or_default().push((rest, text));
        }
    }
    let shapes = ModelShapes { set };
    let (mut targets, mut facts, mut errors) = (Vec::new(), KindFacts::default(), Vec::new());
    for (folder, files) in folders {
        let manifest = files.iter().find(|(path, _)| *path == "target.json");
        let Some((_, manifest)) = manifest else {
            continue;
        };
        // Facts of every target count, also of those that are not built now: names never depend on the selection.
        if let Ok(json) = serde_json::from_str::<serde_json::Value>(manifest) {
            facts.add(&json);
        }
        if wanted.is_some_and(|wanted| !wanted.iter().any(|name| name == folder)) {
            continue;
        }
        let (target, problems) = Target::load(folder, &files, &shapes);
        errors.extend(
            problems
                .iter()
                .map(|problem| format!("targets/{folder}/{problem}")),
        );
        targets.extend(target);
    }
    (targets, facts, errors)
}

/// Kinds for which a target that writes kinds has no template and does not say why.
fn unwritten(model: &Model, targets: &[Target]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for schema in model.set.descendants("resource") {
        if schema.library || schema.name.contains('.') {
            continue;
        }
        for target in targets
            .iter()
            .filter(|target| target.rules.iter().any(|rule| rule.per == Per::Kind))
        {
            if !target.has_kind(&schema.name) && !target.is_silent(&schema.name) {
                found.push(
                    Diagnostic::new(
                        Code::UnwrittenKind,
                        schema.span,
                        format!(
                            "the target `{}` writes nothing for `{}`",
                            target.name, schema.name
                        ),
                    )
                    .primary_label("no template for it or for its parents")
                    .help(format!(
                        "add the folder `targets/{}/kinds/{}/`",
                        target.name, schema.name
                    )),
                );
            }
        }
    }
    found
}

/// One piece of work: everything that one unit owns.
enum Job<'m> {
    Service(usize, &'m Declared),
    Resource(usize, &'m Declared),
    Environment(usize),
    Project(&'m Declared),
    Repositories,
    Workspace,
}

#[derive(Default)]
struct Made {
    artifacts: Vec<Artifact>,
    errors: Vec<String>,
    unit: Vec<UnitInfo>,
}

fn jobs<'m>(places: &[Place<'m>]) -> Vec<Job<'m>> {
    let mut jobs = Vec::new();
    for (at, place) in places.iter().enumerate() {
        let model = place.model;
        jobs.push(Job::Environment(at));
        let has = |name: &Arc<str>| place.environment.services.contains_key(name);
        jobs.extend(
            model
                .services
                .iter()
                .filter(|declared| has(&declared.name))
                .map(|declared| Job::Service(at, declared)),
        );
        let has = |name: &Arc<str>| place.environment.resources.contains_key(name);
        jobs.extend(
            model
                .resources
                .iter()
                .filter(|declared| has(&declared.name))
                .map(|declared| Job::Resource(at, declared)),
        );
    }
    if let Some(place) = places.first() {
        jobs.extend(place.model.services.iter().map(Job::Project));
        jobs.push(Job::Repositories);
        jobs.push(Job::Workspace);
    }
    jobs
}

fn make(
    places: &[Place<'_>],
    targets: &[Target],
    extras: &Extras,
    job: &Job<'_>,
    scratch: &mut Scratch,
) -> Made {
    let mut made = Made::default();
    match job {
        Job::Service(at, declared) => {
            let Some(place) = places.get(*at) else {
                return made;
            };
            let Some(record) = place.environment.services.get(&declared.name) else {
                return made;
            };
            let context = service::context(place, declared, record, extras);
            let unit = Unit::Service {
                env: place.name().to_string(),
                name: declared.name.to_string(),
            };
            run(&mut made, targets, Per::Service, &context, &unit, scratch);
            copy_extras(&mut made, place, declared, extras, &unit);
            let owner = record.value("owner").as_str().map(str::to_owned);
            made.unit.push(UnitInfo {
                unit,
                owner,
                durables: durables(place, declared, record),
            });
        }
        Job::Resource(at, declared) => {
            let Some(place) = places.get(*at) else {
                return made;
            };
            let Some(record) = place.environment.resources.get(&declared.name) else {
                return made;
            };
            let context = resource::context(place, declared, record);
            let unit = Unit::Resource {
                env: place.name().to_string(),
                name: declared.name.to_string(),
            };
            run(&mut made, targets, Per::Resource, &context, &unit, scratch);
            let owner = record.value("owner").as_str().map(str::to_owned);
            let durables = durable(place, &[declared.name.clone()], record)
                .into_iter()
                .collect();
            made.unit.push(UnitInfo {
                unit,
                owner,
                durables,
            });
        }
        Job::Environment(at) => environment_job(places, targets, *at, &mut made, scratch),
        Job::Project(declared) => {
            let Some((place, record)) = project::home(places, &declared.name) else {
                return made;
            };
            let context = project::context(place, declared, record);
            let unit = Unit::Repository {
                name: repository(record, &declared.name),
            };
            run(&mut made, targets, Per::Project, &context, &unit, scratch);
            made.unit.push(UnitInfo {
                unit,
                owner: record.value("owner").as_str().map(str::to_owned),
                durables: Vec::new(),
            });
        }
        Job::Repositories => {
            for (name, context) in project::repositories(places) {
                let unit = Unit::Repository { name };
                run(
                    &mut made,
                    targets,
                    Per::Repository,
                    &context,
                    &unit,
                    scratch,
                );
            }
        }
        Job::Workspace => {
            let Some(context) = project::workspace(places) else {
                return made;
            };
            let Some(place) = places.first() else {
                return made;
            };
            let unit = Unit::Repository {
                name: place.model.workspace.to_string(),
            };
            run(&mut made, targets, Per::Workspace, &context, &unit, scratch);
            made.unit.push(UnitInfo {
                unit,
                owner: None,
                durables: Vec::new(),
            });
        }
    }
    made
}

fn environment_job(
    places: &[Place<'_>],
    targets: &[Target],
    at: usize,
    made: &mut Made,
    scratch: &mut Scratch,
) {
    let Some(place) = places.get(at) else { return };
    let unit = Unit::Platform {
        env: place.name().to_string(),
    };
    let previous = place.env_text("after");
    let context = environment::context(place, previous);
    run(made, targets, Per::Environment, &context, &unit, scratch);
    for schema in environment::kinds(place) {
        let with_templates: Vec<&Target> = targets
            .iter()
            .filter(|target| target.has_kind(&schema.name))
            .collect();
        if with_templates.is_empty() {
            continue;
        }
        let context = environment::kind_context(place, schema);
        for target in with_templates {
            for rule in target.rules.iter().filter(|rule| rule.per == Per::Kind) {
                file(made, target, rule, &context, &unit, scratch);
            }
        }
    }
    made.unit.push(UnitInfo {
        unit,
        owner: None,
        durables: Vec::new(),
    });
}

fn run(
    made: &mut Made,
    targets: &[Target],
    per: Per,
    context: &Node,
    unit: &Unit,
    scratch: &mut Scratch,
) {
    for target in targets {
        for rule in target.rules.iter().filter(|rule| rule.per == per) {
            file(made, target, rule, context, unit, scratch);
        }
    }
}

fn file(
    made: &mut Made,
    target: &Target,
    rule: &Rule,
    context: &Node,
    unit: &Unit,
    scratch: &mut Scratch,
) {
    let Some(rendered) = target.render(rule, context, scratch) else {
        return;
    };
    for fault in &rendered.faults {
        let at = format!("targets/{}/{}:{}", target.name, fault.file, fault.pos.line);
        made.errors.push(format!(
            "{at}: {} (writing {})",
            fault.message, rendered.path
        ));
    }
    match RelPath::new(&rendered.path) {
        Ok(path) => made.artifacts.push(Artifact {
            path,
            text: rendered.text,
            target: target.name.clone(),
            source: context
                .field("header")
                .and_then(Node::text)
                .unwrap_or_default()
                .to_owned(),
            unit: unit.clone(),
            life: if rule.lifetime == Lifetime::Once {
                Life::Once
            } else {
                Life::Generated
            },
        }),
        Err(bad) => made.errors.push(format!(
            "targets/{}: {}: {}",
            target.name, bad.path, bad.reason
        )),
    }
}

/// Hand-made objects beside a service's file go where its kustomization finds them.
fn copy_extras(
    made: &mut Made,
    place: &Place<'_>,
    declared: &Declared,
    extras: &Extras,
    unit: &Unit,
) {
    let key = (place.name().clone(), declared.name.clone());
    for (file, text) in extras.get(&key).into_iter().flatten() {
        let path = format!("{}/app/extras/{file}", unit.folder());
        match RelPath::new(&path) {
            Ok(path) => made.artifacts.push(Artifact {
                path,
                text: text.to_string(),
                target: "extras".to_owned(),
                source: format!("extras/{}/{file}", place.name()),
                unit: unit.clone(),
                life: Life::Generated,
            }),
            Err(bad) => made.errors.push(format!("extras: {}: {}", bad.path, bad.reason)),
        }
    }
}

/// The objects of a service whose loss is a loss of data.
fn durables(
    place: &Place<'_>,
    declared: &Declared,
    record: &idpc_model::value::Record,
) -> Vec<Durable> {
    record
        .value("needs")
        .entries()
        .iter()
        .filter_map(|(entry, field)| {
            let need = field
                .value
                .as_record()
                .filter(|need| need.shared.is_none())?;
            durable(place, &need::path(&declared.name, Some(entry)), need)
        })
        .collect()
}

fn durable(
    place: &Place<'_>,
    path: &[Arc<str>],
    record: &idpc_model::value::Record,
) -> Option<Durable> {
    let set = &place.model.set;
    if record.value("durable").as_bool() == Some(false)
        || !place.facts.makes_claim(&record.schema, set)
    {
        return None;
    }
    let names = need::names(place, path, &record.schema, record.value("import").as_str());
    Some(Durable {
        id: path.join("."),
        kind: record.schema.to_string(),
        object: names.claim,
        physical: names.physical,
    })
}

fn permits(model: &Model) -> Vec<Permit> {
    model
        .identities
        .iter()
        .map(|line| {
            if line.removed {
                Permit {
                    env: None,
                    id: line.name(),
                    kind: PermitKind::Removed,
                }
            } else {
                Permit {
                    env: None,
                    id: line.from.join("."),
                    kind: PermitKind::Moved { to: line.name() },
                }
            }
        })
        .collect()
}

/// The shapes of all contexts, from the schemas.
struct ModelShapes<'s> {
    set: &'s SchemaSet,
}

impl ModelShapes<'_> {
    fn below(&self, root: &str) -> Vec<String> {
        let names: BTreeSet<String> = self
            .set
            .descendants(root)
            .into_iter()
            .filter(|schema| !schema.name.contains(['.', ':']))
            .map(|schema| schema.name.to_string())
            .collect();
        names.into_iter().collect()
    }
}

impl ShapeSource for ModelShapes<'_> {
    fn context(&self, per: Per) -> Option<Shape> {
        Some(match per {
            Per::Service => shapes::service(self.set, "service"),
            Per::Resource => shapes::resource(self.set),
            Per::Environment => shapes::environment(self.set),
            Per::Kind => shapes::kind(self.set),
            Per::Project => shapes::project(self.set),
            Per::Repository => shapes::repository(self.set),
            Per::Workspace => shapes::workspace(self.set),
        })
    }

    fn kinds(&self) -> Vec<String> {
        self.below("resource")
    }

    fn paths(&self) -> Vec<String> {
        self.below("service")
    }

    fn ancestors(&self, schema: &str) -> Vec<String> {
        self.set
            .get(schema)
            .map(|schema| schema.chain.iter().map(ToString::to_string).collect())
            .unwrap_or_default()
    }

    fn need_value(&self, kind: &str) -> Option<Shape> {
        shapes::need(self.set, Some(kind)).field("value").cloned()
    }

    fn service(&self, path: &str) -> Option<Shape> {
        shapes::service(self.set, path).field("service").cloned()
    }
}
