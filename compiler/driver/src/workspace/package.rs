//! Platform packages: folders whose files may declare everything, and whose templates lie over the embedded ones.
//!
//! Says whether a folder can be a package, reads it, and holds a vendored one against `idp.lock`. Never writes.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use idpc_model::source::{Role, package_path};
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::code;

use super::error::{LoadError, ManifestError};
use super::lock::{LOCK, Lock, hash};
use super::manifest::{Dependency, Manifest, Origin, bad_package_name};
use super::table::{MANIFEST, wrong};
use super::walk::{Use, members, usage};
use super::{SourceText, read, relative, tidy};

/// A platform package with the text of all its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name in `idp.toml`.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// Its sources, sorted by path; a path begins with the package's name: `base:/kinds/table.idp`.
    pub files: Vec<SourceText>,
    /// The files of targets that it overrides or adds, as `argocd/service.hbs`, sorted by path.
    pub templates: Vec<(String, Arc<str>)>,
}

/// The folders that a package may not touch.
pub(super) struct Ground<'a> {
    /// The workspace's folder.
    pub root: &'a Path,
    /// The output folder.
    pub out: &'a Path,
    /// The platform folder.
    pub platform: &'a Path,
}

/// What came of `[dependencies]`.
#[derive(Default)]
pub(super) struct Packages {
    /// The packages that can be read, in their order.
    pub read: Vec<Package>,
    /// Whether all of them are there.
    pub completeness: Completeness,
    /// What is wrong with them.
    pub errors: Vec<ManifestError>,
}

/// Whether everything that a workspace builds on was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Completeness {
    /// All of it.
    #[default]
    Whole,
    /// A package is missing: a name that nothing declares may be one of its.
    Partial,
}

/// Reads the packages of a manifest.
pub(super) fn read(manifest: &Manifest, ground: &Ground<'_>) -> Result<Packages, LoadError> {
    let mut found = Packages::default();
    for dependency in &manifest.dependencies {
        let folder = tidy(&ground.root.join(dependency.folder()));
        if bad_package_name(&dependency.name.value).is_some() {
            // Said of the manifest already; its files have no name to go by.
            found.completeness = Completeness::Partial;
            continue;
        }
        if let Some(error) = refused(dependency, &folder, ground, &found.read) {
            found.errors.push(error);
            found.completeness = Completeness::Partial;
            continue;
        }
        found.errors.extend(not_alone(dependency, &folder)?);
        let package = package(dependency, folder, &mut found.errors)?;
        found.read.push(package);
    }
    found.errors.extend(unlocked(manifest, ground.root, &found.read)?);
    Ok(found)
}

/// Why a folder cannot be a package.
fn refused(dependency: &Dependency, folder: &Path, ground: &Ground<'_>, before: &[Package]) -> Option<ManifestError> {
    let name = &dependency.name.value;
    let at = || dependency.span.clone();
    let place = |why: String, help: &str| Some(wrong(code::PACKAGE_PLACE, at(), why).help(help));
    let shown = dependency.folder();
    if Path::new(&shown).is_absolute() {
        let why = format!("the package `{name}` has an absolute path, which holds on one machine only");
        return place(why, "write it relative to the folder of `idp.toml`");
    }
    if let Some(link) = link_on_the_way(ground.root, &shown) {
        let why = format!("the package `{name}` lies behind the link `{}`", relative(ground.root, &link));
        return place(why, "name the folder itself");
    }
    if !folder.is_dir() {
        return Some(missing(dependency, &shown));
    }
    if ground.root.starts_with(folder) {
        let why = format!("the package `{name}` would hold this workspace itself");
        return place(why, "name a folder that holds the package alone");
    }
    if folder.starts_with(ground.out) || ground.out.starts_with(folder) {
        let why = format!("the package `{name}` and the output folder lie in each other");
        return place(why, "a build would change the package; move one of the two");
    }
    if ground.platform.starts_with(folder) {
        let why = format!("the package `{name}` would hold the platform folder of this workspace");
        return place(why, "name a folder beside it");
    }
    let other = before.iter().find(|other| folder.starts_with(&other.folder) || other.folder.starts_with(folder))?;
    place(format!("the packages `{}` and `{name}` lie in each other", other.name), "each needs a folder of its own")
}

fn missing(dependency: &Dependency, shown: &str) -> ManifestError {
    let name = &dependency.name.value;
    let help = match dependency.origin {
        Origin::Path(_) => String::from("the path is relative to the folder of `idp.toml`"),
        Origin::Vendored => format!("copy it there with `idpc vendor {name} --from FOLDER`"),
    };
    let message = format!("there is no folder `{shown}` for the package `{name}`");
    wrong(code::PACKAGE_FOLDER, dependency.span.clone(), message).help(help)
}

