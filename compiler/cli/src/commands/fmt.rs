//! `idpc fmt`: one way to write everything down.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use idpc_driver::sources;

use crate::args::Fmt;
use crate::console::Console;
use crate::difference::unified;
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
            console.print(&unified(&shown, "formatted", &text, &clean))?;
        } else if args.check {
            console.print(&format!("{shown}\n"))?;
        } else {
            sources::replace(&path, &text, &clean).map_err(|error| Failure::sources(&error))?;
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
        console.print(&unified("<stdin>", "formatted", &text, &clean))?;
    }
    Ok(if clean == text { Outcome::Clean } else { Outcome::Refused })
}

fn read(path: &Path) -> Result<String, Failure> {
    let bytes = fs::read(path).map_err(|error| Failure::io(path, &error))?;
    String::from_utf8(bytes).map_err(|_| Failure::Io(format!("`{}` is not UTF-8", path.display())))
}
