//! `idp.lock`: what the vendored packages contained when they were recorded.
//!
//! A build reads it and never writes it; `idpc vendor` does.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use idpc_emit::digest::Digest;
use toml::de::{DeTable, DeValue};

use crate::code;

use super::error::{LoadError, ManifestError};
use super::package::own_output;
use super::walk::{Link, Member, Use, members};

/// The name of the lock file, beside `idp.toml`.
pub const LOCK: &str = "idp.lock";

/// The form of the lock file that this compiler reads and writes.
const VERSION: &str = "1";

/// What stands before the digits of a hash.
const SCHEME: &str = "sha256:";

/// The hash of each vendored package, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock(pub BTreeMap<String, String>);

impl Lock {
    /// Reads the lock file of a workspace; one that is not there records nothing.
    pub(super) fn read(root: &Path) -> Result<Self, ManifestError> {
        match fs::read_to_string(root.join(LOCK)) {
            Ok(text) => Self::parse(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(bad(format!("`{LOCK}` cannot be read: {error}"))),
        }
    }

    fn parse(text: &str) -> Result<Self, ManifestError> {
        let document = DeTable::parse(text).map_err(|error| bad(format!("`{LOCK}` is broken: {}", error.message())))?;
        let mut lock = Self::default();
        let mut version = None;
        for (key, value) in document.get_ref() {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("version", DeValue::Integer(number)) => version = Some(number.as_str()),
                ("packages", DeValue::Table(packages)) => {
                    for (name, hash) in packages {
                        let hash = hash.get_ref().as_str().filter(|hash| is_hash(hash));
                        let hash = hash.ok_or_else(|| bad(format!("`{LOCK}` has no hash for `{}`", name.get_ref())))?;
                        lock.0.insert(name.get_ref().to_string(), hash.to_owned());
                    }
                }
                (other, _) => return Err(bad(format!("`{LOCK}` has no part `{other}`"))),
            }
        }
        match version {
            Some(VERSION) => Ok(lock),
            Some(other) => Err(bad(format!("`{LOCK}` has the form {other}, and this idpc reads {VERSION}"))),
            None => Err(bad(format!("`{LOCK}` does not say its `version`"))),
        }
    }

    /// The text of the lock file.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!(
            "# Written by `idpc vendor`. A build reads vendored packages only as recorded here.\n\
             version = {VERSION}\n\n[packages]\n"
        );
        for (name, hash) in &self.0 {
            text.push_str(&format!("{name} = \"{hash}\"\n"));
        }
        text
    }
}

fn bad(message: String) -> ManifestError {
    ManifestError::new(code::BAD_LOCK, LOCK, 0..0, message)
        .help("restore it from version control, or look at the packages and write it anew with `idpc vendor`")
}

fn is_hash(text: &str) -> bool {
    let digits = text.strip_prefix(SCHEME).unwrap_or_default();
    digits.len() == 64 && digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

/// The files of a package that a copy holds: all that are neither hidden, nor ignored, nor its own output, nor those of
/// a workspace in it.
pub(super) fn contents(folder: &Path) -> Result<Vec<Member>, LoadError> {
    let out: Vec<PathBuf> = own_output(folder)?.into_iter().collect();
    members(folder, &out, |_| Some(Use::Source))
}

/// The hash of a package: of one line for each of its files, `HASH  PATH`, sorted by path, as `sha256sum` prints it.
pub(super) fn hash(folder: &Path) -> Result<String, LoadError> {
    let mut lines = String::new();
    for member in contents(folder)? {
        let path = folder.join(&member.path);
        let failed = |error| LoadError::Io(path.clone(), error);
        // Where a link leads is a part of the package, what lies there is not.
        let bytes = match member.link {
            Link::No => fs::read(&path).map_err(failed)?,
            Link::Yes => fs::read_link(&path).map_err(failed)?.to_string_lossy().into_owned().into_bytes(),
        };
        lines.push_str(&format!("{}  {}\n", Digest::of(&bytes), member.path));
    }
    Ok(format!("{SCHEME}{}", Digest::of(lines.as_bytes())))
}
