//! Whether a text holds another, compared as trees of indented lines: what YAML looks like, and any list of lines.
//!
//! Every line that is wanted has to stand below the same parents; lines between them are free. Elements of a list keep
//! their order, keys of a map need not.

/// A line with the lines that are indented below it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Node<'t> {
    text: &'t str,
    below: Vec<Node<'t>>,
}

/// How a list's element begins; what follows on its line stands below it.
const ELEMENT: &str = "-";

/// The first wanted line that is not there, with the lines that lead to it; nothing if all of them are. Each document
/// of a stream is looked for by itself.
pub fn missing(wanted: &str, actual: &str) -> Option<String> {
    let documents: Vec<Vec<Node<'_>>> = documents(actual).iter().map(|document| tree(document)).collect();
    for document in self::documents(wanted) {
        let nodes = tree(&document);
        // The document that goes furthest says what is missing.
        let mut best: Option<Vec<&str>> = None;
        for candidate in &documents {
            match unmet(&nodes, candidate) {
                None => {
                    best = None;
                    break;
                }
                Some(way) if best.as_ref().is_none_or(|best| way.len() > best.len()) => best = Some(way),
                Some(_) => {}
            }
        }
        if let Some(way) = best {
            return Some(way.join(" > "));
        }
        if documents.is_empty() && !nodes.is_empty() {
            return Some(String::from("(the file is empty)"));
        }
    }
    None
}

/// The documents of a stream, each with its lines.
fn documents(text: &str) -> Vec<Vec<&str>> {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let split = lines.split(|line| *line == "---").map(<[&str]>::to_vec);
    split.filter(|document| document.iter().any(|line| !line.is_empty())).collect()
}

/// Lines as a tree, by their indentation.
fn tree<'t>(lines: &[&'t str]) -> Vec<Node<'t>> {
    let mut flat: Vec<(usize, &str)> = Vec::new();
    for line in lines.iter().filter(|line| !line.is_empty()) {
        let mut text = line.trim_start();
        let mut indent = line.len() - text.len();
        while let Some(rest) = text.strip_prefix("- ") {
            flat.push((indent, ELEMENT));
            text = rest.trim_start();
            indent += 2;
        }
        flat.push((indent, text));
    }
    let mut rest = flat.as_slice();
    let mut nodes = Vec::new();
    while let Some((node, after)) = node(rest) {
        nodes.push(node);
        rest = after;
    }
    nodes
}

/// The first line with all that stands below it, and what follows.
fn node<'f, 't>(flat: &'f [(usize, &'t str)]) -> Option<(Node<'t>, &'f [(usize, &'t str)])> {
    let ((indent, text), mut rest) = flat.split_first()?;
    let mut below = Vec::new();
    while rest.first().is_some_and(|(other, next)| {
        // A list may stand at the indentation of its key.
        other > indent || (other == indent && *next == ELEMENT && *text != ELEMENT && text.ends_with(':'))
    }) {
        let Some((child, after)) = node(rest) else { break };
        below.push(child);
        rest = after;
    }
    Some((Node { text, below }, rest))
}

/// The way to the first line that is not met.
fn unmet<'t>(wanted: &[Node<'t>], actual: &[Node<'_>]) -> Option<Vec<&'t str>> {
    let mut elements = actual.iter().filter(|node| node.text == ELEMENT);
    for node in wanted {
        let mut furthest: Vec<&str> = Vec::new();
        let mut meets = |candidate: &Node<'_>| match unmet(&node.below, &candidate.below) {
            None => true,
            Some(way) => {
                if way.len() > furthest.len() {
                    furthest = way;
                }
                false
            }
        };
        let met = if node.text == ELEMENT {
            elements.any(&mut meets)
        } else {
            actual.iter().any(|candidate| candidate.text == node.text && meets(candidate))
        };
        if !met {
            if node.text == ELEMENT && furthest.is_empty() {
                // A bare `-` says nothing about which element is meant.
                furthest.extend(node.below.first().map(|first| first.text));
            }
            return Some(std::iter::once(node.text).chain(furthest).collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
kind: Bucket
metadata:
  name: a
---
kind: Postgres
metadata:
  name: orders
spec:
  size: 50
  users:
  - name: a
    access: read
  - name: b
    access: write
";

    #[test]
    fn a_part_is_there_with_its_parents() {
        for wanted in [
            "spec:\n  size: 50\n",
            "kind: Postgres\nspec:\n  users:\n    - name: b\n      access: write\n",
            "spec:\n  users:\n  - access: write\n",
            "kind: Bucket\n---\nkind: Postgres\n",
            "",
        ] {
            assert_eq!(missing(wanted, FILE), None, "{wanted}");
        }
    }

    #[test]
    fn what_is_missing_is_named_with_its_way() {
        for (wanted, way) in [
            ("spec:\n  size: 51\n", "spec: > size: 51"),
            ("size: 50\n", "size: 50"),
            ("kind: Bucket\nspec:\n  size: 50\n", "spec:"),
            ("spec:\n  users:\n  - name: a\n    access: write\n", "spec: > users: > - > access: write"),
            ("spec:\n  users:\n  - name: b\n  - name: a\n", "spec: > users: > - > name: a"),
        ] {
            let found = missing(wanted, FILE);
            assert!(found.as_deref().is_some_and(|found| found.ends_with(way)), "{wanted}: {found:?}");
        }
        assert_eq!(missing("a\n", "").as_deref(), Some("(the file is empty)"));
    }
}
