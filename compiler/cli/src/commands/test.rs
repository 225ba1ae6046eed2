//! `idpc test`: the tests that a platform team keeps beside its platform, as Markdown.

use std::path::{Path, PathBuf};

use idpc_driver::workspace::Loaded;
use idpc_testing::case::Setting;
use idpc_testing::program::{Depth, Ground};
use idpc_testing::report::{Form, report};
use idpc_testing::suite::{self, Expected, FOLDER, Results, Written};

use crate::args::{Test, TestFormat};
use crate::console::Console;
use crate::outcome::{Failure, Outcome};
use crate::platform::sound;
use crate::project::Project;
use crate::render::counted;

/// Runs the tests. An error of the platform itself would be one of every test, so it is reported alone.
pub fn run(args: &Test, console: Console) -> Result<Outcome, Failure> {
    let whole = Project::open(&folder(&args.path))?;
    if !whole.is_workspace() {
        return Err(Failure::usage("tests belong to a workspace, and a file outside of any has none"));
    }
    let pages = pages(whole.root(), &args.path)?;
    let Some(platform) = sound(&whole, console)? else {
        console.note("no test was run");
        return Ok(Outcome::Refused);
    };
    let everything = Box::new(Loaded::clone(&whole.host.loaded));
    let setting = Setting {
        ground: platform.ground,
        whole: Some(Ground::Workspace { loaded: everything, absent: Vec::new() }),
        depth: Depth::Targets,
        terminal: &crate::shown,
    };
    let expected = if args.update { Expected::Rewritten } else { Expected::Kept };
    let results = suite::run(&pages, args.filter.as_deref().unwrap_or_default(), expected, &setting)
        .map_err(|(path, error)| Failure::io(&path, &error))?;
    conclude(args, &pages, &results, console)
}

/// The folder to look for a workspace from.
fn folder(path: &Path) -> PathBuf {
    let parent = path.parent().filter(|_| path.is_file() && path.extension().is_some_and(|ending| ending == "md"));
    match parent {
        Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
        Some(parent) => parent.to_owned(),
        None => path.to_owned(),
    }
}

/// The pages of the workspace; a page, or a folder among those of tests, narrows them.
fn pages(root: &Path, path: &Path) -> Result<Vec<Written>, Failure> {
    let tests = root.join(FOLDER);
    let given = std::path::absolute(path).map_err(|error| Failure::io(path, &error))?;
    let narrowed = given.is_file() || given.starts_with(&tests);
    let place = if narrowed { given } else { tests };
    if !place.exists() {
        let message = format!("there is no folder `{FOLDER}` in `{}`", root.display());
        return Err(Failure::advice(message, "write a page with a test in it, such as `tests/platform.md`"));
    }
    suite::read(root, &place).map_err(|(path, error)| Failure::io(&path, &error))
}

/// Prints the results and says how the run ended.
fn conclude(args: &Test, pages: &[Written], results: &Results, console: Console) -> Result<Outcome, Failure> {
    if results.tests.is_empty() {
        let message = match &args.filter {
            Some(filter) => format!("no test has `{filter}` in its heading or its page"),
            None => format!("no test in {}", counted(pages.len(), "page")),
        };
        return Err(Failure::advice(message, "a heading with an `idp` block below it is a test"));
    }
    let form = match args.format {
        TestFormat::Human => Form::Human,
        TestFormat::Short => Form::Short,
        TestFormat::Json => Form::Json,
        TestFormat::Junit => Form::Junit,
    };
    console.print(&report(results, form))?;
    let failed = results.failed().count();
    let passed = counted(results.tests.len() - failed, "test");
    if failed == 0 {
        console.note(&format!("{passed} passed"));
        return Ok(Outcome::Clean);
    }
    console.note(&format!("{passed} passed, {failed} failed"));
    Ok(Outcome::Refused)
}
