//! The pieces of work of a build: one for everything that one unit owns, so that they can run side by side.

use std::collections::BTreeMap;
use std::sync::Arc;

use idpc_model::model::Declared;
use idpc_model::value::Record;

use crate::artifact::{Artifact, Durable, Life, RelPath, Unit, UnitInfo};
use crate::node::Node;
use crate::packed::Packed;
use crate::shape::Per;
use crate::target::{Lifetime, Rule, Target};
use crate::template::Scratch;
use crate::view::place::Place;
use crate::view::service::Extras;
use crate::view::{environment, need, project, repository, resource, service};

/// What every piece of work reads.
pub(crate) struct Work<'w, 'm> {
    pub places: &'w [Place<'m>],
    pub targets: &'w [Target],
    pub extras: &'w Extras,
}

/// One piece of work.
pub(crate) enum Job<'w, 'm> {
    Service(&'w Place<'m>, &'m Declared, &'m Record),
    Resource(&'w Place<'m>, &'m Declared, &'m Record),
    Environment(&'w Place<'m>),
    Repository(String, Vec<&'m Declared>),
    Workspace(&'w Place<'m>),
}

/// What a piece of work made.
#[derive(Default)]
pub(crate) struct Made {
    pub artifacts: Vec<Artifact>,
    pub errors: Vec<String>,
    pub units: Vec<UnitInfo>,
}

impl<'w, 'm> Work<'w, 'm> {
    /// Everything that there is to do.
    pub fn jobs(&self) -> Vec<Job<'w, 'm>> {
        let mut jobs = Vec::new();
        for place in self.places {
            let (model, environment) = (place.model, place.environment);
            jobs.push(Job::Environment(place));
            jobs.extend(model.services.iter().filter_map(|declared| {
                let record = environment.services.get(&declared.name)?;
                Some(Job::Service(place, declared, record))
            }));
            jobs.extend(model.resources.iter().filter_map(|declared| {
                let record = environment.resources.get(&declared.name)?;
                Some(Job::Resource(place, declared, record))
            }));
        }
        if let Some(place) = self.places.first() {
            let mut repositories: BTreeMap<String, Vec<&'m Declared>> = BTreeMap::new();
            for declared in &place.model.services {
                if let Some((_, record)) = project::home(self.places, &declared.name) {
                    repositories.entry(repository(record, &declared.name)).or_default().push(declared);
                }
            }
            jobs.extend(repositories.into_iter().map(|(name, services)| Job::Repository(name, services)));
            jobs.push(Job::Workspace(place));
        }
        jobs
    }

    /// Does one piece of work.
    pub fn run(&self, job: &Job<'w, 'm>, scratch: &mut Scratch) -> Made {
        let mut made = Made::default();
        match job {
            Job::Service(place, declared, record) => self.service(&mut made, place, declared, record, scratch),
            Job::Resource(place, declared, record) => self.resource(&mut made, place, declared, record, scratch),
            Job::Environment(place) => self.environment(&mut made, place, scratch),
            Job::Repository(name, services) => self.repository(&mut made, name, services, scratch),
            Job::Workspace(place) => {
                let unit = Unit::Repository { name: place.model.workspace.to_string() };
                let context = project::workspace(self.places, place);
                self.files(&mut made, Per::Workspace, &context, &unit, scratch);
                made.units.push(UnitInfo { unit, owner: None, durables: Vec::new() });
            }
        }
        made
    }

    fn service(&self, made: &mut Made, place: &Place<'m>, declared: &Declared, record: &Record, scratch: &mut Scratch) {
        let context = service::context(place, declared, record, self.extras);
        let unit = Unit::Service { env: place.name().to_string(), name: declared.name.to_string() };
        self.files(made, Per::Service, &context, &unit, scratch);
        self.copy_extras(made, place, declared, &unit);
        let durables = durables(place, declared, record);
        made.units.push(UnitInfo { unit, owner: owner(record), durables });
    }

    fn resource(
        &self,
        made: &mut Made,
        place: &Place<'m>,
        declared: &Declared,
        record: &Record,
        scratch: &mut Scratch,
    ) {
        let context = resource::context(place, declared, record);
        let unit = Unit::Resource { env: place.name().to_string(), name: declared.name.to_string() };
        self.files(made, Per::Resource, &context, &unit, scratch);
        let durables = durable(place, std::slice::from_ref(&declared.name), record).into_iter().collect();
        made.units.push(UnitInfo { unit, owner: owner(record), durables });
    }

