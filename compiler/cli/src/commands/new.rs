//! `idpc new`: a file to begin with, made for the workspace that it lies in.

use idpc_driver::host::Analysis;
use idpc_driver::sources;
use idpc_model::code::Code;
use idpc_model::schema::{self, Schema, SchemaField};

use crate::args::{Format, NewService};
use crate::console::Console;
use crate::outcome::{Failure, Outcome};
use crate::project::Project;
use crate::render::{Finding, Tally};

/// Writes a service; the workspace accepts it, apart from what only its author can know.
pub fn run(args: &NewService, console: Console) -> Result<Outcome, Failure> {
    let project = Project::here()?;
    if !project.is_workspace() {
        return Err(Failure::advice(
            "there is no idp.toml here or in a folder above",
            "`idpc init` writes a workspace",
        ));
    }
    // The name becomes a folder, so it is looked at before anything else.
    if !args.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') || args.name.is_empty() {
        return Err(Failure::usage(format!("`{}` cannot be the name of a service", args.name.escape_debug())));
    }
    let (analysis, _) = project.analyze();
    let draft = Draft::new(args, &analysis)?;
    let path = format!("services/{}/service.idp", args.name);
    let (text, trial) = draft.tried(&project, &path);
    // What is left to be filled in is no reason to write nothing; a wrong name is.
    let (mut wrong, _) = trial.narrowed(trial.analyze().1);
    wrong.retain(|finding| !is(finding, Code::MissingField));
    if Tally::of(&wrong).errors > 0 {
        console.print(&trial.render(&wrong, Format::Human, console.paint))?;
        console.note("nothing was written");
        return Ok(Outcome::Refused);
    }
    sources::create(project.root(), &[(path.clone(), text)]).map_err(|error| Failure::sources(&error))?;
    console.note(&format!("wrote {path}"));
    if !draft.open.is_empty() {
        console.note(&format!("still to be set: {}", draft.open.join(", ")));
    }
    Ok(Outcome::Clean)
}

fn is(finding: &Finding, code: Code) -> bool {
    matches!(finding, Finding::Placed(diagnostic) if diagnostic.code == code)
}

/// A service that is about to be written.
struct Draft {
    name: String,
    path: String,
    /// What is set, in the order of the schema.
    fields: Vec<(String, String)>,
    /// What has to be set and cannot be guessed.
    open: Vec<String>,
}

impl Draft {
    fn new(args: &NewService, analysis: &Analysis) -> Result<Self, Failure> {
        let model = &analysis.model;
        let paths: Vec<&str> = model
            .set
            .descendants("service")
            .iter()
            .map(|schema| &*schema.name)
            .filter(|name| !name.contains(['.', ':']))
            .collect();
        if !paths.contains(&args.path.as_str()) {
            return Err(Failure::unknown("golden path", &args.path, &paths));
        }
        let languages: Vec<&str> = model
            .set
            .enumeration("language")
            .map(|language| language.variants.iter().map(|(name, _)| &**name).collect())
            .unwrap_or_default();
        if !languages.is_empty() && !languages.contains(&args.language.as_str()) {
            return Err(Failure::unknown("language", &args.language, &languages));
        }
        let owner = owner(args, analysis)?;
        let mut draft = Self { name: args.name.clone(), path: args.path.clone(), fields: Vec::new(), open: Vec::new() };
        if let Some(schema) = model.set.get(&args.path) {
            draft.fill(schema, analysis, args, &owner);
        }
        Ok(draft)
    }

    /// Sets every field that has to be set.
    fn fill(&mut self, schema: &Schema, analysis: &Analysis, args: &NewService, owner: &str) {
        let required = schema
            .fields
            .iter()
            .filter(|field| schema::is_required(field, &analysis.model.set) && field.locked.is_none());
        for field in required {
            match first_value(field, args, owner) {
                Some(value) => self.fields.push((field.name.to_string(), value)),
                None => self.open.push(field.name.to_string()),
            }
        }
    }

    /// The text, and the workspace with it.
    fn tried(&self, project: &Project, path: &str) -> (String, Project) {
        let plain = self.text(&[]);
        let trial = project.with_file(path, &plain);
        let (findings, _) = trial.narrowed(trial.analyze().1);
        if !findings.iter().any(|finding| is(finding, Code::RuleBroken)) {
            return (plain, trial);
        }
        // The one rule that every service must meet by itself: it says how it is tested.
        let tested = self.text(&["tests { unit = \"make test\" }"]);
        let trial = project.with_file(path, &tested);
        (tested, trial)
    }

    fn text(&self, more: &[&str]) -> String {
        let mut text =
            format!("/// What {} is for, in one sentence.\nservice {} : {} {{\n", self.name, self.name, self.path);
        let widest = self.fields.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, value) in &self.fields {
            text.push_str(&format!("  {name:<widest$} = {value}\n"));
        }
        for name in &self.open {
            text.push_str(&format!("  // {name} = … has to be set\n"));
        }
        for line in more {
            text.push_str(&format!("\n  {line}\n"));
        }
        text.push_str("}\n");
        text
    }
}

/// The given team, or the only one.
fn owner(args: &NewService, analysis: &Analysis) -> Result<String, Failure> {
    let teams: Vec<&str> = analysis.model.teams.iter().map(|team| &*team.name).collect();
    match (&args.owner, teams.as_slice()) {
        (Some(given), known) if known.contains(&given.as_str()) => Ok(given.clone()),
        (Some(given), known) => Err(Failure::unknown("team", given, known)),
        (None, [only]) => Ok((*only).to_owned()),
        (None, []) => Err(Failure::advice("no team is declared yet", "declare one: `team core {}`")),
        (None, known) => Err(Failure::advice(
            "say which team answers for it: `--owner TEAM`",
            format!("there is {}", known.join(", ")),
        )),
    }
}

/// A value to begin with, for the fields that every service may have.
fn first_value(field: &SchemaField, args: &NewService, owner: &str) -> Option<String> {
    match &*field.name {
        "owner" => Some(owner.to_owned()),
        "language" => Some(args.language.clone()),
        "port" => Some(String::from("8080")),
        "schedule" => Some(String::from("\"15 3 * * *\"")),
        "host" => Some(format!("\"{}.example.com\"", args.name)),
        _ => None,
    }
}
