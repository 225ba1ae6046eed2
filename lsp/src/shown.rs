//! The colors that a client was sent last, so that it can be sent what changed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// One word in the protocol's numbers.
pub(crate) type Word = [u32; 5];

/// By text: a short name for the words, and the words.
type Sent = BTreeMap<String, (String, Vec<Word>)>;

/// What each text's client was sent last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shown(Arc<Mutex<Sent>>);

/// What changed: from which word, how many go, and what comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Delta {
    pub(crate) start: usize,
    pub(crate) gone: usize,
    pub(crate) come: Vec<Word>,
}

impl Shown {
    /// Remembers what is sent.
    pub(crate) fn keep(&self, uri: &str, id: &str, words: Vec<Word>) {
        let mut sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sent.insert(uri.to_owned(), (id.to_owned(), words));
    }

    /// Forgets a text.
    pub(crate) fn forget(&self, uri: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(uri);
    }

    /// What changed since a text's words had a name; `None` if they are not known any more.
    pub(crate) fn since(&self, uri: &str, id: &str, words: &[Word]) -> Option<Option<Delta>> {
        let sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, old) = sent.get(uri)?;
        (known == id).then(|| difference(old, words))
    }
}

fn difference(old: &[Word], new: &[Word]) -> Option<Delta> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let most = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let gone = old.len() - start - end;
    let come = new.get(start..new.len() - end).unwrap_or_default().to_vec();
    (gone > 0 || !come.is_empty()).then_some(Delta { start, gone, come })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Word> {
        text.chars().map(|letter| [u32::from(letter); 5]).collect()
    }

    #[test]
    fn what_changed_makes_the_new_of_the_old() {
        for (old, new) in [("abc", "axc"), ("abc", "abc"), ("", "a"), ("aa", "aaa"), ("aaa", "a"), ("abc", "")] {
            let (before, after) = (words(old), words(new));
            let mut made = before.clone();
            if let Some(delta) = difference(&before, &after) {
                made.splice(delta.start..delta.start + delta.gone, delta.come);
            }
            assert_eq!(made, after, "{old} -> {new}");
        }
    }
}
