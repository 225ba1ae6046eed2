//! What a build makes: files, the units that own them, and the objects that must not be lost.
//!
//! Plain data, handed from the targets to the writer. Nothing here touches a file.

use std::fmt;

use crate::packed::Packed;

/// A file that a build writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Where, below the output folder.
    pub path: RelPath,
    /// All of its text.
    pub text: Packed,
    /// The target that wrote it.
    pub target: String,
    /// The declaration it comes from, as people name it: `services/checkout/service.idp (service checkout)`.
    pub source: String,
    /// Who owns the file.
    pub unit: Unit,
    /// Whether it is generated again with each build.
    pub life: Life,
}

/// How long a file stays generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Life {
    /// Every build writes it anew.
    Generated,
    /// Written if absent; from then on owned by others, never read nor overwritten.
    Once,
}

/// Owns files through one manifest.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// A service in one environment.
    Service {
        /// The environment's name.
        env: String,
        /// The service's name.
        name: String,
    },
    /// A shared resource in one environment.
    Resource {
        /// The environment's name.
        env: String,
        /// The resource's name.
        name: String,
    },
    /// What all services of an environment share.
    Platform {
        /// The environment's name.
        env: String,
    },
    /// Files for a code repository.
    Repository {
        /// The repository's name.
        name: String,
    },
    /// The catalog of the whole workspace.
    Catalog,
}

impl Unit {
    /// The folder that the unit has to itself, below the output folder.
    #[must_use]
    pub fn folder(&self) -> String {
        match self {
            Self::Service { env, name } | Self::Resource { env, name } => {
                format!("envs/{env}/{name}")
            }
            Self::Platform { env } => format!("platform/{env}"),
            Self::Repository { name } => format!("repo/{name}"),
            Self::Catalog => String::from("catalog"),
        }
    }

    /// Where the unit's manifest lies, below the output folder.
    #[must_use]
    pub fn manifest_path(&self) -> String {
        format!("{}/{MANIFEST}", self.folder())
    }

    /// The environment it belongs to, if it belongs to one.
    #[must_use]
    pub fn env(&self) -> Option<&str> {
        match self {
            Self::Service { env, .. } | Self::Resource { env, .. } | Self::Platform { env } => Some(env),
            Self::Repository { .. } | Self::Catalog => None,
        }
    }

    /// The name of its service, resource or repository.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Service { name, .. } | Self::Resource { name, .. } | Self::Repository { name } => Some(name),
            Self::Platform { .. } | Self::Catalog => None,
        }
    }

    /// The word for what it is.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Service { .. } => "service",
            Self::Resource { .. } => "resource",
            Self::Platform { .. } => "platform",
            Self::Repository { .. } => "repository",
            Self::Catalog => "catalog",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())?;
        if let Some(name) = self.name() {
            write!(f, " {name}")?;
        }
        self.env().map_or(Ok(()), |env| write!(f, " in {env}"))
    }
}

/// The file name of every manifest.
pub const MANIFEST: &str = "manifest.json";

/// A unit of this build, with files or without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitInfo {
    /// Which unit.
    pub unit: Unit,
    /// The team that owns it.
    pub owner: Option<String>,
    /// Its objects whose loss is a loss of data; all of them, whatever targets are built.
    pub durables: Vec<Durable>,
}

/// An object whose loss is a loss of data.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Durable {
    /// What the source calls it: `checkout.needs.orders`; a shared resource by its own name.
    pub id: String,
    /// Its kind: `postgres`.
    pub kind: String,
    /// The claim's name.
    pub object: String,
    /// The name that the cloud knows it by.
    pub physical: String,
    /// The form of the API that asks the cloud for it: `claims`. Unknown where an older build did not say.
    pub form: Option<String>,
}

/// A `moved` or `removed` line: leave to let something go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permit {
    /// The one environment it speaks of; `None` for all.
    pub env: Option<String>,
    /// What goes, and all below it: `checkout.needs.db`, or `checkout` for a whole service or resource.
    pub id: String,
    /// What becomes of it.
    pub kind: PermitKind,
}

/// What a [`Permit`] allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PermitKind {
    /// It has another name now; the physical object stays the same.
    Moved {
        /// Its new name, of the same form as the old one.
        to: String,
    },
    /// It is gone.
    Removed,
}

/// All that a build makes.
#[derive(Clone, Debug, Default)]
pub struct Build<'a> {
    /// The files, in any order.
    pub artifacts: Vec<&'a Artifact>,
    /// Every unit of the workspace that the build's scope selects, in any order.
    pub units: Vec<UnitInfo>,
    /// The `moved` and `removed` lines of the workspace.
    pub permits: Vec<Permit>,
    /// How many services the whole workspace declares, whatever the scope.
    pub services: usize,
}

