//! A list in an order of its own whose entries are found by name in a time that hardly grows with the list.

use std::ops::Deref;
use std::sync::Arc;

/// Something with a name that never changes while it is in a list.
pub trait HasName {
    /// The name.
    fn name(&self) -> &str;
}

impl<T> HasName for (Arc<str>, T) {
    fn name(&self) -> &str {
        &self.0
    }
}

/// Entries in the order in which they were added. Of two with one name the first is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<T> {
    entries: Vec<T>,
    /// The places of the entries, sorted by their names.
    sorted: Vec<usize>,
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), sorted: Vec::new() }
    }
}

impl<T: HasName> Named<T> {
    /// Adds an entry at the end.
    pub fn push(&mut self, entry: T) {
        let at = self.sorted.partition_point(|at| self.name_at(*at) <= entry.name());
        self.sorted.insert(at, self.entries.len());
        self.entries.push(entry);
    }

    /// The place of an entry in the list.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<usize> {
        let at = self.sorted.partition_point(|at| self.name_at(*at) < name);
        self.sorted.get(at).copied().filter(|at| self.name_at(*at) == name)
    }

    /// An entry by its name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&T> {
        self.entries.get(self.place(name)?)
    }

    /// The entry at a place, to change all but its name.
    pub fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        self.entries.get_mut(at)
    }

    /// All entries, to change all but their names.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.entries.iter_mut()
    }

    fn name_at(&self, at: usize) -> &str {
        self.entries.get(at).map_or("", HasName::name)
    }
}

impl<T> Deref for Named<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.entries
    }
}

impl<'l, T> IntoIterator for &'l Named<T> {
    type Item = &'l T;
    type IntoIter = std::slice::Iter<'l, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}

impl<T: HasName> FromIterator<T> for Named<T> {
    fn from_iter<I: IntoIterator<Item = T>>(entries: I) -> Self {
        let entries: Vec<T> = entries.into_iter().collect();
        let mut sorted: Vec<usize> = (0..entries.len()).collect();
        // The sort is stable, so of two with one name the first comes first.
        sorted.sort_by_key(|at| entries.get(*at).map(HasName::name).unwrap_or_default());
        Self { entries, sorted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(names: &[&str]) -> Vec<(Arc<str>, usize)> {
        names.iter().enumerate().map(|(at, name)| (Arc::from(*name), at)).collect()
    }

    #[test]
    fn entries_keep_their_order_and_are_found() {
        let names = ["m", "z", "a", "b", "m", ""];
        let mut pushed = Named::default();
        list(&names).into_iter().for_each(|entry| pushed.push(entry));
        let collected: Named<_> = list(&names).into_iter().collect();
        assert_eq!(pushed, collected);
        assert_eq!(pushed.iter().map(HasName::name).collect::<Vec<_>>(), names);
        for (name, at) in [("m", 0), ("z", 1), ("a", 2), ("b", 3), ("", 5)] {
            assert_eq!(pushed.place(name), Some(at), "{name}");
            assert_eq!(pushed.named(name).map(|entry| entry.1), Some(at), "{name}");
        }
        assert_eq!(pushed.place("c"), None);
        assert_eq!(Named::<(Arc<str>, usize)>::default().place("m"), None);
    }
}