/// The first link among the folders that a path names one after the other.
fn link_on_the_way(root: &Path, path: &str) -> Option<PathBuf> {
    let mut at = root.to_owned();
    for part in Path::new(path).components() {
        at = match part {
            Component::Normal(name) => at.join(name),
            Component::ParentDir => at.parent()?.to_owned(),
            _ => continue,
        };
        if matches!(part, Component::Normal(_)) && at.is_symlink() {
            return Some(at);
        }
    }
    None
}

/// The output folder of a package that is also a workspace, which is no part of the package.
pub(super) fn own_output(folder: &Path) -> Result<Option<PathBuf>, LoadError> {
    let Some(text) = own_manifest(folder)? else { return Ok(None) };
    let out = Manifest::parse(&text).0.out.map_or_else(|| String::from("out"), |out| out.value);
    Ok(Some(tidy(&folder.join(out))))
}

fn own_manifest(folder: &Path) -> Result<Option<String>, LoadError> {
    let path = folder.join(MANIFEST);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(LoadError::Io(path, error)),
    }
}

/// What is wrong with the manifest of a package that is also a workspace.
fn not_alone(dependency: &Dependency, folder: &Path) -> Result<Vec<ManifestError>, LoadError> {
    let Some(text) = own_manifest(folder)? else { return Ok(Vec::new()) };
    let (manifest, problems) = Manifest::parse(&text);
    let name = &dependency.name.value;
    let broken = problems.into_iter().find(|problem| problem.code == code::TOML);
    let broken = broken.map(|problem| ManifestError { file: package_path(name, MANIFEST), ..problem });
    let needs = manifest.dependencies.first().map(|other| {
        let other = &other.name.value;
        let message = format!("the package `{name}` builds on the package `{other}`");
        wrong(code::PACKAGE_NEEDS, dependency.name.span.clone(), message)
            .help(format!("list `{other}` here, before `{name}`, and take it out of the `{MANIFEST}` of `{name}`"))
    });
    Ok(broken.into_iter().chain(needs).collect())
}

/// Reads the files of a package, side by side.
fn package(dependency: &Dependency, folder: PathBuf, errors: &mut Vec<ManifestError>) -> Result<Package, LoadError> {
    let name = dependency.name.value.clone();
    let out: Vec<PathBuf> = own_output(&folder)?.into_iter().collect();
    let members = members(&folder, &out, |parts| usage(parts).filter(|usage| *usage != Use::Extra))?;
    let texts: Vec<_> = members.par_iter().map(|member| read::text(&folder, member)).collect();
    let mut package = Package { name, folder, files: Vec::new(), templates: Vec::new() };
    for (member, text) in members.into_iter().zip(texts) {
        let path = package_path(&package.name, &member.path);
        match (text, member.usage) {
            (Err(error), _) => errors.push(ManifestError { file: path, ..error }),
            (Ok(text), Use::Template) => {
                let below = member.path.split_once('/').map_or(member.path.as_str(), |(_, below)| below);
                package.templates.push((below.to_owned(), text));
            }
            (Ok(text), _) => package.files.push(SourceText { path, text, role: Role::Package }),
        }
    }
    Ok(package)
}

/// What differs between the vendored packages and what the lock file records.
fn unlocked(manifest: &Manifest, root: &Path, read: &[Package]) -> Result<Vec<ManifestError>, LoadError> {
    let vendored: BTreeMap<&str, Range<usize>> = manifest
        .dependencies
        .iter()
        .filter(|dependency| dependency.origin == Origin::Vendored)
        .map(|dependency| (dependency.name.value.as_str(), dependency.span.clone()))
        .collect();
    let lock = match Lock::read(root) {
        Ok(lock) => lock,
        Err(error) => return Ok(vec![error]),
    };
    let mut errors = Vec::new();
    for package in read {
        let Some(span) = vendored.get(package.name.as_str()) else { continue };
        let name = &package.name;
        let message = match lock.0.get(name) {
            Some(recorded) if *recorded == hash(&package.folder)? => continue,
            Some(_) => format!("the vendored package `{name}` is not what `{LOCK}` records"),
            None => format!("`{LOCK}` does not record the vendored package `{name}`"),
        };
        errors.push(
            wrong(code::NOT_AS_LOCKED, span.clone(), message)
                .help(format!("look at `{}`, then record it with `idpc vendor`", relative(root, &package.folder))),
        );
    }
    for name in lock.0.keys().filter(|name| !vendored.contains_key(name.as_str())) {
        let message = format!("`{LOCK}` records `{name}`, which `[dependencies]` does not vendor");
        errors.push(
            ManifestError::new(code::NOT_AS_LOCKED, LOCK, 0..0, message).help("write it anew with `idpc vendor`"),
        );
    }
    Ok(errors)
}
