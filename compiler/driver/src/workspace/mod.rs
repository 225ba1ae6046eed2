//! Finding a workspace and reading its files.
//!
//! Says what is wrong with the files as files; what they mean is not its business.

mod error;
mod lock;
mod manifest;
mod package;
mod read;
mod table;
#[cfg(test)]
mod tests;
pub mod vendor;
mod walk;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use idpc_model::source::Role;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

pub use self::error::{LoadError, ManifestError};
pub use self::lock::{LOCK, Lock};
pub use self::manifest::{Dependency, EDITIONS, Manifest, Origin, VENDOR};
pub use self::package::{Completeness, Package};
pub use self::read::LIMIT;
pub use self::table::{Located, MANIFEST};

use crate::code;

use self::package::Ground;
use self::table::wrong;
use self::walk::{EXTRAS, Link, Member, Use, extra, members, usage};

/// Where sources are and which of them a run is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A folder with an `idp.toml`.
    Workspace {
        /// That folder.
        root: PathBuf,
        /// What the run was asked about, relative to the root with `/`; empty for everything. It narrows the report.
        focus: String,
    },
    /// A source that lies in no workspace.
    File {
        /// The file.
        path: PathBuf,
    },
}

/// A workspace with the text of all its files.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The folder that all paths are relative to.
    pub root: PathBuf,
    /// The workspace's name.
    pub name: String,
    /// Its edition.
    pub edition: String,
    /// The output folder.
    pub out: PathBuf,
    /// The targets that it builds; `None` for all but the catalog.
    pub targets: Option<Vec<String>>,
    /// The sources, sorted by path.
    pub files: Vec<SourceText>,
    /// The platform packages, in their order.
    pub packages: Vec<Package>,
    /// Whether all packages were read.
    pub completeness: Completeness,
    /// What is wrong with `idp.toml` and with files that could not be read.
    pub errors: Vec<ManifestError>,
    /// The files of targets that the workspace overrides or adds, as `argocd/service.hbs`, sorted by path.
    pub templates: Vec<(String, Arc<str>)>,
    /// Hand-made objects beside services, sorted by path.
    pub extras: Vec<Extra>,
    /// `idp.toml` with its text; `None` for a single file.
    pub manifest: Option<(Manifest, Arc<str>)>,
}

/// A source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceText {
    /// Relative to the root, with `/`; of a package's file, as `PACKAGE:/PATH`.
    pub path: String,
    /// Its text.
    pub text: Arc<str>,
    /// What it may declare.
    pub role: Role,
}

/// A hand-made object: `services/checkout/extras/prod/topic.yaml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extra {
    /// The folder of the service's file, relative to the root; empty at the top.
    pub folder: String,
    /// The environment it is for.
    pub env: String,
    /// The file's name.
    pub name: String,
    /// The whole path, relative to the root.
    pub path: String,
    /// Its text.
    pub text: Arc<str>,
}

/// Finds the workspace of a file or folder, upwards from there.
///
/// # Errors
///
/// When nothing has this path, or when it is a folder outside of any workspace.
pub fn find(path: &Path) -> Result<Found, LoadError> {
    let given = absolute(path)?;
    let found = fs::metadata(&given).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => LoadError::Missing(path.to_owned()),
        _ => LoadError::Io(path.to_owned(), error),
    })?;
    let is_manifest = given.file_name().is_some_and(|name| name == MANIFEST);
    let is_source = given.extension().is_some_and(|extension| extension == "idp");
    if !found.is_dir() && !is_manifest && !is_source {
        return Err(LoadError::NotSource(path.to_owned()));
    }
    let start = if found.is_dir() { given.as_path() } else { given.parent().unwrap_or(&given) };
    match start.ancestors().find(|folder| folder.join(MANIFEST).is_file()) {
        Some(root) => {
            let focus = if is_manifest { String::new() } else { relative(root, &given) };
            Ok(Found::Workspace { root: root.to_owned(), focus })
        }
        None if is_source && found.is_file() => Ok(Found::File { path: given }),
        None => Err(LoadError::NoWorkspace(start.to_owned())),
    }
}

