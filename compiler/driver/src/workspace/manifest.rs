//! `idp.toml`: the few things that a workspace says about itself.

use std::ops::Range;
use std::path::{Component, Path};

use idpc_model::schema::LIBRARY;
use toml::de::{DeTable, DeValue};

use crate::code;

use super::error::ManifestError;
use super::table::{Located, Table, mismatch, wrong};

/// The editions there are, the newest last.
pub const EDITIONS: [&str; 1] = ["2026"];

/// The version of this compiler.
const COMPILER: &str = env!("CARGO_PKG_VERSION");

/// What `idp.toml` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The workspace's name.
    pub name: Option<Located<String>>,
    /// The edition of grammar and library defaults.
    pub edition: Option<Located<String>>,
    /// The folder whose files may declare everything.
    pub platform: Option<Located<String>>,
    /// The output folder.
    pub out: Option<Located<String>>,
    /// The targets that a build makes.
    pub targets: Option<Vec<Located<String>>>,
    /// The platform packages, in their order.
    pub dependencies: Vec<Dependency>,
}

/// A package of `[dependencies]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The package's name.
    pub name: Located<String>,
    /// Where its files are.
    pub origin: Origin,
    /// The bytes that say so.
    pub span: Range<usize>,
}

/// Where the files of a package are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In a folder of this path, relative to the workspace's.
    Path(String),
    /// In `vendor/NAME`, as `idp.lock` records them.
    Vendored,
}

impl Dependency {
    /// Its folder, relative to the workspace's, with `/`.
    #[must_use]
    pub fn folder(&self) -> String {
        match &self.origin {
            Origin::Path(path) => path.clone(),
            Origin::Vendored => format!("{VENDOR}/{}", self.name.value),
        }
    }
}

/// The folder of vendored packages.
pub const VENDOR: &str = "vendor";

impl Manifest {
    /// Reads the text as far as it can be read, with everything that is wrong with it.
    #[must_use]
    pub fn parse(text: &str) -> (Self, Vec<ManifestError>) {
        let (document, faults) = DeTable::parse_recoverable(text);
        let mut errors: Vec<ManifestError> =
            faults.iter().map(|fault| wrong(code::TOML, fault.span().unwrap_or(0..0), fault.message())).collect();
        let unreadable = !errors.is_empty();
        let root = Table::root(document.get_ref());
        root.only(&["workspace", "build", "dependencies"], &mut errors);
        let mut manifest = Self::default();
        match root.table("workspace", &mut errors) {
            Some(table) => manifest.workspace(&table, &mut errors),
            None if unreadable => {}
            None => errors.push(
                wrong(code::MISSING_KEY, 0..0, "`[workspace]` is missing")
                    .help("write `[workspace]`, then `name = \"…\"` and `edition = \"2026\"` below it"),
            ),
        }
        if let Some(table) = root.table("build", &mut errors) {
            manifest.build(&table, &mut errors);
        }
        if let Some(table) = root.table("dependencies", &mut errors) {
            manifest.dependencies(&table, &mut errors);
        }
        errors.sort_by_key(|error| error.span.start);
        (manifest, errors)
    }

    fn workspace(&mut self, table: &Table<'_, '_>, errors: &mut Vec<ManifestError>) {
        table.only(&["name", "edition", "platform", "idpc"], errors);
        self.name = required(table, "name", "name = \"shop\"", errors);
        if let Some(name) = &self.name
            && let Some(reason) = bad_name(&name.value)
        {
            errors.push(wrong(
                code::WORKSPACE_NAME,
                name.span.clone(),
                format!("`{}` cannot name a workspace: {reason}", name.value),
            ));
        }
        self.edition = required(table, "edition", "edition = \"2026\"", errors);
        if let Some(edition) = self.edition.as_ref().filter(|edition| !EDITIONS.contains(&edition.value.as_str())) {
            errors.push(
                wrong(code::EDITION, edition.span.clone(), format!("there is no edition `{}`", edition.value))
                    .help(format!("this idpc knows {}", EDITIONS.join(", "))),
            );
        }
        self.platform = table.text("platform", errors);
        if let Some(platform) = self.platform.as_ref().filter(|platform| !is_inner(&platform.value)) {
            errors.push(
                wrong(code::PLATFORM_FOLDER, platform.span.clone(), "the platform folder must lie in the workspace")
                    .help("name a folder below this file, like `platform`"),
            );
        }
        if let Some(wanted) = table.text("idpc", errors) {
            errors.extend(too_old(&wanted));
        }
    }

    fn build(&mut self, table: &Table<'_, '_>, errors: &mut Vec<ManifestError>) {
        table.only(&["out", "targets"], errors);
        self.out = table.text("out", errors);
        if let Some(out) = &self.out
            && let Some(reason) = bad_out(&out.value)
        {
            errors.push(
                wrong(code::OUT_FOLDER, out.span.clone(), format!("`out` cannot be this folder: {reason}"))
                    .help("name a folder beside the sources, like `out` or `../delivery/out`"),
            );
        }
        let Some(targets) = table.texts("targets", errors) else {
            return;
        };
        if targets.value.is_empty() {
            errors.push(
                wrong(code::EMPTY_VALUE, targets.span, "`targets` is empty, so nothing would be built")
                    .help("leave it out to build all targets but `catalog`"),
            );
            return;
        }
        for (index, target) in targets.value.iter().enumerate() {
            if targets.value.iter().take(index).any(|earlier| earlier.value == target.value) {
                errors.push(wrong(
                    code::TARGET_TWICE,
                    target.span.clone(),
                    format!("the target `{}` is listed twice", target.value),
                ));
            }
        }
        self.targets = Some(targets.value);
    }

