//! The texts of a workspace by file and by path. A clone shares its memory, and a change copies little of it, however many
//! files there are.

use std::collections::BTreeMap;
use std::sync::Arc;

/// How many texts are copied when one of them changes while somebody else holds them.
const SHELF: usize = 128;

/// A path with its text.
type Text = (Arc<str>, Arc<str>);

/// All texts.
#[derive(Clone, Debug)]
pub(crate) struct Texts {
    shelves: Arc<Vec<Arc<Vec<Text>>>>,
    places: Arc<BTreeMap<Arc<str>, usize>>,
}

impl Texts {
    /// Of each file its path and text, in order.
    pub(crate) fn new(files: &[Text]) -> Self {
        // Of two files with one path the first is meant.
        let places = files.iter().enumerate().rev().map(|(at, (path, _))| (path.clone(), at)).collect();
        let shelves = files.chunks(SHELF).map(|shelf| Arc::new(shelf.to_vec())).collect();
        Self { shelves: Arc::new(shelves), places: Arc::new(places) }
    }

    /// The path and text at a place.
    pub(crate) fn get(&self, at: usize) -> Option<(&Arc<str>, &Arc<str>)> {
        let (path, text) = self.shelves.get(at / SHELF)?.get(at % SHELF)?;
        Some((path, text))
    }

    /// The place of a path.
    pub(crate) fn place(&self, path: &str) -> Option<usize> {
        self.places.get(path).copied()
    }

    /// Puts another text at a place.
    pub(crate) fn set(&mut self, at: usize, text: Arc<str>) {
        let shelf = Arc::make_mut(&mut self.shelves).get_mut(at / SHELF);
        if let Some((_, slot)) = shelf.and_then(|shelf| Arc::make_mut(shelf).get_mut(at % SHELF)) {
            *slot = text;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_leaves_a_clone_as_it_was() {
        let files: Vec<Text> = (0..300).map(|at| (format!("{at}.idp").into(), format!("{at}").into())).collect();
        let mut texts = Texts::new(&files);
        let before = texts.clone();
        let at = texts.place("200.idp").unwrap();
        texts.set(at, "new".into());
        let text = |texts: &Texts| texts.get(at).map(|(path, text)| (path.to_string(), text.to_string()));
        assert_eq!(text(&texts), Some(("200.idp".into(), "new".into())));
        assert_eq!(text(&before), Some(("200.idp".into(), "200".into())));
        assert_eq!((texts.place("x"), texts.get(300)), (None, None));
    }
}
