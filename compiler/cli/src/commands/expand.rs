//! `idpc expand`: the managed resources that services ask the cloud for, computed from the Compositions of the build.

use idpc_driver::host::Analysis;
use idpc_emit::artifact::{Artifact, Unit};
use idpc_emit::node::Node;
use idpc_emit::yaml::to_document;
use idpc_expand::{Expansion, Source, expand};
use serde_json::json;

use crate::args::{Expand, ExpandFormat, Format};
use crate::console::Console;
use crate::outcome::{Failure, Outcome};
use crate::project::Project;
use crate::reach::Reach;
use crate::render::Tally;

/// Prints what services and shared resources ask for, environment by environment.
pub fn run(args: &Expand, console: Console) -> Result<Outcome, Failure> {
    let project = Project::open(&args.path)?;
    let (analysis, mut findings) = project.analyze();
    let environments = environments(&analysis, args)?;
    if !args.service.is_empty() {
        project.set_aside(&mut findings, &Reach::of(&analysis.model, &args.service));
    }
    if Tally::of(&findings).errors == 0 {
        let mut emission = project.emit(&analysis.model, None);
        findings = project.emission_findings(&mut emission);
        if Tally::of(&findings).errors == 0 {
            console.print(&written(&emission.artifacts, &environments, args)?)?;
            return Ok(Outcome::Clean);
        }
    }
    console.print(&project.render(&findings, Format::Human, console.paint))?;
    Ok(Outcome::Refused)
}

/// The environments that are asked for, once it is clear that everything that is asked for exists.
fn environments<'a>(analysis: &'a Analysis, args: &Expand) -> Result<Vec<&'a str>, Failure> {
    let model = &analysis.model;
    let known: Vec<&str> = model.services.iter().chain(&model.resources).map(|one| &*one.name).collect();
    if let Some(unknown) = args.service.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(Failure::unknown("service or shared resource", unknown, &known));
    }
    let all: Vec<&str> = model.environments.iter().map(|one| &*one.name).collect();
    if let Some(unknown) = args.env.iter().find(|name| !all.contains(&name.as_str())) {
        return Err(Failure::unknown("environment", unknown, &all));
    }
    let is_wanted = |name: &&str| args.env.is_empty() || args.env.iter().any(|wanted| wanted == name);
    Ok(all.into_iter().filter(is_wanted).collect())
}

fn written(artifacts: &[Artifact], environments: &[&str], args: &Expand) -> Result<String, Failure> {
    let mut text = String::new();
    for environment in environments {
        let files = files(artifacts, environment, &args.service)?;
        let sources: Vec<Source<'_>> =
            files.iter().map(|(path, text, is_wanted)| Source { path, text, is_wanted: *is_wanted }).collect();
        let expansion = expand(&sources);
        if let Some(error) = expansion.errors.first() {
            return Err(Failure::usage(error.clone()));
        }
        text.push_str(&match args.format {
            ExpandFormat::Yaml => yaml(environment, &expansion, text.is_empty()),
            ExpandFormat::Json => lines(environment, &expansion),
        });
    }
    Ok(text)
}

/// The files of one environment that define what claims mean, and those that are asked about. What was written by
/// hand asks for nothing here. Each with its path, its text and whether it is asked about.
fn files<'a>(
    artifacts: &'a [Artifact],
    environment: &str,
    services: &[String],
) -> Result<Vec<(&'a str, String, bool)>, Failure> {
    let files = artifacts.iter().filter(|file| file.path.as_str().ends_with(".yaml") && file.target != "extras");
    files
        .filter_map(|file| {
            let is_wanted = match &file.unit {
                Unit::Platform { env } if env == environment => false,
                Unit::Service { env, name } | Unit::Resource { env, name } if env == environment => {
                    services.is_empty() || services.contains(name)
                }
                _ => return None,
            };
            let text = file.text.text().map_err(|damaged| Failure::Io(damaged.to_string()));
            Some(text.map(|text| (file.path.as_str(), text, is_wanted)))
        })
        .collect()
}

fn yaml(environment: &str, expansion: &Expansion, is_first: bool) -> String {
    let documents = expansion.composed.iter().map(|one| {
        let object = to_document(&Node::from(&one.object));
        format!("# {environment}: {}, {}\n{object}", one.claim, one.part)
    });
    let waiting = expansion.waiting.iter().map(|one| {
        format!("# {environment}: {}, {}: made once the cloud has told `{}`\n", one.claim, one.part, one.field)
    });
    let mut text = documents.chain(waiting).collect::<Vec<_>>().join("---\n");
    if !is_first && !text.is_empty() {
        text.insert_str(0, "---\n");
    }
    text
}

fn lines(environment: &str, expansion: &Expansion) -> String {
    let composed = expansion
        .composed
        .iter()
        .map(|one| json!({ "environment": environment, "claim": one.claim, "part": one.part, "object": one.object }));
    let waiting = expansion
        .waiting
        .iter()
        .map(|one| json!({ "environment": environment, "claim": one.claim, "part": one.part, "waits_for": one.field }));
    composed.chain(waiting).map(|object| format!("{object}\n")).collect()
}
