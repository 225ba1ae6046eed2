//! A unit's manifest: which files the last build wrote, and which objects must not be lost.
//!
//! One entry a line, so that version control merges two changes of different files by itself.

use std::fmt;

use idpc_emit::artifact::{Durable, MANIFEST, RelPath, Unit};
use idpc_emit::digest::Digest;
use serde::Deserialize;

/// The only format there is so far.
const VERSION: u32 = 1;

/// What a unit owned after the last build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) unit: Unit,
    pub(super) owner: Option<String>,
    /// Sorted by path.
    pub(super) files: Vec<Owned>,
    /// Files that were created for somebody else, sorted by path.
    pub(super) once: Vec<Given>,
    /// Sorted by id.
    pub(super) durable: Vec<Durable>,
}

/// A file that a build wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Owned {
    pub(super) path: String,
    pub(super) digest: Digest,
    pub(super) target: String,
}

/// A file that a build created and then left to others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) path: String,
    pub(super) target: String,
}

impl Manifest {
    /// Whether the unit has nothing that a manifest would have to remember.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.once.is_empty() && self.durable.is_empty()
    }

    /// The bytes on disk; equal manifests have equal bytes.
    pub(super) fn text(&self) -> String {
        let mut out = String::with_capacity(256 + 180 * self.files.len());
        out.push_str("{\n  \"version\": 1,\n  \"unit\": ");
        object(&mut out, &[("kind", Some(self.unit.kind())), ("env", self.unit.env()), ("name", self.unit.name())]);
        if let Some(owner) = &self.owner {
            out.push_str(",\n  \"owner\": ");
            string(&mut out, owner);
        }
        let mut digest = String::with_capacity(64);
        list(&mut out, "files", &self.files, |out, file| {
            digest.clear();
            file.digest.write(&mut digest);
            object(out, &[("path", Some(&file.path)), ("sha256", Some(&digest)), ("target", Some(&file.target))]);
        });
        if !self.once.is_empty() {
            list(&mut out, "once", &self.once, |out, file| {
                object(out, &[("path", Some(&file.path)), ("target", Some(&file.target))]);
            });
        }
        list(&mut out, "durable", &self.durable, |out, item| {
            object(
                out,
                &[
                    ("id", Some(&item.id)),
                    ("kind", Some(&item.kind)),
                    ("object", Some(&item.object)),
                    ("physical", Some(&item.physical)),
                    ("form", item.form.as_deref()),
                ],
            );
        });
        out.push_str("\n}\n");
        out
    }

    /// Reads a manifest from its place.
    pub(super) fn parse(path: &str, text: &str) -> Result<Self, ManifestFault> {
        let raw: Raw = serde_json::from_str(text).map_err(|error| ManifestFault::Json(error.to_string()))?;
        if raw.version != VERSION {
            return Err(ManifestFault::Version(raw.version));
        }
        let unit = raw.unit.unit().ok_or(ManifestFault::Unit)?;
        if unit.manifest_path() != path {
            return Err(ManifestFault::Elsewhere(unit));
        }
        let files = raw
            .files
            .into_iter()
            .map(|file| {
                let digest = Digest::parse(&file.sha256).ok_or_else(|| ManifestFault::Digest(file.path.clone()))?;
                Ok(Owned { path: checked(file.path)?, digest, target: file.target })
            })
            .collect::<Result<Vec<_>, ManifestFault>>()?;
        let once = raw
            .once
            .into_iter()
            .map(|file| Ok(Given { path: checked(file.path)?, target: file.target }))
            .collect::<Result<Vec<_>, ManifestFault>>()?;
        let durable = raw
            .durable
            .into_iter()
            .map(|item| Durable {
                id: item.id,
                kind: item.kind,
                object: item.object,
                physical: item.physical,
                form: item.form,
            })
            .collect();
        Ok(Self { unit, owner: raw.owner, files, once, durable })
    }
}

/// Why a manifest cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManifestFault {
    /// It is not JSON of the right shape, perhaps because of a merge conflict.
    Json(String),
    /// A newer idpc wrote it.
    Version(u32),
    /// It names no unit.
    Unit,
    /// It belongs to a unit of another place, so somebody copied the folder.
    Elsewhere(Unit),
    /// The hash of this file is not one.
    Digest(String),
    /// It names a file that no build writes.
    Path(String),
}

impl fmt::Display for ManifestFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(reason) => f.write_str(reason),
            Self::Version(version) => write!(f, "it has version {version}, and this idpc reads version {VERSION}"),
            Self::Unit => f.write_str("it names no service, resource, platform, repository or catalog"),
            Self::Elsewhere(unit) => write!(f, "it belongs to {unit}, whose place is `{}`", unit.folder()),
            Self::Digest(path) => write!(f, "the hash of `{}` is not one", path.escape_debug()),
            Self::Path(path) => write!(f, "no build writes `{}`", path.escape_debug()),
        }
    }
}

/// Whether a manifest may lie at this path.
pub(super) fn is_manifest_path(path: &str) -> bool {
    let mut parts = path.split('/');
    let depth = match parts.next() {
        Some("envs") => 2,
        Some("platform" | "repo") => 1,
        Some("catalog") => 0,
        _ => return false,
    };
    parts.by_ref().take(depth).count() == depth && parts.next() == Some(MANIFEST) && parts.next().is_none()
}

fn checked(path: String) -> Result<String, ManifestFault> {
    match RelPath::new(path) {
        Ok(path) => Ok(path.as_str().to_owned()),
        Err(bad) => Err(ManifestFault::Path(bad.path)),
    }
}

