//! `idpc fmt`: one way to write everything down.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use similar::TextDiff;

use crate::args::Fmt;
use crate::console::Console;
use crate::outcome::{Failure, Outcome};
use crate::render::counted;
use crate::unformatted;

/// Formats files, or says which are not formatted.
pub fn run(args: &Fmt, console: Console) -> Result<Outcome, Failure> {
    if args.paths.iter().any(|path| path == Path::new("-")) {
        if args.paths.len() > 1 {
            return Err(Failure::usage("`-` stands for standard input, and nothing may stand beside it"));
        }
        return stream(args, console);
    }
    let mut pending = 0;
    let mut files = 0;
    for path in unformatted::files(&args.paths)? {
        let text = read(&path)?;
        let clean = idpc_syntax::format(&text);
        files += 1;
        if clean == text {
            continue;
        }
        pending += 1;
        let shown = path.display().to_string();
        if args.diff {
            console.print(&difference(&shown, &text, &clean))?;
        } else if args.check {
            console.print(&format!("{shown}\n"))?;
        } else {
            replace(&path, &clean).map_err(|error| Failure::io(&path, &error))?;
        }
    }
    let verb = if args.check || args.diff { "not formatted" } else { "formatted" };
    console.note(&format!("{} {verb}, {} unchanged", counted(pending, "file"), files - pending));
    let refused = pending > 0 && (args.check || args.diff);
    Ok(if refused { Outcome::Refused } else { Outcome::Clean })
}

/// From standard input to standard output.
fn stream(args: &Fmt, console: Console) -> Result<Outcome, Failure> {
    let mut text = String::new();
    io::stdin().lock().read_to_string(&mut text).map_err(|error| Failure::Io(format!("standard input: {error}")))?;
    let clean = idpc_syntax::format(&text);
    if !args.check && !args.diff {
        return console.print(&clean).map(|()| Outcome::Clean);
    }
    if args.diff {
        console.print(&difference("<stdin>", &text, &clean))?;
    }
    Ok(if clean == text { Outcome::Clean } else { Outcome::Refused })
}

fn read(path: &Path) -> Result<String, Failure> {
    let bytes = fs::read(path).map_err(|error| Failure::io(path, &error))?;
    String::from_utf8(bytes).map_err(|_| Failure::Io(format!("`{}` is not UTF-8", path.display())))
}

/// What would change, as `patch` reads it.
fn difference(name: &str, old: &str, new: &str) -> String {
    TextDiff::from_lines(old, new).unified_diff().header(name, &format!("{name} (formatted)")).to_string()
}

/// Gives a file a new content, in one step, so that an interruption loses nothing.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A link keeps pointing where it points.
    let path = fs::canonicalize(path)?;
    let beside = beside(&path);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&beside)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.set_permissions(fs::metadata(&path)?.permissions()))
        .and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        // The first error is the one to report.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}
