//! The texts that are open in the editor.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use idpc_ide::lines::{Encoding, Lines};

use crate::message::{Change, Document, File};

/// One open text.
#[derive(Clone, Debug)]
pub(crate) struct Open {
    pub(crate) document: Document,
    pub(crate) version: i32,
    pub(crate) lines: Lines,
    /// The space that the text belongs to, by its key; `None` outside of all.
    pub(crate) space: Option<PathBuf>,
}

/// All open texts, by the client's name for them. A clone is what they are at a moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Documents(Arc<BTreeMap<String, Arc<Open>>>);

impl Documents {
    pub(crate) fn open(&mut self, document: Document, version: i32, text: String) {
        let open = Open { version, lines: Lines::new(text), space: None, document };
        Arc::make_mut(&mut self.0).insert(open.document.uri.clone(), Arc::new(open));
    }

    pub(crate) fn close(&mut self, uri: &str) -> Option<Arc<Open>> {
        Arc::make_mut(&mut self.0).remove(uri)
    }

    pub(crate) fn get(&self, uri: &str) -> Option<&Open> {
        self.0.get(uri).map(|open| &**open)
    }

    pub(crate) fn get_mut(&mut self, uri: &str) -> Option<&mut Open> {
        Arc::make_mut(&mut self.0).get_mut(uri).map(Arc::make_mut)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Open> {
        self.0.values().map(|open| &**open)
    }

    /// The open text of a file.
    pub(crate) fn at(&self, path: &Path) -> Option<&Open> {
        self.all().find(|open| open.document.path.as_deref() == Some(path))
    }

    /// How the client knows a file.
    pub(crate) fn file(&self, path: &Path) -> File {
        self.at(path).map_or_else(|| File::Path(path.to_owned()), |open| File::Uri(open.document.uri.clone()))
    }
}

impl Open {
    /// Applies changes, one after the other: each sees the text that the one before it left.
    pub(crate) fn change(&mut self, version: i32, changes: Vec<Change>, encoding: Encoding) {
        for change in changes {
            let text = match change.range {
                None => change.text,
                Some(range) => {
                    let mut text = self.lines.text().to_string();
                    text.replace_range(self.lines.bytes(range, encoding), &change.text);
                    text
                }
            };
            self.lines = Lines::new(text);
        }
        self.version = version;
    }
}

#[cfg(test)]
mod tests {
    use idpc_ide::lines::{Position, Range};

    use super::*;

    fn opened(text: &str) -> Documents {
        let mut documents = Documents::default();
        documents.open(Document { uri: "u".into(), path: Some("/w/a.idp".into()) }, 1, text.into());
        documents
    }

    fn change(start: (u32, u32), end: (u32, u32), text: &str) -> Change {
        let at = |(line, column)| Position { line, column };
        Change { range: Some(Range { start: at(start), end: at(end) }), text: text.into() }
    }

    #[test]
    fn each_change_sees_the_one_before_it() {
        let mut documents = opened("a🌏b\nc\n");
        let open = documents.get_mut("u").unwrap();
        open.change(2, vec![change((0, 1), (0, 3), "x"), change((0, 2), (1, 0), "")], Encoding::Utf16);
        assert_eq!((&**open.lines.text(), open.version), ("axc\n", 2));
        open.change(3, vec![Change { range: None, text: "new".into() }, change((0, 3), (9, 9), "er")], Encoding::Utf16);
        assert_eq!(&**open.lines.text(), "newer");
    }

    #[test]
    fn a_change_that_fits_nowhere_is_clamped() {
        let mut documents = opened("a🌏\n");
        let open = documents.get_mut("u").unwrap();
        open.change(2, vec![change((0, 2), (0, 0), "!")], Encoding::Utf16);
        assert_eq!(&**open.lines.text(), "a!🌏\n", "inside of a surrogate pair, and backwards");
        open.change(3, vec![change((7, 7), (8, 8), "?")], Encoding::Utf8);
        assert_eq!(&**open.lines.text(), "a!🌏\n?");
    }

    #[test]
    fn an_open_file_keeps_the_name_that_the_client_gave_it() {
        let documents = opened("");
        assert_eq!(documents.file(Path::new("/w/a.idp")), File::Uri("u".into()));
        assert_eq!(documents.file(Path::new("/w/b.idp")), File::Path("/w/b.idp".into()));
    }
}
