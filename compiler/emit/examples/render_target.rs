//! Loads a target's folder with shapes read off sample contexts and writes what it renders for them.
//!
//! `cargo run -p idpc-emit --example render_target -- <target folder> <contexts.json> [-o DIR]`
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool for people at a terminal, not a part of the core"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use idpc_emit::node::Node;
use idpc_emit::shape::{Per, ShapeSource};
use idpc_emit::target::{Samples, Target};
use idpc_emit::template::Scratch;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<bool, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(contexts)) = (arguments.next(), arguments.next()) else {
        return Err("usage: render_target <target folder> <contexts.json> [-o DIR]".into());
    };
    let output = match (arguments.next().as_deref(), arguments.next()) {
        (Some("-o"), Some(folder)) => Some(PathBuf::from(folder)),
        (None, _) => None,
        _ => return Err("usage: render_target <target folder> <contexts.json> [-o DIR]".into()),
    };
    let folder = PathBuf::from(folder);
    let mut files = BTreeMap::new();
    read(&folder, &folder, &mut files)?;
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let json: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&contexts)?).map_err(|error| format!("{contexts}: {error}"))?;
    let samples = Samples::new(&json);
    let name = folder.canonicalize()?.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (target, errors) = Target::load(&name, &files, &samples);
    for error in &errors {
        eprintln!("{}/{error}", folder.display());
    }
    note_unchecked(&files, &samples);
    let Some(target) = target else {
        return Ok(false);
    };
    let faults = render(&target, &json, output.as_deref())?;
    Ok(errors.is_empty() && faults == 0)
}

/// Names the folders of kinds that no sample stands for.
fn note_unchecked(files: &[(&str, &str)], samples: &Samples) {
    let known = samples.kinds();
    let folders: std::collections::BTreeSet<&str> =
        files.iter().filter_map(|(path, _)| path.strip_prefix("kinds/")?.split('/').next()).collect();
    for folder in folders {
        if !known.iter().any(|kind| samples.ancestors(kind).iter().any(|ancestor| ancestor == folder)) {
            eprintln!("note: kinds/{folder} was not checked: no sample has this kind");
        }
    }
}

fn render(target: &Target, json: &serde_json::Value, output: Option<&Path>) -> Result<usize, Box<dyn Error>> {
    let mut scratch = Scratch::default();
    let mut faults = 0;
    for rule in &target.rules {
        let contexts = json.get(rule.per.name()).and_then(serde_json::Value::as_array);
        for context in contexts.into_iter().flatten() {
            let context = Node::from(context);
            let kind = context.field("kind_name").and_then(Node::text);
            if rule.per == Per::Kind && !kind.is_some_and(|kind| target.has_kind(kind)) {
                continue;
            }
            let Some(rendered) = target.render(rule, &context, &mut scratch) else {
                continue;
            };
            for fault in &rendered.faults {
                faults += 1;
                eprintln!("{}:{}: fault: {}", fault.file, fault.pos.line, fault.message);
            }
            match output {
                None => println!("==> {}\n{}", rendered.path, rendered.text),
                Some(folder) => {
                    let path = folder.join(&rendered.path);
                    fs::create_dir_all(path.parent().unwrap_or(folder))?;
                    fs::write(path, rendered.text)?;
                }
            }
        }
    }
    Ok(faults)
}

fn read(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read(root, &path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "hbs" || extension == "json") {
            let name = path.strip_prefix(root)?.to_string_lossy().into_owned();
            files.insert(name, fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?);
        }
    }
    Ok(())
}
