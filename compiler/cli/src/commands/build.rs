//! `idpc build`: checks everything, then writes the output, or with `--check` says how it differs.

use idpc_driver::output::{self, Differences, Force, GateError, Options, Report, Scope};
use idpc_emit::artifact::Build as Product;
use idpc_emit::build::Emission;
use idpc_model::model::Model;

use crate::args::Build;
use crate::console::Console;
use crate::outcome::{Failure, Outcome};
use crate::project::Project;
use crate::reach::Reach;
use crate::render::{Finding, Remark, Tally, counted};

/// Builds. With any error nothing is written.
pub fn run(args: &Build, console: Console) -> Result<Outcome, Failure> {
    let project = Project::open(&args.path)?;
    let (analysis, mut findings) = project.analyze();
    let scope = scope(args, &project, &analysis.model)?;
    let mut run = Run { args, console, project: &project, scope: &scope };
    let reach = scope.services.as_ref().map(|services| Reach::of(&analysis.model, services));
    let aside = reach.as_ref().map_or(0, |reach| project.set_aside(&mut findings, reach));
    if aside > 0 {
        console.note(&format!("{} in what is not built now: `idpc check` shows all", counted(aside, "finding")));
    }
    if Tally::of(&findings).errors > 0 {
        return run.refuse(findings);
    }
    // The targets that the workspace itself names narrow nothing: what others have left is stale.
    let targets = scope.targets.clone().or_else(|| project.default_targets());
    let mut emission = project.emit(&analysis.model, targets.as_deref());
    findings.extend(project.emission_findings(&mut emission));
    if let Some(reach) = &reach {
        project.set_aside(&mut findings, reach);
    }
    if Tally::of(&findings).errors > 0 {
        return run.refuse(findings);
    }
    let product = product(&emission, &scope);
    if args.check { run.compare(findings, &product) } else { run.write(findings, &product) }
}

/// What the build is narrowed to; every name is checked.
fn scope(args: &Build, project: &Project, model: &Model) -> Result<Scope, Failure> {
    let services: Vec<&str> = model.services.iter().chain(&model.resources).map(|one| &*one.name).collect();
    let environments: Vec<&str> = model.places.iter().map(|one| &*one.name).collect();
    let targets = project.targets();
    let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
    Ok(Scope {
        targets: selection("target", &args.target, &targets)?,
        services: selection("service or shared resource", &args.service, &services)?,
        envs: selection("environment", &args.env, &environments)?,
    })
}

fn selection(what: &str, given: &[String], known: &[&str]) -> Result<Option<Vec<String>>, Failure> {
    if let Some(unknown) = given.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(Failure::unknown(what, unknown, known));
    }
    Ok((!given.is_empty()).then(|| given.to_vec()))
}

/// The part of an emission that the scope selects.
fn product<'e>(emission: &'e Emission, scope: &Scope) -> Product<'e> {
    Product {
        artifacts: emission
            .artifacts
            .iter()
            .filter(|artifact| scope.owns(&artifact.unit) && scope.makes(&artifact.target))
            .collect(),
        units: emission.units.iter().filter(|info| scope.owns(&info.unit)).cloned().collect(),
        permits: emission.permits.clone(),
        services: emission.services,
    }
}

/// What the last steps of a build share.
struct Run<'a> {
    args: &'a Build,
    console: Console,
    project: &'a Project,
    scope: &'a Scope,
}

