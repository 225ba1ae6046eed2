//! The command line as data. The texts here are the user's documentation: `idpc help COMMAND` prints them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Compiles descriptions of services into what runs them: Crossplane claims, Argo CD Applications, GitHub workflows,
/// Prometheus rules and Kubernetes workloads.
#[derive(Debug, Parser)]
#[command(name = "idpc", version, propagate_version = true, disable_help_subcommand = false)]
#[command(after_help = "\
Exit codes: 0 clean, 1 errors were found or the output differs under --check, 2 wrong usage, 3 input or output failed.
What was asked for goes to standard output, all else to standard error.")]
pub struct Arguments {
    /// Color what is printed: auto (on a terminal, unless NO_COLOR is set), always or never
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = When::Auto, hide_possible_values = true)]
    pub color: When,

    /// Say nothing about the run: no summary, only what was asked for, and failures
    #[arg(long, short, global = true)]
    pub quiet: bool,

    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    Build(Build),
    Check(Check),
    Test(Test),
    Doc(Doc),
    Fmt(Fmt),
    Init(Init),
    New(New),
    Explain(Explain),
    Show(Show),
    Expand(Expand),
    Graph(Graph),
    Secrets(Secrets),
    Completions(Completions),
    Vendor(Vendor),
    Lsp(Lsp),
}

/// Write the output of a workspace
///
/// Everything is checked first. With any error nothing is written; files that are up to date are not touched. A build
/// that would remove or rename something that holds data, or remove more than ten objects, stops and names the line
/// that allows it.
#[derive(Debug, Args)]
pub struct Build {
    /// A file or folder of the workspace, or a file outside of any; the current folder if left out
    #[arg(default_value = ".", hide_default_value = true)]
    pub path: PathBuf,

    /// Write nothing; list what differs from the output folder, and exit with 1 if anything does
    #[arg(long)]
    pub check: bool,

    /// Only the files of these targets
    #[arg(long, value_name = "T,…", value_delimiter = ',')]
    pub target: Vec<String>,

    /// Only these services and shared resources; errors elsewhere do not count unless these depend on them
    #[arg(long, value_name = "S,…", value_delimiter = ',')]
    pub service: Vec<String>,

    /// Only these environments
    #[arg(long, value_name = "E,…", value_delimiter = ',')]
    pub env: Vec<String>,

    /// Overwrite files that were changed by hand since the last build
    #[arg(long)]
    pub force: bool,

    /// How findings are written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// Say what is wrong with a workspace; with --fix, put right what can be
///
/// Writes nothing without --fix. With it, fixes are applied as long as one is left that helps: one that would bring an
/// error is left out and named. Only the workspace's own files are changed.
#[derive(Debug, Args)]
pub struct Check {
    /// A file or folder of the workspace, or a file outside of any; the current folder if left out. A file narrows the
    /// report to itself, never the analysis
    #[arg(default_value = ".", hide_default_value = true)]
    pub path: PathBuf,

    /// Apply the fixes that can be applied unseen, and report what is left
    #[arg(long)]
    pub fix: bool,

    /// Apply those as well that somebody should look at, such as the name that was probably meant
    #[arg(long, requires = "fix")]
    pub r#unsafe: bool,

    /// Change nothing; print what --fix would change, and exit with 1 if it would change anything
    #[arg(long, requires = "fix", conflicts_with = "format")]
    pub diff: bool,

    /// How findings are written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// Run the tests that are kept with a platform
///
/// Every heading of tests/**/*.md with an `idp` block below it is a test: its blocks are files, laid over the platform
/// folder and the packages of the workspace; comments such as `// error: [IDP0304]` and blocks of output, values and
/// artifacts say what is expected. Finding no test is an error.
#[derive(Debug, Args)]
pub struct Test {
    /// A page, a folder of pages, or any other place in the workspace for all of them; the current folder if left out
    #[arg(default_value = ".", hide_default_value = true)]
    pub path: PathBuf,

    /// Only tests whose page or heading holds this text
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,

    /// Write the expected blocks anew where they differ; assertions in comments stay as they are
    #[arg(long)]
    pub update: bool,

