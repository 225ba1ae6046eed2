//! `idpc show`: what a service has in the end, and which layer each value comes from.

use std::sync::Arc;

use idpc_driver::host::Analysis;
use idpc_model::model::{Declared, Environment};
use idpc_model::value::{Record, Value};

use crate::args::{Show, ShowFormat};
use crate::configuration::{Found, Listing, Origins, Place, find, object, record};
use crate::console::Console;
use crate::outcome::{Failure, Outcome};
use crate::project::Project;
use crate::reach::Reach;
use crate::render::{Finding, Tally};

/// Prints a service or shared resource in one environment or in each.
pub fn run(args: &Show, console: Console) -> Result<Outcome, Failure> {
    let project = Project::here()?;
    let (analysis, findings) = project.analyze();
    let (root, declared) = declared(&analysis, &args.service)?;
    if let Some(refused) = refused(&project, &analysis, findings, declared, console)? {
        return Ok(refused);
    }
    let subjects = subjects(&analysis, root, declared, args.env.as_deref())?;
    let place = args.field.as_deref().map(Place::read);
    let parts = parts(&subjects, place.as_ref())?;
    let text = match args.format {
        ShowFormat::Json => json(&project, root, declared, &parts, place.as_ref()),
        ShowFormat::Human => human(&project, root, declared, &parts, place.as_ref()),
    };
    console.print(&text)?;
    Ok(Outcome::Clean)
}

/// A declared thing in an environment that has it.
type Subject<'a> = (&'a Environment, &'a Arc<Record>);

fn declared<'a>(analysis: &'a Analysis, name: &str) -> Result<(&'static str, &'a Declared), Failure> {
    let model = &analysis.model;
    let services = model.services.iter().map(|declared| ("service", declared));
    let mut all = services.chain(model.resources.iter().map(|declared| ("resource", declared)));
    all.find(|(_, declared)| &*declared.name == name).ok_or_else(|| {
        let known: Vec<&str> = model.services.iter().chain(&model.resources).map(|one| &*one.name).collect();
        Failure::unknown("service or shared resource", name, &known)
    })
}

/// The errors that concern the thing itself; with any of them its values are not known.
fn refused(
    project: &Project,
    analysis: &Analysis,
    mut findings: Vec<Finding>,
    declared: &Declared,
    console: Console,
) -> Result<Option<Outcome>, Failure> {
    project.set_aside(&mut findings, &Reach::of(&analysis.model, &[declared.name.to_string()]));
    if Tally::of(&findings).errors == 0 {
        return Ok(None);
    }
    console.print(&project.render(&findings, crate::args::Format::Human, console.paint))?;
    if let Some(summary) = Tally::of(&findings).summary() {
        console.note(&summary);
    }
    Ok(Some(Outcome::Refused))
}

fn subjects<'a>(
    analysis: &'a Analysis,
    root: &str,
    declared: &Declared,
    environment: Option<&str>,
) -> Result<Vec<Subject<'a>>, Failure> {
    let model = &analysis.model;
    if let Some(name) = environment
        && model.environment(name).is_none()
    {
        let known: Vec<&str> = model.environments.iter().map(|one| &*one.name).collect();
        return Err(Failure::unknown("environment", name, &known));
    }
    let wanted = model.environments.iter().filter(|one| environment.is_none_or(|name| name == &*one.name));
    let found: Vec<Subject<'a>> = wanted
        .filter_map(|one| {
            let records = if root == "service" { &one.services } else { &one.resources };
            Some((one, records.get(&declared.name)?))
        })
        .collect();
    match (found.is_empty(), environment) {
        (true, Some(environment)) => {
            Err(Failure::usage(format!("the {root} `{}` does not exist in `{environment}`", declared.name)))
        }
        (true, None) => Err(Failure::usage(format!("the {root} `{}` exists in no environment", declared.name))),
        _ => Ok(found),
    }
}

/// The part of each subject that is asked for; a need may exist in some environments only.
fn parts<'a>(subjects: &[Subject<'a>], place: Option<&Place>) -> Result<Vec<(Subject<'a>, Found<'a>)>, Failure> {
    let (mut parts, mut failure) = (Vec::new(), None);
    for subject in subjects {
        match place.map_or(Ok(Found::Whole), |place| find(subject.1, place)) {
            Ok(found) => parts.push((*subject, found)),
            Err(wrong) => failure = failure.or(Some(wrong)),
        }
    }
    failure.filter(|_| parts.is_empty()).map_or(Ok(parts), Err)
}

fn json(
    project: &Project,
    root: &str,
    declared: &Declared,
    parts: &[(Subject<'_>, Found<'_>)],
    place: Option<&Place>,
) -> String {
    let mut text = String::new();
    for ((environment, record), _) in parts {
        let origins = Origins::new(project, &environment.name);
        let object = object((root, &declared.name), &environment.name, record, place, &origins);
        text.push_str(&format!("{object}\n"));
    }
    text
}

fn human(
    project: &Project,
    root: &str,
    declared: &Declared,
    parts: &[(Subject<'_>, Found<'_>)],
    place: Option<&Place>,
) -> String {
    let mut text = String::new();
    // One value in several environments is easiest compared line by line.
    let mut values = Listing::default();
    for ((environment, whole), found) in parts {
        let origins = Origins::new(project, &environment.name);
        let mut listing = Listing::default();
        match (found, place.and_then(|place| place.0.last())) {
            (Found::Field(field), Some(last)) if matches!(field.value, Value::Record(_) | Value::Map(_)) => {
                listing.line(0, format!("// in {}", environment.name));
                listing.field(0, last, field, &origins);
            }
            (Found::Field(field), _) => {
                values.field(0, &environment.name, field, &origins);
                continue;
            }
            (Found::Whole, _) => {
                listing.line(0, format!("// in {}", environment.name));
                record(&mut listing, root, &declared.name, whole, &origins);
            }
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&listing.text());
    }
    text.push_str(&values.text());
    text
}