    fn dependencies(&mut self, table: &Table<'_, '_>, errors: &mut Vec<ManifestError>) {
        for (name, span, value) in table.entries() {
            let DeValue::Table(fields) = value else {
                errors
                    .push(mismatch(name, span, "a table", value).help(format!("write `{name} = {{ path = \"…\" }}`")));
                continue;
            };
            if let Some(reason) = bad_package_name(name) {
                errors.push(wrong(
                    code::PACKAGE_NAME,
                    span.clone(),
                    format!("`{name}` cannot name a package: {reason}"),
                ));
            }
            let package = Table::inner("dependencies", span.clone(), fields);
            let before = errors.len();
            package.only(&["path", "vendored"], errors);
            let path = package.text("path", errors);
            let vendored = package.flag("vendored", errors);
            let (origin, at) = match (path, vendored) {
                (Some(path), None) => (Origin::Path(path.value), path.span),
                (None, Some(vendored)) if vendored.value => (Origin::Vendored, vendored.span),
                _ if errors.len() > before => continue,
                _ => {
                    errors.push(
                        wrong(code::MISSING_KEY, span, format!("it is not clear where the package `{name}` is"))
                            .help("write either `path = \"…\"` or `vendored = true`"),
                    );
                    continue;
                }
            };
            self.dependencies.push(Dependency { name: Located { value: name.to_owned(), span }, origin, span: at });
        }
        self.dependencies.sort_by_key(|package| package.name.span.start);
    }
}

fn required(
    table: &Table<'_, '_>,
    name: &'static str,
    example: &str,
    errors: &mut Vec<ManifestError>,
) -> Option<Located<String>> {
    if table.entries().all(|(key, ..)| key != name) {
        errors.push(
            wrong(code::MISSING_KEY, table.span(), format!("`[workspace]` has no `{name}`"))
                .help(format!("add `{example}`")),
        );
    }
    table.text(name, errors)
}

/// Why a name cannot be that of a workspace or a package, which becomes a part of paths and labels.
fn bad_name(name: &str) -> Option<&'static str> {
    let bytes = name.as_bytes();
    let allowed = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    if bytes.len() > 63 {
        Some("it is longer than 63 characters")
    } else if !bytes.iter().all(allowed) {
        Some("only lower-case letters, digits and `-` may stand in it")
    } else if !bytes.first().is_some_and(u8::is_ascii_lowercase) {
        Some("it must begin with a letter")
    } else if bytes.ends_with(b"-") {
        Some("it must not end with `-`")
    } else {
        None
    }
}

/// Why a name cannot be that of a package.
pub(super) fn bad_package_name(name: &str) -> Option<&'static str> {
    bad_name(name).or_else(|| (name == LIBRARY).then_some("the standard library is called so"))
}

/// Whether a path names a folder below the one it is relative to.
fn is_inner(path: &str) -> bool {
    let mut parts = Path::new(path).components().filter(|part| *part != Component::CurDir).peekable();
    parts.peek().is_some() && parts.all(|part| matches!(part, Component::Normal(_)))
}

/// Why a folder cannot take the output. It may lie beside the workspace, but not hold it.
fn bad_out(path: &str) -> Option<&'static str> {
    let mut depth = 0_usize;
    let mut inner = false;
    for part in Path::new(path).components() {
        match part {
            Component::Prefix(_) | Component::RootDir => {
                return Some("an absolute path holds on one machine only");
            }
            Component::ParentDir if depth > 0 => {
                return Some("`..` may only stand at its beginning");
            }
            Component::ParentDir => inner = false,
            Component::CurDir => {}
            Component::Normal(_) => {
                depth += 1;
                inner = true;
            }
        }
    }
    (!inner).then_some("the workspace itself would lie in it")
}

/// Complains if the workspace needs a newer compiler.
fn too_old(wanted: &Located<String>) -> Option<ManifestError> {
    let text = wanted.value.trim_start_matches(">=").trim();
    let Some(version) = version(text) else {
        return Some(
            wrong(code::VERSION, wanted.span.clone(), format!("`{}` is not a version", wanted.value))
                .help("write the least version that can build this, like `0.1` or `0.1.0`"),
        );
    };
    (version > self::version(COMPILER)?).then(|| {
        wrong(code::TOO_OLD, wanted.span.clone(), format!("this workspace needs idpc {text}, and this is {COMPILER}"))
            .help("use a newer idpc")
    })
}

/// `1`, `1.2` or `1.2.3`.
fn version(text: &str) -> Option<[u64; 3]> {
    let mut numbers = [0; 3];
    let mut parts = text.split('.');
    for (index, number) in numbers.iter_mut().enumerate() {
        match parts.next() {
            Some(part) if part.bytes().all(|byte| byte.is_ascii_digit()) => *number = part.parse().ok()?,
            None if index > 0 => {}
            _ => return None,
        }
    }
    parts.next().is_none().then_some(numbers)
}
