//! The objects of a YAML file, line by line, so that a part can be shown as it stands there.
//!
//! Reads no YAML: whoever built the file wrote one key per line, nested by two spaces.

use std::collections::BTreeSet;

/// How many lines are shown of what has many.
const SHOWN: usize = 14;

/// How many of them may lie below the one that matters.
const BELOW: usize = 5;

/// An object of a file.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    path: String,
    lines: Vec<String>,
    /// Its name.
    pub(crate) name: Option<String>,
}

/// The objects of a file, in order, without comments.
pub(crate) fn documents(path: &str, text: &str) -> Vec<Document> {
    let mut found: Vec<Vec<String>> = vec![Vec::new()];
    for line in text.lines() {
        if line == "---" {
            found.push(Vec::new());
        } else if let Some(last) = found.last_mut()
            && !line.trim_start().starts_with('#')
            && !line.trim().is_empty()
        {
            last.push(line.to_owned());
        }
    }
    let each = found.into_iter().filter(|lines| !lines.is_empty());
    each.map(|lines| Document::new(path, lines)).collect()
}

/// The key and the value of a line; the key without what its name is made unique by.
fn pair(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start().trim_start_matches("- ");
    let (key, value) = line.split_once(": ").or_else(|| line.strip_suffix(':').map(|key| (key, "")))?;
    let key = key.trim_matches('"');
    Some((key.rsplit_once('/').map_or(key, |(_, last)| last), value.trim().trim_matches('"')))
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

impl Document {
    fn new(path: &str, lines: Vec<String>) -> Self {
        let metadata = lines.iter().skip_while(|line| *line != "metadata:").skip(1);
        let mut metadata = metadata.take_while(|line| line.starts_with(' '));
        let name =
            metadata.find_map(|line| line.strip_prefix("  name: ")).map(|name| name.trim_matches('"').to_owned());
        Self { path: path.to_owned(), lines, name }
    }

    /// The first line whose key and value fit.
    pub(crate) fn find(&self, fits: impl Fn(&str, &str) -> bool) -> Option<usize> {
        self.lines.iter().position(|line| pair(line).is_some_and(|(key, value)| fits(key, value)))
    }

    /// The line that names a variable.
    pub(crate) fn variable(&self, name: &str) -> Option<usize> {
        self.find(|key, value| key == name || (key == "name" && value == name))
    }

    /// What it is, and the beginning of what it says.
    pub(crate) fn head(&self) -> (String, Vec<String>) {
        let start = self.lines.iter().position(|line| line == "spec:" || line == "data:");
        let kept = start.map_or(0..SHOWN, |start| start..start + SHOWN).chain(self.title());
        let (path, mut lines) = self.shown(kept.collect());
        let rest = start.map_or(0, |start| self.lines.len().saturating_sub(start + SHOWN));
        if rest > 0 {
            lines.push(String::from("# …"));
        }
        (path, lines)
    }

    /// A line with what it stands in and what stands in it.
    pub(crate) fn around(&self, at: usize) -> Option<(String, Vec<String>)> {
        let own = self.lines.get(at)?;
        let mut kept: BTreeSet<usize> = self.title().collect();
        let mut depth = indent(own);
        for (above, line) in self.lines.iter().enumerate().take(at).rev() {
            if indent(line) < depth {
                depth = indent(line);
                kept.insert(above);
            }
        }
        kept.insert(at);
        let below = self.lines.iter().enumerate().skip(at + 1).take(BELOW);
        kept.extend(below.take_while(|(_, line)| indent(line) > indent(own)).map(|(below, _)| below));
        Some(self.shown(kept))
    }

    /// The lines that say what it is.
    fn title(&self) -> impl Iterator<Item = usize> {
        let named = self.name.is_some();
        let each = self.lines.iter().enumerate().filter(move |(_, line)| {
            line.starts_with("kind: ") || (named && (*line == "metadata:" || line.starts_with("  name: ")))
        });
        // No more than one of each: deeper names are further right.
        each.map(|(at, _)| at).take(3)
    }

    fn shown(&self, kept: BTreeSet<usize>) -> (String, Vec<String>) {
        let lines = kept.into_iter().filter_map(|at| self.lines.get(at).cloned()).collect();
        (self.path.clone(), lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Generated.\nkind: A\nmetadata:\n  name: one\nspec:\n  limits:\n    cpu: 200m\n  list:\n    - name: X\n      value: \"7\"\n---\nkind: B\n";

    #[test]
    fn a_line_is_shown_with_what_it_stands_in() {
        let found = documents("a.yaml", TEXT);
        assert_eq!(found.len(), 2);
        let one = &found[0];
        assert_eq!(one.name.as_deref(), Some("one"));
        let at = one.find(|key, value| key == "cpu" && value == "200m").unwrap();
        let (path, lines) = one.around(at).unwrap();
        assert_eq!(path, "a.yaml");
        assert_eq!(lines, ["kind: A", "metadata:", "  name: one", "spec:", "  limits:", "    cpu: 200m"]);
        let (_, lines) = one.around(one.variable("X").unwrap()).unwrap();
        assert_eq!(lines[3..], ["spec:", "  list:", "    - name: X", "      value: \"7\""]);
        assert_eq!(found[1].head().1, ["kind: B"]);
        assert_eq!(found[1].variable("X"), None);
    }

    #[test]
    fn what_is_long_is_cut() {
        let many: String = (0..40).map(|at| format!("  key{at}: {at}\n")).collect();
        let found = documents("a.yaml", &format!("kind: A\nspec:\n{many}"));
        let (_, lines) = found[0].head();
        assert_eq!(lines.len(), SHOWN + 2);
        assert_eq!(lines.last().unwrap(), "# …");
    }
}
