//! What a build is about to write, kept on disk while it writes.
//!
//! A build that dies leaves files that no manifest knows yet. Its journal tells the next build that they are ours and
//! not somebody's edits.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use idpc_emit::digest::Digest;

use super::tree::LEFTOVER;

/// The journal's name, below the output folder.
pub(super) fn file_name() -> String {
    format!("{LEFTOVER}journal")
}

/// What builds that did not end were about to write.
#[derive(Debug, Default)]
pub(super) struct Journal(BTreeMap<String, Vec<Entry>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    step: Step,
    digest: Digest,
    size: usize,
}

/// How a file comes to its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Written there, so that it can be cut short.
    Create,
    /// Renamed there, so that it is whole.
    Replace,
}

impl Step {
    fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Replace => "replace",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Create, Self::Replace].into_iter().find(|step| step.word() == word)
    }
}

impl Journal {
    /// Reads the journal of the last build, empty if that build ended.
    pub(super) fn read(top: &Path) -> io::Result<Self> {
        match fs::read_to_string(top.join(file_name())) {
            Ok(text) => Ok(Self::parse(&text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// Reads the lines that are whole. It is renamed into place, so there should be no other.
    fn parse(text: &str) -> Self {
        let mut journal = Self::default();
        for line in text.lines() {
            let mut fields = line.splitn(4, ' ');
            let mut field = || fields.next().unwrap_or_default();
            if let (Some(step), Some(digest), Ok(size)) =
                (Step::parse(field()), Digest::parse(field()), field().parse())
            {
                journal.add(field(), step, digest, size);
            }
        }
        journal
    }

    /// Remembers that this content will be written here.
    pub(super) fn add(&mut self, path: &str, step: Step, digest: Digest, size: usize) {
        let entry = Entry { step, digest, size };
        let entries = self.0.entry(path.to_owned()).or_default();
        if !entries.contains(&entry) {
            entries.push(entry);
        }
    }

    /// Every path that such a build was about to write.
    pub(super) fn paths(&self) -> impl Iterator<Item = &String> {
        self.0.keys()
    }

    /// The journal as text.
    pub(super) fn text(&self) -> String {
        let mut out = String::with_capacity(140 * self.0.len());
        for (path, entries) in &self.0 {
            for entry in entries {
                out.push_str(entry.step.word());
                out.push(' ');
                entry.digest.write(&mut out);
                out.push(' ');
                out.push_str(&entry.size.to_string());
                out.push(' ');
                out.push_str(path);
                out.push('\n');
            }
        }
        out
    }

    /// Whether a build that died wrote this content here, whole or cut short.
    pub(super) fn wrote(&self, path: &str, content: &[u8]) -> bool {
        let Some(entries) = self.0.get(path) else {
            return false;
        };
        let torn = |entry: &Entry| entry.step == Step::Create && content.len() < entry.size;
        entries.iter().any(|entry| torn(entry) || entry.digest == Digest::of(content))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_and_torn_files_are_recognized_and_others_are_not() {
        let mut journal = Journal::default();
        journal.add("a/b.yaml", Step::Create, Digest::of(b"hello"), 5);
        journal.add("a/b.yaml", Step::Create, Digest::of(b"hello"), 5);
        journal.add("a/r.yaml", Step::Replace, Digest::of(b"hello"), 5);
        let journal = Journal::parse(&journal.text());
        assert_eq!(journal.text().lines().count(), 2);
        assert!(journal.wrote("a/b.yaml", b"hello"));
        assert!(journal.wrote("a/b.yaml", b"hel"));
        assert!(!journal.wrote("a/b.yaml", b"jello"));
        assert!(!journal.wrote("a/c.yaml", b"hello"));
        assert!(journal.wrote("a/r.yaml", b"hello"));
        assert!(!journal.wrote("a/r.yaml", b"hel"), "a renamed file is never torn");
    }

    #[test]
    fn a_line_cut_short_is_left_out() {
        let mut journal = Journal::default();
        journal.add("a", Step::Create, Digest::of(b"1"), 1);
        let text = journal.text();
        assert_eq!(Journal::parse(&format!("{text}{}", &text[..20])).text(), text);
    }
}
