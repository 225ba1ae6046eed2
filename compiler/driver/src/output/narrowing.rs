//! What committed claims use and a new definition of their kind would refuse.
//!
//! Judged from the files in the output folder: the definitions there are those that the cluster has, the claims there are
//! what it has been asked for. Two steps lead past it, each a build of its own: change the claims, then the schema.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use idpc_emit::artifact::{Artifact, Build, PermitKind, Unit};
use idpc_expand::{Refusal, Source, User, refused};
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::code;

use super::error::PlanError;
use super::gate::{GateError, goes_with};
use super::notice::{Notice, SchemaPlace};
use super::objects::ObjectId;
use super::plan::text;
use super::tree::Tree;

/// How many claims are named.
const SHOWN: usize = 10;

/// Every definition says this of itself.
const DEFINITION: &str = "\nkind: CompositeResourceDefinition\n";

/// A text with its path below the output folder.
type Named<'t> = (&'t str, String);

/// What lies in the output folder, and what would.
pub(super) struct Committed<'s, 'a> {
    pub(super) top: &'s Path,
    pub(super) tree: &'s Tree,
    pub(super) made: &'s [&'a Artifact],
    /// Files that no build makes any more.
    pub(super) leaving: &'s [String],
    pub(super) build: &'s Build<'a>,
}

/// Judges the definitions of each environment that the build writes.
pub(super) fn judge(committed: &Committed<'_, '_>) -> Result<Vec<GateError>, PlanError> {
    let platforms = committed.made.iter().filter(|artifact| matches!(artifact.unit, Unit::Platform { .. }));
    let environments: BTreeSet<&str> = platforms.filter_map(|artifact| artifact.unit.env()).collect();
    let mut found: BTreeMap<(String, Vec<String>, String), Vec<User>> = BTreeMap::new();
    for environment in environments {
        for Refusal { kind, field, rule, mut claims } in committed.environment(environment)? {
            claims.retain(|claim| !committed.may_go(environment, claim));
            if !claims.is_empty() {
                found.entry((kind, field, rule)).or_default().extend(claims);
            }
        }
    }
    let found = found.into_iter();
    Ok(found.map(|((kind, field, rule), claims)| GateError::Narrowed { kind, field, rule, claims }).collect())
}

impl Committed<'_, '_> {
    fn environment(&self, environment: &str) -> Result<Vec<Refusal>, PlanError> {
        let folder = format!("platform/{environment}/");
        let made: Vec<&&Artifact> =
            self.made.iter().filter(|artifact| is_yaml(artifact.path.as_str(), &folder)).collect();
        let changed = made.iter().filter(|artifact| self.tree.has_file(artifact.path.as_str()));
        let leaving = self.leaving.iter().filter(|path| is_yaml(path, &folder));
        let mut before: Vec<Named<'_>> = Vec::new();
        for path in changed.map(|artifact| artifact.path.as_str()).chain(leaving.map(String::as_str)) {
            let old = self.read(path)?;
            if old.contains(DEFINITION) {
                before.push((path, old));
            }
        }
        let after = made.iter().map(|artifact| Ok((artifact.path.as_str(), text(artifact)?)));
        let after = after.collect::<Result<Vec<Named<'_>>, PlanError>>()?;
        before.retain(|old| !after.contains(old));
        if before.is_empty() {
            return Ok(Vec::new());
        }
        let folder = format!("envs/{environment}/");
        let claims: Vec<&String> =
            self.tree.files.iter().filter(|path| is_yaml(path, &folder) && path.contains("/infra/")).collect();
        let claims = claims.par_iter().map(|path| Ok((path.as_str(), self.read(path)?)));
        let claims = claims.collect::<Result<Vec<Named<'_>>, PlanError>>()?;
        Ok(refused(&sources(&before), &sources(&after), &sources(&claims)))
    }

    fn read(&self, path: &str) -> Result<String, PlanError> {
        let full = self.top.join(path);
        let bytes = fs::read(&full).map_err(|error| PlanError::Io(full, error))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Whether a line of source lets this claim go.
    fn may_go(&self, environment: &str, claim: &User) -> bool {
        let owner = claim.path.split('/').nth(2).unwrap_or_default().to_owned();
        // Shared resources are named as services are, and their objects too.
        let unit = Unit::Service { env: environment.to_owned(), name: owner };
        let object = ObjectId {
            group: claim.group.clone(),
            kind: String::new(),
            namespace: claim.namespace.clone(),
            name: claim.name.clone(),
        };
        let permits = self.build.permits.iter().filter(|permit| permit.kind == PermitKind::Removed);
        permits
            .filter(|permit| permit.env.as_deref().is_none_or(|one| one == environment))
            .any(|permit| goes_with(&permit.id, &unit, environment, &object))
    }
}

fn is_yaml(path: &str, folder: &str) -> bool {
    path.starts_with(folder) && path.ends_with(".yaml")
}

fn sources<'t>(files: &'t [Named<'_>]) -> Vec<Source<'t>> {
    files.iter().map(|(path, text)| Source { path, text, is_wanted: true }).collect()
}

/// The refusal in words.
pub(super) fn notice(kind: &str, field: &[String], rule: &str, claims: &[User]) -> Notice {
    let users = if claims.len() == 1 { "a committed claim uses" } else { "committed claims use" };
    let (what, keep) = if field.is_empty() {
        (format!("the kind {kind} {rule}"), "to keep it, declare its schema again")
    } else if rule == "must be set" {
        (format!("`{}` of {kind} {rule}", field.join(".")), "to add it safely, give it a default or make it optional")
    } else {
        let keep = "to keep it as it is, widen it again, and add a new field beside it";
        (format!("`{}` of {kind} {rule}", field.join(".")), keep)
    };
    let message = match rule {
        "must be set" => format!("{what}, and {} without it", counted(claims.len())),
        _ => format!("{what}, and {} {users} it", claims.len()).replacen("1 a committed", "1 committed", 1),
    };
    let shown = claims.iter().take(SHOWN).map(|claim| {
        let value = claim.value.as_ref().map(|value| format!(" has {}: {value}", field.last().map_or("", |last| last)));
        format!("{}: {}{}", claim.path, claim.claim, value.unwrap_or_default())
    });
    let rest = claims.len().saturating_sub(SHOWN);
    let more = (rest > 0).then(|| format!("and {rest} more"));
    let platform = claims.first().and_then(|claim| claim.path.split('/').nth(1)).unwrap_or_default();
    Notice::new(code::NARROWED, message)
        .about(SchemaPlace { kind: kind.to_owned(), field: field.to_vec() })
        .details(shown.chain(more))
        .help(keep)
        .help("to narrow it, go two steps: change the claims, build and commit; then change the schema and build again")
        .help(format!(
            "if no cluster has such a claim any more, delete its definition below `platform/{platform}` in the output \
             folder yourself and build again"
        ))
}

fn counted(claims: usize) -> String {
    if claims == 1 { "1 committed claim is".to_owned() } else { format!("{claims} committed claims are") }
}