impl Run<'_> {
    /// Prints what was found; nothing is written.
    fn refuse(&mut self, findings: Vec<Finding>) -> Result<Outcome, Failure> {
        let (shown, elsewhere) = self.project.narrowed(findings);
        self.report(&shown)?;
        let elsewhere = Tally::of(&elsewhere).errors;
        if elsewhere > 0 {
            self.console.note(&format!("{} in other files", counted(elsewhere, "error")));
        }
        self.console.note("nothing was written");
        Ok(Outcome::Refused)
    }

    fn report(&self, findings: &[Finding]) -> Result<(), Failure> {
        self.console.print(&self.project.render(findings, self.args.format, self.console.paint))?;
        if let Some(summary) = Tally::of(findings).summary() {
            self.console.note(&summary);
        }
        Ok(())
    }

    fn compare(&mut self, findings: Vec<Finding>, product: &Product<'_>) -> Result<Outcome, Failure> {
        let mut findings = self.project.narrowed(findings).0;
        let (differences, gate) = match output::check(self.project.host.out(), product, self.scope) {
            Ok(found) => found,
            Err(error) => {
                let error = output::WriteError::from(error);
                return self.broken(findings, &error);
            }
        };
        if product.services == 0 {
            // All that the output folder holds would be stale; that is not what is wrong.
            findings.push(Finding::Bare(GateError::NoServices.notice().into()));
            self.report(&findings)?;
            return Ok(Outcome::Refused);
        }
        findings.extend(gate.iter().map(|error| self.project.refusal(error.notice())));
        findings.extend(pending(&differences).map(Finding::Bare));
        self.report(&findings)?;
        if Tally::of(&findings).errors > 0 {
            return Ok(Outcome::Refused);
        }
        self.console.note(&format!("{} up to date", counted(product.artifacts.len(), "file")));
        Ok(Outcome::Clean)
    }

    fn write(&mut self, findings: Vec<Finding>, product: &Product<'_>) -> Result<Outcome, Failure> {
        let findings = self.project.narrowed(findings).0;
        let out = self.project.host.out();
        let waiting = || self.console.note(&format!("another build is writing `{}`; waiting", out.display()));
        let options = Options {
            force: if self.args.force { Force::Overwrite } else { Force::Never },
            waiting: &waiting,
            ..Options::default()
        };
        match output::write(out, product, self.scope, options) {
            Ok(report) => {
                self.report(&findings)?;
                self.console.note(&written(&report));
                Ok(Outcome::Clean)
            }
            Err(error) => self.broken(findings, &error),
        }
    }

    /// What the writer refused: findings where the workspace or the tree is to blame, else a failure of the machine.
    fn broken(&mut self, mut findings: Vec<Finding>, error: &output::WriteError) -> Result<Outcome, Failure> {
        let notices = error.notices();
        if error.is_io() {
            self.report(&findings)?;
            let lines: Vec<String> = notices.iter().map(ToString::to_string).collect();
            return Err(Failure::Io(lines.join("\n")));
        }
        findings.extend(notices.into_iter().map(|notice| self.project.refusal(notice)));
        self.report(&findings)?;
        self.console.note("nothing was written");
        Ok(Outcome::Refused)
    }
}

/// `wrote 84 files (80 new, 4 changed), 12 unchanged, 0 removed`.
fn written(report: &Report) -> String {
    let count = counted(report.created + report.changed, "file");
    let Report { created, changed, deleted, same } = report;
    format!("wrote {count} ({created} new, {changed} changed), {same} unchanged, {deleted} removed")
}

/// The differences as one finding.
fn pending(differences: &Differences) -> Option<Remark> {
    let groups = [
        ("missing", &differences.missing),
        ("changed", &differences.changed),
        ("stale", &differences.stale),
        ("edited", &differences.edited),
        ("foreign", &differences.foreign),
        ("leftover", &differences.leftovers),
    ];
    let details: Vec<String> =
        groups.iter().flat_map(|(word, paths)| paths.iter().map(move |path| format!("{word:<8} {path}"))).collect();
    if details.is_empty() {
        return None;
    }
    let count = counted(details.len(), "file");
    let verb = if details.len() == 1 { "differs" } else { "differ" };
    let mut help = vec![String::from("`idpc build` writes what is pending")];
    if !differences.edited.is_empty() {
        help.push(String::from("what was edited by hand is given up only with `--force`: change the source instead"));
    }
    if !differences.foreign.is_empty() {
        help.push(String::from("what is foreign belongs to no build: move it out of the output folder"));
    }
    Some(Remark {
        details,
        help,
        ..Remark::error(format!("{count} in the output folder {verb} from what the build makes"))
    })
}