/// A path below the output folder that is safe to write on every system.
///
/// Components are `/`-separated and made of ASCII letters, digits, `.`, `_` and `-`, so no name of a user can step out
/// of the folder, name a device or differ from another one only in its Unicode form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RelPath(String);

/// A path that [`RelPath`] refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadPath {
    /// The path as given.
    pub path: String,
    /// Why it is refused.
    pub reason: &'static str,
}

impl fmt::Display for BadPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` cannot be a path of the output: {}", self.path.escape_debug(), self.reason)
    }
}

impl RelPath {
    /// Accepts a path that follows the grammar.
    ///
    /// # Errors
    ///
    /// Says which rule the path breaks.
    pub fn new(path: impl Into<String>) -> Result<Self, BadPath> {
        let path = path.into();
        let broken = if path.len() > 1024 {
            Some("it is longer than 1024 bytes")
        } else {
            path.split('/').find_map(component_error)
        };
        match broken {
            Some(reason) => Err(BadPath { path, reason }),
            None => Ok(Self(path)),
        }
    }

    /// The path as text, with `/` between its components.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder, empty at the top, and the file's name.
    #[must_use]
    pub fn split(&self) -> (&str, &str) {
        self.0.rsplit_once('/').unwrap_or(("", &self.0))
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a component is refused, if it is.
fn component_error(component: &str) -> Option<&'static str> {
    let bytes = component.as_bytes();
    let named = bytes.strip_prefix(b".").unwrap_or(bytes);
    if component.is_empty() {
        Some("a component is empty")
    } else if bytes.len() > 100 {
        Some("a component is longer than 100 bytes")
    } else if !bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(byte)) {
        Some("a component holds something else than ASCII letters, digits, `.`, `_` and `-`")
    } else if !named.first().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
        Some("a component begins with neither a letter nor a digit")
    } else if bytes.ends_with(b".") {
        Some("a component ends with `.`")
    } else if component.eq_ignore_ascii_case(".git") || component.starts_with(".idpc-") {
        Some("a component has a reserved name")
    } else if is_device(component) {
        Some("a component is the name of a device on Windows")
    } else {
        None
    }
}

/// Whether Windows opens a device under this name, whatever follows its first dot.
fn is_device(component: &str) -> bool {
    let stem = component.split('.').next().unwrap_or(component).to_ascii_lowercase();
    let numbered =
        |prefix: &str| stem.strip_prefix(prefix).is_some_and(|rest| matches!(rest.as_bytes(), [b'1'..=b'9']));
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paths_of_the_layout_are_accepted() {
        for path in [
            "bootstrap/prod.yaml",
            "envs/prod/checkout/app/workload.yaml",
            "repo/checkout/.github/workflows/checkout.yml",
            "repo/checkout/CODEOWNERS",
            "rules/dev/a_b.rules.yaml",
            "envs/dev/console/infra/claims.yaml",
        ] {
            assert_eq!(RelPath::new(path).unwrap().as_str(), path);
        }
    }

    #[test]
    fn paths_that_could_do_harm_are_refused() {
        let long = "a".repeat(101);
        let deep = "a/".repeat(600);
        for path in [
            "",
            "/",
            "/etc/passwd",
            "a//b",
            "a/",
            ".",
            "..",
            "a/../b",
            "../a",
            "a/.",
            "a\\b",
            "c:/a",
            "a/b.",
            "a/ b",
            "a/b ",
            "-a",
            ".-a",
            "...",
            "a\0b",
            "a\nb",
            "ä",
            "con",
            "a/AUX.yaml",
            "lpt1",
            "Com9.txt",
            ".git/config",
            "a/.GIT",
            ".idpc-tmp-x",
            "~/x",
            "a/$x",
            &long,
            &deep,
        ] {
            assert!(RelPath::new(path).is_err(), "{path:?}");
        }
    }

    #[test]
    fn limits_hold_one_below_and_fail_one_above() {
        assert!(RelPath::new("a".repeat(100)).is_ok());
        assert!(RelPath::new("a".repeat(101)).is_err());
        let path = format!("{}{}", "aaa/".repeat(255), "aaaa");
        assert_eq!(path.len(), 1024);
        assert!(RelPath::new(path.clone()).is_ok());
        assert!(RelPath::new(format!("{path}a")).is_err());
    }

    #[test]
    fn units_know_their_place_and_their_name() {
        let unit = Unit::Service { env: "prod".into(), name: "checkout".into() };
        assert_eq!(unit.manifest_path(), "envs/prod/checkout/manifest.json");
        assert_eq!(unit.to_string(), "service checkout in prod");
        assert_eq!(Unit::Platform { env: "dev".into() }.to_string(), "platform in dev");
        assert_eq!(Unit::Catalog.manifest_path(), "catalog/manifest.json");
        assert_eq!(Unit::Repository { name: "shop".into() }.folder(), "repo/shop");
    }
}