    fn environment(&self, made: &mut Made, place: &Place<'m>, scratch: &mut Scratch) {
        let unit = Unit::Platform { env: place.name().to_string() };
        let context = environment::context(place, place.env_text("after"));
        self.files(made, Per::Environment, &context, &unit, scratch);
        for schema in environment::kinds(place) {
            let context = environment::kind_context(place, schema);
            for target in self.targets.iter().filter(|target| target.has_kind(&schema.name)) {
                for rule in target.rules.iter().filter(|rule| rule.per == Per::Kind) {
                    file(made, target, rule, &context, &unit, scratch);
                }
            }
        }
        made.units.push(UnitInfo { unit, owner: None, durables: Vec::new() });
    }

    /// The projects of a code repository, and what it has once however many they are.
    fn repository(&self, made: &mut Made, name: &str, services: &[&Declared], scratch: &mut Scratch) {
        let unit = Unit::Repository { name: name.to_owned() };
        let mut projects = Vec::new();
        let mut team = None;
        for declared in services {
            let Some((place, record)) = project::home(self.places, &declared.name) else { continue };
            let context = project::context(place, declared, record);
            self.files(made, Per::Project, &context, &unit, scratch);
            projects.push(context);
            team = team.or_else(|| owner(record));
        }
        let Some(place) = self.places.first() else { return };
        let context = project::repository_context(place, name, projects);
        self.files(made, Per::Repository, &context, &unit, scratch);
        made.units.push(UnitInfo { unit, owner: team, durables: Vec::new() });
    }

    fn files(&self, made: &mut Made, per: Per, context: &Node, unit: &Unit, scratch: &mut Scratch) {
        for target in self.targets {
            for rule in target.rules.iter().filter(|rule| rule.per == per) {
                file(made, target, rule, context, unit, scratch);
            }
        }
    }

    /// Hand-made objects beside a service's file go where its kustomization finds them.
    fn copy_extras(&self, made: &mut Made, place: &Place<'m>, declared: &Declared, unit: &Unit) {
        let key = (place.name().clone(), declared.name.clone());
        for (file, text) in self.extras.get(&key).into_iter().flatten() {
            let path = format!("{}/app/extras/{file}", unit.folder());
            match RelPath::new(&path) {
                Ok(path) => made.artifacts.push(Artifact {
                    path,
                    text: Packed::new(text),
                    target: "extras".to_owned(),
                    source: format!("extras/{}/{file}", place.name()),
                    unit: unit.clone(),
                    life: Life::Generated,
                }),
                Err(bad) => made.errors.push(format!("extras: {}: {}", bad.path, bad.reason)),
            }
        }
    }
}

fn owner(record: &Record) -> Option<String> {
    record.value("owner").as_str().map(str::to_owned)
}

fn file(made: &mut Made, target: &Target, rule: &Rule, context: &Node, unit: &Unit, scratch: &mut Scratch) {
    let Some(rendered) = target.render(rule, context, scratch) else {
        return;
    };
    for fault in &rendered.faults {
        let at = format!("targets/{}/{}:{}", target.name, fault.file, fault.pos.line);
        made.errors.push(format!("{at}: {} (writing {})", fault.message, rendered.path));
    }
    match RelPath::new(&rendered.path) {
        Ok(path) => made.artifacts.push(Artifact {
            path,
            text: rendered.text.into(),
            target: target.name.clone(),
            source: context.field("header").and_then(Node::text).unwrap_or_default().to_owned(),
            unit: unit.clone(),
            life: if rule.lifetime == Lifetime::Once { Life::Once } else { Life::Generated },
        }),
        Err(bad) => made.errors.push(format!("targets/{}: {}: {}", target.name, bad.path, bad.reason)),
    }
}

/// The objects of a service whose loss is a loss of data.
fn durables(place: &Place<'_>, declared: &Declared, record: &Record) -> Vec<Durable> {
    record
        .value("needs")
        .entries()
        .iter()
        .filter_map(|(entry, field)| {
            let need = field.value.as_record().filter(|need| need.shared.is_none())?;
            durable(place, &need::path(&declared.name, Some(entry)), need)
        })
        .collect()
}

fn durable(place: &Place<'_>, path: &[Arc<str>], record: &Record) -> Option<Durable> {
    let set = &place.model.set;
    if record.value("durable").as_bool() == Some(false) || !place.facts.makes_claim(&record.schema, set) {
        return None;
    }
    let names = need::names(place, path, &record.schema, record.value("import").as_str());
    Some(Durable {
        id: path.join("."),
        kind: record.schema.to_string(),
        object: names.claim,
        physical: names.physical,
        form: place.platform_text("crossplane").map(str::to_owned),
    })
}
