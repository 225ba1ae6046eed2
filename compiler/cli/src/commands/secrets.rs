//! `idpc secrets`: which values the platform's store has to keep, and the commands that put them there. It never asks for
//! a value, and none passes through it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use idpc_emit::view::kept::Kept;
use idpc_model::model::Environment;
use idpc_model::value::{Record, Value};
use serde_json::{Value as Json, json};

use crate::args::{Secrets, SecretsFormat};
use crate::console::Console;
use crate::outcome::{Failure, Outcome};
use crate::project::Project;
use crate::render::{Tally, counted};

/// Lists the keys of one environment that are not known to have a value.
pub fn run(args: &Secrets, console: Console) -> Result<Outcome, Failure> {
    let project = Project::open(&args.path)?;
    let (analysis, findings) = project.analyze();
    if Tally::of(&findings).errors > 0 {
        return Err(Failure::advice("the workspace has errors", "`idpc check` shows them"));
    }
    let model = &analysis.model;
    let Some(environment) = model.environment(&args.env) else {
        let known: Vec<&str> = model.environments.iter().map(|one| &*one.name).collect();
        return Err(Failure::unknown("environment", &args.env, &known));
    };
    let existing = args.existing.as_deref().map(names).transpose()?.unwrap_or_default();
    let kept = project.host.kept_secrets(model);
    let kept = kept.into_iter().find(|(name, _)| *name == environment.name).map(|(_, kept)| kept).unwrap_or_default();
    let missing = by_key(&kept, &existing);
    let store = Store::of(environment);
    let text = match args.format {
        SecretsFormat::Human => human(&missing, &store),
        SecretsFormat::Json => lines(&missing, &store),
    };
    console.print(&text)?;
    console.note(&match missing.len() {
        0 => format!("no secret of {} waits for a value", environment.name),
        some => format!("{} of {} without a value", counted(some, "key"), environment.name),
    });
    Ok(Outcome::Clean)
}

/// Who reads each key that is not among the existing ones.
fn by_key<'k>(kept: &'k [Kept], existing: &BTreeSet<String>) -> BTreeMap<&'k str, Vec<&'k Kept>> {
    let mut found: BTreeMap<&str, Vec<&Kept>> = BTreeMap::new();
    for one in kept.iter().filter(|one| !existing.contains(&one.key)) {
        found.entry(&one.key).or_default().push(one);
    }
    found
}

/// The names in a file, or in standard input, one a line.
fn names(path: &Path) -> Result<BTreeSet<String>, Failure> {
    let text = if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    let text = text.map_err(|error| Failure::io(path, &error))?;
    Ok(text.split_whitespace().map(str::to_owned).collect())
}

/// Where the values of one environment are kept.
enum Store {
    /// AWS Secrets Manager, with the region if it is known.
    Aws(Option<String>),
    /// The key-value engine of Vault at this mount.
    Vault(String),
}

impl Store {
    fn of(environment: &Environment) -> Self {
        let secrets = environment.world.platform.value("secrets").as_record();
        let text = |record: Option<&Arc<Record>>, field: &str| {
            record.and_then(|record| record.value(field).as_str().map(str::to_owned))
        };
        if text(secrets, "store").as_deref() == Some("vault") {
            let vault = secrets.map(|secrets| secrets.value("vault")).and_then(Value::as_record);
            return Self::Vault(text(vault, "path").unwrap_or_else(|| String::from("secret")));
        }
        Self::Aws(environment.world.environment.value("region").as_str().map(str::to_owned))
    }

    /// The command that puts a first value, which it reads from standard input.
    fn put(&self, key: &str) -> String {
        match self {
            Self::Aws(region) => format!(
                "aws secretsmanager create-secret{} --name {} --secret-string file:///dev/stdin",
                region.as_ref().map_or_else(String::new, |region| format!(" --region {}", word(region))),
                word(key)
            ),
            Self::Vault(mount) => format!("vault kv put -mount={} {} value=-", word(mount), word(key)),
        }
    }
}

/// A word as a shell takes it.
fn word(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:@".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn human(missing: &BTreeMap<&str, Vec<&Kept>>, store: &Store) -> String {
    let parts: Vec<String> = missing
        .iter()
        .map(|(key, readers)| {
            let readers: Vec<String> =
                readers.iter().map(|one| format!("{}.needs.{}", one.service, one.need)).collect();
            format!("# read by {}\n{}\n", readers.join(", "), store.put(key))
        })
        .collect();
    parts.join("\n")
}

fn lines(missing: &BTreeMap<&str, Vec<&Kept>>, store: &Store) -> String {
    let objects = missing.iter().map(|(key, readers)| {
        let readers: Vec<Json> =
            readers.iter().map(|one| json!({ "service": &*one.service, "need": &*one.need })).collect();
        format!("{}\n", json!({ "key": key, "readers": readers, "command": store.put(key) }))
    });
    objects.collect()
}