    /// How results are written
    #[arg(long, value_enum, default_value_t = TestFormat::Human)]
    pub format: TestFormat,
}

/// Write the reference of a workspace: its kinds, golden paths, schemas and enums
///
/// Markdown with a page for each, and the same as one index.html, from the documentation comments of the library, the
/// packages and the platform. Files that this command wrote before and that nothing stands behind any more are removed;
/// others are never touched.
#[derive(Debug, Args)]
pub struct Doc {
    /// Any place in the workspace; the current folder if left out
    #[arg(default_value = ".", hide_default_value = true)]
    pub path: PathBuf,

    /// The folder to write to; docs/reference of the workspace if left out. It cannot lie in the output folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Write nothing; list what differs from the folder, and exit with 1 if anything does
    #[arg(long)]
    pub check: bool,
}

/// Format .idp files
///
/// Meaning and comments stay as they are, and so does what cannot be read.
#[derive(Debug, Args)]
pub struct Fmt {
    /// Files and folders, or `-` to format standard input to standard output; the current folder if left out
    #[arg(default_value = ".", hide_default_value = true)]
    pub paths: Vec<PathBuf>,

    /// Change nothing; list the files that are not formatted, and exit with 1 if there are any
    #[arg(long)]
    pub check: bool,

    /// Change nothing; print what would change, and exit with 1 if anything would
    #[arg(long)]
    pub diff: bool,
}

/// Write a first workspace, ready to build
///
/// Writes idp.toml, a platform with its environments and teams, and one service. Never overwrites a file.
#[derive(Debug, Args)]
pub struct Init {
    /// The folder; made if it does not exist
    #[arg(default_value = ".", hide_default_value = true)]
    pub dir: PathBuf,
}

/// Write a new file to begin with
#[derive(Debug, Args)]
pub struct New {
    /// What to write
    #[command(subcommand)]
    pub what: NewWhat,
}

/// What `new` can write.
#[derive(Debug, Subcommand)]
pub enum NewWhat {
    Service(NewService),
}

/// Write services/NAME/service.idp with everything that has to be set
#[derive(Debug, Args)]
pub struct NewService {
    /// Its name
    pub name: String,

    /// Its golden path: web, worker, cron, external, or one of the workspace's own
    #[arg(long, value_name = "PATH", default_value = "web")]
    pub path: String,

    /// The team that answers for it; may be left out where there is only one
    #[arg(long, value_name = "TEAM")]
    pub owner: Option<String>,

    /// What it is written in
    #[arg(long, value_name = "LANGUAGE", default_value = "go")]
    pub language: String,
}

/// Explain a code that a finding carries
///
/// Prints what the rule is, why there is one, a program that breaks it and one that does not. Without a code, lists all.
#[derive(Debug, Args)]
pub struct Explain {
    /// The code, such as IDP0301
    pub code: Option<String>,
}

/// Show the effective configuration of a service, and where each value comes from
#[derive(Debug, Args)]
pub struct Show {
    /// A service or shared resource of the workspace around the current folder
    pub service: String,

    /// Only in this environment; all of them if left out
    #[arg(long, value_name = "E")]
    pub env: Option<String>,

    /// Only this part of it, such as needs.orders.storage
    #[arg(long, value_name = "PATH")]
    pub field: Option<String>,

    /// How it is written
    #[arg(long, value_enum, default_value_t = ShowFormat::Human)]
    pub format: ShowFormat,
}

/// Print the resources that services ask the cloud for
///
/// Computed offline from the same Compositions that the control plane runs. What is made only once the cloud has answered,
/// such as a permission on a key, is named with the answer that it waits for.
#[derive(Debug, Args)]
pub struct Expand {
    /// A file or folder of the workspace, or a file outside of any; the current folder if left out
    #[arg(default_value = ".", hide_default_value = true)]
    pub path: PathBuf,

    /// Only these services and shared resources
    #[arg(long, value_name = "S,…", value_delimiter = ',')]
    pub service: Vec<String>,

    /// Only these environments
    #[arg(long, value_name = "E,…", value_delimiter = ',')]
    pub env: Vec<String>,