/// `, "name": [` with one item a line.
fn list<T>(out: &mut String, name: &str, items: &[T], mut write: impl FnMut(&mut String, &T)) {
    out.push_str(",\n  ");
    string(out, name);
    out.push_str(": [");
    for (index, item) in items.iter().enumerate() {
        out.push_str(if index == 0 { "\n    " } else { ",\n    " });
        write(out, item);
    }
    out.push_str(if items.is_empty() { "]" } else { "\n  ]" });
}

/// An object on one line, without the members that are not set.
fn object(out: &mut String, members: &[(&str, Option<&str>)]) {
    out.push_str("{ ");
    let set = members.iter().filter_map(|(name, value)| value.map(|value| (name, value)));
    for (index, (name, value)) in set.enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        string(out, name);
        out.push_str(": ");
        string(out, value);
    }
    out.push_str(" }");
}

/// A JSON string.
fn string(out: &mut String, text: &str) {
    let plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\';
    if text.bytes().all(plain) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&serde_json::Value::from(text).to_string());
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    version: u32,
    unit: RawUnit,
    owner: Option<String>,
    files: Vec<RawFile>,
    #[serde(default)]
    once: Vec<RawGiven>,
    durable: Vec<RawDurable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawUnit {
    kind: String,
    env: Option<String>,
    name: Option<String>,
}

impl RawUnit {
    fn unit(self) -> Option<Unit> {
        match (self.kind.as_str(), self.env, self.name) {
            ("service", Some(env), Some(name)) => Some(Unit::Service { env, name }),
            ("resource", Some(env), Some(name)) => Some(Unit::Resource { env, name }),
            ("platform", Some(env), None) => Some(Unit::Platform { env }),
            ("repository", None, Some(name)) => Some(Unit::Repository { name }),
            ("catalog", None, None) => Some(Unit::Catalog),
            _ => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    path: String,
    sha256: String,
    target: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGiven {
    path: String,
    target: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDurable {
    id: String,
    kind: String,
    object: String,
    physical: String,
    form: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Manifest {
        Manifest {
            unit: Unit::Service { env: "prod".into(), name: "checkout".into() },
            owner: Some("payments".into()),
            files: vec![Owned {
                path: "apps/prod/checkout.yaml".into(),
                digest: Digest::of(b"x"),
                target: "argocd".into(),
            }],
            once: vec![Given {
                path: "envs/prod/checkout/release/kustomization.yaml".into(),
                target: "kubernetes".into(),
            }],
            durable: vec![Durable {
                id: "checkout.needs.orders".into(),
                kind: "postgres".into(),
                object: "checkout-orders".into(),
                physical: "acme-\"checkout\"-orders".into(),
                form: Some("claims".into()),
            }],
        }
    }

    #[test]
    fn a_manifest_reads_as_one_entry_a_line() {
        let expected = r#"{
  "version": 1,
  "unit": { "kind": "service", "env": "prod", "name": "checkout" },
  "owner": "payments",
  "files": [
    { "path": "apps/prod/checkout.yaml", "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881", "target": "argocd" }
  ],
  "once": [
    { "path": "envs/prod/checkout/release/kustomization.yaml", "target": "kubernetes" }
  ],
  "durable": [
    { "id": "checkout.needs.orders", "kind": "postgres", "object": "checkout-orders", "physical": "acme-\"checkout\"-orders", "form": "claims" }
  ]
}
"#;
        assert_eq!(sample().text(), expected);
    }

    #[test]
    fn a_manifest_is_read_back() {
        let manifest = sample();
        assert_eq!(Manifest::parse("envs/prod/checkout/manifest.json", &manifest.text()), Ok(manifest));
        let bare = Manifest { unit: Unit::Catalog, owner: None, files: vec![], once: vec![], durable: vec![] };
        assert_eq!(Manifest::parse("catalog/manifest.json", &bare.text()), Ok(bare));
    }

    #[test]
    fn a_manifest_that_could_do_harm_is_refused() {
        let text = sample().text();
        let at = "envs/prod/checkout/manifest.json";
        let fault = |path: &str, text: &str| Manifest::parse(path, text).unwrap_err();
        assert!(matches!(fault("envs/dev/checkout/manifest.json", &text), ManifestFault::Elsewhere(_)));
        let outside = text.replace("apps/prod", "../prod");
        assert_eq!(fault(at, &outside), ManifestFault::Path("../prod/checkout.yaml".into()));
        let once_outside = text.replace("envs/prod/checkout/release", "/etc");
        assert_eq!(fault(at, &once_outside), ManifestFault::Path("/etc/kustomization.yaml".into()));
        assert_eq!(fault(at, &text.replace("\"version\": 1", "\"version\": 2")), ManifestFault::Version(2));
        assert_eq!(fault(at, &text.replace("\"service\"", "\"servant\"")), ManifestFault::Unit);
        assert!(matches!(fault(at, &text.replace("2d71", "2D71")), ManifestFault::Digest(_)));
        assert!(matches!(fault(at, &format!("<<<<<<< HEAD\n{text}")), ManifestFault::Json(_)));
        assert!(matches!(fault(at, &text.replace("owner", "ownr")), ManifestFault::Json(_)));
    }

    #[test]
    fn manifests_have_their_places() {
        for path in
            ["envs/a/b/manifest.json", "platform/a/manifest.json", "repo/a/manifest.json", "catalog/manifest.json"]
        {
            assert!(is_manifest_path(path), "{path}");
        }
        for path in [
            "manifest.json",
            "envs/a/manifest.json",
            "envs/a/b/app/manifest.json",
            "repo/a/b/manifest.json",
            "repo/a/manifest.yaml",
            "docs/manifest.json",
            "catalog/a/manifest.json",
        ] {
            assert!(!is_manifest_path(path), "{path}");
        }
    }
}