impl Found {
    /// Reads the files. What is wrong with single files is part of the result.
    ///
    /// # Errors
    ///
    /// When a folder cannot be read, or when the run is about a file that the workspace leaves out.
    pub fn load(&self) -> Result<Loaded, LoadError> {
        match self {
            Self::Workspace { root, focus } => {
                let loaded = load(root)?;
                let name = loaded.source(&root.join(focus)).unwrap_or_default();
                let known = loaded.texts().any(|file| file.path == name)
                    || loaded.errors.iter().any(|error| error.file == name);
                if focus.ends_with(".idp") && !known && root.join(focus).is_file() {
                    return Err(LoadError::LeftOut { path: root.join(focus), root: root.clone() });
                }
                Ok(loaded)
            }
            Self::File { path } => single(path),
        }
    }
}

/// The path from the top of the file system, without `.` and `..`; links stay as they are.
fn absolute(path: &Path) -> Result<PathBuf, LoadError> {
    let full = std::path::absolute(path).map_err(|error| LoadError::Io(path.to_owned(), error))?;
    Ok(tidy(&full))
}

/// Removes `.` and resolves `..` by the text alone.
#[must_use]
pub fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                tidy.pop();
            }
            other => tidy.push(other),
        }
    }
    tidy
}

fn relative(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn load(root: &Path) -> Result<Loaded, LoadError> {
    let path = root.join(MANIFEST);
    let text = fs::read_to_string(&path).map_err(|error| LoadError::Io(path, error))?;
    let (manifest, mut errors) = Manifest::parse(&text);
    let value = |field: &Option<Located<String>>| field.as_ref().map(|found| found.value.clone());
    let name = value(&manifest.name).unwrap_or_else(|| usable_name(root.file_name().and_then(|name| name.to_str())));
    let edition = value(&manifest.edition).unwrap_or_else(newest_edition);
    let platform = tidy(&root.join(value(&manifest.platform).unwrap_or_else(|| String::from("platform"))));
    let out = tidy(&root.join(value(&manifest.out).unwrap_or_else(|| String::from("out"))));
    errors.extend(link_on_the_way(root, &out, &manifest));
    errors.extend(platform_within(&out, &platform, &manifest));
    let packages = package::read(&manifest, &Ground { root, out: &out, platform: &platform })?;
    errors.extend(packages.errors);
    let mut loaded = Loaded {
        packages: packages.read,
        completeness: packages.completeness,
        targets: manifest.targets.as_ref().map(|all| all.iter().map(|target| target.value.clone()).collect()),
        manifest: Some((manifest, Arc::from(text))),
        ..Loaded::new(root.to_owned(), name, edition, out)
    };
    loaded.errors = errors;
    let folders = loaded.packages.iter().map(|package| package.folder.clone());
    let others: Vec<PathBuf> = folders.chain([loaded.out.clone()]).collect();
    let members = members(root, &others, usage)?;
    let platform = relative(root, &platform);
    loaded.take_in(&members, |path| {
        let rest = path.strip_prefix(platform.as_str());
        if rest.is_some_and(|rest| rest.starts_with('/')) { Role::Platform } else { Role::Application }
    });
    Ok(loaded)
}

/// The output folder may not be reached through a link in the workspace, which could lead anywhere.
fn link_on_the_way(root: &Path, out: &Path, manifest: &Manifest) -> Option<ManifestError> {
    let below = out.strip_prefix(root).ok()?;
    let link = below.ancestors().map(|part| root.join(part)).find(|part| part != root && part.is_symlink())?;
    let span = manifest.out.as_ref().map_or(0..0, |out| out.span.clone());
    Some(
        wrong(code::OUT_LINK, span, format!("the output folder lies behind the link `{}`", relative(root, &link)))
            .help("name the folder itself"),
    )
}

/// The output folder would hide the platform's own sources.
fn platform_within(out: &Path, platform: &Path, manifest: &Manifest) -> Option<ManifestError> {
    let span = manifest.out.as_ref().or(manifest.platform.as_ref()).map_or(0..0, |given| given.span.clone());
    platform.starts_with(out).then(|| {
        wrong(code::OUT_FOLDER, span, "`out` cannot be this folder: the platform folder lies in it")
            .help("name a folder beside the sources, like `out` or `../delivery/out`")
    })
}

/// A file that needs nothing around it, with the output beside it.
fn single(path: &Path) -> Result<Loaded, LoadError> {
    let root = path.parent().unwrap_or(path).to_owned();
    let file = relative(&root, path);
    let name = usable_name(path.file_stem().and_then(|stem| stem.to_str()));
    let mut members = vec![Member { path: file, usage: Use::Source, link: Link::No }];
    members.extend(extras_beside(&root)?);
    let out = root.join("out");
    let mut loaded = Loaded::new(root, name, newest_edition(), out);
    loaded.take_in(&members, |_| Role::Single);
    Ok(loaded)
}

/// The hand-made objects of a single file, without a look at anything else in its folder.
fn extras_beside(root: &Path) -> Result<Vec<Member>, LoadError> {
    let folder = root.join(EXTRAS);
    if !folder.is_dir() || folder.is_symlink() {
        return Ok(Vec::new());
    }
    let mut found = members(&folder, &[root.join("out")], extra)?;
    found.iter_mut().for_each(|member| member.path = format!("{EXTRAS}/{}", member.path));
    Ok(found)
}

fn newest_edition() -> String {
    EDITIONS.last().copied().unwrap_or_default().to_owned()
}

/// A name made of the name of a file or folder.
fn usable_name(given: Option<&str>) -> String {
    let mut name = String::new();
    for letter in given.unwrap_or_default().chars() {
        match letter.to_ascii_lowercase() {
            lower @ 'a'..='z' => name.push(lower),
            digit @ '0'..='9' if !name.is_empty() => name.push(digit),
            _ if !name.is_empty() && !name.ends_with('-') => name.push('-'),
            _ => {}
        }
    }
    name.truncate(63);
    let name = name.trim_end_matches('-');
    if name.is_empty() { String::from("workspace") } else { name.to_owned() }
}

impl Loaded {
    /// A workspace without any file.
    #[must_use]
    pub fn new(root: PathBuf, name: String, edition: String, out: PathBuf) -> Self {
        Self {
            root,
            name,
            edition,
            out,
            targets: None,
            files: Vec::new(),
            packages: Vec::new(),
            completeness: Completeness::Whole,
            errors: Vec::new(),
            templates: Vec::new(),
            extras: Vec::new(),
            manifest: None,
        }
    }

    /// Reads the members, side by side, and sorts them by what they are.
    fn take_in(&mut self, members: &[Member], role: impl Fn(&str) -> Role) {
        let folder = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let sources = members.iter().filter(|member| member.usage == Use::Source);
        let homes: BTreeSet<String> = sources.map(|member| folder(&member.path)).collect();
        let texts: Vec<_> = members.par_iter().map(|member| read::text(&self.root, member)).collect();
        for (member, text) in members.iter().zip(texts) {
            let place = extra_place(member).filter(|(home, ..)| homes.contains(*home));
            if member.usage == Use::Extra && place.is_none() {
                continue;
            }
            let text = match text {
                Ok(text) => text,
                Err(error) => {
                    self.errors.push(error);
                    continue;
                }
            };
            let path = member.path.clone();
            match (member.usage, place) {
                (Use::Source, _) => self.files.push(SourceText { role: role(&path), path, text }),
                (Use::Template, _) => {
                    let below = path.split_once('/').map_or(path.as_str(), |(_, below)| below).to_owned();
                    self.templates.push((below, text));
                }
                (Use::Extra, Some((home, env, name))) => {
                    let (folder, env, name) = (home.to_owned(), env.to_owned(), name.to_owned());
                    self.extras.push(Extra { folder, env, name, path, text });
                }
                (Use::Extra, None) => {}
            }
        }
    }
}

/// The folder of the service, the environment and the file's name.
fn extra_place(member: &Member) -> Option<(&str, &str, &str)> {
    let (rest, name) = member.path.rsplit_once('/')?;
    let (rest, env) = rest.rsplit_once('/')?;
    let home = rest.strip_suffix(EXTRAS)?;
    Some((home.strip_suffix('/').unwrap_or(home), env, name))
}