    /// How it is written
    #[arg(long, value_enum, default_value_t = ExpandFormat::Yaml)]
    pub format: ExpandFormat,
}

/// Draw services, what they need and what they call
#[derive(Debug, Args)]
pub struct Graph {
    /// A workspace, or a file outside of any; the workspace around the current folder if left out
    #[arg(value_name = "PATH", default_value = ".", hide_default_value = true)]
    pub path: PathBuf,

    /// The environment; the last in the order of delivery if left out
    #[arg(long, value_name = "E")]
    pub env: Option<String>,

    /// How it is written
    #[arg(long, value_enum, default_value_t = GraphFormat::Text)]
    pub format: GraphFormat,

    /// Only what this service or shared resource depends on, and what depends on it
    #[arg(long, value_name = "S")]
    pub focus: Option<String>,

    /// Instead of relations, the objects of each Application in the waves in which Argo CD applies them, as text or
    /// JSON; with --focus, only those of its own Applications
    #[arg(long)]
    pub order: bool,
}

/// List the values that somebody has to put into the platform's secret store
///
/// Each key comes with the command that puts its first value, read from standard input: `pbpaste | COMMAND`. What the
/// store has already is left out if it is listed with --existing, for instance:
/// `aws secretsmanager list-secrets --query 'SecretList[].Name' --output text | idpc secrets --env prod --existing -`
#[derive(Debug, Args)]
pub struct Secrets {
    /// A workspace, or a file outside of any; the workspace around the current folder if left out
    #[arg(value_name = "PATH", default_value = ".", hide_default_value = true)]
    pub path: PathBuf,

    /// The environment
    #[arg(long, value_name = "E")]
    pub env: String,

    /// A file with the keys that have a value, separated by white space; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    pub existing: Option<PathBuf>,

    /// How it is written
    #[arg(long, value_enum, default_value_t = SecretsFormat::Human)]
    pub format: SecretsFormat,
}

/// How secrets are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SecretsFormat {
    /// A shell command for each, with a comment that says who reads it
    Human,
    /// One JSON object a line
    Json,
}

/// Print what a shell needs to complete commands and options
///
/// For bash: `source <(idpc completions bash)`. Other shells read it from a file of theirs.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// Record what the vendored packages contain, in idp.lock
///
/// A build reads a package with `vendored = true` from vendor/NAME, only as recorded, and never writes the record. With
/// --from, the copy of one package is first replaced by what lies in a folder. Nothing is fetched from a network.
#[derive(Debug, Args)]
pub struct Vendor {
    /// The package to copy
    #[arg(requires = "from")]
    pub name: Option<String>,

    /// The folder to copy it from
    #[arg(long, value_name = "FOLDER", requires = "name")]
    pub from: Option<PathBuf>,
}

/// Serve an editor over standard input and output
///
/// Editors start this by themselves: it speaks the Language Server Protocol, and says what `check` says.
#[derive(Debug, Args)]
pub struct Lsp {
    /// Taken for editors that pass it; there is no other way to speak
    #[arg(long, hide = true)]
    pub stdio: bool,
}

/// When to color.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// With the source around each place
    Human,
    /// One line each
    Short,
    /// One JSON object a line
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// A Code Quality report of GitLab
    Gitlab,
    /// A SARIF 2.1.0 log
    Sarif,
    /// A JUnit report
    Junit,
}

/// How the results of tests are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TestFormat {
    /// Every failure with its difference
    Human,
    /// One line a failure
    Short,
    /// One JSON object a test, one a line
    Json,
    /// A JUnit report
    Junit,
}

/// How a configuration is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    /// As a program, with the origin of each value beside it
    Human,
    /// One JSON object for each environment, one a line
    Json,
}

/// How composed resources are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExpandFormat {
    /// One YAML document for each
    Yaml,
    /// One JSON object for each, one a line
    Json,
}

/// How a graph is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// One relation a line
    Text,
    /// Graphviz
    Dot,
    /// Mermaid
    Mermaid,
    /// One JSON object
    Json,
}
