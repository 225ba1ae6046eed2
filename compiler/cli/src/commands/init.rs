//! `idpc init`: a first workspace, small enough to be read in a minute, that builds without a word.

use std::path::{self, Path};

use idpc_driver::sources;

use crate::args::Init;
use crate::console::Console;
use crate::outcome::{Failure, Outcome};
use crate::render::counted;

/// Writes the files, none of which may exist.
pub fn run(args: &Init, console: Console) -> Result<Outcome, Failure> {
    let folder = path::absolute(&args.dir).map_err(|error| Failure::io(&args.dir, &error))?;
    let name = name(&folder);
    let files: Vec<(String, String)> =
        FILES.iter().map(|(path, text)| ((*path).to_owned(), text.replace("NAME", &name))).collect();
    sources::create(&args.dir, &files).map_err(|error| Failure::sources(&error))?;
    for (path, _) in FILES {
        console.note(&format!("wrote {path}"));
    }
    let place = if args.dir == Path::new(".") { String::new() } else { format!(" {}", args.dir.display()) };
    console.note(&format!("{}; now `idpc build{place}` writes the output", counted(files.len(), "file")));
    Ok(Outcome::Clean)
}

/// A name for the workspace: the folder's, as far as its letters may stand in names.
fn name(folder: &Path) -> String {
    let folder = folder.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let words: Vec<&str> = folder.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let name: String = words.join("-").chars().take(LONGEST).collect();
    let name = name.trim_end_matches('-');
    if name.starts_with(|c: char| c.is_ascii_lowercase()) { name.to_owned() } else { String::from("workspace") }
}

/// It is a part of many names that have limits of their own.
const LONGEST: usize = 30;

/// The files with their text; `NAME` stands for the workspace's name.
const FILES: &[(&str, &str)] = &[
    (
        "idp.toml",
        r#"[workspace]
name    = "NAME"
edition = "2026"
"#,
    ),
    (
        "platform/platform.idp",
        r#"/// What holds for every service. `idpc show SERVICE` tells where each of its values comes from.
platform NAME {
  // Put before every name in the cloud, so that nobody else has the same.
  prefix = "NAME"

  // The group of the Kubernetes APIs: a domain of yours.
  api_group = "platform.example.org"

  // Where images are pushed to and pulled from.
  registry = "ghcr.io/example"

  gitops {
    // The repository that holds this workspace and its output; Argo CD reads it.
    repository = "https://github.com/example/NAME.git"
  }
}
"#,
    ),
    (
        "platform/environments.idp",
        r#"/// Follows every pull request.
environment dev {
  stage   = development
  region  = "eu-central-1"
  account = "111111111111"
}

/// What users see. A change gets here once it has passed `dev`.
environment prod {
  stage   = production
  after   = dev
  region  = "eu-central-1"
  account = "222222222222"
}
"#,
    ),
    (
        "platform/teams.idp",
        r##"/// The first team.
team core {
  chat = "#core"
}
"##,
    ),
    (
        "services/hello/service.idp",
        r#"/// Says hello.
service hello : web {
  owner    = core
  language = go
  port     = 8080
}
"#,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_folder() {
        for (folder, expected) in [
            ("/tmp/acme", "acme"),
            ("/tmp/Acme Shop_2", "acme-shop-2"),
            ("/tmp/2nd", "workspace"),
            ("/tmp/ä", "workspace"),
            ("/", "workspace"),
            ("/tmp/an-extremely-long-name-of-a-folder", "an-extremely-long-name-of-a-fo"),
        ] {
            assert_eq!(name(Path::new(folder)), expected, "{folder}");
        }
    }
}
