//! A folder of its own for each test, and runs of the program in it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A folder with files.
pub struct Place {
    folder: TempDir,
}

/// What a run said.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Place {
    /// An empty folder.
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A workspace with a platform, two teams, two environments and three services, without any finding.
    pub fn workspace() -> Self {
        let place = Self::empty();
        for (path, text) in WORKSPACE {
            place.write(path, text);
        }
        place
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub fn write(&self, path: &str, text: &str) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub fn has(&self, path: &str) -> bool {
        fs::symlink_metadata(self.path(path)).is_ok()
    }

    /// Every file below the folder with its text, sorted.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let (mut found, mut open) = (Vec::new(), vec![self.root().to_path_buf()]);
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let name = path.strip_prefix(self.root()).unwrap().to_string_lossy().into_owned();
                    found.push((name, fs::read(&path).unwrap()));
                }
            }
        }
        found.sort();
        found
    }

    /// Runs the program in the folder; the arguments are parted by spaces.
    pub fn idpc(&self, arguments: &str) -> Run {
        self.run_in("", arguments, &[], None)
    }

    /// The same, with a text on standard input.
    pub fn idpc_reads(&self, arguments: &str, input: &str) -> Run {
        self.run_in("", arguments, &[], Some(input))
    }

    /// The same, in a folder below and with variables of the environment.
    pub fn run_in(&self, below: &str, arguments: &str, variables: &[(&str, &str)], input: Option<&str>) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_idpc"));
        command.current_dir(self.path(below)).args(arguments.split_whitespace());
        command.env_remove("NO_COLOR").env_remove("COLUMNS").envs(variables.iter().copied());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.unwrap_or_default().as_bytes()).unwrap();
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Run { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Run {
    /// The exit code, and nothing that anybody has to be told.
    #[track_caller]
    pub fn is_clean(&self) -> &Self {
        assert_eq!((self.code, self.out.as_str()), (0, ""), "{}", self.err);
        self
    }

    #[track_caller]
    pub fn ends(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "out: {}\nerr: {}", self.out, self.err);
        self
    }

    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        assert!(self.err.contains(text), "{text:?} is not in {:?}", self.err);
        self
    }

    #[track_caller]
    pub fn prints(&self, text: &str) -> &Self {
        assert!(self.out.contains(text), "{text:?} is not in {:?}", self.out);
        self
    }

    #[track_caller]
    pub fn prints_nothing(&self) -> &Self {
        assert_eq!(self.out, "");
        self
    }
}

const WORKSPACE: &[(&str, &str)] = &[
    ("idp.toml", "[workspace]\nname    = \"acme\"\nedition = \"2026\"\n"),
    (
        "platform/platform.idp",
        "platform acme {\n  prefix    = \"acme\"\n  api_group = \"platform.acme.dev\"\n\n  gitops {\n    \
         repository = \"https://github.com/acme/platform.git\"\n  }\n}\n",
    ),
    (
        "platform/environments.idp",
        "environment dev {\n  stage   = development\n  region  = \"eu-central-1\"\n  account = \"111111111111\"\n}\n\n\
         environment prod {\n  stage   = production\n  after   = dev\n  region  = \"eu-central-1\"\n  account = \
         \"222222222222\"\n}\n",
    ),
    ("platform/teams.idp", "team payments {}\n\nteam shop {}\n"),
    (
        "services/checkout/service.idp",
        "/// Takes a basket to a paid order.\nservice checkout : web {\n  owner    = payments\n  language = rust\n  port     = \
         8080\n\n  needs {\n    orders = postgres { storage = 50GiB }\n  }\n\n  calls {\n    inventory { timeout = 150ms }\n  \
         }\n\n  in prod {\n    needs.orders { storage = 200GiB }\n  }\n}\n",
    ),
    (
        "services/inventory/service.idp",
        "/// Knows what there is.\nservice inventory : web {\n  owner    = shop\n  language = go\n  port     = 9090\n\n  slo { \
         availability = 99.9% }\n}\n",
    ),
    (
        "services/mail/service.idp",
        "/// Sends mail.\nservice mail : worker {\n  owner    = shop\n  language = go\n  only_in  = [prod]\n}\n",
    ),
];
