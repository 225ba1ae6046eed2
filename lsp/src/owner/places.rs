//! Which workspace a text belongs to.

use std::path::{Path, PathBuf};

use idpc_driver::workspace::{Found, find};

use super::Owner;
use super::space::Space;
use crate::view::EMBEDDED;

impl Owner {
    /// Finds the workspace of an open file, and gives it the editor's text.
    pub(super) fn place(&mut self, uri: &str, path: &Path) {
        if path.extension().is_none_or(|extension| extension != "idp") {
            return;
        }
        // A package is judged in the workspace that uses it, as long as it is no workspace itself.
        let user = self.spaces.iter().find(|(_, space)| space.has_package_at(path)).map(|(key, _)| key.clone());
        let found = find(path).or_else(|_| find(path.parent().unwrap_or(path)));
        let key = match (found, user) {
            (Ok(Found::File { .. }) | Err(_), Some(user)) => user,
            (Ok(found), _) => self.space(found),
            (Err(_), None) => return,
        };
        let Some(space) = self.spaces.get_mut(&key) else {
            return;
        };
        // Another editor, or a moment ago this one, may have made the file.
        if !matches!(space.has(path, &self.documents), Ok(true)) {
            space.outdate();
        }
        match space.has(path, &self.documents) {
            Ok(true) => {
                if let Some(open) = self.documents.get_mut(uri) {
                    space.edit(path, open.lines.text());
                    open.space = Some(key);
                }
            }
            Ok(false) => {}
            Err(error) => self.log(error.to_string()),
        }
    }

    /// Files that had no workspace may have one now.
    pub(super) fn place_strays(&mut self) {
        let strays: Vec<(String, PathBuf)> = self
            .documents
            .all()
            .filter(|open| open.space.is_none())
            .filter_map(|open| Some((open.document.uri.clone(), open.document.path.clone()?)))
            .collect();
        for (uri, path) in strays {
            self.place(&uri, &path);
        }
    }

    pub(super) fn space(&mut self, found: Found) -> PathBuf {
        let found = match found {
            Found::Workspace { root, .. } => Found::Workspace { root, focus: String::new() },
            Found::File { path } => Found::File { path },
        };
        let key = Space::key(&found).to_owned();
        self.spaces.entry(key.clone()).or_insert_with(|| Space::new(found));
        key
    }

    /// The workspace of a text, open or not.
    pub(super) fn space_of(&self, uri: &str) -> Option<PathBuf> {
        if let Some(open) = self.documents.get(uri) {
            if open.space.is_some() {
                return open.space.clone();
            }
        } else if let Some(path) = crate::wire::path_of(uri) {
            let around =
                |(_, space): &(&PathBuf, &Space)| path.starts_with(space.root()) || space.has_package_at(&path);
            let found = self.spaces.iter().filter(around).max_by_key(|(_, space)| space.root().as_os_str().len());
            return found.map(|(key, _)| key.clone());
        }
        // The library is the same in all of them.
        uri.starts_with(EMBEDDED).then(|| self.spaces.keys().next().cloned()).flatten()
    }
}
