//! `idpc doc`: the reference of a workspace, as Markdown and as one HTML page.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use idpc_doc::page::GROUPS;
use idpc_doc::reference::{MARK, files, pages};
use idpc_driver::sources::{put, remove};
use idpc_testing::examples::{compiled, sources};

use crate::args::Doc;
use crate::console::Console;
use crate::outcome::{Failure, Outcome};
use crate::platform::sound;
use crate::project::Project;
use crate::render::counted;

/// Where the reference is written if nothing else is said.
const FOLDER: &str = "docs/reference";

/// Writes the reference, or says how the folder differs.
pub fn run(args: &Doc, console: Console) -> Result<Outcome, Failure> {
    let whole = Project::open(&args.path)?;
    if !whole.is_workspace() {
        return Err(Failure::usage("a reference belongs to a workspace, and a file outside of any has none"));
    }
    let folder = folder(args, &whole)?;
    let Some(platform) = sound(&whole, console)? else {
        return Ok(Outcome::Refused);
    };
    let sources = sources(&platform.host, &platform.analysis.model);
    let (examples, broken) = compiled(&sources, &platform.ground);
    for example in &broken {
        let errors: String = example.errors.iter().map(|error| format!("\n  {error}")).collect();
        console.note(&format!("error: the example of `{}` does not compile{errors}", example.schema));
    }
    if !broken.is_empty() {
        return Ok(Outcome::Refused);
    }
    let wanted: BTreeMap<String, String> = files(&sources.workspace, &pages(&sources, &examples)).into_iter().collect();
    let changes = changes(&folder, &wanted)?;
    let shown = folder.display();
    if args.check {
        console.print(&changes.listed())?;
        return Ok(if changes.is_empty() { Outcome::Clean } else { Outcome::Refused });
    }
    changes.refuse_foreign(&folder)?;
    changes.apply(&folder, &wanted)?;
    console.note(&format!("{} in {shown}, {} written", counted(wanted.len(), "file"), changes.written()));
    Ok(Outcome::Clean)
}

/// The folder, which never lies in the output: a build owns that.
fn folder(args: &Doc, project: &Project) -> Result<PathBuf, Failure> {
    let given = args.out.clone().unwrap_or_else(|| project.root().join(FOLDER));
    let full = std::path::absolute(&given).map_err(|error| Failure::io(&given, &error))?;
    let mut folder = PathBuf::new();
    for part in full.components() {
        match part {
            Component::ParentDir => {
                folder.pop();
            }
            part => folder.push(part),
        }
    }
    if folder.starts_with(project.host.out()) {
        let message = format!("the reference cannot lie in the output folder `{}`", project.host.out().display());
        return Err(Failure::advice(message, format!("leave --out away for `{FOLDER}`, or name another folder")));
    }
    Ok(folder)
}

/// How the folder differs from what it should hold.
#[derive(Default)]
struct Changes {
    new: Vec<String>,
    changed: Vec<String>,
    stale: Vec<String>,
    /// Files that somebody else wrote where one would be written.
    foreign: Vec<String>,
}

fn changes(folder: &Path, wanted: &BTreeMap<String, String>) -> Result<Changes, Failure> {
    let mut changes = Changes::default();
    for (path, text) in wanted {
        match read(&folder.join(path))? {
            None => changes.new.push(path.clone()),
            Some(old) if old == *text => {}
            Some(old) if is_ours(&old) => changes.changed.push(path.clone()),
            Some(_) => changes.foreign.push(path.clone()),
        }
    }
    for group in GROUPS {
        let below = folder.join(group.folder());
        let Ok(entries) = fs::read_dir(&below) else { continue };
        for entry in entries {
            let entry = entry.map_err(|error| Failure::io(&below, &error))?;
            let path = format!("{}/{}", group.folder(), entry.file_name().to_string_lossy());
            if path.ends_with(".md")
                && !wanted.contains_key(&path)
                && read(&entry.path())?.is_some_and(|old| is_ours(&old))
            {
                changes.stale.push(path);
            }
        }
    }
    changes.stale.sort();
    Ok(changes)
}

/// The text of a file; bytes that are no text are somebody else's, too.
fn read(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::io(path, &error)),
    }
}

/// Whether this command wrote it.
fn is_ours(text: &str) -> bool {
    text.lines().take(2).any(|line| line == MARK)
}

impl Changes {
    fn is_empty(&self) -> bool {
        self.new.is_empty() && self.changed.is_empty() && self.stale.is_empty() && self.foreign.is_empty()
    }

    fn written(&self) -> usize {
        self.new.len() + self.changed.len()
    }

    fn listed(&self) -> String {
        let kinds =
            [("new", &self.new), ("changed", &self.changed), ("stale", &self.stale), ("foreign", &self.foreign)];
        let lines =
            kinds.into_iter().flat_map(|(kind, paths)| paths.iter().map(move |path| format!("{kind} {path}\n")));
        lines.collect()
    }

    fn refuse_foreign(&self, folder: &Path) -> Result<(), Failure> {
        if self.foreign.is_empty() {
            return Ok(());
        }
        let message = format!("`idpc doc` did not write {} in `{}`", self.foreign.join(", "), folder.display());
        Err(Failure::advice(message, "nothing was written; name another folder with --out, or remove the file"))
    }

    fn apply(&self, folder: &Path, wanted: &BTreeMap<String, String>) -> Result<(), Failure> {
        for path in self.new.iter().chain(&self.changed) {
            let text = wanted.get(path).map_or("", String::as_str);
            put(&folder.join(path), text).map_err(|error| Failure::sources(&error))?;
        }
        for path in &self.stale {
            remove(&folder.join(path)).map_err(|error| Failure::sources(&error))?;
        }
        Ok(())
    }
}
